"""Whether anybody can take the tickets of a service at all."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import groupby

from .. import routing

GROUPS = "spoc_catalog.group_agent,spoc_catalog.group_catalog_editor"


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    nobody_can_take = fields.Boolean(
        "Nobody can take it",
        compute="_compute_pool",
        search="_search_nobody_can_take",
        groups=GROUPS,
        help="The desk gives out its work, and none of its members has the skills.",
    )
    pool_words = fields.Char("What is missing", compute="_compute_pool", groups=GROUPS)

    @api.depends("desk_id", "category_id", "skill_need_ids", "desk_id.member_ids")
    @api.depends_context("lang")
    def _compute_pool(self):
        without = self._spoc_without_pool()
        for service in self:
            missing = without.get(service._origin.id or service.id)
            service.nobody_can_take = missing is not None
            service.pool_words = missing and service._get_pool_words(missing)

    @api.model
    def _search_nobody_can_take(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: which services; the rules decide which of them are seen
        services = self.sudo().search(Domain("desk_id.routing_mode", "!=", "manual"))
        return Domain("id", "in", list(services._spoc_without_pool()))

    def _spoc_without_pool(self):
        """Services whose tickets no member of their desk has the skills for.

        Desks where members choose for themselves are left out.

        :return: dict service id -> needs, see ``spoc.skill.need``
        """
        Need = self.env["spoc.skill.need"]
        # sudo: whether somebody can is told, not who
        services = self.sudo().filtered(
            lambda s: s.desk_id and s.desk_id.routing_mode != "manual"
        )
        desk_ids = services.desk_id.ids
        if not desk_ids:
            return {}
        skills = self.env["spoc.ticket"]._spoc_skills_of_desks(desk_ids)
        without = {}
        for desk, mine in groupby(services, lambda service: service.desk_id):
            for service in mine:
                needs = Need._spoc_of(
                    service._origin.id or service.id, service.category_id._origin.id
                )
                pool = skills.get(desk._origin.id, {})
                if not routing.can_at_all(pool, routing.Need(skills=needs)):
                    without[service._origin.id or service.id] = needs
        return without

    def _get_pool_words(self, needs):
        """What members of the desk would have to have."""
        # sudo: names of skills
        skills = self.env["hr.skill"].sudo().browse(skill for skill, _level in needs)
        # sudo: the desk's name is public
        desk = self.sudo().desk_id
        if not needs:
            return self.env._("%s has no members who are agents", desk.name)
        return self.env._(
            "nobody at %(desk)s has %(skills)s",
            desk=desk.name,
            skills=", ".join(
                skill.name if not level else f"{skill.name} ({level})"
                for skill, (_skill, level) in zip(skills, needs, strict=True)
            ),
        )
