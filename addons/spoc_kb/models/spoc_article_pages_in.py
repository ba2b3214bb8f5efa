"""Takes over what OCA's ``document_page`` holds, when that addon is installed.

Its code is not ours to take, nor to import: only the names of its model and fields
are known here, and each is looked at before it is used.
"""

from odoo import api, models
from odoo.fields import Domain

from .. import article_file, article_html
from .spoc_article_exchange import STORED

PAGE_MODEL = "document.page"


class SpocArticleExchange(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article.exchange"

    @api.model
    def _spoc_read_pages(self):
        """The pages the user may read, as entries to import.

        A page becomes an article, the categories above it its other words, so that it
        is found by them; its pictures come along. Categories themselves hold no answer
        and are left out.

        :return: ``(source, entries, files)``, see ``article_file.read``
        :raise FileFault: there are no pages
        """
        if PAGE_MODEL not in self.env:
            raise article_file.FileFault("nothing")
        Page = self.env[PAGE_MODEL]
        domain = Domain("type", "=", "content") if "type" in Page._fields else []
        files, entries = {}, []
        for page in Page.search(domain, order="id"):
            entries.append(self._read_page(page, files))
        if not entries:
            raise article_file.FileFault("nothing")
        return "document_page", entries, files

    def _read_page(self, page, files):
        above, names = page, []
        while "parent_id" in page._fields and above.parent_id and len(names) < 20:
            above = above.parent_id
            names.append(above.name)

        def place(address):
            found = STORED.match(address)
            # Their own rights: who may not open a picture does not take it along.
            picture = found and self.env["ir.attachment"].search(
                [("id", "=", int(found[1]))]
            )
            return self._put_file(picture, files) if picture else address

        words = self._get_page_words(page)
        return {
            "place": f"page-{page.id}.html",
            "ref": f"document_page/{page.id}",
            "title": page.name or "",
            "keywords": ", ".join(filter(None, names)),
            "body": article_html.with_sources(words, place),
        }

    @api.model
    def _get_page_words(self, page):
        """HTML of a page: its shown content, or what its newest version holds."""
        for name in ("content", "display_content"):
            if name in page._fields and page[name]:
                return str(page[name])
        return ""
