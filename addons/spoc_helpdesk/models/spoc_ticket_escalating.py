"""Escalation inside the desk: to a colleague who knows more."""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import escalation
from .spoc_stage import CLOSED_STATES, OPEN_STATES

#: So many days back what somebody solved counts as experience.
EXPERIENCE_DAYS = 365


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_escalate(self):
        """Propose colleagues of the desk who know more, best first."""
        self.ensure_one()
        self._spoc_begin(OPEN_STATES)
        proposals = self._spoc_propose()
        if not proposals:
            # sudo: names of desks are public
            name = self.sudo().desk_id.name
            raise UserError(self.env._("Nobody else is at %s.", name))
        wizard = self.env["spoc.ticket.escalate"].create(
            {
                "ticket_id": self.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "user_id": one.id,
                            "words": self._spoc_proposal_words(one),
                            "is_away": one.away,
                        },
                    )
                    for one in proposals
                ],
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_escalate_action"
        )
        return {**action, "res_id": wizard.id}

    def _spoc_escalate(self, owner, reason=None):
        """Make a more experienced colleague the owner; the former one is told.

        :param owner: res.users, a member of the desk
        :param str reason: why, for the act
        :raises UserError: when it is theirs already
        """
        self._spoc_begin(OPEN_STATES)
        self._spoc_lock(["owner_id"])
        if any(ticket.owner_id == owner for ticket in self):
            raise UserError(self.env._("%s owns it already.", owner.name))
        former = self.grouped("owner_id")
        self._spoc_set_owner(owner, act="escalate", reason=reason)
        for user, tickets in former.items():
            if user and user != self.env.user:
                tickets._spoc_tell_former(user, owner)

    def _spoc_propose(self):
        """Colleagues of this one ticket's desk, most experienced first.

        :return: list of ``escalation.Proposal``
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: what is known of colleagues; the outcome is shown
        desk = ticket.desk_id
        users = desk.member_ids.filtered(
            lambda user: user.active and user != ticket.owner_id
        )
        users -= ticket._spoc_barred()
        if not users:
            return []
        needs = self.env["spoc.skill.need"]._spoc_of(
            ticket.service_id.id, ticket.category_id.id
        )
        skills = self.env["hr.skill"].browse(skill_id for skill_id, _level in needs)
        levels = self._spoc_levels(users, skills)
        solved = self._spoc_solved(users, [])
        alike = self._spoc_solved(users, ticket._spoc_same_work_domain())
        load = self._spoc_open_counts(users)
        away = self._spoc_absent(users)
        return escalation.propose(
            escalation.Colleague(
                id=user.id,
                level=levels.get(user.id, 0) if skills else None,
                alike=alike[user.id],
                solved=solved[user.id],
                load=load[user.id],
                away=user.id in away,
                leads=user == desk.manager_id,
            )
            for user in users
        )

    def _spoc_same_work_domain(self):
        """Tickets of the same kind of work: the service, else the category."""
        if self.service_id:
            return [("service_id", "=", self.service_id.id)]
        if self.category_id:
            return [("category_id", "child_of", self.category_id.id)]
        return [("id", "=", False)]

    @api.model
    def _spoc_levels(self, users, skills):
        """Mean level in some skills: dict user id -> 0..100; lacking ones count 0."""
        if not skills:
            return {}
        today = fields.Date.context_today(self)
        best = {}
        # sudo: skills of colleagues; only who is proposed is shown
        for skill in (
            self.env["hr.employee.skill"]
            .sudo()
            .search(
                [
                    ("employee_id.user_id", "in", users.ids),
                    ("skill_id", "in", skills.ids),
                    ("valid_from", "<=", today),
                    "|",
                    ("valid_to", "=", False),
                    ("valid_to", ">=", today),
                ]
            )
        ):
            key = (skill.employee_id.user_id.id, skill.skill_id.id)
            best[key] = max(best.get(key, 0), skill.level_progress)
        total = Counter()
        for (user_id, _skill), level in best.items():
            total[user_id] += level
        return {user_id: round(level / len(skills)) for user_id, level in total.items()}

    @api.model
    def _spoc_solved(self, users, domain):
        """Tickets solved for good in the last year: Counter user id -> number."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=EXPERIENCE_DAYS)
        # sudo: counts tickets of every desk, it shows none
        return Counter(
            {
                owner.id: count
                for owner, count in self.sudo()._read_group(
                    [
                        ("owner_id", "in", users.ids),
                        ("state", "=", "closed"),
                        ("closed_at", ">=", since),
                        ("reopen_count", "=", 0),
                        *domain,
                    ],
                    ["owner_id"],
                    ["__count"],
                )
            }
        )

    @api.model
    def _spoc_open_counts(self, users):
        """Open tickets per owner: Counter user id -> number."""
        # sudo: counts tickets of every desk, it shows none
        return Counter(
            {
                owner.id: count
                for owner, count in self.sudo()._read_group(
                    [
                        ("owner_id", "in", users.ids),
                        ("state", "not in", CLOSED_STATES),
                    ],
                    ["owner_id"],
                    ["__count"],
                )
            }
        )

    @api.model
    def _spoc_absent(self, users):
        """Ids of those of the users who are on leave now."""
        now = fields.Datetime.now()
        # sudo: leaves are not an agent's to read; only the outcome is shown
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search(
                [
                    ("resource_id.user_id", "in", users.ids),
                    ("time_type", "=", "leave"),
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                ]
            )
        )
        return set(leaves.resource_id.user_id.ids)

    @api.model
    def _spoc_proposal_words(self, proposal):
        """Why somebody is proposed, in words; see ``escalation.py`` for the codes."""
        words = {
            escalation.AWAY: lambda value: self.env._("on leave now"),
            escalation.LEADS: lambda value: self.env._("manages the desk"),
            escalation.SKILL: lambda value: self.env._("skill %s of 100", value),
            escalation.ALIKE: lambda value: self.env._(
                "of this kind solved: %s", value
            ),
            escalation.SOLVED: lambda value: self.env._("solved in all: %s", value),
            escalation.LOAD: lambda value: self.env._("open tickets: %s", value),
        }
        return ", ".join(words[code](value) for code, value in proposal.reasons)
