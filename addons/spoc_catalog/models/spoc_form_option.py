"""Answers to choose from."""

from odoo import fields, models


class SpocFormOption(models.Model):
    """An answer to choose; with conditions of its own it is offered only at times."""

    _name = "spoc.form.option"
    _inherit = ["spoc.form.part"]
    _description = "Answer to choose"
    _rec_name = "label"
    _order = "question_id, sequence, id"

    question_id = fields.Many2one(
        "spoc.form.question", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    label = fields.Char(string="Answer", required=True, translate=True)
    code = fields.Char(
        string="Technical name",
        help="Stays when the wording changes; for exchanges and approval rules.",
    )
    show_match = fields.Selection(
        [("all", "All of these are true"), ("any", "Any of these is true")],
        string="Offered when",
        required=True,
        default="all",
    )
    condition_ids = fields.One2many(
        "spoc.form.condition",
        "option_id",
        string="Offered only when",
        help="Without conditions it is always offered.",
    )

    def _get_forms(self):
        return self.question_id.form_id

    def _spoc_compile(self, parts):
        """The option as plain data, see ``form_rules``.

        :param dict parts: of the whole form, see ``spoc.form._gather_parts``
        """
        self.ensure_one()
        compiled = {"id": self.id, "label": self.label or ""}
        conditions = parts["conditions"].get(self)
        if conditions:
            compiled["show_if"] = conditions._spoc_compile(self.show_match)
            compiled["note"] = conditions._spoc_words(self.show_match)
        return compiled
