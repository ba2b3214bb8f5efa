"""The article: what a desk knows, written once, checked by a second person."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import is_html_empty

# Those who write articles; the inner part and the drafts are theirs.
AUTHOR_GROUPS = "spoc_catalog.group_agent,spoc_kb.group_kb_editor"

# What a reader is told and who may read it: changed in a draft only, so that a
# second person sees every word before the readers do.
CONTENT_FIELDS = frozenset(
    (
        "name",
        "summary",
        "body",
        "inner_body",
        "kind",
        "lang",
        "desk_id",
        "escalation_desk_id",
        "audience_ids",
        "translation_group_id",
    )
)
# What only the methods of the article's life write.
LIFE_FIELDS = frozenset(
    (
        "state",
        "author_id",
        "editor_id",
        "publisher_id",
        "published_on",
        "revision_of_id",
    )
)
# Put into the context by the methods of the life. An object, not a value: no caller
# from outside can forge it.
_LIFE = object()


class SpocArticle(models.Model):
    """A solution, an instruction, an answer, a known error or escalation info.

    Life: draft -> review -> published -> retired. Words change in a draft only.
    Who publishes is neither the author nor the last one who changed the words.
    A published article is changed through a *revision*: a draft beside it, which
    replaces its words when published and is gone then; readers see the old words
    until that moment.

    Each language is an article of its own, tied to its original by
    ``translation_group_id``; desk and audience of a translation follow it.
    """

    _name = "spoc.article"
    _description = "Article"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "html.field.history.mixin",
        "spoc.search.mixin",
    ]
    _order = "name, id"

    _spoc_search_weights = {
        "A": ("name", "keywords"),
        "B": ("summary",),
        "C": ("body",),
    }
    _spoc_search_lang_field = "lang"

    name = fields.Char(
        "Question",
        required=True,
        tracking=True,
        help="In the words of those who ask, not in the words of those who answer.",
    )
    summary = fields.Char(help="The answer in one sentence; shown in search results.")
    body = fields.Html(
        "Answer",
        sanitize_style=True,
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
        help="Other words people use for it, separated by commas. Found by the "
        "search, not shown.",
    )
    kind = fields.Selection(
        [
            ("solution", "Solution"),
            ("howto", "Instruction"),
            ("answer", "Answer"),
            ("known_error", "Known error"),
            ("escalation", "Whom to turn to"),
        ],
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
    translation_group_id = fields.Many2one(
        "spoc.article",
        "Translation of",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=AUTHOR_GROUPS,
        domain="[('translation_group_id', '=', False), ('id', '!=', id),"
        " ('revision_of_id', '=', False)]",
    )
    translation_ids = fields.One2many(
        "spoc.article", "translation_group_id", "Translations", groups=AUTHOR_GROUPS
    )
    translation_outdated = fields.Boolean(
        compute="_compute_translation_outdated",
        groups=AUTHOR_GROUPS,
        help="The original was published again after this translation.",
    )
    service_ids = fields.Many2many(
        "spoc.service",
        "spoc_article_service_rel",
        "article_id",
        "service_id",
        "Services",
        help="The pages of these services show the article before the form.",
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
    escalation_desk_id = fields.Many2one(
        "spoc.desk",
        "Turn to",
        index="btree_not_null",
        ondelete="restrict",
        help="The desk that takes the matter over.",
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
    publisher_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False
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
        [
            ("draft", "Draft"),
            ("review", "In review"),
            ("published", "Published"),
            ("retired", "Retired"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    published_on = fields.Datetime("Published", readonly=True, copy=False)
    review_on = fields.Date(
        "Read again on",
        copy=False,
        tracking=True,
        help="The owner is asked on this day whether the article still holds.",
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
    revision_of_id = fields.Many2one(
        "spoc.article",
        "Revision of",
        readonly=True,
        copy=False,
        ondelete="cascade",
        groups=AUTHOR_GROUPS,
    )
    revision_ids = fields.One2many(
        "spoc.article", "revision_of_id", "Revisions", groups=AUTHOR_GROUPS
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
    is_translation = fields.Boolean(
        compute="_compute_is_translation",
        compute_sudo=True,
        export_string_translation=False,
    )
    may_publish = fields.Boolean(
        compute="_compute_may_publish", export_string_translation=False
    )
    # Earlier words may hold what was taken out for a reason: not for readers, and
    # not even for an agent who is but a reader of the article.
    html_field_history = fields.Json(groups=fields.NO_ACCESS, copy=False)
    html_field_history_metadata = fields.Json(groups=AUTHOR_GROUPS, compute_sudo=True)

    _lang_uniq = models.UniqueIndex(
        "(translation_group_id, lang) WHERE translation_group_id IS NOT NULL",
        "The article has a translation into this language already.",
    )
    _revision_uniq = models.UniqueIndex(
        "(revision_of_id) WHERE revision_of_id IS NOT NULL",
        "The article is being revised already.",
    )
    _review_idx = models.Index("(review_on) WHERE state = 'published'")

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

    def _get_versioned_fields(self):
        return ["body"]

    # ---- Constraints ----

    @api.constrains("state", "kind", "body", "escalation_desk_id")
    def _check_content(self):
        for article in self:
            if article.state in ("review", "published"):
                article._check_publishable()

    @api.constrains("translation_group_id", "lang", "desk_id", "audience_ids")
    def _check_translation(self):
        for article in self:
            original = article.translation_group_id
            if not original:
                if article.lang in article.translation_ids.mapped("lang"):
                    raise ValidationError(
                        self.env._(
                            "“%s” has a translation into this language.", article.name
                        )
                    )
                continue
            if original == article or original.translation_group_id:
                raise ValidationError(
                    self.env._("Tie “%s” to the original itself.", article.name)
                )
            if original.lang == article.lang:
                raise ValidationError(
                    self.env._("“%s” is in the language of its original.", article.name)
                )
            # A translation readable by more people would tell them the title.
            if (
                article.desk_id != original.desk_id
                or article.audience_ids != original.audience_ids
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” must have the desk and the audience of its original.",
                        article.name,
                    )
                )

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

    @api.depends("published_on", "translation_group_id.published_on")
    def _compute_translation_outdated(self):
        for article in self:
            original = article.translation_group_id
            article.translation_outdated = bool(
                original.published_on
                and article.published_on
                and original.published_on > article.published_on
            )

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
        groups = (
            self.env["spoc.article.use"]
            .sudo()
            ._read_group([("article_id", "in", self.ids)], ["article_id"], ["__count"])
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

    @api.depends("translation_group_id")
    def _compute_is_translation(self):
        for article in self:
            article.is_translation = bool(article.translation_group_id)

    @api.depends("state", "author_id", "editor_id")
    @api.depends_context("uid")
    def _compute_may_publish(self):
        for article in self:
            article.may_publish = (
                article.state == "review"
                and article.may_write
                and self.env.user not in article._spoc_writers()
            )

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        if not self._spoc_in_life():
            vals_list = [self._prepare_draft_values(vals) for vals in vals_list]
        return super().create(vals_list)

    def _prepare_draft_values(self, vals):
        """Values of a new article: a draft of the one who creates it.

        Set, not defaulted: ``default_*`` keys of the context must not name another
        author or state. Code running in sudo (import, demo, gateway) may name the
        author.
        """
        author = self.env.uid
        if self.env.su:
            author = vals.get("author_id") or author
        return {
            **vals,
            "state": "draft",
            "author_id": author,
            "editor_id": author,
            "publisher_id": False,
            "published_on": False,
            "revision_of_id": False,
            "content_version": 1,
        }

    def write(self, vals):
        self.check_access("write")
        if not self._spoc_in_life():
            if len(self) > 1 and CONTENT_FIELDS & vals.keys():
                # Each has a version of its own to count on.
                for article in self:
                    article.write(vals)
                return True
            vals = self._prepare_guarded_values(vals)
        versioned = self._get_versioned_fields()
        words = {name: value for name, value in vals.items() if name in versioned}
        plain = {name: value for name, value in vals.items() if name not in versioned}
        result = super().write(plain)
        if words:
            # sudo: html_field_history is closed to users; access was checked above
            result = super(SpocArticle, self.sudo()).write(words)
        return result

    def _prepare_guarded_values(self, vals):
        """Values a user may write; changed words get their writer and version.

        :raise UserError: fields of the life, words that are closed, or a stale form
        """
        if forbidden := LIFE_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "Use the buttons of the article; these fields are not written"
                    " by hand: %s",
                    ", ".join(sorted(forbidden)),
                )
            )
        vals = dict(vals)
        expected = vals.pop("content_version", None)
        if CONTENT_FIELDS & vals.keys():
            self._check_words_open()
            if expected is not None:
                self._check_not_stale(expected)
            vals["editor_id"] = self.env.uid
            vals["content_version"] = self.content_version + 1
        return vals

    def _check_words_open(self):
        """Only a draft may change its words (else: who checked them?)."""
        for article in self:
            if article.state == "draft":
                continue
            if article.state == "review":
                raise UserError(
                    self.env._(
                        "“%s” is being reviewed. Send it back to draft to change it.",
                        article.name,
                    )
                )
            raise UserError(
                self.env._(
                    "“%s” is not a draft. Revise it: readers keep the present words"
                    " until the revision is published.",
                    article.name,
                )
            )

    def _check_not_stale(self, expected):
        """Refuse words written on top of words the writer has not seen.

        :param int expected: ``content_version`` the caller's form was loaded with
        """
        for article in self:
            if article.content_version != expected:
                raise UserError(
                    self.env._(
                        "%(who)s changed “%(article)s” while you were writing. Your"
                        " text is still in the form: copy it, reload the page and"
                        " put it in again.",
                        who=article.editor_id.name or self.env._("Someone"),
                        article=article.name,
                    )
                )

    def copy_data(self, default=None):
        default = default or {}
        vals_list = super().copy_data(default)
        for article, vals in zip(self, vals_list, strict=True):
            if "name" not in default:
                vals["name"] = self.env._("%s (copy)", article.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        for article in self:
            if article.published_on:
                raise UserError(
                    self.env._(
                        "“%s” was published: retire it instead of deleting it.",
                        article.name,
                    )
                )

    # ---- Versions ----

    def html_field_history_get_content_at_revision(self, field_name, revision_id):
        return super(
            SpocArticle, self._spoc_with_history(field_name)
        ).html_field_history_get_content_at_revision(field_name, revision_id)

    def html_field_history_get_comparison_at_revision(self, field_name, revision_id):
        return super(
            SpocArticle, self._spoc_with_history(field_name)
        ).html_field_history_get_comparison_at_revision(field_name, revision_id)

    def html_field_history_get_unified_diff_at_revision(self, field_name, revision_id):
        return super(
            SpocArticle, self._spoc_with_history(field_name)
        ).html_field_history_get_unified_diff_at_revision(field_name, revision_id)

    def _spoc_with_history(self, field_name):
        """The article with its earlier versions, for those who may write it."""
        if field_name not in self._get_versioned_fields():
            raise UserError(self.env._("No versions are kept of this field."))
        self.check_access("write")
        # sudo: html_field_history is closed to users; access was checked above
        return self.sudo()

    # ---- Life ----

    def _spoc_in_life(self):
        """Whether a method of the article's life is at work."""
        return self.env.context.get("spoc_article_life") is _LIFE

    def _spoc_live(self):
        """The articles, open to the writes of the life's own methods."""
        return self.with_context(spoc_article_life=_LIFE)
