"""What a person gets, what it costs, and where to read more."""

from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    outcome = fields.Text(
        string="What you get",
        translate=True,
        help="What a person has in the end, one thing a line.",
    )
    price_kind = fields.Selection(
        [("free", "Free of charge"), ("fixed", "Costs"), ("from", "Costs at least")],
        string="Cost",
        tracking=True,
        help="Empty: nothing is said about it.",
    )
    price = fields.Monetary(currency_field="currency_id", tracking=True)
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    price_unit = fields.Char(
        string="Price for",
        translate=True,
        help="What the price is for: “per month”, “per person”.",
    )
    price_note = fields.Char(
        string="About the cost",
        translate=True,
        help="Who pays, what is not included: “charged to your department”.",
    )
    price_text = fields.Char(string="What it costs", compute="_compute_price_text")
    information = fields.Text(
        string="How to learn more",
        translate=True,
        help="How people get information about the service before they ask for it.",
    )
    information_url = fields.Char(
        string="Page about it",
        help="https://… or a path of this site that begins with /.",
    )
    information_contact_id = fields.Many2one(
        "res.partner",
        string="Contact for questions",
        index="btree_not_null",
        help="Name, e-mail address and phone number are shown to everyone who may see "
        "the service.",
    )
    facet_value_ids = fields.Many2many(
        "spoc.facet.value",
        "spoc_service_facet_value_rel",
        "service_id",
        "value_id",
        string="Facets",
        ondelete="restrict",
        help="What it has to do with: situation, object, place, device. Any number.",
    )
    related_ids = fields.Many2many(
        "spoc.service",
        "spoc_service_related_rel",
        "service_id",
        "related_id",
        string="Related services",
        domain="[('id', '!=', id), ('is_template', '=', False)]",
        help="What people who look at this one may need, too.",
    )

    _price_positive = models.Constraint(
        "CHECK (price IS NULL OR price >= 0)", "A price cannot be below nothing."
    )

    @api.depends("price_kind", "price", "currency_id", "price_unit")
    @api.depends_context("lang")
    def _compute_price_text(self):
        for service in self:
            service.price_text = service._get_price_text()

    def _get_price_text(self):
        """The price in words, for example "From $ 120.00 per month", or ``""``."""
        self.ensure_one()
        if self.price_kind == "free":
            return self.env._("Free of charge")
        if not self.price_kind:
            return ""
        currency = self.currency_id or self.company_id.currency_id
        amount = format_amount(self.env, self.price, currency)
        words = f"{amount} {self.price_unit}" if self.price_unit else amount
        if self.price_kind == "from":
            return self.env._("From %(price)s", price=words)
        return words

    @api.onchange("price_kind")
    def _onchange_price_kind(self):
        if self.price_kind not in ("fixed", "from"):
            self.price = 0
            self.price_unit = False

    @api.constrains("price_kind", "price")
    def _check_price(self):
        for service in self:
            if service.price and service.price_kind not in ("fixed", "from"):
                raise ValidationError(
                    self.env._(
                        "“%(service)s” has a price, so it cannot be free of charge.",
                        service=service.name,
                    )
                )

    @api.constrains("information_url")
    def _check_information_url(self):
        for service in self:
            url = service.information_url
            if url and not service._spoc_is_link(url):
                raise ValidationError(
                    self.env._(
                        "“%(url)s” is no address of a page. It begins with https:// "
                        "or, on this site, with /.",
                        url=url,
                    )
                )

    @api.model
    def _spoc_is_link(self, url):
        """Whether a text is an address a reader can safely be sent to."""
        if any(char.isspace() or char in "\\<>\"'" for char in url):
            return False
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        if not parts.scheme and not parts.netloc:
            return parts.path.startswith("/")
        return parts.scheme in ("http", "https") and bool(parts.hostname)

    @api.constrains("related_ids")
    def _check_related(self):
        for service in self:
            if service in service.related_ids:
                raise ValidationError(
                    self.env._(
                        "“%(service)s” cannot be related to itself.",
                        service=service.name,
                    )
                )

    @api.model
    def _spoc_page_fields(self):
        """Fields the service's page shows, to be read at once. A hook."""
        return [
            "approval_rule_id",
            "category_id",
            "conditions",
            "currency_id",
            "department_id",
            "description",
            "desk_id",
            "form_id",
            "information",
            "information_contact_id",
            "information_url",
            "name",
            "outcome",
            "price",
            "price_kind",
            "price_note",
            "price_unit",
            "published_on",
            "reviewed_on",
            "state",
            "summary",
            "target_policy_id",
        ]

    def _spoc_lines(self, field_name):
        """A text of one thing a line, without the marks people type before them.

        :return: list of texts
        """
        self.ensure_one()
        lines = (line.strip("-•* \t") for line in (self[field_name] or "").splitlines())
        return [line for line in lines if line]

    def _spoc_information(self):
        """How to learn more about the service.

        :return: ``{"text", "url", "name", "email", "phone"}``, each may be ``""``
        """
        self.ensure_one()
        # sudo: an outside customer may not read contacts; whoever describes the
        # service chose to show these three things of this one.
        contact = self.sudo().information_contact_id
        return {
            "text": self.information or "",
            "url": self.information_url or "",
            "name": contact.name or "",
            "email": contact.email or "",
            "phone": contact.phone or "",
        }
