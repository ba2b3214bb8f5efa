"""Ranking of others over the same articles, in a Python of their own.

Run as a script: {"articles": [...], "queries": [...], "limit": n} on standard input,
{peer: {"found": [[article ids]], "seconds": [...]}} on standard output. Each peer is
used as its documentation shows, with stemmers for each language.
"""

import json
import re
import sys
import time

STEMMERS = {"en": "english", "ru": "russian", "sv": "swedish"}
_TOKEN = re.compile(r"\w+")


def main():
    asked = json.load(sys.stdin)
    answers = {}
    for name, build in (("bm25s", bm25), ("tantivy", tantivy_fuzzy)):
        search = build(asked["articles"], asked["limit"])
        found, seconds = [], []
        for query in asked["queries"]:
            started = time.perf_counter()
            ids = search(query)
            seconds.append(time.perf_counter() - started)
            found.append(list(dict.fromkeys(ids)))
        answers[name] = {"found": found, "seconds": seconds}
    json.dump(answers, sys.stdout)


def _text(article):
    return "\n".join(
        (article["title"], " ".join(article.get("keywords", ())), article["body"])
    )


def bm25(articles, limit):
    """BM25 (Lucene's), a stemmer per language."""
    import bm25s
    import Stemmer

    stemmers = {lang: Stemmer.Stemmer(name) for lang, name in STEMMERS.items()}

    def tokens(text, lang):
        stemmer = stemmers.get(lang) or stemmers["en"]
        return stemmer.stemWords(_TOKEN.findall(text.lower()))

    corpus = [tokens(_text(article), article["lang"]) for article in articles]
    retriever = bm25s.BM25()
    retriever.index(corpus, show_progress=False)
    vocabulary = retriever.vocab_dict

    def search(query):
        words = [w for w in tokens(query["q"], query["lang"]) if w in vocabulary]
        if not words:
            return []
        rows, scores = retriever.retrieve(
            [words], k=min(limit, len(articles)), show_progress=False
        )
        pairs = zip(rows[0], scores[0], strict=True)
        return [articles[row]["id"] for row, score in pairs if score > 0]

    return search


def tantivy_fuzzy(articles, limit):
    """tantivy: stemmed fields per language, titles weighted, a typo forgiven."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=True)
    fields = {}
    for lang, stemmer in {**STEMMERS, "": None}.items():
        tokenizer = f"{stemmer[:2]}_stem" if stemmer else "default"
        tokenizer = {"sw_stem": "sv_stem"}.get(tokenizer, tokenizer)
        for field in ("title", "body"):
            builder.add_text_field(f"{field}{lang}", tokenizer_name=tokenizer)
            fields.setdefault(lang, []).append(f"{field}{lang}")
    index = tantivy.Index(builder.build())
    for stemmer in STEMMERS.values():
        analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer(stemmer))
            .build()
        )
        name = {"sw_stem": "sv_stem"}.get(f"{stemmer[:2]}_stem", f"{stemmer[:2]}_stem")
        index.register_tokenizer(name, analyzer)
    writer = index.writer(200_000_000)
    for row, article in enumerate(articles):
        lang = article["lang"] if article["lang"] in STEMMERS else ""
        document = tantivy.Document(row=row)
        title = f"{article['title']} {' '.join(article.get('keywords', ()))}"
        for name, text in ((f"title{lang}", title), (f"body{lang}", article["body"])):
            document.add_text(name, text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query):
        words = " ".join(_TOKEN.findall(query["q"].lower()))
        names = [name for several in fields.values() for name in several]
        boosts = {name: 3.0 for name in names if name.startswith("title")}
        parsed, _errors = index.parse_query_lenient(
            words,
            default_field_names=names,
            field_boosts=boosts,
            fuzzy_fields={name: (False, 1, True) for name in names},
        )
        hits = searcher.search(parsed, limit).hits
        return [articles[searcher.doc(at)["row"][0]]["id"] for _score, at in hits]

    return search


if __name__ == "__main__":
    main()
