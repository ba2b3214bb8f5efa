"""Questions of many kinds about the articles of a corpus, made by rules.

One seed, so the same questions every time. None of the rules uses a stemmer or a
part of the search engine: what is right is known from where the words were taken.
"""

import json
import random
import re
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.search_corpus import LANGUAGES

SEED = 20261124
PER_KIND = 150
REWORDED = Path(__file__).parent / "search_reworded.tsv"

_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(
    r"\b(?:[A-Za-z]+_?\d[A-Za-z0-9_]*|[A-Z][A-Z0-9_]{3,}|[a-z]+[A-Z][A-Za-z]+|\d{3,5})\b"
)
_SMALL = frozenset(
    "the and for with from into your this that not how are its via "
    "для или при как что это все она оно они его "
    "och för med till från att den det som när hur".split()
)
_NEIGHBOURS = {
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "sv": ("qwertyuiopå", "asdfghjklöä", "zxcvbnm"),
    "ru": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
}
_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_SWEDISH = str.maketrans("åöä", "[;'")
_PLAIN = str.maketrans("åäöéüё", "aaoeuе")
# (ending, others of the same word), the first that fits
_ENDINGS = {
    "en": (
        ("ies", ("y",)),
        ("ing", ("ed", "s", "")),
        ("ss", ("sses",)),
        ("s", ("",)),
        ("e", ("es", "ed")),
        ("y", ("ies",)),
        ("", ("s",)),
    ),
    "ru": (
        ("ание", ("ания", "анию", "анием")),
        ("ение", ("ения", "ению", "ением")),
        ("ия", ("ию", "ией", "ий")),
        ("ие", ("ия", "ию")),
        ("ый", ("ого", "ые", "ым")),
        ("ий", ("его", "ие")),
        ("ая", ("ую", "ой", "ые")),
        ("ов", ("ы", "ам", "ами")),
        ("ы", ("ов", "ам", "ами")),
        ("и", ("ам", "ами", "ах")),
        ("а", ("у", "ы", "ой")),
        ("к", ("ка", "ки", "ком")),
        ("т", ("та", "ты", "том")),
        ("р", ("ра", "ры", "ром")),
        ("л", ("ла", "лы", "лом")),
    ),
    "sv": (
        ("orna", ("or", "a")),
        ("arna", ("ar", "en")),
        ("erna", ("er", "en")),
        ("ningar", ("ning", "ningen", "ningarna")),
        ("ning", ("ningen", "ningar")),
        ("or", ("orna", "a")),
        ("er", ("erna",)),
        ("era", ("erar", "erade")),
        ("en", ("",)),
        ("a", ("ar", "ade")),
        ("t", ("tet", "ten")),
        ("l", ("len", "lar")),
        ("d", ("den", "der")),
    ),
}


@dataclass
class Query:
    """One question and the ids of the articles that answer it."""

    qid: str
    lang: str
    kind: str
    q: str
    rel: list


def read_queries(path):
    """Questions of a file of JSON lines."""
    lines = Path(path).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Query(str(row["qid"]), row["lang"], row["kind"], row["q"], list(row["rel"]))
        for row in rows
    ]


def write_queries(queries, path):
    """Keep the questions as JSON lines."""
    lines = [json.dumps(asdict(query), ensure_ascii=False) for query in queries]
    Path(path).write_text("\n".join(lines) + "\n", "utf-8")


def make_queries(articles, per_kind=PER_KIND):
    """Questions of every kind and language.

    :param articles: list of search_corpus.Article
    :param int per_kind: at most so many of a kind in a language
    """
    maker = _Maker(articles)
    queries = []
    for kind, make in maker.kinds().items():
        for lang in LANGUAGES:
            rng = random.Random(f"{SEED} {kind} {lang}")
            pool = list(maker.by_lang[lang])
            rng.shuffle(pool)
            seen = set()
            for article in pool:
                if len(seen) >= per_kind:
                    break
                made = make(article, rng)
                if made and made not in seen:
                    seen.add(made)
                    rel = maker.relevant(kind, article, made)
                    qid = f"{kind}-{lang}-{len(seen)}"
                    queries.append(Query(qid, lang, kind, made, rel))
    return queries + reworded(articles)


def reworded(articles):
    """The problems of search_reworded.tsv: language, question, titles that answer."""
    ids = defaultdict(set)
    for article in articles:
        ids[article.lang, article.title].add(article.id)
    queries = []
    for number, line in enumerate(REWORDED.read_text("utf-8").splitlines(), 1):
        lang, question, *titles = line.split("\t")
        rel = sorted({id_ for title in titles for id_ in ids["en", title]})
        if rel:
            qid = f"reworded-{lang}-{number}"
            queries.append(Query(qid, lang, "reworded", question, rel))
    return queries


class _Maker:
    """The rules; a rule takes an article and answers a question or nothing."""

    def __init__(self, articles):
        self.by_lang = {lang: [] for lang in LANGUAGES}
        self.same = defaultdict(dict)
        titles = Counter((a.lang, _key(a.title)) for a in articles)
        self.titled = defaultdict(set)
        for article in articles:
            self.same[article.id][article.lang] = article
            self.titled[article.lang, _key(article.title)].add(article.id)
            # A page translated in its text alone is no target of title questions.
            if titles[article.lang, _key(article.title)] <= 2:
                self.by_lang[article.lang].append(article)
        self.texts = [(a.id, f"{a.title}\n{a.body}") for a in articles]
        self.coded = defaultdict(set)
        for id_, text in self.texts:
            for code in _CODE.findall(text):
                self.coded[code].add(id_)
        self.words = {
            lang: Counter(
                word
                for a in self.by_lang[lang]
                for word in set(_words(f"{a.title} {a.body}"))
            )
            for lang in LANGUAGES
        }
        self.entries = defaultdict(set)
        for article in articles:
            for entry in article.index:
                self.entries[_key(entry)].add(article.id)

    def kinds(self):
        return {
            "title": self.title,
            "title words": self.title_words,
            "inflected": self.inflected,
            "typo": self.typo,
            "prefix": self.prefix,
            "no diacritics": self.no_diacritics,
            "compound": self.compound,
            "mixed": self.mixed,
            "layout": self.layout,
            "other language": self.other_language,
            "index": self.index,
            "passage": self.passage,
            "code": self.code,
        }

    def relevant(self, kind, article, made):
        """All that answer it just as well: the same title, entry or code."""
        rel = {article.id}
        if kind == "index":
            rel |= self.entries[_key(made)]
        elif kind == "code":
            rel |= self.coded[made]
        elif kind not in ("passage", "other language"):
            rel |= self.titled[article.lang, _key(article.title)]
        return sorted(rel)

    # ---- titles ----

    def _own_title(self, article):
        """The words of a title in the article's language, if it is in it."""
        words = _words(article.title)
        if article.lang == "ru" and not re.search("[а-яё]", article.title.lower()):
            return []
        if article.lang == "sv" and "en" in self.same[article.id]:
            if article.title == self.same[article.id]["en"].title:
                return []
        return words

    def title(self, article, rng):
        return article.title if self._own_title(article) else None

    def _telling(self, article, rng, most=3):
        """Two or three words of a title that no other title has all of."""
        words = [w for w in self._own_title(article) if len(w) > 2 and w not in _SMALL]
        words = list(dict.fromkeys(words))
        if len(words) < 2:
            return []
        count = min(len(words), rng.choice(range(2, most + 1)))
        picked = sorted(rng.sample(range(len(words)), count))
        chosen = [words[at] for at in picked]
        others = sum(
            all(word in title.split() for word in chosen)
            for lang, title in self.titled
            if lang == article.lang
        )
        return chosen if others <= 2 else []

    def title_words(self, article, rng):
        words = self._telling(article, rng)
        rng.shuffle(words)
        return " ".join(words) or None

    def inflected(self, article, rng):
        words = self._telling(article, rng)
        known = self.words[article.lang]
        changed = [_inflect(word, article.lang, known, rng) for word in words]
        return " ".join(changed) if changed != words else None

    def typo(self, article, rng):
        words = self._telling(article, rng)
        long = [word for word in words if len(word) >= 5]
        if not long:
            return None
        wrong = max(long, key=len)
        slips = 2 if len(wrong) >= 8 and rng.random() < 0.25 else 1
        slipped = wrong
        for _slip in range(slips):
            slipped = _slip_in(slipped, article.lang, rng)
        if slipped == wrong or self.words[article.lang][slipped]:
            return None
        return " ".join(slipped if word == wrong else word for word in words)

    def prefix(self, article, rng):
        words = self._telling(article, rng)
        if not words or len(words[-1]) < 5:
            return None
        cut = rng.randint(4, len(words[-1]) - 1)
        begun = words[-1][:cut]
        others = sum(
            all(word in title.split() for word in words[:-1])
            and any(word.startswith(begun) for word in title.split())
            for lang, title in self.titled
            if lang == article.lang
        )
        if others > 3:
            return None
        return " ".join([*words[:-1], words[-1][:cut]])

    def no_diacritics(self, article, rng):
        plain = article.title.lower().translate(_PLAIN)
        changed = plain != article.title.lower()
        return plain if changed and self._own_title(article) else None

    def compound(self, article, rng):
        """A compound in two, or two words as one."""
        words = self._telling(article, rng, most=2)
        known = self.words[article.lang]
        if article.lang == "ru" or not words:
            return None
        if article.lang == "en":
            pairs = zip(words, words[1:], strict=False)
            fit = [a + b for a, b in pairs if known[a + b] and len(a + b) > 6]
            if fit:
                return fit[0]
        for at, word in enumerate(words):
            for cut in range(3, len(word) - 3):
                head, tail = word[:cut], word[cut:]
                bare = head[:-1] if head.endswith("s") else head
                if bare in _SMALL or tail in _SMALL:
                    continue
                if len(tail) > 3 and known[bare] > 3 and known[tail] > 3:
                    split = [bare, tail]
                    return " ".join([*words[:at], *split, *words[at + 1 :]])
        return None

    def mixed(self, article, rng):
        others = [lang for lang in self.same[article.id] if lang != article.lang]
        if not others:
            return None
        other = self.same[article.id][rng.choice(sorted(others))]
        one, two = self._telling(article, rng), self._telling(other, rng)
        if not one or not two or set(one) & set(two):
            return None
        words = [*one[:2], *two[-1:]]
        rng.shuffle(words)
        return " ".join(words)

    def layout(self, article, rng):
        words = self._telling(article, rng)
        text = " ".join(words)
        if article.lang == "ru":
            return text.translate(str.maketrans(_RUSSIAN, _LATIN)) or None
        if article.lang == "sv":
            changed = text.translate(_SWEDISH)
            return changed if changed != text else None
        return text.translate(str.maketrans(_LATIN, _RUSSIAN)) or None

    def other_language(self, article, rng):
        """Asked in words of another language by someone who reads this one."""
        others = [lang for lang in self.same[article.id] if lang != article.lang]
        if not others:
            return None
        other = self.same[article.id][rng.choice(sorted(others))]
        own = set(_words(article.title))
        words = [word for word in self._telling(other, rng) if word not in own]
        return " ".join(words) if len(words) > 1 else None

    # ---- texts ----

    def index(self, article, rng):
        entries = [e for e in article.index if len(self.entries[_key(e)]) <= 3]
        if article.lang == "ru":
            entries = [e for e in entries if re.search("[а-яё]", e.lower())]
        return rng.choice(entries).replace(",", " ") if entries else None

    def passage(self, article, rng):
        lines = [line.split() for line in article.body.splitlines()]
        lines = [line for line in lines if len(line) >= 12]
        if not lines:
            return None
        line = rng.choice(lines)
        length = rng.randint(7, 11)
        start = rng.randint(0, len(line) - length)
        text = " ".join(line[start : start + length])
        found = {id_ for id_, other in self.texts if text in other}
        return text if found == {article.id} else None

    def code(self, article, rng):
        codes = [
            code
            for code in dict.fromkeys(_CODE.findall(article.body))
            if len(self.coded[code]) <= 2 and not self._ordinary(code)
        ]
        return rng.choice(codes) if codes else None

    def _ordinary(self, code):
        """Whether it is but a word in capitals."""
        return any(self.words[lang][code.lower()] > 2 for lang in LANGUAGES)


def _key(text):
    return " ".join(_words(text.replace(",", " ")))


def _words(text):
    return [word.lower() for word in _WORD.findall(text)]


def _inflect(word, lang, known, rng):
    """Another form of the word that somebody wrote somewhere."""
    for ending, others in _ENDINGS[lang]:
        stem = word[: len(word) - len(ending)]
        if word.endswith(ending) and len(stem) >= 3:
            forms = [stem + other for other in others if known[stem + other]]
            return rng.choice(forms) if forms else word
    return word


def _slip_in(word, lang, rng):
    """A slip of the fingers: a letter left out, twice, swapped, or the next key."""
    at = rng.randint(1, len(word) - 2)
    kind = rng.choice(("out", "twice", "swap", "key"))
    if kind == "out":
        return word[:at] + word[at + 1 :]
    if kind == "twice":
        return word[:at] + word[at] + word[at:]
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for row in _NEIGHBOURS[lang]:
        if word[at] in row:
            place = row.index(word[at])
            near = row[max(0, place - 1) : place] + row[place + 1 : place + 2]
            return word[:at] + rng.choice(near) + word[at + 1 :]
    return word
