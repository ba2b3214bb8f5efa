from odoo.fields import Command

from odoo.addons.spoc_helpdesk.tests.common import HelpdeskCommon


class EsmCommon(HelpdeskCommon):
    """The people and desks of the helpdesk's tests, in departments and at places.

    ``requester`` works in ``sales`` at ``harbour`` under ``boss``, ``outsider`` in
    ``sales`` at ``office``; ``site_desk`` answers for ``harbour``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Department = cls.env["hr.department"]
        cls.company_department = Department.create({"name": "Trade"})
        cls.sales = Department.create(
            {"name": "Sales", "parent_id": cls.company_department.id}
        )
        Place = cls.env["hr.work.location"]
        address = cls.env.company.partner_id.id
        cls.harbour = Place.create({"name": "Harbour", "address_id": address})
        cls.office = Place.create({"name": "Office", "address_id": address})
        Employee = cls.env["hr.employee"]
        cls.boss = Employee.create({"name": "The Boss"})
        for user, place in ((cls.requester, cls.harbour), (cls.outsider, cls.office)):
            Employee.create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "department_id": cls.sales.id,
                    "parent_id": cls.boss.id,
                    "work_location_id": place.id,
                    "job_title": "Seller",
                }
            )
        cls.site_desk = cls.desk.copy(
            {
                "name": "On the spot",
                "code": "SPT",
                "member_ids": [Command.set(cls.liner.ids)],
                "work_location_ids": [Command.set(cls.harbour.ids)],
            }
        )

    def _ask(self, user, **vals):
        """A ticket of the common service, asked in the window by ``user``."""
        ticket, errors = (
            self.env["spoc.ticket"]
            .with_user(user)
            ._spoc_ask(self.service, {}, "It does not work", **vals)
        )
        self.assertFalse(errors)
        return ticket.sudo()
