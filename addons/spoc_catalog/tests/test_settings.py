"""Settings: what the search lacks, and how it is mended."""

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.db import has_trigram
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.sql import index_exists

from .. import search_embedding
from ..models import res_config_settings
from .common import CatalogCase

INDEX = "spoc_search_word_trigram_idx"


@tagged("post_install", "-at_install")
class TestSettings(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")

    def _settings(self, **values):
        return self.env["res.config.settings"].with_user(self.admin).create(values)

    def test_the_extension_is_missed(self):
        self.patch(self.env.registry, "has_trigram", False)
        self.assertFalse(self._settings().spoc_search_trigram)

    def test_the_extension_is_added(self):
        try:
            with self.env.cr.savepoint():
                # SQL: as in a database that never had it.
                self.env.cr.execute("DROP EXTENSION pg_trgm CASCADE")
        except psycopg2.errors.InsufficientPrivilege:
            self.skipTest("the extension belongs to somebody else here")
        self.patch(self.env.registry, "has_trigram", False)
        self.addCleanup(setattr, self.env.registry, "registry_invalidated", False)
        settings = self._settings()
        self.assertFalse(settings.spoc_search_trigram)
        settings.action_spoc_search_trigram()
        self.assertTrue(has_trigram(self.env.cr))
        self.assertTrue(index_exists(self.env.cr, INDEX))
        self.assertTrue(self._settings().spoc_search_trigram)
        self.assertTrue(self.env.registry.registry_invalidated)

    def test_who_may_add_it_is_told_how(self):
        def refuse(_settings):
            raise psycopg2.errors.InsufficientPrivilege("permission denied")

        settings = self._settings()
        self.patch(type(settings), "_spoc_create_trigram", refuse)
        with self.assertRaisesRegex(UserError, "CREATE EXTENSION pg_trgm"):
            settings.action_spoc_search_trigram()

    def test_only_an_administrator_adds_it(self):
        settings = self.env["res.config.settings"].with_user(self.manager)
        with self.assertRaises(AccessError):
            settings.browse().action_spoc_search_trigram()

    def test_a_model_that_does_not_load_is_refused(self):
        parameters = self.env["ir.config_parameter"]
        settings = self._settings(spoc_search_embedding="words:/nowhere")
        with (
            mute_logger("odoo.addons.spoc_catalog.search_embedding"),
            self.assertRaises(ValidationError),
        ):
            settings.set_values()
        self.assertFalse(parameters.get_param(search_embedding.PARAMETER))

    def test_how_far_a_model_has_read(self):
        self.patch(
            res_config_settings.search_embedding, "load", lambda name: lambda *a: []
        )
        settings = self._settings(spoc_search_embedding=" words:/srv/some.vec ")
        settings.set_values()
        self.assertEqual(
            self.env["ir.config_parameter"].get_param(search_embedding.PARAMETER),
            "words:/srv/some.vec",
        )
        self.assertIn("0", settings.spoc_search_embedding_state)
