"""Search by meaning, with a model made here of real counts."""

import importlib.util
import math
import os
import tempfile
from collections import Counter
from itertools import combinations
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged

from .. import search_embedding
from .common import CatalogCase

# What is said together means the like.
TEXTS = (
    "the printer prints pages on paper with toner",
    "toner and ink make pages on paper black",
    "ink dried and the pages of the printer stay white",
    "white pages come out when ink is missing in the printer",
    "salary is money the employer pays every month",
    "the payslip shows the money of the month and the tax",
    "tax is taken of the salary and shown on the payslip",
    "every month the employer pays the salary with a payslip",
)


def vectors_of(texts):
    """{word: numbers}: how much oftener than by chance it stands with other words."""
    alone, together = Counter(), Counter()
    for text in texts:
        words = sorted(set(text.split()))
        alone.update(words)
        together.update(combinations(words, 2))
    columns = sorted(alone)

    def number(one, other):
        both = together[min(one, other), max(one, other)]
        if one == other:
            both = alone[one]
        expected = alone[one] * alone[other] / len(texts)
        return math.log(both / expected) if both > expected else -0.1

    return {one: [number(one, other) for other in columns] for one in columns}


def write_model(path):
    lines = (
        f"{word} {' '.join(format(number, '.4f') for number in numbers)}"
        for word, numbers in vectors_of(TEXTS).items()
    )
    Path(path).write_text("\n".join(lines) + "\n", "utf-8")


class TestSearchEmbedding(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = f"{folder.name}/vectors.vec"
        write_model(self.path)
        self.addCleanup(search_embedding.load.cache_clear)

    def test_likeness(self):
        embed = search_embedding.load(f"words:{self.path}")
        ink, toner, payslip, nothing = embed(["Ink!", "toner", "payslip", "zebra"])
        self.assertEqual(nothing, [])
        self.assertAlmostEqual(sum(number**2 for number in ink), 1)

        def likeness(one, other):
            return sum(a * b for a, b in zip(one, other, strict=True))

        self.assertGreater(likeness(ink, toner), likeness(ink, payslip))
        alike = [search_embedding.signature(vector) for vector in (ink, toner, payslip)]
        apart = [
            sum(a != b for a, b in zip(alike[0], other, strict=True))
            for other in alike[1:]
        ]
        self.assertLess(*apart)

    def test_passages(self):
        """A long text is read in passages, each told with the heading."""
        self.assertEqual(search_embedding.passages("Toner", None), ["Toner"])
        words = [f"word{number}" for number in range(1000)]
        heading, *parts = search_embedding.passages(" Toner ", " ".join(words))
        self.assertEqual(heading, "Toner")
        self.assertEqual(len(parts), search_embedding.PASSAGES)
        self.assertTrue(parts[1].startswith(f"Toner. word{search_embedding.PASSAGE} "))

    def test_what_cannot_be_loaded_is_left_out(self):
        self.assertIsNone(search_embedding.load(""))
        for name in ("words:/nowhere", "magic:x", "words:"):
            with self.subTest(name), self.assertLogs("odoo.addons.spoc_catalog"):
                self.assertIsNone(search_embedding.load(name))

    def test_model_of_a_package(self):
        """A model of sentences, where somebody has put one."""
        folder = os.environ.get("SPOC_TEST_ONNX_MODEL")
        if not folder or not importlib.util.find_spec("onnxruntime"):
            self.skipTest("no model on this machine")
        embed = search_embedding.load(f"onnx:{folder}")
        photo, picture, salary = embed(["a photo", "a picture", "my salary"])
        self.assertGreater(
            sum(a * b for a, b in zip(photo, picture, strict=True)),
            sum(a * b for a, b in zip(photo, salary, strict=True)),
        )


@tagged("post_install", "-at_install")
class TestSearchMeaning(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.addClassCleanup(search_embedding.load.cache_clear)
        cls.path = f"{folder.name}/vectors.vec"
        write_model(cls.path)
        cls.meaning = cls.env["spoc.search.meaning"]
        cls.printing = cls._service("Toner", description="<p>pages black</p>")
        cls.paying = cls._service("Employer", description="<p>tax every month</p>")
        cls.env.flush_all()

    def use(self):
        self.env["ir.config_parameter"].set_param(
            search_embedding.PARAMETER, f"words:{self.path}"
        )
        self.env["ir.cron"].flush_model()
        name, embed = self.meaning._get_model()
        for model in (self.env["spoc.service"], self.env["spoc.desk"]):
            while texts := self.meaning._get_unread(model, name):
                self.meaning._spoc_note(model, name, embed, texts)

    def find(self, text, user=None, **kwargs):
        services = self.env["spoc.service"].with_user(user or self.requester)
        return services._spoc_search(text, **kwargs)

    def test_off_by_default(self):
        self.assertEqual(self.meaning._get_model(), (False, None))
        self.meaning._cron_learn()
        self.assertFalse(self.meaning.search_count([]))
        self.assertNotIn(self.printing, self.find("white ink dried"))

    def test_found_by_meaning(self):
        self.use()
        self.assertIn(self.printing, self.find("white ink dried")[:2])
        self.assertIn(self.paying, self.find("payslip money salary ")[:2])
        # Who asks for a word is answered by the word.
        self.assertEqual(self.find("toner")[:1], self.printing)
        self.assertEqual(self.find("zzzz qqqq xxxx"), self.printing.browse())

    def test_found_by_a_passage(self):
        """What stands far down counts as what stands first, once for a document."""
        far = "lorem ipsum " * 60 + "tax salary month employer payslip"
        long = self._service("Sundries", description=f"<p>{far}</p>")
        self.env.flush_all()
        self.use()
        found = self.find("payslip money salary ")
        self.assertIn(long, found)
        self.assertEqual(len(found), len(set(found.ids)))
        long.description = "<p>short</p>"
        self.env.flush_all()
        self.env.cr.execute("UPDATE spoc_search_meaning SET made = '2020-01-01'")
        self.use()
        self.env.cr.execute(
            "SELECT max(part) FROM spoc_search_meaning WHERE document = %s"
            " AND source = 'spoc_service'",
            [long.id],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 1)

    def test_rules_hold(self):
        self.use()
        self.printing.audience_ids = self._audience("employees", self.works)
        self.assertNotIn(self.printing, self.find("white ink dried", self.customer))
        self.assertIn(self.printing, self.find("white ink dried", self.colleague))
        nothing = [("id", "=", self.paying.id)]
        self.assertNotIn(self.printing, self.find("white ink dried", domain=nothing))
        for user in (self.requester, self.editor, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.meaning.with_user(user).search([])

    def test_goes_on_and_forgets(self):
        self.use()
        name, _embed = self.meaning._get_model()
        services = self.env["spoc.service"]
        self.assertFalse(self.meaning._get_unread(services, name))
        self.env.cr.execute(
            "UPDATE spoc_search_meaning SET made = made - interval '1 day'"
            " WHERE document = %s",
            [self.printing.id],
        )
        ((document, heading, text),) = self.meaning._get_unread(services, name)
        self.assertEqual(document, self.printing.id)
        self.assertTrue(heading.startswith("Toner"), heading)
        self.assertIn("pages black", text)
        self.assertNotIn("<p>", text)
        # Another model reads everything anew.
        self.assertTrue(self.meaning._get_unread(services, "words:/other"))
        self.env.cr.execute(
            "UPDATE spoc_search_meaning SET document = -1 WHERE document = %s",
            [self.paying.id],
        )
        self.meaning._forget(services)
        self.env.cr.execute("SELECT 1 FROM spoc_search_meaning WHERE document = -1")
        self.assertFalse(self.env.cr.fetchall())
