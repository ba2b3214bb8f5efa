from odoo.http import request, route

from odoo.addons.spoc_catalog.controllers.window import SpocWindow


class SpocArticlePage(SpocWindow):
    """The reader's page of an article and the word of the reader about it."""

    @route(
        "/spoc/article/<int:article_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def spoc_article(self, article_id, thanks=None, **kwargs):
        """Show the article; the reading counts once per user and day."""
        article = self._spoc_find("spoc.article", article_id)
        if not article:
            return self._spoc_missing()
        if article.state == "published":
            article._spoc_record_use("read")
            self._spoc_opened(article)
        values = request.env["spoc.window"]._prepare_article_values(article)
        return self._spoc_render(
            "spoc_kb.window_article",
            {**values, "thanks": bool(thanks)},
            title=article.name,
        )

    @route(
        "/spoc/article/<int:article_id>/feedback",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def spoc_article_feedback(self, article_id, helped=None, comment="", **kwargs):
        """Store whether it helped; back to the page, whichever way it was sent."""
        article = self._spoc_find("spoc.article", article_id)
        if not article or article.state != "published":
            return self._spoc_missing()
        if helped in ("0", "1"):
            article._spoc_feedback(helped == "1", comment)
        return request.redirect(f"{article._spoc_url()}?thanks=1#spoc_feedback")
