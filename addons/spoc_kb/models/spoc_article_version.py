"""Every saving of an article's words, to look at, compare and restore."""

import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import article_diff
from .spoc_article import AUTHOR_GROUPS
from .spoc_article_writing import ABOUT_FIELDS

# In reading order. The language and the tie to the original are no words to restore.
VERSION_FIELDS = (
    "name",
    "summary",
    "kind",
    "symptoms",
    "body",
    "escalation_desk_id",
    "escalation_department_id",
    "escalation_job_id",
    "escalation_employee_id",
    "escalation_when",
    "escalation_how",
    "escalation_collect",
    "inner_body",
    "keywords",
    "file_ids",
    "service_ids",
    "facet_value_ids",
    "desk_id",
    "audience_ids",
    "governance",
)
HTML_FIELDS = ("body", "inner_body")
# Who owns it and who may read it is not turned back with the words.
NOT_RESTORED = ("desk_id", "audience_ids")
# As in ``spoc_article_writing``: no caller from outside can forge it.
_NOTE = object()


def pack_quickly(cr, table, column):
    """Have PostgreSQL pack a column in the quicker way, where it can.

    Long words are written twice at each saving; packing them is most of what it takes.
    """
    # SQL: how a column is packed is not within the ORM's reach
    cr.execute(
        "SELECT FROM pg_settings WHERE name = 'default_toast_compression'"
        " AND 'lz4' = ANY(enumvals)"
    )
    if cr.rowcount:
        cr.execute(
            SQL(
                "ALTER TABLE %s ALTER COLUMN %s SET COMPRESSION lz4",
                SQL.identifier(table),
                SQL.identifier(column),
            )
        )


class SpocArticleVersion(models.Model):
    """One saving of one article. Nobody changes or deletes it.

    ``content`` holds what the saving changed, each field whole, as plain data (see
    ``spoc.article._spoc_words``); the first version holds everything. What the
    article said at a version is the last value of each field up to it.
    """

    _name = "spoc.article.version"
    _description = "Version of an article"
    _order = "article_id, number desc"
    _log_access = False

    article_id = fields.Many2one(
        "spoc.article", required=True, readonly=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    date = fields.Datetime("Saved on", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Saved by", readonly=True, ondelete="set null"
    )
    content = fields.Json(readonly=True, prefetch=False)
    published_on = fields.Datetime("Published", readonly=True)
    publisher_id = fields.Many2one(
        "res.users", "Published by", readonly=True, ondelete="set null"
    )
    note = fields.Char("What changed", readonly=True)
    is_minor = fields.Boolean(
        "Small change",
        readonly=True,
        help="The publisher found that translations need not follow.",
    )
    is_current = fields.Boolean(compute="_compute_is_current")
    changed_text = fields.Char("Changed", compute="_compute_changed_text")
    difference = fields.Html(
        "What changed in it", compute="_compute_difference", sanitize=False
    )
    content_html = fields.Html(
        "As it was", compute="_compute_content_html", sanitize=False
    )

    _number_uniq = models.UniqueIndex("(article_id, number)")

    def init(self):
        """Pack what it holds quickly."""
        pack_quickly(self.env.cr, self._table, "content")
        return super().init()

    @api.depends("number", "article_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(article)s, version %(number)s",
                article=version.article_id.name or "",
                number=version.number,
            )

    @api.depends("number", "article_id.content_version")
    def _compute_is_current(self):
        for version in self:
            version.is_current = version.number == version.article_id.content_version

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_changed_text(self):
        labels = self._spoc_labels()
        for version in self:
            if version.number == 1:
                version.changed_text = self.env._("Written")
                continue
            names = [label for name, label in labels.items() if name in version.content]
            version.changed_text = ", ".join(names)

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_difference(self):
        for version in self:
            after = version._spoc_content()
            before = version._spoc_content(version._get_number_before())
            version.difference = self._spoc_difference(before, after)

    def _get_number_before(self):
        """What it is compared with: a published one with the one published before."""
        self.ensure_one()
        if self.published_on:
            published = self.search(
                [
                    ("article_id", "=", self.article_id.id),
                    ("number", "<", self.number),
                    ("published_on", "!=", False),
                ],
                limit=1,
            )
            return published.number
        return self.number - 1

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_content_html(self):
        for version in self:
            parts = self._spoc_parts(version._spoc_content())
            version.content_html = article_diff.whole(parts)

    # ---- Append only ----

    def write(self, vals):
        if vals and self.env.context.get("spoc_article_version") is not _NOTE:
            raise UserError(self.env._("A version is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("A version is never deleted."))

    def _spoc_note(self, vals):
        """What the life of the article adds to a version: publication, new number."""
        self.with_context(spoc_article_version=_NOTE).write(vals)

    # ---- Content ----

    def _spoc_content(self, number=None):
        """What the article said at this version, or at another one of its numbers.

        :param int number: a version's number, default this one's
        :return: dictionary: field name -> plain data; empty before the first
        """
        self.ensure_one()
        number = self.number if number is None else number
        versions = self.search(
            [("article_id", "=", self.article_id.id), ("number", "<=", number)],
            order="number",
        )
        content = {}
        for version in versions:
            content.update(version.content or {})
        return content

    @api.model
    def _spoc_labels(self):
        """Field name -> heading in the user's language, in reading order."""
        # sudo: the names of fields, which groups may hide
        articles = self.env["spoc.article"].sudo()
        names = articles._spoc_version_fields()
        described = articles.fields_get(names)
        return {name: described[name]["string"] for name in names}

    @api.model
    def _spoc_parts(self, content):
        """A content for people to read.

        :param dict content: see the class
        :return: dictionary: heading -> ``(is_html, text)``
        """
        parts = {}
        Article = self.env["spoc.article"]
        for name, label in self._spoc_labels().items():
            value, field = content.get(name), Article._fields[name]
            if not value:
                text = ""
            elif field.type in ("many2one", "many2many"):
                ids = value if isinstance(value, list) else [value]
                # sudo: what is named in a version the reader may read
                records = self.env[field.comodel_name].sudo().browse(ids).exists()
                gone = [self.env._("(deleted)")] * (len(ids) - len(records))
                text = ", ".join([*records.mapped("display_name"), *gone])
            elif field.type == "selection":
                text = dict(field._description_selection(self.env)).get(value, value)
            else:
                text = value
            parts[label] = (name in HTML_FIELDS, text)
        return parts

    @api.model
    def _spoc_difference(self, before, after):
        """Readable difference of two contents, as safe HTML.

        :param dict before: see the class; empty: there was nothing
        :param dict after: see the class
        """
        if not before:
            text = self.env._("The first version: there is nothing to compare it with.")
            return article_diff.sentence(text)
        return article_diff.difference(
            self._spoc_parts(before), self._spoc_parts(after)
        ) or article_diff.sentence(self.env._("Nothing differs."))

    def action_restore(self):
        """Put the words of this version into the article's draft.

        A published article gets a revision with them; readers see them when that is
        published. The words they replace stay a version.
        """
        self.ensure_one()
        return self.article_id._spoc_restore(self._spoc_content())


class SpocArticle(models.Model):
    """Keeps a version at every saving of the words."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    version_ids = fields.One2many(
        "spoc.article.version",
        "article_id",
        "Versions",
        copy=False,
        groups=AUTHOR_GROUPS,
    )

    def init(self):
        """Pack the answers quickly."""
        pack_quickly(self.env.cr, self._table, "body")
        return super().init()

    @api.model
    def _spoc_version_fields(self):
        """Names of the fields versions keep, in reading order."""
        targets = self._spoc_targets()
        own = [name for name in VERSION_FIELDS if name not in targets]
        at = own.index("escalation_when")
        return [*own[:at], *targets, *own[at:]]

    def _spoc_keep_first_versions(self):
        """Version 1 of new articles: all of it."""
        now = fields.Datetime.now()
        vals_list = [
            {
                "article_id": article.id,
                "number": article.content_version,
                "date": now,
                "user_id": article.editor_id.id,
                "content": article._spoc_words(self._spoc_version_fields()),
            }
            # sudo: the inner part is told in versions to those who may write the
            # article
            for article in self.sudo()
        ]
        # sudo: versions are nobody's to create by hand
        self.env["spoc.article.version"].sudo().create(vals_list)

    def _spoc_keep_version(self, before):
        """Keep what a saving changed.

        :param dict before: the words as they were, see ``_spoc_words``
        """
        after = self._spoc_words(before)
        changed = [name for name in after if after[name] != before[name]]
        stored = [
            name
            for name in changed
            if self._fields[name].store and self._fields[name].column_type
        ]
        others = {name: after[name] for name in changed if name not in stored}
        self.flush_recordset()
        # SQL: long words go from one table to the other without passing through here
        # again; versions are nobody's to create, the article was written before
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO spoc_article_version
                       (article_id, number, date, user_id, content)
                SELECT id, content_version, %(now)s, %(user)s,
                       jsonb_build_object(%(words)s) || %(others)s::jsonb
                  FROM spoc_article
                 WHERE id = %(id)s
                """,
                now=fields.Datetime.now(),
                user=self.env.uid,
                words=SQL(", ").join(
                    SQL("%s, %s", name, SQL.identifier(name)) for name in stored
                ),
                others=json.dumps(others),
                id=self.id,
            )
        )
        self.invalidate_recordset(["version_ids"], flush=False)

    def _spoc_changed_since(self, number):
        """Names of the fields that changed after a version.

        :param int number: of the version; all fields when it is not known
        """
        self.ensure_one()
        if number < 1:
            return set(self._spoc_content_fields())
        # sudo: what is told is names of fields, to somebody who writes them
        versions = self.env["spoc.article.version"].sudo()
        later = versions.search([("article_id", "=", self.id), ("number", ">", number)])
        if len(later) != self.content_version - number:
            return set(self._spoc_content_fields())
        return {name for version in later for name in version.content or {}}

    def _spoc_restore(self, content):
        """Write the words of a version into the draft, or into a revision.

        :param dict content: see ``spoc.article.version``
        :return: action opening what was written to
        """
        self.ensure_one()
        self.check_access("write")
        target = self
        if self.state == "published":
            target = self.revision_ids[:1] or self._spoc_create_revision()
        target._check_words_open()
        restorable = self._spoc_content_fields().union(ABOUT_FIELDS)
        words = {
            name: value
            for name, value in content.items()
            if name not in NOT_RESTORED and name in restorable
        }
        target.write(target._spoc_vals(words))
        return target._get_records_action()

    def action_open_versions(self):
        """Versions of the article, the newest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_kb.spoc_article_version_action"
        )
        action["domain"] = [("article_id", "=", self.id)]
        return action

    def _spoc_mark_published(self, note, minor):
        """Say of the present version that readers were shown it.

        :param str note: what changed, in the publisher's words
        :param bool minor: whether translations need not follow
        """
        versions = self.env["spoc.article.version"]
        for article in self:
            # sudo: versions are nobody's to write
            version = versions.sudo().search(
                [
                    ("article_id", "=", article.id),
                    ("number", "=", article.content_version),
                ]
            )
            version._spoc_note(
                {
                    "published_on": fields.Datetime.now(),
                    "publisher_id": self.env.uid,
                    "note": note,
                    "is_minor": minor,
                }
            )

    def _spoc_take_versions(self, revision):
        """Hand the savings of a revision over to the article it revises.

        :param revision: spoc.article record
        """
        self.ensure_one()
        # sudo: versions are nobody's to write
        revision = revision.sudo()
        first, *others = revision.version_ids.sorted("number")
        names = self._spoc_version_fields()
        # sudo: the words are compared whole, also those few may read
        own = self.sudo()._spoc_words(names)
        # What was said of the article without a version of its own comes first.
        last = self.content_version
        for version in others or first:
            last += 1
            version._spoc_note({"article_id": self.id, "number": last})
        words = revision._spoc_words(names)
        missing = {name: words[name] for name in words if words[name] != own[name]}
        newest = others[-1] if others else first
        newest._spoc_note({"content": {**missing, **newest.content}})
        return last
