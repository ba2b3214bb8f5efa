"""Assignments: a piece of the work at another line; the owner stays."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from .spoc_stage import OPEN_STATES
from .spoc_ticket import ENGINE

OPEN = ("offered", "accepted", "answered")
ENDED = ("confirmed", "returned", "cancelled")

#: What the other line must not see through its assignment.
INNER_FIELDS = frozenset({"ticket_id"})
ENGINE_FIELDS = frozenset(
    {"state", "is_open", "created_at", "ended_at", "number", "ownership_ids"}
)
#: Who writes what: the owner's desk asks, the other line answers.
ASKING_FIELDS = frozenset({"name", "brief", "due"})
ANSWERING_FIELDS = frozenset({"user_id", "answer", "return_reason"})


class SpocAssignment(models.Model):
    """Functional escalation: another line does a part of a ticket's work.

    It sees the brief, never the ticket; it answers the owner, never the requester.
    Confirmed, returned or cancelled, an assignment is ended.
    """

    _name = "spoc.assignment"
    _description = "Assignment to another line"
    _inherit = ["spoc.inner.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "name"]

    ticket_id = fields.Many2one(
        "spoc.ticket",
        "Owning Ticket",
        required=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Char(
        related="ticket_id.number", string="Ticket Number", store=True, precompute=True
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        "Line",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The other line, department or supplier that does the work.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Worker",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
    )
    name = fields.Char("Task", required=True)
    brief = fields.Html(
        sanitize_style=True,
        help="All that the other line learns of the ticket.",
    )
    state = fields.Selection(
        [
            ("offered", "Offered"),
            ("accepted", "Accepted"),
            ("answered", "Answered"),
            ("confirmed", "Confirmed"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        default="offered",
        required=True,
        index=True,
        tracking=True,
    )
    is_open = fields.Boolean(
        compute="_compute_is_open", store=True, precompute=True, index=True
    )
    answer = fields.Html(copy=False, sanitize_style=True)
    return_reason = fields.Text(copy=False)
    created_at = fields.Datetime(
        "Offered at", readonly=True, copy=False, default=fields.Datetime.now
    )
    ended_at = fields.Datetime(readonly=True, copy=False)
    due = fields.Datetime()
    ownership_ids = fields.One2many("spoc.ownership", "assignment_id")
    is_line = fields.Boolean(
        "On the Working Side", compute="_compute_sides", export_string_translation=False
    )
    is_owner_desk = fields.Boolean(
        "On the Asking Side", compute="_compute_sides", export_string_translation=False
    )

    owner_ticket_id = fields.Many2one(
        "spoc.ticket",
        "Ticket",
        compute="_compute_owner_ticket_id",
        help="The ticket, for those who work on it.",
    )

    @api.depends("ticket_id", "is_inner")
    @api.depends_context("uid")
    def _compute_owner_ticket_id(self):
        for assignment in self:
            # sudo: shown to the inner side only
            ticket = assignment.sudo().ticket_id
            assignment.owner_ticket_id = ticket if assignment.is_inner else False

    @api.depends("state")
    def _compute_is_open(self):
        for assignment in self:
            assignment.is_open = assignment.state in OPEN

    @api.depends("desk_id.member_ids", "ticket_id.desk_id.member_ids")
    @api.depends_context("uid")
    def _compute_sides(self):
        for assignment in self:
            assignment.is_line = assignment._spoc_is_line()
            assignment.is_owner_desk = assignment._spoc_is_owner_side()

    @api.depends("number", "name")
    def _compute_display_name(self):
        for assignment in self:
            assignment.display_name = " ".join(
                filter(None, [assignment.number, assignment.name])
            )

    # ---- sides -------------------------------------------------------------

    @api.model
    def _spoc_is_outer_field(self, name):
        return name not in INNER_FIELDS

    @api.model
    def _spoc_inner_domain(self):
        user = self.env.user
        if not user.has_group("spoc_catalog.group_agent"):
            return Domain.FALSE
        domain = Domain("ticket_id.desk_id.member_ids", "in", user.ids)
        domain |= Domain("ticket_id.desk_id.manager_id", "in", user.ids)
        if user.has_group("spoc_catalog.group_administrator"):
            domain |= Domain("ticket_id.desk_id.privacy", "=", "open")
        return domain

    @api.model
    def _spoc_inner_depends(self):
        return [
            "ticket_id.desk_id.member_ids",
            "ticket_id.desk_id.manager_id",
            "ticket_id.desk_id.privacy",
        ]

    def _spoc_is_line(self):
        self.ensure_one()
        desk = self.sudo().desk_id  # sudo: membership decides, whoever asks
        return self.env.user in desk.member_ids | desk.manager_id

    def _spoc_is_owner_side(self):
        self.ensure_one()
        ticket = self.sudo().ticket_id  # sudo: as above; the line cannot read it
        return bool(ticket) and self.env.user in ticket._spoc_desk_users()

    def _spoc_begin(self, states, line):
        """Check side and state.

        :param tuple states: states in which it can be done
        :param bool line: done by the other line, else by the owner's desk
        :raises AccessError: for the wrong side
        :raises UserError: in another state
        """
        self.check_access("write")
        for assignment in self:
            right = (
                assignment._spoc_is_line() if line else assignment._spoc_is_owner_side()
            )
            if not right and not self.env.user._is_superuser():
                raise AccessError(
                    self.env._("Only the other line does this.")
                    if line
                    else self.env._("Only the desk that owns the ticket does this.")
                )
            if assignment.state not in states:
                raise UserError(
                    self.env._(
                        "“%s” is in another state: this cannot be done now.",
                        assignment.name,
                    )
                )

    # ---- create and write --------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            refused = (ENGINE_FIELDS | {"answer", "return_reason"}) & vals.keys()
            if any(vals[name] not in (False, "offered", None, []) for name in refused):
                raise AccessError(self.env._("An assignment begins by being offered."))
        assignments = super().create(vals_list)
        for assignment in assignments:
            assignment._spoc_check_offer()
        assignments._spoc_tell_line()
        return assignments

    def _spoc_check_offer(self):
        """Refuse an offer by anybody but the owning desk, or on an ended ticket."""
        self.ensure_one()
        ticket = self.sudo().ticket_id  # sudo: its desk and state decide
        if not self._spoc_is_owner_side() and not self.env.su:
            raise AccessError(
                self.env._("Only the desk that owns the ticket gives work to others.")
            )
        if ticket.state not in OPEN_STATES:
            raise UserError(self.env._("%s is not open.", ticket.number))

    @api.constrains("desk_id", "ticket_id", "user_id")
    def _check_line(self):
        for assignment in self:
            if assignment.desk_id == assignment.ticket_id.desk_id:
                raise ValidationError(
                    self.env._("The desk that owns a ticket is no other line.")
                )
            worker = assignment.user_id
            if (
                assignment.is_open
                and worker
                and (worker not in assignment.desk_id.member_ids)
            ):
                raise ValidationError(
                    self.env._(
                        "%(user)s is not at %(desk)s.",
                        user=worker.name,
                        desk=assignment.desk_id.name,
                    )
                )

    def _spoc_write(self, vals):
        """Write what follows from the work."""
        # sudo: the rules were applied by the caller
        return self.sudo().with_context(spoc_engine=ENGINE).write(vals)

    def write(self, vals):
        if self.env.context.get("spoc_engine") is ENGINE:
            return super().write(vals)
        engine = (ENGINE_FIELDS | {"ticket_id", "desk_id"}) & vals.keys()
        if engine:
            raise AccessError(
                self.env._("The state of an assignment follows from the work on it.")
            )
        if ASKING_FIELDS & vals.keys():
            self._spoc_begin(OPEN, line=False)
        if ANSWERING_FIELDS & vals.keys():
            self._spoc_begin(OPEN, line=True)
        moved = self.browse()
        if "user_id" in vals:
            moved = self.filtered(
                lambda a: a.state == "accepted" and a.user_id.id != vals["user_id"]
            )
        result = super().write(vals)
        moved._spoc_stop_working()
        moved._spoc_start_working()
        return result

    def copy_data(self, default=None):
        raise UserError(self.env._("Give the work again from the ticket."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Assignments are never deleted. Cancel it."))

    # ---- the other line ----------------------------------------------------

    def action_accept(self):
        """The line takes it; whoever accepts works on it."""
        self._spoc_begin(("offered",), line=True)
        # sudo: a lock on the rows shows nothing
        self.sudo().lock_for_update(allow_referencing=True)
        for assignment in self:
            worker = assignment.user_id or self.env.user
            # sudo: who the line is
            if worker not in assignment.sudo().desk_id.member_ids:
                raise UserError(self.env._("A member of the line has to accept it."))
            assignment._spoc_write({"state": "accepted", "user_id": worker.id})
        self._spoc_drop_activities()
        self._spoc_start_working()
        return True

    def action_answer(self):
        """The line gives its answer to the owner.

        :raises UserError: without an answer
        """
        self._spoc_begin(("offered", "accepted"), line=True)
        for assignment in self:
            if is_html_empty(assignment.answer):
                raise UserError(self.env._("Write the answer first."))
        self.filtered(lambda a: a.state == "offered").action_accept()
        self._spoc_write({"state": "answered"})
        self._spoc_stop_working()
        self._spoc_tell_owner(self.env._("Answered by the other line"))
        return True

    def action_return(self):
        """The line gives the work back, and says why.

        :return: True, or the wizard that asks for the reason
        """
        self._spoc_begin(("offered", "accepted"), line=True)
        if len(self) == 1 and not (self.return_reason or "").strip():
            # sudo: the definition of the wizard's window
            action = (
                self.env["ir.actions.act_window"]
                .sudo()
                ._for_xml_id("spoc_helpdesk.spoc_assignment_return_action")
            )
            return {**action, "context": {"default_assignment_id": self.id}}
        for assignment in self:
            if not (assignment.return_reason or "").strip():
                raise UserError(self.env._("Say why you return it."))
        self._spoc_end("returned")
        self._spoc_tell_owner(self.env._("Returned by the other line"))
        return True

    # ---- the owner's desk --------------------------------------------------

    def action_confirm(self):
        """The owner's desk takes the answer."""
        self._spoc_begin(("answered",), line=False)
        self._spoc_end("confirmed")
        return True

    def action_send_back(self):
        """The answer is not enough: the line goes on."""
        self._spoc_begin(("answered",), line=False)
        self._spoc_write({"state": "accepted"})
        self._spoc_start_working()
        self._spoc_tell_line(
            lambda env, assignment: env._("Sent back: %s", assignment.name)
        )
        return True

    def action_cancel(self):
        """The owner's desk needs it no more."""
        self._spoc_begin(OPEN, line=False)
        self._spoc_end("cancelled")
        return True

    def _spoc_end(self, state):
        self._spoc_write({"state": state, "ended_at": fields.Datetime.now()})
        self._spoc_drop_activities()
        self._spoc_stop_working()

    # ---- ledger ------------------------------------------------------------

    def _spoc_start_working(self):
        """Who works on it, from now on."""
        now = fields.Datetime.now()
        # sudo: the ledger has no other author than the work itself
        self.env["spoc.ownership"].sudo().create(
            [
                {
                    "ticket_id": assignment.ticket_id.id,
                    "role": "working",
                    "desk_id": assignment.desk_id.id,
                    "user_id": assignment.user_id.id,
                    "assignment_id": assignment.id,
                    "start": now,
                }
                for assignment in self.sudo()
            ]
        )

    def _spoc_stop_working(self):
        """Nobody works on it any more, from now on."""
        # sudo: see _spoc_start_working
        running = (
            self.env["spoc.ownership"]
            .sudo()
            .search(
                [
                    ("assignment_id", "in", self.ids),
                    ("role", "=", "working"),
                    ("end", "=", False),
                ]
            )
        )
        if running:
            running.write(
                {"end": max([fields.Datetime.now(), *running.mapped("start")])}
            )

    # ---- telling each other ------------------------------------------------

    def _spoc_tell_line(self, get_summary=None):
        """Put work before the worker named, or the line's manager."""
        self._spoc_activities(
            lambda assignment: assignment.user_id or assignment.desk_id.manager_id,
            get_summary
            or (lambda env, assignment: env._("New work: %s", assignment.name)),
        )

    def _spoc_tell_owner(self, words):
        """Put what came back before the owner of the ticket."""
        for assignment in self.sudo():  # sudo: the line cannot read the ticket
            owner = (
                assignment.ticket_id.owner_id or assignment.ticket_id.desk_id.manager_id
            )
            if owner:
                assignment._message_log(body=words, partner_ids=owner.partner_id.ids)
        self._spoc_activities(
            lambda a: a.ticket_id.owner_id or a.ticket_id.desk_id.manager_id,
            lambda env, assignment: f"{assignment.name}: {words}",
        )

    def _spoc_drop_activities(self):
        """What was asked of somebody here is done with, whoever did it."""
        # sudo: the suite's own reminders
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("automated", "=", True),
            ]
        ).unlink()

    def _spoc_activities(self, get_user, get_summary):
        """Put the assignments before somebody, in place of the last one asked."""
        self._spoc_drop_activities()
        todo = self.env.ref("mail.mail_activity_data_todo")
        # sudo: definition of the model
        model_id = self.env["ir.model"].sudo()._get_id(self._name)
        values = []
        for assignment in self.sudo():  # sudo: see _spoc_tell_owner
            user = get_user(assignment)
            if not user or user == self.env.user:
                continue
            lang_env = self.with_context(lang=user.lang or self.env.lang).env
            values.append(
                {
                    "activity_type_id": todo.id,
                    "res_model_id": model_id,
                    "res_id": assignment.id,
                    "user_id": user.id,
                    "date_deadline": fields.Date.context_today(self),
                    "summary": get_summary(lang_env, assignment),
                    "automated": True,
                }
            )
        # sudo: the suite tells; no mail goes out for it
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(values)
