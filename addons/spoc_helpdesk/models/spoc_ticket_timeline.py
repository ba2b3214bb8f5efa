"""What happened to a ticket, as one readable line of time."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import html2plaintext

#: The last words of so many messages are enough for a picture.
WORDS = 200
EXCERPT = 160

STATE_TONES = {
    "new": "muted",
    "in_progress": "ok",
    "waiting": "warn",
    "resolved": "ok",
    "closed": "ok",
    "cancelled": "muted",
}
PART_TONES = {
    "offered": "muted",
    "accepted": "ok",
    "answered": "warn",
    "confirmed": "ok",
    "returned": "bad",
    "cancelled": "muted",
}


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def get_timeline(self):
        """The line of time of a ticket, for those who work on it.

        :return: dictionary: ``start`` and ``end`` (ISO, UTC; ``end`` is ``False``
            while it goes on), ``lanes`` (list of ``code`` and ``label``, those with
            entries only, in order), ``entries`` (see :meth:`_spoc_timeline_entries`,
            moments as ISO texts, by time)
        :raise AccessError: for anybody else
        """
        self.ensure_one()
        self._spoc_check_inner()
        entries = sorted(self._spoc_timeline_entries(), key=lambda one: one["at"])
        used = {entry["lane"] for entry in entries}
        known = self._spoc_timeline_lanes()
        lanes = [
            {"code": code, "label": known.get(code, code)}
            for code in (*known, *sorted(used - known.keys()))
            if code in used
        ]
        for entry in entries:
            for name in ("at", "end"):
                entry[name] = entry[name].isoformat() if entry[name] else False
        return {
            "start": self.create_date.isoformat(),
            "end": self.closed_at.isoformat() if self.closed_at else False,
            "lanes": lanes,
            "entries": entries,
        }

    def _spoc_timeline_lanes(self):
        """Lanes in the order in which they are drawn: code -> label. A hook."""
        return {
            **getattr(super(), "_spoc_timeline_lanes", dict)(),
            "state": self.env._("State"),
            "accountable": self.env._("Answerable"),
            "work": self.env._("Other lines"),
            "words": self.env._("Words"),
        }

    def _spoc_timeline_entries(self):
        """What happened, each on its lane. A hook: addons add theirs to the list.

        :return: list of dictionaries: ``at`` and ``end`` (naive UTC; ``end`` is
            ``None`` for a moment, or what goes on: see ``open``), ``lane``, ``code``,
            ``label``, ``note`` (texts in the reader's language), ``tone`` (``"ok"``,
            ``"warn"``, ``"bad"`` or ``"muted"``), and ``open``: whether it has
            begun and not ended (left out: no)
        """
        self.ensure_one()
        return [
            *getattr(super(), "_spoc_timeline_entries", list)(),
            *self._spoc_state_entries(),
            *self._spoc_ledger_entries(),
            *self._spoc_part_entries(),
            *self._spoc_word_entries(),
        ]

    def _spoc_state_entries(self):
        """The stages it stood in, from the log of its changes."""
        field = self.env["ir.model.fields"]._get(self._name, "stage_id")
        # sudo: the log is an administrator's; the ticket's readers see the outcome
        changes = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("mail_message_id.model", "=", self._name),
                    ("mail_message_id.res_id", "=", self.id),
                    ("field_id", "=", field.id),
                ],
                order="id",
            )
        )
        first = changes[:1].old_value_integer or self.stage_id.id
        stood = [(self.create_date, first)] + [
            (change.mail_message_id.date, change.new_value_integer)
            for change in changes
        ]
        stages = self.env["spoc.stage"].browse({stage_id for _at, stage_id in stood})
        known = {stage.id: stage for stage in stages.exists()}
        ends = [at for at, _stage_id in stood[1:]] + [None]
        entries = []
        for (at, stage_id), end in zip(stood, ends, strict=True):
            stage = known.get(stage_id, self.env["spoc.stage"])
            ended = stage.state in ("closed", "cancelled")
            entries.append(
                {
                    "at": at,
                    "end": end,
                    "open": not end and not ended,
                    "lane": "state",
                    "code": stage.state or "",
                    "label": stage.name or self.env._("A stage that is gone"),
                    "note": "",
                    "tone": STATE_TONES.get(stage.state, "muted"),
                }
            )
        return entries

    def _spoc_ledger_entries(self):
        """Who answered for it, from the ledger."""
        return [
            {
                "at": one.start,
                "end": one.end or None,
                "open": not one.end and not self.closed_at,
                "lane": "accountable",
                "code": "owner" if one.user_id else "desk",
                "label": one.user_id.name
                or self.env._("%s, nobody by name", one.desk_id.name),
                "note": one.desk_id.name if one.user_id else "",
                "tone": "ok" if one.user_id else "warn",
            }
            for one in self.ownership_ids.sorted("start")
            if one.role == "accountable"
        ]

    def _spoc_part_entries(self):
        """What other lines did for it."""
        states = dict(
            self.env["spoc.assignment"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        return [
            {
                "at": part.created_at or part.create_date,
                "end": part.ended_at or None,
                "open": part.is_open,
                "lane": "work",
                "code": part.state,
                "label": self.env._(
                    "%(line)s: %(task)s", line=part.desk_id.name, task=part.name
                ),
                "note": ", ".join(
                    filter(None, [states.get(part.state), part.user_id.name])
                ),
                "tone": PART_TONES.get(part.state, "muted"),
            }
            for part in self.assignment_ids
        ]

    def _spoc_word_entries(self):
        """The words exchanged with the requester."""
        # sudo: whoever works on the ticket reads all words on it, which is what was
        # checked; asking message by message would look at every ticket there is
        Message = self.env["mail.message"].sudo()
        messages = Message.search(
            Domain("model", "=", self._name)
            & Domain("res_id", "=", self.id)
            & Message._spoc_public_domain(),
            order="id desc",
            limit=WORDS,
        )
        asking = self._spoc_audience()
        entries = []
        for message in messages.sorted("id"):
            if not message.body and not message.attachment_ids:
                continue
            code, tone = "desk", "ok"
            if message.message_type == "auto_comment":
                code, tone = "automatic", "muted"
            elif message.author_id in asking:
                code, tone = "requester", "warn"
            entries.append(
                {
                    "at": message.date,
                    "end": None,
                    "lane": "words",
                    "code": code,
                    "label": self._spoc_word_label(code, message),
                    "note": self._spoc_excerpt(message),
                    "tone": tone,
                }
            )
        return entries

    def _spoc_word_label(self, code, message):
        name = message.author_id.name or message.email_from or ""
        if code == "automatic":
            return self.env._("Told automatically")
        if code == "requester":
            return self.env._("%s writes", name)
        return self.env._("%s answers", name)

    def _spoc_excerpt(self, message):
        """The first words of a message, as plain text."""
        words = " ".join(html2plaintext(message.body or "").split())
        if len(words) > EXCERPT:
            words = words[:EXCERPT].rsplit(" ", 1)[0] + "…"
        return words
