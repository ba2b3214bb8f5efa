"""Why nobody at the desk can move a ticket now."""

from odoo import api, fields, models
from odoo.fields import Domain

#: What sets a waiting ticket going again.
WAITS_FOR = [
    ("reply", "The requester's answer"),
    ("approval", "An approval"),
    ("supplier", "A supplier or another line"),
    ("date", "A date"),
]
#: Kinds of clocks that can pause; those of picking up never do.
PAUSABLE = ("response", "update", "resolution", "ola")


class SpocWaitReason(models.Model):
    """A reason to wait: what for, and which clocks pause meanwhile.

    What a ticket waits for comes by itself: the requester answers, an approval is
    given, a supplier answers, a date is reached. ``spoc.ticket._spoc_happened`` tells.
    """

    _name = "spoc.wait.reason"
    _description = "Reason to wait"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    waits_for = fields.Selection(
        WAITS_FOR,
        "Waits for",
        required=True,
        default="reply",
        help="When it comes, the ticket goes on by itself.",
    )
    description = fields.Text(
        "When to Use It", translate=True, help="Shown to agents who choose a reason."
    )
    told = fields.Char(
        "Told to the Requester",
        translate=True,
        help="Why nothing happens now, in words for the requester. Empty: they read "
        "what is waited for, in general words.",
    )
    pauses_response = fields.Boolean("First Answer Pauses")
    pauses_update = fields.Boolean("Updates Pause", default=True)
    pauses_resolution = fields.Boolean("Solution Pauses", default=True)
    pauses_ola = fields.Boolean("Work of Other Lines Pauses")
    desk_ids = fields.Many2many(
        "spoc.desk",
        "spoc_wait_reason_desk_rel",
        "reason_id",
        "desk_id",
        string="Desks",
        help="Desks that use this reason; all of them when empty.",
    )
    pauses_text = fields.Char("Pauses", compute="_compute_pauses_text")

    @api.depends(lambda self: [f"pauses_{kind}" for kind in PAUSABLE])
    @api.depends_context("lang")
    def _compute_pauses_text(self):
        kinds = dict(
            self.env["spoc.clock"]._fields["kind"]._description_selection(self.env)
        )
        for reason in self:
            names = [kinds[kind] for kind in reason._spoc_pauses()]
            reason.pauses_text = ", ".join(names)

    def _spoc_pauses(self):
        """Kinds of clocks that pause meanwhile, as a tuple."""
        self.ensure_one()
        return tuple(kind for kind in PAUSABLE if self[f"pauses_{kind}"])

    @api.model
    def _spoc_desk_domain(self, desk_id):
        """Domain of the reasons a desk uses."""
        return Domain("desk_ids", "=", False) | Domain("desk_ids", "in", [desk_id])

    @api.model
    def _spoc_find(self, waits_for, desk):
        """The first reason of a desk that waits for something, empty without one.

        :param str waits_for: see :data:`WAITS_FOR`
        :param desk: spoc.desk
        """
        # sudo: reasons are definitions; approvals and mail ask for them, too
        return self.sudo().search(
            self._spoc_desk_domain(desk.id) & Domain("waits_for", "=", waits_for),
            limit=1,
        )
