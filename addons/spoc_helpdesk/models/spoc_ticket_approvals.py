"""Approvals of a ticket: asked in order, waited for, carried out."""

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.spoc_catalog.approval_rules import number

from ..approval_votes import AGREED, OPEN, outcome, to_plan


class Asked:
    """What a request was made with: the form's clean answers, and the form.

    Put into the context by the engine while tickets are made, since answers with files
    are kept only once their ticket is there. No context sent from outside can hold one.

    :ivar dict answers: question id -> clean value
    :ivar dict form: compiled form
    """

    def __init__(self, answers, form):
        self.answers = answers
        self.form = form


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    approval_ids = fields.One2many(
        "spoc.approval", "ticket_id", string="Approvals", copy=False
    )
    approval_state = fields.Selection(
        [
            ("asked", "Waits for approval"),
            ("approved", "Approved"),
            ("rejected", "Not approved"),
            ("off", "Approval not needed any more"),
        ],
        string="Approval",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    approval_turn = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Counts what happened to the approvals: two people who decide at the same "
        "moment meet here, and the second one looks again.",
    )
    approval_words = fields.Char(
        "Asked now", compute="_compute_approval_words", compute_sudo=True
    )

    @api.depends("approval_ids.state", "approval_ids.approver_id")
    def _compute_approval_words(self):
        for ticket in self:
            asked = ticket.approval_ids.filtered(lambda a: a.state == "asked")
            ticket.approval_words = ", ".join(asked.approver_id.mapped("name"))

    # ---- who is who --------------------------------------------------------

    def _spoc_interested(self):
        """Partners who do not decide about this request: it is their own."""
        self.ensure_one()
        return self._spoc_concerned()

    def _spoc_renamers(self):
        """Users who may name somebody else to decide, called as superuser."""
        self.ensure_one()
        users = self._spoc_manager() or self.desk_id.member_ids
        own = self._spoc_interested()
        return users.filtered(lambda user: user.partner_id not in own)

    # ---- beginning ---------------------------------------------------------

    def _spoc_begin_approvals(self):
        """Ask for the approvals that the services of new tickets need.

        The tickets wait meanwhile. Where no service has a rule, nothing is read.
        """
        tickets = self.sudo()  # sudo: rules and people, whoever asks
        ruled = tickets.filtered(lambda ticket: ticket.service_id.approval_rule_id)
        if not ruled:
            return
        vals_list = []
        for (service, asker), many in ruled.grouped(
            lambda ticket: (ticket.service_id, ticket.requester_id)
        ).items():
            vals_list += many._spoc_plan_approvals(service, asker)
        approvals = self.env["spoc.approval"]._spoc_make(vals_list)
        if not approvals:
            return
        ruled.invalidate_recordset(["approval_ids"])
        approvals.ticket_id._spoc_next_step()

    def _spoc_plan_approvals(self, service, asker):
        """Values of the approvals of tickets of one service, made by one person."""
        rule = service.approval_rule_id.with_company(self.company_id[:1])
        rule = rule.with_context(spoc_plan=True)
        terms = rule._spoc_terms()
        compiled = {step["id"]: step for step in rule._spoc_compile()["steps"]}
        vals_list, found = [], self._spoc_resolve_approvals(rule, service, asker)
        for ticket in self:
            answers, steps = found[ticket.id]
            cost = ticket._spoc_cost(compiled, answers)
            plan = to_plan(steps)
            last = max(ticket.approval_ids.mapped("round"), default=0)
            for position, step in enumerate(plan, 1):
                common = {
                    "ticket_id": ticket.id,
                    "service_id": service.id,
                    "round": last + 1,
                    "step": position,
                    "step_count": len(plan),
                    "kind": step["kind"],
                    "need": step["need"],
                    "note": step["note"],
                    "state": step["state"],
                    **cost,
                    "terms": {**terms, **self._spoc_questions(compiled[step["id"]])},
                }
                if step["state"] == "approved":
                    common["decided_at"] = fields.Datetime.now()
                vals_list += [
                    {**common, "approver_id": user}
                    for user in (step["users"] or [False])
                ]
        return vals_list

    def _spoc_resolve_approvals(self, rule, service, asker):
        """Who has to agree to each of the tickets, by the rule and what was answered.

        :return: dict ticket id -> ``(clean answers, list of approval_rules.Step)``
        """
        asked = self.env.context.get("spoc_asked")
        people = {ticket.id: ticket.requested_for_id or asker for ticket in self}
        if isinstance(asked, Asked):
            everybody = self.requested_for_id | asker
            plans = rule._spoc_plans(
                everybody, service, asked.answers, asked.form, asker
            )
            return {
                ticket.id: (asked.answers, plans[people[ticket.id].id])
                for ticket in self
            }
        found = {}
        for ticket in self:
            person, answers = people[ticket.id], ticket._spoc_given_answers()
            plans = rule._spoc_plans(person, service, answers, asker=asker)
            found[ticket.id] = (answers, plans[person.id])
        return found

    def _spoc_given_answers(self):
        """What was answered: question id -> clean value."""
        self.ensure_one()
        return {
            answer.question_id.id: answer.value_json
            for answer in self.answer_ids
            if answer.question_id
        }

    @api.model
    def _spoc_questions(self, step):
        """The questions whose answers a step depends on.

        :param dict step: compiled step, see ``approval_rules``
        """
        found = {step.get("question"), step.get("amount_question")}
        for leaves in (step.get("cond") or {}).values():
            found |= {leaf.get("question") for leaf in leaves}
        return {"questions": sorted(found - {None, False})}

    def _spoc_cost(self, compiled, answers):
        """What the request costs: the amount answered, else the service's price.

        :return: dictionary of values of the approvals
        """
        self.ensure_one()
        service, rule = self.service_id, self.service_id.approval_rule_id
        for step in compiled.values():
            amount = number(answers.get(step.get("amount_question")))
            if amount:
                return {"amount": amount, "currency_id": rule.currency_id.id}
        return {"amount": service._spoc_price(), "currency_id": service.currency_id.id}

    # ---- step by step ------------------------------------------------------

    def _spoc_fence_approvals(self):
        """Let one at a time decide on these tickets, each on what the last one left.

        Who comes second waits; when the first one has changed something, PostgreSQL
        refuses the second one, and Odoo does it again from the start.
        """
        self.env.flush_all()
        for ticket_id in sorted(self._ids):
            # SQL: an update that both locks and shows that what was read is old; a
            # lock alone would let the second one count votes without the first.
            self.env.cr.execute(
                SQL(
                    "UPDATE spoc_ticket"
                    " SET approval_turn = COALESCE(approval_turn, 0) + 1 WHERE id = %s",
                    ticket_id,
                )
            )
        self.invalidate_recordset(["approval_turn", "approval_state", "state"])
        # sudo: the rows as the superuser holds them are out of date, too
        self.sudo().approval_ids.invalidate_recordset()
        self.invalidate_recordset(["approval_ids"])

    def _spoc_round_rows(self):
        """Approvals of the current round, called as superuser."""
        self.ensure_one()
        last = max(self.approval_ids.mapped("round"), default=0)
        return self.approval_ids.filtered(lambda row: row.round == last)

    def _spoc_next_step(self):
        """Ask the next step of each ticket; go on where all have agreed."""
        # sudo: who decides next follows from the rule, whoever decided last
        tickets = self.sudo()
        # sudo: the approvals are asked past the rights of who decided
        asking, done = self.env["spoc.approval"].sudo(), tickets.browse()
        for ticket in tickets:
            rows = ticket._spoc_find_next()
            asking |= rows
            if not rows:
                done |= ticket
        waiting = asking.ticket_id
        fresh = waiting.filtered(lambda ticket: ticket.approval_state != "asked")
        fresh._spoc_write({"approval_state": "asked"})
        fresh._spoc_wait_for_approval()
        asking._spoc_ask()
        done._spoc_all_agreed()

    def _spoc_find_next(self):
        """The rows to ask next; who agreed in an earlier step has agreed."""
        self.ensure_one()
        rows = self._spoc_round_rows()
        said_yes = self.approval_ids.filtered(
            lambda row: row.state == "approved" and row.asked_at
        ).approver_id
        for _step, coming in sorted(
            rows.filtered(lambda row: row.state == "coming").grouped("step").items()
        ):
            if coming[0].note == "asked" and coming.approver_id <= said_yes:
                coming._spoc_write(
                    {"state": "approved", "decided_at": fields.Datetime.now()}
                )
                continue
            coming.filtered(lambda row: row.note == "asked")._spoc_write(
                {"note": False}
            )
            return coming
        return rows.browse()

    def _spoc_count_votes(self):
        """What the words said so far come to, for each ticket."""
        agreed = self.browse()
        for ticket in self.sudo():  # sudo: votes of others count, whoever decided last
            rows = ticket._spoc_round_rows()
            step = max(rows.filtered("asked_at").mapped("step"), default=0)
            mine = rows.filtered(lambda row, step=step: row.step == step)
            found = outcome(mine.mapped("state"), mine[:1].need)
            if found == OPEN:
                continue
            mine.filtered(lambda row: row.state == "asked")._spoc_spare("enough")
            if found == AGREED:
                agreed |= ticket
            else:
                ticket._spoc_all_over()
        if agreed:
            agreed._spoc_next_step()

    def _spoc_all_agreed(self):
        """All have agreed: the work goes on."""
        waited = self.filtered(lambda ticket: ticket.approval_state == "asked")
        agreed = self.filtered(
            lambda ticket: "approved" in ticket._spoc_round_rows().mapped("state")
        )
        (waited | agreed)._spoc_write({"approval_state": "approved"})
        if waited:
            waited._spoc_go_on_approved()
            waited._spoc_tell("spoc_helpdesk.mail_template_approved", moment=False)
            waited._spoc_call_owner()

    def _spoc_all_over(self):
        """Somebody has said no, and that decides."""
        self.ensure_one()
        rows = self._spoc_round_rows()
        rows.filtered(lambda row: row.state in ("coming", "asked"))._spoc_spare("ended")
        self._spoc_write({"approval_state": "rejected"})
        self._spoc_cancel()
