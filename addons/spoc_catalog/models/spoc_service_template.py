"""Standard services: what is alike is written once, what differs is seen."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What a standard settles; texts below it may be worded for the place.
STANDARD_FIELDS = (
    "kind",
    "form_id",
    "asks_urgency",
    "target_policy_id",
    "audience_ids",
    "conditions",
    "outcome",
    "price_kind",
    "price",
    "currency_id",
    "price_unit",
    "facet_value_ids",
)


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    is_template = fields.Boolean(
        string="Template", help="A standard other services are made after."
    )
    template_id = fields.Many2one(
        "spoc.service",
        string="Made after",
        domain="[('is_template', '=', True), ('company_id', '=', company_id)]",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
        help="The template this service follows.",
    )
    follower_ids = fields.One2many(
        "spoc.service",
        "template_id",
        string="Services made after it",
        groups="base.group_user",
    )
    follower_count = fields.Integer(
        string="Made after it", compute="_compute_follower_count"
    )
    deviation = fields.Char(
        string="Differs from the template in",
        compute="_compute_deviation",
        groups="base.group_user",
    )

    @api.depends("follower_ids")
    def _compute_follower_count(self):
        groups = self.env["spoc.service"]._read_group(
            [("template_id", "in", self.ids)], ["template_id"], ["__count"]
        )
        counts = {template.id: count for template, count in groups}
        for service in self:
            service.follower_count = counts.get(service._origin.id, 0)

    @api.depends("template_id", *STANDARD_FIELDS)
    @api.depends_context("lang")
    def _compute_deviation(self):
        labels = self.fields_get(STANDARD_FIELDS, ["string"])
        for service in self:
            service.deviation = ", ".join(
                labels[name]["string"] for name in service._spoc_deviations()
            )

    def _spoc_standard_fields(self):
        """Hook: names of the fields a template settles."""
        return STANDARD_FIELDS

    def _spoc_deviations(self):
        """Names of the fields in which the service differs from its template."""
        self.ensure_one()
        template = self.template_id
        if not template:
            return []
        return [
            name
            for name in self._spoc_standard_fields()
            if self._spoc_plain(name) != template._spoc_plain(name)
        ]

    def _spoc_plain(self, name):
        """A field's value so that two of them can be compared."""
        value = self[name]
        if isinstance(value, models.BaseModel):
            return set(value._origin.ids)
        return value or False

    @api.onchange("template_id")
    def _onchange_template_id(self):
        """An empty field takes what the template says; what is written stays."""
        for name in self._spoc_standard_fields() if self.template_id else ():
            if not self[name]:
                self[name] = self.template_id[name]
        self._onchange_price_kind()

    @api.constrains("is_template", "template_id", "state")
    def _check_template(self):
        for service in self:
            if service.is_template and service.state == "published":
                raise ValidationError(
                    self.env._(
                        "“%(service)s” is a template: only services made after it are "
                        "published.",
                        service=service.name,
                    )
                )
            template = service.template_id
            if template and (not template.is_template or service.is_template):
                raise ValidationError(
                    self.env._(
                        "“%(service)s” can only be made after a template, and "
                        "templates not after one another.",
                        service=service.name,
                    )
                )

    def action_spoc_copy(self):
        """Ask how to copy the service."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy of a service"),
            "res_model": "spoc.service.copy",
            "view_mode": "form",
            "target": "new",
            "context": {"default_service_id": self.id},
        }

    def action_open_followers(self):
        """Services made after the template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("template_id", "=", self.id)]
        action["context"] = {"default_template_id": self.id}
        return action
