"""The manager's board: who carries what, what is late, who has been left in silence."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .spoc_stage import OPEN_STATES
from .spoc_ticket import PRIORITIES
from .spoc_ticket_queue import QUEUE_ORDER

#: Days of the trend, today included.
TREND_DAYS = 14
#: Without a public word for so long a requester is left in silence.
SILENCE = timedelta(hours=24)

#: So many tickets can be looked through at once.
REASSIGNED = 200

#: What is counted beside the open tickets, in the order of the columns.
KINDS = ("broken", "today", "silent", "unheard", "waiting")


class SpocBoard(models.AbstractModel):
    """Counts of the desks a manager leads, in a handful of queries however many.

    Read with the manager's own rights; nothing is stored, nothing polls.
    """

    _name = "spoc.board"
    _description = "Manager's board"

    # ---- who and what ------------------------------------------------------

    @api.model
    def _spoc_check(self):
        """Raise unless the user leads.

        :raises AccessError: for anybody but a manager
        """
        if not self.env.user.has_group("spoc_catalog.group_manager"):
            raise AccessError(self.env._("The board is for those who lead a desk."))

    @api.model
    def _spoc_desks(self):
        """The desks the user leads; administrators see every open one."""
        led = Domain("manager_id", "=", self.env.uid)
        if self.env.user.has_group("spoc_catalog.group_administrator"):
            led |= Domain("privacy", "=", "open")
        return self.env["spoc.desk"].search(led)

    @api.model
    def _spoc_kind_domain(self, kind):
        """Which tickets a count is of.

        :param str kind: ``open``, ``unowned``, or one of :data:`KINDS`
        """
        now = fields.Datetime.now()
        open_ones = Domain("state", "in", OPEN_STATES)
        active = Domain("state", "in", ("new", "in_progress"))
        return {
            "open": lambda: open_ones,
            "unowned": lambda: open_ones & Domain("owner_id", "=", False),
            "broken": lambda: open_ones & Domain("broken_since", "!=", False),
            "today": lambda: (
                active
                & Domain("next_due", ">=", now)
                & Domain("next_due", "<", "today +1d")
            ),
            "silent": lambda: active & Domain("silent_since", "<", now - SILENCE),
            "unheard": lambda: open_ones & Domain("unheard_since", "!=", False),
            "waiting": lambda: Domain("state", "=", "waiting"),
        }[kind]()

    # ---- the board ---------------------------------------------------------

    @api.model
    @api.readonly
    def get_board(self, desk_id=False):
        """All that the board shows.

        :param int desk_id: look at this desk only
        :return: dictionary: ``desks`` (``id``, ``name`` of all desks led), ``desk_id``,
            ``rows`` (per desk) and ``agents`` (per agent), each with ``id``, ``name``,
            ``open``, ``priorities`` (code -> count), one count per :data:`KINDS`, and
            ``silent_since`` (ISO or ``False``); desks have ``unowned``, too;
            ``totals``; ``trend`` (list of ``day``, ``received``, ``solved``);
            ``priorities`` (code and label)
        :raises AccessError: for anybody but a manager
        """
        self._spoc_check()
        desks = self._spoc_desks()
        shown = desks.filtered(lambda desk: desk.id == desk_id) or desks
        counts = self._spoc_count(shown)
        labels = dict(
            self.env["spoc.ticket"]._fields["priority"]._description_selection(self.env)
        )
        return {
            "desks": [{"id": desk.id, "name": desk.name} for desk in desks],
            "desk_id": shown.id if len(shown) == 1 and len(desks) > 1 else False,
            "rows": self._spoc_desk_rows(shown, counts),
            "agents": self._spoc_agent_rows(shown, counts),
            "totals": self._spoc_sum(counts),
            "trend": self._spoc_trend(shown),
            "priorities": [
                {"code": code, "label": labels[code]} for code, _label in PRIORITIES
            ],
        }

    @api.model
    def _spoc_count(self, desks):
        """Count the open tickets of desks.

        :return: list of dictionaries with ``desk`` and ``owner`` (ids, the latter
            possibly ``False``) and what was counted for the two
        """
        Ticket = self.env["spoc.ticket"]
        of_desks = Domain("desk_id", "in", desks.ids)
        cells = {}

        def cell(desk, owner):
            return cells.setdefault(
                (desk.id, owner.id),
                {
                    "desk": desk.id,
                    "owner": owner.id,
                    "open": 0,
                    "priorities": {},
                    "silent_since": False,
                    **dict.fromkeys(KINDS, 0),
                },
            )

        for desk, owner, priority, count, since in Ticket._read_group(
            of_desks & self._spoc_kind_domain("open"),
            ["desk_id", "owner_id", "priority"],
            ["__count", "silent_since:min"],
        ):
            one = cell(desk, owner)
            one["open"] += count
            one["priorities"][priority] = count
            one["silent_since"] = min(
                filter(None, [one["silent_since"], since]), default=False
            )
        for kind in KINDS:
            for desk, owner, count in Ticket._read_group(
                of_desks & self._spoc_kind_domain(kind),
                ["desk_id", "owner_id"],
                ["__count"],
            ):
                cell(desk, owner)[kind] = count
        return list(cells.values())

    @api.model
    def _spoc_sum(self, counts):
        """One row out of many cells."""
        since = min(
            (one["silent_since"] for one in counts if one["silent_since"]), default=None
        )
        priorities = {}
        for one in counts:
            for code, count in one["priorities"].items():
                priorities[code] = priorities.get(code, 0) + count
        return {
            "open": sum(one["open"] for one in counts),
            "unowned": sum(one["open"] for one in counts if not one["owner"]),
            "priorities": priorities,
            "silent_since": since.isoformat() if since else False,
            **{kind: sum(one[kind] for one in counts) for kind in KINDS},
        }

    @api.model
    def _spoc_desk_rows(self, desks, counts):
        return [
            {
                "id": desk.id,
                "name": desk.name,
                **self._spoc_sum([one for one in counts if one["desk"] == desk.id]),
            }
            for desk in desks
        ]

    @api.model
    def _spoc_agent_rows(self, desks, counts):
        """A row for each member and owner, the most burdened first."""
        # sudo: names of one's own people; users of other companies may be among them
        users = desks.sudo().member_ids | self.env["res.users"].sudo().browse(
            filter(None, (one["owner"] for one in counts))
        )
        rows = [
            {
                "id": user.id,
                "name": user.name,
                **self._spoc_sum([one for one in counts if one["owner"] == user.id]),
            }
            for user in users
        ]
        return sorted(rows, key=lambda row: (-row["broken"], -row["open"], row["name"]))

    @api.model
    def _spoc_trend(self, desks):
        """What came and what was solved, day by day, in the user's time zone."""
        Ticket = self.env["spoc.ticket"]
        since = f"today -{TREND_DAYS - 1}d"
        of_desks = Domain("desk_id", "in", desks.ids)

        def by_day(name):
            return {
                day.date(): count
                for day, count in Ticket._read_group(
                    of_desks & Domain(name, ">=", since), [f"{name}:day"], ["__count"]
                )
            }

        received, solved = by_day("create_date"), by_day("resolved_at")
        today = fields.Date.context_today(self)
        days = [today - timedelta(days=ago) for ago in reversed(range(TREND_DAYS))]
        return [
            {
                "day": day.isoformat(),
                "received": received.get(day, 0),
                "solved": solved.get(day, 0),
            }
            for day in days
        ]

    # ---- from a number to the tickets behind it ----------------------------

    @api.model
    def action_open(self, kind, desk_id=False, owner_id=False):
        """The list behind a number.

        :param str kind: see :meth:`_spoc_kind_domain`
        :param int desk_id: of this desk only, else of all desks led
        :param int owner_id: of this owner only
        :return: action
        :raises AccessError: for anybody but a manager
        """
        self._spoc_check()
        desks = self._spoc_desks()
        domain = self._spoc_kind_domain(kind) & Domain("is_inner", "=", True)
        domain &= Domain("desk_id", "in", [desk_id] if desk_id else desks.ids)
        owner_name = ""
        if owner_id:
            domain &= Domain("owner_id", "=", owner_id)
            # sudo: the name of who owns a ticket found with the manager's own rights
            ticket = self.env["spoc.ticket"].search(domain, limit=1).sudo()
            owner_name = ticket.owner_id.name
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_action_board"
        )
        names = [self._spoc_kind_name(kind), owner_name]
        if desk_id:
            names.append(desks.filtered(lambda desk: desk.id == desk_id).name)
        return {
            **action,
            "name": ", ".join(filter(None, names)),
            "domain": list(domain),
        }

    @api.model
    def action_reassign(self, owner_id, desk_id=False):
        """Propose new owners for all open tickets of somebody.

        :param int owner_id: whose tickets
        :param int desk_id: of this desk only, else of all desks led
        :return: action
        :raises AccessError: for anybody but a manager
        """
        self._spoc_check()
        desks = self._spoc_desks()
        tickets = self.env["spoc.ticket"].search(
            self._spoc_kind_domain("open")
            & Domain("is_inner", "=", True)
            & Domain("desk_id", "in", [desk_id] if desk_id else desks.ids)
            & Domain("owner_id", "=", owner_id),
            order=QUEUE_ORDER,
            limit=REASSIGNED,
        )
        return tickets.action_reassign_wizard()

    @api.model
    def _spoc_kind_name(self, kind):
        """What a count is called; see :meth:`_spoc_kind_domain`."""
        return {
            "open": self.env._("Open"),
            "unowned": self.env._("Unowned"),
            "broken": self.env._("Broken promises"),
            "today": self.env._("Breaks today"),
            "silent": self.env._("Silent for a day"),
            "unheard": self.env._("Waits for an answer"),
            "waiting": self.env._("Waiting"),
        }[kind]
