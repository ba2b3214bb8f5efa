"""Forms in the file: questions, answers and conditions by their technical names."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .. import catalog_file

FORM_KEYS = ("name", "ask_for", "ask_for_scope", "ask_for_limit")
QUESTION_KEYS = (
    "code",
    "label",
    "help",
    "type",
    "required",
    "default_value",
    "prefill",
    "min_length",
    "max_length",
    "pattern",
    "pattern_message",
    "min_value",
    "max_value",
    "digits",
    "day_rule",
    "min_days",
    "max_days",
    "min_choices",
    "max_choices",
    "max_files",
    "max_mb",
    "extensions",
    "model_name",
    "model_domain",
    "min_rows",
    "max_rows",
    "show_match",
    "require_match",
)
OPTION_KEYS = ("code", "label", "show_match")
CONDITION_KEYS = ("effect", "person_field", "operator", "value_text", "value_number")
TEXT_KEYS = ("name", "label", "help", "pattern_message")
PARTS = {
    "questions": "spoc.form.question",
    "options": "spoc.form.option",
    "conditions": "spoc.form.condition",
}
EMPTY = (None, False, "", [], {})


class SpocForm(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form"

    origin_ref = fields.Char(
        string="Name in its catalogue",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="By which the form is known when its file is read again.",
    )

    def _spoc_touch(self):
        """Published services read differently when their form does."""
        result = super()._spoc_touch()
        if self.ids:
            # sudo: an editor of forms need not see every service that asks with them.
            self.env["spoc.service"].sudo().search(
                [("form_id", "in", self.ids), ("state", "=", "published")]
            )._spoc_mark_changed()
        return result


class SpocExchange(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.exchange"

    # ------------------------------------------------------------------
    # Out
    # ------------------------------------------------------------------

    def _export_forms(self, forms):
        """Forms as data: seven queries for any number of them."""
        refs = self._get_refs(forms)
        Question = self.env["spoc.form.question"]
        questions = Question.search([("form_id", "in", forms.ids)])
        options = questions.option_ids
        texts = {
            "form": self._get_texts(forms, TEXT_KEYS),
            "question": self._get_texts(questions, TEXT_KEYS),
            "option": self._get_texts(options, TEXT_KEYS),
        }
        keys = {name: name for name in FORM_KEYS}
        return [
            {
                "ref": refs[form.id],
                **self._export_values(form, keys, texts["form"]),
                "questions": [
                    self._export_question(question, texts)
                    for question in form.question_ids
                ],
            }
            for form in forms
        ]

    def _export_question(self, question, texts):
        keys = {name: name for name in QUESTION_KEYS}
        entry = self._export_values(question, keys, texts["question"])
        if question.currency_id:
            entry["currency"] = question.currency_id.name
        parts = {
            "options": [
                self._export_option(option, texts) for option in question.option_ids
            ],
            "conditions": self._export_conditions(question),
            "questions": [
                self._export_question(child, texts) for child in question.child_ids
            ],
        }
        entry.update({key: value for key, value in parts.items() if value})
        return self._get_told(entry)

    def _export_option(self, option, texts):
        keys = {name: name for name in OPTION_KEYS}
        entry = self._export_values(option, keys, texts["option"])
        conditions = self._export_conditions(option)
        if conditions:
            entry["conditions"] = conditions
        return self._get_told(entry)

    def _export_conditions(self, governed):
        keys = {name: name for name in CONDITION_KEYS}
        entries = []
        for condition in governed.condition_ids:
            entry = self._export_values(condition, keys, {})
            entry["source"] = condition.source_id.code
            entry["answers"] = [
                self._get_option_code(option) for option in condition.value_option_ids
            ]
            target = condition.value_ref
            if target:
                name = target.with_context(lang="en_US").display_name
                entry["record"] = f"{target._name}: {name}"
            entries.append(self._get_told(entry))
        return entries

    @api.model
    def _get_option_code(self, option):
        """Technical name of an answer, or its words."""
        return option.code or option.with_context(lang="en_US").label

    @api.model
    def _get_told(self, entry):
        """An entry without what is as it is anyway."""
        return {
            key: value
            for key, value in entry.items()
            if value or (value == 0 and value is not False)
        }

    # ------------------------------------------------------------------
    # In
    # ------------------------------------------------------------------

    def _find_form_change(self, form, entry, language):
        """Whether an entry says something else than the form.

        :param form: spoc.form, perhaps empty
        """
        if not form:
            return True
        held = self._export_forms(form)[0]
        return self._get_plain_form(held, language) != self._get_plain_form(
            entry, language
        )

    def _get_plain_form(self, entry, language, model="spoc.form"):
        """An entry of a form or a part of it, so that two of them can be compared.

        Technical names are left out, so is what is as usual.
        """
        installed = set(self._get_languages())
        usual = self.env[model].default_get(list(self.env[model]._fields))
        plain = {}
        for key, value in entry.items():
            if key in ("ref", "code"):
                continue
            if key in PARTS:
                plain[key] = [
                    self._get_plain_form(part, language, PARTS[key])
                    for part in value or []
                ]
            elif key in TEXT_KEYS:
                plain[key] = {
                    lang: text.strip()
                    for lang, text in catalog_file.texts(value, language).items()
                    if lang in installed
                }
            elif value != usual.get(key):
                plain[key] = value
        return {key: value for key, value in plain.items() if value not in EMPTY}

    def _import_form(self, form, entry, ref, language):
        """Make or change a form as an entry says.

        :param form: spoc.form to change, empty to make one
        :return: spoc.form
        :raise ValidationError: the entry cannot be a form
        """
        vals, texts = self._get_vals(
            form, entry, {name: name for name in FORM_KEYS}, language
        )
        vals = {name: value for name, value in vals.items() if value}
        texts = {name: by_lang for name, by_lang in texts.items() if by_lang}
        if form:
            form.write(vals)
        else:
            first = self._get_first_texts(texts, language)
            form = form.create({**vals, **first, "origin_ref": ref})
        self._write_texts(form, texts, language)
        context = {"language": language, "questions": {}, "conditions": []}
        self._clear_conditions(form)
        kept = self._import_questions(form, entry.get("questions") or [], None, context)
        held = self.env["spoc.form.question"].search([("form_id", "=", form.id)])
        (held - kept).unlink()
        for governed, conditions in context["conditions"]:
            self._import_conditions(governed, conditions, context)
        return form

    def _clear_conditions(self, form):
        """They name questions and answers, which may go: they are made anew."""
        self.env["spoc.form.condition"].search([("form_id", "=", form.id)]).unlink()

    def _import_questions(self, form, entries, parent, context):
        """Questions of a form or of a table in it.

        :param dict context: ``questions`` by technical name and ``conditions`` to make
            are added to it
        :return: spoc.form.question
        """
        Question = self.env["spoc.form.question"]
        held = (parent.child_ids if parent else form.question_ids) if form else Question
        by_code = {question.code: question for question in held}
        kept = Question
        for number, entry in enumerate(entries):
            question = self._import_question(
                form, entry, by_code.get(entry.get("code")), parent, number, context
            )
            kept |= question
            kept |= self._import_questions(
                form, entry.get("questions") or [], question, context
            )
        return kept

    def _import_question(self, form, entry, question, parent, number, context):
        language = context["language"]
        Question = self.env["spoc.form.question"]
        keys = {name: name for name in QUESTION_KEYS if name in entry}
        vals, texts = self._get_vals(Question, entry, keys, language)
        self._check_selections(Question, vals)
        if not texts.get("label"):
            raise ValidationError(self.env._("A question has no words."))
        vals = {
            name: value
            for name, value in vals.items()
            if value is not False or not Question._fields[name].required
        }
        vals["sequence"] = number
        vals["currency_id"] = self._get_currency(entry.get("currency")).id
        vals["option_ids"] = self._get_option_commands(
            question or Question, entry.get("options") or [], language
        )
        first = self._get_first_texts(texts, language)
        if question:
            question.write({**vals, **self._get_reset(Question, entry)})
        else:
            question = Question.create(
                {
                    **vals,
                    **first,
                    "form_id": form.id,
                    "parent_id": parent.id if parent else False,
                }
            )
        self._write_texts(question, texts, language)
        self._write_options(question, entry.get("options") or [], context)
        context["questions"][question.code] = question
        if entry.get("code"):
            context["questions"][entry["code"]] = question
        context["conditions"].append((question, entry.get("conditions") or []))
        return question

    @api.model
    def _get_reset(self, Question, entry):
        """What a question has and its entry does not tell: back to the usual."""
        gone = [
            name
            for name in QUESTION_KEYS
            if name in Question._fields and name not in entry and name != "code"
        ]
        usual = Question.default_get(gone)
        return {name: usual.get(name, False) for name in gone}

    def _check_selections(self, model, vals):
        """Words for what the ORM would refuse with a wrong value."""
        for name, value in vals.items():
            field = model._fields[name]
            if field.type != "selection" or not value:
                continue
            if value not in field.get_values(self.env):
                raise ValidationError(
                    self.env._(
                        "“%(value)s” is no %(field)s.",
                        value=value,
                        field=field._description_string(self.env),
                    )
                )

    def _get_currency(self, name):
        currency = self.env["res.currency"]
        if not name:
            return currency
        found = currency.search([("name", "=", name)], limit=1)
        if not found:
            raise ValidationError(
                self.env._("The currency %(currency)s is not in use.", currency=name)
            )
        return found

    def _get_option_commands(self, question, entries, language):
        """Commands that make the answers of a question those of an entry."""
        held = {self._get_option_code(option): option for option in question.option_ids}
        commands, kept = [], set()
        for number, entry in enumerate(entries):
            vals, texts = self._get_vals(
                self.env["spoc.form.option"],
                entry,
                {name: name for name in OPTION_KEYS if name in entry},
                language,
            )
            self._check_selections(self.env["spoc.form.option"], vals)
            first = self._get_first_texts(texts, language)
            if not first.get("label"):
                raise ValidationError(self.env._("An answer to choose has no words."))
            vals["sequence"] = number
            option = held.get(entry.get("code") or first["label"])
            if option and option.id not in kept:
                kept.add(option.id)
                commands.append(Command.update(option.id, vals))
            else:
                commands.append(Command.create({**vals, **first}))
        gone = [option for option in question.option_ids if option.id not in kept]
        return [*(Command.delete(option.id) for option in gone), *commands]

    def _write_options(self, question, entries, context):
        """Texts of the answers, which stand in the order of the entries."""
        options = question.option_ids.sorted("sequence")
        for option, entry in zip(options, entries, strict=True):
            _vals, texts = self._get_vals(
                option, entry, {"label": "label"}, context["language"]
            )
            self._write_texts(option, texts, context["language"])
            context["conditions"].append((option, entry.get("conditions") or []))

    def _import_conditions(self, governed, entries, context):
        """Conditions of a question or an answer, all questions being there."""
        is_option = governed._name == "spoc.form.option"
        owner = "option_id" if is_option else "question_id"
        Condition = self.env["spoc.form.condition"]
        for number, entry in enumerate(entries):
            vals, _texts = self._get_vals(
                Condition, entry, {name: name for name in CONDITION_KEYS}, "en_US"
            )
            self._check_selections(Condition, vals)
            vals = {name: value for name, value in vals.items() if value}
            source = self._get_source(entry, context)
            answers = set(entry.get("answers") or [])
            option_ids = [
                option.id
                for option in source.option_ids
                if self._get_option_code(option) in answers
            ]
            Condition.create(
                {
                    **vals,
                    owner: governed.id,
                    "sequence": number,
                    "source_id": source.id,
                    "value_option_ids": [Command.set(option_ids)],
                    "value_ref": self._get_target(entry.get("record")),
                }
            )

    def _get_source(self, entry, context):
        """The question a condition looks at, empty when it looks at the person."""
        code = entry.get("source")
        if not code:
            return self.env["spoc.form.question"]
        if code not in context["questions"]:
            raise ValidationError(
                self.env._(
                    "A condition looks at “%(code)s”, which is no question of the "
                    "form.",
                    code=code,
                )
            )
        return context["questions"][code]

    def _get_target(self, text):
        """The record a condition compares with, as a reference field has it."""
        if not text:
            return False
        model, _colon, name = str(text).partition(": ")
        allowed = (
            self.env["spoc.form.condition"]._fields["value_ref"].get_values(self.env)
        )
        if model not in allowed:
            raise ValidationError(
                self.env._("“%(text)s” cannot be compared with.", text=text)
            )
        Model = self.env[model].with_context(lang="en_US")
        found = Model.search([("display_name", "=", name)], limit=2)
        if len(found) != 1:
            raise UserError(
                self.env._("There is not one record named “%(text)s”.", text=text)
            )
        return f"{model},{found.id}"
