"""Words on a ticket: who speaks, who hears, what follows."""

from datetime import timedelta

from markupsafe import Markup, escape

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, html2plaintext

from .spoc_stage import OPEN_STATES
from .spoc_ticket import ENGINE

#: Whose words a message holds.
DESK = "desk"  # the owning desk, to the requester
REQUESTER = "requester"  # the requester or a watcher, to the desk
NOTE = "note"  # those who work on it, among themselves
STRANGER = "stranger"  # somebody who is neither: kept, shown to the desk only
AUTOMATIC = "automatic"  # a machine of the requester: kept, answered by nothing
SYSTEM = "system"  # the suite itself

#: Voices the requester hears.
PUBLIC_VOICES = (DESK, REQUESTER, SYSTEM)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    # ---- speaking ----------------------------------------------------------

    def message_post(self, **kwargs):
        """Post in the voice of whoever speaks; see the constants of this module.

        The owning desk's public words go to the requester and the watchers, keep
        the promise of an answer and renew that of an update. The requester's words
        go to the owner, end waiting and reopen what was ended; after the desk's
        reopening days they begin a follow-up ticket, where they are then posted.

        :raises AccessError: for public words of anybody but the owning desk
        :raises UserError: when a recipient may not see the words
        """
        self.ensure_one()
        automatic = kwargs.pop("spoc_auto", False)
        if self._spoc_is_engine():
            return super().message_post(**kwargs)
        voice, kwargs = self._spoc_find_voice(kwargs, automatic)
        if voice == REQUESTER and self._spoc_is_past():
            return self._spoc_follow_up().message_post(**kwargs)
        kwargs = self._spoc_address(voice, kwargs)
        # sudo: the voice was judged; a requester may speak, but not write records
        ticket = self.sudo().with_context(
            mail_post_autofollow_author_skip=True, mail_post_autofollow=False
        )
        message = super(SpocTicket, ticket).message_post(**kwargs)
        # sudo: what follows from words is the work's, not the speaker's
        self.sudo()._spoc_heard(message, voice)
        return message.with_env(self.env)

    def message_notify(self, **kwargs):
        """Tell somebody at the desk something about a ticket, off its thread.

        Only the inner side does, and only the inner side is told; see
        :meth:`_notify_get_recipients`.

        :raises AccessError: for an outsider
        """
        if not self:
            return super().message_notify(**kwargs)
        self._spoc_check_inner()
        # sudo: messages on tickets are made by the suite alone, after its judgement
        message = super(SpocTicket, self.sudo()).message_notify(**kwargs)
        return message.with_env(self.env)

    def _spoc_find_voice(self, kwargs, automatic):
        """Judge who speaks to whom.

        :return: ``(voice, kwargs)``, the latter without what a speaker may not say
        """
        kwargs = {
            name: value
            for name, value in kwargs.items()
            if name not in ("rating_id", "rating_value")
        }
        by_mail = kwargs.get("message_type") == "email" and self.env.uid == SUPERUSER_ID
        partner, kwargs = self._spoc_speaker(kwargs, by_mail)
        internal = self._spoc_is_internal_subtype(kwargs)
        voice = self._spoc_voice_of(partner, internal, by_mail, kwargs)
        if automatic and voice in (REQUESTER, STRANGER):
            voice = AUTOMATIC
        if voice in PUBLIC_VOICES:
            subtype = "mail.mt_comment"
            kwargs["is_internal"] = False
            if not by_mail:
                kwargs["message_type"] = "comment"
        else:
            subtype = "mail.mt_note"
        if voice != NOTE:
            kwargs.pop("subtype_id", None)
            kwargs["subtype_xmlid"] = subtype
        return voice, kwargs

    def _spoc_speaker(self, kwargs, by_mail):
        """The partner who speaks, and arguments that say nothing else.

        Nobody speaks in another's name: a named author counts from the mail gateway
        and from the holder of the ticket's token (whom the controller identified).
        """
        user = self.env.user
        if by_mail or (self.env.su and (user._is_public() or user._is_superuser())):
            author_id = kwargs.get("author_id")
            partner = self.env["res.partner"].browse(author_id or [])
            if not author_id and by_mail:
                partner = self._spoc_partner_of_email(kwargs.get("email_from"))
            return partner, kwargs
        return user.partner_id, {
            name: value
            for name, value in kwargs.items()
            if name not in ("author_id", "email_from", "reply_to")
        }

    def _spoc_partner_of_email(self, email):
        email = email_normalize(email)
        return self._spoc_audience().filtered(
            lambda partner: email and partner.email_normalized == email
        )[:1]

    def _spoc_is_internal_subtype(self, kwargs):
        """Whether the arguments of a message make it a note of the desk."""
        if kwargs.get("is_internal"):
            return True
        subtype_id = kwargs.get("subtype_id")
        if kwargs.get("subtype_xmlid"):
            subtype_id = self.env["ir.model.data"]._xmlid_to_res_id(
                kwargs["subtype_xmlid"]
            )
        if not subtype_id:
            return True
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        if subtype_id == comment_id:
            return False
        # sudo: subtypes are definitions
        return self.env["mail.message.subtype"].sudo().browse(subtype_id).internal

    def _spoc_voice_of(self, partner, internal, by_mail, kwargs):
        """Voice of ``partner``.

        :raises AccessError: when they have none here
        """
        # sudo: users behind a partner, whoever speaks; a desk is made of employees
        users = partner.sudo().user_ids.filtered(lambda user: not user.share)
        is_desk = bool(users and users & self._spoc_desk_users())
        is_audience = partner in self._spoc_audience()
        if is_desk and internal:
            return NOTE
        # sudo: who asked, whoever speaks
        if is_audience and (not is_desk or partner == self.sudo().requester_id):
            return REQUESTER
        if is_desk:
            return DESK
        if by_mail:
            return STRANGER
        if self.env.su and self.env.user._is_superuser():
            return NOTE if internal else SYSTEM
        self.with_env(self.env(su=False))._spoc_check_inner()
        if internal:
            return NOTE
        raise AccessError(
            self.env._(
                "Only %s talks to the requester of this ticket.",
                self.sudo().desk_id.name,  # sudo: names of desks are public
            )
        )

    def _spoc_address(self, voice, kwargs):
        """Name sender and recipients.

        :raises UserError: when somebody is named who may not see the words
        """
        audience = self._spoc_audience()
        named = self.env["res.partner"].browse(kwargs.get("partner_ids") or [])
        named = self._spoc_fit_recipients(named, audience, voice)
        # sudo: address and owner, whoever speaks
        ticket = self.sudo()
        if voice in (DESK, SYSTEM):
            named |= audience
            kwargs["email_from"] = ticket._spoc_desk_email(kwargs.get("email_from"))
            if voice == SYSTEM and not kwargs.get("author_id"):
                kwargs["author_id"] = ticket.desk_id.partner_id.id
            elif voice == DESK and not kwargs.get("author_id"):
                kwargs["author_id"] = self.env.user.partner_id.id
        elif "spoc_ack" in self.env.context:
            # The mail that made the ticket: its recipients have it, the owner is
            # called, and the acknowledgement goes to everybody.
            named = named.browse()
        elif voice == REQUESTER:
            named |= audience | ticket._spoc_listener()
        elif voice == STRANGER:
            named |= ticket._spoc_listener()
            kwargs["body"] = ticket._spoc_stranger_warning(kwargs)
        kwargs["partner_ids"] = named.ids
        if not kwargs.get("subject"):
            kwargs["subject"] = ticket._message_compute_subject()
        kwargs.pop("outgoing_email_to", None)
        return kwargs

    def _spoc_fit_recipients(self, named, audience, voice):
        """Recipients who may see the words; complain about others to a person."""
        # sudo: accounts behind contacts are only compared with the desk
        inner = named.filtered(
            lambda partner: partner.sudo().user_ids & self._spoc_desk_users()
        )
        fit = inner | (named & audience if voice in PUBLIC_VOICES else inner)
        unfit = named - fit
        if unfit and self.env.uid != SUPERUSER_ID and voice != REQUESTER:
            raise UserError(
                self.env._(
                    "%(names)s cannot see this. Add people the requester shares the "
                    "ticket with to “Also informed”; give work to another line by an "
                    "assignment.",
                    # sudo: the names are those the user wrote to
                    names=", ".join(unfit.sudo().mapped("name")),
                )
            )
        return fit

    def _spoc_listener(self):
        """Who at the desk hears the requester: the owner, else the desk's manager."""
        self.ensure_one()
        return (self.owner_id or self._spoc_manager()).partner_id

    def _spoc_stranger_warning(self, kwargs):
        """The stranger's words below a warning to the desk."""
        warning = self.env._(
            "This came by mail from %(sender)s, who is neither the requester nor "
            "informed of this ticket. Only the desk sees it.",
            sender=kwargs.get("email_from") or self.env._("an unknown sender"),
        )
        return Markup('<p class="text-warning">%s</p>%s') % (
            warning,
            escape(kwargs.get("body") or ""),
        )

    # ---- what follows from words -------------------------------------------

    def _spoc_heard(self, message, voice):
        """Let words have their consequences."""
        self.ensure_one()
        if voice == DESK:
            if not self._spoc_says_something(message):
                return
            if self.state == "new":
                self._spoc_start()
            self._spoc_answered(message)
        elif voice == REQUESTER:
            if self.state == "waiting":
                self._spoc_happened("reply")
            elif self.state not in OPEN_STATES:
                self._spoc_reopen()
                self._spoc_tell("spoc_helpdesk.mail_template_reopened", moment=False)
        if self.env.context.get("spoc_ack"):
            earlier = {self.id: [message.message_id]}
            # Whatever is posted from now on is not that mail.
            ticket = self.with_context(spoc_ack=None)
            ticket._spoc_acknowledge(earlier)

    @api.model
    def _spoc_says_something(self, message):
        """Whether a person can find words or a file in it."""
        return bool(
            html2plaintext(message.body or "").strip() or message.attachment_ids
        )

    def _spoc_is_past(self):
        """Whether the ticket ended too long ago to be reopened by words."""
        # sudo: moments and the desk's rule, whoever speaks
        ticket = self.sudo()
        if ticket.state in OPEN_STATES:
            return False
        ended = ticket.closed_at or ticket.resolved_at
        if not ended:
            return False
        window = timedelta(days=ticket.desk_id.reopen_days)
        return fields.Datetime.now() > ended + window

    def _spoc_follow_up_values(self):
        """Values of a ticket that goes on with this one after its time."""
        self.ensure_one()
        ticket = self.sudo()  # sudo: the requester's words begin it
        return {
            "name": ticket.name,
            "desk_id": ticket.desk_id.id,
            "service_id": ticket.service_id.id,
            "kind": ticket.kind,
            "category_id": ticket.category_id.id,
            "priority": ticket.priority,
            "impact": ticket.impact,
            "urgency": ticket.urgency,
            "requester_id": ticket.requester_id.id,
            "watcher_ids": [(6, 0, ticket.watcher_ids.ids)],
            "follow_up_of_id": ticket.id,
            "origin": ticket.origin,
        }

    def _spoc_follow_up(self):
        """Begin the follow-up of this ticket; the words are posted there."""
        # sudo: the requester's words begin it; they may not create tickets
        tickets = self.sudo().with_context(spoc_engine=ENGINE)
        follow_up = tickets.create([self._spoc_follow_up_values()])
        return follow_up.with_env(self.env)
