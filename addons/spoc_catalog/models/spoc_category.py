"""Tree of the catalogue."""

from odoo import api, fields, models
from odoo.exceptions import UserError

NAMED = 5


class SpocCategory(models.Model):
    """A shelf of the catalogue, named the way people speak of their matters."""

    _name = "spoc.category"
    _inherit = ["spoc.path.mixin", "spoc.kept.mixin"]
    _description = "Service category"
    _parent_store = True
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    display_name = fields.Char(recursive=True)
    parent_id = fields.Many2one(
        "spoc.category", string="Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("spoc.category", "parent_id", string="Parts")
    sequence = fields.Integer(default=10)
    icon = fields.Char(
        default="fa-folder-open-o",
        help="Name of a Font Awesome icon, for example fa-laptop.",
    )
    description = fields.Text(
        translate=True, help="One sentence: what a person finds here."
    )
    service_ids = fields.One2many("spoc.service", "category_id", string="Services")
    service_count = fields.Integer(compute="_compute_service_count")
    active = fields.Boolean(default=True)

    @api.depends("service_ids", "parent_path")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_service_count(self):
        """Published services the user may see, in the category and below it."""
        groups = self.env["spoc.service"]._read_group(
            [("category_id", "child_of", self.ids), ("state", "=", "published")],
            ["category_id"],
            ["__count"],
        )
        totals = dict.fromkeys(self.ids, 0)
        for category, count in groups:
            for ancestor in (category.parent_path or "").strip("/").split("/"):
                if ancestor and int(ancestor) in totals:
                    totals[int(ancestor)] += count
        for category in self:
            category.service_count = totals.get(category._origin.id, 0)

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("lang", "spoc_short_name")
    def _compute_display_name(self):
        for category in self:
            parent = category.parent_id
            if parent and not self.env.context.get("spoc_short_name"):
                category.display_name = f"{parent.display_name} / {category.name}"
            else:
                category.display_name = category.name

    def write(self, vals):
        if vals.get("active") is False:
            self._check_empty()
            # What is below a shelf is put away with it.
            below = self.search([("id", "child_of", self.ids)])
            return super(SpocCategory, self | below).write(vals)
        return super().write(vals)

    def _check_empty(self):
        """A category with services in it stays: they would be found no more.

        :raise UserError: services are in it or below it
        """
        # sudo: services the user may not see are there all the same.
        services = (
            self.env["spoc.service"]
            .sudo()
            .search([("category_id", "child_of", self.ids)], limit=NAMED + 1)
        )
        if services:
            names = [f"“{service.name}”" for service in services[:NAMED]]
            raise UserError(
                self.env._(
                    "There are services in “%(category)s” or below it: %(services)s. "
                    "Move them to another category first.",
                    category=self[:1].display_name,
                    services=", ".join(names) + ("…" if len(services) > NAMED else ""),
                )
            )

    def action_open_services(self):
        """Services of the category and below."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("category_id", "child_of", self.ids)]
        action["context"] = {"default_category_id": self.id}
        return action
