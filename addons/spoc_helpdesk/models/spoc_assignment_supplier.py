"""Assignments to suppliers: outside people who answer by mail or on their page."""

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty

from ..mail_intake import is_automatic

#: What people of the supplier may read of their part.
SUPPLIER_FIELDS = frozenset(
    {
        "answer",
        "brief",
        "create_date",
        "created_at",
        "desk_id",
        "display_name",
        "due",
        "ended_at",
        "id",
        "is_open",
        "line_id",
        "message_ids",
        "name",
        "number",
        "return_reason",
        "state",
        "website_message_ids",
    }
)


class SpocAssignment(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.assignment"

    # ---- who they are ------------------------------------------------------

    def _spoc_is_supplier(self):
        """Whether the user is of the supplier that does this part."""
        self.ensure_one()
        # sudo: which company stands behind the desk
        return self._spoc_is_of_supplier(self.env.user.sudo().partner_id)

    def _spoc_is_of_supplier(self, partner):
        """Whether a contact (as superuser) is the supplier, or works for it."""
        # sudo: a supplier's contact cannot read the desk it stands behind
        supplier = self.sudo().desk_id.supplier_id
        while partner and supplier:
            if partner == supplier:
                return True
            partner = partner.parent_id
        return False

    def _spoc_is_line(self):
        """The supplier's people, and the asking desk on their behalf, too.

        Many suppliers answer by phone: whoever talked to them writes it down.
        """
        if super()._spoc_is_line():
            return True
        self.ensure_one()
        # sudo: which company stands behind the desk
        if not self.sudo().desk_id.supplier_id:
            return False
        return self._spoc_is_supplier() or self._spoc_is_owner_side()

    def _spoc_accepting_user(self):
        # sudo: a supplier's contact cannot read the desk it acts for
        desk = self.sudo().desk_id
        if desk.supplier_id and self.env.user not in desk.member_ids:
            return self.env["res.users"]
        return super()._spoc_accepting_user()

    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if not allowed or self.env.su or not self.env.user.share:
            return allowed
        if operation != "read":
            return False
        # Searches by other fields find nothing, see below.
        return not self._ids or field.name in SUPPLIER_FIELDS

    @api.model
    def _spoc_asks_inside(self, names):
        if self.env.user.share:
            return any(
                name.partition(":")[0].partition(".")[0] not in SUPPLIER_FIELDS
                for name in names
            )
        return super()._spoc_asks_inside(names)

    def _message_compute_subject(self):
        self.ensure_one()
        # sudo: number and name of the part, for mail to a reader of it
        part = self.sudo()
        return " ".join(f"[{part.number}] {part.name}".split())

    # ---- telling them ------------------------------------------------------

    def _spoc_tell_line(self, get_summary=None):
        result = super()._spoc_tell_line(get_summary)
        # sudo: which company stands behind the desk
        for assignment in self.sudo().filtered("desk_id.supplier_id"):
            assignment._spoc_write_supplier(again=bool(get_summary))
        return result

    def _spoc_write_supplier(self, again=False):
        """Send the supplier their part: an answer to this mail is their answer.

        :param bool again: their first answer was not enough
        """
        self.ensure_one()
        part = self.sudo()  # sudo: the suite writes, in the name of the asking desk
        supplier = part.desk_id.supplier_id
        asking = part.ticket_id.desk_id
        asking._spoc_ensure_voice()
        env = part.with_context(lang=supplier.lang or self.env.lang).env
        url = f"{part.get_base_url()}/my/assignments/{part.id}"
        body = Markup("<p>%s</p>%s<p>%s</p><p><a href='%s'>%s</a></p>") % (
            env._(
                "%s needs more than your first answer. It asked you to do this:",
                asking.with_env(env).name,
            )
            if again
            else env._("%s asks you to do this:", asking.with_env(env).name),
            part.brief or part.name,
            env._(
                "Answer this mail when it is done, or say why it cannot be done. Your "
                "answer goes to the desk."
            ),
            url,
            env._("See it on your page"),
        )
        part.with_context(
            lang=supplier.lang or self.env.lang,
            mail_post_autofollow=False,
            mail_post_autofollow_author_skip=True,
        ).message_post(
            body=body,
            subject=part._message_compute_subject(),
            author_id=asking.partner_id.id,
            email_from=asking._spoc_sender() or self.env.user.email_formatted,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=supplier.ids,
            email_add_signature=False,
        )

    def _spoc_may_hear(self, partner):
        return super()._spoc_may_hear(partner) or self._spoc_is_of_supplier(partner)

    # ---- what they say -----------------------------------------------------

    def message_update(self, msg_dict, update_vals=None):
        """Mail of the supplier is their answer; the asking desk confirms it.

        :raises AccessError: for anybody but the gateway
        """
        self._spoc_check_mailed()
        result = super().message_update(msg_dict, update_vals)
        for assignment in self:
            assignment._spoc_hear_supplier(msg_dict)
        return result

    def _spoc_hear_supplier(self, msg_dict):
        """Take a person's mail from the supplier for their answer, if it is due."""
        # sudo: the mail gateway knows who writes
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])
        body = msg_dict.get("body") or ""
        if (
            msg_dict.get("spoc_auto")
            or not author
            or not self._spoc_is_of_supplier(author)
            # sudo: the state alone, for a sender without an account
            or self.sudo().state not in ("offered", "accepted")
            or not html2plaintext(body).strip()
        ):
            return
        self._spoc_take_answer(Markup(body))

    def _spoc_take_answer(self, answer):
        """The supplier has answered.

        :param answer: Markup, sanitised by the field
        :raises UserError: when there is nothing to answer any more, or no answer
        """
        self.ensure_one()
        self._spoc_lock()
        self._spoc_check_supplier_turn()
        if is_html_empty(answer):
            raise UserError(self.env._("Write the answer first."))
        self._spoc_write({"answer": answer, "state": "answered"})
        self._spoc_stop_working()
        self._spoc_tell_owner(lambda env: env._("Answered by the supplier"))
        self._spoc_came_back()

    def _spoc_take_promise(self):
        """The supplier has said that they do it."""
        self.ensure_one()
        self._spoc_lock()
        if self.sudo().state != "offered":  # sudo: asked for their part, see callers
            raise UserError(self.env._("This has been taken up already."))
        self._spoc_write({"state": "accepted"})
        self._spoc_drop_activities()
        self._spoc_start_working()

    def _spoc_take_refusal(self, reason):
        """The supplier does not do it.

        :param str reason: why
        :raises UserError: when it is answered already, or without a reason
        """
        self.ensure_one()
        self._spoc_lock()
        self._spoc_check_supplier_turn()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why you return it."))
        self._spoc_write({"return_reason": reason.strip()})
        self._spoc_end("returned")
        self._spoc_record_act("assign_return", lambda part: part.return_reason)
        self._spoc_tell_owner(lambda env: env._("Returned by the supplier"))
        self._spoc_came_back()

    def _spoc_check_supplier_turn(self):
        # sudo: the state alone, for whoever was let in by mail or page
        if self.sudo().state not in ("offered", "accepted"):
            raise UserError(self.env._("This part is answered or ended already."))


class MailThread(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Tell assignments whether a person or a machine writes to them."""
        if any(route[0] == "spoc.assignment" for route in routes or ()):
            message_dict = {**message_dict, "spoc_auto": is_automatic(message)}
        return super()._message_route_process(message, message_dict, routes)
