"""The review day: what happens when an article may no longer hold."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .spoc_article_life import ACTIVITY_HOLDS

REVIEW_MONTHS = 12
REVIEW_BATCH = 500
# What the desk does with an article whose day has come.
DUE_POLICIES = [
    ("remind", "Ask its owner"),
    ("mark", "Ask its owner and tell readers that it may be out of date"),
    ("hide", "Ask its owner and keep it out of the search"),
]


class SpocArticle(models.Model):
    """Articles are read again; readers are told, or spared, when one is overdue."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    review_on = fields.Date(
        "Read again on",
        copy=False,
        tracking=True,
        help="The owner is asked on this day whether the article still holds.",
    )
    review_months = fields.Integer(
        "Read again after (months)",
        help="For an article that ages faster or slower than others. 0: as the desk "
        "does.",
    )
    is_due = fields.Boolean(
        "Due for review",
        compute="_compute_is_due",
        compute_sudo=True,
        search="_search_is_due",
    )
    is_doubtful = fields.Boolean(
        "May be out of date",
        compute="_compute_is_due",
        compute_sudo=True,
        help="Its day has passed and the desk tells readers so.",
    )
    # When the search stops to find it; empty: never.
    hide_on = fields.Date(
        compute="_compute_hide_on", store=True, export_string_translation=False
    )

    _review_idx = models.Index("(review_on) WHERE state = 'published'")

    @api.depends("state", "review_on", "desk_id.kb_due_policy")
    def _compute_is_due(self):
        today = fields.Date.context_today(self)
        for article in self:
            due = article.state == "published" and article.review_on
            article.is_due = bool(due and due <= today)
            # in sudo: what a desk does is told to readers by its articles
            policy = article.desk_id.kb_due_policy
            article.is_doubtful = article.is_due and policy in ("mark", "hide")

    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "published") & Domain("review_on", "<=", "today")

    @api.depends("review_on", "desk_id.kb_due_policy")
    def _compute_hide_on(self):
        for article in self:
            hidden = article.desk_id.kb_due_policy == "hide"
            article.hide_on = article.review_on if hidden else False

    @api.model
    def _spoc_offered_domain(self):
        """Articles that search, lists and suggestions offer to readers.

        An overdue one of a desk that hides them is still read by its link, with a
        remark. Record rules narrow it further.
        """
        hidden = Domain("hide_on", "<=", "today")
        return Domain("state", "=", "published") & (
            Domain("hide_on", "=", False) | ~hidden
        )

    # ---- The day ----

    def _spoc_next_review(self, wanted=False):
        """When the article is to be read again.

        :param date wanted: a day in the future somebody chose, or nothing
        :rtype: date
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        if wanted and wanted > today:
            return wanted
        months = self.review_months or self.desk_id.kb_review_months
        months = months if months > 0 else self._spoc_review_months()
        return today + relativedelta(months=months)

    @api.model
    def _spoc_review_months(self):
        """Months until a published article is read again (system parameter)."""
        # sudo: system parameters are closed to users, this one is no secret
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("spoc_kb.review_months", REVIEW_MONTHS)
        )
        try:
            return max(int(value), 1)
        except ValueError:
            return REVIEW_MONTHS

    @api.model
    def _cron_review(self):
        """Ask the owners of articles whose day has come; not while one is asked."""
        asked = Domain("activity_type_id", "=", self.env.ref(ACTIVITY_HOLDS).id)
        due = self.search(
            Domain("is_due", "=", True) & ~Domain("activity_ids", "any", asked),
            limit=REVIEW_BATCH,
        )
        for article in due:
            if keeper := article._spoc_keeper():
                speaking = article.with_context(lang=keeper.lang)
                speaking._spoc_ask(
                    ACTIVITY_HOLDS,
                    keeper,
                    speaking.env._("Does the article still hold?"),
                )

    def action_still_true(self):
        """The owner has read it: it holds for another period."""
        self._check_state("published")
        self._check_right("confirm")
        for article in self:
            article.review_on = article._spoc_next_review()
        self._spoc_answered(ACTIVITY_HOLDS)
        for article in self:
            article.message_post(body=self.env._("Read again: it still holds."))
