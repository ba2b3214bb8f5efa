"""Links that people set lead to what they may read, and to nothing else."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from .common import CatalogCase

WORD = "quagganite"
SHOWN = {"service_id": {"fields": {"display_name": {}}}}


@tagged("post_install", "-at_install")
class TestLinks(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls.env["spoc.service"].create(
            {"name": f"{WORD} service", "desk_id": cls.desk.id}
        )
        # Addons above have confidential records; here one is made of a service.
        cls.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": cls.env["ir.model"]._get_id("spoc.service"),
                "domain_force": [("id", "!=", cls.secret.id)],
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def assertRefused(self, call):
        self.env.invalidate_all()
        with (
            mute_logger("odoo.addons.base.models.ir_rule"),
            self.assertRaises(AccessError) as refused,
            self.env.cr.savepoint(),
        ):
            call()
        self.assertNotIn(WORD, str(refused.exception))

    @users("cat_editor")
    def test_wizards(self):
        Copy, Export = self.env["spoc.service.copy"], self.env["spoc.catalog.export"]
        hidden = {"service_id": self.secret.id}
        mine = Copy.create({"service_id": self.open_service.id, "name": "Mine"})
        export = Export.create({})
        for links in ([Command.set(self.secret.ids)], [Command.link(self.secret.id)]):
            self.assertRefused(lambda ids=links: Export.create({"service_ids": ids}))
            self.assertRefused(lambda ids=links: export.write({"service_ids": ids}))
        for call in (
            lambda: Copy.create({**hidden, "name": "x"}),
            lambda: mine.write(hidden),
            lambda: mine.web_save(hidden, SHOWN),
            lambda: mine.onchange(hidden, ["service_id"], SHOWN),
            lambda: Copy.onchange(hidden, ["service_id"], SHOWN),
            lambda: Copy.onchange(hidden, [], SHOWN),
        ):
            self.assertRefused(call)
        self.assertEqual(mine.service_id, self.open_service)

    @users("cat_editor")
    def test_defaults(self):
        """Sent along, or kept as a default of one's own."""
        Copy = self.env["spoc.service.copy"]
        sent = Copy.with_context(default_service_id=self.secret.id)
        own = ("spoc.service.copy", "service_id", self.secret.id)
        self.env["ir.default"].set(*own, user_id=True)
        for one in (sent, Copy):
            self.assertRefused(lambda m=one: m.create({"name": "x"}))
            self.assertRefused(lambda m=one: m.default_get(["service_id"]))
            self.assertRefused(lambda m=one: m.onchange({}, [], SHOWN))
            # The link itself is not asked for; what follows from it is.
            self.assertRefused(lambda m=one: m.onchange({}, [], {"name": {}}))

    @users("cat_editor")
    def test_forms_of_all_models(self):
        """A form shows names before anything is stored, in lines as well."""
        spec = {
            "service_ids": {"fields": {"name": {}, "template_id": SHOWN["service_id"]}}
        }
        form = self.env["spoc.form"]
        line = [Command.create({"name": "x", "template_id": self.secret.id})]
        self.assertRefused(
            lambda: form.onchange({"service_ids": line}, ["service_ids"], spec)
        )
        mine = form.create({"name": "Mine"})
        change = [Command.update(self.open_service.id, line[0][2])]
        self.assertRefused(
            lambda: mine.onchange({"service_ids": change}, ["service_ids"], spec)
        )

    def test_what_stands_there_already(self):
        """Whoever may write a record may save it, wherever it leads."""
        user = self.editor
        wizard = (
            self.env["spoc.service.copy"]
            .with_user(user)
            .sudo()
            .create({"service_id": self.secret.id, "name": "x"})
        )
        self.env.flush_all()
        wizard.with_user(user).write({"service_id": self.secret.id, "name": "y"})
        self.assertEqual(wizard.name, "y")

    def test_code_links_what_it_likes(self):
        """As the superuser nothing is asked, and nothing costs more."""
        Copy = self.env["spoc.service.copy"].sudo()
        values = [{"service_id": self.secret.id, "name": "x"}]
        self.env.flush_all()
        with self.assertQueryCount(0):
            Copy._spoc_asked_links()
            self.env["res.partner"].with_user(self.editor)._spoc_check_links(
                [{"name": "x", "country_id": 1, "category_id": [(6, 0, [1])]}]
            )
        self.assertEqual(Copy.create(values).service_id, self.secret)

    @users("cat_editor")
    def test_developer_mode_names_nothing(self):
        """There Odoo says the name of what it refuses, and which rules do."""
        secret = self.secret.with_env(self.env)
        with self.debug_mode(), mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError) as refused:
                secret.read(["name"])
        self.assertNotIn(WORD, str(refused.exception))
        self.assertIn(f"(spoc.service: {secret.id}", str(refused.exception))
        self.assertIn("Not this one", str(refused.exception))
