"""Handing over on the line of time of a ticket: acts, and parts done in confidence."""

from odoo import models

#: Acts that are drawn; what becomes of an assignment is drawn by itself.
ACT_TONES = {
    "take_over": "ok",
    "give": "ok",
    "release": "warn",
    "escalate": "warn",
    "transfer": "warn",
    "transfer_accept": "ok",
    "transfer_return": "bad",
    "absence": "warn",
}
PART_TONES = {"working": "ok", "done": "ok", "returned": "bad", "cancelled": "muted"}


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _spoc_timeline_lanes(self):
        return {
            **getattr(super(), "_spoc_timeline_lanes", dict)(),
            "acts": self.env._("Handing over"),
        }

    def _spoc_timeline_entries(self):
        return [
            *getattr(super(), "_spoc_timeline_entries", list)(),
            *self._spoc_act_entries(),
            *self._spoc_neutral_entries(),
        ]

    def _spoc_act_entries(self):
        """What was done about who answers for it."""
        names = dict(
            self.env["spoc.act"]._fields["kind"]._description_selection(self.env)
        )
        return [
            {
                "at": act.at,
                "end": None,
                "lane": "acts",
                "code": act.kind,
                "label": names[act.kind],
                "note": " · ".join(
                    filter(
                        None,
                        [
                            act.user_id.name,
                            act.to_user_id != act.user_id and act.to_user_id.name,
                            act.to_desk_id.name,
                            act.reason,
                        ],
                    )
                ),
                "tone": ACT_TONES[act.kind],
            }
            for act in self.act_ids.sorted("id")
            if act.kind in ACT_TONES
        ]

    def _spoc_neutral_entries(self):
        """How far the confidential parts are, and nothing else of them."""
        names = dict(
            self.env["spoc.part"]._fields["progress"]._description_selection(self.env)
        )
        return [
            {
                "at": part.created_at,
                "end": part.ended_at or None,
                "open": not part.ended_at,
                "lane": "work",
                "code": part.progress,
                "label": part.desk_id.name,
                "note": names.get(part.progress, ""),
                "tone": PART_TONES.get(part.progress, "muted"),
            }
            for part in self.part_ids
        ]
