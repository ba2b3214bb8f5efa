"""Assignments: a piece of the work at another line; the owner stays."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .spoc_stage import OPEN_STATES
from .spoc_ticket import ENGINE

OPEN = ("offered", "accepted", "answered")
ENDED = ("confirmed", "returned", "cancelled")

ENGINE_FIELDS = frozenset(
    {"state", "is_open", "created_at", "ended_at", "number", "ownership_ids"}
)
#: Who writes what: the owner's desk asks, the other line answers.
ASKING_FIELDS = frozenset({"name", "brief", "due"})
ANSWERING_FIELDS = frozenset({"user_id", "answer", "return_reason", "is_released"})


class SpocAssignment(models.Model):
    """Functional escalation: another line does a part of a ticket's work.

    It sees the brief, never the ticket; it answers the owner, never the requester.
    Confirmed, returned or cancelled, an assignment is ended. A part given to a
    confidential desk is read there only; the owner's desk sees its ``spoc.part``.
    """

    _name = "spoc.assignment"
    _description = "Assignment to another line"
    _inherit = ["spoc.behind.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "name"]

    desk_id = fields.Many2one(
        "spoc.desk",
        "Line",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The other line, department or supplier that does the work.",
    )
    line_id = fields.Many2one(related="desk_id.line_id")
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
    is_confidential = fields.Boolean("Confidential", compute="_compute_is_confidential")
    is_released = fields.Boolean(
        "Released",
        copy=False,
        help="The desk that asked may read the answer of this confidential part.",
    )
    ownership_ids = fields.One2many("spoc.ownership", "assignment_id")
    is_line = fields.Boolean(
        "On the Working Side", compute="_compute_sides", export_string_translation=False
    )
    is_owner_desk = fields.Boolean(
        "On the Asking Side", compute="_compute_sides", export_string_translation=False
    )

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

    @api.depends("desk_id.privacy")
    def _compute_is_confidential(self):
        for assignment in self:
            # sudo: desks of any company
            desk = assignment.sudo().desk_id
            assignment.is_confidential = desk.privacy == "confidential"

    @api.depends("number", "name", "desk_id.privacy", "desk_id.member_ids")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for assignment in self:
            # Links to it are shown to people who may not read it.
            hidden = assignment.is_confidential and not assignment._spoc_is_line()
            # sudo: names of desks are public
            name = assignment.sudo().desk_id.name if hidden else assignment.name
            assignment.display_name = " ".join(filter(None, [assignment.number, name]))

    # ---- sides -------------------------------------------------------------

    def _spoc_is_line(self):
        self.ensure_one()
        desk = self.sudo().desk_id  # sudo: membership decides, whoever asks
        users = (desk.member_ids | desk.manager_id) - self._spoc_barred()
        return self.env.user in users

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
        self.check_access("create")
        if not self.env.su:
            self._spoc_judge_offers(vals_list)
        # sudo: judged; whoever asks a confidential desk does not read its part
        assignments = super(SpocAssignment, self.sudo()).create(vals_list)
        assignments = assignments.with_env(self.env)
        assignments._spoc_check_open()
        assignments._spoc_offered()
        return assignments

    @api.model
    def _spoc_judge_offers(self, vals_list):
        """Refuse offers by anybody but the owning desk, and all but the offer itself.

        :raises AccessError: for anybody else, or a value that follows from the work
        """
        # sudo: membership decides
        tickets = self.env["spoc.ticket"].sudo()
        for vals in vals_list:
            refused = (ENGINE_FIELDS | ANSWERING_FIELDS - {"user_id"}) & vals.keys()
            if any(vals[name] not in (False, "offered", None, []) for name in refused):
                raise AccessError(self.env._("An assignment begins by being offered."))
            lists = [
                name
                for name in vals
                if name in self._fields and self._fields[name].type.endswith("2many")
            ]
            if any(vals[name] for name in lists):
                raise AccessError(self.env._("An assignment begins by being offered."))
            ticket = tickets.browse(vals.get("ticket_id") or [])
            if ticket and self.env.user not in ticket._spoc_desk_users():
                raise AccessError(
                    self.env._(
                        "Only the desk that owns the ticket gives work to others."
                    )
                )

    def _spoc_check_open(self):
        """Refuse work on an ended ticket."""
        for ticket in self.sudo().ticket_id:  # sudo: its state decides
            if ticket.state not in OPEN_STATES:
                raise UserError(self.env._("%s is not open.", ticket.number))

    def _spoc_offered(self):
        """Write the act down, and put the work before the other lines."""
        # sudo: whoever made confidential work does not hear of it
        self.sudo().filtered("is_confidential").message_unsubscribe(
            self.env.user.partner_id.ids
        )
        self._spoc_record_act("assign")
        self._spoc_tell_line()

    def _spoc_record_act(self, kind, get_reason=None):
        """Write down that work was given to another line, or returned by it.

        :param get_reason: called with an assignment, returns why
        """

        def get_values(part):
            # Who works on a confidential part is that desk's own matter.
            worker = part.user_id if not part.is_confidential else part.user_id.browse()
            reason = get_reason(part) if get_reason else False
            return {
                "from_user_id": part.ticket_id.owner_id.id,
                "to_user_id": worker.id,
                "to_desk_id": part.desk_id.id,
                "to_line_id": part.desk_id.line_id.id,
                "assignment_id": part.id,
                "reason": (reason or "").strip() or False,
            }

        self.env["spoc.act"]._spoc_record(kind, self, get_values)

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
                and (
                    worker
                    not in assignment.desk_id.member_ids - assignment._spoc_barred()
                )
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
        moved.filtered("user_id")._spoc_start_working()
        return result

    def copy_data(self, default=None):
        raise UserError(self.env._("Give the work again from the ticket."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Assignments are never deleted. Cancel it."))
