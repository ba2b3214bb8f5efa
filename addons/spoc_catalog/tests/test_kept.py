"""What is taken from memory instead of the database is always what is there."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestKept(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.env["spoc.desk"].create({"name": "Kept", "code": "KEPT"})
        cls.env.flush_all()

    def _recalled(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.desk._spoc_recall()

    def test_only_what_is_typed_in(self):
        for model in self.env.values():
            if "_spoc_kept_columns" not in dir(model) or model._abstract:
                continue
            for name in model._spoc_kept_columns():
                field = model._fields[name]
                with self.subTest(model=model._name, column=name):
                    self.assertTrue(field.store and field.column_type)
                    self.assertFalse(field.compute)
                    self.assertFalse(field.groups)
                    if field.type == "many2one" and field.ondelete != "restrict":
                        # The database takes it out: its own model has to tell.
                        other = self.env[field.comodel_name]
                        kept = "_spoc_kept_columns" in dir(other)
                        self.assertTrue(kept or other._name in ("res.users",))

    def test_nothing_is_read(self):
        self._recalled()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            desk = self.desk._spoc_recall()
            self.assertEqual(desk.code, "KEPT")
            self.assertEqual(desk.name, "Kept")

    def test_a_change_is_seen(self):
        self._recalled()
        self.desk.name = "Changed"
        self.assertEqual(self._recalled().name, "Changed")

    def test_what_waits_to_be_written_stays(self):
        self._recalled()
        self.env.invalidate_all()
        self.desk.sequence = 77
        self.desk.name = "Waiting"
        self.assertEqual(self.desk._spoc_recall().name, "Waiting")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.desk.name, "Waiting")

    def test_each_language_has_its_words(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.desk.with_context(lang="sv_SE").name = "Behållen"
        self.assertEqual(self._recalled().name, "Kept")
        swedish = self.desk.with_context(lang="sv_SE")
        self.assertEqual(swedish._spoc_recall().name, "Behållen")
