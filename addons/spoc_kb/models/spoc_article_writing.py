"""Saving an article: who may change what, and nobody writes over another unseen."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import is_html_empty

from ..exceptions import StaleWords

# Words people type; what is kept while they type, and compared when two wrote.
TEXT_FIELDS = (
    "name",
    "summary",
    "symptoms",
    "body",
    "inner_body",
    "escalation_when",
    "escalation_how",
    "escalation_collect",
)
# Words that stand in the article's own row, apart from the inner part; and the version
# they were written on.
PLAIN_FIELDS = {*TEXT_FIELDS} - {"inner_body"} | {"content_version"}
# What a reader is told and who may read it: changed in a draft only, so that a
# second person sees every word before the readers do.
CONTENT_FIELDS = frozenset(
    (
        *TEXT_FIELDS,
        "kind",
        "lang",
        "desk_id",
        "escalation_desk_id",
        "escalation_department_id",
        "escalation_job_id",
        "escalation_employee_id",
        "audience_ids",
        "file_ids",
        "governance",
        "translation_group_id",
    )
)
# Said of the article, in any state; kept in versions with the words.
ABOUT_FIELDS = ("keywords", "service_ids", "facet_value_ids")
# What only the methods of the article's life write.
LIFE_FIELDS = frozenset(
    (
        "state",
        "author_id",
        "editor_id",
        "approver_id",
        "approved_on",
        "publisher_id",
        "published_on",
        "checked_on",
        "substance_on",
        "confidence",
        "revision_of_id",
    )
)
# Formatted text of more characters says something.
EMPTY_LIMIT = 2000
# Put into the context by the methods of the life. An object, not a value: no caller
# from outside can forge it.
_LIFE = object()


class SpocArticle(models.Model):
    """Words change in a draft, each saving names the version it was written on."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    # ---- The life's own writes ----

    def _spoc_in_life(self):
        """Whether a method of the article's life is at work."""
        return self.env.context.get("spoc_article_life") is _LIFE

    def _spoc_live(self):
        """The articles, open to the writes of the life's own methods."""
        return self.with_context(spoc_article_life=_LIFE)

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        if not self._spoc_in_life():
            vals_list = [self._prepare_draft_values(vals) for vals in vals_list]
        articles = super().create(vals_list)
        articles._spoc_keep_first_versions()
        return articles

    def _prepare_draft_values(self, vals):
        """Values of a new article: a draft of the one who creates it.

        Set, not defaulted: ``default_*`` keys of the context must not name another
        author or state. Code running in sudo (import, demo, gateway) may name the
        author.
        """
        author = self.env.uid
        if self.env.su:
            author = vals.get("author_id") or author
        values = {**vals, **dict.fromkeys(LIFE_FIELDS, False)}
        values.update(
            {
                "state": "draft",
                "confidence": "wip",
                "author_id": author,
                "editor_id": author,
                "content_version": 1,
            }
        )
        return values

    @api.model
    def _spoc_content_fields(self):
        """Names of the fields changed in a draft only, each change a version.

        Whom to turn to is among them, whatever an upper addon adds to that.
        """
        return CONTENT_FIELDS.union(self._spoc_targets())

    def write(self, vals):
        if self._spoc_in_life():
            return super().write(vals)
        if len(self) > 1 and self._spoc_content_fields() & vals.keys():
            # Each has a version of its own to count on.
            for article in self:
                article.write(vals)
            return True
        # Once, and before anything is read: what follows needs no rule for reading.
        self.check_access("write")
        before = self._spoc_words(self._spoc_content_fields() & vals.keys())
        writer = self
        if vals.keys() <= PLAIN_FIELDS:
            # sudo: the right to write was checked above; plain words need no other
            writer = self.sudo()
        result = super(SpocArticle, writer).write(self._prepare_guarded_values(vals))
        if before:
            self._spoc_keep_version(before)
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
        if words := self._spoc_content_fields() & vals.keys():
            self._check_words_open()
            if expected is not None:
                self._check_not_stale(expected, words)
            vals["editor_id"] = self.env.uid
            vals["content_version"] = self.content_version + 1
        return vals

    def _check_words_open(self):
        """Only a draft may change its words (else: who checked them?)."""
        for article in self:
            if article.state == "draft":
                continue
            if article.state in ("review", "approved"):
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

    def _check_not_stale(self, expected, words):
        """Refuse words written on top of words the writer has not seen.

        Who changed one part while another changed a different one is no trouble:
        both stand.

        :param int expected: ``content_version`` the caller's form was loaded with
        :param words: names of the fields the caller writes
        :raise StaleWords: somebody changed the same words meanwhile
        """
        for article in self:
            if article.content_version == expected:
                continue
            if not words & article._spoc_changed_since(expected):
                continue
            raise StaleWords(
                self.env._(
                    "%(who)s changed “%(article)s” while you were writing. Your text"
                    " is still in the form and kept on the server.",
                    who=article.editor_id.name or self.env._("Someone"),
                    article=article.name,
                ),
                article.content_version,
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

    # ---- Words as plain data ----

    def _spoc_words(self, names):
        """The fields as plain data, fit for JSON.

        :param names: names of fields
        :return: dictionary: many2one -> id or False, many2many -> sorted ids, empty
            texts -> False
        """
        words = {}
        if not names:
            return words
        self.ensure_one()
        for name in names:
            value, kind = self[name], self._fields[name].type
            if kind == "many2many":
                value = sorted(value.ids)
            elif kind == "many2one":
                value = value.id
            elif kind == "html":
                # A long one is not empty, and takes long to look through.
                empty = len(value or "") < EMPTY_LIMIT and is_html_empty(value)
                value = False if empty else str(value)
            words[name] = value or False
        return words

    @api.model
    def _spoc_vals(self, words):
        """Plain data as values to write; what was deleted meanwhile is left out.

        :param dict words: see :meth:`_spoc_words`
        """
        vals = {}
        for name, value in words.items():
            field = self._fields[name]
            if field.type in ("many2one", "many2many"):
                ids = value if isinstance(value, list) else [value] if value else []
                found = self.env[field.comodel_name].browse(ids).exists()
                if field.type == "many2many":
                    value = [Command.set(found.ids)]
                else:
                    value = found.id
            vals[name] = value
        return vals
