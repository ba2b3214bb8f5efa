"""How well and how fast the suite's search finds what people look for.

Well: thousands of questions of many kinds about real help articles in three languages
(search_corpus, search_queries), beside what else one could do in PostgreSQL (`ilike`,
full text) and the ranking functions of others (BM25, tantivy), in the same run. Fast:
the time of one search by a person without special rights among many articles, beside
plain full text under the same record rules.
"""

import json
import random
import statistics
import time
from collections import defaultdict
from pathlib import Path

from benchmarks import search_corpus, search_grow, search_queries

TITLE = "Search in articles"
MODULES = ("spoc_kb",)
KS = (1, 5)
LOOKED_AT = 15
ROUNDS = 300


# ---- articles into the database ----


def prepare(env):
    """Languages, and a person who is just an employee: what every measurement needs."""
    for locale in search_corpus.LOCALES.values():
        env["res.lang"]._activate_lang(locale)
    _fill_columns(env)
    login = "bench-reader"
    users = env["res.users"].with_context(no_reset_password=True)
    reader = users.search([("login", "=", login)])
    return reader or users.create({"name": "Bench reader", "login": login})


def _fill_columns(env):
    """What an article may not be without is filled in by the table, as by the model."""
    articles = env["spoc.article"]
    needed = [
        field.name
        for field in articles._fields.values()
        if field.required and field.store and field.column_type
    ]
    for name, value in articles.default_get(needed).items():
        env.cr.execute(
            f'ALTER TABLE spoc_article ALTER "{name}" SET DEFAULT %s', [value]
        )


def load(env, articles):
    """Store articles, published for everyone; returns {record id: article id}.

    Written in SQL, as many are: the columns and the trigger of the search work as
    they do for every write.
    """
    ids, originals = {}, {}
    for article in articles:
        body = "".join(f"<p>{_escaped(line)}</p>" for line in article.body.split("\n"))
        env.cr.execute(
            """INSERT INTO spoc_article (name, lang, keywords, body, state, kind,
                   author_id, content_version, translation_group_id, create_date,
                   write_date)
               VALUES (%s, %s, %s, %s, 'published', 'howto', 1, 1, %s, now(), now())
               RETURNING id""",
            [
                article.title,
                search_corpus.LOCALES.get(article.lang, article.lang),
                ", ".join(article.keywords) or None,
                body,
                originals.get(article.id),
            ],
        )
        (record_id,) = env.cr.fetchone()
        ids[record_id] = article.id
        originals.setdefault(article.id, record_id)
    env["spoc.search.word"]._spoc_refresh(env["spoc.article"])
    env.cr.commit()
    env.cr.execute("ANALYZE spoc_article; ANALYZE spoc_search_word")
    env.cr.commit()
    return ids


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ---- evaluation ----


def suite(env, reader, ids):
    """The suite's own search as a function of a query: ids, best first."""

    def ask(query):
        locale = search_corpus.LOCALES.get(query.lang, "en_US")
        articles = env["spoc.article"].with_user(reader).with_context(lang=locale)
        # Every question is the first of its request.
        articles._spoc_search_forget()
        found = articles._spoc_search(query.q, [], LOOKED_AT)
        return list(dict.fromkeys(ids.get(record_id) for record_id in found.ids))

    return ask


def evaluate(queries, ask):
    """Ask everything.

    :return: {(kind, lang): [(rank of the first right answer or 0, seconds), ...]}
    """
    answers = defaultdict(list)
    for query in queries:
        started = time.perf_counter()
        found = ask(query)
        spent = time.perf_counter() - started
        right = set(query.rel)
        rank = next((at for at, id_ in enumerate(found, 1) if id_ in right), 0)
        answers[query.kind, query.lang].append((rank, spent))
    return answers


def figures(answers):
    """{kind: {lang: {"n", "recall@1", "recall@5", "mrr"}}}, with "all" languages."""
    table = defaultdict(dict)
    together = defaultdict(list)
    for (kind, lang), rows in answers.items():
        table[kind][lang] = _figures(rows)
        together[kind] += rows
    for kind, rows in together.items():
        table[kind]["all"] = _figures(rows)
    return table


def _figures(rows):
    ranks = [rank for rank, _spent in rows]
    return {
        "n": len(ranks),
        **{f"recall@{k}": sum(0 < r <= k for r in ranks) / len(ranks) for k in KS},
        "mrr": sum(1 / r for r in ranks if r) / len(ranks),
    }


def ilike(env, reader, ids):
    """What Odoo's own search boxes do: the whole text in any of the fields."""

    def ask(query):
        domain = ["|", "|"]
        domain += [(name, "ilike", query.q) for name in ("name", "keywords", "body")]
        found = env["spoc.article"].with_user(reader).search(domain, limit=LOOKED_AT)
        return list(dict.fromkeys(ids.get(record_id) for record_id in found.ids))

    return ask


def all_words(env, reader, ids):
    """Plain full text over the same index: every word, ranked by ts_rank."""
    from odoo.fields import Domain
    from odoo.tools import SQL

    configurations = {"en": "english", "ru": "russian", "sv": "swedish"}

    def ask(query):
        asked = SQL(
            "plainto_tsquery(%s::regconfig, spoc_search_fold(%s))",
            configurations.get(query.lang, "english"),
            query.q,
        )
        match = Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "%s @@ %s", SQL.identifier(alias, "spoc_fts"), asked
            )
        )
        articles = env["spoc.article"].with_user(reader)
        found = articles._search(match)
        found.order = SQL(
            "ts_rank(%s, %s) DESC", SQL.identifier("spoc_article", "spoc_fts"), asked
        )
        found.limit = LOOKED_AT
        rows = env.execute_query(found.select(SQL.identifier("spoc_article", "id")))
        return list(dict.fromkeys(ids.get(record_id) for (record_id,) in rows))

    return ask


# ---- time ----


def latency(env, reader, queries):
    """What one search takes, ways in turn: {way: {"p50", "p95", "cpu"}} in ms.

    The third figure is the 95th percentile of the time on a processor, of Odoo and of
    its database process: what else the machine does changes it less.
    """
    ways = {
        "search": suite(env, reader, {}),
        "while typing": _typing(suite(env, reader, {})),
        "all words": all_words(env, reader, {}),
    }
    times, processor = defaultdict(list), _processor(env)
    rng = random.Random(search_queries.SEED)
    chosen = rng.sample(queries, min(ROUNDS, len(queries)))
    for at, query in enumerate(chosen[:20] + chosen):
        for way, ask in ways.items():
            env.invalidate_all()
            before, started = processor(), time.perf_counter()
            ask(query)
            spent = time.perf_counter() - started
            if at >= 20:
                times[way].append((spent * 1000, (processor() - before) * 1000))
    return {way: _percentiles(spent) for way, spent in times.items()}


def _percentiles(spent):
    wall, cpu = zip(*spent, strict=True)
    return {
        "p50": statistics.median(wall),
        "p95": statistics.quantiles(wall, n=20)[-1],
        "cpu": statistics.quantiles(cpu, n=20)[-1],
    }


def _processor(env):
    """A function: seconds on a processor so far, the database's where it tells."""
    env.cr.execute("SELECT pg_backend_pid()")
    told = Path(f"/proc/{env.cr.fetchone()[0]}/schedstat")
    try:
        told.read_text()
    except OSError:
        return time.thread_time
    return lambda: time.thread_time() + int(told.read_text().split()[0]) / 1e9


def _typing(ask):
    """The same question half-way through its last word."""

    def begun(query):
        text = query.q[: max(3, len(query.q) * 2 // 3)].rstrip()
        return ask(search_queries.Query("", query.lang, query.kind, text, []))

    return begun


def measure(env, given):
    """Everything that is measured inside Odoo.

    :param dict given: ``articles`` and ``queries``, paths of JSON lines; ``sizes``;
        ``speed`` to measure the time alone
    :return: {"quality": {way: figures}, "latency": {size: {way: ...}}}
    """
    articles = search_corpus.read_articles(given["articles"])
    queries = search_queries.read_queries(given["queries"])
    reader = prepare(env)
    have = env["spoc.article"].search_count([("author_id", "=", 1)])
    result = {"quality": {}, "milliseconds": {}, "latency": {}}
    if have < len(articles):
        ids = load(env, articles)
        have = len(ids)
        if not given["speed"]:
            _measure_quality(env, reader, ids, queries, result)
    for size in given["sizes"]:
        # What a database that was kept has more of cannot be measured any more.
        if size >= have:
            search_grow.grow(env, articles, size)
            result["latency"][str(size)] = latency(env, reader, queries)
    return result


def _measure_quality(env, reader, ids, queries, result):
    ways = {
        "spoc": (suite, queries),
        "all words": (all_words, queries),
        # It reads every text: a question in ten is enough to see.
        "ilike": (ilike, queries[::10]),
    }
    for way, (make, asked) in ways.items():
        answers = evaluate(asked, make(env, reader, ids))
        result["quality"][way] = figures(answers)
        result["milliseconds"][way] = _milliseconds(answers)


def _milliseconds(answers):
    spent = [seconds * 1000 for rows in answers.values() for _rank, seconds in rows]
    return {
        "p50": statistics.median(spent),
        "p95": statistics.quantiles(spent, n=20)[-1],
    }


# ---- on the outside ----


def arguments(parser):
    """Options of this benchmark."""
    parser.add_argument(
        "--eval", metavar="FILE", help="questions of your own (JSON lines)"
    )
    parser.add_argument(
        "--articles", metavar="FILE", help="the articles they are about (JSON lines)"
    )
    parser.add_argument(
        "--sizes",
        default="10000,100000",
        help="numbers of articles to measure the time at; 0 for none",
    )
    parser.add_argument(
        "--million",
        action="store_true",
        help="measure at a million articles as well: 3 minutes more and 7 GB of disk",
    )
    parser.add_argument(
        "--speed", action="store_true", help="measure the time alone, not the answers"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep the articles, and go on with those that were kept",
    )


def given(options, folder, folders):
    """Write what is measured to files in `folder`; returns what `measure` needs.

    :param folders: function that answers {language: where its help was unpacked}
    """
    articles, queries = options.articles, options.eval
    if not articles:
        texts = search_corpus.help_articles(folders())
        articles = folder / "articles.jsonl"
        search_corpus.write_articles(texts, articles)
        if not queries:
            queries = folder / "queries.jsonl"
            search_queries.write_queries(search_queries.make_queries(texts), queries)
    sizes = [int(size) for size in options.sizes.split(",") if int(size)]
    sizes += [1_000_000] if options.million else []
    return {
        "articles": str(articles),
        "queries": str(queries),
        "sizes": sorted(sizes),
        "speed": options.speed,
    }


def add_peers(result, given, run):
    """Ask the peers the same.

    :param run: function that runs search_peers with a text on its standard input
    """
    if not result["quality"]:
        return
    queries = search_queries.read_queries(given["queries"])
    lines = Path(given["articles"]).read_text("utf-8").splitlines()
    asked = {
        "articles": [json.loads(line) for line in lines if line.strip()],
        "queries": [{"q": query.q, "lang": query.lang} for query in queries],
        "limit": LOOKED_AT,
    }
    for peer, answer in json.loads(run(json.dumps(asked))).items():
        found = iter(answer["found"])
        answers = evaluate(queries, lambda _query, found=found: next(found))
        result["quality"][peer] = figures(answers)


def table(result):
    """The figures as text."""
    if result["quality"]:
        yield from _table_of_quality(result["quality"])
    for size, found in result["latency"].items():
        yield f"\n{int(size):,} articles, ms of one search"
        for way, spent in found.items():
            yield (
                f"  {way:14} p50 {spent['p50']:7.1f}  p95 {spent['p95']:7.1f}"
                f"  p95 on a processor {spent['cpu']:7.1f}"
            )


def _table_of_quality(quality):
    ways = list(quality)
    yield (
        f"recall@5      {'':6}"
        + "".join(f"{way:>11}" for way in ways)
        + "   spoc r@1, mrr"
    )
    for kind, langs in quality["spoc"].items():
        for lang, own in langs.items():
            cells = "".join(
                f"{quality[way].get(kind, {}).get(lang, {}).get('recall@5', 0):11.3f}"
                for way in ways
            )
            yield (
                f"{kind:15}{lang:4}{own['n']:4}{cells}   "
                f"{own['recall@1']:.3f} {own['mrr']:.3f}"
            )
    means = "".join(f"{mean(quality[way]):11.3f}" for way in ways)
    yield f"{'mean of kinds':23}{means}"


def mean(kinds):
    """Mean recall@5 over the kinds of questions."""
    return statistics.mean(langs["all"]["recall@5"] for langs in kinds.values())


# Recall@5 to reach, by kind, and ms in the 95th percentile by number of articles
LEAST = {
    "title words": 0.98,
    "typo": 0.98,
    "prefix": 0.98,
    "no diacritics": 0.98,
    "compound": 0.97,
    "layout": 0.95,
    "other language": 0.95,
    "inflected": 0.94,
    "code": 0.93,
    "mixed": 0.92,
    "passage": 0.86,
    "index": 0.70,
    "reworded": 0.50,
}
LEAST_MEAN = 0.90
MOST_MS = {"10000": 25, "100000": 60, "1000000": 150}
MOST_RATIO = 3


def _worse(quality):
    """Kinds of questions that are answered worse than they have to be."""
    own = quality["spoc"]
    if mean(own) < LEAST_MEAN:
        yield f"mean: {mean(own):.3f}, the bar is {LEAST_MEAN}"
    for kind, langs in own.items():
        recall = langs["all"]["recall@5"]
        if recall < LEAST.get(kind, 0):
            yield f"{kind}: {recall:.3f}, the bar is {LEAST[kind]}"
        for peer in ("bm25s", "tantivy"):
            other = quality.get(peer, {}).get(kind, {}).get("all", {})
            if recall < other.get("recall@5", 0):
                yield f"{kind}: {recall:.3f}, {peer} has {other['recall@5']:.3f}"


def over(result):
    """Where a bar was missed."""
    if result["quality"]:
        yield from _worse(result["quality"])
    for size, found in result["latency"].items():
        plain = found["all words"]["p95"]
        for way in ("search", "while typing"):
            spent = found[way]["p95"]
            if spent > MOST_MS.get(size, spent):
                yield f"{way} at {size}: {spent:.0f} ms, the bar is {MOST_MS[size]}"
            if spent > plain * MOST_RATIO:
                yield f"{way} at {size}: {spent / plain:.1f} times plain full text"
