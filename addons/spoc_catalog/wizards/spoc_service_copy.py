"""Copy a service, or make one after a template."""

from odoo import api, fields, models


class SpocServiceCopy(models.TransientModel):
    """Asks for the copy's name and what becomes of the form."""

    _name = "spoc.service.copy"
    _description = "Copy a service"

    service_id = fields.Many2one("spoc.service", required=True, ondelete="cascade")
    is_template = fields.Boolean(related="service_id.is_template")
    has_form = fields.Boolean(compute="_compute_has_form")
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
    )
    form_mode = fields.Selection(
        [
            ("same", "Asks with the same form"),
            ("own", "Gets a copy of the form for itself"),
            ("none", "Is asked for in free words"),
        ],
        string="Form of the copy",
        required=True,
        default="same",
    )
    follows = fields.Boolean(
        string="Follows the template",
        default=True,
        help="The service says later in what it differs from the template.",
    )

    @api.depends("service_id")
    def _compute_has_form(self):
        for wizard in self:
            wizard.has_form = bool(wizard.service_id.form_id)

    @api.depends("service_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for wizard in self:
            service = wizard.service_id
            if service.is_template:
                wizard.name = service.name
            elif service:
                wizard.name = self.env._("%(name)s (copy)", name=service.name)
            else:
                wizard.name = False

    def action_copy(self):
        """Make the copy and open it.

        :return: act_window of the new draft
        """
        self.ensure_one()
        service, form = self.service_id, self.service_id.form_id
        values = {"name": self.name, "is_template": False}
        if service.is_template:
            values["template_id"] = service.id if self.follows else False
        if self.form_mode == "own" and form:
            own = form.copy()
            own.name = self.name
            values["form_id"] = own.id
        elif self.form_mode == "none":
            values["form_id"] = False
        copy = service.copy(values)
        return {
            "type": "ir.actions.act_window",
            "res_model": "spoc.service",
            "res_id": copy.id,
            "view_mode": "form",
        }
