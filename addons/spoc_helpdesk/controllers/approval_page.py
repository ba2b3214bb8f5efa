"""What is shown of an approval: to whoever decides, and to whoever asked.

Like ``request_page``: rows are read with superuser rights once the right to see them
was checked, and only what is named here leaves.
"""

from odoo import fields
from odoo.tools import format_amount

from odoo.addons.spoc_catalog.words import moment_words, span_words

STATE_COLOURS = {
    "asked": "warning",
    "approved": "success",
    "rejected": "danger",
}
STATE_ICONS = {
    "coming": "fa-circle-o",
    "asked": "fa-hourglass-half",
    "approved": "fa-check",
    "rejected": "fa-times",
    "not_needed": "fa-minus",
    "delegated": "fa-share",
    "expired": "fa-clock-o",
}


class ApprovalPage:
    """One approval in the words of whoever decides.

    :param approval: ``spoc.approval`` the reader may see
    :param env: environment of the reader
    :param str token: of the link the reader came by, if any
    """

    def __init__(self, approval, env, token=None):
        # sudo: the caller checked the right to see it
        self.approval = approval.sudo().with_context(lang=env.lang)
        self.env = env
        self.token = token
        self.lang = env.lang or "en_US"
        # sudo: the approver's own time zone, for who opens the page by a token
        self.tz = env.user.tz or approval.sudo().approver_id.tz

    def moment(self, value):
        """Moment in the reader's language and time zone."""
        return moment_words(value, self.lang, self.tz)

    def line(self):
        """A row of the list."""
        one = self.approval
        return {
            "id": one.id,
            "number": one.number,
            "subject": one.subject,
            "service": one.service_id.name or "",
            "requester": one.requester_id.name,
            "requested_for": self.requested_for(),
            "amount": format_amount(self.env, one.amount, one.currency_id)
            if one.amount
            else "",
            "state": one.state,
            "state_words": one._spoc_label("state"),
            "colour": STATE_COLOURS.get(one.state, "light"),
            "asked": self.moment(one.asked_at),
            "due": self.moment(one.due) if one.state == "asked" else "",
            "due_span": span_words(one.due, fields.Datetime.now(), self.lang)
            if one.state == "asked" and one.due
            else "",
            "late": one.is_late,
            "decided": self.moment(one.decided_at),
            "url": f"/my/approvals/{one.id}",
        }

    def requested_for(self):
        """Whom it is for, when not for who asks."""
        one = self.approval
        same = one.requested_for_id == one.requester_id
        return "" if same else one.requested_for_id.name or ""

    def answers(self, content):
        """The answers in words; files are links for who signed in."""
        return [
            {
                "question": answer["question"],
                "text": answer["text"],
                "files": [
                    {
                        "name": file.name,
                        "url": ""
                        if self.token
                        else f"/my/approvals/{self.approval.id}/file/{file.id}",
                    }
                    for file in answer["files"]
                ],
            }
            for answer in content["answers"]
        ]

    def values(self):
        """All of the page."""
        one = self.approval
        content = one._spoc_content()
        mine = one.state == "asked" and (
            bool(self.token) or one.approver_id == self.env.user
        )
        terms = one.terms or {}
        return {
            **self.line(),
            "desk": one.desk_id.name,
            "approver": one.approver_id.name or "",
            "in_place_of": one.in_place_of_id.name or "",
            "step": one.step_words if one.step_count > 1 else "",
            "need": one.need,
            "description": content["description"],
            "answers": self.answers(content),
            "reason": one.reason or "",
            "why_not": one._spoc_why_not() if not mine else "",
            "can_decide": mine,
            "can_delegate": mine
            and not self.token
            and self.env.user._is_internal()
            and bool(terms.get("delegate")),
        }


def approval_steps(ticket, env, moment):
    """How far the approvals of a ticket are, for whoever asked.

    Colleagues read names, outsiders the roles and no more.

    :param ticket: spoc.ticket as superuser, in the reader's language
    :param moment: function that words a moment
    :return: list of dictionaries per step: ``title``, ``state``, ``state_words``,
        ``icon``, ``colour``, ``need`` and ``people``, dictionaries of ``name``,
        ``state_words``, ``when``, ``reason``, ``note``
    """
    names = env.user._is_internal()
    last = {}
    for row in ticket.approval_ids.sorted(lambda row: (row.round, row.step, row.id)):
        last.setdefault(row.step, {}).setdefault(row.round, []).append(row)
    steps = []
    for position, rounds in sorted(last.items()):
        rows = rounds[max(rounds)]
        steps.append(_step(rows, position, len(last), env, moment, names))
    return steps


def _step(rows, position, count, env, moment, names):
    state = _state_of(rows)
    first = rows[0]
    title = env._(
        "Step %(step)s of %(count)s: %(role)s",
        step=position,
        count=count,
        role=first._spoc_label("kind"),
    )
    shown = [row for row in rows if names or row.state in ("asked", "rejected")]
    return {
        "title": title if count > 1 else first._spoc_label("kind"),
        "state": state,
        "state_words": dict(first._fields["state"]._description_selection(env))[state],
        "icon": STATE_ICONS[state],
        "colour": STATE_COLOURS.get(state, "secondary"),
        "need": first.need if len(rows) > 1 and names else 0,
        "people": [_person(row, moment, names) for row in shown],
    }


def _person(row, moment, names):
    when = moment(row.decided_at or row.asked_at)
    return {
        "name": row.approver_id.name or "" if names else "",
        "state": row.state,
        "state_words": row._spoc_label("state"),
        "when": when,
        "reason": row.reason or "" if row.state in ("approved", "rejected") else "",
        "note": row._spoc_label("note") if names and row.note else "",
    }


def _state_of(rows):
    """The state of a step: the one of its rows that says most."""
    states = {row.state for row in rows}
    need = rows[0].need
    if [row.state for row in rows].count("approved") >= need:
        return "approved"
    for state in ("asked", "rejected", "coming", "approved", "not_needed", "expired"):
        if state in states:
            return state
    return "not_needed"
