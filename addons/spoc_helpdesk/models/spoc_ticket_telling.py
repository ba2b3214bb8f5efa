"""Telling requesters: the suite speaks in the name of the desk, to many at once."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, formataddr, is_html_empty

from odoo.addons.spoc_catalog.words import moment_words

#: Templates whose mail brings the requester the link to say yes or no.
CONFIRMING = (
    "spoc_helpdesk.mail_template_resolved",
    "spoc_helpdesk.mail_template_reminder",
)
#: So many earlier words a mail refers to, for mail programs to put them together.
REFERENCES = 3


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _spoc_acknowledge(self, earlier):
        """Tell requesters that their request has come in.

        :param dict earlier: what was said on the tickets before, see
            :meth:`_spoc_earlier_words`
        """
        if self.env.context.get("spoc_ack_later"):
            return
        received = "spoc_helpdesk.mail_template_received"
        self._spoc_tell(received, moment=False, earlier=earlier)

    def _spoc_tell(self, template_xmlid, moment=True, earlier=None):
        """Post a template's words on each thread, to requester and watchers only.

        The suite speaks in the name of the desk and in the requester's language;
        such a message is no human answer and keeps no promise. All tickets are told
        together: what Odoo does for one message at a time (find who hears it, lay
        the mail out, queue it) is done for all of them in a few queries.

        :param str template_xmlid: of the mail.template that is posted
        :param bool moment: remember that the requester has been told
        :param dict earlier: what was said on the tickets before, where it is known;
            see :meth:`_spoc_earlier_words`
        """
        tickets = self.sudo()  # sudo: templates show what they name, to the requester
        tickets.desk_id._spoc_ensure_voice()
        to_id = self.env["ir.model.data"]._xmlid_to_res_id
        template = self.env["mail.template"].browse(to_id(template_xmlid))
        rendered = tickets._spoc_render(template)
        messages = tickets._spoc_post_words(rendered)
        confirming = template_xmlid in CONFIRMING
        if earlier is None:
            earlier = tickets._spoc_earlier_words(messages)
        tickets._spoc_send_words(messages, earlier, confirming)
        if moment:
            tickets._spoc_write({"told_at": fields.Datetime.now()})

    def _spoc_moment_words(self, moment):
        """A moment in words, where and in the language in which the requester reads.

        For templates of mail; see ``spoc_catalog/words.py`` for the wording.
        """
        self.ensure_one()
        tz = self.requester_id.tz or self.desk_id._spoc_calendar()[1]
        return moment_words(moment, self.env.lang or "en_US", tz)

    def _spoc_render(self, template):
        """Subject and body of a template for each ticket, in its requester's language.

        :return: dict ticket id -> (subject, body)
        """
        if not template:
            return {
                ticket.id: (ticket.display_name, ticket._spoc_state_name())
                for ticket in self
            }
        # sudo: the suite's own words
        template = template.sudo().with_context(spoc_words=True)
        rendered = {}
        for lang, ids in template._spoc_by_language(self.ids).items():
            spoken = template.with_context(lang=lang) if lang else template
            subject, body = spoken._spoc_words(template.id)
            subjects = spoken._render_template(subject, self._name, ids)
            bodies = spoken._render_template(
                body, self._name, ids, engine="qweb", options={"post_process": True}
            )
            rendered |= {id_: (subjects[id_], bodies[id_]) for id_ in ids}
        return rendered

    def _spoc_desk_email(self, default=None):
        """Sender of the desk's words: the desk at its own address."""
        self.ensure_one()
        return self.desk_id._spoc_sender() or default

    # ---- the words on the thread -------------------------------------------

    def _spoc_post_words(self, rendered):
        """Put words of the suite on the threads.

        :param dict rendered: ticket id -> (subject, body)
        :return: mail.message, one per ticket in the same order
        """
        comment_id = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        answer_to = self._notify_get_reply_to()
        values = []
        for ticket in self:
            subject, body = rendered[ticket.id]
            voice = ticket.desk_id.partner_id
            values.append(
                {
                    "author_id": voice.id,
                    "body": body,
                    "email_add_signature": False,
                    "email_from": ticket._spoc_desk_email() or voice.email_formatted,
                    "is_internal": False,
                    "message_type": "auto_comment",
                    "model": self._name,
                    "partner_ids": ticket._spoc_audience().ids,
                    "record_company_id": ticket.company_id.id,
                    "reply_to": answer_to[ticket.id],
                    "res_id": ticket.id,
                    "subject": subject,
                    "subtype_id": comment_id,
                }
            )
        messages = self._message_create(values)
        # The layout of the mail takes the words from it: they need not be read again.
        body = messages._fields["body"]
        body._insert_cache(messages, [one["body"] for one in values])
        return messages

    # ---- the mail around them ----------------------------------------------

    def _spoc_send_words(self, messages, earlier, confirming):
        """Bring words to those they are for, by mail or into their inbox.

        :param messages: mail.message, one per ticket
        :param dict earlier: see :meth:`_spoc_earlier_words`
        :param bool confirming: the requester is asked whether it is solved
        """
        hearers = self._spoc_hearers()
        letters, told = [], []
        for ticket, message in zip(self, messages, strict=True):
            audience = ticket._spoc_audience()
            mine = [hearers[id_] for id_ in audience.ids if id_ in hearers]
            if any(one["notif"] == "inbox" for one in mine):
                ticket._notify_thread_by_inbox(message, mine)
            letter = ticket._spoc_letter(message, mine, earlier.get(ticket.id, ()))
            for group in ticket._spoc_letter_groups(mine, confirming):
                letters.append({**letter, **ticket._spoc_lay_out(message, group)})
                told.append((message, group["recipients_ids"]))
        if not letters:
            return
        mails = self.env["mail.mail"].create(letters)
        self.env["mail.notification"].create(
            [
                {
                    **self._notify_by_email_get_base_notification_values(message),
                    "mail_mail_id": mail.id,
                    "res_partner_id": partner_id,
                }
                for mail, (message, partner_ids) in zip(mails, told, strict=True)
                for partner_id in partner_ids
            ]
        )
        limit = self.env["ir.config_parameter"].get_param(
            "mail.mail.force.send.limit", 100
        )
        if len(mails) < int(limit):  # more are sent by Odoo's queue
            mails.send_after_commit()

    def _spoc_hearers(self):
        """Who hears the desk, as Odoo's notifications describe a recipient.

        :return: dict id of res.partner -> dictionary, see ``mail.thread``'s
            ``_notify_get_recipients``; inactive contacts are left out
        """
        partners = self._spoc_audience()
        users = self.env["res.users"].search_fetch(
            [("partner_id", "in", partners.ids)],
            ["partner_id", "share", "notification_type"],
            order="share, id",
        )
        main = {}
        for user in users:
            main.setdefault(user.partner_id.id, user)
        hearers = {}
        for partner in partners.filtered("active"):
            user = main.get(partner.id, users.browse())
            inner = bool(user) and not user.share
            by_inbox = inner and user.notification_type == "inbox"
            hearers[partner.id] = {
                "active": True,
                "email_normalized": partner.email_normalized,
                "id": partner.id,
                "is_follower": False,
                "lang": partner.lang,
                "name": partner.name,
                "notif": "inbox" if by_inbox else "email",
                "share": not inner,
                "uid": user.id,
                "ushare": user.share,
            }
        return hearers

    @api.model
    def _spoc_earlier_words(self, messages):
        """Message-Ids of the last words before some messages, the oldest first.

        :return: dict ticket id -> list
        """
        # SQL: the last few of each of many threads
        rows = self.env.execute_query(
            SQL(
                "SELECT said.res_id, earlier.message_id FROM mail_message said"
                " CROSS JOIN LATERAL ("
                "  SELECT m.id, m.message_id FROM mail_message m"
                "  WHERE m.model = said.model AND m.res_id = said.res_id"
                "  AND m.id < said.id AND m.message_id IS NOT NULL"
                "  AND NOT m.is_internal AND m.subtype_id = said.subtype_id"
                "  ORDER BY m.id DESC LIMIT %s) earlier"
                " WHERE said.id = ANY(%s) ORDER BY earlier.id",
                REFERENCES,
                messages.ids,
                to_flush=messages._fields["message_id"],
            )
        )
        earlier = defaultdict(list)
        for ticket_id, message_id in rows:
            earlier[ticket_id].append(message_id)
        return earlier

    def _spoc_letter(self, message, hearers, earlier):
        """Values of the mails of a message, whoever gets them.

        :param list hearers: see :meth:`_spoc_hearers`
        :param list earlier: Message-Ids of earlier words
        """
        self.ensure_one()
        headers = {}
        outside = [
            formataddr((one["name"], one["email_normalized"]))
            for one in hearers
            if one["share"] and one["email_normalized"]
        ]
        if outside and len(outside) < self._CUSTOMER_HEADERS_LIMIT_COUNT:
            headers["X-Msg-To-Add"] = ",".join(outside)
        bounce = message.record_alias_domain_id.bounce_email
        if bounce:
            headers["Return-Path"] = bounce
        headers = self._notify_by_email_get_headers(headers=headers)
        return {
            "auto_delete": True,
            "headers": repr(headers) if headers else False,
            "mail_message_id": message.id,
            "references": " ".join([*earlier, message.message_id]),
        }

    def _spoc_letter_groups(self, hearers, confirming):
        """Those who get the same mail: one language, one button.

        :return: list of dictionaries as layouts of mail take them
        """
        # Who is no employee is not asked about: nobody of the desk is left then.
        staff = any(one["uid"] and not one["share"] for one in hearers)
        inner = set(self._spoc_desk_users().ids) if staff else set()
        groups = {}
        for one in hearers:
            if one["notif"] != "email":
                continue
            lang = one["lang"] or self.env.lang
            asked = confirming and one["id"] == self.requester_id.id
            button = self.with_context(lang=lang)._spoc_button(
                asked, one["uid"] in inner and one["id"] != self.requester_id.id
            )
            group = groups.setdefault(
                (lang, button["url"]),
                {
                    "active": True,
                    "button_access": button,
                    "has_button_access": True,
                    "lang": lang,
                    "recipients_ids": [],
                },
            )
            group["recipients_ids"].append(one["id"])
        return list(groups.values())

    def _spoc_button(self, confirming=False, inside=False):
        """The button of a mail: to the page of the request, or to the question.

        :param bool confirming: ask whether it is solved; the link to confirm is in the
            requester's mail only, never on the thread, where the desk could use it
        :param bool inside: for somebody of the desk, who works in the backend
        :return: ``{"url", "title"}``
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: links for its own audience
        if confirming:
            return {
                "url": ticket._spoc_confirm_url(),
                "title": self.env._("Is it solved? Yes or no"),
            }
        if inside:
            url = self._notify_get_action_link("view", model=self._name, res_id=self.id)
        else:
            url = ticket.get_base_url() + ticket.get_portal_url()
        return {"url": url, "title": self.env._("See the request")}

    def _spoc_lay_out(self, message, group):
        """The mail of a group around the words of a message.

        :return: values of a mail.mail
        """
        ticket = self.with_context(lang=group["lang"])
        body = ticket._notify_by_email_render_layout(
            message,
            group,
            msg_vals={"email_layout_xmlid": False},
            render_values={
                "author_user": self.env["res.users"],
                "company": ticket.company_id,
                "email_add_signature": False,
                "email_notification_allow_header": True,
                "is_discussion": True,
                "is_html_empty": is_html_empty,
                "lang": group["lang"],
                "message": message,
                "model_description": "",
                "record": ticket,
                "record_name": ticket.display_name,
                "show_unfollow": False,
                "signature": "",
                "subtitles": [ticket.display_name],
                "subtype": self.env["mail.message.subtype"],
                "tracking_values": [],
                "website_url": False,
            },
        )
        return {
            "body_html": body,
            "recipient_ids": [(4, id_) for id_ in group["recipients_ids"]],
        }
