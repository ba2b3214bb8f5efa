"""Services: what departments offer."""

from odoo import api, fields, models

from ..words import moment_words
from .spoc_target_policy import TARGET_KINDS


class SpocService(models.Model):
    """What a department offers, to whom, on which conditions and how fast."""

    _name = "spoc.service"
    _inherit = ["mail.thread", "spoc.search.mixin"]
    _description = "Service"
    _order = "sequence, name, id"
    _check_company_auto = True
    _spoc_search_weights = {
        "A": ("name", "synonyms"),
        "B": ("summary",),
        "C": ("description", "conditions"),
    }

    name = fields.Char(
        required=True,
        translate=True,
        tracking=True,
        help="As a person in need would say it: “My printer does not print”.",
    )
    summary = fields.Char(translate=True, help="One line below the name.")
    description = fields.Html(translate=True, sanitize_style=True)
    inner_note = fields.Html(
        string="For the desk only",
        sanitize_style=True,
        groups="spoc_catalog.group_agent,spoc_catalog.group_catalog_editor",
        help="How the desk delivers it. Requesters never see this.",
    )
    kind = fields.Selection(
        [
            ("incident", "Something does not work"),
            ("information", "Question"),
            ("request", "Request"),
            ("change", "Standard change"),
        ],
        required=True,
        default="request",
        tracking=True,
    )
    category_id = fields.Many2one(
        "spoc.category", index=True, ondelete="restrict", tracking=True
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The desk that takes the request and stays answerable to the end.",
    )
    company_id = fields.Many2one(related="desk_id.company_id", store=True, index=True)
    department_id = fields.Many2one(
        "hr.department",
        string="Provided by",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="Empty: the department of the desk.",
    )
    provider_name = fields.Char(
        string="Provider", compute="_compute_provider_name", compute_sudo=True
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Service owner",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
        help="Answers for the service being right and described right.",
    )
    audience_ids = fields.Many2many(
        "spoc.audience",
        "spoc_service_audience_rel",
        "service_id",
        "audience_id",
        ondelete="restrict",
        help="Who may see and ask for it. Empty: everyone signed in.",
    )
    conditions = fields.Text(
        string="Needed beforehand",
        translate=True,
        help="What a person should have or know before asking, one thing a line.",
    )
    form_id = fields.Many2one("spoc.form", ondelete="restrict", index="btree_not_null")
    target_policy_id = fields.Many2one(
        "spoc.target.policy",
        string="Promise",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the usual promise of the desk.",
    )
    synonyms = fields.Text(
        string="Other words for it",
        translate=True,
        help="Words people search with that are not in the name.",
    )
    sequence = fields.Integer(default=10)
    is_featured = fields.Boolean(
        string="Shown first", help="Offered on the first page of the window."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        required=True,
        default="draft",
        index=True,
        tracking=True,
    )
    active = fields.Boolean(default=True)

    _published_idx = models.Index("(category_id, sequence) WHERE state = 'published'")

    @api.depends("department_id", "desk_id")
    @api.depends_context("lang")
    def _compute_provider_name(self):
        for service in self:
            department = service.department_id or service.desk_id.department_id
            service.provider_name = department.name or service.desk_id.name

    def copy_data(self, default=None):
        default = dict(default or {})
        vals_list = super().copy_data(default)
        if "name" not in default:
            for service, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=service.name)
        return vals_list

    # ------------------------------------------------------------------
    # Promise
    # ------------------------------------------------------------------

    def _spoc_policy(self):
        """The policy that holds: the service's own or the desk's."""
        self.ensure_one()
        # sudo: what is promised is public, the policies behind it are not.
        service = self.sudo()
        return service.target_policy_id or service.desk_id.target_policy_id

    def _spoc_promise(self, priority="1"):
        """What a person who asks now may count on.

        :param str priority: ``'0'`` to ``'3'``
        :return: list of dictionaries in the order answer, update, resolution:
            ``kind``; ``seconds`` of the desk's working time; ``text``, the promise
            in words; ``moment``, naive UTC datetime it falls due if asked now, or
            ``False``; ``moment_text``, the same for the reader, or ``""``
        """
        self.ensure_one()
        targets = self._spoc_policy()._spoc_targets(priority)
        deadlines = self.desk_id._spoc_deadlines(fields.Datetime.now(), targets)
        promises = []
        for kind, _label in TARGET_KINDS:
            if kind not in targets:
                continue
            seconds = targets[kind]
            moment = deadlines[kind]
            promises.append(
                {
                    "kind": kind,
                    "seconds": seconds,
                    "text": self._get_promise_text(kind, seconds),
                    "moment": moment,
                    "moment_text": self._get_moment_text(moment),
                }
            )
        return promises

    def _get_promise_text(self, kind, seconds):
        """The promise in words."""
        time = self._get_duration_text(seconds)
        texts = {
            "response": lambda: self.env._("First answer within %(time)s", time=time),
            "update": lambda: self.env._("News at least every %(time)s", time=time),
            "resolution": lambda: self.env._("Done within %(time)s", time=time),
        }
        return texts[kind]()

    def _get_duration_text(self, seconds):
        """Working time in words people use: minutes, hours or days."""
        # sudo: the length of the desk's day, see _spoc_policy.
        day = self.desk_id.sudo().resource_calendar_id.hours_per_day or 8.0
        hours = seconds / 3600
        if abs(hours - day) < 0.001:
            return self.env._("1 working day")
        if hours >= 2 * day and abs(hours / day - round(hours / day)) < 0.001:
            return self.env._("%(count)s working days", count=round(hours / day))
        if seconds % 3600 == 0:
            if hours == 1:
                return self.env._("1 working hour")
            return self.env._("%(count)s working hours", count=round(hours))
        if hours < 2:
            return self.env._("%(count)s working minutes", count=round(seconds / 60))
        return self.env._("%(count)s working hours", count=f"{hours:.1f}")

    def _get_moment_text(self, moment):
        """Day and time where the reader is, for example "Tue, Nov 24, 11:00 AM"."""
        if not moment:
            return ""
        zone = self.env.context.get("tz") or self.env.user.tz or self.desk_id.tz
        return moment_words(moment, self.env.lang or "en_US", zone)

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_publish(self):
        """Offer the services to their audience."""
        self.write({"state": "published"})

    def action_retire(self):
        """Stop offering the services; they stay for what refers to them."""
        self.write({"state": "retired"})

    def action_draft(self):
        """Take the services back to be worked on."""
        self.write({"state": "draft"})

    def action_open_window(self):
        """The service as requesters see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/spoc/service/{self.id}",
            "target": "new",
        }
