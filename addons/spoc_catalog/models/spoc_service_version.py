"""What was published when, by whom, and what changed."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty

from .. import text_diff

HTML_KEYS = ("description",)
# Rules of a compiled question, and the field that names each for people.
RULE_FIELDS = {
    "min": "min_value",
    "max": "max_value",
    "min_length": "min_length",
    "max_length": "max_length",
    "pattern": "pattern",
    "pattern_message": "pattern_message",
    "min_choices": "min_choices",
    "max_choices": "max_choices",
    "max_files": "max_files",
    "max_mb": "max_mb",
    "extensions": "extensions",
    "min_rows": "min_rows",
    "max_rows": "max_rows",
}


class SpocServiceVersion(models.Model):
    """A service as it was published once. Nobody changes or deletes one.

    ``content`` holds all readers could see, as plain data::

        {"en_US": {"name": "...", "description": "<p>...</p>",
                   "form": {compiled form}, "promise": ["First answer ..."], ...},
         "sv_SE": {...}}
    """

    _name = "spoc.service.version"
    _description = "Published version of a service"
    _order = "service_id, number desc, id desc"
    _rec_names_search = ["service_id.name", "note"]

    service_id = fields.Many2one(
        "spoc.service", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="service_id.company_id", store=True)
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    date = fields.Datetime(
        string="Published on",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    user_id = fields.Many2one(
        "res.users", string="Published by", readonly=True, ondelete="restrict"
    )
    author_ids = fields.Many2many(
        "res.users",
        "spoc_service_version_author_rel",
        "version_id",
        "user_id",
        string="Changed by",
        readonly=True,
        help="Who changed the service since the version before.",
    )
    note = fields.Char(string="What changed", readonly=True)
    content = fields.Json(readonly=True)
    previous_id = fields.Many2one(
        "spoc.service.version", string="Version before", compute="_compute_previous_id"
    )
    difference = fields.Html(compute="_compute_difference")
    content_html = fields.Html(string="As published", compute="_compute_content_html")

    _number_unique = models.UniqueIndex(
        "(service_id, number)", "The service has this version already."
    )

    @api.depends("number", "service_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(service)s, version %(number)s",
                service=version.service_id.name or "",
                number=version.number,
            )

    @api.depends("service_id", "number")
    def _compute_previous_id(self):
        others = self.search([("service_id", "in", self.service_id.ids)])
        by_number = {(v.service_id.id, v.number): v for v in others}
        for version in self:
            key = (version.service_id.id, version.number - 1)
            version.previous_id = by_number.get(key, False)

    @api.depends("previous_id", "content")
    @api.depends_context("lang")
    def _compute_difference(self):
        for version in self:
            if version.previous_id:
                version.difference = self._spoc_difference(
                    version.previous_id.content, version.content
                )
            else:
                version.difference = Markup("<p>%s</p>") % self.env._(
                    "The first version: there is nothing to compare it with."
                )

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_content_html(self):
        labels = self._spoc_labels()
        for version in self:
            content = version.content or {}
            lang = self.env.lang if self.env.lang in content else "en_US"
            mine = content.get(lang) or next(iter(content.values()), {})
            version.content_html = Markup().join(
                Markup("<h4>%s</h4><p>%s</p>")
                % (labels[key], self._get_lines_html([("same", text)]))
                for key in labels
                if (text := self._spoc_readable(key, mine.get(key)))
            )

    # ------------------------------------------------------------------
    # Append only
    # ------------------------------------------------------------------

    def write(self, vals):
        if vals:
            raise UserError(self.env._("A published version is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always(self):
        raise UserError(self.env._("A published version is never deleted."))

    # ------------------------------------------------------------------
    # Difference
    # ------------------------------------------------------------------

    @api.model
    def _spoc_labels(self):
        """Headings of the parts of a version, in reading order.

        :return: dictionary: key in ``content`` -> label in the user's language
        """
        service = self.env["spoc.service"]
        names = service._spoc_content_fields()
        # sudo: the names of fields, which groups may hide.
        described = service.sudo().fields_get(names, ["string"])
        labels = {name: described[name]["string"] for name in names}
        labels["form"] = self.env._("Form")
        labels["promise"] = self.env._("Promise")
        return labels

    @api.model
    def _spoc_difference(self, before, after):
        """Readable difference of two contents.

        :param dict before: see ``content``
        :param dict after: see ``content``
        :return: Markup, field by field: the reader's language first, of the other
            languages what differs in them alone
        """
        before, after = before or {}, after or {}
        labels = self._spoc_labels()
        blocks, seen = [], set()
        for lang, name in self._get_languages(before, after):
            old, new = before.get(lang, {}), after.get(lang, {})
            for key, label in labels.items():
                texts = tuple(self._spoc_readable(key, c.get(key)) for c in (old, new))
                if texts[0] == texts[1] or (key, texts) in seen:
                    continue
                seen.add((key, texts))
                heading = f"{label} ({name})" if name else label
                blocks.append((heading, text_diff.difference(*texts)))
        if not blocks:
            return Markup("<p>%s</p>") % self.env._("Nothing differs.")
        return Markup().join(
            Markup("<h4>%s</h4><p>%s</p>")
            % (heading, self._get_lines_html(text_diff.shortened(parts)))
            for heading, parts in blocks
        )

    @api.model
    def _get_languages(self, *contents):
        """``(code, name)`` of the languages in them, the reader's first, unnamed."""
        codes = {code for content in contents for code in content}
        names = dict(self.env["res.lang"].get_installed())
        own = self.env.lang if self.env.lang in codes else "en_US"
        others = sorted(codes - {own})
        return [(own, ""), *((code, names.get(code, code)) for code in others)]

    @api.model
    def _get_lines_html(self, parts):
        """A difference as safe HTML."""
        marks = {
            "same": Markup("%s"),
            "out": Markup('<del class="text-danger">%s</del>'),
            "in": Markup('<ins class="text-success fw-bold">%s</ins>'),
        }
        pieces, last = [], ""
        for op, text in parts:
            if op == "in" and last == "out":
                pieces.append(" ")
            pieces.append(
                Markup("<br/>").join(
                    marks[op] % line if line else "" for line in text.split("\n")
                )
            )
            last = op
        return Markup().join(pieces)

    @api.model
    def _spoc_readable(self, key, value):
        """One part of a version as plain text."""
        if not value:
            return ""
        if key in HTML_KEYS:
            return "" if is_html_empty(value) else html2plaintext(value).strip()
        if key == "form":
            return "\n".join(self._get_form_lines(value.get("questions", [])))
        if isinstance(value, list):
            return "\n".join(str(item) for item in value)
        return str(value).strip()

    @api.model
    def _get_form_lines(self, questions, level=0):
        """Questions of a compiled form, one a line, with what they offer."""
        lines, dent = [], "  " * level
        for question in questions:
            mark = " *" if question.get("required") else ""
            lines.append(f"{dent}• {question.get('label', '')}{mark}")
            if question.get("help"):
                lines.append(f"{dent}  {question['help']}")
            for option in question.get("options", []):
                note = f" ({option['note']})" if option.get("note") else ""
                lines.append(f"{dent}  – {option.get('label', '')}{note}")
            lines += self._get_form_rules(question, dent)
            lines += self._get_form_lines(question.get("questions", []), level + 1)
        return lines

    @api.model
    def _get_form_rules(self, question, dent):
        """What else a question keeps to, one rule a line."""
        # sudo: the names of fields of a model that is for editors.
        described = self.env["spoc.form.question"].sudo().fields_get()
        types = dict(described["type"]["selection"])
        rules = [f"{dent}  [{types.get(question.get('type'), question.get('type'))}]"]
        if question.get("note"):
            rules.append(f"{dent}  {question['note']}")
        for key, name in RULE_FIELDS.items():
            if question.get(key) and name in described:
                value = question[key]
                words = ", ".join(value) if isinstance(value, list) else value
                rules.append(f"{dent}  {described[name]['string']}: {words}")
        return rules
