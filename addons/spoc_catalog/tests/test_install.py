"""The window as a program of its own."""

import json
import re

from odoo.tests import tagged

from .window_common import WindowCase

MANIFEST = "/spoc/manifest.webmanifest"
WORKER = "/spoc/service-worker.js"
OFFLINE = "/spoc/offline"


@tagged("post_install", "-at_install")
class TestInstall(WindowCase):
    def test_manifest(self):
        answer = self.url_open(MANIFEST)
        self.assertEqual(
            answer.headers["Content-Type"].partition(";")[0],
            "application/manifest+json",
        )
        manifest = answer.json()
        self.assertEqual(manifest["start_url"], "/spoc")
        self.assertEqual(manifest["scope"], "/spoc")
        self.assertEqual(manifest["lang"], "en-US")
        self.assertIn("Service window", manifest["name"])
        for icon in manifest["icons"]:
            self.assertEqual(self.url_open(icon["src"]).status_code, 200)

    def test_manifest_is_named_after_the_readers_company(self):
        company = self.env["res.company"].create({"name": "Harbour Works"})
        self.requester.write({"company_ids": [(4, company.id)], "company_id": company})
        self.authenticate(self.requester.login, self.requester.login)
        manifest = self.url_open(MANIFEST).json()
        self.assertEqual(manifest["name"], "Harbour Works: Service window")

    def test_each_language_is_a_window_of_its_own(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.env.ref("base.module_spoc_catalog")._update_translations("sv_SE")
        manifest = self.url_open(f"/sv{MANIFEST}").json()
        self.assertEqual(manifest["scope"], "/sv/spoc")
        self.assertEqual(manifest["lang"], "sv-SE")
        self.assertEqual(manifest["id"], "/spoc")
        worker = self.url_open(f"/sv{WORKER}")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/sv/spoc")

    def test_worker_reaches_no_further_than_the_window(self):
        answer = self.url_open(WORKER)
        self.assertEqual(answer.headers["Service-Worker-Allowed"], "/spoc")
        self.assertIn("javascript", answer.headers["Content-Type"])

    def test_worker_changes_with_the_page_it_keeps(self):
        before = self.url_open(WORKER).text
        self.assertEqual(self.url_open(WORKER).text, before)
        view = self.env.ref("spoc_catalog.window_offline")
        view.arch = view.arch.replace("You are offline", "There is no network")
        self.assertNotEqual(self.url_open(WORKER).text, before)

    def test_offline_page_is_the_same_for_all(self):
        nobody = self.url_open(OFFLINE).text
        self.authenticate(self.requester.login, self.requester.login)
        self.assertEqual(self.url_open(OFFLINE).text, nobody)
        for address in re.findall(r'(?:src|href)="([^"]+)"', nobody):
            self.fail(f"the page without network asks for {address}")

    def test_nothing_of_the_window_is_told(self):
        self.open_service.name = "Zanzibar"
        texts = [self.url_open(path).text for path in (MANIFEST, WORKER, OFFLINE)]
        self.assertNotIn("Zanzibar", "".join(texts))

    def test_pages_that_may_be_installed(self):
        self.authenticate(self.requester.login, self.requester.login)
        for path in ("/spoc", f"/spoc/service/{self.open_service.id}"):
            text = self.url_open(path).text
            self.assertRegex(text, rf'<link rel="manifest"[^>]+href="{MANIFEST}"')
            self.assertIn('rel="apple-touch-icon"', text)
            self.assertIn('name="theme-color"', text)
        self.assertNotIn('rel="manifest"', self.url_open("/my").text)

    def test_backend_is_left_alone(self):
        manifest = json.loads(self.url_open("/web/manifest.webmanifest").text)
        self.assertEqual(manifest["scope"], "/odoo")
        worker = self.url_open("/web/service-worker.js")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/odoo")
        self.assertNotIn("spoc", worker.text)
