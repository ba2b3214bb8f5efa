"""The list of what a form still lacks."""

from odoo import fields, models


class SpocFormCheck(models.TransientModel):
    """One look at a form, made when somebody asked for it."""

    _name = "spoc.form.check"
    _description = "Check of a request form"

    form_id = fields.Many2one("spoc.form", required=True, ondelete="cascade")
    line_ids = fields.One2many("spoc.form.check.line", "check_id", readonly=True)
    is_fine = fields.Boolean(
        string="Ready to publish",
        readonly=True,
        help="Nothing found stands against publishing.",
    )


class SpocFormCheckLine(models.TransientModel):
    """One fault, and where it is."""

    _name = "spoc.form.check.line"
    _description = "Fault of a request form"

    check_id = fields.Many2one("spoc.form.check", required=True, ondelete="cascade")
    question_id = fields.Many2one("spoc.form.question", ondelete="cascade")
    message = fields.Char(required=True)

    def action_open_question(self):
        """The question at fault, to put it right."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "spoc.form.question",
            "res_id": self.question_id.id,
            "view_mode": "form",
            "target": "current",
        }
