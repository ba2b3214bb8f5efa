"""Second ways into the catalogue, across its tree."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SpocFacet(models.Model):
    """A question people ask themselves: what happened, with what, where?

    A category says where a service stands, once. Facets say what it has to do
    with, as often as it is true: a life situation, an object, a place, a device.
    """

    _name = "spoc.facet"
    _inherit = ["spoc.kept.mixin"]
    _description = "Facet"
    _order = "sequence, name, id"

    name = fields.Char(
        required=True, translate=True, help="For example “Situation” or “Place”."
    )
    description = fields.Char(
        translate=True, help="Heading above its values in the window: “What happened?”"
    )
    sequence = fields.Integer(default=10)
    icon = fields.Char(
        default="fa-tag", help="Name of a Font Awesome icon, for example fa-map-marker."
    )
    color = fields.Integer(string="Colour")
    value_ids = fields.One2many("spoc.facet.value", "facet_id", string="Values")
    active = fields.Boolean(default=True)


class SpocFacetValue(models.Model):
    """An answer to a facet's question, with the services that belong to it."""

    _name = "spoc.facet.value"
    _inherit = ["spoc.path.mixin", "spoc.kept.mixin"]
    _description = "Value of a facet"
    _parent_store = True
    _order = "facet_id, sequence, name, id"
    _spoc_path_mark = ": "

    name = fields.Char(required=True, translate=True)
    display_name = fields.Char(recursive=True)
    facet_id = fields.Many2one(
        "spoc.facet", required=True, index=True, ondelete="restrict"
    )
    parent_id = fields.Many2one(
        "spoc.facet.value",
        string="Part of",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('facet_id', '=', facet_id), ('id', '!=', id)]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("spoc.facet.value", "parent_id", string="Parts")
    description = fields.Text(
        translate=True, help="One sentence: what a person finds here."
    )
    sequence = fields.Integer(default=10)
    icon = fields.Char(help="Empty: the icon of the facet.")
    color = fields.Integer(related="facet_id.color", string="Colour")
    service_ids = fields.Many2many(
        "spoc.service",
        "spoc_service_facet_value_rel",
        "value_id",
        "service_id",
        string="Services",
    )
    service_count = fields.Integer(compute="_compute_service_count")
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex(
        "(facet_id, COALESCE(parent_id, 0), (name->>'en_US')) WHERE active",
        "The facet has this value already.",
    )

    @api.depends("service_ids.state", "parent_path")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_service_count(self):
        """Published services the user may see, of the value and those below it."""
        below = self.search([("id", "child_of", self.ids)])
        groups = self.env["spoc.service"]._read_group(
            [("facet_value_ids", "in", below.ids), ("state", "=", "published")],
            ["facet_value_ids"],
            ["id:array_agg"],
        )
        totals = {value_id: set() for value_id in self.ids}
        for value, service_ids in groups:
            for ancestor in (value.parent_path or "").strip("/").split("/"):
                if ancestor and int(ancestor) in totals:
                    totals[int(ancestor)].update(service_ids)
        for value in self:
            value.service_count = len(totals.get(value._origin.id, ()))

    @api.depends("name", "facet_id.name", "parent_id.display_name")
    @api.depends_context("lang", "spoc_short_name")
    def _compute_display_name(self):
        for value in self:
            if self.env.context.get("spoc_short_name"):
                value.display_name = value.name
            elif value.parent_id:
                value.display_name = f"{value.parent_id.display_name} / {value.name}"
            else:
                value.display_name = f"{value.facet_id.name}: {value.name}"

    @api.model
    def _get_path_domain(self, path):
        """Values that stand at the end of a path such as “Place: A / B”."""
        facet, _colon, names = path.partition(": ")
        return Domain("facet_id.name", "=", facet) & super()._get_path_domain(names)

    @api.constrains("facet_id", "parent_id")
    def _check_parent(self):
        for value in self:
            if value.parent_id and value.parent_id.facet_id != value.facet_id:
                raise UserError(
                    self.env._(
                        "“%(value)s” cannot be part of a value of another facet.",
                        value=value.name,
                    )
                )

    def action_open_services(self):
        """Services of the value and those below."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("facet_value_ids", "child_of", self.ids)]
        action["context"] = {"default_facet_value_ids": self.ids}
        return action
