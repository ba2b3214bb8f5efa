"""One matter asked twice: merged into one ticket, and taken apart again.

Nothing is moved. What was said on a ticket stays there, where those read it to whom
it was said; the desk gets it as a note on the ticket that goes on. So a merge shows
nothing to anybody who could not read it before, and taking it apart loses nothing.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from .spoc_stage import OPEN_STATES
from .spoc_ticket import ENGINE
from .spoc_ticket_closing import NO_SILENCE

#: Words of a conversation that are carried over into the note.
WORDS = 30


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    merged_link_id = fields.Many2one(
        "spoc.ticket",
        "Link to Survivor",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        export_string_translation=False,
    )
    merged_into_id = fields.Many2one(
        "spoc.ticket",
        "Merged into",
        compute="_compute_merged_into_id",
        compute_sudo=False,
    )
    is_merged = fields.Boolean(compute="_compute_is_merged", search="_search_is_merged")
    merged_at = fields.Datetime(readonly=True, copy=False)
    merged_stage_id = fields.Many2one(
        "spoc.stage",
        readonly=True,
        copy=False,
        ondelete="set null",
        export_string_translation=False,
    )
    merged_ids = fields.Many2many(
        "spoc.ticket",
        string="Merged into This",
        compute="_compute_merged_ids",
        compute_sudo=False,
    )

    @api.depends("merged_link_id")
    def _compute_is_merged(self):
        for ticket in self:
            # sudo: only whether it is
            ticket.is_merged = bool(ticket.sudo().merged_link_id)

    def _search_is_merged(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: only which are
        merged = self.sudo()._search([("merged_link_id", "!=", False)])
        return Domain("id", "in", merged)

    @api.depends("merged_link_id")
    @api.depends_context("uid")
    def _compute_merged_into_id(self):
        shown = self._spoc_shown("merged_link_id")
        for ticket in self:
            # sudo: the link itself; shown only if it is among what the user may read
            link = ticket.sudo().merged_link_id
            ticket.merged_into_id = link.id if link.id in shown._ids else False

    @api.depends_context("uid")
    def _compute_merged_ids(self):
        # sudo: the links; those the user may read are picked out of them
        merged = self.sudo().search(
            [("merged_link_id", "in", self._origin.ids)], order="id"
        )
        shown = merged.with_env(self.env)._filtered_access("read")
        for ticket in self:
            ticket.merged_ids = [
                one.id
                for one in merged
                if one.merged_link_id.id == ticket._origin.id and one.id in shown._ids
            ]

    @api.constrains("merged_link_id")
    def _check_merged(self):
        if self._has_cycle("merged_link_id"):
            raise ValidationError(self.env._("A ticket cannot be merged into itself."))

    def _spoc_survivor(self):
        """The ticket this one goes on in, as superuser; itself when it was not merged.

        :rtype: spoc.ticket
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: who may do what there is judged there
        while ticket.merged_link_id:
            ticket = ticket.merged_link_id
        return ticket

    def _spoc_line_ids(self):
        # sudo: ids of merged tickets; callers look with the user's own rights
        merged = self.sudo().search([("merged_link_id", "in", self._origin.ids)])
        return [*super()._spoc_line_ids(), *merged.ids]

    # ---- merging -----------------------------------------------------------

    def _spoc_merge_faults(self, survivor):
        """Why this ticket cannot be merged into another one, in words.

        :param survivor: spoc.ticket
        :return: list of str, empty when it can be
        """
        self.ensure_one()
        if self == survivor:
            return [self.env._("Choose another ticket.")]
        faults = []
        # sudo: both were found readable for the user
        merged, survivor = self.sudo(), survivor.sudo()
        for ticket in (merged, survivor):
            if ticket.state not in OPEN_STATES:
                faults.append(self.env._("%s is not open.", ticket.number))
        if merged.desk_id != survivor.desk_id:
            faults.append(
                self.env._(
                    "They belong to two desks. Transfer one of them first, or link "
                    "them as related."
                )
            )
        if merged.requester_id not in survivor._spoc_audience():
            faults.append(
                self.env._(
                    "%(other)s did not ask for %(number)s and must not read it. Make "
                    "one the child of the other: both hear of the solution, each on "
                    "their own.",
                    other=merged.requester_id.name,
                    number=survivor.number,
                )
            )
        if merged.assignment_ids.filtered("is_open"):
            faults.append(
                self.env._(
                    "%s: another line still works on it. End its part first.",
                    merged.number,
                )
            )
        return faults

    def _spoc_merge(self, survivor, share=False):
        """Let tickets go on in another one.

        :param survivor: spoc.ticket
        :param bool share: watchers of the merged may read the survivor, too
        :raises AccessError: for tickets the user does not work on
        :raises UserError: when they do not go together
        """
        both = self | survivor
        both._spoc_begin(OPEN_STATES)
        both._spoc_lock(["state", "stage_id", "desk_id", "requester_id"])
        for ticket in self:
            faults = ticket._spoc_merge_faults(survivor)
            if faults:
                raise UserError("\n".join(faults))
        now = fields.Datetime.now()
        merged = self.sudo()  # sudo: results of an action that was judged
        for ticket in merged:
            survivor._spoc_note_merged(ticket)
            ticket._spoc_write(
                {
                    "merged_link_id": survivor.id,
                    "merged_at": now,
                    "merged_stage_id": ticket.stage_id.id,
                }
            )
        if share:
            watchers = merged.watcher_ids - survivor._spoc_audience()
            survivor.write({"watcher_ids": [(4, id_) for id_ in watchers.ids]})
        self._spoc_enter("cancelled", closed_at=now, **NO_SILENCE)
        self._spoc_stop_clocks(now)
        self._spoc_tell("spoc_helpdesk.mail_template_merged", moment=False)
        self._spoc_measure("merged")

    def _spoc_note_merged(self, merged):
        """Give the desk what was said on a ticket that is merged into this one."""
        self.ensure_one()
        # sudo: both are the same desk's, which reads this note
        survivor, merged = self.sudo(), merged.sudo()
        body = Markup("<p>%s</p>%s") % (
            self.env._("%s was merged into this.", merged._spoc_anchor()),
            merged._spoc_said(),
        )
        survivor._spoc_log_note(body)
        merged._spoc_log_note(
            Markup("<p>%s</p>") % self.env._("Merged into %s.", survivor._spoc_anchor())
        )

    def _spoc_log_note(self, body):
        """A note of whoever acts, for the desk alone; nobody is called."""
        self.ensure_one()
        # sudo: the note follows from what was done
        self.sudo().with_context(
            spoc_engine=ENGINE,
            mail_post_autofollow_author_skip=True,
            mail_post_autofollow=False,
        ).message_post(
            body=body,
            author_id=self.env.user.partner_id.id,
            message_type="auto_comment",
            subtype_xmlid="mail.mt_note",
        )

    def _spoc_anchor(self):
        """The ticket as a link, for notes of the desk."""
        self.ensure_one()
        return Markup(
            '<a href="#" data-oe-model="spoc.ticket" data-oe-id="%s">%s</a>'
        ) % (self.id, self.display_name)

    def _spoc_said(self):
        """What was asked and said on this ticket, for the desk: Markup."""
        self.ensure_one()
        blocks = []
        if not is_html_empty(self.description):
            blocks.append(
                (self._spoc_by(self.create_date, self.requester_id), self.description)
            )
        rows = [
            Markup("<li>%s: %s</li>") % (answer.question_text, answer.value_text or "")
            for answer in self.answer_ids
        ]
        if rows:
            blocks.append(
                (self.env._("Answers"), Markup("<ul>%s</ul>") % Markup("").join(rows))
            )
        words = self.message_ids.filtered(
            lambda m: m._spoc_is_public() and m.message_type in ("comment", "email")
        )
        for message in words.sorted("id")[-WORDS:]:
            if self._spoc_says_something(message):
                files = ", ".join(message.attachment_ids.mapped("name"))
                blocks.append(
                    (
                        self._spoc_by(message.date, message.author_id),
                        message.body + Markup("<p><i>%s</i></p>") % files
                        if files
                        else message.body,
                    )
                )
        return Markup("").join(
            Markup("<p><b>%s</b></p><blockquote>%s</blockquote>") % block
            for block in blocks
        )

    def _spoc_by(self, moment, author):
        """Who said something, and when, in words."""
        return f"{self._spoc_moment_words(moment)}, {author.name or ''}".strip(", ")

    # ---- taking apart ------------------------------------------------------

    def action_unmerge(self):
        """Make a merged ticket a matter of its own again, as it was."""
        self.check_access("write")
        self._spoc_lock(["merged_link_id", "state", "stage_id"])
        for ticket in self:
            if not ticket.is_merged:
                raise UserError(self.env._("%s is not merged.", ticket.number))
        self._spoc_unmerge()
        self._spoc_tell("spoc_helpdesk.mail_template_unmerged", moment=False)
        return True

    def _spoc_unmerge(self):
        """Put merged tickets back where they were; see :meth:`action_unmerge`."""
        tickets = self.sudo()  # sudo: results of an action that was judged
        tickets._spoc_note_reopening()
        for ticket in tickets:
            survivor, waited = (
                ticket.merged_link_id,
                (ticket.merged_stage_id.state == "waiting"),
            )
            ticket._spoc_write(
                {
                    "stage_id": ticket._spoc_stage_before(),
                    "merged_link_id": False,
                    "merged_at": False,
                    "merged_stage_id": False,
                    "closed_at": False,
                }
            )
            ticket._spoc_restart_clocks()
            ticket._spoc_restart_response()
            if waited:
                ticket._spoc_wait_again()
            for one, other in ((ticket, survivor), (survivor, ticket)):
                one._spoc_log_note(
                    Markup("<p>%s</p>")
                    % self.env._("Taken apart from %s again.", other._spoc_anchor())
                )
        gone = tickets.filtered(lambda t: t.owner_id and not t._spoc_owner_stays())
        if gone:
            gone._spoc_write({"owner_id": False})
            gone._spoc_move_ledger()
            gone._spoc_route_again()

    def _spoc_wait_again(self):
        """Wait for what the ticket waited for when it was merged, unless it is over."""
        self.ensure_one()
        if "spoc.wait" not in self.env:
            self._spoc_pause_clocks()
            return
        stage_id, now = self.stage_id.id, fields.Datetime.now()
        last = self.env["spoc.wait"].search(
            [("ticket_id", "=", self.id)], order="start desc, id desc", limit=1
        )
        until = last.until if last.until and last.until > now else None
        if last and (until or last.waits_for != "date"):
            self._spoc_wait(last.reason_id, until)
            self._spoc_write({"stage_id": stage_id})
        else:
            self._spoc_enter("in_progress")

    def _spoc_stage_before(self):
        """The stage a merged ticket stood in, if its desk still uses it."""
        self.ensure_one()
        stage = self.merged_stage_id
        if stage and (not stage.desk_ids or self.desk_id in stage.desk_ids):
            return stage.id
        state = stage.state or "in_progress"
        return self.env["spoc.stage"]._spoc_first(state, self.desk_id.id)

    def _spoc_restart_response(self):
        """A first answer that was still owed is owed again, with what was left."""
        self.ensure_one()
        if self.first_response_at:
            return
        last = self.clock_ids.filtered(lambda one: one.kind == "response")
        last = last.sorted("id")[-1:]
        if last.state == "stopped":
            self._spoc_next_clock(last, last.remaining, fields.Datetime.now())
            self._spoc_sync_due()

    def _spoc_reopen(self):
        """A merged ticket comes back by being taken apart."""
        # sudo: only whether it is merged, also when a requester reopens
        merged = self.filtered(lambda ticket: ticket.sudo().is_merged)
        if merged:
            merged._spoc_unmerge()
        return super(SpocTicket, self - merged)._spoc_reopen()

    # ---- words to a merged ticket ------------------------------------------

    def message_post(self, **kwargs):
        """What is said to a merged ticket is said where it goes on.

        By those who are heard there; the words of others stay, and the desk of the
        survivor is told of them.
        """
        self.ensure_one()
        survivor = self._spoc_survivor()
        if survivor != self and not self._spoc_is_engine():
            survivor = survivor.with_env(self.env)
            if survivor._spoc_is_heard(kwargs):
                return survivor.message_post(**kwargs)
        return super().message_post(**kwargs)

    def _spoc_is_heard(self, kwargs):
        """Whether whoever speaks may say this to the requester's side here."""
        by_mail = kwargs.get("message_type") == "email" and self.env.su
        partner, kwargs = self._spoc_speaker(dict(kwargs), by_mail)
        # sudo: users behind a partner, whoever speaks
        is_desk = bool(partner.sudo().user_ids & self._spoc_desk_users())
        if is_desk:
            # A note of the desk stays where it was written.
            return not self._spoc_is_internal_subtype(kwargs)
        return partner in self._spoc_audience()

    def _spoc_heard(self, message, voice):
        # sudo: only whether it is merged, whoever speaks
        if not self.sudo().is_merged:
            return super()._spoc_heard(message, voice)
        survivor = self._spoc_survivor()
        survivor._spoc_log_note(
            Markup("<p>%s</p>")
            % self.env._("New words on %s, merged into this.", self._spoc_anchor())
        )

    def _spoc_is_past(self):
        # Whether its time is over is asked of the ticket it goes on in.
        # sudo: only whether it is merged, whoever speaks
        return not self.sudo().is_merged and super()._spoc_is_past()

    @api.model
    def _spoc_route_mail(self, route, msg_dict):
        """Lead answers to a merged ticket on to where it goes on."""
        route = super()._spoc_route_mail(route, msg_dict)
        if not route[1]:
            return route
        # sudo: the gateway finds what is answered; the voice is judged later
        ticket = self.sudo().browse(route[1]).exists()
        survivor = ticket._spoc_survivor() if ticket else ticket
        if survivor == ticket:
            return route
        return super()._spoc_route_mail((route[0], survivor.id, *route[2:]), msg_dict)

    # ---- the page of the request -------------------------------------------

    def _spoc_page_leads_to(self, reader):
        """The survivor, for a page of the merged ticket, if its readers may read it.

        Whoever holds the link of a page holds it for all who got it; so it leads on
        only when everybody who got this one may read that one, or when the user does
        by their own right.

        :param reader: res.users who looks; ``self`` may come as any superuser
        :return: spoc.ticket as superuser, or empty
        """
        self.ensure_one()
        survivor = self._spoc_survivor()
        if survivor == self:
            return survivor.browse()
        if self._spoc_audience() <= survivor._spoc_audience():
            return survivor
        theirs = survivor.with_user(reader)._filtered_access("read")
        return survivor if theirs else survivor.browse()
