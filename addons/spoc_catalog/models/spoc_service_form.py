"""Services are published with a form that can be answered."""

from odoo import models
from odoo.fields import Domain

from ..audience_rules import takes_customers
from .spoc_form_lookup import READ_MODELS


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    def _spoc_publish_faults(self):
        """A form that cannot be answered forbids to publish."""
        faults = super()._spoc_publish_faults()
        for form in self.form_id:
            faults += [
                self.env._(
                    "Form “%(form)s”, question “%(question)s”: %(fault)s",
                    form=form.name,
                    question=question.label,
                    fault=message,
                )
                if question
                else self.env._(
                    "Form “%(form)s”: %(fault)s", form=form.name, fault=message
                )
                for question, message in form._spoc_check()
            ]
        return faults

    def _spoc_publish_warnings(self):
        """Outside customers cannot answer what they may not look up."""
        warnings = super()._spoc_publish_warnings()
        if not self._spoc_takes_customers():
            return warnings
        return warnings + [
            self.env._(
                "Outside customers may ask for it and cannot answer “%(question)s”: "
                "they may not look up what is chosen there.",
                question=question.label,
            )
            for question in self._get_closed_questions()
        ]

    def _spoc_takes_customers(self):
        """Whether outside customers may ask for the service."""
        self.ensure_one()
        # sudo: all audiences of it decide, also those the user does not see.
        audiences = self.sudo().audience_ids
        return not audiences or any(
            takes_customers(audience._spoc_compile()) for audience in audiences
        )

    def _get_closed_questions(self):
        """Required questions over records no portal user may read."""
        # sudo: the form is read as it will be judged.
        questions = self.sudo().form_id.question_ids.filtered(
            lambda question: (
                question.required
                and question._spoc_get_model()
                # Asked of employees, say, it is not asked of outsiders.
                and not question.condition_ids.filtered("person_field")
            )
        )
        if not questions:
            return questions
        picked = {question: question._spoc_get_model() for question in questions}
        picked = {q: READ_MODELS.get(model, model) for q, model in picked.items()}
        # sudo: groups are only compared.
        portal = self.env.ref("base.group_portal").sudo().all_implied_ids
        # sudo: access rights are for administrators; they are only compared here
        rights = self.env["ir.model.access"].sudo()
        rights = rights.search(
            Domain("model_id.model", "in", list(set(picked.values())))
            & Domain("perm_read", "=", True)
            & Domain("group_id", "in", [False, *portal.ids])
        )
        readable = set(rights.model_id.mapped("model"))
        return questions.filtered(lambda question: picked[question] not in readable)
