"""Why somebody owns a ticket, in words and bars."""

from odoo import api, fields, models

from .. import routing


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    routing_table = fields.Html(
        "Who fits, and why",
        compute="_compute_routing_table",
        sanitize=False,
        export_string_translation=False,
    )

    @api.depends("routing_note", "owner_id")
    @api.depends_context("lang")
    def _compute_routing_words(self):
        for ticket in self:
            ticket.routing_words = ticket._spoc_routing_text()

    @api.depends("routing_note")
    @api.depends_context("lang", "uid")
    def _compute_routing_table(self):
        for ticket in self:
            note = ticket.routing_note
            ticket.routing_table = note and ticket._spoc_routing_table(note)

    def _spoc_routing_text(self):
        """Why this owner, or why nobody, in one line; ``False`` without a note."""
        note = self.routing_note
        if not note:
            return False
        rows = self._spoc_routing_rows(note)
        chosen = next((row for row in rows if row["chosen"]), None)
        if not chosen:
            return self.env._("Nobody at the desk could be chosen.")
        reasons = ", ".join(reason["text"] for reason in chosen["reasons"])
        # sudo: who owns it now
        if self.sudo().owner_id.id != chosen["user_id"]:
            return self.env._(
                "Before, %(name)s was chosen: %(reasons)s",
                name=chosen["name"],
                reasons=reasons,
            )
        return self.env._("%(name)s: %(reasons)s", name=chosen["name"], reasons=reasons)

    @api.model
    def _spoc_routing_table(self, note):
        """Candidates as a list with bars.

        :param dict note: see ``_spoc_routing_note``
        :return: Markup
        """
        return self.env["ir.qweb"]._render(
            "spoc_helpdesk.routing_table",
            {
                "rows": self._spoc_routing_rows(note),
                "others": self._spoc_others_text(note.get("others")),
                "chosen": note.get("chosen"),
            },
        )

    @api.model
    def _spoc_others_text(self, count):
        """How many candidates were not kept, in words."""
        return self.env._("And %s more who fit less.", count) if count else False

    @api.model
    def _spoc_routing_rows(self, note):
        """Candidates, for people to read.

        Notes of before points were kept have reasons without them.

        :return: list of ``{"user_id", "name", "chosen", "eligible", "score",
            "score_text", "bar": percent, "reasons": [{"text", "points": str or False,
            "hard"}]}``
        """
        candidates = note.get("candidates", [])
        # sudo: names of colleagues
        users = self.env["res.users"].sudo().browse(c["user_id"] for c in candidates)
        names = {user.id: user.name for user in users.exists()}
        top = max([abs(c["score"]) for c in candidates if c["eligible"]] or [0]) or 1
        return [
            {
                "user_id": one["user_id"],
                "name": names.get(one["user_id"], "?"),
                "chosen": one["user_id"] == note.get("chosen"),
                "eligible": one["eligible"],
                "score": round(one["score"]),
                "score_text": self.env._("%s points", round(one["score"])),
                "bar": round(100 * min(max(one["score"] / top, 0), 1)),
                "reasons": [self._spoc_reason(*reason) for reason in one["reasons"]],
            }
            for one in candidates
        ]

    @api.model
    def _spoc_reason(self, code, value, points=None):
        """One reason of the engine for a row; see ``_spoc_routing_rows``."""
        return {
            "text": self._spoc_reason_text(code, value),
            "points": f"{points:+.0f}".replace("-", "−") if points else False,
            "hard": points is None and code in routing.HARD,
        }

    @api.model
    def _spoc_reason_text(self, code, value):
        """One reason of the engine in words; see ``routing.py`` for the codes."""
        if code in (routing.LACKS_SKILL, routing.LOW_SKILL):
            return self._spoc_skill_text(code, value)
        if code == routing.SHIFT:
            return self._spoc_shift_text(value)
        if code == routing.FULL:
            return self.env._(
                "has %(load)s of at most %(limit)s",
                load=f"{value[0]:g}",
                limit=f"{value[1]:g}",
            )
        return {
            routing.OFF_DUTY: lambda: self.env._("not on duty"),
            routing.LET_LIE: lambda: self.env._("did not begin it in time"),
            routing.SKILL: lambda: self.env._("skill %s of 100", value),
            routing.EXPERIENCE: lambda: self.env._("%s like it solved for good", value),
            routing.KNOWN: lambda: self.env._("served this requester before"),
            routing.LOAD: lambda: self.env._("%s open tickets", f"{value:g}"),
        }[code]()

    @api.model
    def _spoc_skill_text(self, code, value):
        """What is missing of a skill, in words."""
        skill_id = value if code == routing.LACKS_SKILL else value[0]
        # sudo: the name of a skill
        skill = self.env["hr.skill"].sudo().browse(skill_id).exists()
        name = skill.name or "?"
        if code == routing.LACKS_SKILL:
            return self.env._("lacks %s", name)
        return self.env._(
            "%(skill)s %(level)s, needed %(minimum)s",
            skill=name,
            level=value[1],
            minimum=value[2],
        )

    @api.model
    def _spoc_shift_text(self, minutes):
        """Time left in the shift, in words."""
        if minutes is None:
            return self.env._("no fixed hours")
        if minutes < 120:
            return self.env._("%s min left today", minutes)
        return self.env._("%s h left today", round(minutes / 60))
