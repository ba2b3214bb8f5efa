"""Priority from impact and urgency."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..norms import priority_of
from .spoc_target_policy import PRIORITIES

LEVEL_LABELS = [("low", "Low"), ("normal", "Normal"), ("high", "High")]


class SpocPriorityMatrix(models.Model):
    """One field of the matrix: what an impact and an urgency make together.

    A company may have fields of its own, which go before the general ones. What no
    field says, ``norms.MATRIX`` does.
    """

    _name = "spoc.priority.matrix"
    _description = "Priority matrix"
    _order = "company_id, sequence, id"

    sequence = fields.Integer(default=10)
    impact = fields.Selection(
        LEVEL_LABELS,
        required=True,
        default="normal",
        help="How many people it concerns: one, several, a whole site or all.",
    )
    urgency = fields.Selection(
        LEVEL_LABELS,
        required=True,
        default="normal",
        help="How long it can wait: it can, it disturbs work, or work stands still.",
    )
    priority = fields.Selection(PRIORITIES, required=True, default="1")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: holds for all companies."
    )

    _field_unique = models.UniqueIndex(
        "(impact, urgency, COALESCE(company_id, 0))",
        "The matrix has one priority for an impact and an urgency.",
    )

    @api.model
    def _spoc_matrix(self, company=None):
        """The matrix that holds in a company.

        :param company: ``res.company``, the current one when empty
        :return: ``{(impact, urgency): priority}``, as ``norms.priority_of`` takes it
        """
        company = company or self.env.company
        # sudo: everyone is judged by the matrix, few may look at it.
        lines = self.sudo().search(Domain("company_id", "in", [False, company.id]))
        return {
            (line.impact, line.urgency): line.priority
            for line in lines.sorted(lambda line: bool(line.company_id))
        }

    @api.model
    def _spoc_priority(self, impact, urgency, company=None):
        """Priority of something with this impact and urgency, ``'0'`` to ``'3'``."""
        return priority_of(impact, urgency, self._spoc_matrix(company))

    @api.depends("impact", "urgency", "priority")
    @api.depends_context("lang")
    def _compute_display_name(self):
        levels = dict(self._fields["impact"]._description_selection(self.env))
        names = dict(self._fields["priority"]._description_selection(self.env))
        for line in self:
            line.display_name = self.env._(
                "%(impact)s impact, %(urgency)s urgency: %(priority)s",
                impact=levels.get(line.impact, ""),
                urgency=levels.get(line.urgency, ""),
                priority=names.get(line.priority, ""),
            )
