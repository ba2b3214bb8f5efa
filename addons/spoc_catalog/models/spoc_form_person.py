"""What the directory knows about the person who fills in a form."""

from odoo import api, models
from odoo.tools import SQL

#: What a question may be filled in with: path from the user -> label. Only what is
#: listed here is ever read.
PREFILLS = {
    "name": "Name",
    "email": "E-mail address",
    "phone": "Phone",
    "company_id": "Company",
    "partner_id.city": "City",
    "partner_id.country_id": "Country",
    "employee_id": "The person",
    "employee_id.job_title": "Job title",
    "employee_id.job_id": "Job position",
    "employee_id.department_id": "Department",
    "employee_id.department_id.manager_id": "Manager of the department",
    "employee_id.parent_id": "Manager",
    "employee_id.parent_id.work_email": "E-mail address of the manager",
    "employee_id.parent_id.work_phone": "Phone of the manager",
    "employee_id.work_email": "Work e-mail address",
    "employee_id.work_phone": "Work phone",
    "employee_id.mobile_phone": "Work mobile",
    "employee_id.work_location_id": "Work location",
    "employee_id.work_location_id.address_id": "Address of the work location",
    "employee_id.address_id": "Work address",
}

# What a condition may look at of the employee a user is.
EMPLOYEE_ROW = """
SELECT e.id, v.job_id, v.work_location_id,
       d.parent_path AS department_path,
       country.code AS country_code,
       EXISTS (SELECT 1 FROM hr_employee r WHERE r.parent_id = e.id AND r.active)
       OR EXISTS (SELECT 1 FROM hr_department led
                   WHERE led.manager_id = e.id AND led.active) AS manages,
       ARRAY(SELECT rel.category_id FROM employee_category_rel rel
              WHERE rel.employee_id = e.id ORDER BY rel.category_id) AS tags
  FROM hr_employee e
  LEFT JOIN hr_version v ON v.id = e.current_version_id
  LEFT JOIN hr_department d ON d.id = v.department_id
  LEFT JOIN res_partner address ON address.id = v.address_id
  LEFT JOIN res_country country ON country.id = address.country_id
 WHERE e.user_id = %(user)s AND e.active
 ORDER BY e.company_id = %(company)s DESC, e.id
 LIMIT 1
"""
# The fields it reads, by model.
EMPLOYEE_FIELDS = {
    "hr.employee": (
        "user_id",
        "active",
        "parent_id",
        "category_ids",
        "current_version_id",
    ),
    "hr.version": ("job_id", "work_location_id", "department_id", "address_id"),
    "hr.department": ("parent_path", "manager_id"),
    "res.partner": ("country_id",),
}


class SpocForm(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.form"

    @api.model
    def _spoc_person_facts(self, user=None):
        """Facts a condition may look at, in one query.

        :param user: res.users, the current one by default
        :return: dictionary as ``person`` of ``form_rules``: ``employee``, ``manager``
            (booleans), ``departments`` (own and all above), ``job``, ``location``,
            ``company`` (ids or ``None``), ``country`` (code), ``tags`` (ids)
        """
        user = user or self.env.user
        row = self._get_employee_row(user)
        path = (row.get("department_path") or "").strip("/")
        return {
            # As audiences see it: internal users and whoever has an employee record.
            "employee": bool(row) or not user.share,
            "manager": bool(row.get("manages")),
            "departments": [int(part) for part in path.split("/") if part],
            "job": row.get("job_id"),
            "location": row.get("work_location_id"),
            "company": user.company_id.id,
            "country": row.get("country_code") or "",
            "tags": row.get("tags") or [],
        }

    def _get_employee_row(self, user):
        """Plain facts about the employee a user is, ``{}`` for none."""
        # SQL: a portal user may not read employees, yet these are their own facts;
        # one query instead of one per relation.
        rows = self.env.execute_query_dict(
            SQL(
                EMPLOYEE_ROW,
                user=user.id,
                company=self.env.company.id,
                to_flush=[
                    self.env[model]._fields[name]
                    for model, names in EMPLOYEE_FIELDS.items()
                    for name in names
                ],
            )
        )
        return rows[0] if rows else {}

    @api.model
    def _spoc_prefill(self, question, user):
        """Raw answer the directory gives for a question.

        :param question: spoc.form.question with a ``prefill``
        :param user: res.users it is filled in for
        :return: text, the id of a record for a question that picks from its model,
            or ``None``
        """
        if question.prefill not in PREFILLS:
            return None
        # sudo: the person's own entry in the directory, along a fixed list of paths;
        # a portal user who is an employee may not read it otherwise.
        value = user.sudo()
        *path, last = question.prefill.split(".")
        for name in path:
            value = value[name]
        value = value[last]
        if not isinstance(value, models.BaseModel):
            return value or None
        if not value:
            return None
        if question._spoc_get_model() == value._name:
            return value.id
        if last == "address_id":
            lines = value._display_address(without_company=True).splitlines()
            return ", ".join(line.strip() for line in lines if line.strip()) or None
        return value.display_name
