"""Who hears of an assignment: the two sides of it, and nobody else."""

from odoo import models
from odoo.exceptions import UserError


class SpocAssignment(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.assignment"

    # ---- telling each other ------------------------------------------------

    def _spoc_tell_line(self, get_summary=None):
        """Put work before the worker named, or the line's manager."""
        self._spoc_activities(
            lambda assignment: (
                assignment.user_id
                or assignment.desk_id.manager_id - assignment._spoc_barred()
            ),
            get_summary
            or (lambda env, assignment: env._("New work: %s", assignment.name)),
        )

    def _spoc_tell_owner(self, get_words):
        """Put what came back before the owner of the ticket.

        :param get_words: called with an environment in their language
        """
        secret = self.filtered("is_confidential")
        secret._spoc_drop_activities()
        secret._spoc_tell_owner_neutrally(get_words)
        readable = self - secret
        for assignment in readable.sudo():  # sudo: the line cannot read the ticket
            owner = assignment._spoc_asking_user()
            if owner:
                assignment._message_log(
                    body=get_words(self.env), partner_ids=owner.partner_id.ids
                )
        readable._spoc_activities(
            lambda assignment: assignment._spoc_asking_user(),
            lambda env, assignment: f"{assignment.name}: {get_words(env)}",
        )

    def _spoc_asking_user(self):
        """Who of the asking desk hears of it: the owner, else the desk's manager."""
        self.ensure_one()
        ticket = self.sudo().ticket_id  # sudo: the line cannot read it
        return ticket.owner_id or ticket._spoc_manager()

    def _spoc_tell_owner_neutrally(self, get_words):
        """Of a confidential part only that something came back, on the ticket."""
        calls = []
        for assignment in self.sudo():  # sudo: the line cannot read the ticket
            user = assignment._spoc_asking_user()

            def get_summary(env, desk=assignment.desk_id):
                return f"{desk.with_env(env).name}: {get_words(env)}"

            if user:
                calls.append((assignment.ticket_id, user, get_summary))
        self.env["mail.activity"]._spoc_put_before(calls, automated=True)

    def _spoc_drop_activities(self):
        """What was asked of somebody here is done with, whoever did it."""
        if not self:
            return
        self.env["mail.activity"]._spoc_take_away(self)

    def _spoc_activities(self, get_user, get_summary):
        """Put the assignments before somebody, in place of the last one asked."""
        self._spoc_drop_activities()
        calls = []
        # sudo: the worker may not read the people who are told
        for part in self.sudo():
            user = get_user(part)
            if user and user != self.env.user:
                calls.append(
                    (part, user, lambda env, part=part: get_summary(env, part))
                )
        self.env["mail.activity"]._spoc_put_before(calls, automated=True)

    # ---- who may hear ------------------------------------------------------

    def _spoc_hearers(self):
        """Users who may hear what is said on this assignment.

        The line, and the desk that asked, unless the part is confidential.
        """
        self.ensure_one()
        part = self.sudo()  # sudo: membership decides
        users = part.desk_id.member_ids | part.desk_id.manager_id
        users -= part._spoc_barred()
        if not part.is_confidential:
            users |= part.ticket_id._spoc_desk_users()
        return users

    def _spoc_fit_recipients(self, kwargs):
        """Arguments of a message whose recipients may all hear it.

        :raises UserError: to a person, naming those who may not
        """
        # sudo: accounts behind contacts are only compared with the line
        partners = (
            self.env["res.partner"].sudo().browse(kwargs.get("partner_ids") or [])
        )
        unfit = partners.filtered(lambda one: not self._spoc_may_hear(one))
        if not unfit:
            return kwargs
        # Mail answers whoever wrote before, the voice of the desk, too.
        if not self.env.user._is_superuser():
            raise UserError(
                self.env._(
                    "%(names)s cannot see this part of the work. Only the line that "
                    "does it can, and the desk that asked for it, unless it is "
                    "confidential.",
                    names=", ".join(unfit.mapped("name")),
                )
            )
        return {**kwargs, "partner_ids": (partners - unfit).ids}

    def _spoc_may_hear(self, partner):
        """Whether a contact (as superuser) may hear what is said here."""
        return bool(partner.user_ids & self._spoc_hearers())

    def message_post(self, **kwargs):
        self.ensure_one()
        kwargs.pop("spoc_auto", None)  # heard by message_update
        return super().message_post(**self._spoc_fit_recipients(kwargs))

    def message_notify(self, **kwargs):
        if self:
            kwargs = self._spoc_fit_recipients(kwargs)
        return super().message_notify(**kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Nobody hears what they may not read, whatever made them a recipient."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self or not recipients:
            return recipients
        # sudo: accounts behind contacts are only compared with the hearers
        partners = self.env["res.partner"].sudo()
        return [
            one for one in recipients if self._spoc_may_hear(partners.browse(one["id"]))
        ]
