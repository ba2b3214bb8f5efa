"""Very important people: who they are, and what it does."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

#: What counts one level higher for a VIP.
RAISES = [
    ("nothing", "Nothing: it is only shown"),
    ("urgency", "Urgency, by one level"),
    ("impact", "Impact, by one level"),
    ("both", "Impact and urgency, by one level each"),
]
RAISED = {"low": "normal", "normal": "high", "high": "high"}


def raised(level):
    """The level above; what nobody has judged counts as normal."""
    return RAISED[level or "normal"]


class SpocVipRule(models.Model):
    """What it means in a company that a VIP asks.

    A company may have a rule of its own, which goes before the general one. Without
    any, VIPs are shown and nothing else. The raised levels go into the priority
    matrix: its highest priority is the highest a VIP can get.
    """

    _name = "spoc.vip.rule"
    _description = "VIP rule"
    _order = "company_id, id"

    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: holds for all companies."
    )
    raises = fields.Selection(RAISES, required=True, default="urgency")
    heads = fields.Boolean(
        "Department Heads, too",
        help="Managers of departments are VIPs without being marked one by one.",
    )

    _company_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0))", "A company has one rule about VIPs."
    )

    @api.depends("raises", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["raises"]._description_selection(self.env))
        for rule in self:
            rule.display_name = names.get(rule.raises, "")

    # ---- kept: every new ticket asks ---------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache()
    def _spoc_rules(self):
        """All rules: company id (0: all) -> ``(raises, heads)``."""
        # sudo: everyone is judged by the rules, few may look at them
        rules = self.sudo().search(Domain.TRUE)
        return {rule.company_id.id or 0: (rule.raises, rule.heads) for rule in rules}

    @api.model
    def _spoc_rule(self, company):
        """What holds in a company: ``(raises, heads)``."""
        rules = self._spoc_rules()
        return rules.get(company.id) or rules.get(0) or ("nothing", False)

    @api.model
    @ormcache()
    def _spoc_heads(self):
        """Partners of department heads: partner id -> ids of companies (0: all)."""
        # sudo: employees are not for everybody to see, that one is a head is judged
        departments = (
            self.env["hr.department"].sudo().search([("manager_id", "!=", False)])
        )
        heads = {}
        for department in departments:
            manager = department.manager_id
            for partner in manager.work_contact_id | manager.user_id.partner_id:
                companies = heads.setdefault(partner.id, set())
                companies.add(department.company_id.id or 0)
        return heads

    @api.model
    def _spoc_are_vip(self, partner_ids, company):
        """Which of these people are VIPs for a company's desks.

        :param partner_ids: ids of res.partner
        :param company: res.company
        :return: set of ids
        """
        # sudo: the mark is for administrators; that it is there is judged
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        vips = set(partners.filtered("spoc_vip")._ids)
        if self._spoc_rule(company)[1]:
            known = self._spoc_heads()
            vips |= {
                id_ for id_ in partners._ids if known.get(id_, set()) & {0, company.id}
            }
        return vips


class ResPartner(models.Model):
    _inherit = "res.partner"

    spoc_vip = fields.Boolean(
        "VIP of the Service Desks",
        groups="spoc_catalog.group_administrator",
        help="Their requests are marked, and count as the VIP rule of the company "
        "says.",
    )


class HrDepartment(models.Model):
    _inherit = "hr.department"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if {"manager_id", "company_id", "active"} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        if {"work_contact_id", "user_id"} & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)
