"""The article: what a desk knows, written once, checked by a second person."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ..html_field import ArticleHtml

# Those who write articles; the inner part and the drafts are theirs.
AUTHOR_GROUPS = "spoc_catalog.group_agent,spoc_kb.group_kb_editor"

KINDS = [
    ("solution", "Solution"),
    ("howto", "Instruction"),
    ("answer", "Answer"),
    ("known_error", "Known error"),
    ("escalation", "Whom to turn to"),
]
STATES = [
    ("draft", "Draft"),
    ("review", "In review"),
    ("approved", "Approved"),
    ("published", "Published"),
    ("retired", "Retired"),
]


class SpocArticle(models.Model):
    """A solution, an instruction, an answer, a known error or escalation info.

    Life: draft -> review -> approved -> published -> retired. Words change in a draft
    only. Who approves is neither the author nor the last one who changed the words.
    A published article is changed through a *revision*: a draft beside it, which
    replaces its words when published and is gone then; readers see the old words
    until that moment. Every saving of the words is kept as a version.

    Each language is an article of its own, tied to its original by
    ``translation_group_id``; desk and audience of a translation follow it.

    What belongs to one topic is in a file of its own: ``spoc_article_writing``
    (saving), ``_life``, ``_review``, ``_translation``, ``_escalation``, ``_version``,
    ``_unsaved``, ``_right``, ``_kcs``, ``_quality``, ``_reading``.
    """

    _name = "spoc.article"
    _description = "Article"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "spoc.search.mixin",
    ]
    _spoc_leads_readers_to = ("spoc.article",)
    _order = "name, id"

    _spoc_search_weights = {
        "A": ("name", "keywords"),
        "B": ("summary", "symptoms"),
        "C": ("body", "escalation_when", "escalation_how"),
    }
    _spoc_search_lang_field = "lang"
    # Drafts are saved often and read by few: those are found by their headings.
    _spoc_search_text_if = ("state", "published")

    name = fields.Char(
        "Question",
        required=True,
        tracking=True,
        help="In the words of those who ask, not in the words of those who answer.",
    )
    summary = fields.Char(help="The answer in one sentence; shown in search results.")
    symptoms = fields.Text(
        help="What those who ask see and say: messages word for word, what happens and "
        "when. Found by the search.",
    )
    body = ArticleHtml(
        "Answer",
        help="What the readers see.",
    )
    inner_ids = fields.One2many(
        "spoc.article.inner", "article_id", groups=AUTHOR_GROUPS, copy=False
    )
    inner_body = fields.Html(
        "For agents only",
        compute="_compute_inner_body",
        inverse="_inverse_inner_body",
        groups=AUTHOR_GROUPS,
        help="What the agents need to know: background, checks, limits. Readers "
        "never see it and the search does not look into it.",
    )
    keywords = fields.Char(
        "Other words",
        tracking=True,
        help="Other words people use for it, separated by commas. Found by the "
        "search, not shown.",
    )
    kind = fields.Selection(
        KINDS,
        default="solution",
        required=True,
        tracking=True,
    )
    lang = fields.Selection(
        selection="_get_languages",
        string="Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    service_ids = fields.Many2many(
        "spoc.service",
        "spoc_article_service_rel",
        "article_id",
        "service_id",
        "Services",
        help="The pages of these services show the article before the form.",
    )
    facet_value_ids = fields.Many2many(
        "spoc.facet.value",
        "spoc_article_facet_value_rel",
        "article_id",
        "value_id",
        "Facets",
        help="Situations, places, devices the article belongs to.",
    )
    file_ids = fields.Many2many(
        "ir.attachment",
        "spoc_article_file_rel",
        "article_id",
        "attachment_id",
        "Files",
        help="For those who may read the article: forms, manuals, tables.",
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        compute="_compute_desk_id",
        recursive=True,
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        help="Whose knowledge it is. Its members write and review the article.",
    )
    owner_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Keeps the article true and hears what its readers say.",
    )
    author_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    editor_id = fields.Many2one(
        "res.users", "Last changed by", readonly=True, copy=False
    )
    audience_ids = fields.Many2many(
        "spoc.audience",
        "spoc_article_audience_rel",
        "article_id",
        "audience_id",
        compute="_compute_audience_ids",
        recursive=True,
        store=True,
        readonly=False,
        help="Who may read it. Empty: everyone signed in; for a confidential desk "
        "empty means its members alone.",
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    company_id = fields.Many2one(
        "res.company", related="desk_id.company_id", store=True, index=True
    )
    content_version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Grows with every change of the words. Writing it states which "
        "version the caller changed; a stale one is refused.",
    )
    feedback_ids = fields.One2many(
        "spoc.article.feedback", "article_id", groups=AUTHOR_GROUPS
    )
    helpful_count = fields.Integer("Helped", compute="_compute_feedback_counts")
    unhelpful_count = fields.Integer("Did not help", compute="_compute_feedback_counts")
    use_count = fields.Integer("Used", compute="_compute_use_count")
    may_write = fields.Boolean(
        compute="_compute_may_write", export_string_translation=False
    )
    may_write_words = fields.Boolean(
        compute="_compute_may_write_words", export_string_translation=False
    )

    # ---- Defaults ----

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_desk_id(self):
        """The desk the writer works for, when there is one."""
        return self.env["spoc.desk"].search(
            [("member_ids", "in", self.env.user.ids)], limit=1
        )

    # ---- Constraints ----

    @api.constrains(lambda self: ("state", *self._spoc_solution_fields()))
    def _check_content(self):
        for article in self:
            if article.state in ("review", "approved", "published"):
                article._check_publishable()

    @api.model
    def _spoc_solution_fields(self):
        """Fields that say whether an article answers anything. Hook: add to them."""
        return ["kind", "body"]

    def _check_publishable(self):
        """An article holds a solution or escalation information, never neither.

        :raise ValidationError: the words are missing. Hook: refuse more.
        """
        for article in self:
            if not article._spoc_says_something():
                raise ValidationError(
                    self.env._(
                        "“%s” says nothing yet: write the solution, or whom to turn"
                        " to and how.",
                        article.name,
                    )
                )

    def _spoc_says_something(self):
        """Whether readers are told anything. Hook: other places words stand in."""
        self.ensure_one()
        return not is_html_empty(self.body)

    # ---- Computes ----

    @api.depends("translation_group_id.desk_id")
    def _compute_desk_id(self):
        for article in self:
            original = article.translation_group_id
            if original:
                article.desk_id = original.desk_id
            elif article._origin:
                article.desk_id = article.desk_id
            else:
                article.desk_id = article.desk_id or self._default_desk_id()

    @api.depends("translation_group_id.audience_ids")
    def _compute_audience_ids(self):
        for article in self:
            original = article.translation_group_id
            article.audience_ids = (
                original.audience_ids if original else article.audience_ids
            )

    @api.depends("inner_ids.body")
    @api.depends_context("uid", "su")
    def _compute_inner_body(self):
        # Searched, not read from inner_ids: an agent who is but a reader of a
        # confidential desk's article has no right to its inner part.
        inner = self.env["spoc.article.inner"].search(
            [("article_id", "in", self._origin.ids)]
        )
        bodies = {part.article_id.id: part.body for part in inner}
        for article in self:
            article.inner_body = bodies.get(article._origin.id, False)

    def _inverse_inner_body(self):
        Inner = self.env["spoc.article.inner"]
        found = {
            part.article_id.id: part
            for part in Inner.search([("article_id", "in", self.ids)])
        }
        for article in self:
            part, body = found.get(article.id), article.inner_body
            if part:
                part.body = body
            elif not is_html_empty(body):
                Inner.create({"article_id": article.id, "body": body})

    @api.depends("feedback_ids.helped")
    def _compute_feedback_counts(self):
        # sudo: readers see how many were helped, not who said so
        groups = (
            self.env["spoc.article.feedback"]
            .sudo()
            ._read_group(
                [("article_id", "in", self.ids)],
                ["article_id", "helped"],
                ["__count"],
            )
        )
        counts = {(article.id, helped): count for article, helped, count in groups}
        for article in self:
            article.helpful_count = counts.get((article.id, True), 0)
            article.unhelpful_count = counts.get((article.id, False), 0)

    def _compute_use_count(self):
        # sudo: the number is for everyone, who read it is not
        uses = self.env["spoc.article.use"].sudo()
        groups = uses._read_group(
            Domain("article_id", "in", self.ids) & uses._spoc_told_domain(),
            ["article_id"],
            ["__count"],
        )
        counts = {article.id: count for article, count in groups}
        for article in self:
            article.use_count = counts.get(article.id, 0)

    @api.depends("desk_id")
    @api.depends_context("uid")
    def _compute_may_write(self):
        writable = self._origin._filtered_access("write")
        for article in self:
            article.may_write = not article._origin or article._origin in writable

    @api.depends("state", "may_write")
    @api.depends_context("uid")
    def _compute_may_write_words(self):
        for article in self:
            article.may_write_words = article.state == "draft" and article.may_write
