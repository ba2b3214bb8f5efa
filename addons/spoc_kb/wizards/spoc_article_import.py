"""Read articles from a zip of Markdown or HTML files, or from a spreadsheet."""

import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import article_file

# So long one batch may work.
SECONDS = 8


class SpocArticleImport(models.TransientModel):
    """Upload, look at what would happen, import a batch at a time."""

    _name = "spoc.article.import"
    _inherit = ["spoc.import.mixin"]
    _description = "Import of articles"

    origin = fields.Selection(
        "_get_origins", string="From", required=True, default="file"
    )
    has_origins = fields.Boolean(
        default=lambda self: len(self._get_origins()) > 1,
        readonly=True,
        export_string_translation=False,
    )
    source = fields.Char(
        "Collection",
        help="What the articles of this file are told from others by: read again under "
        "the same name they are known again. Empty: what the file says, else its "
        "name.",
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        string="Desk for the rest",
        default=lambda self: self.env["spoc.article"]._default_desk_id(),
        help="Takes the articles that name no desk.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language of the rest",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    submit = fields.Boolean(
        "Ask for review at once",
        help="Otherwise they stay drafts. A second person reads them in any case.",
    )
    line_ids = fields.One2many("spoc.article.import.line", "wizard_id", string="Rows")

    @api.model
    def _get_origins(self):
        """Where articles may come from. Hook: add to the list, and to ``_read``."""
        origins = [("file", self.env._("A file"))]
        if "document.page" in self.env:
            origins.append(("document_page", self.env._("Document pages")))
        return origins

    @api.depends("line_ids.status", "line_ids.open_links", "line_ids.to_submit")
    def _compute_summary(self):
        return super()._compute_summary()

    @api.onchange("origin")
    def _onchange_origin(self):
        self.problem = False

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_open_articles(self):
        """The articles of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_kb.spoc_article_action"
        )
        action["domain"] = [("id", "in", self.line_ids.article_id.ids)]
        return action

    def _run(self, dry):
        exchange = self.env["spoc.article.exchange"]
        try:
            source, entries, files = self._read()
        except article_file.FileFault as fault:
            self._refuse(exchange._get_fault_text(fault.code, fault.params))
            return
        except binascii.Error:
            self._refuse(self.env._("The file did not arrive whole."))
            return
        options = {
            "source": (self.source or source or self.filename or "").replace("/", "-"),
            "desk": self.desk_id,
            "lang": self.lang,
            "submit": self.submit,
            "seconds": SECONDS,
            "done": self.line_ids._get_done() if self.is_running else {},
            "dry": dry,
        }
        if not self.source and source:
            options["source"] = source
        rows = exchange._spoc_import(entries, files, options)
        self._keep_rows(rows)
        waiting = bool(self.line_ids._get_waiting())
        self.write(
            {
                "state": "check" if dry or waiting else "done",
                "problem": False,
                "source": options["source"],
            }
        )

    def _keep_rows(self, rows):
        """Keep what is new in the lines; what was done before stays as it is."""
        held = {line.number: line for line in self.line_ids}
        fresh = []
        for row in rows:
            vals = self._get_line_vals(row)
            line = held.pop(row["number"], None)
            if line is None:
                fresh.append({**vals, "wizard_id": self.id})
            elif line._get_row() != row:
                line.write(vals)
        self.env["spoc.article.import.line"].create(fresh)
        self.line_ids.browse([line.id for line in held.values()]).unlink()

    def _read(self):
        """What to import: ``(source, entries, files)``, see ``article_file.read``."""
        if self.origin == "document_page":
            return self.env["spoc.article.exchange"]._spoc_read_pages()
        data = base64.b64decode(self.data or b"", validate=False)
        return article_file.read(data, self.filename or "")

    def _get_line_vals(self, row):
        return {
            "number": row["number"],
            "place": row["place"],
            "name": row["name"],
            "status": row["status"],
            "text": row["text"],
            "article_id": row["res_id"],
            "open_links": row["open_links"],
            "to_submit": row["to_submit"],
        }

    def _get_title(self):
        return self.env._("Import articles")


class SpocArticleImportLine(models.TransientModel):
    """What becomes of one article of the file."""

    _name = "spoc.article.import.line"
    _inherit = ["spoc.import.line.mixin"]
    _description = "Row of an import of articles"
    _order = "is_fault desc, number, id"

    wizard_id = fields.Many2one(
        "spoc.article.import", required=True, ondelete="cascade", index=True
    )
    place = fields.Char("File or row", readonly=True)
    article_id = fields.Many2one("spoc.article", readonly=True, ondelete="cascade")
    # It leads to articles that come later in the file; it goes to review in the end.
    open_links = fields.Boolean(readonly=True, export_string_translation=False)
    to_submit = fields.Boolean(readonly=True, export_string_translation=False)

    def _get_waiting(self):
        return self.filtered(
            lambda line: line.status == "waiting" or line.open_links or line.to_submit
        )

    def _count_steps(self):
        # Reading it, its links, its review.
        return sum(
            3 if line.status == "waiting" else line.open_links + line.to_submit
            for line in self
        )

    def _get_row(self):
        """The line as ``spoc.article.exchange`` tells it."""
        self.ensure_one()
        return {
            "number": self.number,
            "place": self.place,
            "name": self.name,
            "status": self.status,
            "text": self.text or "",
            "res_id": self.article_id.id,
            "open_links": self.open_links,
            "to_submit": self.to_submit,
        }

    def _get_done(self):
        """Rows that need not be read again: number -> row."""
        read = self.filtered(lambda line: line.status != "waiting")
        return {line.number: line._get_row() for line in read}

    def action_open(self):
        """The article of the row."""
        self.ensure_one()
        if not self.article_id:
            raise UserError(self.env._("It is not here yet."))
        return self.article_id._get_records_action()
