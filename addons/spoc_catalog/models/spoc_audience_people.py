"""Facts of the directory that audiences are about.

Written in SQL: one relation of people, users and employments joined, is read for one
person in one small query over indexes, and for all people at once to tell who belongs
to an audience. By the ORM that would be a query per relation, with rights that portal
users do not have.
"""

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL

from ..audience_rules import PERSON_KINDS

#: Columns of the people relation for the kinds of an employment.
EMPLOYMENT_COLUMNS = {
    "company": "company_id",
    "job": "job_id",
    "location": "work_location_id",
    "country": "country_id",
}

# SQL: what _get_rows_sql says of all people, of one user in small steps. Every page of
# the window asks for it, and to plan a statement with all the joins takes longer than
# to look into each table.
USER_FACTS = """
CREATE OR REPLACE FUNCTION spoc_user_facts(wanted int) RETURNS SETOF json
LANGUAGE plpgsql STABLE AS $$
DECLARE
    person record; job record; run record; own record; place int; far int;
    desks int[]; led int[]; marks int[]; tags int[]; leads boolean;
BEGIN
    SELECT id, partner_id, share, company_id INTO own FROM res_users WHERE id = wanted;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT id, commercial_partner_id, country_id INTO person
      FROM res_partner WHERE id = own.partner_id;
    far := person.country_id;
    IF far IS NULL THEN
        SELECT country_id INTO far FROM res_partner
         WHERE id = person.commercial_partner_id;
    END IF;
    marks := ARRAY(SELECT category_id FROM res_partner_res_partner_category_rel
                    WHERE partner_id IN (person.id, person.commercial_partner_id));
    desks := ARRAY(SELECT desk_id FROM spoc_desk_member_rel
                    WHERE user_id = wanted ORDER BY desk_id);
    led := ARRAY(SELECT id FROM spoc_desk WHERE manager_id = wanted ORDER BY id);
    FOR run IN
        SELECT id, company_id, current_version_id FROM hr_employee
         WHERE active AND user_id = wanted
        UNION ALL
        SELECT NULL, NULL, NULL
         WHERE NOT EXISTS (SELECT FROM hr_employee WHERE active AND user_id = wanted)
    LOOP
        SELECT department_id, job_id, work_location_id, address_id INTO job
          FROM hr_version WHERE id = run.current_version_id;
        SELECT country_id INTO place FROM res_partner WHERE id = job.address_id;
        tags := ARRAY(SELECT category_id FROM employee_category_rel
                       WHERE employee_id = run.id);
        leads := EXISTS (SELECT FROM hr_employee WHERE active AND parent_id = run.id)
              OR EXISTS (SELECT FROM hr_department
                          WHERE active AND manager_id = run.id);
        RETURN NEXT json_build_object(
            'partner_id', person.id, 'user_id', own.id, 'share', own.share,
            'employee_id', run.id,
            'company_id', COALESCE(run.company_id, own.company_id),
            'job_id', job.job_id, 'work_location_id', job.work_location_id,
            'parent_path', (SELECT parent_path FROM hr_department
                             WHERE id = job.department_id),
            'country_id', COALESCE(place, far),
            'tags', tags, 'contact_tags', marks, 'desks', desks, 'led_desks', led,
            'manager', leads);
    END LOOP;
END $$
"""


class SpocAudience(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.audience"

    @api.model
    def _spoc_facts(self, partners):
        """What audiences look at, for any people, in one query.

        For people without a sign-in, the employee is the one they are the work
        contact of.

        :param partners: res.partner
        :return: dict partner id -> facts as told in ``audience_rules``
        """
        if not partners:
            return {}
        rows = self._get_people_rows(
            SQL("p.id IN %s", tuple(partners.ids)), SQL("u.active"), by_contact=True
        )
        facts = {}
        for partner_id in partners.ids:
            mine = [row for row in rows if row["partner_id"] == partner_id]
            # Of several sign-ins of one person the innermost counts.
            mine.sort(key=lambda row: (bool(row["share"]), row["user_id"] or 0))
            mine = [row for row in mine if row["user_id"] == mine[0]["user_id"]]
            facts[partner_id] = self._get_facts(mine)
        return facts

    @api.model
    def _spoc_user_facts(self, user):
        """The same for one user."""
        # SQL: a function of small steps, see USER_FACTS.
        rows = self.env.execute_query(
            SQL(
                "SELECT * FROM spoc_user_facts(%s)",
                user.id,
                to_flush=self._get_people_fields(),
            )
        )
        return self._get_facts([row for (row,) in rows])

    def init(self):
        """The function that reads the facts of one user."""
        # SQL: functions are not ORM objects.
        self.env.cr.execute(USER_FACTS)

    def _get_facts(self, rows):
        """Facts from the rows of one person, one row an employment."""
        if not rows:
            return {
                "scopes": ["everyone"],
                "person": {},
                "employments": [{}],
                "desks": [],
                "led_desks": [],
            }
        first = rows[0]
        inner = first["share"] is False or bool(first["employee_id"])
        user = self.env["res.users"].browse(first["user_id"] or ())
        return {
            "scopes": ["everyone", "employees" if inner else "customers"],
            "person": {
                "person": [first["partner_id"]],
                # sudo: groups of somebody else, for the rules only.
                "group": list(user.sudo()._get_group_ids()) if user else [],
                "contact_tag": first["contact_tags"],
            },
            "employments": [self._get_employment(row) for row in rows],
            "desks": first["desks"],
            "led_desks": first["led_desks"],
        }

    def _get_employment(self, row):
        path = (row["parent_path"] or "").strip("/").split("/")
        employment = {
            kind: [row[column]] if row[column] else []
            for kind, column in EMPLOYMENT_COLUMNS.items()
        }
        employment["department"] = [int(part) for part in path if part]
        employment["tag"] = row["tags"]
        employment["manager"] = [1] if row["manager"] else []
        return employment

    def _get_people_rows(self, where, user_condition, by_contact=False):
        """Rows of the people relation, with what is kept in tables beside it."""
        # SQL: one small query over indexes for a person; sub-selects, not joins,
        # so that a row stays an employment.
        return self.env.execute_query_dict(
            SQL(
                "%s",
                self._get_rows_sql(where, user_condition, by_contact),
                to_flush=self._get_people_fields(),
            )
        )

    def _get_rows_sql(self, where, user_condition, by_contact=False):
        return SQL(
            """SELECT people.*,
                      ARRAY(SELECT t.category_id FROM employee_category_rel t
                             WHERE t.employee_id = people.employee_id) AS tags,
                      ARRAY(SELECT t.category_id
                              FROM res_partner_res_partner_category_rel t
                             WHERE t.partner_id IN (people.partner_id,
                                                    people.commercial_id)
                           ) AS contact_tags,
                      ARRAY(SELECT m.desk_id FROM spoc_desk_member_rel m
                             WHERE m.user_id = people.user_id
                             ORDER BY m.desk_id) AS desks,
                      ARRAY(SELECT l.id FROM spoc_desk l
                             WHERE l.manager_id = people.user_id
                             ORDER BY l.id) AS led_desks,
                      %s AS manager
                 FROM (%s WHERE %s) people""",
            self._get_manager_sql(),
            self._get_people_sql(user_condition, by_contact),
            where,
        )

    def _get_manager_sql(self):
        """Condition on ``people``: the employee leads somebody or a department."""
        return SQL(
            """(EXISTS (SELECT 1 FROM hr_employee s
                         WHERE s.active AND s.parent_id = people.employee_id)
                OR EXISTS (SELECT 1 FROM hr_department s
                            WHERE s.active AND s.manager_id = people.employee_id))"""
        )

    def _get_people_sql(self, user_condition, by_contact=False):
        """All people with what their employments say, one row an employment.

        :param SQL user_condition: on ``u``, which users count
        :param bool by_contact: also contacts without a user, by their employee
        """
        employee = SQL("e.user_id = u.id")
        if by_contact:
            employee = SQL(
                "(%s OR u.id IS NULL AND e.work_contact_id = p.id)", employee
            )
        return SQL(
            """SELECT p.id AS partner_id, p.commercial_partner_id AS commercial_id,
                      u.id AS user_id, u.share, e.id AS employee_id,
                      COALESCE(e.company_id, u.company_id) AS company_id,
                      v.job_id, v.work_location_id, d.parent_path,
                      COALESCE(w.country_id, p.country_id, c.country_id) AS country_id
                 FROM res_partner p
                 %s JOIN res_users u ON u.partner_id = p.id AND %s
                 LEFT JOIN res_partner c ON c.id = p.commercial_partner_id
                 LEFT JOIN hr_employee e ON e.active AND %s
                 LEFT JOIN hr_version v ON v.id = e.current_version_id
                 LEFT JOIN hr_department d ON d.id = v.department_id
                 LEFT JOIN res_partner w ON w.id = v.address_id""",
            SQL("LEFT") if by_contact else SQL("INNER"),
            user_condition,
            employee,
        )

    def _get_people_fields(self):
        """Fields the people relation reads, to be flushed before."""
        names = {
            "res.partner": ["commercial_partner_id", "country_id", "category_id"],
            "res.users": ["partner_id", "active", "share", "company_id"],
            "hr.employee": [
                "active",
                "user_id",
                "company_id",
                "current_version_id",
                "work_contact_id",
                "parent_id",
                "category_ids",
            ],
            "hr.version": [
                "department_id",
                "job_id",
                "work_location_id",
                "address_id",
            ],
            "hr.department": ["parent_path", "manager_id", "active"],
            "spoc.desk": ["member_ids", "manager_id"],
        }
        return [
            self.env[model]._fields[name]
            for model, fields_ in names.items()
            for name in fields_
        ]


class Facts(fields.Json):
    """Facts are read many times for a page and never changed: not copied each time."""

    def convert_to_record(self, value, record):
        """The value itself, see above."""
        return value or None


class ResUsers(models.Model):
    _inherit = "res.users"

    # What audiences look at, kept for as long as a transaction.
    spoc_facts = Facts(
        compute="_compute_spoc_facts",
        compute_sudo=True,
        groups=NO_ACCESS,
        export_string_translation=False,
    )
    spoc_audience_ids = fields.Many2many(
        "spoc.audience",
        string="Audiences",
        store=False,
        search="_search_spoc_audience_ids",
        groups="spoc_catalog.group_catalog_editor",
        export_string_translation=False,
    )

    # Not stored: the dependencies say when to look again within a transaction.
    @api.depends(
        "share",
        "company_id",
        "group_ids",
        "partner_id.country_id",
        "partner_id.category_id",
        "partner_id.commercial_partner_id.country_id",
        "partner_id.commercial_partner_id.category_id",
        "employee_ids.active",
        "employee_ids.company_id",
        "employee_ids.category_ids",
        "employee_ids.child_ids.active",
        "employee_ids.current_version_id.department_id.parent_path",
        "employee_ids.current_version_id.job_id",
        "employee_ids.current_version_id.work_location_id",
        "employee_ids.current_version_id.address_id.country_id",
    )
    def _compute_spoc_facts(self):
        for user in self:
            user.spoc_facts = self.env["spoc.audience"]._spoc_user_facts(user)

    def _search_spoc_audience_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        audiences = self.env["spoc.audience"].browse(value)
        # Groups of a field do not keep others from searching by it.
        audiences.check_access("write")
        return self._spoc_members_domain(
            [audience._spoc_compile() for audience in audiences]
        )

    @api.model
    def _spoc_members_domain(self, audiences):
        """Users who belong to one of the audiences.

        :param list audiences: compiled, see ``audience_rules``
        """

        def to_sql(model, alias, query):
            members = [self._get_members_sql(audience) for audience in audiences]
            return SQL(
                "%s IN (%s)",
                SQL.identifier(alias, "id"),
                SQL(" UNION ALL ").join(members) or SQL("NULL"),
            )

        return Domain.custom(to_sql=to_sql)

    def _get_members_sql(self, audience):
        """Ids of the users in an audience, set-based.

        SQL: the other way round than ``spoc.audience._spoc_mine_ids``: one audience
        against all people at once.
        """
        Audience = self.env["spoc.audience"]
        lines = {"allow": [], "deny": []}
        for line in audience["lines"]:
            lines[line["effect"]].append(self._get_line_sql(line["kinds"]))
        return SQL(
            """SELECT people.user_id FROM (%s) people
                GROUP BY people.user_id
               HAVING %s AND bool_or(%s) AND NOT bool_or(%s)""",
            Audience._get_people_sql(SQL("u.active")),
            {
                "everyone": SQL("TRUE"),
                "employees": SQL(
                    "bool_or(people.share IS NOT TRUE"
                    " OR people.employee_id IS NOT NULL)"
                ),
                "customers": SQL(
                    "bool_and(people.share AND people.employee_id IS NULL)"
                ),
            }[audience["scope"]],
            SQL(" OR ").join(lines["allow"]) or SQL("TRUE"),
            SQL(" OR ").join(lines["deny"]) or SQL("FALSE"),
            to_flush=[*Audience._get_people_fields(), self._fields["group_ids"]],
        )

    def _get_line_sql(self, kinds):
        """Condition on ``people``: the row is in the line."""
        parts = [self._get_kind_sql(kind, tuple(ids)) for kind, ids in kinds.items()]
        # A line that says nothing holds nobody.
        return SQL("(%s)", SQL(" AND ").join(parts) or SQL("FALSE"))

    def _get_kind_sql(self, kind, ids):
        if kind in EMPLOYMENT_COLUMNS:
            # A missing value is no match, also below the NOT around lines that deny.
            return SQL(
                "COALESCE(%s IN %s, FALSE)",
                SQL.identifier("people", EMPLOYMENT_COLUMNS[kind]),
                ids,
            )
        if kind == "department":
            return SQL(
                "COALESCE(string_to_array(trim('/' FROM people.parent_path), '/')"
                "::int[] && %s, FALSE)",
                list(ids),
            )
        if kind == "manager":
            return self.env["spoc.audience"]._get_manager_sql()
        if kind == "tag":
            return SQL(
                "people.employee_id IN (SELECT t.employee_id"
                " FROM employee_category_rel t WHERE t.category_id IN %s) IS TRUE",
                ids,
            )
        assert kind in PERSON_KINDS
        return self._get_person_kind_sql(kind, ids)

    def _get_person_kind_sql(self, kind, ids):
        if kind == "person":
            return SQL("people.partner_id IN %s", ids)
        if kind == "contact_tag":
            tagged = SQL(
                "SELECT t.partner_id FROM res_partner_res_partner_category_rel t"
                " WHERE t.category_id IN %s",
                ids,
            )
            return SQL(
                "(people.partner_id IN (%s) OR people.commercial_id IN (%s) IS TRUE)",
                tagged,
                tagged,
            )
        # sudo: which groups include which is no secret, but not readable for all.
        groups = self.env["res.groups"].sudo().browse(ids)
        return SQL(
            "people.user_id IN (SELECT r.uid FROM res_groups_users_rel r"
            " WHERE r.gid IN %s)",
            tuple((groups | groups.all_implied_by_ids).ids),
        )
