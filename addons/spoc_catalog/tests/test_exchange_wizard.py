"""Files and tables of services, as an editor exchanges them."""

import base64

from odoo.tests import tagged

from .. import catalog_file
from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestImportWizard(CatalogCase):
    def _wizard(self, data, **values):
        if not isinstance(data, bytes):
            data = catalog_file.write(data)
        wizard = self.env["spoc.catalog.import"].with_user(self.editor)
        return wizard.create({"data": base64.b64encode(data), **values})

    def _catalogue(self, *services):
        return {
            "catalogue": {"id": "HR", "name": "Personnel"},
            "services": [{"desk": self.desk.code, **service} for service in services],
        }

    def test_a_bad_file_is_told_beside_it(self):
        for data, text in (
            (b"", "is empty"),
            (b"{\n  3\n}", "look at line 2"),
            (b'{"format": "x"}', "no service catalogue"),
            (b"PK\x03\x04\xff\xfe", "UTF-8"),
        ):
            wizard = self._wizard(data)
            action = wizard.action_check()
            self.assertEqual(action["res_id"], wizard.id)
            self.assertEqual(wizard.state, "upload")
            self.assertIn(text, wizard.problem)

    def test_step_by_step(self):
        wizard = self._wizard(
            self._catalogue(
                {"ref": "1", "name": "Leave", "desk": "NOWHERE", "category": "Time"},
                {"ref": "2", "name": "Pay"},
            )
        )
        wizard.action_check()
        self.assertEqual(wizard.state, "check")
        self.assertEqual(wizard.line_ids.mapped("status"), ["fault", "new"])
        self.assertEqual(
            wizard.missing_ids.mapped(lambda m: (m.kind, m.decision)),
            [("category", "create"), ("desk", False)],
        )
        desk = wizard.missing_ids[1]
        desk.write({"decision": "use", "res_id": self.other_desk.id})
        wizard.action_check()
        self.assertEqual(wizard.line_ids.mapped("status"), ["new", "new"])
        self.assertEqual(desk.exists().res_id, self.other_desk.id)
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        services = wizard.line_ids.service_id
        self.assertEqual(services.mapped("name"), ["Leave", "Pay"])
        self.assertEqual(services[0].desk_id, self.other_desk)
        self.assertEqual(services[0].category_id.name, "Time")
        self.assertEqual(wizard.summary, "New: 2")

    def test_an_editor_makes_no_desk(self):
        wizard = self._wizard(
            self._catalogue({"ref": "1", "name": "Leave", "desk": "NOWHERE"})
        )
        wizard.action_check()
        wizard.missing_ids.decision = "create"
        wizard.action_import()
        self.assertEqual(wizard.line_ids.status, "fault")
        self.assertFalse(self.env["spoc.desk"].search([("code", "=", "NOWHERE")]))
        self.assertIn("not allowed", wizard.missing_ids.text)

    def test_out_and_in(self):
        export = self.env["spoc.catalog.export"].with_user(self.editor)
        export = export.with_context(
            active_model="spoc.service", active_ids=self.open_service.ids
        ).create({})
        self.assertEqual(export.service_ids, self.open_service)
        export.action_export()
        self.assertTrue(export.filename.endswith(".json"))
        wizard = self._wizard(base64.b64decode(export.data))
        wizard.action_import()
        self.assertEqual(wizard.line_ids.mapped("status"), ["same"])


@tagged("post_install", "-at_install")
class TestSpreadsheet(CatalogCase):
    def test_rows_by_name(self):
        self.category.create({"name": "Small", "parent_id": self.category.id})
        facet = self.env["spoc.facet"].create({"name": "Place"})
        facet.value_ids.create({"name": "Attic", "facet_id": facet.id})
        result = (
            self.env["spoc.service"]
            .with_user(self.editor)
            .load(
                ["id", "name", "desk_id", "category_id", "facet_value_ids", "kind"],
                [
                    [
                        "__import__.torch",
                        "Torch",
                        self.desk.name,
                        "Machines / Small",
                        "Place: Attic",
                        "request",
                    ]
                ],
            )
        )
        self.assertFalse(result["messages"])
        service = self.env["spoc.service"].browse(result["ids"])
        self.assertEqual(service.category_id.display_name, "Machines / Small")
        self.assertEqual(service.facet_value_ids.name, "Attic")
        template = self.env["spoc.service"].get_import_templates()[0]["template"]
        self.assertEqual(template, "/spoc_catalog/static/xls/spoc_service.xlsx")
