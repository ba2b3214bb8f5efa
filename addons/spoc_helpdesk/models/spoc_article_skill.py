"""Whom to turn to: whoever has a skill and works now."""

from odoo import api, fields, models
from odoo.fields import Domain

# Of those who have the skill, the best are looked up in their calendars.
LOOKED_UP = 20


class SpocArticle(models.Model):
    """An escalation article may lead to a skill: it outlives people and desks."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    escalation_skill_id = fields.Many2one(
        "hr.skill",
        "Skill to turn to",
        index="btree_not_null",
        ondelete="restrict",
        help="Whoever has the skill and is on duty at that moment.",
    )

    @api.model
    def _spoc_targets(self):
        return [*super()._spoc_targets(), "escalation_skill_id"]

    # ---- Who has it ----

    @api.model
    def _spoc_skilled_domain(self):
        """hr.employee.skill records that count today."""
        today = fields.Date.context_today(self)
        return (
            Domain("employee_id.active", "=", True)
            & Domain("valid_from", "<=", today)
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", today))
        )

    @api.model
    def _spoc_skill_holders(self, skill):
        """Employees who have a skill today, the best first.

        :param skill: hr.skill record
        :rtype: hr.employee in sudo
        """
        # sudo: who has the skill is what the article tells its readers
        held = self.env["hr.employee.skill"].sudo()
        found = held.search(
            Domain("skill_id", "=", skill.id) & self._spoc_skilled_domain()
        )
        return found.sorted(lambda line: (-line.level_progress, line.id)).employee_id

    def _spoc_turn_to(self):
        entries = super()._spoc_turn_to()
        # sudo: the skill an article leads to is told to its readers
        if skill := self.sudo().escalation_skill_id:
            holders = self._spoc_skill_holders(skill)[:LOOKED_UP]
            on_duty = holders.filtered(
                lambda person: self._get_people_opening(person)["open"]
            )
            entries.append(self._get_people_entry("skill", skill, on_duty or holders))
        return entries

    # ---- Dead targets ----

    def _spoc_escalation_faults(self):
        faults = super()._spoc_escalation_faults()
        skill = self.escalation_skill_id
        if skill and not self._spoc_skill_holders(skill):
            faults.append(self.env._("Nobody has the skill “%s”.", skill.name))
        return faults

    @api.model
    def _spoc_dead_domain(self):
        # sudo: skills of people one may not read; only whether anybody has one is told
        groups = (
            self.env["hr.employee.skill"]
            .sudo()
            ._read_group(self._spoc_skilled_domain(), ["skill_id"])
        )
        held = [skill.id for (skill,) in groups]
        return super()._spoc_dead_domain() | (
            Domain("escalation_skill_id", "!=", False)
            & Domain("escalation_skill_id", "not in", held)
        )


class SpocArticleExchange(models.AbstractModel):
    """In files a skill is called by its name."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article.exchange"

    @api.model
    def _spoc_named(self):
        return {**super()._spoc_named(), "escalation_skill": "escalation_skill_id"}
