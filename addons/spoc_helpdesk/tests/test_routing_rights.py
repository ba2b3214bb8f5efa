from odoo.exceptions import AccessError
from odoo.tests import tagged

from .routing_common import RoutingCommon


@tagged("post_install", "-at_install")
class TestRoutingRights(RoutingCommon):
    """The forbidden cases of what routing keeps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = cls._person("t_editor", "spoc_catalog.group_catalog_editor")
        cls.other_manager = cls._person("t_manager_two", "spoc_catalog.group_manager")
        cls.line.manager_id = cls.other_manager
        cls.public = cls.env.ref("base.public_user")
        experience = {"month": "2026-01-01", "solved": 3}
        cls.proven, cls.proven_hr = cls.env["spoc.experience"].create(
            [
                {
                    **experience,
                    "user_id": cls.agent.id,
                    "desk_id": cls.desk.id,
                    "service_id": cls.service.id,
                },
                {
                    **experience,
                    "user_id": cls.hr_agent.id,
                    "desk_id": cls.hr.id,
                    "service_id": cls.hr_service.id,
                },
            ]
        )
        cls.limit, cls.limit_hr = cls.env["spoc.desk.limit"].create(
            [
                {"desk_id": cls.desk.id, "user_id": cls.agent.id, "capacity": 3},
                {"desk_id": cls.hr.id, "user_id": cls.hr_agent.id, "capacity": 3},
            ]
        )
        cls.need, cls.need_hr = cls.env["spoc.skill.need"].create(
            [
                {"service_id": cls.service.id, "skill_id": cls.skill.id},
                {"service_id": cls.hr_service.id, "skill_id": cls.skill.id},
            ]
        )

    def setUp(self):
        super().setUp()
        self._teach(self.employee, self.some)

    def _table(self):
        """Per record: who reads it, who changes it."""
        return [
            (self.proven, "agent manager admin", ""),
            (self.proven_hr, "hr_agent", ""),
            (self.limit, "agent agent2 manager admin", "manager admin"),
            (self.limit_hr, "hr_agent", ""),
            (self.need, "agent agent2 manager admin editor", "admin editor"),
            (self.need_hr, "hr_agent admin editor", "admin editor"),
        ]

    def test_table(self):
        people = (
            "agent agent2 manager other_manager liner hr_agent admin editor requester "
            "outsider customer public"
        )
        for record, readers, writers in self._table():
            for name in people.split():
                mine = record.with_user(getattr(self, name))
                with self.subTest(name, record=record):
                    self.assertEqual(mine.has_access("read"), name in readers.split())
                    for operation in ("write", "unlink"):
                        self.assertEqual(
                            mine.has_access(operation), name in writers.split()
                        )

    def test_counts_tell_nothing(self):
        for name in ("agent2", "liner", "other_manager"):
            Experience = self.env["spoc.experience"].with_user(getattr(self, name))
            self.assertFalse(Experience.search_count([]))
            self.assertFalse(Experience._read_group([], ["user_id"], ["solved:sum"]))

    def test_no_limit_for_another_desk(self):
        for user in (self.other_manager, self.agent):
            with self.assertRaises(AccessError):
                self.env["spoc.desk.limit"].with_user(user).create(
                    {"desk_id": self.desk.id, "user_id": self.agent2.id, "capacity": 0}
                )
        with self.assertRaises(AccessError):
            self.limit.with_user(self.manager).desk_id = self.line

    def test_settings_of_another_desk(self):
        self.desk.with_user(self.manager).weight_load = 3
        for user in (self.other_manager, self.agent, self.requester):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.desk.with_user(user).overflow_desk_id = self.line

    def test_results_are_not_written(self):
        ticket = self._ask()
        for vals in (
            {"nobody_fits": True},
            {"let_lie_by_id": self.agent.id},
            {"overflowed_from_id": self.line.id},
            {"routing_note": {}},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                ticket.with_user(self.agent).write(vals)

    def test_inner_fields(self):
        """The requester learns nothing of how the desk chooses."""
        ticket = self._ask()
        mine = ticket.with_user(self.requester)
        for name in ("routing_table", "nobody_fits", "let_lie_by_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                mine.read([name])
        for field in ("skill_need_ids", "nobody_can_take", "pool_words"):
            with self.subTest(field), self.assertRaises(AccessError):
                self.service.with_user(self.requester).read([field])

    def test_who_fits_is_the_desks(self):
        ticket = self._ask()
        for user in (self.liner, self.requester, self.outsider, self.admin):
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).action_who_fits()
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user)._spoc_give(self.agent2)
        fit = self.env["spoc.ticket.fit"].browse(
            ticket.with_user(self.agent).action_who_fits()["res_id"]
        )
        with self.assertRaises(AccessError):
            fit.line_ids[0].with_user(self.liner).action_give()

    def test_replay_is_the_managers(self):
        vals = {"date_from": "2026-03-02", "date_to": "2026-03-02"}
        self._ask()
        Play = self.env["spoc.routing.simulation"]
        for user, desk in (
            (self.other_manager, self.desk),
            (self.admin, self.hr),
            (self.manager, self.hr),
        ):
            play = Play.with_user(user).create({**vals, "desk_id": desk.id})
            with self.subTest(user.login), self.assertRaises(AccessError):
                play.action_play()
        for user in (self.agent, self.requester, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Play.with_user(user).create({**vals, "desk_id": self.desk.id})
        play = Play.with_user(self.manager).create({**vals, "desk_id": self.desk.id})
        play.action_play()
        for lines in (play.agent_line_ids, play.ticket_line_ids):
            self.assertTrue(lines)
            with self.assertRaises(AccessError):
                lines.with_user(self.other_manager).read(["display_name"])
