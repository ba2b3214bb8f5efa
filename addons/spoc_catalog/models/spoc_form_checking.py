"""What has to be put right before a form may be asked of anybody."""

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from .. import form_check
from .spoc_form_condition import PERSON_FIELDS


class SpocForm(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form"

    def _spoc_check(self, hints=False):
        """Faults that would make the form unfair to whoever fills it in.

        :param bool hints: also what is only worth a look
        :return: list of ``(spoc.form.question, message)`` in the order of the form;
            the question may be empty for a fault of the form as a whole
        """
        self.ensure_one()
        findings = form_check.check(self._compile_for_check(), list(PERSON_FIELDS))
        known = set(self._get_all_questions().ids)
        questions = self.env["spoc.form.question"]
        found = [
            (
                questions.browse(question_id if question_id in known else ()),
                self._get_finding_message(code, params),
            )
            for code, question_id, params in findings
            if hints or code not in form_check.HINTS
        ]
        return found + self._check_translations()

    def _compile_for_check(self):
        """The form without what the directory says about the editor."""
        compiled = self._spoc_compile()
        prefilled = set(self._get_all_questions().filtered("prefill").ids)
        for question in compiled["questions"]:
            for part in (question, *question.get("questions", ())):
                if part["id"] in prefilled:
                    part.pop("default", None)
        return compiled

    def action_check(self):
        """Show the faults, each leading to its question."""
        self.ensure_one()
        check = self.env["spoc.form.check"].create(
            {
                "form_id": self.id,
                "line_ids": [
                    Command.create({"question_id": question.id, "message": message})
                    for question, message in self._spoc_check(hints=True)
                ],
                "is_fine": not self._spoc_check(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of the form"),
            "res_model": "spoc.form.check",
            "res_id": check.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------------
    # Translations
    # ------------------------------------------------------------------

    def _check_translations(self):
        """Questions and answers that lack the words of an active language."""
        languages = dict(self.env["res.lang"].get_installed())
        # What is written in any language stands for English until it is translated.
        languages.pop("en_US", None)
        missing = self._get_untranslated(list(languages)) if languages else {}
        return [
            (
                question,
                self.env._(
                    "Not translated into %(languages)s.",
                    languages=", ".join(
                        name
                        for code, name in languages.items()
                        if code in missing[question.id]
                    ),
                ),
            )
            for question in self._get_all_questions()
            if question.id in missing
        ]

    def _get_untranslated(self, codes):
        """Question id -> languages in which it, or one of its answers, has no words."""
        self.env["spoc.form.question"].flush_model()
        self.env["spoc.form.option"].flush_model()
        # SQL: which languages a text has can be read of one record at a time only;
        # this is one query for all questions and answers together.
        rows = self.env.execute_query(
            SQL(
                """
                WITH words AS (
                    SELECT id AS question_id, label AS text FROM spoc_form_question
                     WHERE form_id = %(form)s
                    UNION ALL
                    SELECT id, help FROM spoc_form_question
                     WHERE form_id = %(form)s AND help IS NOT NULL
                    UNION ALL
                    SELECT id, pattern_message FROM spoc_form_question
                     WHERE form_id = %(form)s AND pattern_message IS NOT NULL
                    UNION ALL
                    SELECT o.question_id, o.label FROM spoc_form_option o
                      JOIN spoc_form_question q ON q.id = o.question_id
                     WHERE q.form_id = %(form)s
                )
                SELECT question_id, array_agg(DISTINCT lang)
                  FROM words, unnest(%(codes)s::text[]) AS lang
                 WHERE NOT jsonb_exists(text, lang)
                 GROUP BY question_id
                """,
                form=self.id,
                codes=codes,
            )
        )
        return dict(rows)

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.model
    def _get_finding_message(self, code, params):
        """Message for a finding of ``form_check``."""
        messages = {
            **self._get_part_messages(params),
            **self._get_limit_messages(params),
            **self._get_condition_messages(params),
        }
        message = messages.get(code)
        return message() if message else self.env._("Something is wrong here.")

    def _get_part_messages(self, params):
        return {
            "unknown_type": lambda: self.env._("This kind of question is unknown."),
            "no_label": lambda: self.env._("The question has no words."),
            "duplicate_question": lambda: self.env._("The question is there twice."),
            "duplicate_label": lambda: self.env._(
                "Another question is asked in the same words."
            ),
            "duplicate_option": lambda: self.env._(
                "The answer “%(label)s” is offered twice.", **params
            ),
            "no_options": lambda: self.env._("There is nothing to choose from."),
            "too_few_options": lambda: self.env._(
                "%(limit)s answers have to be chosen, but there are only %(count)s.",
                **params,
            ),
            "no_sub_questions": lambda: self.env._("The table asks nothing."),
            "bad_sub_question": lambda: self.env._(
                "This kind of question does not fit into a table."
            ),
            "empty_step": lambda: self.env._("There is nothing in this step."),
        }

    def _get_limit_messages(self, params):
        return {
            "min_above_max": lambda: self.env._(
                "Nothing can be answered: the lower limit is above the upper one."
            ),
            "bad_limit": lambda: self.env._(
                "A limit is no number or day: %(value)s", **params
            ),
            "bad_pattern": lambda: self.env._(
                "The pattern cannot be used: it is wrong, too long, or uses signs that "
                "browsers do not know."
            ),
            "bad_extension": lambda: self.env._(
                "Files with the ending %(extension)s are never accepted.", **params
            ),
            "bad_default": lambda: self.env._(
                "What it is filled in with would be refused: %(error)s",
                error=self._get_error_message(
                    params["error"], params.get("params") or {}
                ),
            ),
        }

    def _get_condition_messages(self, params):
        return {
            "bad_condition": lambda: self.env._("A condition cannot be understood."),
            "missing_question": lambda: self.env._(
                "A condition looks at a question that is not in the form."
            ),
            "foreign_question": lambda: self.env._(
                "A condition looks at “%(source_label)s” in a table, from outside of "
                "it.",
                **params,
            ),
            "silent_question": lambda: self.env._(
                "A condition looks at “%(source_label)s”, which takes no answer.",
                **params,
            ),
            "later_question": lambda: self.env._(
                "Hint: a condition looks at “%(source_label)s”, which comes later.",
                **params,
            ),
            "bad_operator": lambda: self.env._(
                "“%(source_label)s” cannot be compared this way.", **params
            ),
            "no_value": lambda: self.env._(
                "A condition does not say what an answer is compared with."
            ),
            "impossible_value": lambda: self.env._(
                "“%(source_label)s” can never be answered as a condition says.",
                **params,
            ),
            "unknown_person": lambda: self.env._(
                "A condition looks at something the directory does not know."
            ),
            "loop": lambda: self.env._(
                "Its conditions go round in a circle: each waits for the other."
            ),
            "unreachable": lambda: self.env._(
                "It is never asked: its conditions cannot all be true."
            ),
            "required_hidden": lambda: self.env._(
                "It must be answered, but is never asked."
            ),
            "never_required": lambda: self.env._(
                "What makes it required can never happen."
            ),
            "unreachable_option": lambda: self.env._(
                "The answer “%(label)s” is never offered.", **params
            ),
        }
