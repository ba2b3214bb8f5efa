"""Who may receive a service or read an article."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class SpocAudience(models.Model):
    """A group of people described by rule, not by list.

    Membership is worked out by the database in each query, from the directory as
    it is at that moment: nobody has to refresh anything when a person moves.
    """

    _name = "spoc.audience"
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
    department_ids = fields.Many2many(
        "hr.department",
        "spoc_audience_department_rel",
        "audience_id",
        "department_id",
        string="Departments",
        ondelete="restrict",
        help="Only people of these departments and the ones below them. Empty: all.",
    )
    is_mine = fields.Boolean(
        string="I belong to it",
        compute="_compute_is_mine",
        search="_search_is_mine",
        export_string_translation=False,
    )
    description_text = fields.Char(
        string="In words", compute="_compute_description_text"
    )

    @api.depends("scope", "department_ids")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.search([("id", "in", self.ids), ("is_mine", "=", True)])
        for audience in self:
            audience.is_mine = audience in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._get_mine_domain(self.env.user)
        return Domain.OR([mine if flag else ~mine for flag in value])

    @api.model
    def _get_mine_domain(self, user):
        """Audiences ``user`` is part of, answered by sub-selects in the query."""
        # sudo: a portal user may not look at employees, yet may be one.
        employee = Domain.custom(to_sql=self._get_employee_sql(user.id))
        if not user.share:
            is_employee, is_customer = Domain.TRUE, Domain.FALSE
        else:
            is_employee, is_customer = employee, ~employee
        anywhere = Domain("department_ids", "=", False)
        department = Domain.custom(to_sql=self._get_department_sql(user.id))
        return Domain.OR(
            [
                Domain("scope", "=", "everyone"),
                Domain("scope", "=", "customers") & is_customer,
                Domain("scope", "=", "employees")
                & is_employee
                & (anywhere | department),
            ]
        )

    def _get_employee_sql(self, user_id):
        """Condition: the user has an employee record."""
        employee = self.env["hr.employee"]

        def to_sql(model, alias, query):
            # SQL: one constant sub-select in the query beats a query of its own.
            return SQL(
                "EXISTS (SELECT 1 FROM hr_employee e"
                " WHERE e.active AND e.user_id = %s)",
                user_id,
                to_flush=[employee._fields["user_id"], employee._fields["active"]],
            )

        return to_sql

    def _get_department_sql(self, user_id):
        """Condition: the user works in one of the audience's departments or below."""
        employee = self.env["hr.employee"]
        to_flush = [
            self._fields["department_ids"],
            employee._fields["user_id"],
            employee._fields["active"],
            employee._fields["current_version_id"],
            self.env["hr.version"]._fields["department_id"],
            self.env["hr.department"]._fields["parent_path"],
        ]

        def to_sql(model, alias, query):
            # SQL: the tree is walked by the paths both departments keep.
            return SQL(
                """EXISTS (
                    SELECT 1
                      FROM spoc_audience_department_rel rel
                      JOIN hr_department wide ON wide.id = rel.department_id
                      JOIN hr_department own
                        ON own.parent_path LIKE wide.parent_path || '%%'
                      JOIN hr_version v ON v.department_id = own.id
                      JOIN hr_employee e ON e.current_version_id = v.id
                     WHERE rel.audience_id = %s AND e.active AND e.user_id = %s
                )""",
                SQL.identifier(alias, "id"),
                user_id,
                to_flush=to_flush,
            )

        return to_sql

    @api.depends("scope", "department_ids.name")
    @api.depends_context("lang")
    def _compute_description_text(self):
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        for audience in self:
            # sudo: an outside customer may not read departments, only their names
            # in this sentence.
            names = audience.sudo().department_ids.mapped("name")
            if audience.scope == "employees" and names:
                audience.description_text = self.env._(
                    "Employees of %(departments)s and below",
                    departments=", ".join(names),
                )
            else:
                audience.description_text = scopes.get(audience.scope, "")

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "employees":
            self.department_ids = False

    @api.constrains("scope", "department_ids")
    def _check_departments(self):
        for audience in self:
            if audience.department_ids and audience.scope != "employees":
                raise UserError(
                    self.env._("Only an audience of employees may name departments.")
                )
