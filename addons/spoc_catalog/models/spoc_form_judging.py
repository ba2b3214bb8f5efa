"""Judging answers, and wording what is wrong and what was answered."""

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from .. import form_rules
from .spoc_form_question import CHOICES


class SpocForm(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form"

    def _spoc_judge(self, answers, compiled=None):
        """Check answers and word the faults in the user's language.

        :param dict answers: question id -> raw value, see ``form_rules``
        :param dict compiled: the form, when the caller has compiled it already
        :return: ``(clean, errors)``: question id -> clean value, and
            question id -> message; for a fault in a table the key is
            ``"<question>:<row>:<sub-question>"``
        """
        compiled = compiled or self._spoc_compile()
        labels = self._spoc_labels(compiled, answers)
        verdict = form_rules.judge(
            compiled,
            answers,
            person=compiled.get("person"),
            allowed={question_id: set(names) for question_id, names in labels.items()},
        )
        errors = {
            key: self._get_error_message(code, params)
            for key, (code, params) in verdict.errors.items()
        }
        return verdict.values, errors

    # ------------------------------------------------------------------
    # What is wrong
    # ------------------------------------------------------------------

    @api.model
    def _get_error_message(self, code, params):
        """Message for an error code of ``form_rules``."""
        params = {**params, **self._get_limit_words(params)}
        messages = {
            **self._get_text_messages(params),
            **self._get_number_messages(params),
            **self._get_choice_messages(params),
            **self._get_file_messages(params),
        }
        message = messages.get(code)
        return message() if message else self.env._("This answer does not fit.")

    @api.model
    def _get_limit_words(self, params):
        """Days among the parameters as the reader writes them."""
        return {
            name: self._get_day_words(params[name])
            for name in ("limit", "from", "to")
            if isinstance(params.get(name), str) and params[name][4:5] == "-"
        }

    def _get_text_messages(self, params):
        return {
            "required": lambda: self.env._("Please answer this question."),
            "not_text": lambda: self.env._("Please write your answer as text."),
            "too_long": lambda: self.env._(
                "Please shorten this to %(limit)s characters, it has %(length)s.",
                **params,
            ),
            "too_short": lambda: self.env._(
                "Please write at least %(limit)s characters.", **params
            ),
            "pattern": lambda: (
                params.get("message")
                or self.env._("This does not have the form that is needed here.")
            ),
            "not_email": lambda: self.env._(
                "This is no e-mail address, which looks like name@company.com."
            ),
            "not_phone": lambda: self.env._(
                "This is no phone number. Please use digits, with + for the country."
            ),
            "not_url": lambda: self.env._(
                "This is no web address, which looks like https://company.com."
            ),
        }

    def _get_number_messages(self, params):
        return {
            "not_number": lambda: self.env._("Please write a number."),
            "not_integer": lambda: self.env._("Please write a whole number."),
            "too_many_digits": lambda: self.env._("This number is too long."),
            "too_many_decimals": lambda: self.env._(
                "Please write no more than %(limit)s decimals.", **params
            ),
            "too_small": lambda: self.env._("At least %(limit)s, please.", **params),
            "too_big": lambda: self.env._("At most %(limit)s, please.", **params),
            "not_boolean": lambda: self.env._("Please choose yes or no."),
            "not_date": lambda: self.env._("This is no day of the calendar."),
            "not_datetime": lambda: self.env._("Please give a day and a time."),
            "too_early": lambda: self.env._("Not before %(limit)s, please.", **params),
            "too_late": lambda: self.env._("Not after %(limit)s, please.", **params),
            "range_incomplete": lambda: self.env._(
                "Please give both the first and the last day."
            ),
            "range_reversed": lambda: self.env._(
                "The last day comes before the first one."
            ),
        }

    def _get_choice_messages(self, params):
        return {
            "unknown_option": lambda: self.env._(
                "Please choose one of the answers offered."
            ),
            "not_offered": lambda: self.env._(
                "“%(label)s” is not offered with your other answers.", **params
            ),
            "too_few_choices": lambda: self.env._(
                "Please choose at least %(limit)s.", **params
            ),
            "too_many_choices": lambda: self.env._(
                "Please choose no more than %(limit)s.", **params
            ),
            "unknown_record": lambda: self.env._(
                "Please choose one from the list that opens while you type."
            ),
            "too_few_rows": lambda: self.env._(
                "Please fill in at least %(limit)s rows.", **params
            ),
            "too_many_rows": lambda: self.env._(
                "Please fill in no more than %(limit)s rows.", **params
            ),
            "not_rows": lambda: self.env._("Please fill in the rows."),
        }

    def _get_file_messages(self, params):
        return {
            "too_many_files": lambda: self.env._(
                "Please attach no more than %(limit)s files, there are %(count)s.",
                **params,
            ),
            "file_too_big": lambda: self.env._(
                "%(name)s is too big, a file may have up to %(limit)g MB.", **params
            ),
            "file_empty": lambda: self.env._("%(name)s is empty.", **params),
            "file_name": lambda: self.env._(
                "This file needs a proper name: %(name)s", **params
            ),
            "file_type": lambda: self.env._(
                "Files like %(name)s are not accepted, because they can carry harmful "
                "programs.",
                **params,
            ),
            "file_extension": lambda: self.env._(
                "%(name)s is of another kind than asked for: %(extensions)s.", **params
            ),
        }

    # ------------------------------------------------------------------
    # What was answered
    # ------------------------------------------------------------------

    def _spoc_word_answers(self, compiled, values):
        """Clean answers as a person reads them, in the user's language.

        :param dict compiled: the form
        :param dict values: question id -> clean value, of :meth:`_spoc_judge`
        :return: question id -> text
        """
        labels = self._spoc_labels(compiled, values)
        return {
            question["id"]: self._word_answer(question, values[question["id"]], labels)
            for question in compiled["questions"]
            if question["id"] in values
        }

    @api.model
    def _word_answer(self, question, value, labels):
        kind = question["type"]
        if kind in CHOICES:
            return self._word_choice(question, value)
        if kind in form_rules.RECORD_TYPES:
            return labels.get(question["id"], {}).get(value, "")
        if kind == "rows":
            return self._word_rows(question, value, labels)
        if kind == "file":
            return ", ".join(item["name"] for item in value)
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if kind in ("date", "datetime"):
            return self._get_day_words(value)
        if kind == "date_range":
            return self.env._(
                "%(first)s to %(last)s",
                first=self._get_day_words(value["from"]),
                last=self._get_day_words(value["to"]),
            )
        if kind in ("integer", "decimal", "money"):
            return self._word_number(question, value)
        return value

    @api.model
    def _word_choice(self, question, value):
        labels = {option["id"]: option["label"] for option in question["options"]}
        ids = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(option_id, "") for option_id in ids)

    @api.model
    def _word_rows(self, question, rows, labels):
        """One line a row: ``1. Item: Chair; Number: 2``."""
        lines = []
        for number, row in enumerate(rows, 1):
            cells = [
                f"{self._get_lead(child['label'])} "
                f"{self._word_answer(child, row[child['id']], labels)}"
                for child in question["questions"]
                if child["id"] in row
            ]
            lines.append(f"{number}. {'; '.join(cells)}")
        return "\n".join(lines)

    @api.model
    def _get_lead(self, label):
        """A question as it stands before its answer on one line."""
        return label if label.endswith(("?", ":", "!", ".")) else f"{label}:"

    @api.model
    def _word_number(self, question, value):
        """The number with the signs of the reader's language, no digit lost."""
        digits = len(str(value).partition(".")[2])
        if question["type"] == "money":
            digits = max(digits, question.get("digits", 2))
        text = formatLang(self.env, float(value), digits=digits)
        return f"{text} {question['currency']}" if question.get("currency") else text

    @api.model
    def _get_day_words(self, value):
        """An ISO day or moment as the reader writes it."""
        day, _t, time = value.partition("T")
        words = format_date(self.env, day)
        return f"{words} {time}" if time else words
