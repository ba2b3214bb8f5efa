"""What a service, or a category of services, asks of those who own its tickets."""

from odoo import api, fields, models, tools
from odoo.fields import Domain


class SpocSkillNeed(models.Model):
    """One skill, and how much of it. Services without any take their category's."""

    _name = "spoc.skill.need"
    _inherit = ["spoc.kept.mixin"]
    _description = "Needed skill"
    _order = "service_id, category_id, skill_id"
    _rec_name = "skill_id"

    service_id = fields.Many2one(
        "spoc.service", index="btree_not_null", ondelete="cascade"
    )
    category_id = fields.Many2one(
        "spoc.category", index="btree_not_null", ondelete="cascade"
    )
    skill_id = fields.Many2one(
        "hr.skill", required=True, index=True, ondelete="restrict"
    )
    skill_type_id = fields.Many2one(
        related="skill_id.skill_type_id", export_string_translation=False
    )
    level_id = fields.Many2one(
        "hr.skill.level",
        "At least",
        domain="[('skill_type_id', '=', skill_type_id)]",
        compute="_compute_level_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        help="Whoever has less of the skill cannot own it. Empty: any level will do.",
    )
    minimum = fields.Integer(
        related="level_id.level_progress", string="Level of 100", store=True
    )

    _one_thing = models.Constraint(
        "CHECK (num_nonnulls(service_id, category_id) = 1)",
        "A skill is needed by a service or by a category.",
    )
    _service_uniq = models.UniqueIndex(
        "(service_id, skill_id) WHERE service_id IS NOT NULL",
        "A service asks for a skill once.",
    )
    _category_uniq = models.UniqueIndex(
        "(category_id, skill_id) WHERE category_id IS NOT NULL",
        "A category asks for a skill once.",
    )

    @api.depends("skill_id")
    def _compute_level_id(self):
        """A level of another type of skills goes."""
        for need in self:
            if need.level_id.skill_type_id != need.skill_id.skill_type_id:
                need.level_id = False
            else:
                need.level_id = need.level_id

    @api.model
    def _spoc_of(self, service_id, category_id):
        """What a ticket asks of its owner.

        :param service_id: its service, if any
        :param category_id: its category, if any
        :return: tuple of pairs ``(skill id, minimum level of 100)``
        """
        kept = self._get_kept()
        return kept["service"].get(service_id) or kept["category"].get(category_id, ())

    @api.model
    @tools.ormcache()
    def _get_kept(self):
        """All needs, those of categories handed down to the categories below.

        :return: ``{"service": {id: needs}, "category": {id: needs}}``
        """
        own = {"service": {}, "category": {}}
        # sudo: what is asked for is judged by the suite, whoever asks
        for need in self.sudo().search(Domain.TRUE, order="skill_id"):
            kind = "service" if need.service_id else "category"
            target = need.service_id or need.category_id
            pair = (need.skill_id.id, need.minimum)
            mine = own[kind].setdefault(target.id, ())
            own[kind][target.id] = (*mine, pair)
        return {"service": own["service"], "category": self._handed_down(own)}

    @api.model
    def _handed_down(self, own):
        if not own["category"]:
            return {}
        # sudo: needs come down from categories the user may not read
        Category = self.env["spoc.category"].sudo().with_context(active_test=False)
        needs = {}
        for category in Category.search([("id", "child_of", list(own["category"]))]):
            line = [int(part) for part in category.parent_path.split("/") if part]
            nearest = next(id_ for id_ in reversed(line) if id_ in own["category"])
            needs[category.id] = own["category"][nearest]
        return needs


class HrSkillLevel(models.Model):
    """A level that is worth more or less: what asks for it does, too."""

    _name = "hr.skill.level"
    _inherit = ["hr.skill.level", "spoc.kept.mixin"]
