"""A form as the window shows it: fields in steps, filled in, with what is wrong."""

import json

from odoo import api, models

from ..form_rules import RECORD_TYPES
from ..form_values import SILENT_TYPES

FIELD = "q_%s"
#: What a new row is called until it has a number.
NEW_ROW = "__row__"
#: Rows to fill in for readers who cannot add any.
PLAIN_ROWS = 3
#: Choices up to so many are shown all at once.
RADIO_LIMIT = 5
GROUPS = ("boolean", "multi_choice", "date_range", "rows")


class SpocForm(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form"

    @api.model
    def _prepare_form_page(self, compiled, values=None, errors=None):
        """What the template ``form_questions`` shows.

        :param dict compiled: the form
        :param dict values: question id -> raw value as sent; ``None`` or empty for a
            form just opened, which shows what is filled in beforehand
        :param dict errors: question id or key in a table -> message
        :return: ``definition`` (JSON for the script), ``words`` (JSON sent along, see
            :meth:`_get_form_words`) and ``steps``, a list of ``{"question",
            "fields"}`` with fields as :meth:`_prepare_field` makes them
        """
        if not values:
            values = {
                question["id"]: question["default"]
                for question in compiled["questions"]
                if "default" in question
            }
        labels = self._spoc_labels(compiled, values) if compiled["questions"] else {}
        page = {"labels": labels, "errors": errors or {}}
        steps = [{"question": None, "fields": []}]
        for question in compiled["questions"]:
            if question["type"] == "step":
                steps.append({"question": question, "fields": []})
                continue
            name = FIELD % question["id"]
            field = self._prepare_field(
                page, question, name, question["id"], values.get(question["id"])
            )
            if question["type"] == "rows":
                self._add_rows(page, field, values.get(question["id"]))
            steps[-1]["fields"].append(field)
        return {
            # sorted: the same form is the same text
            "definition": json.dumps(compiled, sort_keys=True, default=str),
            "words": json.dumps(self._get_form_words(compiled), ensure_ascii=False),
            "steps": [step for step in steps if step["question"] or step["fields"]],
        }

    @api.model
    def _get_form_words(self, compiled):
        """What is asked, in words: by them an answer is known whose question is gone.

        :return: dictionary: question id as text -> ``{"label"}``, and ``"options"``,
            raw value -> label, where something is chosen
        """
        words = {}
        for question in compiled["questions"]:
            if question["type"] in SILENT_TYPES:
                continue
            for part in (question, *question.get("questions", ())):
                inner = part is not question
                label = f"{question['label']}: " if inner else ""
                words[str(part["id"])] = said = {"label": label + part["label"]}
                if part.get("options"):
                    said["options"] = {
                        str(option["id"]): option["label"] for option in part["options"]
                    }
                elif part["type"] == "boolean":
                    said["options"] = {"yes": self.env._("Yes"), "no": self.env._("No")}
        return words

    @api.model
    def _prepare_field(self, page, question, name, key, value):
        """One field.

        :return: ``question`` (compiled), ``name`` of the input and base of its ids,
            ``key`` of its errors, ``value``, ``error``, ``group`` (whether it is a set
            of inputs), ``radio``, ``described`` (ids), ``chosen`` (texts of the
            options chosen), ``picked`` (id of the record), ``text`` (its name)
        """
        kind = question["type"]
        error = page["errors"].get(key) or page["errors"].get(str(key)) or ""
        radio = kind == "boolean" or (
            kind == "choice" and len(question["options"]) <= RADIO_LIMIT
        )
        hints = question["help"] or kind == "file"
        described = [
            f"{name}_{part}"
            for part, wanted in (
                ("hint", hints),
                ("note", question.get("note")),
                ("error", True),
            )
            if wanted
        ]
        field = {
            "question": question,
            "name": name,
            "key": str(key),
            "value": self._get_shown_value(kind, value),
            "error": error,
            "radio": radio,
            "group": radio or kind in GROUPS,
            "described": " ".join(described),
            "chosen": self._get_chosen(value),
            "picked": "",
            "text": "",
        }
        if kind in RECORD_TYPES:
            text = page["labels"].get(question["id"], {}).get(self._as_id(value), "")
            field["picked"] = value if text else ""
            # A name typed that could not be found is given back as it was.
            field["text"] = text or (value if isinstance(value, str) else "")
        return field

    @api.model
    def _get_shown_value(self, kind, value):
        if value in (None, False) and kind != "boolean":
            return ""
        if kind == "boolean":
            return {True: "yes", False: "no", None: ""}.get(value, value)
        if kind == "date_range":
            return value if isinstance(value, dict) else {}
        return value

    @api.model
    def _get_chosen(self, value):
        """The options among a raw value, as texts."""
        return {str(item) for item in (value if isinstance(value, list) else [value])}

    @api.model
    def _as_id(self, value):
        text = str(value)
        return int(text) if text.isdigit() and len(text) < 10 else 0

    @api.model
    def _add_rows(self, page, field, rows):
        """Rows with fields of their own, and one to make new ones of."""
        question = field["question"]
        rows = [row for row in rows if row] if isinstance(rows, list) else []
        most = question["max_rows"]
        count = max(len(rows) + 1, question["min_rows"], PLAIN_ROWS)
        rows = rows + [{}] * (min(count, max(most, len(rows))) - len(rows))
        field["rows"] = [
            self._prepare_row(page, field, number, row)
            for number, row in enumerate(rows)
        ]
        field["new_row"] = self._prepare_row(page, field, NEW_ROW, {})

    @api.model
    def _prepare_row(self, page, field, number, row):
        question = field["question"]
        fields = []
        for child in question["questions"]:
            value = row.get(child["id"], row.get(str(child["id"])))
            if not row and "default" in child and number == NEW_ROW:
                value = child["default"]
            fields.append(
                self._prepare_field(
                    page,
                    child,
                    f"{field['name']}_{number}_{child['id']}",
                    f"{question['id']}:{number}:{child['id']}",
                    value,
                )
            )
        return {
            "number": number,
            "marker": f"{field['name']}_{number}_row",
            "fields": fields,
        }
