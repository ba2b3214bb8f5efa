"""The requester's side: asking, confirming, rejecting, rating."""

import binascii
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html
from odoo.tools.misc import hash_sign, verify_hash_signed

from odoo.addons.spoc_catalog.form_values import SILENT_TYPES
from odoo.addons.spoc_catalog.norms import LEVELS

from .spoc_ticket import ENGINE
from .spoc_ticket_approvals import Asked

CONFIRM_SCOPE = "spoc.ticket.confirm"
NAME_LENGTH = 80


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    searched = fields.Char(
        "Searched before",
        readonly=True,
        copy=False,
        help="What the requester had searched for in vain.",
    )

    # ---- asking ------------------------------------------------------------

    @api.model
    def _spoc_ask(
        self, service, answers, description="", origin="portal", people=None, **vals
    ):
        """Take a request from the person signed in.

        The service has to be published and visible with the caller's own rights;
        the answers are judged; the tickets are then made as superuser, with the
        caller's partner as requester. Asked for several people, each gets a ticket.

        :param service: spoc.service, empty for free words (they go to the front desk)
        :param dict answers: question id -> raw value, files as dicts with ``name``,
            ``size`` and ``content`` (bytes)
        :param str description: plain text
        :param str origin: kind of channel
        :param list people: raw ids of the employees it is asked for, ``None`` for the
            caller
        :param vals: further values of the tickets, from other channels' code;
            ``urgency`` may be raw, ``""`` is an answer that is missing
        :return: ``(tickets as the caller, {})``, or ``(empty, errors)`` with a message
            per question; key ``"description"`` stands for the free text,
            ``"for_whom"`` for the people, ``"urgency"`` for how urgent it is,
            ``"_form"`` for the request as a whole
        :raises AccessError: when the service is not for the caller
        """
        service = self._spoc_check_service(service)
        form = service.form_id._spoc_compile()
        description = (description or "").strip()
        values, partners, errors = self._spoc_judge_sheet(
            service, form, answers, description, people, vals
        )
        if errors:
            return self.browse(), errors
        words = service.form_id._spoc_word_answers(form, values)
        # sudo: a requester may not create tickets; what they may ask was checked
        tickets = self.sudo().with_context(spoc_engine=ENGINE)
        draft = {
            "name": self._spoc_ask_name(service, description),
            "description": plaintext2html(description) if description else False,
            "service_id": service.id,
            "desk_id": tickets._spoc_desk_for(service, self.env.user.partner_id).id,
            "requester_id": self.env.user.partner_id.id,
            "origin": origin,
            **vals,
        }
        tickets = tickets._spoc_take(draft, partners, form, values, words)
        return tickets.with_env(self.env), {}

    @api.model
    def _spoc_judge_sheet(self, service, form, answers, description, people, vals):
        """Judge all that was filled in; parameters as of :meth:`_spoc_ask`.

        :param dict form: compiled form of the service
        :return: ``(clean answers, ids of the people it is for, errors)``
        """
        values, errors = service.form_id._spoc_judge(answers, form)
        partners, fault = self._spoc_asked_for(service, people)
        errors = {
            **errors,
            **({"for_whom": fault} if fault else {}),
            **self._spoc_word_faults(form, description),
            **self._spoc_urgency_faults(service, vals),
        }
        errors = errors or self._spoc_approval_faults(service, partners, values, form)
        return values, partners, errors

    @api.model
    def _spoc_take(self, draft, partners, form, values, words):
        """Make the tickets of a request with their answers.

        :param dict draft: values of each of them
        :param list partners: ids of res.partner, empty for whoever asks
        :param form: compiled form
        :param dict values: question id -> clean value
        :param dict words: question id -> the same in words
        """
        self = self.with_context(spoc_asked=Asked(values, form))
        drafts = [
            {**draft, "requested_for_id": partner_id}
            for partner_id in partners or [draft["requester_id"]]
        ]
        has_files = any(
            question["type"] == "file" and question["id"] in values
            for question in form["questions"]
        )
        if has_files:
            # Files are kept once their tickets are there.
            tickets = self.create(drafts)
            tickets._spoc_store_answers(form, values, words)
            return tickets
        for one in drafts:
            one["answer_ids"] = [
                Command.create(answer)
                for answer in self._spoc_answer_values(form, values, words)
            ]
        return self.create(drafts)

    @api.model
    def _spoc_word_faults(self, form, description):
        """Without questions the words are all there is."""
        asks = any(q["type"] not in SILENT_TYPES for q in form["questions"])
        if asks or description:
            return {}
        return {"description": self.env._("Tell us what you need.")}

    @api.model
    def _spoc_urgency_faults(self, service, vals):
        """How urgent it is counts where the service asks for it, and only there."""
        if not service.asks_urgency:
            vals.pop("urgency", None)
            return {}
        if vals.get("urgency") is None or vals["urgency"] in LEVELS:
            return {}
        return {"urgency": self._spoc_urgency_missing()}

    @api.model
    def _spoc_approval_faults(self, service, partner_ids, values, form):
        """What needs an agreement nobody can give is not taken.

        :param list partner_ids: who it is asked for, empty for whoever asks
        """
        if not service:
            return {}
        partners = self.env["res.partner"].browse(partner_ids)
        refused = service._spoc_unapproved(
            partners or self.env.user.partner_id, values, form
        )
        message = service._spoc_unapproved_message(refused)
        if not message:
            return {}
        if not partners:
            return {"_form": message}
        # sudo: the names are those the asker chose from
        names = ", ".join(refused.sudo().mapped("name"))
        return {"_form": message, "for_whom": self.env._("Not for %s.", names)}

    @api.model
    def _spoc_asked_for(self, service, people):
        """Contacts of the people a request is for, as far as the form allows it.

        Whoever gets a service belongs to its audience, as whoever asks does.

        :return: ``(ids of res.partner, message)``
        """
        employees, fault = service.form_id._spoc_judge_people(people)
        partner_ids = self._spoc_partners_of(employees)
        if not fault and not all(partner_ids):
            fault = self.env._("This person cannot be asked for: no contact is known.")
        if not fault and partner_ids:
            # sudo: the names are those the user chose from
            partners = self.env["res.partner"].sudo().browse(partner_ids)
            refused = partners - service._spoc_who_may_ask(partners)
            if refused:
                fault = self.env._(
                    "Not for %(names)s: this service is for %(people)s.",
                    names=", ".join(refused.mapped("name")),
                    people=service._get_audience_words(),
                )
        return partner_ids, fault

    @api.model
    def _spoc_check_service(self, service):
        """The service, if the caller may have it now.

        :raises AccessError: otherwise
        """
        if not service:
            return self.env["spoc.service"]
        window = self.env["spoc.window"]
        if not window._spoc_offer().has(service.id):
            raise AccessError(self.env._("This service is not offered to you."))
        audience_ids = window._get_ties(service)["audience_ids"]
        mine = self.env["spoc.audience"]._spoc_my_ids()
        if not service._spoc_lets_in(audience_ids, mine):
            raise AccessError(service._spoc_refusal_message())
        return service._spoc_recall()

    @api.model
    def _spoc_desk_for(self, service, requester):
        """The desk that answers a service for a requester. A hook.

        :param service: spoc.service, empty for free words
        :param requester: res.partner
        :return: spoc.desk as superuser
        :raises UserError: when no desk takes free words
        """
        # sudo: the desk need not be readable for the requester
        desk = service.sudo().desk_id
        if not desk:
            desk = (
                self.env["spoc.desk"]
                # sudo: the desk for free words need not be readable for the requester
                .sudo()
                .search(
                    [
                        ("privacy", "=", "open"),
                        ("company_id", "in", self.env.user.company_id.ids),
                    ],
                    order="is_front_desk desc, sequence, id",
                    limit=1,
                )
            )
        if not desk:
            raise UserError(self.env._("No desk takes requests of this kind."))
        return desk

    @api.model
    def _spoc_ask_name(self, service, description):
        """Subject of a request: the first line of the words, or the service."""
        line = (description.splitlines() or [""])[0].strip()
        if not service:
            return line[:NAME_LENGTH]
        return service.name

    # ---- yes or no ---------------------------------------------------------

    def _spoc_confirm_url(self):
        """Link by which the requester says whether it is solved, without signing in."""
        self.ensure_one()
        return (
            f"{self.get_base_url()}/spoc/request/confirm/{self._spoc_confirm_token()}"
        )

    def _spoc_confirm_token(self):
        """Signed right to decide on this resolution, void once used or reopened."""
        self.ensure_one()
        ticket = self.sudo()  # sudo: the key that signs
        return hash_sign(
            ticket.env,
            CONFIRM_SCOPE,
            [ticket.id, ticket.reopen_count, ticket.requester_id.id],
            expiration=ticket._spoc_confirm_time(),
        )

    def _spoc_confirm_time(self):
        """How long a link to confirm works: as long as there is something to say.

        At least the reopening days, and not less than until the silence is over.
        """
        self.ensure_one()
        usual = timedelta(days=max(self.desk_id.reopen_days, 1))
        if not self.close_due:
            return usual
        return max(usual, self.close_due - fields.Datetime.now() + timedelta(days=1))

    @api.model
    def _spoc_from_confirm_token(self, token):
        """The ticket a token lets decide on.

        :return: ``(ticket as superuser or empty, reason)``; reason is empty for a
            token that counts, else ``invalid``, ``expired`` or ``used``
        """
        nobody = self.sudo().browse()  # sudo: the token is the right
        try:
            payload = verify_hash_signed(nobody.env, CONFIRM_SCOPE, token or "")
        except (ValueError, binascii.Error, UnicodeError, IndexError):
            return nobody, "invalid"
        if not payload:
            return nobody, "expired" if token else "invalid"
        ticket_id, reopen_count, requester_id = payload
        ticket = nobody.browse(ticket_id).exists()
        if not ticket or ticket.requester_id.id != requester_id:
            return nobody, "invalid"
        if ticket.state != "resolved" or ticket.reopen_count != reopen_count:
            return ticket, "used"
        return ticket, ""

    def _spoc_decider(self):
        """The requester, who alone decides.

        Called as superuser after the token or the requester's own right was checked;
        somebody of the desk who is signed in does not decide in their place.

        :raises AccessError: for anybody else who is signed in
        """
        self.ensure_one()
        user = self.env.user
        # sudo: the one name asked for
        requester = self.sudo().requester_id
        if user.partner_id != requester and not (
            self.env.su and (user._is_public() or user._is_superuser())
        ):
            raise AccessError(self.env._("Only the requester decides."))
        return requester

    def _spoc_decidable(self):
        """Lock a resolved ticket for its requester's decision.

        :raises UserError: when it was decided meanwhile
        """
        self._spoc_decider()
        ticket = self.sudo()  # sudo: the requester's decision
        ticket._spoc_lock(["state", "stage_id"])
        if ticket.state != "resolved":
            raise UserError(self.env._("This has been decided already."))
        return ticket

    def _spoc_confirm(self):
        """The requester says it is solved."""
        ticket = self._spoc_decidable()
        ticket._spoc_close()
        ticket._message_log(
            body=self.env._("The requester confirms that it is solved."),
            author_id=ticket.requester_id.id,
        )

    def _spoc_reject(self, comment):
        """The requester says it is not solved, and why: the ticket is reopened.

        :param str comment: plain text, not empty
        """
        if not (comment or "").strip():
            raise UserError(self.env._("Tell us what still does not work."))
        ticket = self._spoc_decidable()
        ticket._spoc_say(plaintext2html(comment.strip()))

    def _spoc_say(self, body):
        """Post words of the requester who was identified."""
        self.ensure_one()
        # sudo: as the suite's own user, since only then an author is taken as given
        speaker = self.with_user(self.env.ref("base.user_root")).sudo()
        return speaker.message_post(
            body=body,
            author_id=self.requester_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    # ---- stars -------------------------------------------------------------

    def _rating_get_partner(self):
        return self.requester_id

    def _rating_get_operator(self):
        return self.owner_id.partner_id

    def rating_apply(
        self,
        rate,
        token=None,
        rating=None,
        feedback=None,
        subtype_xmlid=None,
        notify_delay_send=False,
    ):
        """Take the requester's rating, once.

        :raises AccessError: for anybody who came without a checked token
        :raises UserError: for a rating of one's own work, or before the end
        """
        self.ensure_one()
        if not self.env.su:
            raise AccessError(self.env._("Ratings of tickets come from the requester."))
        self._spoc_decider()
        if token and not rating:
            rating = self.env["rating.rating"].search(
                [("access_token", "=", token)], limit=1
            )
        if not rating or rating.res_model != self._name or rating.res_id != self.id:
            raise UserError(self.env._("This rating does not belong to the ticket."))
        if self.state not in ("resolved", "closed"):
            raise UserError(self.env._("Rate it when it is solved."))
        rating.write({"rating": rate, "feedback": feedback, "consumed": True})
        self._message_log(
            body=self.env._(
                "Rated %(rate)s of 5. %(comment)s",
                rate=int(rate),
                comment=feedback or "",
            ),
            author_id=self.requester_id.id,
        )
        return rating
