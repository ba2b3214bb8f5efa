from odoo.http import request

from odoo.addons.spoc_catalog.controllers.window import (
    OPENED,
    SpocWindow,
    page_route,
)

from ..models.spoc_article_page import PICTURES

OPENED["article"] = "spoc.article"


class SpocArticlePage(SpocWindow):
    """The reader's page of an article and the word of the reader about it."""

    @page_route("/spoc/article/<int:article_id>")
    def spoc_article(self, article_id, thanks=None, flagged=None, **kwargs):
        """Show the article, or lead on to what took its place."""
        article = self._spoc_find("spoc.article", article_id)
        if not article or article.state == "retired":
            successor = request.env["spoc.article"]._spoc_find_successor(article_id)
            if successor:
                # For good: links in old mails and bookmarks may learn it.
                return request.redirect(successor._spoc_url(), code=301)
        if not article:
            return self._spoc_missing()
        values = request.env["spoc.window"]._prepare_article_values(article)
        return self._spoc_render(
            "spoc_kb.window_article",
            {
                **values,
                "spoc_opened": article.state == "published" and f"article/{article.id}",
                "thanks": bool(thanks),
                "flagged": bool(flagged),
            },
            title=article.name,
            crumbs=[(request.env._("Answers"), "/spoc/articles")],
        )

    @page_route("/spoc/article/<int:article_id>/file/<int:file_id>", readonly=True)
    def spoc_article_file(self, article_id, file_id, download=None, **kwargs):
        """A picture within the words or a file to download.

        The right to read the article is asked each time.
        """
        article = self._spoc_find("spoc.article", article_id)
        attachment = article._spoc_find_file(file_id) if article else None
        if not attachment:
            raise request.not_found()
        shown = attachment.mimetype in PICTURES and not download
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        return stream.get_response(as_attachment=not shown)

    @page_route("/spoc/article/<int:article_id>/feedback", methods=["POST"])
    def spoc_article_feedback(
        self, article_id, helped=None, comment="", reason="", **kwargs
    ):
        """Store whether it helped; back to the page, whichever way it was sent."""
        article = self._spoc_find("spoc.article", article_id)
        if not article or article.state != "published":
            return self._spoc_missing()
        if helped in ("0", "1"):
            article._spoc_feedback(helped == "1", comment, reason)
        return request.redirect(f"{article._spoc_url()}?thanks=1#spoc_feedback")

    # ---- Flag it or fix it ----

    @page_route("/spoc/article/<int:article_id>/flag", methods=["POST"])
    def spoc_article_flag(self, article_id, reason="", text="", **kwargs):
        """An agent says what is wrong."""
        article = self._spoc_find("spoc.article", article_id)
        flags = request.env["spoc.article.flag"]
        if not article or article.state != "published" or not flags.has_access("read"):
            return self._spoc_missing()
        if reason in dict(flags._get_reasons()):
            article._spoc_flag(reason, text)
        return request.redirect(f"{article._spoc_url()}?flagged=1#spoc_flag")

    @page_route("/spoc/article/<int:article_id>/fix", methods=["POST"])
    def spoc_article_fix(self, article_id, **kwargs):
        """Open the draft that puts the article right."""
        article = self._spoc_find("spoc.article", article_id)
        if not article or not article.has_access("write"):
            return self._spoc_missing()
        if article.state == "published":
            draft = article.revision_ids[:1] or article._spoc_create_revision()
        elif article.state == "draft":
            draft = article
        else:
            return request.redirect(article._spoc_url())
        return request.redirect(f"/odoo/service-articles/{draft.id}")

    def _spoc_opened(self, record, text="", count=0, position=0):
        """The reading of an article counts once per user and day."""
        if record._name == "spoc.article":
            record._spoc_record_use("read")
        return super()._spoc_opened(record, text, count, position)
