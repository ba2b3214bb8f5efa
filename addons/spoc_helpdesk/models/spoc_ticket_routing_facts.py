"""What routing has to know of the members of desks, in one query."""

from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import routing
from .spoc_experience import MONTHS

#: So far around a moment a shift is looked for.
BEFORE, AFTER = timedelta(hours=12), timedelta(hours=16)

MEMBERS = """
    SELECT m.desk_id, m.user_id
      FROM spoc_desk_member_rel m
      JOIN res_users u ON u.id = m.user_id AND u.active
     WHERE m.desk_id = ANY(%(desks)s)
       AND EXISTS (SELECT FROM res_groups_users_rel g
                    WHERE g.uid = m.user_id AND g.gid = ANY(%(groups)s))
"""

SKILLS = """
    SELECT e.user_id, s.skill_id, max(l.level_progress) AS level
      FROM hr_employee_skill s
      JOIN hr_employee e ON e.id = s.employee_id AND e.active
      JOIN hr_skill_level l ON l.id = s.skill_level_id
     WHERE e.user_id IN (SELECT user_id FROM member)
       AND s.skill_id = ANY(%(skills)s)
       AND s.valid_from <= %(today)s
       AND (s.valid_to IS NULL OR s.valid_to >= %(today)s)
     GROUP BY e.user_id, s.skill_id
"""

FACTS = f"""
WITH member AS ({MEMBERS})
SELECT 'member', desk_id, user_id, NULL::int, NULL::text, NULL::text,
       NULL::timestamp, NULL::timestamp
  FROM member
UNION ALL
SELECT 'resource', r.id, r.user_id, r.calendar_id, r.tz, c.tz,
       NULL, CASE WHEN c.flexible_hours THEN NULL ELSE timestamp 'epoch' END
  FROM resource_resource r
  LEFT JOIN resource_calendar c ON c.id = r.calendar_id
 WHERE r.active AND r.user_id IN (SELECT user_id FROM member)
UNION ALL
SELECT 'leave', l.resource_id, NULL, NULL, NULL, NULL, l.date_from, l.date_to
  FROM resource_calendar_leaves l
  JOIN resource_resource r ON r.id = l.resource_id
 WHERE r.user_id IN (SELECT user_id FROM member) AND l.time_type = 'leave'
   AND l.date_to > %(first)s AND l.date_from < %(last)s
UNION ALL
SELECT 'load', owner_id, count(*)::int, NULL, priority, NULL, NULL, NULL
  FROM spoc_ticket
 WHERE owner_id IN (SELECT user_id FROM member)
   AND state IN ('new', 'in_progress', 'waiting') AND id <> ALL(%(ignored)s)
 GROUP BY owner_id, priority
UNION ALL
SELECT DISTINCT 'known', owner_id, requester_id, NULL::int, NULL, NULL,
       NULL::timestamp, NULL::timestamp
  FROM spoc_ticket
 WHERE requester_id = ANY(%(requesters)s)
   AND owner_id IN (SELECT user_id FROM member) AND id <> ALL(%(ignored)s)
UNION ALL
SELECT 'limit', desk_id, user_id, NULL, capacity::text, NULL, NULL, NULL
  FROM spoc_desk_limit WHERE desk_id = ANY(%(desks)s)
"""

#: What is only asked where it counts, by the name of the parameter that says for what.
#: PostgreSQL plans the query anew for each ticket, whether it finds rows or not.
FURTHER = {
    "skills": f"""
UNION ALL
SELECT 'skill', user_id, skill_id, level, NULL, NULL, NULL, NULL
  FROM ({SKILLS}) skill
""",
    "services": """
UNION ALL
SELECT 'service', user_id, service_id, sum(solved)::int, NULL, NULL, NULL, NULL
  FROM spoc_experience
 WHERE service_id = ANY(%(services)s) AND month >= %(since)s
   AND user_id IN (SELECT user_id FROM member)
 GROUP BY user_id, service_id
""",
    "categories": """
UNION ALL
SELECT 'category', user_id, category_id, sum(solved)::int, NULL, NULL, NULL, NULL
  FROM spoc_experience
 WHERE category_id = ANY(%(categories)s) AND month >= %(since)s
   AND user_id IN (SELECT user_id FROM member)
 GROUP BY user_id, category_id
""",
}

#: Fields the query looks at: what is to be written of them is written before.
LOOKED_AT = {
    "spoc.desk": ["member_ids"],
    "res.users": ["active", "group_ids"],
    "resource.resource": ["user_id", "calendar_id", "tz", "active"],
    "resource.calendar": ["tz", "flexible_hours"],
    "resource.calendar.leaves": ["resource_id", "time_type", "date_from", "date_to"],
    "hr.employee": ["active", "user_id"],
    "hr.employee.skill": [
        "employee_id",
        "skill_id",
        "skill_level_id",
        "valid_from",
        "valid_to",
    ],
    "hr.skill.level": ["level_progress"],
    "spoc.ticket": ["owner_id", "requester_id", "priority", "state"],
    "spoc.experience": ["solved"],
    "spoc.desk.limit": ["capacity"],
}


class Facts:
    """What is known of the members of some desks, for the engine.

    :ivar members: desk id -> ids of its members who are agents
    :ivar skills: user id -> {skill id: level}
    :ivar load: user id -> Counter of open tickets by priority
    :ivar known: pairs (user id, requester id)
    :ivar experience: ("service" or "category", id) -> {user id: solved for good}
    :ivar limits: (desk id, user id) -> load, where it is not the desk's
    :ivar shifts: desk id -> {user id: time left, ``None`` without fixed hours}, of
        those on duty
    """

    def __init__(self):
        self.members = defaultdict(list)
        self.skills = defaultdict(dict)
        self.load = defaultdict(Counter)
        self.known = set()
        self.experience = defaultdict(dict)
        self.limits = {}
        self.shifts = {}
        self.resources = []
        self.leaves = defaultdict(list)

    def add(self, kind, one, two, three, text, zone, start, end):
        """Take in a row of the query."""
        if kind == "member":
            self.members[one].append(two)
        elif kind == "resource":
            self.resources.append((one, two, three, text or zone, zone, not end))
        elif kind == "leave":
            self.leaves[one].append((start, end))
        elif kind == "skill":
            self.skills[one][two] = three
        elif kind == "load":
            self.load[one][text] = two
        elif kind == "known":
            self.known.add((one, two))
        elif kind == "limit":
            self.limits[one, two] = float(text)
        else:
            self.experience[kind, two][one] = three

    def take(self, user_id, priority):
        """Somebody has got a ticket more."""
        self.load[user_id][priority] += 1

    def candidates(self, desk, ask, need):
        """Members of a desk as candidates for a ticket.

        :param desk: spoc.desk as superuser
        :param ask: values of the ticket, see ``spoc.ticket._spoc_ask_of``
        :param routing.Need need: what it asks for
        :rtype: list[routing.Candidate]
        """
        shifts = self.shifts[desk.id]
        solved = self.experience.get(ask["kind"], {})
        usual = desk.capacity or None
        return [
            routing.Candidate(
                id=user_id,
                skills=self.skills.get(user_id, {}),
                on_duty=user_id in shifts,
                load=sum(
                    desk._spoc_work(priority) * count
                    for priority, count in self.load[user_id].items()
                ),
                capacity=self.limits.get((desk.id, user_id), usual),
                known=(user_id, ask["requester_id"]) in self.known,
                experience=solved.get(user_id, 0),
                shift_left=shifts.get(user_id, timedelta(0)),
            )
            for user_id in self.members[desk.id]
        ]


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model
    def _spoc_gather(self, asks, hours):
        """What routing has to know, for all tickets at once.

        :param asks: list of dicts, see ``_spoc_ask_of``
        :param hours: working time of the desks, see ``_spoc_hours``
        :rtype: Facts
        """
        desk_ids = sorted({ask["desk_id"] for ask in asks})
        moments = {desk_id: hours.next_work(desk_id) for desk_id in desk_ids}
        known = [moment for moment in moments.values() if moment] or [hours.start]
        kinds = {ask["kind"] for ask in asks}
        today = fields.Date.context_today(self)
        # SQL: one query instead of eight; superuser's, for what is known of
        # colleagues is not an agent's to read: only the outcome is kept
        for model, names in LOOKED_AT.items():
            # sudo: whatever is to be written
            self.env[model].sudo().flush_model(names)
        asked = {
            "skills": sorted({skill for ask in asks for skill, _ in ask["needs"]}),
            "services": sorted(id_ for kind, id_ in kinds if id_ and kind == "service"),
            "categories": sorted(
                id_ for kind, id_ in kinds if id_ and kind == "category"
            ),
        }
        query = FACTS + "".join(FURTHER[name] for name, ids in asked.items() if ids)
        rows = self.env.execute_query(
            SQL(
                query,
                desks=desk_ids,
                groups=list(self.env["spoc.desk"]._spoc_agent_groups()),
                today=today,
                first=min(known) - BEFORE,
                last=max(known) + AFTER,
                requesters=sorted({a["requester_id"] for a in asks} - {None, False}),
                # What is routed again is not held against, or for, its last owner.
                ignored=sorted({ask["ticket_id"] for ask in asks} - {False}),
                since=fields.Date.subtract(today, months=MONTHS),
                **asked,
            )
        )
        facts = Facts()
        for row in rows:
            facts.add(*row)
        for desk_id, moment in moments.items():
            facts.shifts[desk_id] = self._spoc_shifts(facts, desk_id, moment)
        return facts

    @api.model
    def _spoc_shifts(self, facts, desk_id, moment):
        """Who of a desk works at a moment, and for how much longer.

        Somebody without working time of their own is taken to be there. So is
        everybody when the desk never works.

        :return: see :class:`Facts`
        """
        shifts = dict.fromkeys(facts.members[desk_id])
        if not moment:
            return shifts
        found = defaultdict(list)
        for resource in facts.resources:
            if resource[1] in shifts:
                found[resource[1]].append(self._spoc_shift(facts, resource, moment))
        for user_id, ways in found.items():
            there = [way for way in ways if way is not False]
            if not there:
                del shifts[user_id]
            elif None not in there:
                shifts[user_id] = max(there)
        return shifts

    @api.model
    def _spoc_shift(self, facts, resource, moment):
        """Time left in the shift of a resource.

        :return: ``timedelta``, ``None`` without fixed hours, ``False`` off duty
        """
        id_, _user, calendar_id, tz, calendar_tz, flexible = resource
        leaves = facts.leaves[id_]
        if any(start <= moment < end for start, end in leaves):
            return False
        if not calendar_id or flexible:
            return None
        # sudo: calendars of colleagues; only who is on duty is kept of them
        calendar = self.env["resource.calendar"].sudo().browse(calendar_id)
        # Hours in the calendar's own zone are those its desks are kept with.
        zone = tz if tz and tz != calendar_tz else ""
        hours = calendar._spoc_intervals(moment - BEFORE, moment + AFTER, zone)
        left = routing.shift_left(routing.without(hours, leaves), moment)
        return False if left is None else left

    @api.model
    def _spoc_skills_of_desks(self, desk_ids):
        """Today's skills of the members of desks who are agents.

        :return: desk id -> {user id: {skill id: level}}
        """
        # sudo: skills to be written belong to people one may not read
        self.env["hr.employee.skill"].sudo().flush_model()
        # sudo: which skills are asked for anywhere, shown to nobody
        skills = self.env["spoc.skill.need"].sudo().search(Domain.TRUE).skill_id
        # SQL: see _spoc_gather
        rows = self.env.execute_query(
            SQL(
                f"WITH member AS ({MEMBERS}), skill AS ({SKILLS}) "
                "SELECT desk_id, m.user_id, skill_id, level FROM member m "
                "LEFT JOIN skill s ON s.user_id = m.user_id",
                desks=list(desk_ids),
                groups=list(self.env["spoc.desk"]._spoc_agent_groups()),
                skills=skills.ids,
                today=fields.Date.context_today(self),
            )
        )
        found = {}
        for desk_id, user_id, skill_id, level in rows:
            mine = found.setdefault(desk_id, {}).setdefault(user_id, {})
            if skill_id:
                mine[skill_id] = level
        return found
