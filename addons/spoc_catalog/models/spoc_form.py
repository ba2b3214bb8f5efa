"""Request forms: what has to be known to deliver a service, asked once."""

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL


class SpocForm(models.Model):
    """A set of questions; several services may share one.

    ``version`` rises with each change of the questions, so that an answer can
    say to which wording it was given.
    """

    _name = "spoc.form"
    _inherit = ["spoc.kept.mixin"]
    _description = "Request form"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    active = fields.Boolean(default=True)
    question_ids = fields.One2many(
        "spoc.form.question",
        "form_id",
        string="Questions",
        domain=[("parent_id", "=", False)],
        copy=True,
    )
    question_count = fields.Integer(compute="_compute_question_count")
    service_ids = fields.One2many("spoc.service", "form_id", string="Services")
    service_count = fields.Integer(compute="_compute_service_count")
    ask_for = fields.Selection(
        [
            ("self", "Oneself only"),
            ("other", "Oneself or one other person"),
            ("several", "Oneself or several other people"),
        ],
        string="May be asked for",
        required=True,
        default="self",
        help="With several people, each gets a request of their own.",
    )
    ask_for_scope = fields.Selection(
        [
            ("reports", "People who report to the asker"),
            ("department", "The asker's department and those below it"),
            ("company", "Everyone in the asker's company"),
        ],
        string="For whom of the staff",
        required=True,
        default="company",
    )
    ask_for_limit = fields.Integer(
        string="Most people at once",
        default=10,
        help="How many people one request may be sent for.",
    )

    _ask_for_limit_sensible = models.Constraint(
        "CHECK (ask_for_limit BETWEEN 1 AND 100)",
        "A form may be sent for one to a hundred people at once.",
    )

    @api.depends("question_ids")
    def _compute_question_count(self):
        for form in self:
            form.question_count = len(form.question_ids)

    @api.depends("service_ids")
    def _compute_service_count(self):
        groups = self.env["spoc.service"]._read_group(
            [("form_id", "in", self.ids)], ["form_id"], ["__count"]
        )
        counts = {form.id: count for form, count in groups}
        for form in self:
            form.service_count = counts.get(form._origin.id, 0)

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"ask_for", "ask_for_scope", "ask_for_limit"}:
            self._spoc_touch()
        return result

    # ------------------------------------------------------------------
    # Copies
    # ------------------------------------------------------------------

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for form, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%(name)s (copy)", name=form.name)
        return vals_list

    def copy(self, default=None):
        copies = super().copy(default)
        for form, copy in zip(self, copies, strict=True):
            form._copy_conditions_to(copy)
        return copies

    def _copy_conditions_to(self, copy):
        """Make the conditions of the form on its copy, over the copy's questions.

        They name questions and answers of the form itself, so they cannot be copied
        before all of those have their copies.
        """
        questions, options = self._match_parts(copy)
        conditions = self.env["spoc.form.condition"].search(
            [("form_id", "=", self.id)], order="id"
        )
        self.env["spoc.form.condition"].create(
            [
                {
                    **vals,
                    "question_id": questions.get(condition.question_id.id),
                    "option_id": options.get(condition.option_id.id),
                    "source_id": questions.get(condition.source_id.id),
                    "value_option_ids": [
                        Command.set(
                            [
                                options[option.id]
                                for option in condition.value_option_ids
                            ]
                        )
                    ],
                }
                for condition, vals in zip(
                    conditions, conditions.copy_data(), strict=True
                )
            ]
        )

    def _match_parts(self, copy):
        """Which question and which option of ``copy`` comes from which of the form.

        :return: two dictionaries, id -> id
        """
        questions, options = {}, {}
        for old, new in zip(
            self._get_all_questions(), copy._get_all_questions(), strict=True
        ):
            questions[old.id] = new.id
            options.update(zip(old.option_ids.ids, new.option_ids.ids, strict=True))
        return questions, options

    def _get_all_questions(self):
        """Questions in order, each followed by its sub-questions."""
        questions = self.env["spoc.form.question"]
        for question in self.question_ids:
            questions |= question | question.child_ids
        return questions

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open_services(self):
        """Services that use the form."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("form_id", "=", self.id)]
        action["context"] = {"default_form_id": self.id}
        return action

    def action_preview(self):
        """The form as a person would fill it in, without sending it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/spoc/form/{self.id}/preview",
            "target": "new",
        }

    def _spoc_touch(self):
        """Note that the questions changed."""
        if self.ids:
            self.flush_recordset(["version"])
            # SQL: an increment, so that two editors never get the same number.
            self.env.execute_query(
                SQL(
                    "UPDATE spoc_form SET version = version + 1 WHERE id IN %s "
                    "RETURNING id",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["version"])
            self._spoc_forget()


class SpocFormPart(models.AbstractModel):
    """What questions and options have in common: their change changes the form."""

    _name = "spoc.form.part"
    _description = "Part of a request form"

    def _get_forms(self):
        """Forms the records belong to."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._get_forms()._spoc_touch()
        return records

    def write(self, vals):
        forms = self._get_forms()
        result = super().write(vals)
        (forms | self._get_forms())._spoc_touch()
        return result

    def unlink(self):
        forms = self._get_forms()
        result = super().unlink()
        forms.exists()._spoc_touch()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        result = super().update_field_translations(
            field_name, translations, source_lang=source_lang
        )
        self._get_forms()._spoc_touch()
        return result
