"""Many articles, made of paragraphs and titles of real ones, by SQL.

An article is two paragraphs and a title nobody gave. Its search columns are put
together from those of its parts, so that no text is read twice: a million articles take
minutes. They are plain columns then, in a database that is dropped after the
measurement: what a search reads is the same, what a write costs is measured elsewhere.
One in five articles belongs to a desk whose articles the reader may not see.
"""

import random
import time

from benchmarks import search_corpus

SEED = 20261124
# Paragraphs made for each language, and lines in one of them.
PARAGRAPHS = 20_000
LINES = 7
BATCH = 20_000

_TABLES = """
CREATE TABLE IF NOT EXISTS bench_paragraph (
    lang text, number int, body text, fts tsvector, PRIMARY KEY (lang, number));
CREATE TABLE IF NOT EXISTS bench_title (
    lang text, number int, name text, head tsvector, PRIMARY KEY (lang, number));
"""
_ARTICLES = """
INSERT INTO spoc_article (name, lang, body, desk_id, state, kind, author_id,
                          content_version, spoc_fts, spoc_head)
SELECT title.name, made.lang, one.body || two.body,
       CASE WHEN random() < 0.2 THEN %s END, 'published', 'howto', 1, 1,
       setweight(title.head, 'A') || one.fts || two.fts, setweight(title.head, 'A')
FROM (
    SELECT (%s::text[])[1 + n %% %s] AS lang, 1 + (random() * (%s - 1))::int AS first,
           1 + (random() * (%s - 1))::int AS second,
           1 + (random() * (%s - 1))::int AS headed
    FROM generate_series(1, %s) AS n OFFSET 0
) AS made
JOIN bench_paragraph AS one ON one.lang = made.lang AND one.number = made.first
JOIN bench_paragraph AS two ON two.lang = made.lang AND two.number = made.second
JOIN bench_title AS title ON title.lang = made.lang AND title.number = made.headed
"""
_STORED = """
SELECT attgenerated FROM pg_attribute
WHERE attrelid = %s::regclass AND attname = %s AND attgenerated <> ''
"""


def grow(env, articles, size, tell=print):
    """Fill up to so many articles; goes on where it was interrupted.

    :param articles: list of search_corpus.Article, what they are made of
    :param tell: function that is told how far it is
    """
    started, cr = time.monotonic(), env.cr
    cr.execute("SELECT count(*) FROM spoc_article")
    (have,) = cr.fetchone()
    if have < size:
        _prepare(cr, articles)
        for column in ("spoc_fts", "spoc_head"):
            cr.execute(f"DROP INDEX IF EXISTS spoc_article_{column}_idx")
        desk = _closed_desk(env)
        cr.commit()
        while have < size:
            _add(cr, desk, min(BATCH, size - have))
            have += min(BATCH, size - have)
            tell(f"{have:,} articles, {time.monotonic() - started:.0f} s")
    cr.execute("SET maintenance_work_mem = '1GB'")
    env["spoc.article"].init()
    tell(f"indexes, {time.monotonic() - started:.0f} s")
    env["spoc.search.word"]._spoc_refresh(env["spoc.article"])
    cr.commit()
    cr.execute("ANALYZE spoc_article; ANALYZE spoc_search_word")
    cr.commit()
    tell(f"{have:,} articles ready, {time.monotonic() - started:.0f} s")


def _prepare(cr, articles):
    """Paragraphs and titles, and search columns that may be written."""
    cr.execute(_TABLES)
    cr.execute("SELECT count(*) FROM bench_title")
    if not cr.fetchone()[0]:
        rng = random.Random(SEED)
        for lang in search_corpus.LANGUAGES:
            own = [article for article in articles if article.lang == lang]
            _make_parts(cr, lang, own, rng)
    for column in ("spoc_fts", "spoc_head"):
        cr.execute(_STORED, ["spoc_article", column])
        if cr.fetchone():
            cr.execute(f"ALTER TABLE spoc_article ALTER {column} DROP EXPRESSION")


def _make_parts(cr, lang, articles, rng):
    lines = [line for article in articles for line in article.body.split("\n")]
    words = [word for article in articles for word in article.title.split()]
    locale = search_corpus.LOCALES[lang]
    rows = [
        (locale, number, " ".join(rng.choices(lines, k=LINES)))
        for number in range(1, PARAGRAPHS + 1)
    ]
    titles = [
        (locale, number, " ".join(rng.choices(words, k=rng.randint(2, 6))))
        for number in range(1, PARAGRAPHS + 1)
    ]
    for at in range(0, PARAGRAPHS, 1000):
        for table, made, column, weight in (
            ("bench_paragraph (lang, number, body, fts)", rows, "false", "C"),
            ("bench_title (lang, number, name, head)", titles, "true", "A"),
        ):
            part = made[at : at + 1000]
            marks = ", ".join(["(%s, %s, %s)"] * len(part))
            cr.execute(
                f"INSERT INTO {table} SELECT lang, number, text,"
                f" setweight(spoc_search_vector(text, lang, {column}), '{weight}')"
                f" FROM (VALUES {marks}) AS made (lang, number, text)",
                [value for row in part for value in row],
            )
    cr.commit()


def _add(cr, desk, count):
    languages = [search_corpus.LOCALES[lang] for lang in search_corpus.LANGUAGES]
    # The words are known to the vocabulary already.
    cr.execute("ALTER TABLE spoc_article DISABLE TRIGGER spoc_search_learn")
    numbers = [PARAGRAPHS] * 3
    cr.execute(_ARTICLES, [desk.id, languages, len(languages), *numbers, count])
    cr.execute("ALTER TABLE spoc_article ENABLE TRIGGER spoc_search_learn")
    cr.commit()


def _closed_desk(env):
    desks = env["spoc.desk"]
    values = {"name": "Bench closed", "code": "BENCHX", "privacy": "confidential"}
    return desks.search([("code", "=", "BENCHX")]) or desks.create(values)
