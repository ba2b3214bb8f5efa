"""Asking people to decide: mail with a link, activity, one reminder, the next one."""

import binascii
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import hash_sign, verify_hash_signed

from .spoc_clock import BATCH
from .spoc_stage import CLOSED_STATES

SCOPE = "spoc.approval.decide"
#: So long a link of a mail works, unless it was used before.
LINK_DAYS = 14


class SpocApproval(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.approval"

    # ---- asking ------------------------------------------------------------

    def _spoc_ask(self):
        """Ask all of these people now, or whoever stands in for them.

        Called as superuser.
        """
        if not self:
            return
        now = fields.Datetime.now()
        self._spoc_put_stand_ins(now)
        for approval in self:
            approval._spoc_write(
                {"state": "asked", "asked_at": now, **approval._spoc_moments(now)}
            )
        self.flush_recordset()
        named = self.filtered("approver_id")
        named._spoc_mail("spoc_helpdesk.mail_template_approval_asked")
        named._spoc_activities()
        for approval in self - named:
            approval._spoc_tell_desk(
                lambda env: env._("Name who has to agree: nobody was found")
            )
        self._spoc_wake(self.mapped("next_at"))

    def _spoc_put_stand_ins(self, now):
        """Put deputies in the place of those who are on leave."""
        deputised = self.filtered(
            lambda a: a.approver_id and (a.terms or {}).get("absent") == "deputy"
        )
        found = deputised.approver_id._spoc_stand_ins(now)
        for approval in deputised.filtered(lambda a: a.approver_id in found):
            absent = approval.approver_id
            own = approval.ticket_id._spoc_interested().user_ids
            asked = approval._spoc_siblings().approver_id
            other = found[absent]
            if other in own | asked:
                # Somebody further up, or they are waited for.
                others = absent._spoc_stand_ins(now, but=own | asked)
                other = others.get(absent)
            if other:
                approval._spoc_write(
                    {
                        "approver_id": other.id,
                        "in_place_of_id": absent.id,
                        "note": "absent",
                    }
                )

    def _spoc_siblings(self):
        """Other rows of the same step and round."""
        self.ensure_one()
        return self.ticket_id.approval_ids.filtered(
            lambda a: a.round == self.round and a.step == self.step and a != self
        )

    def _spoc_moments(self, now):
        """When to remind and when an answer is due, in the desk's working time."""
        self.ensure_one()
        terms, desk = self.terms or {}, self.desk_id
        remind = terms.get("remind") and desk._spoc_deadline(now, terms["remind"])
        due = terms.get("answer") and desk._spoc_deadline(now, terms["answer"])
        if not self.approver_id or (remind and due and remind >= due):
            remind = False
        return {
            "remind_at": remind or False,
            "due": due or False,
            "next_at": min(filter(None, (remind, due)), default=False),
        }

    # ---- telling -----------------------------------------------------------

    def _spoc_mail(self, template_xmlid):
        """Mail the question with a link that needs no signing in.

        The mail hangs on no record: nobody but its recipient reads the link.
        """
        template = self.env.ref(template_xmlid, raise_if_not_found=False)
        addressed = self.filtered("approver_id.email")
        if not template or not addressed:
            return
        # sudo: the letter is for the person asked, whoever made it due
        words = template.sudo()
        subjects = words._render_field("subject", addressed.ids, compute_lang=True)
        bodies = words._render_field("body_html", addressed.ids, compute_lang=True)
        vals_list = []
        for approval in addressed:
            ticket = approval.ticket_id
            first = ticket.message_ids.sorted("id")[:1]
            vals_list.append(
                {
                    "subject": subjects[approval.id],
                    "body_html": approval._spoc_letter(bodies[approval.id]),
                    "author_id": ticket.desk_id.partner_id.id,
                    "email_from": ticket._spoc_desk_email(
                        self.env.company.email_formatted or False
                    ),
                    "recipient_ids": [(6, 0, approval.approver_id.partner_id.ids)],
                    # Whoever answers the mail is heard by the desk.
                    "references": first.message_id or False,
                    "auto_delete": True,
                    "message_type": "email_outgoing",
                }
            )
        # sudo: mail is the suite's own
        self.env["mail.mail"].sudo().create(vals_list)

    def _spoc_letter(self, body):
        """The words in the paper of the company."""
        self.ensure_one()
        mails = self.env["mail.render.mixin"].with_context(
            lang=self.approver_id.lang or self.env.lang
        )
        return mails._render_encapsulate(
            "mail.mail_notification_layout",
            body,
            add_context={"company": self.company_id or self.env.company},
            context_record=self.with_env(mails.env),
        )

    def _spoc_activities(self):
        """Put it among the things to do of colleagues."""
        activity = self.env["mail.activity"]
        colleagues = self.filtered(lambda approval: not approval.approver_id.share)
        # The mail of its own has the link.
        for due, approvals in colleagues.grouped("due").items():
            activity._spoc_put_before(
                [(one, one.approver_id, one._get_asking_words) for one in approvals],
                automated=True,
                **({"date_deadline": due.date()} if due else {}),
            )

    def _get_asking_words(self, env):
        return env._("Yes or no: %s", self.subject)

    def _spoc_drop_activities(self):
        """What was asked of somebody here is done with."""
        self.env["mail.activity"]._spoc_take_away(self)

    def _spoc_tell_desk(self, get_summary):
        """Put a ticket before its owner, or the desk's manager."""
        self.ensure_one()
        ticket = self.ticket_id
        user = ticket._spoc_manager() or ticket.owner_id
        if not user:
            user = (ticket.desk_id.member_ids - ticket._spoc_barred())[:1]
        if not user:
            return
        self.env["mail.activity"]._spoc_put_before([(ticket, user, get_summary)])

    def _spoc_spare(self, note):
        """Their word is not needed any more.

        :param str note: why
        """
        self._spoc_write({"state": "not_needed", "note": note, "next_at": False})
        self._spoc_drop_activities()

    def _spoc_repeat_values(self):
        """Values of the same question in the next round."""
        self.ensure_one()
        # Who stood in for somebody on leave did so then.
        back = self.note == "absent" and self.in_place_of_id
        kept = ("up", "owner", "desk", "nobody")
        return {
            "ticket_id": self.ticket_id.id,
            "service_id": self.service_id.id,
            "round": self.round + 1,
            "step": self.step,
            "step_count": self.step_count,
            "kind": self.kind,
            "need": self.need,
            "approver_id": (back or self.approver_id).id,
            "note": self.note if self.note in kept else False,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "terms": self.terms,
        }

    # ---- links -------------------------------------------------------------

    def _spoc_link(self):
        """Link by which the person asked decides without signing in.

        Others who render a mail about it get the way for those who sign in.
        """
        self.ensure_one()
        if not self.env.su and self.env.user != self.approver_id:
            return f"{self.get_base_url()}/my/approvals"
        return f"{self.get_base_url()}/spoc/approve/{self._spoc_token()}"

    def _spoc_token(self):
        """Signed right to decide this once, void when decided or given to another."""
        self.ensure_one()
        approval = self.sudo()  # sudo: the key that signs
        return hash_sign(
            approval.env,
            SCOPE,
            [approval.id, approval.approver_id.id],
            expiration=timedelta(days=LINK_DAYS),
        )

    @api.model
    def _spoc_from_token(self, token):
        """The approval a token lets decide.

        :return: ``(approval as superuser or empty, reason)``; reason is empty for a
            token that counts, else ``invalid``, ``expired`` or ``used``
        """
        nobody = self.sudo().browse()  # sudo: the token is the right
        try:
            payload = verify_hash_signed(nobody.env, SCOPE, token or "")
        except (ValueError, binascii.Error, UnicodeError, IndexError):
            return nobody, "invalid"
        if not payload:
            return nobody, "expired" if token else "invalid"
        approval_id, approver_id = payload
        approval = nobody.browse(approval_id).exists()
        if not approval or not approval.approver_id.active:
            return nobody, "invalid"
        if approval.approver_id.id != approver_id:
            return nobody, "invalid"
        if approval._spoc_why_not():
            return approval, "used"
        return approval, ""

    # ---- what falls due ----------------------------------------------------

    @api.model
    def _spoc_wake(self, moments):
        """See to it that the scheduled action runs at the first of these moments.

        :param moments: iterable of naive UTC datetimes; false ones are skipped
        """
        first = min((moment for moment in moments if moment), default=None)
        if first is not None:
            self.env["ir.cron"]._spoc_wake("spoc_helpdesk.cron_approvals", first)

    @api.model
    def _cron_due(self):
        """Remind once and go on where no answer came; arm the next wake-up.

        In batches on locked tickets, each committed: nothing is done twice, and a
        crash repeats nothing.
        """
        now = fields.Datetime.now()
        cron = self.env["ir.cron"]
        late = Domain("state", "=", "asked") & Domain("next_at", "<=", now)
        cron._commit_progress(remaining=self.search_count(late))
        while approvals := self.search(late, order="next_at, id", limit=BATCH):
            tickets = approvals.ticket_id.try_lock_for_update(allow_referencing=True)
            approvals = approvals.filtered(lambda a, t=tickets: a.ticket_id in t)
            if not approvals:
                break  # somebody is deciding, or another run is at them
            approvals._spoc_work_off_due(now)
            if not cron._commit_progress(len(approvals)):
                break
        first = self.search(
            [("state", "=", "asked"), ("next_at", "!=", False)],
            order="next_at, id",
            limit=1,
        )
        self._spoc_wake([first.next_at])

    def _spoc_work_off_due(self, now):
        """Do what is due on these: the one reminder, or what the rule says then."""
        approvals = self._spoc_begin()
        ended = approvals.filtered(lambda a: a.ticket_id.state in CLOSED_STATES)
        ended._spoc_spare("ended")
        ended.ticket_id._spoc_write({"approval_state": "off"})
        approvals -= ended
        late = approvals.filtered(lambda a: a.due and a.due <= now)
        remind = (approvals - late).filtered(
            lambda a: a.remind_at and a.remind_at <= now and not a.reminded_at
        )
        for approval in approvals - late:
            approval._spoc_write({"next_at": approval.due})
        remind._spoc_write({"reminded_at": now})
        remind._spoc_mail("spoc_helpdesk.mail_template_approval_reminder")
        for approval in late:
            # One that came before may have ended this one.
            if approval.state == "asked":
                approval._spoc_go_on_without(now)

    def _spoc_go_on_without(self, now):
        """No answer came in time."""
        self.ensure_one()
        late = (self.terms or {}).get("late")
        if late == "refuse" and self.approver_id:
            self._spoc_write(
                {
                    "state": "rejected",
                    "note": "silence",
                    "decided_at": now,
                    "hours": self._spoc_hours_until(now),
                    "next_at": False,
                }
            )
            self._spoc_drop_activities()
            self.ticket_id._spoc_log_decisions(self)
            self.ticket_id._spoc_count_votes()
            return
        heir = self._spoc_next_above(now) if late == "above" else None
        if heir:
            self._spoc_replace(heir, "expired", "late")
            return
        self._spoc_leave_to_desk()

    def _spoc_replace_gone(self):
        """Those asked are gone: others are asked, whatever the rule says of delay."""
        now = fields.Datetime.now()
        for approval in self._spoc_begin():
            heir = approval._spoc_next_above(now)
            if heir:
                approval._spoc_replace(heir, "expired", "gone")
            else:
                approval._spoc_leave_to_desk()

    def _spoc_leave_to_desk(self):
        """Nobody else is left to ask: the desk knows, and can name somebody."""
        self.ensure_one()
        self._spoc_write({"next_at": False})
        self._spoc_tell_desk(
            lambda env: env._(
                "No answer in time: %s",
                self.approver_id.name or env._("nobody was named"),
            )
        )

    def _spoc_next_above(self, now):
        """Who is asked when this person does not answer; empty when nobody is left."""
        self.ensure_one()
        rule = self.env["spoc.approval.rule"]
        managers = rule._spoc_managers(self.approver_id) if self.approver_id else None
        people = managers.user_id if managers else self.env["res.users"]
        people |= self.service_id.owner_id | self.desk_id.manager_id
        barred = self._spoc_siblings().approver_id | self.approver_id
        barred |= self.ticket_id._spoc_interested().user_ids
        fit = (people - barred).filtered(lambda user: user.active and not user.share)
        return (fit - fit._spoc_absent(now))[:1]
