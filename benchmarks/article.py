"""What it costs to save an article.

Beside it: a page of the OCA's `document_page`, which keeps a full copy per save too.
Both sides are saved by a person with the rights of a writer, in the middle of a text
as people write it, with twenty versions behind it.
"""

from benchmarks.harness import Case

TITLE = "Saving an article"
MODULES = ("spoc_kb", "document_page")
# The most it may take of what it is compared with
BARS = {"spoc short": {"oca short": 1.2}, "spoc long": {"oca long": 1.2}}
VERSIONS = 20
SIZES = {"short": 12, "long": 120}
# As an editor in a browser writes it.
PARAGRAPH = (
    "<h3>Step {number}</h3><p>Open <b>Settings</b>, choose the printer of floor"
    " {number} and print a test page. When it stays empty, change the toner: the"
    ' drawer opens to the left, see the <a href="https://intranet.example/{number}">'
    "plan of the floor</a>.</p><ul><li>Take the cartridge out.</li><li>Shake it"
    " twice.</li></ul>"
)


def cases(env):
    """The cases, after making what each side needs."""
    # Who saves has no rights beyond writing, and hears of nothing.
    writer = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Bench writer",
                "login": "bench-writer",
                "email": "writer@bench.example",
                "group_ids": [
                    (4, env.ref("spoc_catalog.group_agent").id),
                    (4, env.ref("document_page.group_document_editor").id),
                ],
            }
        )
    )
    desk = env["spoc.desk"].create(
        {"name": "Bench", "code": "BENCH", "member_ids": [(6, 0, writer.ids)]}
    )
    every = []
    for size, length in SIZES.items():
        article = (
            env["spoc.article"]
            .with_user(writer)
            .create({"name": f"How do I print? ({size})", "desk_id": desk.id})
        )
        page = (
            env["document.page"]
            .with_user(writer)
            .create({"name": f"How do I print? ({size})", "type": "content"})
        )
        for number in range(VERSIONS):
            text = _text(length, -number)
            article.write({"body": text})
            page.write({"content": text})
            env.flush_all()
        every += [
            Case(f"oca {size}", _save(page, "content", length)),
            Case(f"spoc {size}", _save(article, "body", length), (f"oca {size}",)),
        ]
    return every


def _text(length, number):
    paragraphs = [PARAGRAPH.format(number=place) for place in range(length)]
    paragraphs[length // 2] += f"<p>Changed in the middle, time {number}.</p>"
    return "".join(paragraphs)


def _save(record, name, length):
    def run(number):
        text = _text(length, number)
        record.write({name: text})
        # what people see next: the text as it was cleaned
        assert f"time {number}." in record[name]

    return run
