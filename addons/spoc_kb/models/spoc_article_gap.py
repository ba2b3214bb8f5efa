"""Questions without an answer: what is missing, what it costs, who writes it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

MINUTES = "spoc_kb.search_minutes"
MINUTES_DEFAULT = 10
# Articles shown beside a gap.
NEAR = 3


class SpocArticleGap(models.Model):
    """One thing people ask that no article answers, found every night.

    Rows are written by the nightly look alone (see ``spoc_article_gap_work``); people
    settle them with the buttons. A gap goes by itself when it is filled, and comes
    back when it opens again.
    """

    _name = "spoc.article.gap"
    _description = "Gap in the answers"
    _order = "hours desc, look_count desc, id"
    _log_access = False

    # Tells one gap from another through all nights.
    key = fields.Char(required=True, readonly=True, export_string_translation=False)
    kind = fields.Selection(
        [
            ("service", "Service without an answer"),
            ("dead", "Leads to nobody"),
            ("words", "Searched for, nothing found"),
        ],
        required=True,
        readonly=True,
    )
    service_id = fields.Many2one(
        "spoc.service", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    article_id = fields.Many2one(
        "spoc.article",
        "Dead article",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    words = fields.Char("Searched for", readonly=True)
    lang = fields.Selection(
        selection="_get_languages", string="Language", readonly=True
    )
    desk_id = fields.Many2one(
        "spoc.desk", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade"
    )
    look_count = fields.Integer(
        "Looked in vain",
        readonly=True,
        help="How often people searched and found nothing, asked although they had "
        "looked, or read what leads to nobody; in the last 90 days.",
    )
    hours = fields.Float(
        "Hours lost",
        readonly=True,
        help="An estimate for the last 90 days: some minutes for each look in vain, "
        "and the hours the desk was open while tickets waited that an article would "
        "have spared or shortened.",
    )
    state = fields.Selection(
        [
            ("open", "Missing"),
            ("started", "Being written"),
            ("skipped", "Not needed"),
            ("closed", "Filled"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        group_expand=True,
    )
    skip_reason = fields.Char("Why not needed", readonly=True)
    settled_by_id = fields.Many2one("res.users", "Settled by", readonly=True)
    settled_on = fields.Datetime("Settled", readonly=True)
    may_settle = fields.Boolean(
        compute="_compute_may_settle", export_string_translation=False
    )
    near_ids = fields.Many2many(
        "spoc.article", string="Near it", compute="_compute_near_ids"
    )
    result_article_id = fields.Many2one(
        "spoc.article",
        "Article for it",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    found_on = fields.Datetime("Found first", readonly=True)
    checked_on = fields.Datetime("Looked at last", readonly=True)
    detail = fields.Char("What is missing", compute="_compute_detail")

    _key_uniq = models.UniqueIndex("(key)")

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.depends("kind", "service_id", "article_id", "words")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for gap in self:
            gap.display_name = gap._spoc_subject() or gap.key

    def _spoc_subject(self):
        """What the gap is about, in one line. Hook for more kinds."""
        self.ensure_one()
        # sudo: who may see the gap may know what it is about
        gap = self.sudo()
        return gap.words or gap.article_id.name or gap.service_id.name

    @api.depends("kind", "article_id", "service_id")
    @api.depends_context("lang")
    def _compute_detail(self):
        for gap in self:
            gap.detail = gap._spoc_detail()

    def _spoc_detail(self):
        """Why it is a gap. Hook for more kinds."""
        self.ensure_one()
        if self.kind == "dead":
            # sudo: the fault names what the article itself names
            return self.sudo().article_id.escalation_fault
        if self.kind == "service":
            return self.env._("Neither a solution nor whom to turn to.")
        return self.env._("The search finds nothing for these words.")

    @api.depends("words", "service_id")
    @api.depends_context("uid")
    def _compute_near_ids(self):
        """Articles that may hold the answer under other words."""
        Article = self.env["spoc.article"]
        for gap in self:
            text = gap._spoc_subject() or ""
            near = Article.browse()
            if gap.kind != "dead" and gap.state == "open":
                alive = [("state", "!=", "retired"), ("revision_of_id", "=", False)]
                near = Article._spoc_search(text, alive, NEAR)
                near = self.env["spoc.window"]._get_near(text, near)[0]
            gap.near_ids = near

    @api.depends("desk_id")
    @api.depends_context("uid")
    def _compute_may_settle(self):
        user = self.env.user
        is_editor = user.has_group("spoc_kb.group_kb_editor")
        is_manager = user.has_group("spoc_catalog.group_manager")
        for gap in self:
            # sudo: members and manager of a desk decide, readable or not
            desk = gap.sudo().desk_id
            mine = user in desk.member_ids | desk.manager_id
            gap.may_settle = is_editor or mine or (is_manager and not desk)

    # ---- What people do ----

    def _check_settle(self):
        """A gap is settled by those who write the answer.

        :raise AccessError: for others
        """
        self.check_access("read")
        if not all(self.mapped("may_settle")):
            raise AccessError(
                self.env._("The desk itself says what it writes and what not.")
            )

    def _spoc_settle(self, state, **values):
        """Write the outcome. The caller has checked that the user may."""
        # sudo: rows are written by code alone
        self.sudo().write(
            {
                "state": state,
                "settled_by_id": self.env.uid,
                "settled_on": fields.Datetime.now(),
                **values,
            }
        )

    def action_write_missing(self):
        """Open the article for it; a new draft begins with what is known."""
        self.ensure_one()
        self._check_settle()
        article = self.result_article_id
        if article and article.has_access("read"):
            return article._get_records_action()
        if self.kind == "dead" and self.article_id:
            return self._spoc_repair()
        article = self.env["spoc.article"].create(self._prepare_article_values())
        self._spoc_settle("started", result_article_id=article.id)
        return article._get_records_action()

    def _spoc_repair(self):
        """Open the revision of an article that leads to nobody."""
        article = self.article_id
        if not article.may_write or article.state != "published":
            return article._get_records_action()
        action = article.action_revise()
        self._spoc_settle("started", result_article_id=action["res_id"])
        return action

    def _prepare_article_values(self):
        """Values of the article that fills the gap: the evidence, nothing invented.

        Hook: take more from it. A draft is read by agents of other desks, too: no
        words of a single ticket.
        """
        self.ensure_one()
        values = {"name": self._spoc_subject()}
        if self.desk_id:
            values["desk_id"] = self.desk_id.id
        if self.service_id:
            values["service_ids"] = [fields.Command.link(self.service_id.id)]
        if self.words:
            values["keywords"] = self.words
        if self.lang:
            values["lang"] = self.lang
        return values

    def _spoc_answered_by(self, article):
        """An article there is answers it: it learns the words people search by.

        :param article: spoc.article the user may write
        """
        self.ensure_one()
        self._check_settle()
        article.check_access("write")
        values = {}
        known = [word.strip() for word in (article.keywords or "").split(",")]
        if self.words and self.words not in known:
            values["keywords"] = ", ".join(filter(None, [*known, self.words]))
        if self.service_id:
            values["service_ids"] = [fields.Command.link(self.service_id.id)]
        if values:
            article.write(values)
        state = "closed" if article.state == "published" else "started"
        self._spoc_settle(state, result_article_id=article.id)

    def action_skip(self):
        """Ask why no article is needed."""
        self._check_settle()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not needed"),
            "res_model": "spoc.article.gap.skip",
            "view_mode": "form",
            "target": "new",
            "context": {"default_gap_ids": self.ids},
        }

    def _spoc_skip(self, reason):
        """No article is needed.

        :param str reason: why
        """
        self._check_settle()
        self._spoc_settle("skipped", skip_reason=reason)

    def action_reopen(self):
        """It is missing after all."""
        self._check_settle()
        self._spoc_settle("open", skip_reason=False, result_article_id=False)


class SpocArticle(models.Model):
    """Articles are told what they answer, too."""

    _inherit = "spoc.article"

    def action_answers_gap(self):
        """This article answers the gap it is shown beside."""
        self.ensure_one()
        gap_id = self.env.context.get("spoc_gap")
        gap = self.env["spoc.article.gap"].search([("id", "=", gap_id)])
        if gap:
            gap._spoc_answered_by(self)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
