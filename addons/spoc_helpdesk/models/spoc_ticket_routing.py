"""Who gets a ticket, and why."""

from collections import Counter
from datetime import UTC, timedelta

from pytz import timezone

from odoo import api, fields, models

from .. import routing
from .spoc_stage import CLOSED_STATES

MINUTE = timedelta(minutes=1)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model
    def _spoc_route(self, drafts, hours):
        """Choose owners for new tickets, and write down why.

        Desks that route by hand, and tickets that come with an owner, are left
        alone. Set-based: what is known of the members is gathered once for all.

        :param drafts: values of tickets; ``owner_id`` and ``routing_note`` are put in
        :param hours: working time of the desks, see ``_spoc_hours``
        """
        # sudo: membership and rule of the desk, whoever asks
        Desk = self.env["spoc.desk"].sudo()
        pushed = [
            draft
            for draft in drafts
            if not draft.get("owner_id")
            and Desk.browse(draft["desk_id"]).routing_mode == "push"
        ]
        if not pushed:
            return
        # sudo: skills a service asks for are the desk's own matter
        services = (
            self.env["spoc.service"]
            .sudo()
            .browse(
                {draft["service_id"] for draft in pushed if draft.get("service_id")}
            )
        )
        facts = self._spoc_gather(
            Desk.browse({draft["desk_id"] for draft in pushed}),
            {draft.get("requester_id") for draft in pushed},
            services.skill_ids,
            hours,
        )
        for draft in pushed:
            ranked, needed = self._spoc_rank(facts, draft)
            chosen = routing.best(ranked)
            draft["owner_id"] = chosen or False
            draft["routing_note"] = self._spoc_routing_note(ranked, needed)
            if chosen:
                facts["load"][chosen] += 1

    @api.model
    def _spoc_rank(self, facts, draft):
        """Rank the members of a draft's desk.

        :return: ``(list of routing.Ranked, ids of needed skills)``
        """
        # sudo: skills a service asks for are the desk's own matter
        service = self.env["spoc.service"].sudo().browse(draft.get("service_id") or [])
        need = routing.Need(skills=tuple(service.skill_ids.ids))
        requester_id = draft.get("requester_id")
        candidates = [
            routing.Candidate(
                id=user_id,
                skills=facts["skills"].get(user_id, {}),
                on_duty=user_id not in facts["away"][draft["desk_id"]],
                load=facts["load"][user_id],
                known=(user_id, requester_id) in facts["known"],
            )
            for user_id in facts["members"][draft["desk_id"]]
        ]
        return routing.rank(candidates, need), need.skills

    @api.model
    def _spoc_gather(self, desks, requester_ids, skills, hours):
        """What routing has to know of the members of some desks.

        :param desks: spoc.desk as superuser
        :param skills: hr.skill that are asked for
        :param requester_ids: ids of the requesters in question
        :return: dict of ``members``, ``away``, ``skills``, ``load``, ``known``
        """
        users = desks.member_ids.filtered(
            lambda user: user.has_group("spoc_catalog.group_agent")
        )
        # sudo: what is known of colleagues' working time is not an agent's to read;
        # only the outcome of the routing is kept
        resources = (
            self.env["resource.resource"]
            .sudo()
            .search_fetch(
                [("user_id", "in", users.ids)], ["user_id", "calendar_id", "tz"]
            )
        )
        return {
            "members": {desk.id: (desk.member_ids & users).ids for desk in desks},
            "away": {
                desk.id: self._spoc_away(desk, resources, hours) for desk in desks
            },
            "skills": self._spoc_skills(users, skills) if skills else {},
            "load": self._spoc_load(users),
            "known": self._spoc_known(users, requester_ids),
        }

    @api.model
    def _spoc_skills(self, users, skills):
        """Today's levels in some skills: dict user id -> {skill id: 0..100}."""
        today = fields.Date.context_today(self)
        levels = {}
        for skill in (
            self.env["hr.employee.skill"]
            .sudo()  # sudo: see _spoc_gather
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
            mine = levels.setdefault(skill.employee_id.user_id.id, {})
            skill_id = skill.skill_id.id
            mine[skill_id] = max(mine.get(skill_id, 0), skill.level_progress)
        return levels

    @api.model
    def _spoc_load(self, users):
        """Open tickets per owner, at whatever desk."""
        # sudo: load counts tickets of every desk, it shows none
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
    def _spoc_known(self, users, requester_ids):
        """Pairs (user id, requester id) of those who met on an earlier ticket."""
        # sudo: as for the load
        return {
            (owner.id, requester.id)
            for owner, requester in self.sudo()._read_group(
                [
                    ("requester_id", "in", list(filter(None, requester_ids))),
                    ("owner_id", "in", users.ids),
                ],
                ["owner_id", "requester_id"],
            )
        }

    @api.model
    def _spoc_away(self, desk, resources, hours):
        """Members who do not work when the desk next does: set of user ids.

        Somebody without working time of their own is taken to be there.
        """
        moment = hours.next_work(desk.id)
        if not moment:
            return set()
        members = set(desk.member_ids.ids)
        mine = resources.filtered(lambda resource: resource.user_id.id in members)
        calendar = desk.resource_calendar_id
        absent = self._spoc_on_leave(mine, moment)
        for (own, tz), group in mine.grouped(
            lambda resource: (resource.calendar_id, resource.tz)
        ).items():
            # Whoever keeps the desk's hours works when the desk does.
            same = own == calendar and tz == calendar.tz
            if not same and not self._spoc_works(own, tz, moment):
                absent |= group
        return set(mine.user_id.ids) - set((mine - absent).user_id.ids)

    @api.model
    def _spoc_on_leave(self, resources, moment):
        """Those of the resources who are on leave at a naive UTC moment."""
        # sudo: leaves are not an agent's to read; only the outcome is kept
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_fetch(
                [
                    ("resource_id", "in", resources.ids),
                    ("time_type", "=", "leave"),
                    ("date_from", "<=", moment),
                    ("date_to", ">", moment),
                ],
                ["resource_id"],
            )
        )
        return leaves.resource_id

    @api.model
    def _spoc_works(self, calendar, tz, moment):
        """Whether a calendar, read in a time zone, has work at a naive UTC moment.

        Without fixed hours one always works.
        """
        if not calendar or calendar.flexible_hours:
            return True
        start = moment.replace(tzinfo=UTC)
        work = calendar._work_intervals_batch(
            start, start + MINUTE, tz=timezone(tz or "UTC")
        )
        return bool(work[False])

    @api.model
    def _spoc_routing_note(self, ranked, needed):
        """JSON that keeps why somebody was chosen, or nobody."""
        return {
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "chosen": routing.best(ranked),
            "needed": list(needed),
            "candidates": [
                {
                    "user_id": one.id,
                    "eligible": one.eligible,
                    "score": one.score,
                    "reasons": [list(reason) for reason in one.reasons],
                }
                for one in ranked
            ],
        }

    def _spoc_route_again(self):
        """Route tickets whose owner is gone; nobody fit leaves them to the desk."""
        drafts = [
            {
                "desk_id": ticket.desk_id.id,
                "service_id": ticket.service_id.id,
                "requester_id": ticket.requester_id.id,
            }
            for ticket in self.sudo()  # sudo: whoever caused it
        ]
        self._spoc_route(drafts, self._spoc_hours())
        # sudo: as above
        for ticket, draft in zip(self.sudo(), drafts, strict=True):
            ticket._spoc_write({"routing_note": draft.get("routing_note", False)})
            owner = self.env["res.users"].browse(draft.get("owner_id") or [])
            ticket._spoc_set_owner(owner)
        self._spoc_call_manager()

    def _spoc_call_manager(self):
        """Tickets nobody could be chosen for are put before the desk's manager."""
        # sudo: the suite calls
        orphans = self.sudo().filtered(
            lambda t: not t.owner_id and t.desk_id.manager_id and t.routing_note
        )
        if not orphans:
            return
        todo = self.env.ref("mail.mail_activity_data_todo")
        # sudo: the id of a model is no secret
        model_id = self.env["ir.model"].sudo()._get_id(self._name)
        activities = []
        for ticket in orphans:
            user = ticket.desk_id.manager_id
            lang_env = self.with_context(lang=user.lang or self.env.lang).env
            activities.append(
                {
                    "activity_type_id": todo.id,
                    "res_model_id": model_id,
                    "res_id": ticket.id,
                    "user_id": user.id,
                    "date_deadline": fields.Date.context_today(self),
                    "summary": lang_env._("Nobody can own it: find an owner"),
                }
            )
        # sudo: the suite calls
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(activities)

    # ---- in words ----------------------------------------------------------

    @api.depends("routing_note")
    @api.depends_context("lang")
    def _compute_routing_words(self):
        for ticket in self:
            ticket.routing_words = ticket._spoc_routing_text()

    def _spoc_routing_text(self):
        """Why this owner: a line per candidate, or ``False``."""
        note = self.routing_note
        if not note:
            return False
        candidates = note.get("candidates", [])
        # sudo: names of colleagues and of skills
        users = (
            self.env["res.users"].sudo().browse(one["user_id"] for one in candidates)
        )
        names = {user.id: user.name for user in users.exists()}
        lines = [
            self.env._(
                "%(name)s: %(reasons)s",
                name=names.get(one["user_id"], "?"),
                reasons=", ".join(
                    self._spoc_reason_text(*reason) for reason in one["reasons"]
                ),
            )
            for one in candidates
        ]
        if note.get("chosen"):
            title = self.env._("Chosen: %s", names.get(note["chosen"], "?"))
        else:
            title = self.env._("Nobody at the desk could be chosen.")
        return "\n".join([title, *lines])

    @api.model
    def _spoc_reason_text(self, code, value):
        """One reason of the engine in words; see ``routing.py`` for the codes."""
        if code == routing.LACKS_SKILL:
            # sudo: the name of a skill
            skill = self.env["hr.skill"].sudo().browse(value).exists()
            return self.env._("lacks %s", skill.name or "?")
        return {
            routing.OFF_DUTY: lambda: self.env._("not on duty"),
            routing.SKILL: lambda: self.env._("skill %s of 100", value),
            routing.LOAD: lambda: self.env._("%s open tickets", value),
            routing.KNOWN: lambda: self.env._("served this requester before"),
        }[code]()
