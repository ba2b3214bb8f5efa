"""Who decides, and who gets the tickets, while somebody is away."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResUsers(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "res.users"

    spoc_deputy_id = fields.Many2one(
        "res.users",
        "Deputy",
        domain="[('share', '=', False), ('id', '!=', id)]",
        index="btree_not_null",
        ondelete="set null",
        help="While you are on leave, decides on requests in your place, and gets your "
        "open tickets if they are at the same desk and there. Without a deputy your "
        "manager decides, and the desk's routing chooses.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "spoc_deputy_id"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "spoc_deputy_id"]

    @api.constrains("spoc_deputy_id")
    def _check_spoc_deputy_id(self):
        for user in self:
            if user.spoc_deputy_id == user:
                raise ValidationError(self.env._("Nobody is their own deputy."))
            if user.spoc_deputy_id.share:
                raise ValidationError(
                    self.env._(
                        "%s is no colleague: a deputy signs in as one.",
                        user.spoc_deputy_id.name,
                    )
                )

    def write(self, vals):
        """Whoever leaves decides no more: somebody above is asked instead."""
        result = super().write(vals)
        if vals.get("active") is False and self:
            approvals = (
                self.env["spoc.approval"]
                .sudo()  # sudo: whoever archives a user need not know the requests
                .search([("approver_id", "in", self.ids), ("state", "=", "asked")])
            )
            if approvals:
                approvals._spoc_replace_gone()
        return result

    def _spoc_absent(self, moment=None):
        """Those of the users who are on leave.

        :param datetime moment: naive UTC, now by default
        :return: res.users
        """
        moment = moment or fields.Datetime.now()
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()  # sudo: leaves are for HR; only who decides instead is told
            .search(
                [
                    ("resource_id.user_id", "in", self.ids),
                    ("time_type", "=", "leave"),
                    ("date_from", "<=", moment),
                    ("date_to", ">", moment),
                ]
            )
        )
        return self & leaves.resource_id.user_id

    def _spoc_stand_ins(self, moment=None, but=None):
        """Who decides for those of the users who are on leave.

        :param datetime moment: naive UTC, now by default
        :param but: res.users who cannot stand in
        :return: dict res.users -> res.users as superuser; who has nobody is left out
        """
        users = self.sudo()  # sudo: colleagues decide, whoever may look them up
        absent = users._spoc_absent(moment)
        if not absent:
            return {}
        candidates = {user: user._spoc_deputies() for user in absent}
        away = absent.union(*candidates.values())._spoc_absent(moment)
        excluded = away | (but or self.browse())
        found = {}
        for user, others in candidates.items():
            fit = (others - excluded).filtered(lambda u: u.active and not u.share)
            if fit:
                found[user] = fit[0]
        return found

    def _spoc_deputies(self):
        """Those who may decide in a user's place, the nearest first."""
        self.ensure_one()
        managers = self.env["spoc.approval.rule"]._spoc_managers(self)
        return self.spoc_deputy_id | managers.user_id
