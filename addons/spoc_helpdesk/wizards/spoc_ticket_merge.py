from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class SpocTicketMerge(models.TransientModel):
    """Two tickets about one matter: what becomes of everything, before it is done."""

    _name = "spoc.ticket.merge"
    _description = "Merge tickets"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    other_id = fields.Many2one(
        "spoc.ticket",
        "Same Matter as",
        ondelete="cascade",
        compute="_compute_other_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('id', '!=', ticket_id), ('is_inner', '=', True),"
        " ('state', 'in', ('new', 'in_progress', 'waiting'))]",
    )
    keeps = fields.Selection(
        [("other", "The other ticket"), ("this", "This ticket")],
        "Goes On",
        compute="_compute_keeps",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The older one, as a rule: its promises were made first.",
    )
    share = fields.Boolean(
        "Let those informed of one read the other",
        help="People the requester shared the merged ticket with then read the whole "
        "conversation of the one that goes on.",
    )
    has_watchers = fields.Boolean(compute="_compute_preview", compute_sudo=False)
    fault = fields.Text(compute="_compute_preview", compute_sudo=False)
    preview = fields.Html(compute="_compute_preview", compute_sudo=False)

    @api.constrains("ticket_id", "other_id")
    def _check_inner(self):
        # Odoo shows the name behind a link to whoever has the record it is on, and
        # checks constraints as superuser: here the user's own rights count.
        for wizard in self.with_env(self.env(su=False)):
            (wizard.ticket_id | wizard.other_id)._spoc_check_inner()

    @api.depends("ticket_id")
    def _compute_other_id(self):
        for wizard in self:
            ticket = wizard.ticket_id._origin
            alike = ticket and not wizard.other_id and ticket._spoc_alike()
            wizard.other_id = wizard.other_id or (alike and alike[:1]) or False

    @api.depends("ticket_id", "other_id")
    def _compute_keeps(self):
        for wizard in self:
            ticket, other = wizard.ticket_id._origin, wizard.other_id._origin
            older = not other or other.id < ticket.id
            wizard.keeps = "other" if older else "this"

    @api.depends("ticket_id", "other_id", "keeps", "share")
    def _compute_preview(self):
        for wizard in self:
            wizard.fault = wizard.preview = wizard.has_watchers = False
            merged, survivor = wizard._get_sides()
            if not merged or not survivor:
                continue
            (merged | survivor)._spoc_check_inner()
            wizard.fault = "\n".join(merged._spoc_merge_faults(survivor)) or False
            # sudo: names the preview shows to those who work on both tickets
            extra = merged.sudo().watcher_ids - survivor._spoc_audience()
            wizard.has_watchers = bool(extra)
            if not wizard.fault:
                wizard.preview = wizard._get_preview(merged, survivor, extra)

    def _get_sides(self):
        """``(merged, survivor)``, either may be empty."""
        self.ensure_one()
        ticket, other = self.ticket_id._origin, self.other_id._origin
        return (other, ticket) if self.keeps == "this" else (ticket, other)

    def _get_preview(self, merged, survivor, extra):
        """What becomes of everything, as a table: Markup."""
        # sudo: both are the user's desk's; names of people are shown with them
        rows = self._get_rows(merged.sudo(), survivor.sudo(), extra)
        body = Markup("").join(
            Markup(
                '<tr><th scope="row" class="pe-3 text-nowrap align-top">%s</th>'
                "<td>%s</td></tr>"
            )
            % row
            for row in rows
            if row[1]
        )
        caption = self.env._(
            "%(merged)s ends; %(survivor)s goes on.",
            merged=merged.number,
            survivor=survivor.number,
        )
        return Markup(
            '<table class="table table-sm mb-0">'
            '<caption class="caption-top fw-bold">%s</caption><tbody>%s</tbody></table>'
        ) % (caption, body)

    def _get_rows(self, merged, survivor, extra):
        """Pairs of what it is about and what becomes of it."""
        words = merged.message_ids.filtered(lambda m: m._spoc_is_public())
        return [
            (self.env._("Requester"), self._get_requester_row(merged, survivor)),
            (self.env._("Also informed"), self._get_watchers_row(extra)),
            (
                self.env._("Words"),
                self.env._(
                    "%(count)s stay where they are; the desk finds them in a note on "
                    "%(number)s. New replies go there.",
                    count=len(words),
                    number=survivor.number,
                ),
            ),
            (
                self.env._("Answers"),
                merged.answer_ids
                and self.env._(
                    "%s stay, and are in the note, too.", len(merged.answer_ids)
                ),
            ),
            (
                self.env._("Files"),
                merged.message_attachment_count
                and self.env._(
                    "%s stay where they are.", merged.message_attachment_count
                ),
            ),
            (self.env._("Owner"), self._get_owner_row(survivor)),
            (self.env._("Promises"), self._get_promise_row(merged, survivor)),
            (
                self.env._("Children"),
                merged.child_ids
                and self.env._(
                    "%s become children of it as well.", len(merged.child_ids)
                ),
            ),
            (
                self.env._("Back again"),
                self.env._("Taken apart, everything is as it was; nothing is lost."),
            ),
        ]

    def _get_watchers_row(self, extra):
        if not extra:
            return ""
        names = ", ".join(extra.mapped("name"))
        if self.share:
            return self.env._("%s get to read all of it.", names)
        return self.env._("%s hear no more of it: it was not shared with them.", names)

    def _get_requester_row(self, merged, survivor):
        if merged.requester_id == survivor.requester_id:
            return self.env._(
                "%s, of both; is told the number that counts.",
                survivor.requester_id.name,
            )
        return self.env._(
            "%(requester)s. %(other)s stays informed, as before.",
            requester=survivor.requester_id.name,
            other=merged.requester_id.name,
        )

    def _get_owner_row(self, survivor):
        owner = survivor.owner_id or survivor.desk_id
        return self.env._("%s goes on with it.", owner.name)

    def _get_promise_row(self, merged, survivor):
        """Which promise to solve it holds."""
        dropped, kept = merged.resolution_due, survivor.resolution_due
        if not dropped:
            return self.env._("Those of %s hold.", survivor.number)
        if not kept or dropped < kept:
            return self.env._(
                "Those of %(number)s hold. %(merged)s was promised earlier, by "
                "%(moment)s.",
                number=survivor.number,
                merged=merged.number,
                moment=merged._spoc_moment_words(dropped),
            )
        return self.env._(
            "Those of %(number)s hold: solved by %(moment)s.",
            number=survivor.number,
            moment=survivor._spoc_moment_words(kept),
        )

    # ---- acts --------------------------------------------------------------

    def action_merge(self):
        """Merge, and open the ticket that goes on."""
        merged, survivor = self._get_both()
        merged._spoc_merge(survivor, share=self.share)
        return survivor._get_records_action()

    def action_link_parent(self):
        """Not one matter, but a part of it: the other becomes the parent."""
        self._get_both()
        self.ticket_id._spoc_link_parent(self.other_id)
        return {"type": "ir.actions.act_window_close"}

    def action_relate(self):
        """Two matters worth knowing of each other."""
        self._get_both()
        self.ticket_id._spoc_relate(self.other_id)
        return {"type": "ir.actions.act_window_close"}

    def action_not_same(self):
        """Another matter: neither ticket suggests the other any more."""
        self._get_both()
        self.ticket_id._spoc_tell_apart(self.other_id)
        return {"type": "ir.actions.act_window_close"}

    def _get_both(self):
        """``(merged, survivor)`` with the rights of the user.

        :raises UserError: when no other ticket was chosen
        """
        merged, survivor = self._get_sides()
        if not merged or not survivor:
            raise UserError(self.env._("Choose another ticket."))
        return merged, survivor
