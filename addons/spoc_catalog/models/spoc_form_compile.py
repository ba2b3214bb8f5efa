"""Forms as plain data for one person: what ``form_rules`` judges and pages show."""

import re
from copy import deepcopy
from datetime import timedelta

from odoo import api, fields, models, tools

from .. import form_rules
from .spoc_form_condition import YES
from .spoc_form_question import CHOICES

TEXTS = ("text", "email", "phone", "url")
NUMBERS = ("integer", "decimal", "money")
DAYS = ("date", "datetime", "date_range")
#: Questions that are the same whoever is asked, unless filled in beforehand.
SAME = {"text", "long_text", "email", "phone", "url", "integer", "decimal"}
SAME |= {"boolean", "choice", "multi_choice", "file", "rows", "info", "step"}


class SpocForm(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form"

    def _spoc_compile(self, user=None):
        """The form as plain data, in the user's language.

        Questions, answers to choose from and conditions are read in one query each;
        what is filled in beforehand and which days may be chosen is worked out for
        the person.

        :param user: res.users who fills it in, the current one by default
        :return: dictionary as described in ``form_rules``, with ``person`` (facts for
            conditions) and ``ask_for`` beside; for no form, one without questions
        """
        if isinstance(self.id, int):
            kept = self._keep_compiled(self.id)
            if kept:
                return deepcopy(kept)
        return self._compile_for(user or self.env.user)[0]

    @api.model
    @tools.ormcache("form_id", "self.env.lang")
    def _keep_compiled(self, form_id):
        """The form when it is the same for everybody, else ``None``."""
        compiled, is_same = self.browse(form_id)._compile_for(self.env.user)
        return compiled if is_same else None

    def _compile_for(self, user):
        """The form for a person, and whether it is the same for everybody."""
        # sudo: whoever may see a service may see what it asks; forms themselves
        # are for agents only.
        form = self.sudo().with_context(tz=user.tz or self.env.context.get("tz"))
        parts = form._gather_parts(user)
        compiled = {
            "id": form.id,
            "version": form.version,
            "name": form.name or "",
            "questions": [
                question._spoc_compile(parts) for question in parts["questions"][None]
            ],
        }
        if parts["has_person"]:
            compiled["person"] = self._spoc_person_facts(user)
        if form.ask_for and form.ask_for != "self":
            compiled["ask_for"] = {
                "mode": form.ask_for,
                "limit": form.ask_for_limit if form.ask_for == "several" else 1,
            }
        return compiled, parts["is_same"]

    def _gather_parts(self, user):
        """All parts of the form in one query each.

        :return: dictionary for ``spoc.form.question._spoc_compile``: ``questions`` by
            id of the table they are in (``None``: of the form), ``options`` by
            question, ``conditions`` by (question, effect) and by option; ``today``
            where the person is, ``user``, ``has_person``, ``is_same`` for everybody
        """
        ours = [("form_id", "in", self.ids)]
        questions = self.env["spoc.form.question"].search(ours, order="sequence, id")
        options = self.env["spoc.form.option"].search(
            [("question_id", "in", questions.filtered(self._has_options).ids)]
        )
        conditions = self.env["spoc.form.condition"].search(ours)
        has_person = any(condition.person_field for condition in conditions)
        return {
            "questions": {
                None: [],
                **self._group(
                    questions, lambda question: question.parent_id.id or None
                ),
            },
            "options": self._group(options, lambda option: option.question_id.id),
            "conditions": self._group(
                conditions,
                lambda condition: (
                    condition.option_id or (condition.question_id.id, condition.effect)
                ),
            ),
            "today": fields.Date.context_today(self),
            "user": user,
            "has_person": has_person,
            "is_same": not has_person
            and all(
                question.type in SAME and not question.prefill for question in questions
            ),
        }

    def _has_options(self, question):
        return question.type in CHOICES

    def _group(self, records, key):
        """Records by key, in their order."""
        groups = {}
        for record in records:
            groups.setdefault(key(record), records.browse())
            groups[key(record)] |= record
        return groups


class SpocFormQuestion(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form.question"

    def _spoc_compile(self, parts):
        """The question as plain data, see ``form_rules``.

        :param dict parts: of the whole form, see ``spoc.form._gather_parts``
        """
        self.ensure_one()
        compiled = {
            "id": self.id,
            "type": self.type,
            "code": self.code or "",
            "label": self.label or "",
            "help": self.help or "",
            "required": self.required,
        }
        self._add_conditions(compiled, parts)
        add = {
            **dict.fromkeys(TEXTS, self._add_text),
            **dict.fromkeys(NUMBERS, self._add_number),
            **dict.fromkeys(DAYS, self._add_days),
            **dict.fromkeys(CHOICES, self._add_options),
            "long_text": self._add_text,
            "file": self._add_files,
            "rows": self._add_rows,
        }.get(self.type)
        if add:
            add(compiled, parts)
        default = self._get_default(compiled, parts)
        if default not in (None, "", []):
            compiled["default"] = default
        return compiled

    def _add_conditions(self, compiled, parts):
        empty = self.env["spoc.form.condition"]
        shown = parts["conditions"].get((self.id, "show"), empty)
        if shown:
            compiled["show_if"] = shown._spoc_compile(self.show_match)
            compiled["note"] = shown._spoc_words(self.show_match)
        needed = parts["conditions"].get((self.id, "require"), empty)
        if needed:
            compiled["required_if"] = needed._spoc_compile(self.require_match)

    def _add_text(self, compiled, parts):
        limit = form_rules.TEXT_LIMIT
        if self.type == "long_text":
            limit = form_rules.LONG_TEXT_LIMIT
        compiled["max_length"] = min(self.max_length or limit, limit)
        if self.type not in ("text", "long_text"):
            return
        if self.min_length:
            compiled["min_length"] = self.min_length
        if self.pattern:
            compiled["pattern"] = self.pattern
            compiled["pattern_message"] = self.pattern_message or ""

    def _add_number(self, compiled, parts):
        for key, text in (("min", self.min_value), ("max", self.max_value)):
            text = (text or "").strip().replace(",", ".")
            if text and self.type == "integer":
                compiled[key] = int(float(text))
            elif text:
                compiled[key] = text
        if self.type == "integer":
            return
        compiled["digits"] = self.digits
        if self.type == "money":
            # sudo: the currency of the person's own company
            company = parts["user"].company_id.sudo()
            currency = self.currency_id or company.currency_id
            compiled["currency"] = currency.name
            compiled["digits"] = currency.decimal_places

    def _add_days(self, compiled, parts):
        if self.min_days or self.day_rule == "future":
            compiled["min"] = self._get_day(parts["today"], self.min_days)
        if self.max_days or self.day_rule == "past":
            compiled["max"] = self._get_day(parts["today"], self.max_days)
        if self.type == "datetime":
            for key, time in (("min", "00:00"), ("max", "23:59")):
                if key in compiled:
                    compiled[key] += f"T{time}"

    @api.model
    def _get_day(self, today, days):
        """ISO day so many days from today."""
        return fields.Date.to_string(today + timedelta(days=days))

    def _add_options(self, compiled, parts):
        empty = self.env["spoc.form.option"]
        compiled["options"] = [
            option._spoc_compile(parts)
            for option in parts["options"].get(self.id, empty)
        ]
        if self.type == "multi_choice":
            if self.min_choices:
                compiled["min_choices"] = self.min_choices
            if self.max_choices:
                compiled["max_choices"] = self.max_choices

    def _add_files(self, compiled, parts):
        compiled["max_files"] = self.max_files or 1
        compiled["max_mb"] = self.max_mb or form_rules.FILE_MB_LIMIT
        extensions = self._get_extensions()
        if extensions:
            compiled["extensions"] = extensions
        compiled["limits"] = self._get_limits_text(
            compiled["max_files"], compiled["max_mb"], extensions
        )

    def _get_extensions(self):
        """Endings accepted, without dots and in small letters."""
        return re.findall(r"[a-z0-9]+", (self.extensions or "").lower())

    @api.model
    def _get_limits_text(self, max_files, max_mb, extensions=()):
        """How many files of which size and kind, in words."""
        size = f"{max_mb:g}"
        if max_files == 1:
            text = self.env._("One file of up to %(size)s MB", size=size)
        else:
            text = self.env._(
                "Up to %(count)s files of %(size)s MB each", count=max_files, size=size
            )
        if not extensions:
            return text
        return self.env._(
            "%(limits)s: %(kinds)s", limits=text, kinds=", ".join(extensions)
        )

    def _add_rows(self, compiled, parts):
        children = parts["questions"].get(self.id, ())
        compiled["questions"] = [child._spoc_compile(parts) for child in children]
        compiled["min_rows"] = self.min_rows
        compiled["max_rows"] = self.max_rows or 10

    # ------------------------------------------------------------------
    # Filled in beforehand
    # ------------------------------------------------------------------

    def _get_default(self, compiled, parts):
        """Raw answer the question starts with: from the directory, or fixed."""
        if self.type in ("file", "rows", "info", "step"):
            return None
        value = None
        if self.prefill:
            value = self.env["spoc.form"]._spoc_prefill(self, parts["user"])
        if value in (None, "") and self.default_value:
            value = self.default_value.strip()
        if value in (None, ""):
            return None
        if self.type in CHOICES:
            return self._match_options(str(value), parts)
        if self.type == "boolean":
            return str(value).lower() in YES
        if self.type == "date":
            return self._get_default_day(str(value), parts["today"])
        if self._spoc_get_model() and not isinstance(value, int):
            return int(value) if str(value).isdigit() else None
        return value

    def _match_options(self, text, parts):
        """Ids of the options named by label or technical name."""
        found = []
        for option in parts["options"].get(self.id, ()):
            names = {(option.label or "").lower(), (option.code or "").lower()} - {""}
            for part in text.split(",") if self.type == "multi_choice" else [text]:
                if part.strip().lower() in names:
                    found.append(option.id)
        if self.type == "multi_choice":
            return found
        return found[0] if found else None

    @api.model
    def _get_default_day(self, text, today):
        """``today``, ``today +3`` or a day as it is."""
        match = re.fullmatch(r"today(?:\s*([+-])\s*(\d{1,4}))?", text.lower())
        if not match:
            return text
        days = int(match[2] or 0) * (-1 if match[1] == "-" else 1)
        return self._get_day(today, days)
