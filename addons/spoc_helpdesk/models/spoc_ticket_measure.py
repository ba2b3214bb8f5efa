"""Figures of tickets, stored when they end."""

from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .. import ticket_measure as engine
from .spoc_ticket import KINDS, ORIGINS, PRIORITIES

OUTCOMES = [("closed", "Closed"), ("cancelled", "Cancelled"), ("merged", "Merged")]
PARTIES = [
    (engine.DESK, "Desk"),
    (engine.LINE, "Other line"),
    (engine.REQUESTER, "Requester"),
    (engine.SUPPLIER, "Supplier"),
    (engine.OTHER, "Other wait"),
]
#: Whom a wait is for, by what it waits for.
WAITED = {
    "reply": engine.REQUESTER,
    "requester": engine.REQUESTER,
    "supplier": engine.SUPPLIER,
}
#: States of an assignment in which its line has done what it had to.
DONE = ("answered", "confirmed")
#: The only things that may still happen to a row.
LATER_FIELDS = frozenset({"is_current", "reopened_at"})


def hours(seconds):
    """Seconds as hours."""
    return seconds / 3600.0


class Facts(NamedTuple):
    """What was found of many tickets, by ticket id."""

    owners: dict
    works: dict
    parts: dict
    waits: dict
    words: dict


class SpocTicketMeasure(models.Model):
    """Figures of one end of a ticket: by whom it was solved, and what it took.

    One row per closing, never changed but for the note that the ticket came back;
    a ticket that is closed again gets another row. ``rule_version`` and
    ``reopen_days`` say by what the row was judged (see ``ticket_measure.py``). Hours
    are working hours of the owning desk, but for ``elapsed_hours``.
    """

    _name = "spoc.ticket.measure"
    _description = "Figures of a ticket"
    _order = "ended_at desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="cascade"
    )
    outcome = fields.Selection(OUTCOMES, required=True)
    is_current = fields.Boolean(
        "Counts",
        default=True,
        help="The last end of its ticket, which has not come back since.",
    )
    ended_at = fields.Datetime("Ended on", required=True)
    reopened_at = fields.Datetime("Came Back")
    rule_version = fields.Integer("Rule", required=True)
    reopen_days = fields.Integer(
        "Reopens within", aggregator=None, help="The desk's days of reopening then."
    )

    desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="restrict"
    )
    owner_id = fields.Many2one("res.users", index="btree_not_null")
    service_id = fields.Many2one("spoc.service", index="btree_not_null")
    category_id = fields.Many2one("spoc.category", index="btree_not_null")
    company_id = fields.Many2one("res.company", index=True)
    resolution_code_id = fields.Many2one(
        "spoc.resolution.code", "Ended as", index="btree_not_null"
    )
    kind = fields.Selection(KINDS)
    priority = fields.Selection(PRIORITIES)
    origin = fields.Selection(ORIGINS)

    is_solved = fields.Boolean("Solved")
    is_first_contact = fields.Boolean("Solved at First Contact")
    is_first_line = fields.Boolean("Solved by the Desk Itself")
    first_contact_percent = fields.Float(
        "First contact, %",
        aggregator="avg",
        help="Share of tickets the desk solved in the first interaction.",
    )
    first_line_percent = fields.Float(
        "First line, %",
        aggregator="avg",
        help="Share of tickets solved without anybody outside the desk.",
    )
    agent_count = fields.Integer("Agents", aggregator="avg")
    desk_count = fields.Integer("Desks", aggregator="avg")
    line_count = fields.Integer("Other Lines", aggregator="avg")
    desk_words = fields.Integer("Words of the Desk", aggregator="avg")
    requester_words = fields.Integer("Words of the Requester", aggregator="avg")
    reopen_count = fields.Integer("Reopened", aggregator="sum")

    desk_work_hours = fields.Float("Desk Works, h", aggregator="avg")
    desk_wait_hours = fields.Float("Waits at the Desk, h", aggregator="avg")
    line_work_hours = fields.Float("Lines Work, h", aggregator="avg")
    line_wait_hours = fields.Float("Waits at Lines, h", aggregator="avg")
    requester_wait_hours = fields.Float("Waits for Requester, h", aggregator="avg")
    supplier_wait_hours = fields.Float("Waits for Supplier, h", aggregator="avg")
    other_wait_hours = fields.Float("Other Waits, h", aggregator="avg")
    total_hours = fields.Float("Working Hours in All", aggregator="avg")
    elapsed_hours = fields.Float("Hours Day and Night", aggregator="avg")
    party_ids = fields.One2many("spoc.ticket.measure.party", "measure_id")

    _current_uniq = models.UniqueIndex(
        "(ticket_id) WHERE is_current", "One end of a ticket counts at a time."
    )
    _report_idx = models.Index("(desk_id, ended_at) WHERE is_current")
    _ended_idx = models.Index("(ended_at, id)")

    def write(self, vals):
        self.check_access("write")
        if vals.keys() - LATER_FIELDS:
            raise UserError(self.env._("Figures of a ticket are not rewritten."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Figures of a ticket are not rewritten."))


class SpocTicketMeasureParty(models.Model):
    """The time one party had a ticket: the desk, one line, requester, supplier."""

    _name = "spoc.ticket.measure.party"
    _description = "Time of a party on a ticket"
    _order = "id"

    measure_id = fields.Many2one(
        "spoc.ticket.measure", required=True, index=True, ondelete="cascade"
    )
    ticket_id = fields.Many2one(
        related="measure_id.ticket_id", store=True, precompute=True, index=True
    )
    is_current = fields.Boolean(related="measure_id.is_current")
    ended_at = fields.Datetime(related="measure_id.ended_at", store=True)
    party = fields.Selection(PARTIES, required=True)
    desk_id = fields.Many2one(
        "spoc.desk",
        "Desk or Line",
        index="btree_not_null",
        help="Which desk or line; empty for requester, supplier and other waits.",
    )
    work_hours = fields.Float(
        "Works, h", help="Working hours in which somebody had it in hand."
    )
    wait_hours = fields.Float("Waits, h", help="Working hours in which it lay there.")
    elapsed_hours = fields.Float("Day and Night, h")

    _ended_idx = models.Index("(ended_at, id)")


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    measure_ids = fields.One2many("spoc.ticket.measure", "ticket_id", copy=False)
    rest_spans = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Stretches between a solution and the no that followed.",
    )

    def _spoc_measure(self, outcome):
        """Store the figures of tickets that have just ended.

        :param str outcome: ``closed``, ``cancelled`` or ``merged``
        """
        tickets = self.sudo()  # sudo: figures follow from the work, whoever ends it
        facts = tickets._spoc_measure_facts()
        rows = []
        for _desk, mine in tickets.grouped("desk_id").items():
            working = mine._spoc_measure_hours(facts)
            for ticket in mine:
                case = ticket._spoc_measure_case(outcome, facts)
                figures = engine.measure(case, working)
                rows.append(ticket._spoc_measure_values(case, figures))
        # sudo: figures are nobody's to create by hand
        self.env["spoc.ticket.measure"].sudo().create(rows)

    def _spoc_note_reopening(self):
        """What was measured of the end that is none counts no more."""
        now = fields.Datetime.now()
        # sudo: figures are nobody's to write, a requester may reopen
        current = (
            self.env["spoc.ticket.measure"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("is_current", "=", True)])
        )
        current.write({"is_current": False, "reopened_at": now})
        current.flush_recordset(["is_current"])
        for ticket in self.sudo():  # sudo: the moment of the first end, whoever reopens
            if ticket.resolved_at:
                span = [
                    fields.Datetime.to_string(ticket.resolved_at),
                    fields.Datetime.to_string(now),
                ]
                ticket._spoc_write({"rest_spans": [*(ticket.rest_spans or []), span]})

    # ---- facts -------------------------------------------------------------

    def _spoc_measure_facts(self):
        """Read what happened to all these tickets, each kind of fact once.

        :rtype: Facts
        """
        owners, works = self._spoc_measure_ledger()
        return Facts(
            owners=owners,
            works=works,
            parts=self._spoc_measure_parts(works),
            waits=self._spoc_measure_waits(),
            words=self._spoc_measure_words(),
        )

    def _spoc_measure_ledger(self):
        """Who answered and who worked: two dicts ticket id / assignment id -> spans."""
        owners, works = defaultdict(list), defaultdict(list)
        for row in self.env["spoc.ownership"].search(
            [("ticket_id", "in", self.ids)], order="ticket_id, start, id"
        ):
            if row.role == "accountable":
                span = (row.start, row.end or None, row.desk_id.id, row.user_id.id)
                owners[row.ticket_id.id].append((*span[:3], span[3] or None))
            elif row.assignment_id:
                span = (row.start, row.end or None, row.user_id.id or None)
                works[row.assignment_id.id].append(span)
        return owners, works

    def _spoc_measure_parts(self, works):
        """Parts at other lines: ticket id -> list of ``Part``.

        A line has its part until it answers, or until the part ends unanswered.
        """
        parts = defaultdict(list)
        for part in self.env["spoc.assignment"].search(
            [("ticket_id", "in", self.ids)], order="id"
        ):
            mine = tuple(works.get(part.id, ()))
            end = part.ended_at or None
            if mine and part.state in DONE:
                end = mine[-1][1] or end
            parts[part.ticket_id.id].append(
                engine.Part(part.desk_id.id, part.created_at, end, mine)
            )
        return parts

    def _spoc_measure_waits(self):
        """Stretches in which the desk could not move: ticket id -> list of spans."""
        waits = defaultdict(list)
        if "spoc.wait" not in self.env:
            return waits
        for wait in self.env["spoc.wait"].search(
            [("ticket_id", "in", self.ids)], order="ticket_id, start, id"
        ):
            party = WAITED.get(wait.waits_for, engine.OTHER)
            span = (wait.start, wait.end or None, party)
            waits[wait.ticket_id.id].append(span)
        return waits

    def _spoc_measure_words(self):
        """Public words of people until the solution.

        What made a ticket is not among them, nor what the suite itself told.

        :return: ticket id -> list of ``(partner id, number)``
        """
        self.flush_recordset(["mail_ref", "resolved_at", "closed_at"])
        self.env["mail.message"].flush_model()
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        # SQL: counted in the database; the ORM has no join of threads and records
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ticket.id, message.author_id, count(*)
                  FROM spoc_ticket ticket
                  JOIN mail_message message
                    ON message.model = 'spoc.ticket' AND message.res_id = ticket.id
                 WHERE ticket.id = ANY(%s)
                   AND message.message_type IN ('comment', 'email')
                   AND message.subtype_id = %s
                   AND message.is_internal IS NOT TRUE
                   AND message.message_id IS DISTINCT FROM ticket.mail_ref
                   AND message.date <= COALESCE(ticket.resolved_at, ticket.closed_at)
                 GROUP BY ticket.id, message.author_id
                """,
                list(self.ids),
                comment,
            )
        )
        words = defaultdict(list)
        for ticket_id, author_id, number in rows:
            words[ticket_id].append((author_id, number))
        return words

    def _spoc_measure_hours(self, facts):
        """Working time of the one desk of these tickets, as far as they need it.

        :rtype: engine.Hours
        """
        starts = [span[0] for one in self for span in facts.owners.get(one.id, ())[:1]]
        ends = [one.closed_at for one in self]
        if not starts:
            return engine.Hours([])
        return engine.Hours(self.desk_id._spoc_intervals(min(starts), max(ends)))

    # ---- one ticket --------------------------------------------------------

    def _spoc_measure_case(self, outcome, facts):
        """What the engine has to know of this ticket.

        A ticket that closes has been solved before: what it took ends there, the
        silence after it is the requester's own.

        :rtype: engine.Case
        """
        self.ensure_one()
        mine, theirs, speakers = self._spoc_measure_speech(facts.words.get(self.id, ()))
        to_moment = fields.Datetime.to_datetime
        return engine.Case(
            outcome=outcome,
            end=(outcome == "closed" and self.resolved_at) or self.closed_at,
            owners=tuple(facts.owners.get(self.id, ())),
            solves=not self.resolution_code_id or self.resolution_code_id.solves,
            parts=tuple(facts.parts.get(self.id, ())),
            waits=tuple(facts.waits.get(self.id, ())),
            rests=tuple(
                (to_moment(start), to_moment(end))
                for start, end in self.rest_spans or ()
            ),
            desk_words=mine,
            requester_words=theirs,
            speakers=speakers,
            reopened=self.reopen_count,
            is_follow_up=bool(self.follow_up_of_id),
        )

    def _spoc_measure_speech(self, words):
        """Sort public words by side.

        :param words: pairs ``(partner id, number)``
        :return: ``(number of the desk's, of the others', ids of the desk's users)``
        """
        desk = self.desk_id
        outside = (self.requester_id | self.watcher_ids) - desk.member_ids.partner_id
        outside |= self.requester_id
        mine = theirs = 0
        speakers = set()
        for author_id, number in words:
            if author_id in outside._ids:
                theirs += number
            elif author_id and author_id != desk.partner_id.id:
                mine += number
                author = self.env["res.partner"].browse(author_id)
                speakers.update(author.user_ids._ids[:1])
        return mine, theirs, frozenset(speakers)

    def _spoc_measure_values(self, case, figures):
        """Values of the row of this ticket."""
        self.ensure_one()
        by_kind = {kind: engine.Time() for kind, _label in PARTIES}
        for (kind, _desk), time in figures.parties.items():
            by_kind[kind].work += time.work
            by_kind[kind].wait += time.wait
        desk, line = by_kind[engine.DESK], figures.line_time
        return {
            **self._spoc_measure_labels(case),
            "is_solved": figures.is_solved,
            "is_first_contact": figures.is_first_contact,
            "is_first_line": figures.is_first_line,
            "first_contact_percent": 100.0 * figures.is_first_contact,
            "first_line_percent": 100.0 * figures.is_first_line,
            "agent_count": figures.agents,
            "desk_count": figures.desks,
            "line_count": figures.lines,
            "desk_work_hours": hours(desk.work),
            "desk_wait_hours": hours(desk.wait),
            "line_work_hours": hours(line.work),
            "line_wait_hours": hours(line.wait),
            "requester_wait_hours": hours(by_kind[engine.REQUESTER].wait),
            "supplier_wait_hours": hours(by_kind[engine.SUPPLIER].wait),
            "other_wait_hours": hours(by_kind[engine.OTHER].wait),
            "total_hours": hours(figures.total.work + figures.total.wait),
            "elapsed_hours": hours(figures.total.elapsed),
            "party_ids": [
                Command.create(
                    {
                        "party": kind,
                        "desk_id": desk_id,
                        "work_hours": hours(time.work),
                        "wait_hours": hours(time.wait),
                        "elapsed_hours": hours(time.elapsed),
                    }
                )
                for (kind, desk_id), time in figures.parties.items()
            ],
        }

    def _spoc_measure_labels(self, case):
        """What the figures are told apart by."""
        return {
            "ticket_id": self.id,
            "outcome": case.outcome,
            "ended_at": self.closed_at,
            "rule_version": engine.VERSION,
            "reopen_days": self.desk_id.reopen_days,
            "desk_id": self.desk_id.id,
            "owner_id": self.owner_id.id,
            "service_id": self.service_id.id,
            "category_id": self.category_id.id,
            "company_id": self.company_id.id,
            "resolution_code_id": self.resolution_code_id.id,
            "kind": self.kind,
            "priority": self.priority,
            "origin": self.origin,
            "desk_words": case.desk_words,
            "requester_words": case.requester_words,
            "reopen_count": case.reopened,
        }
