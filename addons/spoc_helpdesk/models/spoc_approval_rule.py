"""What an approval rule asks of those who decide: how soon, and who else may."""

from odoo import api, fields, models

HOUR = 3600


class SpocApprovalRule(models.Model):
    _inherit = "spoc.approval.rule"

    remind_hours = fields.Float(
        "Reminded after",
        default=8,
        help="Working hours of the desk after which whoever has not answered gets "
        "exactly one reminder. 0: none.",
    )
    answer_hours = fields.Float(
        "Answer expected within",
        default=24,
        help="Working hours of the desk. 0: there is no hurry.",
    )
    if_late = fields.Selection(
        [
            ("above", "The next one above is asked instead"),
            ("tell", "They are waited for, and the desk is told"),
            ("refuse", "It is taken for a no"),
        ],
        string="If there is no answer",
        required=True,
        default="above",
    )
    if_absent = fields.Selection(
        [
            ("deputy", "Their deputy decides, or else their manager"),
            ("wait", "They are waited for"),
        ],
        string="If somebody is on leave",
        required=True,
        default="deputy",
        help="Everybody names a deputy in their own preferences.",
    )
    may_delegate = fields.Boolean(
        "May be handed on",
        default=True,
        help="Whoever is asked may let a colleague decide, and says why.",
    )

    _hours_positive = models.Constraint(
        "CHECK (COALESCE(remind_hours, 0) >= 0 AND COALESCE(answer_hours, 0) >= 0)",
        "Hours cannot be negative.",
    )

    def _spoc_terms(self):
        """Copy of what holds for the approvals of a request asked for now.

        :return: dictionary: ``remind`` and ``answer``, working seconds or 0;
            ``late`` and ``absent``, the choices above; ``delegate``, a boolean
        """
        self.ensure_one()
        # sudo: rules are for editors; what they ask of people is carried out
        rule = self.sudo()
        return {
            "remind": int(rule.remind_hours * HOUR),
            "answer": int(rule.answer_hours * HOUR),
            "late": rule.if_late,
            "absent": rule.if_absent,
            "delegate": rule.may_delegate,
        }

    @api.model
    def _spoc_stand_ins(self, users):
        """Who decides for those who are away now.

        Not when a request is made: who is away is judged when their turn comes.
        """
        found = super()._spoc_stand_ins(users)
        # sudo: as in _spoc_terms
        if self.env.context.get("spoc_plan") or self.sudo().if_absent == "wait":
            return found
        return {**found, **users._spoc_stand_ins()}
