"""Who may do what: every model, telling records and every page, in tables.

The tables are what is meant, written down apart from the access rules: whatever is
added to the catalogue without a line here makes a test fail.
"""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.spoc_catalog import controllers

from .personas_common import PersonaChecks
from .window_common import WindowCase

PERSONAS = (
    "public",
    "customer",
    "requester",
    "agent",
    "stranger",
    "manager",
    "editor",
    "administrator",
)
# In the order of PERSONAS. Agents and strangers (agents of another desk) have the same
# rights over models; records tell them apart.
PUBLIC_MATTER = ("", "r", "r", "r", "r", "r", "rwcd", "rwcd")
DESK_MATTER = ("", "", "", "r", "r", "r", "rwcd", "rwcd")
EDITORS_TOOL = ("", "", "", "", "", "", "rwcd", "rwcd")
NOTED_BY_THE_SUITE = ("", "", "", "", "", "r", "r", "r")
MODELS = {
    "spoc.desk": ("", "r", "r", "r", "r", "rw", "r", "rwcd"),
    "spoc.channel": ("", "r", "r", "r", "r", "r", "r", "rwcd"),
    "spoc.channel.report": ("", "", "", "", "", "r", "", "r"),
    "spoc.category": PUBLIC_MATTER,
    "spoc.facet": PUBLIC_MATTER,
    "spoc.facet.value": PUBLIC_MATTER,
    "spoc.audience": PUBLIC_MATTER,
    "spoc.audience.rule": EDITORS_TOOL,
    "spoc.audience.check": EDITORS_TOOL,
    "spoc.service": PUBLIC_MATTER,
    "spoc.service.version": ("", "", "", "r", "r", "r", "r", "r"),
    "spoc.service.compare": ("", "", "", "rwcd", "rwcd", "rwcd", "rwcd", "rwcd"),
    "spoc.service.copy": EDITORS_TOOL,
    "spoc.service.publish": EDITORS_TOOL,
    "spoc.catalog.export": EDITORS_TOOL,
    "spoc.catalog.import": EDITORS_TOOL,
    "spoc.catalog.import.line": EDITORS_TOOL,
    "spoc.catalog.import.missing": EDITORS_TOOL,
    "spoc.form": DESK_MATTER,
    "spoc.form.question": DESK_MATTER,
    "spoc.form.option": DESK_MATTER,
    "spoc.form.condition": DESK_MATTER,
    "spoc.form.check": EDITORS_TOOL,
    "spoc.form.check.line": EDITORS_TOOL,
    "spoc.approval.rule": DESK_MATTER,
    "spoc.approval.step": DESK_MATTER,
    "spoc.approval.condition": DESK_MATTER,
    "spoc.target.policy": DESK_MATTER,
    "spoc.target": DESK_MATTER,
    "spoc.priority.matrix": ("", "", "", "r", "r", "r", "r", "rwcd"),
    "spoc.search.log": NOTED_BY_THE_SUITE,
    "spoc.search.report": NOTED_BY_THE_SUITE,
    "spoc.search.synonym": ("", "", "", "", "", "r", "rwcd", "rwcd"),
    # Steps not yet in the log, words of all documents: for nobody.
    "spoc.search.step": ("",) * len(PERSONAS),
    "spoc.search.word": ("",) * len(PERSONAS),
    "spoc.search.meaning": ("",) * len(PERSONAS),
    # Wishes are made in the window only.
    "spoc.wish": ("", "r", "r", "r", "r", "r", "rwd", "rwd"),
}
EVERYONE = frozenset(PERSONAS[1:])
STAFF = EVERYONE - {"customer"}
KEEPERS = frozenset({"editor", "administrator"})
# Record of the scene -> who sees it
RECORDS = {
    "open_service": EVERYONE,
    "staff_service": STAFF,
    "customer_service": {"customer", "agent"} | KEEPERS,
    "draft_service": {"agent"} | KEEPERS,
    "retired_service": {"agent"} | KEEPERS,
    "foreign_service": frozenset(),
    "desk": EVERYONE,
    "other_desk": STAFF,
    "foreign_desk": frozenset(),
    "desk_channel": EVERYONE,
    "other_channel": STAFF,
    "own_wish": {"requester"} | KEEPERS,
    "staff_audience": STAFF,
    "customer_audience": EVERYONE,
    "version": {"agent"} | KEEPERS,
}
# What finds a record by words, apart from the search of records
SECRET = "Zanzibar"
# Page -> who is shown it; the others are told that there is nothing, or sent to sign
# in. Names in braces are records of the scene.
PAGES = {
    "/spoc": EVERYONE,
    "/spoc/search?q=zanzibar": EVERYONE,
    "/spoc/topics": EVERYONE,
    "/spoc/departments": EVERYONE,
    "/spoc/desks": EVERYONE,
    "/spoc/services": EVERYONE,
    "/spoc/popular": EVERYONE,
    "/spoc/mine": EVERYONE,
    "/spoc/ask": EVERYONE,
    "/spoc/category/{category}": EVERYONE,
    "/spoc/facets/{facet}": EVERYONE,
    "/spoc/facet/{facet_value}": EVERYONE,
    "/spoc/department/{works}": EVERYONE,
    "/spoc/service/{open_service}": EVERYONE,
    "/spoc/service/{staff_service}": STAFF,
    "/spoc/service/{customer_service}": RECORDS["customer_service"],
    "/spoc/service/{draft_service}": RECORDS["draft_service"],
    "/spoc/service/{foreign_service}": frozenset(),
    "/spoc/desk/{desk}": EVERYONE,
    "/spoc/desk/{other_desk}": STAFF,
    "/spoc/desk/{foreign_desk}": frozenset(),
    "/spoc/desk/{desk}/vcard": EVERYONE,
    "/spoc/desk/{other_desk}/vcard": STAFF,
    "/spoc/wish/{own_wish}": RECORDS["own_wish"],
    "/spoc/form/{form}/preview": KEEPERS,
}
# What browsers fetch to install the window: the same for all, signed in or not
OPEN_PAGES = {
    "/spoc/manifest.webmanifest",
    "/spoc/service-worker.js",
    "/spoc/offline",
}
# Routes that show nothing to anybody or answer no GET, tested where they belong
NO_PAGES = {
    "/spoc/suggest",
    "/spoc/trail",
    "/spoc/form/<int:form_id>/lookup",
    "/spoc/<path:unknown>",
}


class PersonaCase(PersonaChecks, WindowCase):
    personas = PERSONAS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls._set_services()
        cls._set_elsewhere()
        cls._set_rest()
        cls.env.flush_all()

    @classmethod
    def _set_services(cls):
        cls.staff_audience = cls._audience("employees")
        cls.customer_audience = cls._audience("customers")
        cls.facet = cls.env["spoc.facet"].create({"name": "Situation"})
        cls.facet_value = cls.env["spoc.facet.value"].create(
            {"name": "Moving", "facet_id": cls.facet.id}
        )
        cls.form = cls.env["spoc.form"].create({"name": "Sheet"})
        cls.open_service.write({"facet_value_ids": [Command.link(cls.facet_value.id)]})
        cls.staff_service = cls._service(
            f"{SECRET} staff",
            desk_id=cls.other_desk.id,
            audience_ids=[Command.set(cls.staff_audience.ids)],
        )
        cls.customer_service = cls._service(
            f"{SECRET} customers",
            audience_ids=[Command.set(cls.customer_audience.ids)],
        )
        cls.draft_service.name = f"{SECRET} draft"
        cls.retired_service = cls._service(f"{SECRET} retired", state="retired")
        cls.draft_service.summary = "Not for everybody yet"
        cls.draft_service._spoc_publish("First")
        cls.version = cls.env["spoc.service.version"].search(
            [("service_id", "=", cls.draft_service.id)], limit=1
        )
        cls.draft_service.action_draft()

    @classmethod
    def _set_elsewhere(cls):
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.foreign_desk = cls.env["spoc.desk"].create(
            {
                "name": "Far",
                "code": "FAR",
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        cls.foreign_service = cls._service(f"{SECRET} far", desk_id=cls.foreign_desk.id)

    @classmethod
    def _set_rest(cls):
        cls.desk_channel = cls.desk.channel_ids[:1]
        cls.other_channel = cls.env["spoc.channel"].create(
            {
                "desk_id": cls.other_desk.id,
                "kind": "email",
                "identity": "h@spoc.example",
            }
        )
        cls.own_wish = cls.env["spoc.wish"].create(
            {"words": f"A trip to {SECRET}", "user_id": cls.requester.id}
        )


@tagged("post_install", "-at_install")
class TestPersonaModels(PersonaCase):
    def test_every_model_has_its_line(self):
        self.assertEveryModel("spoc_catalog", MODELS)

    def test_rights_over_models(self):
        self.assertRights(MODELS)

    def test_records(self):
        self.assertRecords(RECORDS)

    def test_search_by_words(self):
        kinds = ("staff", "customer", "draft", "retired", "foreign")
        services = {getattr(self, f"{kind}_service"): kind for kind in kinds}
        for persona in PERSONAS[1:]:
            self.env.invalidate_all()
            user = getattr(self, persona)
            found = self.env["spoc.service"].with_user(user)._spoc_search(SECRET)
            meant = {
                service
                for service, kind in services.items()
                if persona in RECORDS[f"{kind}_service"]
            }
            self.assertEqual(set(found.with_env(self.env)), meant, persona)

    def test_only_its_keepers_write_what_they_see(self):
        for name, seen_by in RECORDS.items():
            record = getattr(self, name)
            rights = dict(zip(PERSONAS, MODELS[record._name], strict=True))
            for persona in PERSONAS:
                self.env.invalidate_all()
                theirs = record.with_user(getattr(self, persona))
                may = persona in seen_by and "w" in rights[persona]
                # a manager keeps the own desk only
                may = may and (persona != "manager" or name != "other_desk")
                with self.subTest(record=name, persona=persona):
                    self.assertEqual(theirs.has_access("write"), may)


@tagged("post_install", "-at_install")
class TestPersonaPages(PersonaCase):
    def test_every_route_has_its_line(self):
        self.assertEveryRoute(
            set(PAGES) | OPEN_PAGES | NO_PAGES,
            controllers.window,
            controllers.contact,
            controllers.form,
            controllers.install,
        )

    def test_pages(self):
        for persona in PERSONAS:
            login = None if persona == "public" else f"cat_{self._login(persona)}"
            self.authenticate(login, login)
            for page, shown_to in PAGES.items():
                path = self._path(page)
                with self.subTest(persona=persona, page=page):
                    answer = self.url_open(path, allow_redirects=False)
                    if persona == "public":
                        self.assertEqual(answer.status_code, 303)
                        self.assertIn("/web/login", answer.headers["Location"])
                    elif persona in shown_to:
                        self.assertEqual(answer.status_code, 200)
                    else:
                        self.assertIn(answer.status_code, (403, 404))
                        self.assertNotIn(SECRET, answer.text)

    def test_open_pages(self):
        for persona in PERSONAS:
            login = None if persona == "public" else f"cat_{self._login(persona)}"
            self.authenticate(login, login)
            for path in OPEN_PAGES:
                with self.subTest(persona=persona, page=path):
                    answer = self.url_open(path, allow_redirects=False)
                    self.assertEqual(answer.status_code, 200)
                    self.assertNotIn(SECRET, answer.text)

    def _login(self, persona):
        return {"administrator": "admin"}.get(persona, persona)

    def test_search_page_shows_each_their_own(self):
        for persona in PERSONAS[1:]:
            login = f"cat_{self._login(persona)}"
            answer = self.get(f"/spoc/search?q={SECRET}", login)
            for name in ("staff", "customer", "foreign"):
                service = getattr(self, f"{name}_service")
                shown = f"/spoc/service/{service.id}" in answer.text
                with self.subTest(persona=persona, service=name):
                    seen = persona in RECORDS[f"{name}_service"]
                    self.assertEqual(shown, seen)
            for name in ("draft", "retired"):
                service = getattr(self, f"{name}_service")
                self.assertNotIn(f"/spoc/service/{service.id}", answer.text)
