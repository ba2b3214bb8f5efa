"""What the services of a category ask of those who deliver them."""

from odoo import fields, models


class SpocCategory(models.Model):
    _inherit = "spoc.category"

    skill_need_ids = fields.One2many(
        "spoc.skill.need",
        "category_id",
        string="Skills needed",
        groups="spoc_catalog.group_agent,spoc_catalog.group_catalog_editor",
        help="They hold for services here, and in the categories below, that ask for "
        "nothing of their own.",
    )
