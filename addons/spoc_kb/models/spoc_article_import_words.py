"""Words of a file with their pictures, files and links."""

import hashlib
import posixpath
import re

from odoo import models
from odoo.fields import Command
from odoo.tools.mimetypes import guess_mimetype

from .. import article_file, article_html
from .spoc_article_exchange import PAGE, STORED
from .spoc_article_page import PICTURES

# Stand for a file and an article while words are compared: the sanitiser lets them
# pass, and no other address looks like them.
FILE_MARK = "/spoc-import/file/"
ARTICLE_MARK = "/spoc-import/article/"
HTML_FIELDS = ("body", "inner_body")
PREFIX = re.compile(r"^[0-9]+-(?=.)")


def checksum(content):
    """As ir.attachment has it."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


class SpocArticleExchange(models.AbstractModel):
    """Words are compared by what their pictures hold and their links mean, not by the
    addresses these have here or there."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article.exchange"

    def _read_words(self, entry, article, scene, work):
        """The words of an entry, with marks for files and articles, sanitised.

        :return: dictionary: ``body`` and ``inner_body`` as far as the entry has them,
            ``files`` checksum -> ``(name, content)`` of what they refer to
        """
        words = {"files": {}}
        for name in HTML_FIELDS:
            if name not in entry:
                continue
            if name == "inner_body" and not self.env["spoc.article.inner"].has_access(
                "create"
            ):
                continue
            marked = self._mark(entry[name], entry, scene, work, words["files"])
            field = self.env["spoc.article"]._fields[name]
            if name == "inner_body":
                field = self.env["spoc.article.inner"]._fields["body"]
            clean = self.env["spoc.exchange"]._get_clean(field, marked)
            words[name] = self._normal(clean)
        return words

    def _normal(self, text):
        """HTML as lxml writes it, to be compared."""
        return article_html.with_sources(text, lambda address: address).strip()

    def _mark(self, text, entry, scene, work, found):
        """Put marks in place of addresses within the file.

        :param dict found: checksum -> ``(name, content)``; what is met is added
        """
        folder = posixpath.dirname(entry["place"])
        root = article_html.parse(text)
        for element in list(root.iter()):
            for name in article_html.SOURCES:
                address = element.get(name)
                if not address:
                    continue
                if element.tag == "img" and name == "src":
                    self._mark_picture(element, address, folder, scene, work, found)
                elif article_file.is_inside(address):
                    mark = self._mark_link(address, folder, scene, work, found)
                    element.set(name, mark)
        return article_html.inner(root)

    def _mark_link(self, address, folder, scene, work, found):
        path = article_file.clean_path(address, folder)
        if path in scene["places"]:
            ref = scene["places"][path]
            work["open_links"] |= ref not in scene["held"]
            return f"{ARTICLE_MARK}{ref}"
        content = scene["files"].get(path)
        if content is None:
            if path and not address.startswith(("/", "#")):
                work["remarks"].append(self.env._("Not in the file: %s", address))
            return address
        found[checksum(content)] = (posixpath.basename(path), content)
        return f"{FILE_MARK}{checksum(content)}"

    def _mark_picture(self, element, address, folder, scene, work, found):
        """A picture of the file; what is none, or elsewhere, becomes a link."""
        if address.startswith("data:"):
            return
        path = article_file.clean_path(address, folder)
        inside = article_file.is_inside(address)
        content = scene["files"].get(path) if inside else None
        if content is not None and guess_mimetype(content) in PICTURES:
            found[checksum(content)] = (posixpath.basename(path), content)
            element.set("src", f"{FILE_MARK}{checksum(content)}")
            return
        if inside and content is None:
            remark = self.env._("Not in the file: %s", address)
        elif inside:
            remark = self.env._("No picture that can be shown: %s", address)
        else:
            # Fetched from elsewhere it would tell others who reads what.
            remark = self.env._("A picture elsewhere became a link: %s", address)
        work["remarks"].append(remark)
        text = element.get("alt") or posixpath.basename(path or "") or address
        for name in list(element.attrib):
            del element.attrib[name]
        element.tag, element.text = "span", text
        if not inside:
            element.tag = "a"
            element.set("href", address)

    # ------------------------------------------------------------------
    # Compared
    # ------------------------------------------------------------------

    def _find_word_changes(self, article, words, entry, scene):
        """Whether the words or files of an entry differ from those of an article."""
        for name in HTML_FIELDS:
            if name in words and words[name] != self._get_marked(article, name, scene):
                return True
        if "files" not in entry:
            return False
        # sudo: only the checksums of the article's files are looked at
        held = set(article.sudo().file_ids.mapped("checksum"))
        return held != {
            checksum(content) for _name, content in self._get_files(entry, scene)
        }

    def _get_marked(self, article, name, scene):
        """The present words of an article with marks, as ``_read_words`` has them."""

        def mark(address):
            if address.startswith(ARTICLE_MARK):
                # It is here by now: no longer what the file says.
                here = address.removeprefix(ARTICLE_MARK) in scene["held"]
                return f"{address}?" if here else address
            if found := PAGE.match(address):
                other = self.env["spoc.article"].search([("id", "=", int(found[1]))])
                known = {one.id: ref for ref, one in scene["held"].items()}
                ref = known.get(other.id) or (other and self._get_ref(other))
                return f"{ARTICLE_MARK}{ref}" if ref else address
            if found := STORED.match(address):
                # sudo: only the checksum of what stands in the words is looked at
                file = self.env["ir.attachment"].sudo().browse(int(found[1])).exists()
                return f"{FILE_MARK}{file.checksum}" if file else address
            return address

        text = str(article[name] or "")
        return article_html.with_sources(text, mark).strip()

    def _get_files(self, entry, scene):
        """Files to download of an entry: ``(name, content)``."""
        folder = posixpath.dirname(entry["place"])
        for path in entry.get("files", ()):
            content = scene["files"].get(article_file.clean_path(path, folder))
            if content is not None:
                yield posixpath.basename(path), content

    # ------------------------------------------------------------------
    # Put in place
    # ------------------------------------------------------------------

    def _write_words(self, draft, words, entry, scene):
        """Write the words into a draft, with its pictures, files and links."""
        vals = {}
        for name in HTML_FIELDS:
            if name in words and words[name] != self._get_marked(draft, name, scene):
                vals[name] = article_html.with_sources(
                    words[name],
                    lambda address: self._place(draft, address, words, scene),
                )
        if "files" in entry:
            attachments = self.env["ir.attachment"]
            for name, content in self._get_files(entry, scene):
                attachments |= self._keep_file(draft, name, content)
            if set(attachments.ids) != set(draft.file_ids.ids):
                vals["file_ids"] = [Command.set(attachments.ids)]
        if vals:
            draft.write(vals)

    def _place(self, draft, address, words, scene):
        """The address here of what a mark stands for."""
        if address.startswith(FILE_MARK):
            found = words["files"].get(address.removeprefix(FILE_MARK))
            if not found:
                return address
            attachment = self._keep_file(draft, *found)
            token = attachment.access_token or attachment.generate_access_token()[0]
            kind = "image" if attachment.mimetype in PICTURES else "content"
            return f"/web/{kind}/{attachment.id}?access_token={token}"
        if address.startswith(ARTICLE_MARK):
            other = scene["held"].get(address.removeprefix(ARTICLE_MARK))
            # Not here yet: the mark stays and is put right at the end.
            return other._spoc_url() if other else address
        return address

    def _keep_file(self, draft, name, content):
        """The attachment of the draft that holds a file; made if there is none."""
        Attachment = self.env["ir.attachment"]
        keepers = (draft | draft.revision_of_id).ids
        held = Attachment.search(
            [
                ("res_model", "=", draft._name),
                ("res_id", "in", keepers),
                ("checksum", "=", checksum(content)),
            ],
            limit=1,
        )
        return held or Attachment.create(
            {
                # As it was called before an export put its number before it.
                "name": PREFIX.sub("", name),
                "raw": content,
                "res_model": draft._name,
                "res_id": draft.id,
            }
        )
