"""What the window keeps in memory is never older than the catalogue."""

from datetime import datetime
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestWindowKept(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.audience = cls._audience("employees", cls.sales)
        cls.fast_car = cls._service("Fast car", audience_ids=cls.audience.ids)
        cls.facet = cls.env["spoc.facet"].create({"name": "Place"})
        cls.value = cls.env["spoc.facet.value"].create(
            {"name": "Roof", "facet_id": cls.facet.id}
        )

    def setUp(self):
        super().setUp()
        # Who types is trusted for a moment: here it is over at once.
        window = "odoo.addons.spoc_catalog.models.spoc_window_offer"
        self.startPatcher(patch(f"{window}.TRUST", 1e-9))

    def window(self, user=None, **context):
        self.env.flush_all()
        window = self.env["spoc.window"].with_user(user or self.requester)
        return window.with_context(**context)

    def offers(self, service, user=None):
        """Whether the offer, the page of the service and the suggestions have it."""
        window = self.window(user)
        found = window._spoc_offer().has(service.id)
        typing = window.with_context(spoc_typing=True)
        sections = typing._spoc_search_sections(service.name, 1)
        urls = [item["url"] for section in sections for item in section["items"]]
        self.assertEqual(f"/spoc/service/{service.id}" in urls, found)
        # The rules say the same.
        self.assertEqual(
            bool(
                service.with_user(user or self.requester).search_count(
                    [("id", "=", service.id), ("state", "=", "published")]
                )
            ),
            found,
        )
        return found

    def home(self, user=None, **context):
        """Words of the first page."""
        values = self.window(user, **context)._prepare_home_values()
        names = [desk["name"] for desk in values["desks"]]
        return f"{values['topics']} {values['first']} {names}"

    # ---- who sees what ----

    def test_each_person_the_own(self):
        for _again in range(2):
            self.assertTrue(self.offers(self.fast_car))
            self.assertFalse(self.offers(self.fast_car, self.colleague))
            self.assertFalse(self.offers(self.fast_car, self.customer))
            self.assertFalse(self.offers(self.fast_car, self.unplaced))
            self.assertIn("Fast car", self.home())
            self.assertNotIn("Fast car", self.home(self.colleague))
            # What is offered, not all that may be seen.
            self.assertFalse(self.offers(self.draft_service, self.agent))
            self.assertTrue(self.offers(self.fast_car, self.agent))
            self.assertTrue(self.offers(self.fast_car, self.editor))

    def test_those_who_see_the_same_share(self):
        window = self.window()
        twin = self._user("cat_twin", "base.group_user")
        self._employee(twin, self.export)
        self.assertEqual(window._spoc_reader(), self.window(twin)._spoc_reader())
        others = (self.colleague, self.agent, self.stranger, self.editor)
        readers = {self.window(user)._spoc_reader() for user in others}
        self.assertEqual(len(readers), 4)
        self.assertNotIn(window._spoc_reader(), readers)

    def test_people_move(self):
        self.assertFalse(self.offers(self.fast_car, self.colleague))
        self.colleague_employee.department_id = self.export
        self.assertTrue(self.offers(self.fast_car, self.colleague))
        self.colleague_employee.active = False
        self.assertFalse(self.offers(self.fast_car, self.colleague))
        self.assertFalse(self.offers(self.fast_car, self.stranger))
        self.desk.member_ids |= self.stranger
        self.assertTrue(self.offers(self.fast_car, self.stranger))
        self.desk.write({"member_ids": [Command.unlink(self.stranger.id)]})
        self.assertFalse(self.offers(self.fast_car, self.stranger))

    def test_departments_move(self):
        self.assertTrue(self.offers(self.fast_car))
        self.export.parent_id = self.works
        self.assertFalse(self.offers(self.fast_car))

    def test_audiences_change(self):
        self.assertFalse(self.offers(self.fast_car, self.colleague))
        self.audience.department_ids |= self.works
        self.assertTrue(self.offers(self.fast_car, self.colleague))
        line = self.env["spoc.audience.rule"].create(
            {
                "audience_id": self.audience.id,
                "effect": "deny",
                "person_ids": self.colleague.partner_id.ids,
            }
        )
        self.assertFalse(self.offers(self.fast_car, self.colleague))
        line.person_ids = self.requester.partner_id
        self.assertTrue(self.offers(self.fast_car, self.colleague))
        self.assertFalse(self.offers(self.fast_car))
        line.unlink()
        self.assertTrue(self.offers(self.fast_car))
        self.audience.write({"scope": "customers", "rule_ids": [Command.clear()]})
        self.assertFalse(self.offers(self.fast_car))
        self.assertTrue(self.offers(self.fast_car, self.customer))

    def test_what_is_archived_still_narrows(self):
        """A line that lost one of its kinds would let in more people."""
        job = self.env["hr.job"].create({"name": "Pilot"})
        self.audience.rule_ids.write({"job_ids": job.ids})
        self.assertFalse(self.offers(self.fast_car))
        job.active = False
        self.assertFalse(self.offers(self.fast_car))
        self.requester_employee.job_id = job
        self.assertTrue(self.offers(self.fast_car))
        self.sales.active = False
        self.assertTrue(self.offers(self.fast_car))
        self.assertFalse(self.offers(self.fast_car, self.colleague))

    def test_services_change(self):
        self.assertTrue(self.offers(self.fast_car))
        self.fast_car.audience_ids = self._audience("customers")
        self.assertFalse(self.offers(self.fast_car))
        self.fast_car.visibility = "everyone"
        self.assertTrue(self.offers(self.fast_car))
        self.fast_car.action_retire()
        self.assertFalse(self.offers(self.fast_car))
        self.draft_service.state = "published"
        self.assertTrue(self.offers(self.draft_service))
        self.draft_service.active = False
        self.assertFalse(self.offers(self.draft_service))
        self.open_service.unlink()
        self.assertNotIn("Broken lamp", self.home())

    def test_a_rule_of_the_company_holds_and_nothing_is_kept(self):
        self.assertTrue(self.offers(self.fast_car))
        self.env["ir.rule"].create(
            {
                "name": "Nobody rides",
                "model_id": self.env["ir.model"]._get_id("spoc.service"),
                "domain_force": "[('summary', 'not ilike', 'wheels')]",
            }
        )
        self.assertIsNone(self.window()._spoc_reader())
        self.assertTrue(self.offers(self.fast_car))
        # By SQL: nothing is told that could be forgotten.
        self.env.flush_all()
        self.env.cr.execute(
            'UPDATE spoc_service SET summary = \'{"en_US": "Four wheels"}\''
            " WHERE id = %s",
            [self.fast_car.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self.offers(self.fast_car))

    def test_a_rule_on_facets_and_categories_holds(self):
        """Whoever looked first decides nothing for those a rule keeps out."""
        window = self.window()
        self.assertIn(self.facet.id, dict(window._get_facets()))
        self.assertIn(self.value.id, window._get_facet_values())
        self.assertTrue(window._spoc_category_path(self.category.id))
        for record in (self.facet, self.value, self.category):
            self.env["ir.rule"].create(
                {
                    "name": "Not for the colleague",
                    "model_id": self.env["ir.model"]._get_id(record._name),
                    "domain_force": f"[('id', 'not in', [{record.id}]"
                    f" if user.id == {self.colleague.id} else [])]",
                }
            )
        for user, sees in ((self.requester, True), (self.colleague, False)):
            window = self.window(user)
            self.assertEqual(self.facet.id in dict(window._get_facets()), sees)
            self.assertEqual(self.value.id in window._get_facet_values(), sees)
            self.assertEqual(
                bool(window._spoc_category_path(self.category.id)), sees, user.login
            )

    def test_groups_change(self):
        self.assertFalse(self.offers(self.fast_car, self.unplaced))
        editors = self.env.ref("spoc_catalog.group_catalog_editor")
        self.unplaced.group_ids |= editors
        self.assertTrue(self.offers(self.fast_car, self.unplaced))

    # ---- how it looks ----

    def test_names_change(self):
        self.assertIn("Machines", self.home())
        self.category.name = "Engines"
        self.fast_car.name = "Quick car"
        self.desk.name = "Helpers"
        for word in ("Engines", "Quick car", "Helpers"):
            self.assertIn(word, self.home())
        self.assertEqual(
            self.window()._spoc_category_path(self.category.id),
            [("Engines", f"/spoc/category/{self.category.id}")],
        )

    def test_each_language_its_own(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.assertIn("Machines", self.home(lang="sv_SE"))
        self.category.update_field_translations("name", {"sv_SE": "Maskiner"})
        self.assertIn("Maskiner", self.home(lang="sv_SE"))
        self.assertIn("Machines", self.home())

    def test_parts_of_a_service_page(self):
        window = self.window()

        def values():
            self.env.flush_all()
            self.env.invalidate_all()
            service = self.fast_car.with_user(self.requester)
            return window._prepare_service_values(service)

        before = values()
        self.assertEqual(
            [c["identity"] for c in before["channels"]], ["help@spoc.example"]
        )
        self.assertEqual(before["facets"], [])
        self.assertEqual([n["name"] for n in before["neighbours"]], ["Broken lamp"])
        self.assertEqual(before["audiences"], ["Employees of Sales and below"])
        self.assertEqual(before["promises"][0]["seconds"], 4 * 3600)
        self.env["spoc.channel"].create(
            {"desk_id": self.desk.id, "kind": "walkin", "identity": "Hall 3"}
        )
        self.fast_car.facet_value_ids = self.value
        self.fast_car.related_ids = self.open_service | self.draft_service
        self.audience.department_ids |= self.works
        self.policy.target_ids.filtered(
            lambda target: target.kind == "response" and not target.priority
        ).hours = 2
        after = values()
        self.assertEqual(len(after["channels"]), 2)
        self.assertEqual([f["name"] for f in after["facets"]], ["Roof"])
        self.assertEqual([r["name"] for r in after["related"]], ["Broken lamp"])
        self.assertEqual(after["audiences"], ["Employees of Sales or Works and below"])
        self.assertEqual(after["promises"][0]["seconds"], 2 * 3600)

    def test_channels_of_a_confidential_desk(self):
        self.desk.privacy = "confidential"
        seen = {
            user.login: bool(self.window(user)._get_channels(self.desk))
            for user in (self.requester, self.agent, self.manager, self.stranger)
        }
        # It offers them something, but that is told to outsiders only.
        self.assertEqual(
            seen,
            {
                "cat_requester": True,
                "cat_agent": True,
                "cat_manager": True,
                "cat_stranger": True,
            },
        )
        (self.fast_car | self.open_service).action_retire()
        for user, sees in (
            (self.requester, False),
            (self.agent, True),
            (self.manager, True),
            (self.stranger, False),
        ):
            found = self.window(user)._get_channels(self.desk)
            self.assertEqual(bool(found), sees, user.login)

    def test_opening_hours_change(self):
        now = datetime(2026, 11, 24, 10)  # 11 in Stockholm, a Tuesday
        Desk = self.desk.with_user(self.requester)
        self.assertTrue(Desk._spoc_openings(now)[self.desk.id]["open"])
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 11, 23, 23),
                "date_to": datetime(2026, 11, 24, 22, 59),
            }
        )
        self.assertFalse(Desk._spoc_openings(now)[self.desk.id]["open"])
        leave.unlink()
        self.assertTrue(Desk._spoc_openings(now)[self.desk.id]["open"])
        self.calendar.tz = "Asia/Tokyo"
        self.assertFalse(Desk._spoc_openings(now)[self.desk.id]["open"])
        self.desk.resource_calendar_id = self._calendar(
            "Late", "Europe/Stockholm", [(9, 20)]
        )
        self.assertTrue(Desk._spoc_openings(now)[self.desk.id]["open"])
        self.desk.resource_calendar_id.attendance_ids.write({"hour_from": 12})
        self.assertFalse(Desk._spoc_openings(now)[self.desk.id]["open"])

    def test_leave_of_one_person_is_nothing_to_the_desk(self):
        now = datetime(2026, 11, 24, 10)
        self.assertTrue(self.desk._spoc_openings(now)[self.desk.id]["open"])
        kept = self.env["spoc.desk"]._get_kept()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ill",
                "calendar_id": self.calendar.id,
                "resource_id": self.requester_employee.resource_id.id,
                "date_from": datetime(2026, 11, 23, 23),
                "date_to": datetime(2026, 11, 24, 22, 59),
            }
        )
        self.assertIs(self.env["spoc.desk"]._get_kept(), kept)
        self.assertTrue(self.desk._spoc_openings(now)[self.desk.id]["open"])

    def test_long_and_short_looks_at_a_calendar_agree(self):
        start, end = datetime(2026, 1, 1, 7, 30), datetime(2026, 12, 31)
        whole = self.calendar._spoc_intervals(start, end)
        pieces, at = [], start
        while at < end:
            until = min(at + (end - start) / 37, end)
            pieces += self.calendar._spoc_intervals(at, until)
            at = until
        self.assertEqual(
            sum((b - a).total_seconds() for a, b in pieces),
            sum((b - a).total_seconds() for a, b in whole),
        )
        self.assertEqual(pieces[0][0], whole[0][0])
        self.assertEqual(pieces[-1][1], whole[-1][1])
