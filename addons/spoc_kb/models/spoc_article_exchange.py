"""Articles written to files: what both directions share, and the way out."""

import mimetypes
import posixpath
import re

from odoo import api, fields, models

from .. import article_file, article_html

#: Key of the file -> field of the article, for plain texts and choices.
PLAIN = {
    "title": "name",
    "summary": "summary",
    "symptoms": "symptoms",
    "keywords": "keywords",
    "lang": "lang",
    "kind": "kind",
    "governance": "governance",
    "escalation_when": "escalation_when",
    "escalation_how": "escalation_how",
    "escalation_collect": "escalation_collect",
}
#: Key -> field, for what is named instead of numbered.
NAMED = {
    "services": "service_ids",
    "facets": "facet_value_ids",
    "audiences": "audience_ids",
    "escalation_desk": "escalation_desk_id",
    "escalation_department": "escalation_department_id",
    "escalation_job": "escalation_job_id",
    "escalation_employee": "escalation_employee_id",
}
STORED = re.compile(r"/web/(?:image|content)/([0-9]{1,9})\b")
PAGE = re.compile(r"(?:/[A-Za-z_]{2,8})?/spoc/article/([0-9]{1,9})\b")


class SpocArticle(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    origin_ref = fields.Char(
        "Name in its source",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="What the article is called where it came from: it is known again.",
    )


class SpocArticleExchange(models.AbstractModel):
    """Turns articles into the files of ``article_file``, and back.

    Everything runs with the rights of whoever exchanges. What an article refers to is
    written as a name, a code or a path, never as a database id.
    """

    _name = "spoc.article.exchange"
    _description = "Exchange of articles"

    # ------------------------------------------------------------------
    # Names
    # ------------------------------------------------------------------

    @api.model
    def _get_source(self):
        """What the articles of this database are told from others by."""
        return self.env["spoc.exchange"]._get_catalogue_id()

    def _get_ref(self, article):
        """Name by which other databases know an article: ``source/name``."""
        return article.origin_ref or f"{self._get_source()}/{article.id}"

    @api.model
    def _get_name(self, record):
        """What a record the article refers to is called in a file."""
        # English, so that a file says the same whoever writes it.
        record = record.with_context(lang="en_US")
        if record._name == "spoc.desk":
            return record.code or record.name
        if record._name == "spoc.facet.value":
            return record.display_name
        return record.name

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    @api.model
    def _spoc_export(self, articles):
        """A zip of the articles, with their pictures and files.

        The inner part is in it for those only who may read it; revisions at work are
        left out, their articles are there.

        :param articles: spoc.article
        :return: bytes, see ``article_file.write``
        """
        articles.check_access("read")
        articles = articles.filtered(lambda one: not one.revision_of_id)
        files, entries, places = {}, [], {}
        for article in articles:
            stem = article_html.slug(article.name) or "article"
            places[article.id] = f"{stem}-{article.id}.md"
        for article in articles:
            entries.append(self._export_article(article, places, files))
        name = self.env.company.name
        return article_file.write(self._get_source(), name, entries, files)

    @api.model
    def _spoc_named(self):
        """Key in a file -> field, for what is named there. Hook: add to it."""
        return dict(NAMED)

    def _export_article(self, article, places, files):
        """One entry.

        :param dict places: id -> name of the file, of all that are exported
        :param dict files: path -> content; what the article holds is added
        """
        entry = {
            "place": places[article.id],
            "ref": self._get_ref(article),
            "state": article.state,
            "published_on": str(article.published_on or ""),
            "desk": self._get_name(article.desk_id) if article.desk_id else "",
        }
        for key, name in PLAIN.items():
            entry[key] = article[name] or ""
        for key, name in self._spoc_named().items():
            # sudo: names of what the article refers to; the article is theirs to read
            records = article.sudo()[name]
            names = [self._get_name(record) for record in records]
            many = article._fields[name].type == "many2many"
            entry[key] = sorted(names) if many else "".join(names)
        original = article.translation_group_id
        entry["translation_of"] = self._get_ref(original) if original else ""

        def place(source):
            return self._export_address(article, source, places, files)

        for key in ("body", "inner_body"):
            entry[key] = article_html.with_sources(str(article[key] or ""), place)
        entry["files"] = [
            self._put_file(attachment, files)
            # sudo: whoever may read the article may download its files
            for attachment in article.sudo().file_ids
        ]
        return {key: value for key, value in entry.items() if value}

    def _export_address(self, article, source, places, files):
        """Where a link or picture points to within the zip, by its source."""
        if found := PAGE.match(source):
            # Elsewhere its number belongs to another article.
            return places.get(int(found[1])) or article.get_base_url() + source
        if found := STORED.match(source):
            attachment = article._spoc_find_file(int(found[1]))
            if not attachment and article.has_access("write"):
                # Pictures of the agents' part are theirs who write the article.
                attachment = self._find_own_file(article, int(found[1]))
            if attachment:
                return self._put_file(attachment, files)
        return source

    def _find_own_file(self, article, attachment_id):
        return self.env["ir.attachment"].search(
            [
                ("id", "=", attachment_id),
                ("res_model", "=", article._name),
                ("res_id", "=", article.id),
            ]
        )

    def _put_file(self, attachment, files):
        """Add a file to the zip.

        :return: its path
        """
        stem, suffix = posixpath.splitext(posixpath.basename(attachment.name or ""))
        suffix = suffix or mimetypes.guess_extension(attachment.mimetype or "") or ""
        stem = article_html.slug(stem) or "file"
        path = f"files/{attachment.id}-{stem}{suffix}"
        files[path] = attachment.raw or b""
        return path
