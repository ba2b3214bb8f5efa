"""Publish a service again, saying what changed."""

from odoo import api, fields, models


class SpocServicePublish(models.TransientModel):
    """Shows what changed since the last version and asks for a word about it."""

    _name = "spoc.service.publish"
    _description = "Publish a service"

    service_id = fields.Many2one("spoc.service", required=True, ondelete="cascade")
    note = fields.Char(
        string="What changed", help="One line for those who read the versions."
    )
    difference = fields.Html(compute="_compute_difference")

    @api.depends("service_id")
    @api.depends_context("lang")
    def _compute_difference(self):
        Version = self.env["spoc.service.version"]
        for wizard in self:
            service = wizard.service_id
            # Only what the user may read is compared.
            service.check_access("write")
            last = service._spoc_last_versions().get(service.id, Version)
            # sudo: a version says what readers see, whoever looks, see
            # _spoc_keep_versions.
            now = service.sudo()._spoc_contents().get(service.id, {})
            wizard.difference = Version._spoc_difference(last.content, now)

    def action_publish(self):
        self.ensure_one()
        self.service_id._spoc_publish(self.note)
        return {"type": "ir.actions.act_window_close"}
