"""Words kept on the server while they are typed, and who else is typing."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, html_sanitize

from .. import article_diff
from .spoc_article_writing import TEXT_FIELDS

# What is kept: the words, not who may read them.
KEPT_FIELDS = (*TEXT_FIELDS, "keywords")
# Who typed in the last minutes is told to others as being at work.
PRESENT = timedelta(minutes=3)
KEPT_DAYS = 60
# More than a form can hold; a call of that size is no form's.
SIZE_LIMIT = 8_000_000


class SpocArticleUnsaved(models.Model):
    """What one person typed into one article and has not saved.

    Written by the form every few seconds, offered back when the person opens the
    article again, gone when they save or throw it away.
    """

    _name = "spoc.article.unsaved"
    _description = "Unsaved words of an article"
    _order = "date desc"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade"
    )
    article_id = fields.Many2one(
        "spoc.article",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: an article that was never saved.",
    )
    version = fields.Integer(help="Version of the words it was typed on.")
    date = fields.Datetime(required=True)
    content = fields.Json(help="Field name -> text.")

    _person_uniq = models.UniqueIndex("(user_id, COALESCE(article_id, 0))")

    @api.model
    def _spoc_article(self, article_id):
        """The article, if the user may write it; empty for a new one.

        :raise AccessError: the user may not
        """
        article = self.env["spoc.article"].browse(article_id or [])
        if article:
            article.check_access("write")
        else:
            article.check_access("create")
        return article

    @api.model
    def keep(self, article_id, version, content):
        """Keep what the current user has typed, in place of what was kept before.

        :param int article_id: 0 or False for a new article
        :param int version: ``content_version`` the form was loaded with
        :param dict content: field name -> text; other fields are left out
        :return: see :meth:`offered`, without ``content``
        """
        article = self._spoc_article(article_id)
        content = {
            name: content[name]
            for name in KEPT_FIELDS
            if isinstance(content.get(name, None), str | bool)
        }
        if sum(len(text) for text in content.values() if text) > SIZE_LIMIT:
            content = {}
        # SQL: two tabs of one person may keep at the same moment; the later one holds
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO spoc_article_unsaved
                       (user_id, article_id, version, date, content)
                VALUES (%(user)s, %(article)s, %(version)s, %(now)s, %(content)s)
                    ON CONFLICT (user_id, COALESCE(article_id, 0)) DO UPDATE
                   SET version = EXCLUDED.version, date = EXCLUDED.date,
                       content = EXCLUDED.content
                """,
                user=self.env.uid,
                article=article.id or None,
                version=int(version or 0),
                now=fields.Datetime.now(),
                content=self._fields["content"].convert_to_column(content, self),
            )
        )
        self.invalidate_model()
        return self._spoc_around(article)

    @api.model
    def offered(self, article_id):
        """What the current user typed and never saved, and who else is typing.

        :param int article_id: 0 or False for a new article
        :return: ``{"content": {field: text} or False, "date": datetime or False,
            "kept_version": int, "version": int, "others": [name, ...]}``;
            ``kept_version``: what the words were typed on, ``version``: what stands
        """
        article = self._spoc_article(article_id)
        # sudo: one's own words only
        kept = self.sudo().search(
            [("user_id", "=", self.env.uid), ("article_id", "=", article.id)], limit=1
        )
        content = self._spoc_clean(article, kept.content or {})
        return {
            **self._spoc_around(article),
            "content": content or False,
            "date": kept.date if content else False,
            "kept_version": kept.version,
        }

    @api.model
    def _spoc_clean(self, article, content):
        """What was kept, cleaned as it would be when saved, without what is the same.

        :return: dictionary: field name -> text
        """
        Article = self.env["spoc.article"]
        clean = {}
        saved = article._spoc_words(content) if article else {}
        for name, text in content.items():
            if text and Article._fields[name].type == "html":
                text = str(html_sanitize(text, sanitize_style=True))
            if (text or False) != (saved.get(name) or False):
                clean[name] = text or False
        return clean

    @api.model
    def _spoc_around(self, article):
        """Who else types in the article, and the version that stands."""
        if not article:
            return {"others": [], "version": 0}
        # sudo: names of those who write the same article, told to one of them
        others = self.sudo().search(
            [
                ("article_id", "=", article.id),
                ("user_id", "!=", self.env.uid),
                ("date", ">=", fields.Datetime.now() - PRESENT),
            ]
        )
        return {
            "others": others.user_id.mapped("name"),
            "version": article.content_version,
        }

    @api.model
    def forget(self, article_id):
        """Throw away what the current user typed: it was saved, or is not wanted.

        :param int article_id: 0 or False for a new article
        """
        # sudo: one's own words only
        self.sudo().search(
            [("user_id", "=", self.env.uid), ("article_id", "=", article_id or False)]
        ).unlink()

    @api.autovacuum
    def _gc_unsaved(self):
        """What nobody came back for."""
        old = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("date", "<", old)], limit=1000).unlink()


class SpocArticle(models.Model):
    """Two texts beside each other when two have written."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    def spoc_compare_words(self, version, content):
        """What somebody saved meanwhile, beside what the caller has typed.

        :param int version: ``content_version`` the caller's form was loaded with
        :param dict content: field name -> text, what the caller would save
        :return: ``{"version": int, "who": name, "parts": [{"name", "label", "mine",
            "theirs", "difference"}, ...]}``: safe HTML, only what both changed
        """
        self.ensure_one()
        self.check_access("write")
        changed = self._spoc_changed_since(version) & self._spoc_content_fields()
        described = self.fields_get(KEPT_FIELDS, ["string", "type"])
        parts = []
        for name in KEPT_FIELDS:
            if name not in content or name not in changed or name not in described:
                continue
            is_html = described[name]["type"] == "html"
            mine = content[name] or ""
            if is_html:
                mine = str(html_sanitize(mine, sanitize_style=True))
            theirs = str(self[name] or "")
            if mine == theirs:
                continue
            show = {"is_html": is_html}
            parts.append(
                {
                    "name": name,
                    "label": described[name]["string"],
                    "mine": str(article_diff.shown(mine, **show)),
                    "theirs": str(article_diff.shown(theirs, **show)),
                    "difference": str(article_diff.changed(theirs, mine, **show)),
                }
            )
        return {
            "version": self.content_version,
            "who": self.editor_id.name or "",
            "parts": parts,
        }
