"""The vocabulary: learnt by writing, counted at night, waited for by nobody."""

from odoo import sql_db
from odoo.tests import tagged
from odoo.tools import SQL

from .. import search_sql
from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestSearchWord(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("sv_SE")
        cls.word = cls.env["spoc.search.word"]

    def words(self, *words):
        """{(language, word): (stem, documents, headings)} of the services."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT lang, word, stem, documents, headings FROM spoc_search_word
               WHERE source = 'spoc_service' AND word = ANY(%s)""",
            [list(words)],
        )
        return {(row[0], row[1]): row[2:] for row in self.env.cr.fetchall()}

    def test_learnt_by_writing(self):
        service = self._service("Quokkas", description="<p>wombats</p>")
        service.with_context(lang="sv_SE").name = "Pungdjuren"
        found = self.words("quokkas", "wombats", "pungdjuren", "p")
        self.assertEqual(found["en", "quokkas"][0], "quokka")
        self.assertEqual(found["en", "quokkas"][2], 1)
        self.assertEqual(found["en", "wombats"][2], 0)
        self.assertEqual(found["sv", "pungdjuren"][0], "pungdjur")
        self.assertNotIn(("en", "p"), found)
        service.name = "Kakapos"
        self.assertIn(("en", "kakapos"), self.words("kakapos"))

    def test_a_write_of_something_else_costs_nothing(self):
        service = self._service("Quokkas")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM spoc_search_word")
        service.sequence = 5
        self.assertFalse(self.words("quokkas"))

    def test_refresh_counts_and_forgets(self):
        services = [self._service(f"Quokka number {n}") for n in range(3)]
        self.words()
        self.env.cr.execute(
            """INSERT INTO spoc_search_word (source, lang, word, stem, documents,
                                             headings)
               VALUES ('spoc_service', 'en', 'quokka', 'quokka', 1, 0)"""
        )
        self.word._cron_refresh()
        self.env.cr.execute(
            "SELECT documents, headings FROM spoc_search_word"
            " WHERE source = 'spoc_service' AND word = 'quokka' AND lang = 'en'"
        )
        self.assertEqual(self.env.cr.fetchall(), [(3, 3)], "Twice learnt, kept once.")
        services[0].name = services[1].name = services[2].name = "Something"
        self.env.flush_all()
        self.word._spoc_refresh(self.env["spoc.service"])
        self.assertFalse(self.words("quokka"))

    def test_refresh_learns_what_was_missed(self):
        self._service("Quokkas")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM spoc_search_word")
        self.word._cron_refresh()
        self.assertTrue(self.words("quokkas"))

    def test_words_of_models_that_are_gone_go(self):
        self.env.cr.execute(
            """INSERT INTO spoc_search_word (source, lang, word, stem)
               VALUES ('spoc_gone', 'en', 'x', 'x')"""
        )
        self.word._cron_refresh()
        self.env.cr.execute("SELECT 1 FROM spoc_search_word WHERE source = 'spoc_gone'")
        self.assertFalse(self.env.cr.fetchall())

    def test_writers_do_not_wait_for_each_other(self):
        """Two transactions learn the same words, in opposite order, at once."""
        connection = sql_db.db_connect(self.env.cr.dbname)
        texts = "SELECT ($1).value, ''en_US''::text, true".replace("''", "'")
        one, other = connection.cursor(), connection.cursor()
        try:
            for cr in (one, other):
                cr.execute("SET LOCAL lock_timeout = '2s'")
                cr.execute("CREATE TEMP TABLE spoc_probe (value text)")
                cr.execute(
                    SQL(
                        "CREATE TRIGGER learn AFTER INSERT ON spoc_probe FOR EACH ROW"
                        " EXECUTE FUNCTION spoc_search_learn(%s)",
                        texts,
                    )
                )
            one.execute("INSERT INTO spoc_probe VALUES ('quokka'), ('wombat')")
            other.execute("INSERT INTO spoc_probe VALUES ('wombat'), ('quokka')")
            one.execute("INSERT INTO spoc_probe VALUES ('kakapo')")
            for cr in (one, other):
                cr.execute(
                    "SELECT count(*) FROM spoc_search_word WHERE source = 'spoc_probe'"
                )
            self.assertEqual(other.fetchone(), (2,))
            self.assertEqual(one.fetchone(), (3,))
        finally:
            for cr in (one, other):
                cr.rollback()
                cr.close()

    def test_functions_survive_a_dump(self):
        """All fix their search path; those of generated columns are immutable."""
        names = [name.split("(")[0] for name in search_sql.NAMES]
        self.env.cr.execute(
            """SELECT proname, proconfig, provolatile FROM pg_proc
               WHERE proname LIKE 'spoc\\_search\\_%%'""",
        )
        rows = self.env.cr.fetchall()
        self.assertEqual(sorted(row[0] for row in rows), sorted(names))
        for name, config, volatile in rows:
            with self.subTest(name):
                self.assertIn("search_path", str(config))
                self.assertEqual(volatile, "v" if name.endswith("learn") else "i")

    def test_no_answer_tells_of_a_sample(self):
        self.patch(type(self.word), "_sample_size", 2)
        for number in range(6):
            self._service(f"Quokka number {number}")
        self.env.flush_all()
        self.word._spoc_refresh(self.env["spoc.service"])
        self.assertTrue(self.words("quokka"), "Nothing is forgotten by a sample.")
