"""What a replay has to know of the past, in a few queries."""

from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import routing, routing_replay
from ..models.spoc_experience import MONTHS
from ..models.spoc_ticket_routing_facts import AFTER, BEFORE, SKILLS

#: More tickets than this are not played at once.
MOST_TICKETS = 5000

ARRIVALS = """
WITH mine AS (
    SELECT o.ticket_id, min(o.start) AS at,
           (array_agg(o.user_id ORDER BY o.start, o.id)
                FILTER (WHERE o.user_id IS NOT NULL))[1] AS user_id,
           min(o.start) FILTER (WHERE o.user_id IS NOT NULL) AS owned_at,
           nullif(max(coalesce(o."end", 'infinity')), 'infinity') AS left_at
      FROM spoc_ownership o
     WHERE o.role = 'accountable' AND o.desk_id = %(desk)s
     GROUP BY o.ticket_id
    HAVING min(o.start) >= %(start)s AND min(o.start) < %(end)s
)
SELECT t.id, concat_ws(' ', t.number, t.name), m.at, m.user_id, m.owned_at,
       least(m.left_at, t.resolved_at, t.closed_at),
       t.service_id, t.category_id, t.requester_id, t.priority,
       (SELECT min(c.due) FROM spoc_clock c WHERE c.ticket_id = t.id)
  FROM mine m JOIN spoc_ticket t ON t.id = m.ticket_id
 ORDER BY m.at, t.id
 LIMIT %(most)s
"""

HELD = """
SELECT o.user_id, t.priority, o.start, least(o."end", t.resolved_at, t.closed_at)
  FROM spoc_ownership o JOIN spoc_ticket t ON t.id = o.ticket_id
 WHERE o.role = 'accountable' AND o.user_id = ANY(%(users)s)
   AND o.start < %(start)s
   AND coalesce(least(o."end", t.resolved_at, t.closed_at), 'infinity') > %(start)s
"""


class SpocRoutingSimulation(models.TransientModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.routing.simulation"

    def _load_arrivals(self, start, end):
        """What came to the desk between two moments.

        :return: ``(list of routing_replay.Arrival, {ticket id: (first owner or None,
            since when)}, {ticket id: number and subject})``
        """
        self.env.flush_all()
        # SQL: the past of a whole queue at once; who may play was judged
        rows = self.env.execute_query(
            SQL(
                ARRIVALS,
                desk=self.desk_id.id,
                start=start,
                end=end,
                most=MOST_TICKETS + 1,
            )
        )
        if len(rows) > MOST_TICKETS:
            raise UserError(
                self.env._(
                    "More than %s tickets came in this time: choose fewer days.",
                    MOST_TICKETS,
                )
            )
        hours = self.desk_id._spoc_intervals(start, end + AFTER)
        arrivals, past, names = [], {}, {}
        for row in rows:
            arrival = self._get_arrival(row, hours)
            arrivals.append(arrival)
            past[arrival.id] = row[3], row[4]
            names[arrival.id] = row[1]
        return arrivals, past, names

    def _get_arrival(self, row, hours):
        id_, _name, at, _user, owned_at, until, service_id, category_id, *rest = row
        requester_id, priority, due = rest
        kind = ("service", service_id) if service_id else ("category", category_id)
        needs = self.env["spoc.skill.need"]._spoc_of(service_id, category_id)
        return routing_replay.Arrival(
            id=id_,
            at=at,
            moment=next((max(begin, at) for begin, stop in hours if stop > at), at),
            need=routing.Need(skills=needs, work=self._get_work(priority)),
            kind=kind,
            requester=requester_id,
            lasts=max(until - owned_at, timedelta(0)) if until and owned_at else None,
            due=due,
        )

    def _get_work(self, priority):
        return routing.WORK.get(priority, 1.0) if self.load_by_priority else 1.0

    def _load_held(self, start):
        """What the members had when the time began.

        :return: list of routing_replay.Stretch
        """
        # SQL: see _load_arrivals
        rows = self.env.execute_query(
            SQL(HELD, users=self.member_ids.user_id.ids, start=start)
        )
        return [
            routing_replay.Stretch(user, begin, until, self._get_work(priority))
            for user, priority, begin, until in rows
        ]

    def _load_members(self, arrivals, start, end):
        """Those who are there in the replay.

        :rtype: list[routing_replay.Member]
        """
        users = self.member_ids.user_id.ids
        skills = self._load_skills(users, arrivals)
        experience = self._load_experience(users, arrivals, start)
        known = self._load_known(users, arrivals, start)
        hours = self._load_hours(users, start, end)
        held = defaultdict(list)
        for one in self._load_held(start):
            held[one.user].append((one.work, one.end))
        return [
            routing_replay.Member(
                id=line.user_id.id,
                skills=skills[line.user_id.id],
                capacity=line.capacity if line.has_limit else self.capacity or None,
                hours=self._get_hours(line, hours, start, end),
                held=tuple(held[line.user_id.id]),
                experience=experience[line.user_id.id],
                known=frozenset(known[line.user_id.id]),
            )
            for line in self.member_ids
        ]

    def _load_skills(self, users, arrivals):
        asked = {skill for arrival in arrivals for skill, _low in arrival.need.skills}
        # SQL: as routing reads them, of that day
        rows = self.env.execute_query(
            SQL(
                f"WITH member AS (SELECT unnest(%(users)s::int[]) AS user_id) {SKILLS}",
                users=users,
                skills=sorted(asked),
                today=self.date_to,
            )
        )
        skills = defaultdict(dict)
        for user, skill, level in rows:
            skills[user][skill] = level
        return skills

    def _load_experience(self, users, arrivals, start):
        """What was proven in the months before."""
        month = start.date().replace(day=1)
        # sudo: what people have solved; only what follows from it is shown
        groups = (
            self.env["spoc.experience"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "in", users),
                    ("month", "<", month),
                    ("month", ">=", fields.Date.subtract(month, months=MONTHS)),
                ],
                ["user_id", "service_id", "category_id"],
                ["solved:sum"],
            )
        )
        experience = defaultdict(lambda: defaultdict(int))
        for user, service, category, solved in groups:
            experience[user.id]["service", service.id] += solved
            experience[user.id]["category", category.id] += solved
        return experience

    def _load_known(self, users, arrivals, start):
        requesters = {arrival.requester for arrival in arrivals}
        # sudo: who knew whom before; only what follows from it is shown
        groups = (
            self.env["spoc.ticket"]
            .sudo()
            ._read_group(
                [
                    ("owner_id", "in", users),
                    ("requester_id", "in", list(requesters)),
                    ("create_date", "<", start),
                ],
                ["owner_id", "requester_id"],
            )
        )
        known = defaultdict(set)
        for owner, requester in groups:
            known[owner.id].add(requester.id)
        return known

    def _load_hours(self, users, start, end):
        """Working time of people, absences taken out: user id -> pairs or None."""
        # sudo: working time of colleagues; only what follows from it is shown
        resources = (
            self.env["resource.resource"].sudo().search([("user_id", "in", users)])
        )
        # sudo: absences of colleagues; only what follows from them is shown
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id", "in", resources.ids),
                    ("time_type", "=", "leave"),
                    ("date_to", ">", start - BEFORE),
                    ("date_from", "<", end + AFTER),
                ]
            )
        )
        away = leaves.grouped("resource_id")
        hours = {}
        for resource in resources:
            calendar, user_id = resource.calendar_id, resource.user_id.id
            absences = [(one.date_from, one.date_to) for one in away.get(resource, [])]
            if not calendar or calendar.flexible_hours:
                mine = [(start - BEFORE, end + AFTER)] if absences else None
            else:
                zone = resource.tz if resource.tz != calendar.tz else ""
                mine = calendar._spoc_intervals(start - BEFORE, end + AFTER, zone)
            hours[user_id] = mine and routing.without(mine, absences)
        return hours

    def _get_hours(self, line, hours, start, end):
        """Working time of a member in the replay: the real one, less what is supposed.

        :return: tuple of pairs, ``None`` without fixed hours
        """
        mine = hours.get(line.user_id.id)
        if not line.away_from and not line.away_to:
            return None if mine is None else tuple(mine)
        first = line.away_from or line.away_to
        last = max(line.away_to or line.away_from, first)
        away = (
            self._get_midnight(first),
            self._get_midnight(last + timedelta(days=1)),
        )
        if mine is None:
            mine = [(start - BEFORE, end + AFTER)]
        return tuple(routing.without(mine, [away]))
