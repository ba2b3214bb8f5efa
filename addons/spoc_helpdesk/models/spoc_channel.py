"""E-mail channels take mail in."""

import logging

from odoo import api, fields, models
from odoo.tools import email_normalize, ormcache

_logger = logging.getLogger(__name__)


class SpocChannel(models.Model):
    """An active channel of kind e-mail has an alias that makes tickets of mail.

    The alias domain is that of the address, found or made. A retired address keeps
    its alias until another desk takes the address: mail that still comes in becomes
    a ticket of the desk all the same, or of the desk its successor leads to.
    """

    _inherit = "spoc.channel"

    alias_id = fields.Many2one(
        "mail.alias", readonly=True, copy=False, ondelete="restrict", index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        channels._spoc_sync_alias()
        return channels

    def write(self, vals):
        result = super().write(vals)
        if {"kind", "identity", "desk_id", "active"} & vals.keys():
            self._spoc_sync_alias()
        return result

    def unlink(self):
        # sudo: aliases follow their channels
        aliases = self.sudo().alias_id
        result = super().unlink()
        aliases.unlink()
        return result

    def _spoc_sync_alias(self):
        """Bring the aliases of active channels in line with their addresses."""
        # sudo: aliases are the suite's own business
        for channel in self.sudo().filtered("active"):
            is_mail = channel.kind == "email" and "@" in channel.identity_normalized
            before = channel.alias_id
            if not is_mail:
                channel.alias_id = False
                before.unlink()
                continue
            values = channel._spoc_alias_values()
            alias = channel._spoc_take_alias(values)
            if alias != before:
                channel.alias_id = alias
                before.unlink()
            alias.write(values)

    def _spoc_take_alias(self, values):
        """The alias of an address: one's own, a retired channel's, or a new one."""
        Alias = self.env["mail.alias"]
        alias = Alias.search(
            [
                ("alias_name", "=", values["alias_name"]),
                ("alias_domain_id", "=", values["alias_domain_id"]),
                ("alias_model_id", "=", values["alias_model_id"]),
            ],
            limit=1,
        )
        if alias:
            others = self.with_context(active_test=False).search(
                [("alias_id", "=", alias.id), ("id", "!=", self.id)]
            )
            others.alias_id = False
            return alias
        return self.alias_id or Alias.create(values)

    def _spoc_alias_values(self):
        """Values of the alias of this e-mail channel."""
        self.ensure_one()
        # In full: the part after a plus sign is not compared, yet mail comes in for it.
        name, _at, domain = (email_normalize(self.identity) or "").rpartition("@")
        model_id = self.env["ir.model"]._get_id("spoc.ticket")
        return {
            "alias_name": name,
            "alias_domain_id": self._spoc_alias_domain(domain).id,
            "alias_model_id": model_id,
            "alias_contact": "everyone",
            "alias_defaults": repr({"desk_id": self.desk_id.id, "channel_id": self.id}),
        }

    @api.model
    def _spoc_alias_domain(self, name):
        """The alias domain of that name, found or made."""
        # sudo: domains of mail follow channels; who keeps channels may not make them
        Domain = self.env["mail.alias.domain"].sudo()
        return Domain.search([("name", "=", name)], limit=1) or Domain.create(
            {"name": name}
        )

    @api.model
    @ormcache()
    def _spoc_addresses(self):
        """Mail addresses of every desk, as they are compared."""
        # sudo: identities of every desk
        channels = self.sudo().search([("kind", "=", "email")])
        return frozenset(channels.mapped("identity_normalized"))

    @api.model
    @ormcache()
    def _spoc_retired_ids(self):
        """Ids of the retired channels."""
        # sudo: the gateway looks where an address leads
        retired = self.sudo().with_context(active_test=False)
        return frozenset(retired.search([("active", "=", False)]).ids)

    @api.model
    def _spoc_lead_on(self, routes):
        """New mail to a retired address goes to the desk the address leads to.

        Each use of a retired address is counted. Addresses that lead to one desk make
        one ticket.
        """
        led, desks = [], set()
        for model, thread_id, custom_values, user_id, alias in routes:
            values = dict(custom_values or {})
            channel_id = values.get("channel_id")
            if not thread_id and channel_id in self._spoc_retired_ids():
                # sudo: the gateway looks where an address leads
                retired = self.sudo().browse(channel_id)
                retired._spoc_count_straggler()
                end = retired._spoc_lead()
                values.update(desk_id=end.desk_id.id, channel_id=end.id)
            if not thread_id and values.get("desk_id"):
                if values["desk_id"] in desks:
                    continue
                desks.add(values["desk_id"])
            led.append((model, thread_id, values, user_id, alias))
        return led
