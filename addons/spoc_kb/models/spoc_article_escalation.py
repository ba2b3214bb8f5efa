"""Whom to turn to: a live desk, department, job or person; open now or not."""

from datetime import UTC, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.spoc_catalog import clock

TARGETS = (
    "escalation_desk_id",
    "escalation_department_id",
    "escalation_job_id",
    "escalation_employee_id",
)
# How many of those who hold a job are named.
NAMED = 5
FIRST_LOOK = timedelta(days=14)


class SpocArticle(models.Model):
    """Escalation articles say who, when, how, and what to have at hand first."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    escalation_desk_id = fields.Many2one(
        "spoc.desk",
        "Desk to turn to",
        index="btree_not_null",
        ondelete="restrict",
        help="The desk that takes the matter over.",
    )
    escalation_department_id = fields.Many2one(
        "hr.department",
        "Department to turn to",
        index="btree_not_null",
        ondelete="restrict",
        help="Its manager is named, and its desk when it has one.",
    )
    escalation_job_id = fields.Many2one(
        "hr.job",
        "Role to turn to",
        index="btree_not_null",
        ondelete="restrict",
        help="Whoever holds the job at that moment.",
    )
    escalation_employee_id = fields.Many2one(
        "hr.employee",
        "Person to turn to",
        index="btree_not_null",
        ondelete="restrict",
        help="One person; a desk or a role outlives a change of people.",
    )
    escalation_when = fields.Text(
        "When to turn to them", help="The signs that this is theirs to solve."
    )
    escalation_how = fields.Text(
        "How to turn to them", help="By which way, and what to say."
    )
    escalation_collect = fields.Text(
        "Have at hand",
        help="What they will ask for, one thing a line: it saves a round of questions.",
    )
    turn_to_html = fields.Html(
        "Whom you reach now", compute="_compute_turn_to_html", sanitize=False
    )
    escalation_fault = fields.Char(
        "Nobody there",
        compute="_compute_escalation_fault",
        compute_sudo=True,
        help="Why readers who follow the article will reach nobody.",
    )
    has_dead_target = fields.Boolean(
        "Leads nowhere",
        compute="_compute_escalation_fault",
        compute_sudo=True,
        search="_search_has_dead_target",
    )

    # ---- Hooks of the article ----

    @api.model
    def _spoc_solution_fields(self):
        names = [*self._spoc_targets(), "escalation_when", "escalation_how"]
        return super()._spoc_solution_fields() + names

    def _spoc_says_something(self):
        told = self.kind == "escalation" and self.escalation_how
        return bool(told) or super()._spoc_says_something()

    def _check_publishable(self):
        result = super()._check_publishable()
        for article in self:
            if article.kind == "escalation" and not article._spoc_has_target():
                raise ValidationError(
                    self.env._(
                        "“%s” names no desk, department, role or person to turn to.",
                        article.name,
                    )
                )
        return result

    @api.model
    def _spoc_targets(self):
        """Names of the fields that say whom to turn to. Hook: add to them.

        What is added is kept in versions, drafts and revisions as the others are.
        """
        return list(TARGETS)

    def _spoc_has_target(self):
        """Whether the article names anybody to turn to."""
        self.ensure_one()
        return any(self[name] for name in self._spoc_targets())

    # ---- Dead targets ----

    @api.depends(lambda self: ("kind", *self._spoc_targets()))
    @api.depends_context("lang")
    def _compute_escalation_fault(self):
        for article in self:
            faults = article._spoc_escalation_faults()
            article.escalation_fault = " ".join(faults)
            article.has_dead_target = bool(faults)

    def _spoc_escalation_faults(self):
        """Why readers who follow the article reach nobody. Hook: add to the list.

        :return: list of sentences
        """
        self.ensure_one()
        faults = []
        desk, person = self.escalation_desk_id, self.escalation_employee_id
        department, job = self.escalation_department_id, self.escalation_job_id
        if desk and not desk.active:
            faults.append(self.env._("The desk “%s” is archived.", desk.name))
        elif desk and not desk.member_ids.filtered("active"):
            faults.append(self.env._("Nobody works at the desk “%s”.", desk.name))
        elif desk and not desk.resource_calendar_id.attendance_ids:
            faults.append(self.env._("The desk “%s” is never open.", desk.name))
        if department and not (department.active and department.member_ids):
            faults.append(
                self.env._("Nobody works in the department “%s”.", department.name)
            )
        if job and not (job.active and job.employee_ids):
            faults.append(self.env._("Nobody holds the job “%s”.", job.name))
        if person and not person.active:
            faults.append(self.env._("%s has left.", person.name))
        return faults

    def _search_has_dead_target(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: that a desk is empty or a person left is told by the article itself
        return Domain("id", "in", self.sudo()._search(self._spoc_dead_domain()))

    @api.model
    def _spoc_dead_domain(self):
        """Articles whose target is dead; as ``_spoc_escalation_faults``. Hook."""
        working = [("active", "=", True)]
        return Domain.OR(
            [
                Domain("escalation_desk_id.active", "=", False),
                Domain(
                    "escalation_desk_id", "any", [("member_ids", "not any", working)]
                ),
                Domain(
                    "escalation_desk_id.resource_calendar_id",
                    "any",
                    [("attendance_ids", "=", False)],
                ),
                Domain("escalation_department_id.active", "=", False),
                Domain(
                    "escalation_department_id",
                    "any",
                    [("member_ids", "not any", working)],
                ),
                Domain("escalation_job_id.active", "=", False),
                Domain(
                    "escalation_job_id", "any", [("employee_ids", "not any", working)]
                ),
                Domain("escalation_employee_id.active", "=", False),
            ]
        ) & Domain.OR([Domain(name, "!=", False) for name in self._spoc_targets()])

    # ---- Whom you reach now ----

    def _spoc_turn_to(self):
        """Whom the article sends people to, as the current reader is told.

        :return: list of dictionaries, the first to turn to first: ``kind`` (desk,
            department, job, person), ``name``, ``note`` (who exactly), ``open``
            (True, False, None: not known), ``text`` ("Open until 17:00"), ``url`` of
            a contact card or ``""``, ``channels``: list of ``{"text", "url", "icon"}``
        """
        self.ensure_one()
        # sudo: what an article names is told to its readers, with no more than the
        # ways to reach it
        article = self.sudo()
        entries = []
        department = article.escalation_department_id
        desks = article.escalation_desk_id
        desks |= desks.search([("department_id", "in", department.ids)])
        entries += [self._get_desk_entry(desk) for desk in desks.filtered("active")]
        if department:
            entries.append(
                self._get_people_entry("department", department, department.manager_id)
            )
        if job := article.escalation_job_id:
            holders = job.employee_ids.filtered("active")
            entries.append(self._get_people_entry("job", job, holders))
        if person := article.escalation_employee_id:
            entries.append(
                self._get_people_entry("person", person, person.filtered("active"))
            )
        return entries

    def _get_desk_entry(self, desk):
        """A desk as :meth:`_spoc_turn_to` tells it; channels the reader may see."""
        opening = desk._spoc_openings()[desk.id]
        Desk = self.env["spoc.desk"]
        shown = Desk.search_count(
            Domain("id", "=", desk.id) & Desk._spoc_card_domain(), limit=1
        )
        channels = self.env["spoc.channel"].search([("desk_id", "=", desk.id)])
        return {
            "kind": "desk",
            "name": desk.with_context(lang=self.env.lang).name,
            "note": "",
            "open": opening["open"],
            "text": opening["text"],
            "url": f"/spoc/desk/{desk.id}" if shown else "",
            "channels": [
                {
                    "text": channel.action_text or channel.identity,
                    "url": channel.url or "",
                    "icon": channel.icon or "",
                }
                for channel in channels
            ],
        }

    def _get_people_entry(self, kind, target, people):
        """A department, a job or a person as :meth:`_spoc_turn_to` tells it.

        Telephone and mail are for readers of the company.
        """
        channels = []
        if self.env.user._is_internal():
            for person in people[:NAMED]:
                for number in filter(None, (person.work_phone, person.mobile_phone)):
                    channels.append(
                        {"text": number, "url": f"tel:{number}", "icon": "fa-phone"}
                    )
                if person.work_email:
                    channels.append(
                        {
                            "text": person.work_email,
                            "url": f"mailto:{person.work_email}",
                            "icon": "fa-envelope-o",
                        }
                    )
        names = ", ".join(people[:NAMED].mapped("name"))
        if kind == "person":
            names = people.job_id.name or people.department_id.name or ""
        opening = self._get_people_opening(people)
        return {
            "kind": kind,
            "name": target.with_context(lang=self.env.lang).display_name
            if kind != "person"
            else target.name,
            "note": names,
            **opening,
            "url": "",
            "channels": channels,
        }

    @api.model
    def _get_people_opening(self, people):
        """Whether one of them works now; leaves of their calendars count.

        :param people: hr.employee records in sudo
        :return: ``{"open": True, False or None, "text": str}``
        """
        now = fields.Datetime.now()
        spans = []
        for person in people.filtered("resource_calendar_id"):
            calendar, resource = person.resource_calendar_id, person.resource_id
            found = calendar._work_intervals_batch(
                now.replace(tzinfo=UTC),
                (now + FIRST_LOOK).replace(tzinfo=UTC),
                resources=resource,
            )[resource.id]
            spans += [
                tuple(
                    moment.astimezone(UTC).replace(tzinfo=None)
                    for moment in (start, stop)
                )
                for start, stop, _meta in found
            ]
        if not spans:
            return {"open": None, "text": ""}
        spans = list(clock.merged(sorted(spans)))
        open_now = clock.is_working(spans, now)
        change = clock.next_change(spans, now) or False
        zone = people[:1].tz or self.env.user.tz
        text = self.env["spoc.desk"]._get_opening_text(now, zone, open_now, change)
        return {"open": open_now, "text": text}

    @api.depends(lambda self: ("kind", *self._spoc_targets()))
    @api.depends_context("uid", "lang", "tz")
    def _compute_turn_to_html(self):
        for article in self:
            html = Markup()
            if article._spoc_has_target():
                for entry in article._spoc_turn_to():
                    html += self._get_entry_html(entry)
            article.turn_to_html = html or False

    @api.model
    def _get_entry_html(self, entry):
        """One entry of :meth:`_spoc_turn_to` for the form."""
        badge = Markup()
        if entry["text"]:
            badge = Markup(' <span class="badge %s">%s</span>') % (
                "text-bg-success" if entry["open"] else "text-bg-secondary",
                entry["text"],
            )
        link = Markup(
            '<a class="me-3 d-inline-block" href="%s">'
            '<i class="fa fa-fw %s"></i> %s</a>'
        )
        plain = Markup('<span class="me-3 d-inline-block">%s</span>')
        links = Markup().join(
            link % (way["url"], way["icon"], way["text"])
            if way["url"]
            else plain % way["text"]
            for way in entry["channels"]
        )
        note = Markup(' <span class="text-muted">%s</span>') % entry["note"]
        return Markup('<div class="mb-2"><b>%s</b>%s%s<div>%s</div></div>') % (
            entry["name"],
            note if entry["note"] else "",
            badge,
            links,
        )
