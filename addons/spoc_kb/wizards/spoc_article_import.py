"""Read articles from a zip of Markdown or HTML files, or from a spreadsheet."""

import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.spoc_catalog.wizards.spoc_catalog_import import STATUSES

from .. import article_file

# So long one request may work; what is left is done when one goes on.
SECONDS = 45


class SpocArticleImport(models.TransientModel):
    """Upload, look at what would happen, import; go on where time ran out."""

    _name = "spoc.article.import"
    _description = "Import of articles"

    origin = fields.Selection(
        "_get_origins", string="From", required=True, default="file"
    )
    has_origins = fields.Boolean(
        default=lambda self: len(self._get_origins()) > 1,
        readonly=True,
        export_string_translation=False,
    )
    data = fields.Binary(string="File", attachment=False)
    filename = fields.Char()
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
    state = fields.Selection(
        [("upload", "File"), ("check", "Look"), ("done", "Done")],
        default="upload",
        required=True,
    )
    problem = fields.Text(readonly=True)
    line_ids = fields.One2many("spoc.article.import.line", "wizard_id", string="Rows")
    summary = fields.Char(compute="_compute_summary")
    is_waiting = fields.Boolean(compute="_compute_summary")

    @api.model
    def _get_origins(self):
        """Where articles may come from. Hook: add to the list, and to ``_read``."""
        origins = [("file", self.env._("A file"))]
        if "document.page" in self.env:
            origins.append(("document_page", self.env._("Document pages")))
        return origins

    @api.depends("line_ids.status", "state")
    @api.depends_context("lang")
    def _compute_summary(self):
        labels = dict(
            self.env["spoc.article.import.line"]
            ._fields["status"]
            ._description_selection(self.env)
        )
        for wizard in self:
            rows = wizard.line_ids.grouped("status")
            wizard.summary = " · ".join(
                f"{label}: {len(rows[status])}"
                for status, label in labels.items()
                if status in rows
            )
            wizard.is_waiting = "waiting" in rows

    @api.onchange("data", "origin")
    def _onchange_data(self):
        self.problem = False

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_check(self):
        """Say row by row what importing would do; nothing is changed."""
        return self._run(dry=True)

    def action_import(self):
        """Import what can be imported; again, to go on."""
        return self._run(dry=False)

    def action_back(self):
        """Choose another file."""
        self.write({"state": "upload", "problem": False})
        return self._get_action()

    def action_open_articles(self):
        """The articles of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_kb.spoc_article_action"
        )
        action["domain"] = [("id", "in", self.line_ids.article_id.ids)]
        return action

    def _run(self, dry):
        self.ensure_one()
        exchange = self.env["spoc.article.exchange"]
        try:
            source, entries, files = self._read()
        except article_file.FileFault as fault:
            return self._refuse(exchange._get_fault_text(fault.code, fault.params))
        except binascii.Error:
            return self._refuse(self.env._("The file did not arrive whole."))
        options = {
            "source": (self.source or source or self.filename or "").replace("/", "-"),
            "desk": self.desk_id,
            "lang": self.lang,
            "submit": self.submit,
            "seconds": SECONDS,
            "dry": dry,
        }
        if not self.source and source:
            options["source"] = source
        rows = exchange._spoc_import(entries, files, options)
        waiting = any(row["status"] == "waiting" for row in rows)
        self.line_ids.unlink()
        self.write(
            {
                "state": "check" if dry or waiting else "done",
                "problem": False,
                "source": options["source"],
                "line_ids": [Command.create(self._get_line_vals(row)) for row in rows],
            }
        )
        return self._get_action()

    def _read(self):
        """What to import: ``(source, entries, files)``, see ``article_file.read``."""
        if self.origin == "document_page":
            return self.env["spoc.article.exchange"]._spoc_read_pages()
        data = base64.b64decode(self.data or b"", validate=False)
        return article_file.read(data, self.filename or "")

    def _refuse(self, problem):
        """Say beside the file what is wrong with it."""
        self.write(
            {"state": "upload", "problem": problem, "line_ids": [Command.clear()]}
        )
        return self._get_action()

    def _get_line_vals(self, row):
        return {
            "number": row["number"],
            "place": row["place"],
            "name": row["name"],
            "status": row["status"],
            "text": row["text"],
            "article_id": row["res_id"],
        }

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import articles"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }


class SpocArticleImportLine(models.TransientModel):
    """What becomes of one article of the file."""

    _name = "spoc.article.import.line"
    _description = "Row of an import of articles"
    _order = "number, id"

    wizard_id = fields.Many2one(
        "spoc.article.import", required=True, ondelete="cascade", index=True
    )
    number = fields.Integer(readonly=True, aggregator=None)
    place = fields.Char("File or row", readonly=True)
    name = fields.Char(readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    text = fields.Text("What it says", readonly=True)
    article_id = fields.Many2one("spoc.article", readonly=True, ondelete="cascade")

    def action_open(self):
        """The article of the row."""
        self.ensure_one()
        if not self.article_id:
            raise UserError(self.env._("It is not here yet."))
        return self.article_id._get_records_action()
