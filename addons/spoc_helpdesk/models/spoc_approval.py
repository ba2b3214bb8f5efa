"""Approvals: who has to agree to a request, and what they said."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.spoc_catalog.words import moment_words

from .spoc_stage import CLOSED_STATES
from .spoc_ticket import ENGINE

STATES = [
    ("coming", "Coming"),
    ("asked", "Asked"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("not_needed", "Not needed"),
    ("delegated", "Handed on"),
    ("expired", "Not answered in time"),
]
NOTES = [
    ("up", "The next one above who can decide"),
    ("owner", "The service owner, since nobody else was found"),
    ("desk", "The manager of the desk, since nobody else was found"),
    ("nobody", "Nobody was found"),
    ("own", "Agreed by asking"),
    ("asked", "Agreed in an earlier step"),
    ("absent", "In place of somebody on leave"),
    ("delegated", "In place of somebody who handed it on"),
    ("late", "In place of somebody who did not answer"),
    ("changed", "Named by the desk"),
    ("gone", "In place of somebody who has left"),
    ("enough", "Others have decided"),
    ("ended", "The request has ended or changed"),
    ("silence", "No answer in time"),
]
#: What is kept from those who decide: they see the request's outside.
INNER_FIELDS = frozenset({"ticket_id", "terms"})
REASON_LIMIT = 2000


class SpocApproval(models.Model):
    """One person's word on a request, in one step of those it takes.

    Made with the ticket as a copy of its service's approval rule: a rule that changes
    later changes nothing here. The persons of a step are asked together, the steps one
    after the other. A row that was decided stays as it is; whoever is asked in
    somebody's place gets a row of their own, and so does whoever is asked again
    because a request was opened again (its ``round``).

    Nobody writes rows: they follow from :meth:`_spoc_decide` and its like.
    """

    _name = "spoc.approval"
    _description = "Approval of a request"
    _inherit = ["spoc.inner.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id"

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="restrict"
    )
    number = fields.Char(
        related="ticket_id.number", string="Request", store=True, precompute=True
    )
    service_id = fields.Many2one(
        "spoc.service", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    desk_id = fields.Many2one(
        related="ticket_id.desk_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    requester_id = fields.Many2one(
        related="ticket_id.requester_id", string="Asked by", store=True, precompute=True
    )
    requested_for_id = fields.Many2one(
        related="ticket_id.requested_for_id",
        string="Asked for",
        store=True,
        precompute=True,
    )
    round = fields.Integer(
        required=True,
        default=1,
        help="Rises when a request that was ended is opened again.",
    )
    step = fields.Integer(required=True, default=1, aggregator=None)
    step_count = fields.Integer("Steps", required=True, default=1, aggregator=None)
    kind = fields.Selection(
        # as described there: a list of pairs would be shown untranslated
        lambda self: (
            self.env["spoc.approval.step"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        "Role",
        required=True,
        default="people",
    )
    need = fields.Integer(
        "Have to agree",
        required=True,
        default=1,
        aggregator=None,
        help="How many of those asked in this step have to agree.",
    )
    approver_id = fields.Many2one(
        "res.users", index="btree_not_null", ondelete="restrict"
    )
    in_place_of_id = fields.Many2one("res.users", "In place of", ondelete="restrict")
    successor_id = fields.Many2one(
        "spoc.approval", "Asked instead", index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, default="coming")
    note = fields.Selection(NOTES, "Why this person")
    reason = fields.Text(help="In the words of whoever decided.")
    asked_at = fields.Datetime("Asked on")
    decided_at = fields.Datetime("Decided on")
    hours = fields.Float(
        "Working hours to an answer",
        aggregator="avg",
        help="From the question to the answer, in working hours of the desk, as every "
        "other norm is counted.",
    )
    remind_at = fields.Datetime("Reminder at")
    reminded_at = fields.Datetime("Reminded")
    due = fields.Datetime("Answer by")
    next_at = fields.Datetime(
        "Something happens at", help="When the next thing of the rule falls due."
    )
    amount = fields.Monetary("Cost", aggregator=None)
    currency_id = fields.Many2one("res.currency")
    terms = fields.Json(
        "Copy of the Rule",
        export_string_translation=False,
        help="How the rule was when the request was made, with the questions whose "
        "answers decide in this step.",
    )

    subject = fields.Char(compute="_compute_content", compute_sudo=True)
    content = fields.Html(
        "What is asked", compute="_compute_content", compute_sudo=True, sanitize=False
    )
    step_words = fields.Char("Position", compute="_compute_step_words")
    is_mine = fields.Boolean(
        "Asked of me",
        compute="_compute_is_mine",
        search="_search_is_mine",
        export_string_translation=False,
    )
    may_delegate = fields.Boolean(
        "I may hand it on", compute="_compute_is_mine", export_string_translation=False
    )
    may_reassign = fields.Boolean(
        "I may ask somebody else",
        compute="_compute_is_mine",
        export_string_translation=False,
    )
    is_late = fields.Boolean("Late", compute="_compute_is_late")

    _approver_state_idx = models.Index("(approver_id, state)")
    _next_idx = models.Index("(next_at, id) WHERE state = 'asked'")
    _one_word = models.UniqueIndex(
        "(ticket_id, round, step, approver_id)"
        " WHERE state IN ('coming', 'asked', 'approved', 'rejected')",
        "Each person has one word in a step.",
    )

    # ---- what is shown -----------------------------------------------------

    @api.depends("number", "subject")
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = " ".join(
                filter(None, [approval.number, approval.subject])
            )

    @api.depends("ticket_id", "ticket_id.desk_id.privacy")
    @api.depends_context("lang")
    def _compute_content(self):
        for approval in self:
            approval.subject = approval._spoc_subject()
            approval.content = self.env["ir.qweb"]._render(
                "spoc_helpdesk.approval_content", approval._spoc_content()
            )

    def _spoc_subject(self):
        """What it is about: of a confidential desk the service alone."""
        ticket = self.ticket_id
        if ticket.desk_id.privacy == "confidential":
            return self.service_id.name or ticket.desk_id.name
        return ticket.name

    def _spoc_content(self):
        """What the approver reads of the request, called as superuser.

        A confidential desk shows no more than the answers the step depends on.

        :return: dictionary: ``description``, Markup or ``""``; ``answers``, list of
            dictionaries ``question``, ``text``, ``files`` (ir.attachment)
        """
        self.ensure_one()
        ticket = self.ticket_id
        answers, description = ticket.answer_ids, ticket.description or ""
        if ticket.desk_id.privacy == "confidential":
            needed = set((self.terms or {}).get("questions", ()))
            answers = answers.filtered(lambda a: a.question_id.id in needed)
            description = ""
        return {
            "description": description,
            "answers": [
                {
                    "question": answer.question_text,
                    "text": "" if answer.attachment_ids else answer.value_text or "",
                    "files": answer.attachment_ids,
                }
                for answer in answers
            ],
        }

    @api.depends("step", "step_count")
    @api.depends_context("lang")
    def _compute_step_words(self):
        for approval in self:
            approval.step_words = self.env._(
                "Step %(step)s of %(count)s",
                step=approval.step,
                count=approval.step_count,
            )

    @api.depends("approver_id", "state", "terms", "desk_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        user = self.env.user
        for approval in self:
            one = approval.sudo()  # sudo: who one is, and what the rule lets one do
            asked = one.state == "asked"
            approval.is_mine = asked and one.approver_id == user
            approval.may_delegate = (
                approval.is_mine
                and user._is_internal()
                and bool((one.terms or {}).get("delegate"))
            )
            approval.may_reassign = (
                asked
                and one.approver_id != user
                and user in one.ticket_id._spoc_renamers()
            )

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("approver_id", "=", self.env.uid) & Domain("state", "=", "asked")

    @api.depends("due", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for approval in self:
            approval.is_late = bool(
                approval.state == "asked" and approval.due and approval.due < now
            )

    def _spoc_moment(self, value, user=None):
        """A moment in words, for somebody of the approval. For templates, too."""
        self.ensure_one()
        user = user or self.approver_id
        tz = user.tz or self.desk_id.tz
        return moment_words(value, self.env.lang or "en_US", tz)

    def _spoc_label(self, name):
        """The label of what a selection field says."""
        self.ensure_one()
        field = self._fields[name]
        return dict(field._description_selection(self.env)).get(self[name], "")

    # ---- who is inside -----------------------------------------------------

    @api.model
    def _spoc_is_outer_field(self, name):
        return name not in INNER_FIELDS

    @api.model
    def _spoc_inner_domain(self):
        return self._spoc_owning_domain("ticket_id.is_about_me")

    @api.model
    def _spoc_inner_condition(self):
        # any!: see _spoc_inner_domain, it only names people and desks
        Ticket = self.env["spoc.ticket"]
        return Domain("ticket_id", "any!", Ticket._spoc_inner_condition())

    @api.model
    def _spoc_inner_depends(self):
        return self._spoc_owning_depends("ticket_id.is_about_me")

    # ---- writing -----------------------------------------------------------

    def _spoc_write(self, vals):
        """Write what follows from what was decided."""
        # sudo: the rules were applied by the caller
        return self.sudo().with_context(spoc_engine=ENGINE).write(vals)

    def write(self, vals):
        if self.env.context.get("spoc_engine") is not ENGINE and not self.env.su:
            raise AccessError(self.env._("What was asked and said stays as it is."))
        return super().write(vals)

    def message_post(self, **kwargs):
        """Nobody talks here: words for the desk go to the request.

        :raises AccessError: for anybody but the suite
        """
        if not self.env.su:
            raise AccessError(self.env._("There is no conversation on an approval."))
        return super().message_post(**kwargs)

    def copy_data(self, default=None):
        raise UserError(self.env._("Approvals follow from requests."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("What was asked and said stays as it is."))

    # ---- who may decide ----------------------------------------------------

    def _spoc_check_decidable(self, by):
        """Refuse what cannot be decided (any more), and say why.

        Called as superuser on a locked ticket, for the person asked.

        :param by: res.users who decides
        :raises UserError: when it was decided, or would be about oneself
        """
        self.ensure_one()
        self._spoc_refuse_over()
        if by.partner_id in self.ticket_id._spoc_interested():
            raise UserError(
                self.env._("%s: nobody approves their own request.", self.number)
            )

    def _spoc_refuse_over(self):
        """Raise when nothing can be decided here any more.

        :raises UserError: saying why
        """
        why = self._spoc_why_not()
        if why:
            raise UserError(
                self.env._("%(number)s: %(why)s", number=self.number, why=why)
            )

    def _spoc_why_not(self):
        """Why nothing can be decided here any more, ``""`` when it can."""
        self.ensure_one()
        if self.state in ("approved", "rejected"):
            return self.env._(
                "This was decided already (%s).", self._spoc_moment(self.decided_at)
            )
        if self.ticket_id.state in CLOSED_STATES or self.note == "ended":
            return self.env._("The request has ended. Nothing has to be decided.")
        successor = self.successor_id.approver_id.name
        if self.state == "delegated":
            return self.env._("%s is asked instead.", successor)
        if self.state == "expired":
            return self.env._(
                "There was no answer in time: %s is asked instead.", successor
            )
        if self.state == "not_needed":
            return self.env._("Others have decided. Your word is not needed any more.")
        if self.state == "coming":
            return self.env._("It is not your turn yet.")
        return ""
