"""Who may receive a service or read an article."""

from odoo import api, fields, models, tools
from odoo.fields import Command, Domain

from .. import audience_rules
from .spoc_audience_rule import KIND_FIELDS


class SpocAudience(models.Model):
    """A group of people described by rule, not by list.

    Membership is worked out from the directory as it is at that moment: nobody has to
    refresh anything when a person moves. One query reads the facts of the person, the
    audiences they fit are told by an index of all lines in memory, and searches name
    these. How scope and lines are read is told in ``audience_rules``.
    """

    _name = "spoc.audience"
    _inherit = ["spoc.kept.mixin"]
    _description = "Audience"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    scope = fields.Selection(
        [
            ("everyone", "Everyone signed in"),
            ("employees", "Employees"),
            ("customers", "Outside customers"),
        ],
        required=True,
        default="employees",
        help="Employees are internal users and anyone with an employee record; "
        "outside customers are all other portal users.",
    )
    rule_ids = fields.One2many(
        "spoc.audience.rule",
        "audience_id",
        string="Lines",
        copy=True,
        groups="spoc_catalog.group_catalog_editor",
        help="Without a line that lets people in, the whole scope belongs to it.",
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments",
        compute="_compute_department_ids",
        inverse="_inverse_department_ids",
        search="_search_department_ids",
        groups="spoc_catalog.group_catalog_editor",
        help="Departments people are let in from. To set them is short for a single "
        "line that lets in these departments and the ones below.",
    )
    is_mine = fields.Boolean(
        string="I belong to it",
        compute="_compute_is_mine",
        search="_search_is_mine",
        export_string_translation=False,
    )
    member_count = fields.Integer(
        string="People",
        compute="_compute_member_count",
        groups="spoc_catalog.group_catalog_editor",
        help="Active users you may see who belong to it at this moment.",
    )
    service_ids = fields.Many2many(
        "spoc.service",
        "spoc_service_audience_rel",
        "audience_id",
        "service_id",
        string="Services they may ask for",
        readonly=True,
    )
    description_text = fields.Char(
        string="In words", compute="_compute_description_text"
    )

    # ------------------------------------------------------------------
    # Lines
    # ------------------------------------------------------------------

    @api.depends("rule_ids.department_ids", "rule_ids.effect")
    def _compute_department_ids(self):
        for audience in self:
            allow = audience.rule_ids.filtered(lambda line: line.effect == "allow")
            audience.department_ids = allow.department_ids

    def _inverse_department_ids(self):
        for audience in self:
            departments = audience.department_ids
            allow = audience.rule_ids.filtered(lambda line: line.effect == "allow")
            commands = [Command.delete(line.id) for line in allow]
            if departments:
                commands.append(
                    Command.create({"department_ids": [Command.set(departments.ids)]})
                )
            audience.rule_ids = commands

    def _search_department_ids(self, operator, value):
        # Groups of a field do not keep others from searching by it.
        self.check_access("write")
        allow = Domain("effect", "=", "allow") & Domain(
            "department_ids", operator, value
        )
        return Domain("rule_ids", "any", allow)

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope == "customers":
            self.rule_ids = self.rule_ids.filtered(
                lambda line: (
                    not set(line._spoc_kinds()) & set(audience_rules.EMPLOYEE_KINDS)
                )
            )

    @api.constrains("scope")
    def _check_lines(self):
        self.rule_ids._check_kinds()

    def _spoc_compile(self):
        """The audience as plain data, see ``audience_rules``."""
        self.ensure_one()
        # sudo: lines are for editors, their effect is for everyone.
        lines = self.sudo().rule_ids
        return {
            "id": self._origin.id or self.id,
            "scope": self.scope,
            "lines": [line._spoc_compile() for line in lines],
        }

    # ------------------------------------------------------------------
    # Who belongs to it
    # ------------------------------------------------------------------

    @api.depends("scope", "rule_ids")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self._spoc_my_ids()
        for audience in self:
            audience.is_mine = audience._origin.id in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("id", "in", self._spoc_my_ids())
        return Domain.OR([mine if flag else ~mine for flag in value])

    @api.model
    def _spoc_my_ids(self):
        """Ids of the audiences the current user is part of."""
        # sudo: facts of the directory decide, nobody gets to see them.
        return self._spoc_mine_ids(self.env.user.sudo().spoc_facts)

    @api.model
    def _spoc_mine_ids(self, facts):
        """Ids of the audiences a person is part of.

        :param dict facts: see ``audience_rules``
        :return: sorted list
        """
        return sorted(self._spoc_index().belonging(facts))

    @api.model
    @tools.ormcache()
    def _spoc_index(self):
        """All audiences, arranged by what their lines name.

        Kept until an audience or a line changes: that is rare, and a page of the
        window asks several times for the audiences of its reader.

        :rtype: audience_rules.Index
        """
        # sudo: lines are for editors, their effect is for everyone.
        audiences = self.sudo().search(Domain.TRUE)
        return audience_rules.Index(
            [audience._spoc_compile() for audience in audiences]
        )

    # ------------------------------------------------------------------
    # Who they are
    # ------------------------------------------------------------------

    @api.depends(
        "scope",
        "rule_ids.effect",
        *(f"rule_ids.{name}" for name in KIND_FIELDS.values()),
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        Users = self.env["res.users"]
        for audience in self:
            # Not the search field: lines being edited count, too.
            audience.member_count = Users.search_count(
                Users._spoc_members_domain([audience._spoc_compile()])
            )

    def action_open_members(self):
        """The users who belong to it now, as far as one may see users."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Belong to “%(name)s”", name=self.name),
            "res_model": "res.users",
            "view_mode": "list,kanban",
            "views": [
                (self.env.ref("spoc_catalog.res_users_view_list_audience").id, "list"),
                (False, "kanban"),
            ],
            "domain": [("spoc_audience_ids", "in", self.ids)],
            "context": {"create": False, "edit": False, "delete": False},
            "help": self.env._("Nobody belongs to it at this moment."),
        }

    def action_check_person(self):
        """Ask whether somebody belongs to it, and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Does this person belong to it?"),
            "res_model": "spoc.audience.check",
            "view_mode": "form",
            "target": "new",
            "context": {"default_audience_id": self.id},
        }

    # ------------------------------------------------------------------
    # Words
    # ------------------------------------------------------------------

    @api.depends("scope", "rule_ids.effect", "rule_ids.description_text")
    @api.depends_context("lang", "uid")
    def _compute_description_text(self):
        # Which departments and people there are is nothing for outsiders, also where
        # the sentence is made for them with more rights.
        inner = self.env.user._is_internal()
        for audience in self:
            # sudo: lines are for editors, the sentence is for all inside.
            lines = audience.sudo().rule_ids
            if not lines:
                text = dict(self._fields["scope"]._description_selection(self.env)).get(
                    audience.scope, ""
                )
            elif inner:
                text = audience._get_words(lines)
            else:
                text = audience._get_outside_words()
            audience.description_text = text

    def _get_words(self, lines):
        """The rule in one sentence.

        "Employees of Sales and below, or in Sweden, except those tagged Trainee;
        not Anna Berg".
        """
        self.ensure_one()
        allow = lines.filtered(lambda line: line.effect == "allow")
        phrases = [line._get_words() for line in allow]
        allowed = phrases[0] if phrases else ""
        for phrase in phrases[1:]:
            allowed = self.env._(
                "%(first)s, or %(second)s", first=allowed, second=phrase
            )
        # Literal calls: that is how the texts are found for translation.
        texts = {
            "everyone": lambda: self.env._("People %(lines)s", lines=allowed),
            "employees": lambda: self.env._("Employees %(lines)s", lines=allowed),
            "customers": lambda: self.env._(
                "Outside customers %(lines)s", lines=allowed
            ),
        }
        if allow:
            text = texts[self.scope]()
        else:
            scopes = self._fields["scope"]._description_selection(self.env)
            text = dict(scopes)[self.scope]
        deny = lines - allow
        named = deny.filtered(lambda line: line._is_by_name())
        for line in deny - named:
            text = self.env._(
                "%(people)s, except those %(line)s", people=text, line=line._get_words()
            )
        for line in named:
            text = self.env._(
                "%(people)s; not %(names)s",
                people=text,
                names=line._get_names("person_ids"),
            )
        return text

    def _get_outside_words(self):
        """The rule for outsiders: that there is one, not whom it names."""
        texts = {
            "everyone": lambda: self.env._("Some people"),
            "employees": lambda: self.env._("Some employees"),
            "customers": lambda: self.env._("Some outside customers"),
        }
        return texts[self.scope]()
