"""Catalogues out to a file and in from it."""

import json

from odoo.fields import Command
from odoo.tests import tagged

from .. import catalog_file
from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestExchange(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("sv_SE")
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls._set_form()
        cls._set_service()
        cls.exchange = cls.env["spoc.exchange"].with_user(cls.administrator)

    @classmethod
    def _set_form(cls):
        cls.form = cls.env["spoc.form"].create({"name": "Lamp"})
        Question = cls.env["spoc.form.question"]
        cls.kind = Question.create(
            {
                "form_id": cls.form.id,
                "label": "Which lamp?",
                "help": "Look at the label",
                "code": "which",
                "type": "choice",
                "required": True,
                "option_ids": [
                    Command.create({"label": "Desk", "code": "desk"}),
                    Command.create({"label": "Ceiling", "code": "ceiling"}),
                ],
            }
        )
        cls.height = Question.create(
            {
                "form_id": cls.form.id,
                "sequence": 20,
                "label": "How high?",
                "code": "height",
                "type": "decimal",
                "min_value": "0.5",
                "max_value": "9",
                "digits": 1,
            }
        )
        cls.rows = Question.create(
            {
                "form_id": cls.form.id,
                "sequence": 30,
                "label": "Rooms",
                "code": "rooms",
                "type": "rows",
                "max_rows": 4,
            }
        )
        Question.create(
            {
                "form_id": cls.form.id,
                "parent_id": cls.rows.id,
                "label": "Room",
                "code": "room",
                "required": True,
            }
        )
        questions = cls.env["spoc.form.question"].search(
            [("form_id", "=", cls.form.id)]
        )
        for lang in ("sv_SE", "ru_RU"):
            for part in (*questions, *questions.option_ids):
                part.with_context(lang=lang).label = f"{part.label} ({lang})"
            cls.kind.with_context(lang=lang).help = f"Label ({lang})"
            cls.form.with_context(lang=lang).name = f"Lamp ({lang})"
        Condition = cls.env["spoc.form.condition"]
        Condition.create(
            {
                "question_id": cls.height.id,
                "source_id": cls.kind.id,
                "operator": "is",
                "value_option_ids": [Command.set(cls.kind.option_ids[1].ids)],
            }
        )
        Condition.create(
            {
                "option_id": cls.kind.option_ids[1].id,
                "person_field": "employee",
                "operator": "is",
                "value_text": "yes",
            }
        )

    @classmethod
    def _set_service(cls):
        facet = cls.env["spoc.facet"].create({"name": "Place", "icon": "fa-home"})
        office = cls.env["spoc.facet.value"].create(
            {"name": "Office", "facet_id": facet.id}
        )
        cls.value = office.create(
            {"name": "Floor", "facet_id": facet.id, "parent_id": office.id}
        )
        cls.shelf = cls.category.create(
            {
                "name": "Lamps",
                "parent_id": cls.category.id,
                "description": "Light",
                "icon": "fa-bulb",
            }
        )
        cls.shelf.with_context(lang="sv_SE").name = "Lampor"
        cls.audience = cls._audience("employees", cls.sales)
        cls.template = cls._service("A lamp", state="draft", is_template=True)
        cls.service = cls._service(
            "My lamp is broken",
            summary="Light again",
            description="<p>One</p><p>Two</p>",
            inner_note="<p>Key under the mat</p>",
            outcome="A bulb\nA ladder",
            conditions="The room",
            synonyms="bulb",
            kind="incident",
            category_id=cls.shelf.id,
            department_id=cls.export.id,
            owner_id=cls.editor.id,
            audience_ids=[Command.set(cls.audience.ids)],
            facet_value_ids=[Command.set(cls.value.ids)],
            related_ids=[Command.set(cls.open_service.ids)],
            target_policy_id=cls.policy.id,
            template_id=cls.template.id,
            form_id=cls.form.id,
            price_kind="from",
            price=12.5,
            price_unit="per lamp",
            information="Ask",
            information_url="https://spoc.example/lamps",
            information_contact_id=cls.manager.partner_id.id,
            sequence=3,
            is_featured=True,
            asks_urgency=True,
        )
        swedish = cls.service.with_context(lang="sv_SE")
        swedish.name = "Min lampa är trasig"
        cls.service.update_field_translations(
            "description", {"sv_SE": {"One": "Ett", "Two": "Två"}}
        )
        cls.open_service.owner_id = cls.editor
        cls.services = cls.service | cls.open_service
        cls.services._spoc_keep_versions()

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------

    def _export(self, services=None):
        data = self.exchange._spoc_export(services or self.services)
        # As it is after travelling.
        return json.loads(catalog_file.write(data))

    def _import(self, catalogue, **options):
        data = catalog_file.write(catalogue)
        read, faults = catalog_file.read(data)
        options = {"company": self.company, **options}
        report = self.exchange._spoc_import(read, faults, options)
        self.env.invalidate_all()
        return report

    def _statuses(self, report, section="services"):
        return [r["status"] for r in report["rows"] if r["section"] == section]

    def _texts(self, report):
        return "\n".join(row["text"] for row in report["rows"])

    def _catalogue(self, *services, **parts):
        return {
            "catalogue": {"id": "HR", "name": "Personnel"},
            "services": [{"desk": self.desk.code, **service} for service in services],
            **parts,
        }

    # ------------------------------------------------------------------
    # Round trips
    # ------------------------------------------------------------------

    def test_the_same_file_changes_nothing(self):
        report = self._import(self._export())
        self.assertEqual(set(self._statuses(report)), {"same"}, self._texts(report))
        self.assertEqual(self._statuses(report, "forms"), ["same"])
        self.assertFalse(report["missing"])
        self.assertFalse(self.service.is_changed)

    def test_deleted_and_read_again(self):
        before = self._export()
        (self.services | self.template).unlink()
        self.form.unlink()
        self.shelf.unlink()
        self.service.facet_value_ids.unlink()
        self.value.unlink()
        report = self._import(
            before, publish=True, usual={"category": "create", "facet": "create"}
        )
        self.assertEqual(set(self._statuses(report)), {"new"}, self._texts(report))
        self.assertEqual(
            set(report["missing"]),
            {("category", "Machines / Lamps"), ("facet", "Place: Office / Floor")},
        )
        Service = self.env["spoc.service"]
        ids = [r["res_id"] for r in report["rows"] if r["section"] == "services"]
        after = self._export(Service.browse(ids))
        self.maxDiff = None
        self.assertEqual(self._sorted(after), self._sorted(before))
        service = Service.browse(ids).filtered(lambda s: s.kind == "incident")
        self.assertEqual(service.state, "published")
        self.assertEqual(service.version_ids.note, "Taken from " + self.company.name)
        swedish = service.with_context(lang="sv_SE")
        self.assertEqual(swedish.description, "<p>Ett</p><p>Två</p>")
        self.assertEqual(swedish.category_id.name, "Lampor")
        self.assertEqual(self._statuses(self._import(before)), ["same"] * 3)

    def _sorted(self, catalogue):
        return {
            key: sorted(part, key=str) if isinstance(part, list) else part
            for key, part in catalogue.items()
        }

    def test_into_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.administrator.company_ids += company
        desk = self.env["spoc.desk"].create(
            {
                "name": "Help",
                "code": self.desk.code,
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        self.exchange = self.exchange.with_context(
            allowed_company_ids=[company.id, self.company.id]
        )
        before = self._export()
        report = self._import(
            before,
            company=company,
            usual={kind: "empty" for kind in ("department", "policy", "owner")},
        )
        self.assertEqual(set(self._statuses(report)), {"new"}, self._texts(report))
        self.assertIn(("department", self.export.complete_name), report["missing"])
        ids = [r["res_id"] for r in report["rows"] if r["section"] == "services"]
        services = self.env["spoc.service"].browse(ids)
        self.assertEqual(services.desk_id, desk)
        self.assertEqual(services.company_id, company)
        self.assertEqual(set(services.mapped("state")), {"draft"})
        after = self._export(services)
        left = ("department", "policy", "state", "origin")
        for old, new in zip(before["services"], after["services"], strict=True):
            self.assertEqual(
                {key: value for key, value in old.items() if key not in left},
                {key: value for key, value in new.items() if key not in left},
            )

    def test_a_dry_run_changes_nothing(self):
        catalogue = self._export()
        catalogue["services"].append(
            {"ref": "new", "name": "New", "desk": self.desk.code, "category": "A / B"}
        )
        catalogue["services"][0]["summary"] = {"en_US": "Darkness"}
        count = self.env["spoc.service"].search_count([])
        report = self._import(catalogue, dry=True, usual={"category": "create"})
        self.assertIn("new", self._statuses(report))
        self.assertIn("changed", self._statuses(report))
        self.assertEqual(self.env["spoc.service"].search_count([]), count)
        self.assertFalse(self.env["spoc.category"].search([("name", "=", "B")]))
        self.assertNotIn("Darkness", self.services.mapped("summary"))
        new = [row for row in report["rows"] if row["status"] == "new"]
        self.assertFalse(new[0]["res_id"])

    def test_what_changes_is_named(self):
        catalogue = self._export(self.service)
        entry = next(e for e in catalogue["services"] if e["kind"] == "incident")
        entry["summary"] = {"en_US": "Light soon"}
        entry["price"] = 13
        entry["facets"] = []
        form = catalogue["forms"][0]
        form["questions"][0]["label"] = {"en_US": "What lamp?"}
        form["questions"][0]["options"].pop()
        form["questions"][1].pop("conditions")
        version = self.form.version
        report = self._import(catalogue)
        row = next(
            r
            for r in report["rows"]
            if r["status"] == "changed" and r["section"] == "services"
        )
        self.assertEqual(row["text"], "Summary, Facets, Price")
        self.assertEqual(self._statuses(report, "forms"), ["changed"])
        self.assertEqual(self.service.summary, "Light soon")
        self.assertEqual(self.form.question_ids[0], self.kind)
        self.assertEqual(self.kind.label, "What lamp?")
        self.assertEqual(
            self.kind.with_context(lang="sv_SE").label, "Which lamp? (sv_SE)"
        )
        self.assertEqual(self.kind.option_ids.mapped("code"), ["desk"])
        self.assertFalse(self.height.condition_ids)
        self.assertGreater(self.form.version, version)
        self.assertTrue(self.service.is_changed)

    def test_what_is_left_out_stays(self):
        ref = self._export(self.open_service)["services"][0]["ref"]
        self.open_service.synonyms = "dark"
        report = self._import(
            self._catalogue({"ref": ref, "name": "Broken lamp", "summary": None})
        )
        self.assertEqual(self._statuses(report), ["changed"])
        self.assertEqual(self.open_service.synonyms, "dark")
        self.assertFalse(self.open_service.summary)

    # ------------------------------------------------------------------
    # Other catalogues
    # ------------------------------------------------------------------

    def test_departments_on_one_tree(self):
        root = self.category.create({"name": "Company"})
        entry = {"ref": "1", "name": "Leave", "category": "Absence"}
        about = [{"path": "Absence", "name": {"en_US": "Absence", "sv_SE": "Ledighet"}}]
        for name in ("HR", "IT"):
            catalogue = self._catalogue(entry, categories=about)
            catalogue["catalogue"] = {"id": name, "name": f"{name} department"}
            report = self._import(catalogue, root=root, usual={"category": "create"})
            self.assertEqual(self._statuses(report), ["new"], self._texts(report))
        services = self.env["spoc.service"].search([("name", "=", "Leave")])
        self.assertEqual(
            set(services.mapped("origin")), {"HR department", "IT department"}
        )
        self.assertEqual(set(services.mapped("origin_ref")), {"HR/1", "IT/1"})
        self.assertEqual(services.category_id.display_name, "Company / Absence")
        self.assertEqual(
            services.category_id.with_context(lang="sv_SE").name, "Ledighet"
        )
        self.assertEqual(self._statuses(self._import(catalogue, root=root)), ["same"])

    def test_missing_references(self):
        entry = {
            "ref": "1",
            "name": "Leave",
            "desk": "NOWHERE",
            "owner": "nobody",
            "audiences": ["Strangers"],
            "department": "Sales / Nowhere",
        }
        report = self._import(self._catalogue(entry))
        self.assertEqual(self._statuses(report), ["fault"])
        self.assertIn("“NOWHERE”", self._texts(report))
        self.assertEqual(len(report["missing"]), 4)
        self.administrator.group_ids += self.env.ref("hr.group_hr_manager")
        decisions = {
            ("desk", "NOWHERE"): ("use", self.desk),
            ("owner", "nobody"): ("empty",),
            ("audience", "Strangers"): ("use", self.audience),
            ("department", "Sales / Nowhere"): ("create",),
        }
        report = self._import(self._catalogue(entry), decisions=decisions)
        self.assertEqual(self._statuses(report), ["new"], self._texts(report))
        service = self.env["spoc.service"].search([("origin_ref", "=", "HR/1")])
        self.assertEqual(service.desk_id, self.desk)
        self.assertEqual(service.audience_ids, self.audience)
        self.assertEqual(service.department_id.parent_id, self.sales)
        report = self._import(self._catalogue(entry), decisions=decisions)
        self.assertEqual(self._statuses(report), ["same"], self._texts(report))

    def test_a_lost_audience_never_opens_a_service(self):
        entry = {"ref": "1", "name": "Leave", "summary": "Free", "state": "published"}
        entry["audiences"] = ["Strangers"]
        lost = {("audience", "Strangers"): ("empty",)}
        report = self._import(self._catalogue(entry), decisions=lost, publish=True)
        service = self.env["spoc.service"].search([("origin_ref", "=", "HR/1")])
        self.assertEqual(service.state, "draft")
        self.assertIn("Kept as a draft", self._texts(report))
        service.audience_ids = self.audience
        service.action_publish()
        report = self._import(self._catalogue(entry), decisions=lost, publish=True)
        self.assertEqual(self._statuses(report), ["fault"])
        self.assertEqual(service.audience_ids, self.audience)

    def test_rows_stand_alone(self):
        report = self._import(
            self._catalogue(
                {"ref": "1", "name": "Good"},
                {"ref": "2", "name": "Bad", "information_url": "javascript:alert(1)"},
                {"ref": "3", "name": "Bad", "form": "none"},
                {"ref": "4", "name": "Bad", "price": 1, "price_kind": "free"},
                {"ref": "5", "name": "Bad", "price": "free"},
                {"ref": "6", "name": "Bad", "desk": None},
                {"ref": "7", "name": "Good, too"},
            )
        )
        rows = {row["number"]: row for row in report["rows"]}
        self.assertEqual(
            [rows[number]["status"] for number in range(1, 8)],
            ["new", "fault", "fault", "fault", "fault", "fault", "new"],
        )
        for number, text in (
            (2, "no address of a page"),
            (3, "not in the file"),
            (4, "cannot be free of charge"),
            (5, "price: a number is expected"),
            (6, "names no desk"),
        ):
            self.assertIn(text, rows[number]["text"])

    def test_faulty_forms(self):
        def form(**question):
            question = {"label": "What?", **question}
            return {"ref": "f", "name": "Form", "questions": [question]}

        for entry, text in (
            (form(type="odd"), "“odd” is no"),
            (form(label=""), "has no words"),
            (form(type="choice"), "needs answers to choose from"),
            (form(pattern="("), "pattern"),
            (form(max_length="long"), "cannot be read"),
            (form(conditions=[{"source": "none"}]), "no question of the form"),
            (form(currency="XXZ", type="money"), "not in use"),
            (
                form(model_domain="__import__('os')", type="person"),
                "cannot be narrowed",
            ),
        ):
            with self.subTest(text):
                report = self._import(self._catalogue(forms=[entry]))
                self.assertEqual(self._statuses(report, "forms"), ["fault"])
                self.assertIn(text, self._texts(report))
        self.assertFalse(self.env["spoc.form"].search([("name", "=", "Form")]))

    def test_texts_are_cleaned(self):
        entry = {
            "ref": "1",
            "name": "<b>Leave</b>",
            "description": "<p onclick='steal()'>Fine</p><script>steal()</script>",
            "inner_note": "<script>steal()</script><p>Inner</p>",
        }
        self._import(self._catalogue(entry))
        service = self.env["spoc.service"].search([("origin_ref", "=", "HR/1")])
        self.assertEqual(service.description, "<p>Fine</p>")
        self.assertEqual(service.inner_note, "<p>Inner</p>")
        report = self._import(self._catalogue(entry))
        self.assertEqual(self._statuses(report), ["same"], self._texts(report))

    def test_languages(self):
        entry = {
            "ref": "1",
            "name": {"sv_SE": "Ledighet", "de_DE": "Urlaub"},
            "description": {"sv_SE": "<p>Ett</p>", "ru_RU": "<p>Раз</p><p>Два</p>"},
        }
        catalogue = {**self._catalogue(entry), "language": "sv_SE"}
        report = self._import(catalogue)
        self.assertEqual(report["languages"], ["de_DE"])
        self.assertIn("other paragraphs", self._texts(report))
        service = self.env["spoc.service"].search([("origin_ref", "=", "HR/1")])
        self.assertEqual(service.with_context(lang="sv_SE").name, "Ledighet")

    def test_what_time_left_over_is_done_next(self):
        entries = [{"ref": str(n), "name": f"Service {n}"} for n in range(5)]
        report = self._import(self._catalogue(*entries), seconds=-1)
        self.assertEqual(self._statuses(report), ["waiting"] * 5)
        report = self._import(self._catalogue(*entries))
        self.assertEqual(self._statuses(report), ["new"] * 5)
        report = self._import(self._catalogue(*entries), seconds=-1)
        self.assertEqual(self._statuses(report), ["same"] * 5)

    def test_query_count_of_an_export(self):
        few = self.env["spoc.service"].browse()
        for number in range(30):
            few |= self._service(f"S{number}", category_id=self.shelf.id)
        few.origin_ref = False
        counts = []
        for services in (few[:3], few):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.exchange._spoc_export(services)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_an_unchanged_file_is_read_in_few_queries(self):
        entries = [{"ref": str(n), "name": f"Service {n}"} for n in range(40)]
        self._import(self._catalogue(*entries))
        counts = []
        for part in (entries[:4], entries):
            before = self.env.cr.sql_log_count
            report = self._import(self._catalogue(*part))
            self.assertEqual(set(self._statuses(report)), {"same"})
            # Two for the savepoint of each row.
            savepoints = 4 * len(part)
            counts.append(self.env.cr.sql_log_count - before - savepoints)
        self.assertLessEqual(counts[1], counts[0] + 2)
