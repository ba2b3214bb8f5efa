"""Articles in and out: nothing lost on a round trip, nothing done twice, no leaks."""

import base64
import io
import itertools
import zipfile
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from .. import article_file, article_markdown
from ..models import spoc_article_import
from ..wizards import spoc_article_import as import_wizard
from .test_article_reading import PIXEL, ReadingCase

RICH = (
    "<h2>First</h2><p>Hold <b>your</b> <i>badge</i> &amp; wait.</p>"
    "<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>"
    '<table class="table"><tbody><tr><td colspan="2">wide</td></tr></tbody></table>'
    "<pre>x &lt; 1</pre><blockquote><p>said</p></blockquote>"
)


def packed(**members):
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestArticleFile(BaseCase):
    def test_markdown_is_stable(self):
        for words in (
            RICH,
            "<p>1. no list</p><p># no head</p><p>2*3 _x_ [a] `b` | &lt;i&gt;</p>",
            '<ol start="3"><li>x</li></ol><p>a<br>b</p><hr>',
            "<table><thead><tr><th>a|b</th></tr></thead>"
            "<tbody><tr><td><b>c</b></td></tr></tbody></table>",
            "<p>&amp;lt; «Привет» — åäö</p>",
        ):
            markdown = article_markdown.to_markdown(words)
            again = article_markdown.to_markdown(article_markdown.to_html(markdown))
            self.assertEqual(again, markdown)

    def test_bad_files(self):
        for data, name, code in (
            (b"", "x.zip", "empty"),
            (b"PK nonsense", "x.zip", "zip"),
            (packed(x="y"), "x.zip", "nothing"),
            (packed(**{"articles.json": "{", "a.md": "x"}), "x.zip", "index"),
            (
                packed(
                    **{
                        "articles.json": '{"format": "spoc-articles", "version": 9}',
                        "a.md": "x",
                    }
                ),
                "x.zip",
                "version",
            ),
            (b"nonsense", "x.xlsx", "sheet"),
            (b"a,b\n1,2\n", "x.csv", "columns"),
            (b"\xff\xfe\x00", "x.csv", "encoding"),
            (b"x", "x.exe", "kind"),
            (b"x", "", "kind"),
        ):
            with self.subTest(name=name, code=code):
                with self.assertRaises(article_file.FileFault) as caught:
                    article_file.read(data, name)
                self.assertEqual(caught.exception.code, code)

    def test_limits(self):
        with patch.object(article_file, "MAX_UNPACKED", 10):
            with self.assertRaises(article_file.FileFault) as caught:
                article_file.read(packed(**{"a.md": "x" * 11}), "x.zip")
        self.assertEqual(caught.exception.code, "unpacked")
        with patch.object(article_file, "MAX_TEXT", 10):
            _s, entries, _f = article_file.read(packed(**{"a.md": "x" * 11}), "x.zip")
        self.assertEqual(entries[0]["fault"][0], "long")

    def test_paths_stay_inside(self):
        for path in ("../x", "a/../../x", "/etc/passwd", "a\\b", "", "x\x00y"):
            self.assertIsNone(article_file.clean_path(path), path)
        self.assertEqual(article_file.clean_path("../b%20c.png", "d"), "b c.png")
        data = packed(**{"../evil.md": "x", "__MACOSX__a.md": "x", "a.md": "# Good"})
        _source, entries, _files = article_file.read(data, "x.zip")
        self.assertEqual([entry["title"] for entry in entries], ["Good"])

    def test_front_matter(self):
        text = (
            '---\nTitle: "A: b"\ntags: [x, "y, z"]\nlanguage: sv\nservices:\n'
            "  - One\n  - 'Two''s'\nunknown: 1\n---\n\nBody"
        )
        about, rest = article_file.read_front_matter(text)
        self.assertEqual(
            about,
            {
                "title": "A: b",
                "keywords": "x, y, z",
                "lang": "sv",
                "services": ["One", "Two's"],
            },
        )
        self.assertEqual(rest.strip(), "Body")
        self.assertEqual(
            article_file.read_front_matter("---\nno end"), ({}, "---\nno end")
        )

    def test_without_the_package(self):
        fault = article_markdown.NoReader("markdown-it-py")
        with patch.object(article_markdown, "to_html", side_effect=fault):
            _s, entries, _f = article_file.read(
                packed(**{"a.md": "x", "b.html": "<h1>T</h1><p>y</p>"}), "x.zip"
            )
        self.assertEqual(entries[0]["fault"][0], "package")
        self.assertEqual(entries[1]["title"], "T")


class ExchangeCase(ReadingCase):
    @classmethod
    def _import(cls, data, name="x.zip", user=None, **options):
        user = user or cls.agent
        source, entries, files = article_file.read(data, name)
        options = {
            "source": source or "tests",
            "desk": cls.desk,
            "lang": "en_US",
            **options,
        }
        exchange = cls.env["spoc.article.exchange"].with_user(user)
        return exchange._spoc_import(entries, files, options)

    def _articles(self, rows):
        return self.env["spoc.article"].browse([row["res_id"] for row in rows])

    def _statuses(self, rows):
        return [row["status"] for row in rows]


@tagged("post_install", "-at_install")
class TestArticleImport(ExchangeCase):
    # ---- Forbidden ----

    def test_readers_import_and_export_nothing(self):
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                self._import(packed(**{"a.md": "x"}), user=user)
            for model in ("spoc.article.import", "spoc.article.export"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).create({})

    def test_agents_import_to_their_desks_only(self):
        other = self.env["spoc.desk"].create({"name": "Other", "code": "KBX"})
        text = "---\ndesk: KBX\n---\nx"
        rows = self._import(packed(**{"a.md": text}))
        self.assertEqual(self._statuses(rows), ["fault"])
        self.assertFalse(
            self.env["spoc.article"].search_count([("desk_id", "=", other.id)])
        )
        rows = self._import(packed(**{"a.md": "---\ndesk: KBC\n---\nx"}))
        self.assertNotIn(self.secret_desk, self._articles(rows).desk_id)

    def test_nothing_bad_comes_in(self):
        text = (
            "# T\n\n<script>alert(1)</script><p onclick='x()'>y</p>"
            "<img src='https://spy.example/x.png' alt='spy'>"
            "<a href='javascript:alert(1)'>z</a>\n\n![svg](x.svg)"
        )
        svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"
        rows = self._import(packed(**{"a.md": text, "x.svg": svg}))
        body = str(self._articles(rows).body)
        for bad in ("<script", "onclick", "<img", "javascript:"):
            self.assertNotIn(bad, body)
        self.assertIn('href="https://spy.example/x.png"', body)
        self.assertIn("spy.example", rows[0]["text"])

    def test_missing_audience_lets_nobody_in(self):
        rows = self._import(packed(**{"a.md": "---\naudiences: [Board]\n---\nx"}))
        self.assertEqual(self._statuses(rows), ["fault"])
        self.assertIn("Board", rows[0]["text"])

    def test_state_is_not_imported(self):
        rows = self._import(packed(**{"a.md": "---\nstate: published\n---\nx"}))
        self.assertEqual(self._articles(rows).state, "draft")
        self.assertEqual(self._articles(rows).author_id, self.agent)

    # ---- In ----

    def test_markdown(self):
        data = packed(
            **{
                "guide__print.md": "---\nsummary: Short\nkeywords: [a, b]\n"
                "kind: howto\nservices: [Printing, Unknown]\n---\n\n# How to print\n\n"
                "See ![screen](../img/a%20b.png) and [scan](scan.md) or "
                "[form](form.pdf).\n\n<!-- agents only -->\n\nReset it.",
                "guide__scan.md": "# Scan\n\nBack to [print](print.md#top).",
                "img__a b.png": base64.b64decode(PIXEL),
                "guide__form.pdf": b"%PDF-1.4 x",
            }
        )
        dry = self._import(data, dry=True)
        self.assertEqual(self._statuses(dry), ["new", "new"])
        self.assertFalse(self.env["spoc.article"].search_count([("name", "=", "Scan")]))
        rows = self._import(data)
        self.assertEqual(self._statuses(rows), ["new", "new"])
        self.assertIn("Unknown", rows[0]["text"])
        article, other = self._articles(rows)
        self.assertRecordValues(
            article,
            [
                {
                    "name": "How to print",
                    "summary": "Short",
                    "keywords": "a, b",
                    "kind": "howto",
                    "desk_id": self.desk.id,
                    "service_ids": self.service.ids,
                    "state": "draft",
                }
            ],
        )
        self.assertIn("Reset it", article.with_user(self.agent).inner_body)
        self.assertNotIn("Reset it", article.body)
        self.assertIn(f'href="{other._spoc_url()}"', article.body)
        self.assertIn(f'href="{article._spoc_url()}"', other.body)
        picture, form = self.env["ir.attachment"].search(
            [("res_model", "=", "spoc.article"), ("res_id", "=", article.id)],
            order="name",
        )
        self.assertEqual(picture.raw, base64.b64decode(PIXEL))
        self.assertIn(f"/web/image/{picture.id}?access_token=", article.body)
        self.assertIn(f"/web/content/{form.id}?access_token=", article.body)
        # Once more: nothing is done twice.
        before = self.env["ir.attachment"].search_count([])
        versions = (article.content_version, other.content_version)
        rows = self._import(data)
        self.assertEqual(self._statuses(rows), ["same", "same"])
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
        self.assertEqual((article.content_version, other.content_version), versions)

    def test_published_gets_a_revision(self):
        first = packed(**{"a.md": "# T\n\nold"})
        article = self._articles(self._import(first, submit=True))
        self.assertEqual(article.state, "review")
        rows = self._import(packed(**{"a.md": "# T\n\nnew"}))
        self.assertEqual(self._statuses(rows), ["fault"], "it is being read")
        article.with_user(self.colleague).action_publish()
        rows = self._import(packed(**{"a.md": "# T\n\nnew"}))
        self.assertEqual(self._statuses(rows), ["changed"])
        self.assertIn("old", article.body)
        self.assertIn("new", article.revision_ids.body)
        rows = self._import(packed(**{"a.md": "# T\n\nnew"}))
        self.assertEqual(self._statuses(rows), ["same"])
        self.assertEqual(len(article.revision_ids), 1)

    def test_what_time_left_over_is_done_by_going_on(self):
        data = packed(**{f"{n}.md": f"# T{n}" for n in range(3)})
        self.assertEqual(
            self._statuses(self._import(data, seconds=-1)), ["waiting"] * 3
        )
        self.assertEqual(self._statuses(self._import(data)), ["new"] * 3)
        self.assertEqual(self._statuses(self._import(data)), ["same"] * 3)

    def test_a_batch_at_a_time(self):
        """Each goes on where the last one stopped, whatever was done is left alone."""
        data = packed(
            **{f"{n}.md": f"# T{n}\n\nSee [next]({n + 1}.md)" for n in range(3)}
        )
        wizard = (
            self.env["spoc.article.import"]
            .with_user(self.agent)
            .create(
                {"filename": "x.zip", "data": base64.b64encode(data), "submit": True}
            )
        )
        wizard.action_check()
        self.assertFalse(wizard.is_running)
        # A clock that lets a batch do one thing.
        clock = SimpleNamespace(monotonic=itertools.count(step=5).__next__)
        seen = []
        with patch.object(spoc_article_import, "time", clock):
            wizard.action_import()
            self.assertTrue(wizard.is_running)
            more = True
            while more:
                held = wizard.line_ids.article_id
                versions = held.mapped("content_version")
                seen.append(wizard.done_count)
                more = wizard.action_go_on()
                self.assertLess(len(seen), 20)
                if len(held) < 3:
                    self.assertEqual(held.mapped("content_version"), versions)
        self.assertEqual(seen, sorted(seen))
        self.assertEqual(wizard.state, "done")
        self.assertEqual(wizard.line_ids.mapped("status"), ["new"] * 3)
        first, second, last = wizard.line_ids.article_id
        self.assertEqual(len(first | second | last), 3)
        self.assertIn(f'href="{second._spoc_url()}"', first.body)
        self.assertEqual({first.state, second.state, last.state}, {"review"})

    def test_what_does_not_get_on_is_not_tried_for_ever(self):
        wizard = (
            self.env["spoc.article.import"]
            .with_user(self.agent)
            .create(
                {"filename": "x.zip", "data": base64.b64encode(packed(**{"a.md": "x"}))}
            )
        )
        wizard.action_check()
        with patch.object(import_wizard, "SECONDS", -1):
            self.assertTrue(wizard.action_go_on())
            self.assertFalse(wizard.action_go_on())
        self.assertTrue(wizard.is_waiting)
        wizard.action_import()
        self.assertEqual(wizard.state, "done")

    def test_one_bad_entry_stops_nothing(self):
        data = packed(
            **{"a.md": "# A", "b.md": b"\xff\xfe", "c.md": "---\nlang: xx\n---\n# C"}
        )
        rows = self._import(data)
        self.assertEqual(self._statuses(rows), ["new", "fault", "fault"])
        self.assertIn("xx", rows[2]["text"])

    def test_html(self):
        text = (
            '<html lang="en"><head><title>Ignored</title><meta name="description"'
            ' content="Short"></head><body><h1>Printing</h1><p>Press <b>P</b>.</p>'
            "</body></html>"
        )
        article = self._articles(self._import(packed(**{"a.html": text})))
        self.assertEqual(article.name, "Printing")
        self.assertEqual(article.summary, "Short")
        self.assertEqual(str(article.body), "<p>Press <b>P</b>.</p>")

    def test_spreadsheet(self):
        text = "Title;Answer;Services;Kind\nQ1;Press **P**;Printing;Instruction\n;x;;\n"
        rows = self._import(text.encode(), "x.csv")
        self.assertEqual(self._statuses(rows), ["new", "fault"])
        article = self._articles(rows[:1])
        self.assertEqual(article.kind, "howto")
        self.assertEqual(article.service_ids, self.service)
        self.assertIn("<strong>P</strong>", article.body)

    def test_wizard(self):
        wizard = (
            self.env["spoc.article.import"]
            .with_user(self.agent)
            .create({"filename": "x.zip", "data": base64.b64encode(b"nonsense")})
        )
        self.assertEqual(wizard.desk_id, self.desk)
        wizard.action_check()
        self.assertIn("zip", wizard.problem)
        wizard.data = base64.b64encode(packed(**{"a.md": "# A"}))
        wizard.action_check()
        self.assertRecordValues(
            wizard, [{"state": "check", "problem": False, "source": "x.zip"}]
        )
        self.assertFalse(wizard.line_ids.article_id)
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertEqual(wizard.line_ids.article_id.name, "A")
        wizard.action_import()
        self.assertEqual(wizard.line_ids.status, "same")


@tagged("post_install", "-at_install")
class TestArticleRoundTrip(ExchangeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("sv_SE")
        facet = cls.env["spoc.facet"].create({"name": "Thing"})
        cls.value = cls.env["spoc.facet.value"].create(
            {"name": "Device", "facet_id": facet.id}
        )
        cls.rich, cls.picture, cls.file = cls._with_picture(
            name="Everything: “in” one?",
            summary="Short",
            symptoms="Beeps\nthen stops",
            keywords="a, b",
            kind="howto",
            inner_body="<p>innernode</p>",
            service_ids=[Command.link(cls.service.id)],
            facet_value_ids=[Command.link(cls.value.id)],
            audience_ids=[Command.link(cls.employees.id)],
        )
        revision = cls.rich.with_user(cls.agent)._spoc_create_revision()
        revision.body = (
            f'{RICH}{cls.rich.body}<p><a href="{cls.article._spoc_url()}">other</a></p>'
        )
        revision.action_submit()
        revision.with_user(cls.colleague).action_publish()
        action = cls.rich.with_user(cls.agent).action_add_translation()
        cls.swedish = cls.env["spoc.article"].browse(action["res_id"])
        cls.swedish.write({"lang": "sv_SE", "name": "Allt i ett?"})
        cls.all = cls.rich | cls.swedish | cls.article

    def _export(self, articles, user=None):
        exchange = self.env["spoc.article.exchange"].with_user(user or self.agent)
        return exchange._spoc_export(articles.with_user(user or self.agent))

    def _seen(self, data):
        """What a file says, without the numbers this database gave."""
        _source, entries, files = article_file.read(data, "x.zip")
        names = {entry["place"]: entry["title"] for entry in entries}
        refs = {entry["ref"]: entry["title"] for entry in entries}
        seen = {}
        for entry in entries:
            texts = {}
            for key in ("body", "inner_body"):
                text = entry.get(key, "")
                for place, title in names.items():
                    text = text.replace(place, f"article:{title}")
                for path, content in files.items():
                    text = text.replace(path, f"file:{hash(content)}")
                texts[key] = text
            kept = {
                key: value
                for key, value in entry.items()
                if key not in ("place", "sha256", "ref", "files", "exact")
            }
            if "translation_of" in kept:
                kept["translation_of"] = refs[kept["translation_of"]]
            attached = sorted(hash(files[path]) for path in entry.get("files", ()))
            seen[entry["title"]] = {**kept, **texts, "files": attached}
        return seen

    def test_nothing_is_lost(self):
        first = self._export(self.all)
        # As if they came from elsewhere: under names of their own.
        source, entries, files = article_file.read(first, "x.zip")
        for entry in entries:
            for key in ("ref", "translation_of"):
                if key in entry:
                    entry[key] = entry[key].replace(source, "elsewhere")
        exchange = self.env["spoc.article.exchange"].with_user(self.agent)
        options = {"source": "elsewhere", "desk": self.desk, "lang": "en_US"}
        rows = exchange._spoc_import(entries, files, options)
        self.assertEqual(self._statuses(rows), ["new"] * 3, rows)
        self.assertEqual([row["text"] for row in rows], [""] * 3)
        copies = self._articles(rows)
        second = self._export(copies)
        self.assertEqual(self._seen(second), self._seen(first))
        self.assertEqual(len(self._seen(first)), 3)
        # ... and by hand, what matters most.
        copy = copies.filtered(lambda one: one.name == self.rich.name)
        self.assertIn('<td colspan="2">wide</td>', copy.body)
        self.assertEqual(copy.keywords, "a, b")
        self.assertEqual(copy.service_ids, self.service)
        self.assertEqual(copy.facet_value_ids, self.value)
        self.assertEqual(copy.audience_ids, self.employees)
        self.assertIn("innernode", copy.with_user(self.agent).inner_body)
        self.assertEqual(copy.translation_ids.name, "Allt i ett?")
        self.assertEqual(copy.file_ids.raw, self.file.raw)
        pictures = self.env["ir.attachment"].search(
            [("res_model", "=", "spoc.article"), ("res_id", "=", copy.id)]
        )
        self.assertIn(self.picture.raw, pictures.mapped("raw"))
        rows = exchange._spoc_import(entries, files, options)
        self.assertEqual(self._statuses(rows), ["same"] * 3)

    def test_read_into_the_database_it_came_from(self):
        rows = self._import(self._export(self.all))
        self.assertEqual(self._statuses(rows), ["same"] * 3, rows)

    def test_a_changed_document_counts(self):
        source, entries, files = article_file.read(self._export(self.rich), "x.zip")
        data = article_file.write(source, "x", entries, files)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        place = entries[0]["place"]
        members[place] = members[place].replace(b"Hold **your**", b"Show **your**")
        rows = self._import(packed(**members))
        self.assertEqual(self._statuses(rows), ["changed"], rows)
        revision = self.rich.revision_ids
        self.assertIn("Show <strong>your</strong>", revision.body)
        self.assertEqual(revision.service_ids, self.service)
        self.assertEqual(revision.keywords, "a, b")

    def test_export_holds_what_may_be_read(self):
        secret = self._secret(audience_ids=[Command.set(self.employees.ids)])
        secret.with_user(self.hr)._spoc_create_revision().inner_body = "<p>hush</p>"
        data = self._export(secret, self.editor)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.assertNotIn(b"hush", b"".join(map(archive.read, archive.namelist())))
        hidden = self._secret(name="Hidden zephyrcase")
        for user in (self.agent, self.editor, self.admin):
            with self.assertRaises(AccessError):
                self._export(hidden, user)
            wizard = self.env["spoc.article.export"].with_user(user).create({})
            self.assertNotIn(hidden, wizard.article_ids)

    def test_wizard(self):
        wizard = (
            self.env["spoc.article.export"]
            .with_user(self.agent)
            .create({"article_ids": [Command.set(self.rich.ids)]})
        )
        wizard.action_export()
        _s, entries, files = article_file.read(
            base64.b64decode(wizard.data), wizard.filename
        )
        self.assertEqual(entries[0]["title"], self.rich.name)
        self.assertEqual(len(files), 2)
