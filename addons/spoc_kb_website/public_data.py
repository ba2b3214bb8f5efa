"""What search engines are told of an article, as schema.org has it. No ORM."""

from odoo.addons.spoc_kb import article_html

CONTEXT = "https://schema.org"
#: Articles that answer one question; the others are plain articles.
QUESTIONS = ("answer", "solution")


def describe(article):
    """Structured data of an article.

    :param dict article: ``kind``, ``title``, ``summary``, ``body`` (HTML), ``url``,
        ``lang``, ``published``, ``changed`` (ISO days), ``publisher``
    :rtype: dict
    """
    if article["kind"] in QUESTIONS:
        data = _question(article)
    elif article["kind"] == "howto" and (steps := _steps(article["body"])):
        data = _howto(article, steps)
    else:
        data = {"@type": "TechArticle", "headline": article["title"][:110]}
    data |= {
        "@context": CONTEXT,
        "@id": article["url"],
        "url": article["url"],
        "inLanguage": article["lang"],
        "publisher": {"@type": "Organization", "name": article["publisher"]},
    }
    if article["summary"]:
        data["description"] = article["summary"]
    if article["published"]:
        data["datePublished"] = article["published"]
        data["dateModified"] = article["changed"] or article["published"]
    return data


def _question(article):
    """One question with the answer its publisher gives."""
    text = article_html.plain(article_html.parse(article["body"]))
    return {
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": article["title"],
                "acceptedAnswer": {"@type": "Answer", "text": text},
            }
        ],
    }


def _steps(body):
    """Steps of an instruction: what its first numbered list holds."""
    root = article_html.parse(body)
    numbered = next(root.iter("ol"), None)
    if numbered is None:
        return []
    steps = [article_html.plain(item) for item in numbered.findall("li")]
    return [step for step in steps if step]


def _howto(article, steps):
    return {
        "@type": "HowTo",
        "name": article["title"],
        "step": [
            {"@type": "HowToStep", "position": number, "text": step}
            for number, step in enumerate(steps, 1)
        ],
    }
