"""Public pages of articles: read without signing in, found by search engines."""

from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.spoc_catalog.controllers.window import MAX_WORDS
from odoo.addons.spoc_kb.models.spoc_article_page import PICTURES

from ..models.spoc_article import ROOT

PAGE_SIZE = 40
MAX_NUMBER = 2**31 - 1


def sitemap_articles(env, rule, qs):
    """Addresses of what anybody may read, for the sitemap."""
    website = env["website"].get_current_website()
    if not qs or qs.lower() in ROOT:
        yield {"loc": ROOT}
    articles = SpocPublicArticles._public(env, website)
    base = len(website.get_base_url())
    for article in articles.search(articles._spoc_public_domain()):
        loc = article._spoc_public_address(website)[base:]
        if not qs or qs.lower() in loc:
            yield {"loc": loc, "lastmod": article.write_date.date()}


class SpocPublicArticles(Controller):
    """Everything here is read as the website's visitor nobody knows, also for those who
    are signed in: the page is the same for everybody, so nothing can slip in."""

    @staticmethod
    def _public(env, website):
        """Articles with the rights of a visitor nobody knows."""
        company = website.company_id
        return (
            env["spoc.article"]
            .with_user(website.user_id)
            .with_company(company)
            .with_context(allowed_company_ids=company.ids, spoc_public=True)
        )

    def _articles(self):
        return self._public(request.env, request.website)

    def _find(self, number):
        """The public article of that number, or none."""
        articles = self._articles()
        domain = articles._spoc_public_domain() & Domain("id", "=", number)
        return articles.search(domain, limit=1)

    @route(ROOT, type="http", auth="public", website=True, sitemap=False, readonly=True)
    def public_articles(self, q="", page="1", **kwargs):
        """All public articles, or those that answer a question."""
        articles = self._articles()
        domain = articles._spoc_public_domain()
        text = q.strip()[:MAX_WORDS]
        if text:
            found = articles._spoc_search(text, domain, PAGE_SIZE)
            total, number = len(found), 1
        else:
            total = articles.search_count(domain)
            number = min(int(page), MAX_NUMBER) if page[:10].isdecimal() else 1
            number = min(max(number, 1), max(1, -(-total // PAGE_SIZE)))
            found = articles.search(
                domain,
                limit=PAGE_SIZE,
                offset=(number - 1) * PAGE_SIZE,
                order="published_on desc, id desc",
            )
        pager = request.website.pager(
            url=ROOT,
            total=0 if text else total,
            page=number,
            step=PAGE_SIZE,
            url_args={},
        )
        return request.render(
            "spoc_kb_website.public_articles",
            {
                "articles": found,
                "text": text,
                "total": total,
                "pager": pager,
                "additional_title": request.env._("Answers"),
            },
        )

    @route(
        f"{ROOT}/<string:slug>",
        type="http",
        auth="public",
        website=True,
        sitemap=sitemap_articles,
        readonly=True,
    )
    def public_article(self, slug, **kwargs):
        """One public article, at one address in its own language."""
        number = slug.rpartition("-")[2]
        number = int(number) if number[:10].isdecimal() else 0
        article = self._find(number) if 0 < number <= MAX_NUMBER else None
        if not article:
            return self._lead_on(number)
        website = request.website
        wanted = article._spoc_public_lang(website)
        if request.env.lang != wanted:
            return self._lead_to_language(article)
        if slug != article._spoc_public_url().removeprefix(f"{ROOT}/"):
            return request.redirect(article._spoc_public_url(), code=301)
        body, contents = article._spoc_page_words(article.body)
        translations = article._spoc_translations_public()
        return request.render(
            "spoc_kb_website.public_article",
            {
                "main_object": article,
                "article": article,
                "body": body,
                "contents": contents if len(contents) > 2 else [],
                "files": article._spoc_files(),
                "html_lang": article._spoc_html_lang(),
                "translations": translations - article,
                "additional_title": article.name,
                "website_meta_description": article.summary or "",
                "spoc_canonical": article._spoc_public_address(website),
                "spoc_alternates": [
                    (one._spoc_html_lang(), one._spoc_public_address(website))
                    for one in translations
                ],
                "structured": article._spoc_structured(website),
            },
        )

    @route(
        f"{ROOT}/<int:article_id>/file/<int:file_id>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def public_file(self, article_id, file_id, download=None, **kwargs):
        """A picture or file of a public article."""
        article = self._find(article_id)
        attachment = article._spoc_find_file(file_id) if article else None
        if not attachment:
            raise request.not_found()
        shown = attachment.mimetype in PICTURES and not download
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        return stream.get_response(as_attachment=not shown)

    def _lead_on(self, number):
        """To what took the place of an article, if anybody may read that."""
        articles = self._articles()
        if 0 < number <= MAX_NUMBER:
            successor = articles._spoc_find_successor(number)
            if successor and self._find(successor.id):
                return request.redirect(successor._spoc_public_url(), code=301)
        raise request.not_found()

    def _lead_to_language(self, article):
        """To the translation the visitor's language asks for, else to the article."""
        translations = article._spoc_translations_public()
        lang = request.env.lang
        other = translations.filtered(lambda one: one.lang == lang)[:1] or article
        address = other._spoc_public_address(request.website)
        path = address[len(request.website.get_base_url()) :]
        return request.redirect(path)
