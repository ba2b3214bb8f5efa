"""Who may read a ticket, and why: told by the very rules that decide it."""

from odoo import models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

#: Records of a ticket that others than its desk read: a part of it.
PARTS = ("spoc.assignment", "spoc.transfer", "spoc.approval")


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_readers(self):
        """Show who may read this ticket, and why."""
        self.ensure_one()
        return self.env["spoc.ticket.reader"]._spoc_open(self)

    def _spoc_readers(self):
        """Everybody who may read this one ticket, or a part of it.

        Reasons name the candidates; who of them reads what is asked of the access
        rights and record rules themselves, as of all companies a person works for.
        No query per person: a desk may have hundreds of members.

        :return: list of dicts: ``partner`` (res.partner), ``user`` (res.users, empty
            for who reads by mail only), ``why`` (list of codes, see
            ``spoc.ticket.reader``) and ``sees`` (``all``, ``outside`` or ``part``)
        :raises AccessError: for an outsider
        """
        self.ensure_one()
        self._spoc_check_inner()
        ticket = self.sudo()  # sudo: people and desks behind the rules, shown as asked
        reasons = ticket._spoc_reading_reasons()
        users = self.env["res.users"].sudo().union(*reasons.values())
        users = users.filtered("active")
        outside = ticket._spoc_allowed(users)
        inside = ticket._spoc_inside(outside)
        part = users.browse()
        for records in ticket._spoc_part_records():
            part |= records._spoc_allowed_of(users - outside - part)
        found = []
        for sees, people in (
            ("all", inside),
            ("outside", outside - inside),
            ("part", part),
        ):
            found += [
                {
                    "partner": user.partner_id,
                    "user": user,
                    "why": [code for code, named in reasons.items() if user in named],
                    "sees": sees,
                }
                for user in people
            ]
        return found + ticket._spoc_readers_by_mail()

    def _spoc_readers_by_mail(self):
        """Requester and watchers without a user: they have mails, and links in them."""
        people = [("requester", self.requester_id), ("watcher", self.watcher_ids)]
        return [
            {
                "partner": partner,
                "user": self.env["res.users"],
                "why": [code, "link"],
                "sees": "outside",
            }
            for code, partners in people
            for partner in partners
            if not partner.user_ids
        ]

    def _spoc_reading_reasons(self):
        """Users by the reason for which they might read this ticket, as superuser.

        Upper addons that let more people read add their reason by ``super()``.

        :return: dict code -> res.users
        """
        desk = self.desk_id
        assignments = self.assignment_ids
        transfers = self.env["spoc.transfer"].search([("ticket_id", "=", self.id)])
        approvals = self.env["spoc.approval"].search([("ticket_id", "=", self.id)])
        moved = transfers.from_desk_id | transfers.to_desk_id
        administrators = self.env.ref("spoc_catalog.group_administrator")
        suppliers = assignments.desk_id.supplier_id.ids
        return {
            "requester": self.requester_id.user_ids,
            "requested_for": (self.requested_for_id - self.requester_id).user_ids,
            "watcher": self.watcher_ids.user_ids,
            "member": desk.member_ids,
            "manager": desk.manager_id,
            "line": assignments.desk_id.member_ids | assignments.desk_id.manager_id,
            "supplier": self.env["res.users"].search(
                [("partner_id", "child_of", suppliers)] if suppliers else Domain.FALSE
            ),
            "transfer": moved.member_ids | moved.manager_id,
            "approver": approvals.approver_id,
            "administrator": administrators.all_user_ids,
        }

    def _spoc_part_records(self):
        """Records that are a part of this ticket, per model."""
        return [
            records
            for name in PARTS
            if (records := self.env[name].search([("ticket_id", "=", self.id)]))
        ]

    def _spoc_allowed(self, users):
        """Those of the users who may read any of these tickets, see the mixin."""
        return self._spoc_allowed_of(users)

    def _spoc_inside(self, users):
        """Those of the users who see this ticket from inside."""
        return users.filtered(
            lambda user: (
                self.with_user(user)
                .sudo()  # sudo: the flag says who one is, it shows nothing
                .filtered_domain(self.with_user(user)._spoc_inner_domain())
            )
        )


class SpocInnerMixin(models.AbstractModel):
    """Who may read a record, asked for many people at once."""

    _name = "spoc.inner.mixin"
    _inherit = "spoc.inner.mixin"

    def _spoc_allowed_of(self, users):
        """Those of the users who may read any of these records (as superuser).

        What ``has_access`` answers for one person, without its queries per person.

        :param users: res.users as superuser
        """
        if not users:
            return users
        rights = self.env["ir.model.access"].search(
            [("model_id.model", "=", self._name), ("perm_read", "=", True)]
        )
        rules = self.env["ir.rule"].search(
            [("model_id.model", "=", self._name), ("perm_read", "=", True)]
        )
        # All at once, before they are asked one by one.
        users.mapped("company_ids")
        users.mapped("partner_id.commercial_partner_id")
        users.mapped("all_group_ids")
        open_to_all = not all(right.group_id for right in rights)
        allowed = []
        for user in users:
            groups = user.all_group_ids
            if not (open_to_all or groups & rights.group_id):
                continue
            domain = self._spoc_rule_domain(user, rules, groups)
            # sudo: rules are judged past the rules, for this very user
            theirs = self.with_user(user).sudo().with_context(active_test=False)
            if theirs.filtered_domain(domain):
                allowed.append(user.id)
        return users.browse(allowed)

    def _spoc_rule_domain(self, user, rules, groups):
        """What the record rules say to one person, as ``ir.rule`` puts it together."""
        context = {
            "user": user,
            "company_ids": user.company_ids.ids,
            "company_id": user.company_id.id,
        }
        given, taken = [], []
        for rule in rules:
            if rule.groups and not rule.groups & groups:
                continue
            domain = Domain(safe_eval(rule.domain_force or "[]", context))
            (given if rule.groups else taken).append(domain)
        return Domain.AND(taken) & (Domain.OR(given) if given else Domain.TRUE)
