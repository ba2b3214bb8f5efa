"""Channels: the ways to a desk."""

import re
from collections import defaultdict
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.phone_validation.tools import phone_validation

from ..search_query import fold

CHANNEL_KINDS = [
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("portal", "Portal"),
    ("chat", "Chat"),
    ("walkin", "Walk-in"),
    ("social", "Social media"),
    ("intranet", "Intranet"),
]
ICONS = {
    "phone": "fa-phone",
    "email": "fa-envelope-o",
    "portal": "fa-window-maximize",
    "chat": "fa-comments-o",
    "walkin": "fa-map-marker",
    "social": "fa-share-alt",
    "intranet": "fa-sitemap",
}


class SpocChannel(models.Model):
    """A number or address under which a desk is reached.

    A desk has one identity of each kind, and an identity belongs to one desk:
    the database sees to it. A retired identity stays on record with the day it
    was given up and the one that took its place.
    """

    _name = "spoc.channel"
    _description = "Channel"
    _order = "desk_id, active desc, sequence, id"
    _rec_name = "identity"

    desk_id = fields.Many2one(
        "spoc.desk", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="desk_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(CHANNEL_KINDS, required=True, default="email")
    identity = fields.Char(
        required=True,
        help="The number, the address, the page or the place people use.",
    )
    identity_normalized = fields.Char(
        string="Identity, normalised",
        compute="_compute_identity_normalized",
        store=True,
        precompute=True,
        help="What is compared: two spellings of one number are one identity.",
    )
    note = fields.Char(
        translate=True,
        help="Shown beside it, for example when a walk-in desk is staffed.",
    )
    active = fields.Boolean(default=True)
    retired_on = fields.Date(readonly=True, copy=False)
    successor_id = fields.Many2one(
        "spoc.channel",
        string="Replaced by",
        ondelete="set null",
        index="btree_not_null",
        domain="[('id', '!=', id), ('kind', '=', kind)]",
    )
    url = fields.Char(compute="_compute_url", export_string_translation=False)
    icon = fields.Char(compute="_compute_url", export_string_translation=False)

    _desk_kind_unique = models.UniqueIndex(
        "(desk_id, kind) WHERE active",
        "A desk has one active identity of each kind. Retire the old one first.",
    )
    _identity_unique = models.UniqueIndex(
        "(kind, identity_normalized) WHERE active",
        "This identity already belongs to a desk.",
    )

    # ------------------------------------------------------------------
    # Identity
    # ------------------------------------------------------------------

    @api.depends("kind", "identity", "desk_id")
    def _compute_identity_normalized(self):
        for channel in self:
            # sudo: the country a number is dialled in, whoever asks.
            country = channel.desk_id.sudo().company_id.country_id
            channel.identity_normalized = self._normalize_identity(
                channel.kind, channel.identity, country
            )

    @api.model
    def _normalize_identity(self, kind, identity, country=None):
        """One spelling for all spellings of an identity.

        E-mail address normalised, phone number in E.164, address of a page
        without scheme, ``www.`` and trailing slash, everything else folded.

        :param str kind: kind of the channel
        :param str identity: as typed
        :param country: ``res.country`` a national number is dialled in
        :rtype: str
        """
        identity = (identity or "").strip()
        if kind == "email":
            normal = email_normalize(identity)
        elif kind == "phone":
            normal = self._normalize_phone(identity, country)
        else:
            normal = self._normalize_page(identity)
        return normal or " ".join(fold(identity).split())

    @api.model
    def _normalize_phone(self, number, country=None):
        normal = phone_validation.phone_format(
            number,
            country.code if country else None,
            country.phone_code if country else None,
            force_format="E164",
            raise_exception=False,
        )
        if normal and normal.startswith("+"):
            return normal
        # An extension of the house, or a number nobody can dial from outside.
        return re.sub(r"[^0-9*#]", "", number)

    @api.model
    def _normalize_page(self, address):
        if not re.match(r"(https?://|www\.|[\w-]+(\.[\w-]+)+(/|$))", address, re.I):
            return ""
        try:
            parts = urlsplit(address if "://" in address else f"https://{address}")
            host, port = (parts.hostname or "").removeprefix("www."), parts.port
        except ValueError:
            return ""
        if not host:
            return ""
        if port and port not in (80, 443):
            host = f"{host}:{port}"
        query = f"?{parts.query}" if parts.query else ""
        return f"{host}{parts.path.rstrip('/')}{query}"

    @api.depends("kind", "identity", "identity_normalized")
    def _compute_url(self):
        for channel in self:
            normal = channel.identity_normalized or ""
            identity = (channel.identity or "").strip()
            channel.icon = ICONS.get(channel.kind, "fa-circle-o")
            channel.url = False
            if channel.kind == "email" and "@" in normal:
                channel.url = f"mailto:{normal}"
            elif channel.kind == "phone" and normal:
                channel.url = f"tel:{normal}"
            elif re.match(r"https?://", identity, re.I):
                channel.url = identity
            elif re.match(r"/(?![/\\])", identity):
                channel.url = identity
            elif channel.kind != "walkin" and self._normalize_page(identity):
                channel.url = f"https://{identity}"

    @api.depends("kind", "identity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for channel in self:
            channel.display_name = f"{kinds.get(channel.kind, '')}: {channel.identity}"

    @api.constrains("kind", "identity")
    def _check_identity(self):
        for channel in self:
            if channel.kind == "email" and not email_normalize(channel.identity):
                raise ValidationError(
                    self.env._(
                        "“%(identity)s” is no e-mail address.",
                        identity=channel.identity,
                    )
                )

    # ------------------------------------------------------------------
    # One identity, one desk
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_free(self._get_claims(vals_list))
        return super().create(vals_list)

    def write(self, vals):
        if {"kind", "identity", "active", "desk_id"} & set(vals):
            self._check_free(self._get_changed_claims(vals), but=self)
        if vals.get("active") is False:
            vals = {"retired_on": fields.Date.context_today(self), **vals}
        elif vals.get("active"):
            vals = {**vals, "retired_on": False, "successor_id": False}
        return super().write(vals)

    @api.model
    def _get_claims(self, vals_list):
        """What new channels would occupy: ``[(desk, kind, identity), ...]``."""
        defaults = self.default_get(["kind", "active", "desk_id"])
        claims = []
        for vals in vals_list:
            vals = {**defaults, **vals}
            if vals.get("active", True) and vals.get("desk_id"):
                desk = self.env["spoc.desk"].browse(vals["desk_id"])
                claims.append((desk, vals["kind"], vals.get("identity")))
        return claims

    def _get_changed_claims(self, vals):
        """What the channels would occupy after a write."""
        claims = []
        for channel in self:
            if vals.get("active", channel.active):
                desk = channel.desk_id
                if vals.get("desk_id"):
                    desk = desk.browse(vals["desk_id"])
                kind = vals.get("kind", channel.kind)
                claims.append((desk, kind, vals.get("identity", channel.identity)))
        return claims

    @api.model
    def _check_free(self, claims, but=None):
        """Refuse an identity that is taken, and say by which desk.

        The unique indexes guard the same in the database; this comes first
        because it knows names.
        """
        wanted, kinds = defaultdict(list), defaultdict(list)
        for desk, kind, identity in claims:
            # sudo: the company's country, whoever sets up the channel.
            country = desk.sudo().company_id.country_id
            wanted[kind, self._normalize_identity(kind, identity, country)].append(desk)
            kinds[desk.id, kind].append(identity)
        if not wanted:
            return
        for holder in self._get_holders(wanted, kinds, but):
            key = (holder.kind, holder.identity_normalized)
            if key in wanted:
                self._raise_taken(holder.identity, holder.desk_id)
            if (holder.desk_id.id, holder.kind) in kinds:
                self._raise_second(holder.desk_id, holder.kind, holder.identity)
        for (_kind, normal), desks in wanted.items():
            if len(desks) > 1:
                self._raise_taken(normal, desks[0])
        for (desk_id, kind), identities in kinds.items():
            if len(identities) > 1:
                desk = self.env["spoc.desk"].browse(desk_id)
                self._raise_second(desk, kind, identities[0])

    @api.model
    def _get_holders(self, wanted, kinds, but):
        """Active channels that stand in the way."""
        domain = Domain.OR(
            [
                Domain("kind", "=", kind) & Domain("identity_normalized", "=", normal)
                for kind, normal in wanted
            ]
            + [
                Domain("kind", "=", kind) & Domain("desk_id", "=", desk_id)
                for desk_id, kind in kinds
            ]
        )
        if but:
            domain &= Domain("id", "not in", but.ids)
        # sudo: an identity is taken even by a desk of a company one cannot see.
        return self.sudo().search(domain & Domain("active", "=", True))

    def _raise_taken(self, identity, desk):
        raise ValidationError(
            self.env._(
                "“%(identity)s” already belongs to the desk “%(desk)s”. People must be "
                "able to rely on it: retire it there first.",
                identity=identity,
                desk=desk.sudo().display_name,  # sudo: see _get_holders
            )
        )

    def _raise_second(self, desk, kind, identity):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        raise ValidationError(
            self.env._(
                "The desk “%(desk)s” already has an identity for “%(kind)s”: "
                "%(identity)s. One of each kind is what people can remember; retire "
                "the old one first.",
                desk=desk.sudo().display_name,  # sudo: see _get_holders
                kind=kinds[kind],
                identity=identity,
            )
        )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_retire(self):
        """Give the identity up; it stays on record."""
        self.write({"active": False})

    def action_activate(self):
        """Use a retired identity again, if nobody has taken it meanwhile."""
        self.write({"active": True})
