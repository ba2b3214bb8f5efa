"""Desks: single points of contact."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class SpocDesk(models.Model):
    """The one place a group of people turns to; it owns what it is asked."""

    _name = "spoc.desk"
    _inherit = ["mail.thread", "spoc.search.mixin", "spoc.kept.mixin"]
    _description = "Service desk"
    _order = "sequence, name, id"
    _check_company_auto = True
    _spoc_search_weights = {"A": ("name", "code"), "B": ("description",)}

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(
        required=True,
        copy=False,
        tracking=True,
        help="Two to eight capital letters or digits. Request numbers begin with it.",
    )
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer(export_string_translation=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="The department that runs the desk.",
    )
    manager_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
    )
    member_ids = fields.Many2many(
        "res.users",
        "spoc_desk_member_rel",
        "desk_id",
        "user_id",
        string="Members",
        domain="[('share', '=', False)]",
        copy=False,
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening hours",
        required=True,
        check_company=True,
        default=lambda self: self.env.company.resource_calendar_id,
        tracking=True,
        help="When the desk answers. Every promise counts these hours only.",
    )
    tz = fields.Selection(related="resource_calendar_id.tz", string="Time zone")
    language_ids = fields.Many2many(
        "res.lang",
        "spoc_desk_lang_rel",
        "desk_id",
        "lang_id",
        string="Languages",
        context={"active_test": False},
        help="Languages the desk answers in. They need not be installed here.",
    )
    privacy = fields.Selection(
        [("open", "Open"), ("confidential", "Confidential")],
        required=True,
        default="open",
        tracking=True,
        help="What a confidential desk is asked stays with its members and the "
        "person who asked, administrators not included.",
    )
    description = fields.Text(
        translate=True, help="What the desk is for, in one or two sentences."
    )
    target_policy_id = fields.Many2one(
        "spoc.target.policy",
        string="Usual promise",
        check_company=True,
        index="btree_not_null",
        help="Holds for services that promise nothing of their own.",
    )
    channel_ids = fields.One2many("spoc.channel", "desk_id", string="Channels")
    retired_channel_ids = fields.One2many(
        "spoc.channel",
        "desk_id",
        string="Retired channels",
        domain=[("active", "=", False)],
        context={"active_test": False},
        copy=False,
    )
    service_ids = fields.One2many("spoc.service", "desk_id", string="Services")
    service_count = fields.Integer(compute="_compute_service_count")
    is_my_desk = fields.Boolean(
        string="I am at it",
        compute="_compute_is_my_desk",
        search="_search_is_my_desk",
        export_string_translation=False,
    )
    is_led_by_me = fields.Boolean(
        string="I manage it",
        compute="_compute_is_my_desk",
        search="_search_is_led_by_me",
        export_string_translation=False,
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another desk of the company has this code."
    )
    _code_form = models.Constraint(
        "CHECK (code ~ '^[A-Z0-9]{2,8}$')",
        "A desk's code has two to eight capital letters or digits.",
    )

    @api.depends("service_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_service_count(self):
        groups = self.env["spoc.service"]._read_group(
            [("desk_id", "in", self.ids)], ["desk_id"], ["__count"]
        )
        counts = {desk.id: count for desk, count in groups}
        for desk in self:
            desk.service_count = counts.get(desk._origin.id, 0)

    @api.depends("member_ids", "manager_id")
    @api.depends_context("uid")
    def _compute_is_my_desk(self):
        facts = self._get_my_facts()
        for desk in self:
            desk.is_my_desk = desk._origin.id in facts["desks"]
            desk.is_led_by_me = desk._origin.id in facts["led_desks"]

    @api.model
    def _search_is_my_desk(self, operator, value):
        return self._search_in_facts("desks", operator, value)

    @api.model
    def _search_is_led_by_me(self, operator, value):
        return self._search_in_facts("led_desks", operator, value)

    @api.model
    def _search_in_facts(self, name, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("id", "in", self._get_my_facts()[name])
        return Domain.OR([mine if flag else ~mine for flag in value])

    @api.model
    def _get_my_facts(self):
        # sudo: read with the other facts of the person, which nobody gets to see.
        return self.env.user.sudo().spoc_facts

    @api.model
    def _spoc_kept_columns(self):
        return (
            *super()._spoc_kept_columns(),
            "active",
            "code",
            "company_id",
            "manager_id",
            "name",
            "privacy",
            "resource_calendar_id",
            "target_policy_id",
        )

    @api.constrains("code")
    def _check_code(self):
        for desk in self:
            if not re.fullmatch(r"[A-Z0-9]{2,8}", desk.code or ""):
                raise ValidationError(
                    self.env._(
                        "The code of a desk has two to eight capital letters or "
                        "digits; “%(code)s” does not.",
                        code=desk.code,
                    )
                )

    @api.constrains("resource_calendar_id")
    def _check_calendar(self):
        for desk in self:
            calendar = desk.resource_calendar_id
            if calendar.flexible_hours or not calendar._get_global_attendances():
                raise ValidationError(
                    self.env._(
                        "“%(calendar)s” has no fixed hours, so nothing can be promised "
                        "by it. Give the desk opening hours with fixed days and times.",
                        calendar=calendar.name,
                    )
                )

    @api.constrains("member_ids", "manager_id")
    def _check_members(self):
        for desk in self:
            outsiders = (desk.member_ids | desk.manager_id).filtered("share")
            if outsiders:
                raise ValidationError(
                    self.env._(
                        "Only internal users may be at a desk: %(names)s.",
                        names=", ".join(outsiders.mapped("name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        desks = super().create([self._with_clean_code(vals) for vals in vals_list])
        self._forget_members(*vals_list)
        return desks

    def write(self, vals):
        result = super().write(self._with_clean_code(vals))
        self._forget_members(vals)
        if vals.get("active") is False:
            # Nobody answers there any more, so nobody is to be sent there; and
            # another desk may take the numbers over.
            self.channel_ids.action_retire()
        return result

    @api.model
    def _forget_members(self, *vals_list):
        """Facts of people read before are no longer true when members change."""
        if any(vals.keys() & {"member_ids", "manager_id"} for vals in vals_list):
            self.env["res.users"].invalidate_model(["spoc_facts"])

    @api.model
    def _with_clean_code(self, vals):
        if vals.get("code"):
            vals = {**vals, "code": vals["code"].strip().upper()}
        return vals

    def copy_data(self, default=None):
        default = dict(default or {})
        vals_list = super().copy_data(default)
        for desk, vals in zip(self, vals_list, strict=True):
            vals.setdefault("code", desk._get_free_code())
            if "name" not in default:
                vals["name"] = self.env._("%(name)s (copy)", name=desk.name)
        return vals_list

    def _get_free_code(self):
        """A code near the desk's own that the company does not use yet."""
        self.ensure_one()
        taken = set(
            self.with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
            .mapped("code")
        )
        number = 2
        while (code := f"{self.code[:6]}{number}") in taken:
            number += 1
        return code

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_open_services(self):
        """Services the desk answers for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("desk_id", "=", self.id)]
        action["context"] = {"default_desk_id": self.id}
        return action

    def action_open_window(self):
        """Contact card as requesters see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/spoc/desk/{self.id}",
            "target": "new",
        }
