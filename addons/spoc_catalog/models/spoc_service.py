"""Services: what departments offer."""

from odoo import api, fields, models


class SpocService(models.Model):
    """What a department offers, to whom, on which conditions and how fast."""

    _name = "spoc.service"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "spoc.search.mixin",
        "spoc.kept.mixin",
    ]
    _description = "Service"
    _order = "sequence, name, id"
    _check_company_auto = True
    _spoc_search_weights = {
        "A": ("name", "synonyms"),
        "B": ("summary",),
        "C": ("description", "outcome", "conditions"),
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
        translate=True,
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
        default=lambda self: self._get_default_owner(),
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
    asks_urgency = fields.Boolean(
        string="Ask how urgent it is",
        tracking=True,
        help="Whoever asks says how much it holds them up; the priority, and with it "
        "the promise, follows from what they say and from how many it concerns.",
    )
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

    @api.model
    def _spoc_kept_columns(self):
        return (
            *super()._spoc_kept_columns(),
            "active",
            "asks_urgency",
            "category_id",
            "desk_id",
            "form_id",
            "kind",
            "name",
            "state",
            "target_policy_id",
        )

    @api.model
    def _get_default_owner(self):
        """Whoever describes a service answers for it until somebody else does."""
        user = self.env.user
        return False if user._is_superuser() or user.share else user

    @api.depends("department_id", "desk_id")
    @api.depends_context("lang")
    def _compute_provider_name(self):
        for service in self:
            department = service.department_id or service.desk_id._spoc_department()
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
        return service.target_policy_id or service.desk_id._spoc_policy()

    def _spoc_promise(self, priority="1"):
        """What a person who asks now may count on.

        :param str priority: ``'0'`` to ``'3'``
        :return: list of dictionaries in the order answer, update, resolution:
            ``kind``; ``seconds`` of working time; ``text``, the promise in words;
            ``moment``, naive UTC datetime it falls due if asked now, or ``False``;
            ``moment_text``, the same on the reader's clock, or ``""``; ``ask_text``,
            the sentence that says so, or ``""``
        """
        self.ensure_one()
        desk = self.desk_id
        targets = self._spoc_policy()._spoc_targets(priority)
        zone = desk._get_reader_zone()
        dues = desk._spoc_settle(fields.Datetime.now(), targets, zone)
        return [
            {
                "kind": kind,
                "seconds": dues[kind].seconds,
                "text": self._get_promise_text(kind, norm),
                "moment": dues[kind].moment,
                "moment_text": desk._spoc_moment_text(dues[kind].moment),
                "ask_text": self._get_ask_text(kind, dues[kind].moment),
            }
            for kind, norm in targets.items()
        ]

    def _get_promise_text(self, kind, norm):
        """The promise in words."""
        time = self.desk_id._spoc_norm_text(norm)
        texts = {
            "response": lambda: self.env._("First answer within %(time)s", time=time),
            "update": lambda: self.env._("Next news within %(time)s", time=time),
            "resolution": lambda: self.env._("Done within %(time)s", time=time),
        }
        return texts[kind]()

    def _get_ask_text(self, kind, moment):
        """The promise as a moment where the reader is, in a sentence."""
        time = self.desk_id._spoc_moment_text(moment)
        if not time:
            return ""
        if self.env.context.get("tz") or self.env.user.tz:
            time = self.env._("%(time)s, your time", time=time)
        texts = {
            "response": lambda: self.env._("Ask now: answered by %(time)s", time=time),
            "update": lambda: self.env._("Ask now: first news by %(time)s", time=time),
            "resolution": lambda: self.env._("Ask now: done by %(time)s", time=time),
        }
        return texts[kind]()

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

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
