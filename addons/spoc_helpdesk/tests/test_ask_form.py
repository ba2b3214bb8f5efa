from odoo import Command
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestAskForm(HelpdeskCommon):
    """Forms of every type become answers; asked for others, tickets of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["spoc.form"].create({"name": "Workplace"})
        cls.q = {}
        cls._question("Kind", "choice", options_text="Office\nLaboratory")
        cls._question("Which laboratory", "text")
        cls._question("Urgent", "boolean", required=True)
        cls._question("Day", "date")
        cls._question("Things", "rows", max_rows=5)
        cls._question("Thing", "text", parent=cls.q["Things"], required=True)
        cls._question("Number", "integer", parent=cls.q["Things"])
        cls._question("Department", "department")
        cls._question("Picture", "file", max_files=2)
        cls._question("Read this", "info")
        cls.env["spoc.form.condition"].create(
            {
                "question_id": cls.q["Which laboratory"].id,
                "source_id": cls.q["Kind"].id,
                "operator": "is",
                "value_option_ids": [Command.set(cls.q["Kind"].option_ids[1].ids)],
            }
        )
        cls.service.form_id = cls.form
        cls.department = cls.env["hr.department"].create({"name": "Research"})
        cls.employees = cls.env["hr.employee"].create(
            [
                {"name": user.name, "user_id": user.id}
                for user in (cls.requester, cls.outsider)
            ]
            + [{"name": "No Account", "department_id": cls.department.id}]
        )

    @classmethod
    def _question(cls, label, kind, parent=None, **values):
        cls.q[label] = cls.env["spoc.form.question"].create(
            {
                "form_id": cls.form.id,
                "parent_id": parent.id if parent else False,
                "label": label,
                "type": kind,
                "sequence": len(cls.q),
                **values,
            }
        )

    def _ask(self, people=None, user=None, **answers):
        user = user or self.requester
        answers = {"Urgent": "no", **answers}
        return (
            self.env["spoc.ticket"]
            .with_user(user)
            ._spoc_ask(
                self.service.with_user(user),
                {self.q[label].id: raw for label, raw in answers.items()},
                people=people,
            )
        )

    def _rows(self, *rows):
        return [
            {self.q["Thing"].id: thing, self.q["Number"].id: number}
            for thing, number in rows
        ]

    def test_stored_in_words_and_as_data(self):
        ticket, errors = self._ask(
            Kind=self.q["Kind"].option_ids[0].id,
            Day="2026-12-01",
            Things=self._rows(("Chair", "2"), ("", ""), ("Desk", "")),
            Department=self.department.id,
            Picture=[{"name": "a.png", "size": 3, "content": b"png"}],
        )
        self.assertFalse(errors)
        answers = {a.question_text: a for a in ticket.sudo().answer_ids}
        number = str(self.q["Number"].id)
        thing = str(self.q["Thing"].id)
        for label, words, data in (
            ("Kind", "Office", self.q["Kind"].option_ids[0].id),
            ("Urgent", "No", False),
            ("Day", "12/01/2026", "2026-12-01"),
            (
                "Things",
                "1. Thing: Chair; Number: 2\n2. Thing: Desk",
                [{thing: "Chair", number: 2}, {thing: "Desk"}],
            ),
            ("Department", "Research", self.department.id),
            ("Picture", "a.png", [{"name": "a.png", "size": 3}]),
        ):
            self.assertEqual(answers[label].value_text, words)
            self.assertEqual(answers[label].value_json, data)
            self.assertEqual(answers[label].form_version, self.form.version)
        self.assertEqual(answers["Picture"].attachment_ids.raw, b"png")
        self.assertNotIn("Read this", answers)
        self.assertEqual(ticket.requested_for_id, self.requester.partner_id)

    def test_hidden_answers_are_never_stored(self):
        ticket, errors = self._ask(
            **{
                "Kind": self.q["Kind"].option_ids[0].id,
                "Which laboratory": "Forged",
            }
        )
        self.assertFalse(errors)
        self.assertNotIn("Forged", ticket.sudo().answer_ids.mapped("value_text"))
        ticket, errors = self._ask(
            **{
                "Kind": self.q["Kind"].option_ids[1].id,
                "Which laboratory": "L-1",
            }
        )
        self.assertIn("L-1", ticket.sudo().answer_ids.mapped("value_text"))

    def test_faults_store_nothing(self):
        before = self.env["spoc.ticket"].search_count([])
        tickets, errors = self._ask(
            Urgent="",
            Things=self._rows(("", "3")),
            Department=2**30,
            Picture=[{"name": "a.exe", "size": 3, "content": b"exe"}],
        )
        self.assertFalse(tickets)
        self.assertEqual(
            set(errors),
            {
                self.q["Urgent"].id,
                f"{self.q['Things'].id}:0:{self.q['Thing'].id}",
                self.q["Department"].id,
                self.q["Picture"].id,
            },
        )
        self.assertEqual(self.env["spoc.ticket"].search_count([]), before)

    def test_words_of_requester_stay_text(self):
        evil = "<img src=x onerror=alert(1)>"
        ticket, _errors = self._ask(Things=self._rows((evil, "1")))
        self.assertIn(evil, ticket.sudo().answer_ids[1].value_text)

    def test_asked_for_another(self):
        other = self.employees[1]
        _tickets, errors = self._ask(people=[other.id])
        self.assertIn("for_whom", errors)
        self.form.ask_for = "other"
        ticket, errors = self._ask(people=[str(other.id)])
        self.assertFalse(errors)
        self.assertEqual(ticket.requester_id, self.requester.partner_id)
        self.assertEqual(ticket.sudo().requested_for_id, self.outsider.partner_id)
        # Whom it is for sees nothing of it unless it is shared with them.
        self.assertFalse(ticket.with_user(self.outsider).has_access("read"))

    def test_each_of_several_people_gets_a_ticket(self):
        self.form.write({"ask_for": "several", "ask_for_limit": 3})
        picture = [{"name": "a.png", "size": 3, "content": b"png"}]
        tickets, errors = self._ask(people=self.employees.ids, Picture=picture)
        self.assertFalse(errors)
        self.assertEqual(len(tickets), 3)
        self.assertEqual(
            tickets.sudo().requested_for_id,
            self.requester.partner_id
            | self.outsider.partner_id
            | self.employees[2].work_contact_id,
        )
        for ticket in tickets.sudo():
            self.assertEqual(len(ticket.answer_ids), 2)
            files = ticket.answer_ids.attachment_ids
            self.assertEqual((files.res_id, files.raw), (ticket.id, b"png"))
        self.form.ask_for_limit = 2
        tickets, errors = self._ask(people=self.employees.ids)
        self.assertFalse(tickets)
        self.assertIn("for_whom", errors)

    def test_outside_the_rule(self):
        self.form.write({"ask_for": "other", "ask_for_scope": "reports"})
        _tickets, errors = self._ask(people=self.employees[1].ids)
        self.assertIn("for_whom", errors)
        self.employees[1].parent_id = self.employees[0]
        tickets, errors = self._ask(people=self.employees[1].ids)
        self.assertFalse(errors)
        self.assertTrue(tickets)
        _tickets, errors = self._ask(people=self.employees[1].ids, user=self.customer)
        self.assertIn("for_whom", errors)

    def test_each_person_belongs_to_the_audience(self):
        self.form.write({"ask_for": "several", "ask_for_limit": 3})
        self.employees[0].department_id = self.department
        self.service.audience_ids = self.env["spoc.audience"].create(
            {"name": "Research", "department_ids": [Command.set(self.department.ids)]}
        )
        before = self.env["spoc.ticket"].search_count([])
        tickets, errors = self._ask(people=self.employees.ids)
        self.assertFalse(tickets)
        self.assertEqual(set(errors), {"for_whom"})
        self.assertIn(self.outsider.name, errors["for_whom"])
        self.assertNotIn("No Account", errors["for_whom"])
        self.assertEqual(self.env["spoc.ticket"].search_count([]), before)
        tickets, errors = self._ask(people=(self.employees[0] | self.employees[2]).ids)
        self.assertFalse(errors)
        self.assertEqual(len(tickets), 2)

    def test_requested_for_follows_the_requester(self):
        ticket = self.env["spoc.ticket"].create(
            {
                "name": "By phone",
                "desk_id": self.desk.id,
                "requester_id": self.customer.partner_id.id,
            }
        )
        self.assertEqual(ticket.requested_for_id, self.customer.partner_id)
        ticket.requester_id = self.requester.partner_id
        self.assertEqual(ticket.requested_for_id, self.requester.partner_id)
        ticket.requested_for_id = self.outsider.partner_id
        ticket.requester_id = self.customer.partner_id
        self.assertEqual(ticket.requested_for_id, self.outsider.partner_id)
