"""Publication, versions, differences, templates and copies."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestServiceForbidden(CatalogCase):
    def test_versions_are_for_the_desk_and_editors(self):
        version = self.open_service.version_ids
        self.assertEqual(len(version), 1)
        for name in ("agent", "editor", "administrator"):
            self.assertTrue(self.may_see(getattr(self, name), version), name)
        self.assertFalse(self.may_see(self.stranger, version))
        for name in ("requester", "customer"):
            user = getattr(self, name)
            with self.subTest(name), self.assertRaises(AccessError):
                version.with_user(user).read(["content"])
            with self.subTest(name), self.assertRaises(AccessError):
                self.open_service.with_user(user).read(["version_ids"])

    def test_versions_are_never_changed_or_deleted(self):
        version = self.open_service.version_ids
        for name in ("editor", "administrator"):
            user = getattr(self, name)
            with self.subTest(name), self.assertRaises(UserError):
                version.with_user(user).note = "Nothing happened"
            with self.subTest(name), self.assertRaises(UserError):
                version.with_user(user).unlink()
            with self.subTest(name), self.assertRaises(AccessError):
                version.with_user(user).create(
                    {"service_id": self.open_service.id, "number": 9}
                )
        with self.assertRaises(UserError):
            version.note = "Nothing happened"
        with self.assertRaises(UserError):
            version.unlink()

    def test_what_publishing_notes_is_not_written(self):
        service = self.open_service.with_user(self.editor)
        service.summary = "Changed"
        for vals in (
            {"is_changed": False},
            {"version_number": 9},
            {"published_on": False},
            {"changed_by_ids": [Command.clear()]},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                service.write(vals)
            with self.subTest(vals), self.assertRaises(AccessError):
                service.create({"name": "New", "desk_id": self.desk.id, **vals})

    def test_versions_of_other_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        desk = self.env["spoc.desk"].create(
            {
                "name": "Far",
                "code": "FAR",
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        version = self._service("Far away", desk_id=desk.id).version_ids
        self.assertFalse(self.may_see(self.editor, version))

    def test_facets_are_for_editors(self):
        facet = self.env["spoc.facet"].create({"name": "Place"})
        value = facet.value_ids.create({"name": "Roof", "facet_id": facet.id})
        for name in ("requester", "customer", "agent", "manager"):
            user = getattr(self, name)
            self.assertTrue(self.may_see(user, value))
            for record in (facet, value):
                with self.subTest(name), self.assertRaises(AccessError):
                    record.with_user(user).name = "Mine"
                with self.subTest(name), self.assertRaises(AccessError):
                    record.with_user(user).unlink()
        value.with_user(self.editor).name = "Attic"

    def test_only_editors_copy_publish_and_exchange(self):
        for name in ("requester", "customer", "agent", "manager"):
            user = getattr(self, name)
            for model in (
                "spoc.service.copy",
                "spoc.service.publish",
                "spoc.catalog.export",
                "spoc.catalog.import",
            ):
                with self.subTest(name, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create({})
            with self.subTest(name), self.assertRaises(AccessError):
                self.draft_service.with_user(user).action_publish()

    def test_a_stranger_does_not_compare(self):
        wizard = self.env["spoc.service.compare"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            wizard.create(
                {
                    "service_id": self.open_service.id,
                    "older_id": self.open_service.version_ids.id,
                }
            ).read(["difference"])

    def test_an_editor_cannot_publish_by_writing(self):
        bare = self._service("Bare", state="draft").with_user(self.editor)
        with self.assertRaises(UserError):
            bare.state = "published"
        with self.assertRaises(UserError):
            bare.create({"name": "Bare", "desk_id": self.desk.id, "state": "published"})
        bare.summary = "Not bare"
        bare.state = "published"
        self.assertEqual(bare.version_number, 1)


@tagged("post_install", "-at_install")
class TestVersions(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("sv_SE")
        cls.service = cls._service(
            "Desk lamp",
            summary="Light on your desk",
            description="<p>A lamp, grey or white.</p>",
            state="draft",
        ).with_user(cls.editor)

    def _last(self):
        self.service.invalidate_recordset(["version_ids"])
        return self.service.version_ids[0]

    def test_each_publication_keeps_a_version(self):
        service = self.service
        service.with_context(lang="sv_SE").name = "Skrivbordslampa"
        service.action_publish()
        version = service.version_ids
        self.assertEqual((version.number, version.user_id), (1, self.editor))
        self.assertEqual(version.content["en_US"]["name"], "Desk lamp")
        self.assertEqual(version.content["sv_SE"]["name"], "Skrivbordslampa")
        self.assertEqual(
            version.content["en_US"]["promise"],
            ["First answer within 4 working hours", "Done within 2 working days"],
        )
        self.assertFalse(service.is_changed)
        self.assertEqual(service.owner_id, self.manager)

    def test_a_change_shows_until_it_is_published(self):
        service = self.service
        service.action_publish()
        service.with_user(self.administrator).summary = "Light wherever you sit"
        self.assertTrue(service.is_changed)
        # Readers see it at once.
        self.assertEqual(
            service.with_user(self.requester).summary, "Light wherever you sit"
        )
        service.sequence = 3
        wizard = self.env["spoc.service.publish"].with_user(self.editor)
        wizard = wizard.create({"service_id": service.id, "note": "Clearer"})
        self.assertIn("wherever you sit", wizard.difference)
        wizard.action_publish()
        version = self._last()
        self.assertEqual((version.number, version.note), (2, "Clearer"))
        self.assertEqual(version.author_ids, self.administrator)
        self.assertEqual(version.user_id, self.editor)
        self.assertFalse(service.is_changed)
        self.assertFalse(service.changed_by_ids)

    def test_publishing_again_without_a_change_keeps_nothing(self):
        self.service.action_publish()
        self.service.action_retire()
        self.service.action_draft()
        self.service.action_publish()
        self.assertEqual(self.service.version_number, 1)

    def test_a_translation_is_a_change(self):
        self.service.action_publish()
        self.service.update_field_translations("name", {"sv_SE": "Lampa"})
        self.assertTrue(self.service.is_changed)
        self.service.action_publish()
        version = self._last()
        self.assertIn("Name (Swedish / Svenska)", version.difference)
        self.assertIn("Lampa", version.difference)
        self.assertNotIn("Summary", version.difference)

    def test_a_form_is_part_of_the_service(self):
        form = self.env["spoc.form"].create(
            {
                "name": "Lamp",
                "question_ids": [Command.create({"label": "How tall are you?"})],
            }
        )
        for question in form.question_ids:
            question.with_context(lang="sv_SE").label = f"{question.label} (sv)"
        self.service.form_id = form
        self.service.action_publish()
        self.assertFalse(self.service.is_changed)
        form.question_ids.with_user(self.administrator).label = "How old are you?"
        self.assertTrue(self.service.is_changed)
        self.assertIn(self.administrator, self.service.changed_by_ids)
        self.service.action_publish()
        difference = self._last().difference
        self.assertIn('<del class="text-danger">tall</del>', difference)
        self.assertIn(">old</ins>", difference)

    def test_versions_hold_nothing_of_the_publisher(self):
        form = self.env["spoc.form"].create(
            {
                "name": "Who",
                "question_ids": [
                    Command.create({"label": "Name?", "default_value": "Nobody"}),
                    Command.create(
                        {"label": "When?", "type": "date", "day_rule": "future"}
                    ),
                ],
            }
        )
        for question in form.question_ids:
            question.with_context(lang="sv_SE").label = f"{question.label} (sv)"
        self.service.form_id = form
        with freeze_time("2026-01-12"):
            self.service.action_publish()
        with freeze_time("2026-03-12"):
            self.service.action_publish()
        self.assertEqual(self.service.version_number, 1)
        content = self.service.version_ids.content["en_US"]["form"]
        self.assertNotIn("person", content)
        self.assertNotIn("default", content["questions"][0])

    def test_difference_is_readable_and_safe(self):
        self.service.action_publish()
        self.service.write(
            {
                "description": "<p>A lamp, grey or black.</p>",
                "summary": "<script>steal()</script> & light",
                "category_id": False,
            }
        )
        self.service.action_publish()
        difference = self._last().difference
        self.assertIn('<del class="text-danger">white</del>', difference)
        self.assertIn("black</ins>", difference)
        self.assertNotIn("<script", difference)
        self.assertIn("&lt;script&gt;", difference)
        self.assertIn("Category", difference)
        self.assertNotIn("Desk<", difference)

    def test_compare_any_two(self):
        self.service.action_publish()
        for text in ("Second", "Third"):
            self.service.summary = text
            self.service.action_publish()
        self.service.invalidate_recordset(["version_ids"])
        versions = self.service.version_ids
        compare = self.env["spoc.service.compare"].with_user(self.agent)
        wizard = compare.create(
            {
                "service_id": self.service.id,
                "older_id": versions[2].id,
                "newer_id": versions[0].id,
            }
        )
        self.assertIn("Third", wizard.difference)
        self.assertNotIn("Second", wizard.difference)
        self.service.summary = "Fourth"
        wizard = compare.create(
            {"service_id": self.service.id, "older_id": versions[0].id}
        )
        self.assertIn("Fourth", wizard.difference)

    def test_what_a_data_file_published_is_kept_before_it_changes(self):
        Service = self.env["spoc.service"].with_context(install_mode=True)
        service = Service.create(
            {"name": "Old", "desk_id": self.desk.id, "state": "published"}
        )
        service = service.with_context(install_mode=False)
        self.assertEqual(service.version_number, 0)
        service.summary = "New"
        self.assertEqual(service.version_number, 1)
        self.assertNotIn("summary", service.version_ids.content["en_US"])
        self.assertTrue(service.is_changed)

    def test_faults_are_told_together(self):
        service = self.env["spoc.service"].create(
            {"name": "Bare", "desk_id": self.other_desk.id}
        )
        self.other_desk.active = False
        with self.assertRaises(UserError) as caught:
            service.with_user(self.editor).action_publish()
        self.assertIn("write the line below the name", str(caught.exception))
        self.assertIn("is archived", str(caught.exception))
        self.assertEqual(service.state, "draft")
        notes = service.with_user(self.editor).publish_notes
        self.assertIn("write the line below the name", notes)
        self.assertIn("It is in no category", notes)
        self.assertIn("Swedish", notes)

    def test_inner_text_is_no_part_of_a_version(self):
        self.service.inner_note = "<p>Key under the mat</p>"
        self.service.action_publish()
        self.service.inner_note = "<p>Key in the drawer</p>"
        self.assertFalse(self.service.is_changed)
        self.assertNotIn("mat", str(self.service.version_ids.content))

    def test_query_count_of_many_versions(self):
        services = self.env["spoc.service"].browse()
        for number in range(20):
            services |= self._service(f"S{number}", summary="s", state="draft")
        services[:2]._spoc_contents()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            services[:2]._spoc_contents()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            services._spoc_contents()


@tagged("post_install", "-at_install")
class TestTemplates(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["spoc.form"].create(
            {
                "name": "Device",
                "question_ids": [Command.create({"label": "Which one?"})],
            }
        )
        cls.template = cls.env["spoc.service"].create(
            {
                "name": "A device",
                "is_template": True,
                "desk_id": cls.desk.id,
                "form_id": cls.form.id,
                "outcome": "A device\nA manual",
                "price_kind": "fixed",
                "price": 12,
            }
        )

    def _copy(self, service, **values):
        wizard = self.env["spoc.service.copy"].with_user(self.editor)
        form = Form(wizard.with_context(default_service_id=service.id))
        for name, value in values.items():
            form[name] = value
        action = form.save().action_copy()
        return self.env["spoc.service"].browse(action["res_id"])

    def test_a_service_after_a_template(self):
        service = self._copy(self.template)
        self.assertEqual(service.template_id, self.template)
        self.assertEqual((service.name, service.state), ("A device", "draft"))
        self.assertEqual(service.form_id, self.form)
        self.assertFalse(service.is_template)
        self.assertFalse(service.deviation)
        service.write({"price": 15, "form_id": False})
        self.assertEqual(service.deviation, "Form, Price")
        self.assertEqual(self.template.follower_count, 1)

    def test_a_copy_with_its_own_form(self):
        service = self._copy(self.open_service)
        self.assertFalse(service.form_id)
        self.assertEqual(service.name, "Broken lamp (copy)")
        self.open_service.form_id = self.form
        service = self._copy(self.open_service, form_mode="own", name="Another")
        self.assertNotEqual(service.form_id, self.form)
        self.assertEqual(service.form_id.name, "Another")
        self.assertEqual(service.form_id.question_ids.label, "Which one?")
        self.assertFalse(self._copy(self.open_service, form_mode="none").form_id)

    def test_choosing_a_template_fills_what_is_empty(self):
        with Form(self.env["spoc.service"].with_user(self.editor)) as form:
            form.name = "A phone"
            form.desk_id = self.desk
            form.outcome = "A phone"
            form.template_id = self.template
            self.assertEqual(form.form_id, self.form)
            self.assertEqual(form.outcome, "A phone")
        self.assertEqual(form.record.deviation, "What you get")

    def test_a_template_is_not_offered(self):
        with self.assertRaises(UserError):
            self.template.action_publish()
        with self.assertRaises(ValidationError):
            self.template.state = "published"
        with self.assertRaises(ValidationError):
            self.open_service.template_id = self.draft_service
