from odoo.http import request, route

from odoo.addons.spoc_catalog.controllers.window import SpocWindow, page_route

from ..models.spoc_article_offer import STEPS

# More than ever stands below a field is nobody's page.
MANY = 20


class SpocOffer(SpocWindow):
    """Answers offered while a request is typed, before it is sent."""

    @route("/spoc/answers", type="jsonrpc", auth="user", website=True, readonly=True)
    def spoc_answers(self, text="", service=0, **kwargs):
        """What may answer an unfinished request: ``{"items": [...]}``.

        :param str text: what was typed
        :param int service: id of the service whose form it is; 0 for free words
        """
        asked = self._spoc_find_asked(service)
        return {"items": request.env["spoc.window"]._spoc_answers_to(text, asked)}

    @page_route("/spoc/answers/article/<int:article_id>")
    def spoc_answer_article(self, article_id, **kwargs):
        """An article to be shown in place; counts as read."""
        article = self._spoc_find("spoc.article", article_id)
        if article.state != "published":
            raise request.not_found()
        article._spoc_record_use("read")
        body, _contents = article._spoc_page_words(article.body, links=False, level=3)
        return request.render(
            "spoc_kb.answer_article",
            {
                "article": article,
                "body": body,
                "html_lang": article._spoc_html_lang(),
                "files": article._spoc_files(),
                "turn_to": article._spoc_turn_to()
                if article._spoc_has_target()
                else [],
            },
        )

    @page_route("/spoc/answers/service/<int:service_id>")
    def spoc_answer_service(self, service_id, **kwargs):
        """A service to be shown in place."""
        service = self._spoc_find("spoc.service", service_id)
        if service.state != "published":
            raise request.not_found()
        return request.render("spoc_kb.answer_service", {"service": service})

    @page_route("/spoc/answers/note", methods=["POST"])
    def spoc_answer_note(self, step="", articles="", services="", asked="0", **kwargs):
        """What became of what was offered; nothing is answered.

        :param str step: see ``spoc.article.offer._spoc_note``
        :param str articles: ids, separated by commas
        :param str services: likewise
        :param str asked: id of the service whose form is filled in; 0 for free words
        """
        if step in STEPS:
            request.env["spoc.article.offer"]._spoc_note(
                step,
                self._spoc_find_offered("spoc.article", articles),
                self._spoc_find_offered("spoc.service", services),
                self._spoc_find_asked(self._spoc_number(asked, 0)),
            )
        return request.make_response("", status=204)

    def _spoc_find_asked(self, service_id):
        """The published service of that id, if the user may see it; else empty."""
        if type(service_id) is not int or not 0 < service_id < 2**31:
            return request.env["spoc.service"]
        found = self._spoc_find("spoc.service", service_id)
        return found.filtered(lambda one: one.state == "published")

    def _spoc_find_offered(self, model, text):
        """Published records of ids that came from a page, as far as they are seen."""
        ids = [self._spoc_number(part, 0) for part in text.split(",")[:MANY]]
        return request.env[model].search(
            [("id", "in", ids), ("state", "=", "published")]
        )
