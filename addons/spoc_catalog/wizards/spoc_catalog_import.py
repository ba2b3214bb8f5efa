"""Read services with their forms from a file."""

import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .. import catalog_file
from .spoc_catalog_import_missing import USUAL

# So long one batch may work.
SECONDS = 20


class SpocCatalogImport(models.TransientModel):
    """Upload, look at what would happen, decide about what is missing, import."""

    _name = "spoc.catalog.import"
    _inherit = ["spoc.import.mixin"]
    _description = "Import of services"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    category_id = fields.Many2one(
        "spoc.category",
        string="Put below",
        help="The categories of the file become parts of this one. Empty: they stand "
        "as they are.",
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        string="Desk for the rest",
        domain="[('company_id', '=', company_id)]",
        help="Takes the services for which the file names no desk.",
    )
    publish = fields.Boolean(
        string="Publish what is published there",
        help="Otherwise new services are drafts. Services that are here stay as they "
        "are, drafts or published.",
    )
    catalogue_name = fields.Char(string="Catalogue", readonly=True)
    languages = fields.Char(string="Languages left out", readonly=True)
    line_ids = fields.One2many("spoc.catalog.import.line", "wizard_id", string="Rows")
    missing_ids = fields.One2many(
        "spoc.catalog.import.missing", "wizard_id", string="Missing here"
    )

    @api.depends("line_ids.status")
    def _compute_summary(self):
        return super()._compute_summary()

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_open_services(self):
        """The services of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("id", "in", self.line_ids.mapped("service_id").ids)]
        return action

    def _run(self, dry):
        exchange = self.env["spoc.exchange"]
        exchange._check_import_access()
        try:
            data = base64.b64decode(self.data or b"", validate=False)
            catalogue, faults = catalog_file.read(data)
        except catalog_file.FileFault as fault:
            self._refuse(exchange._get_file_fault_text(fault))
            return
        except binascii.Error:
            self._refuse(self.env._("The file did not arrive whole."))
            return
        report = exchange._spoc_import(
            catalogue, faults, {**self._get_options(), "dry": dry}
        )
        self._keep_report(report, catalogue, dry)

    def _refuse(self, problem):
        self.missing_ids.unlink()
        return super()._refuse(problem)

    def _get_options(self):
        return {
            "company": self.company_id,
            "root": self.category_id,
            "desk": self.desk_id,
            "publish": self.publish,
            "seconds": SECONDS,
            "decisions": self.missing_ids._get_decisions(),
            "asked": {(line.kind, line.name) for line in self.missing_ids},
            "usual": USUAL,
        }

    def _keep_report(self, report, catalogue, dry):
        """Show what happened, keeping what was decided."""
        exchange = self.env["spoc.exchange"]
        Lang = self.env["res.lang"].with_context(active_test=False)
        langs = Lang.search([("code", "in", report["languages"])])
        names = {lang.code: lang.name for lang in langs}
        waiting = any(row["status"] == "waiting" for row in report["rows"])
        self.line_ids.unlink()
        self.write(
            {
                "state": "check" if dry or waiting else "done",
                "problem": False,
                "catalogue_name": catalogue["catalogue"]["name"],
                "languages": ", ".join(names.get(c, c) for c in report["languages"]),
                "line_ids": [
                    Command.create(self._get_line_vals(row)) for row in report["rows"]
                ],
                "missing_ids": self.missing_ids._get_commands(
                    report["missing"], exchange._spoc_reference_kinds()
                ),
            }
        )

    def _get_line_vals(self, row):
        section, res_id = row["section"], row["res_id"]
        return {
            "section": section,
            "number": row["number"],
            "name": row["name"],
            "ref": row["ref"],
            "status": row["status"],
            "text": row["text"],
            "service_id": res_id if section == "services" else False,
            "form_id": res_id if section == "forms" else False,
        }

    def _get_title(self):
        return self.env._("Import services")


class SpocCatalogImportLine(models.TransientModel):
    """What becomes of one entry of the file."""

    _name = "spoc.catalog.import.line"
    _inherit = ["spoc.import.line.mixin"]
    _description = "Row of an import"
    _order = "is_fault desc, section desc, number, id"

    wizard_id = fields.Many2one(
        "spoc.catalog.import", required=True, ondelete="cascade", index=True
    )
    section = fields.Selection(
        [
            ("categories", "Category"),
            ("facets", "Facet"),
            ("forms", "Form"),
            ("services", "Service"),
        ],
        string="Kind",
        readonly=True,
    )
    ref = fields.Char(string="Name in its catalogue", readonly=True)
    service_id = fields.Many2one("spoc.service", readonly=True, ondelete="cascade")
    form_id = fields.Many2one("spoc.form", readonly=True, ondelete="cascade")

    def action_open(self):
        """The service or form of the row."""
        self.ensure_one()
        record = self.service_id or self.form_id
        if not record:
            raise UserError(self.env._("It is not here yet."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
