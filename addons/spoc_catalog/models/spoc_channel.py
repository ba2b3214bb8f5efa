"""Channels: the ways to a desk."""

import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.phone_validation.tools import phone_validation

from ..identity import account, mailbox, page
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
    _inherit = ["spoc.kept.mixin"]
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
    retired_on = fields.Date(string="Retired on", readonly=True, copy=False)
    successor_id = fields.Many2one(
        "spoc.channel",
        string="Replaced by",
        ondelete="set null",
        index="btree_not_null",
        domain="[('id', '!=', id), ('kind', '=', kind)]",
    )
    straggler_count = fields.Integer(
        string="Uses since then",
        readonly=True,
        copy=False,
        help="How often it was used after it was retired.",
    )
    straggler_on = fields.Date(string="Last used on", readonly=True, copy=False)
    url = fields.Char(compute="_compute_url", export_string_translation=False)
    icon = fields.Char(compute="_compute_url", export_string_translation=False)
    action_text = fields.Char(
        compute="_compute_action_text", export_string_translation=False
    )

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

        The mailbox of an e-mail address, a phone number in E.164 with its
        extension, the account of a network, the address of a page without what
        does not matter, everything else folded.

        :param str kind: kind of the channel
        :param str identity: as typed
        :param country: ``res.country`` a national number is dialled in
        :rtype: str
        """
        text = (identity or "").strip()
        if kind == "email":
            normal = mailbox(email_normalize(text) or "")
        elif kind == "phone":
            normal = self._normalize_phone(text, country)
        elif kind in ("social", "chat"):
            normal = account(text)
        elif kind == "walkin":
            normal = ""
        else:
            normal = page(text)
        return normal or " ".join(fold(text).split())

    @api.model
    def _normalize_phone(self, number, country=None):
        """E.164, with ``;ext=22`` after it for an extension behind a switchboard."""
        number = re.sub(r"^(tel|callto):", "", number.strip(), flags=re.I)
        code = country.code if country else None
        dial = country.phone_code if country else None
        normal = phone_validation.phone_format(
            number, code, dial, force_format="E164", raise_exception=False
        )
        if not re.fullmatch(r"\+\d+", normal or ""):
            # An extension of the house, or a number nobody can dial from outside.
            return re.sub(r"[^0-9*#]", "", number)
        if normal == number:
            return normal
        extension = phone_validation.phone_parse(number, code).extension
        return f"{normal};ext={extension}" if extension else normal

    @api.depends("kind", "identity", "identity_normalized")
    def _compute_url(self):
        for channel in self:
            normal = channel.identity_normalized or ""
            identity = (channel.identity or "").strip()
            channel.icon = ICONS.get(channel.kind, "fa-circle-o")
            channel.url = False
            if channel.kind == "email" and "@" in normal:
                channel.url = f"mailto:{email_normalize(identity)}"
            elif channel.kind == "phone" and normal:
                channel.url = f"tel:{normal}"
            elif re.match(r"https?://", identity, re.I):
                channel.url = identity
            elif re.match(r"/(?![/\\])", identity):
                channel.url = identity
            elif channel.kind != "walkin" and page(identity):
                # As typed: not every host answers without its www.
                channel.url = f"https://{identity}"
            elif channel.kind in ("social", "chat"):
                channel.url = self._get_account_url(normal)

    @api.depends("kind", "url")
    @api.depends_context("lang")
    def _compute_action_text(self):
        texts = {
            "phone": self.env._("Call"),
            "email": self.env._("Send an e-mail"),
            "portal": self.env._("Open the page"),
            "chat": self.env._("Chat"),
            "walkin": self.env._("Come by"),
            "social": self.env._("Write to us on social media"),
            "intranet": self.env._("Open the intranet page"),
        }
        for channel in self:
            channel.action_text = texts.get(channel.kind, "")

    @api.model
    def _get_account_url(self, normal):
        """Link to an account, ``False`` for a bare name."""
        if normal.startswith("viber/"):
            return f"viber://chat?number=%2B{normal.removeprefix('viber/')}"
        return f"https://{normal}" if page(normal) else False

    @api.depends("kind", "identity")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for channel in self:
            channel.display_name = f"{kinds.get(channel.kind, '')}: {channel.identity}"

    @api.constrains("kind", "identity")
    def _check_identity(self):
        for channel in self:
            if not (channel.identity_normalized or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(identity)s” says nothing people could use.",
                        identity=channel.identity,
                    )
                )
            if channel.kind == "phone" and not re.search(
                r"\d", channel.identity_normalized
            ):
                raise ValidationError(
                    self.env._(
                        "“%(identity)s” is no phone number.",
                        identity=channel.identity,
                    )
                )
            if channel.kind == "email" and "@" not in channel.identity_normalized:
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
        if vals.get("active") is False and any(self.mapped("active")):
            vals = {"retired_on": fields.Date.context_today(self), **vals}
            # Whoever still uses it is counted from here on.
            vals = {"straggler_count": 0, "straggler_on": False, **vals}
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
                # sudo: the holder may be a desk of a company one cannot see
                desk=desk.sudo().display_name,
            )
        )

    def _raise_second(self, desk, kind, identity):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        raise ValidationError(
            self.env._(
                "The desk “%(desk)s” already has an identity for “%(kind)s”: "
                "%(identity)s. One of each kind is what people can remember; retire "
                "the old one first.",
                # sudo: the holder may be a desk of a company one cannot see
                desk=desk.sudo().display_name,
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
