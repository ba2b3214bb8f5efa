"""Real articles nobody here wrote: the help of LibreOffice from Debian's packages.

The same article in three languages has one id: whoever finds it in any of them has
found it. Nothing of the texts is kept outside the state folder.
"""

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("en", "ru", "sv")
LOCALES = {"en": "en_US", "ru": "ru_RU", "sv": "sv_SE"}
PACKAGES = {
    "en": ("libreoffice-help-en-us", "en-US"),
    "ru": ("libreoffice-help-ru", "ru"),
    "sv": ("libreoffice-help-sv", "sv"),
}
# Pages of links and of a sentence or two answer nothing.
SHORTEST = 300

_TITLE = re.compile(r"<title>(.*?)</title>", re.S)
_KEYWORD = re.compile(r'<meta itemprop="keywords" content="([^"]*)">')
_DROPPED = re.compile(r"<(script|style|select)\b.*?</\1>|<meta[^>]*>", re.S)
_HEADING = re.compile(r"<h1\b.*?</h1>", re.S)
_BLOCK = re.compile(r"</?(?:p|div|h\d|li|ul|ol|table|tr|td|th|br|pre)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"[ \t\r\n\xa0]+")
# What only a text in this language has plenty of.
_SIGNS = {
    "en": re.compile(r"\b(?:the|of|to|is|and)\b", re.I),
    "ru": re.compile(r"[а-яё]{2,}", re.I),
    "sv": re.compile(r"\b(?:och|att|är|som|för|på|en|ett)\b", re.I),
}


@dataclass
class Article:
    """One article in one language.

    :ivar list index: entries of the printed index that lead to it; never indexed
    """

    id: int
    lang: str
    title: str
    body: str
    keywords: list = field(default_factory=list)
    index: list = field(default_factory=list)


def read_articles(path):
    """Articles of a file of JSON lines."""
    lines = Path(path).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [
        Article(
            row["id"],
            row["lang"],
            row["title"],
            row.get("body") or "",
            list(row.get("keywords") or ()),
        )
        for row in rows
    ]


def help_articles(folders):
    """Articles of the unpacked packages.

    :param dict folders: language -> where its package was unpacked
    :rtype: list of Article, ordered by id and language
    """
    pages = {}
    for lang in LANGUAGES:
        root = folders[lang] / "usr/share/libreoffice/help" / PACKAGES[lang][1] / "text"
        for path in sorted(root.rglob("*.html")):
            pages.setdefault(path.relative_to(root).as_posix(), {})[lang] = path
    articles = []
    for number, name in enumerate(sorted(pages), 1):
        for lang in LANGUAGES:
            if lang in pages[name]:
                text = pages[name][lang].read_text("utf-8", "replace")
                article = _page(number, lang, text)
                if len(article.body) >= SHORTEST and _speaks(article.body, lang):
                    articles.append(article)
    return articles


def _page(number, lang, text):
    title = _plain(_TITLE.search(text).group(1))
    text = text[text.index('id="DisplayArea"') :].partition(">")[2]
    text = text.partition('<div id="DonationFrame"')[0].partition("<footer")[0]
    index = [_plain(entry) for entry in _KEYWORD.findall(text)]
    text = _HEADING.sub(" ", _DROPPED.sub(" ", text), count=1)
    lines = (_plain(part) for part in _BLOCK.split(text))
    body = "\n".join(line for line in lines if line)
    return Article(number, lang, title, body, index=list(dict.fromkeys(index)))


def _plain(text):
    return _SPACE.sub(" ", html.unescape(_TAG.sub("", text))).strip()


def _speaks(body, lang):
    """Whether a page was translated; many are there in English only."""
    if lang == "ru":
        return len("".join(_SIGNS["ru"].findall(body))) > len(body) * 0.4
    if lang == "sv":
        own = len(_SIGNS["sv"].findall(body))
        return own > 2 * len(_SIGNS["en"].findall(body)) and own > len(body) / 150
    return True


def write_articles(articles, path):
    """Keep articles as JSON lines, without the entries of the printed index."""
    lines = [
        json.dumps(
            {
                "id": article.id,
                "lang": article.lang,
                "title": article.title,
                "keywords": article.keywords,
                "body": article.body,
            },
            ensure_ascii=False,
        )
        for article in articles
    ]
    Path(path).write_text("\n".join(lines) + "\n", "utf-8")
