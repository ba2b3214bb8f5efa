"""Answers to the questions of a service's form, as they were asked."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.spoc_catalog.models.spoc_form_question import QUESTION_TYPES


class SpocAnswer(models.Model):
    """One answer. The question's text is kept: forms change, what was asked stays."""

    _name = "spoc.answer"
    _description = "Answer on a request form"
    _order = "sequence, id"
    _rec_name = "question_text"

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    question_id = fields.Many2one(
        "spoc.form.question",
        "Question of the Form",
        index="btree_not_null",
        ondelete="set null",
    )
    question_text = fields.Char("Question", required=True)
    form_version = fields.Integer()
    type = fields.Selection(QUESTION_TYPES, required=True)
    value_text = fields.Text(
        "Answer", help="As the requester reads it, rows one a line."
    )
    value_json = fields.Json(
        "Answer as Data",
        export_string_translation=False,
        help="The clean value of the form's judge: what rules and exchanges compare.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "spoc_answer_attachment_rel",
        "answer_id",
        "attachment_id",
        string="Files",
        bypass_search_access=True,
    )

    def write(self, vals):
        # An answer is a word of the requester: it stays as it was given. Only the
        # question may vanish behind it.
        if vals.keys() - {"question_id"}:
            raise UserError(self.env._("Answers stay as they were given."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        raise UserError(self.env._("Answers stay as they were given."))
