"""Followers, activities and ratings of tickets."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.base.models.ir_attachment import condition_values

from .spoc_satellite_mixin import GUARDED, PARTS, among


class MailFollowers(models.Model):
    """Who follows a ticket is the desk's own business."""

    _name = "mail.followers"
    _inherit = ["mail.followers", "spoc.satellite.mixin"]

    @api.model
    def _spoc_own_domain(self):
        return Domain("partner_id", "=", self.env.user.partner_id.id)

    def _spoc_changeable(self):
        # One sees that one follows; that makes nobody a follower.
        return self.search(Domain("id", "in", self.ids) & self._spoc_inside_domain())


class MailActivity(models.Model):
    """Activities on a ticket are plans of the desk."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "spoc.satellite.mixin"]


class SpocEnvelopeMixin(models.AbstractModel):
    """Guard of a technical model that tells of a message: it is seen with it."""

    _name = "spoc.envelope.mixin"
    _description = "Record of a message"

    @api.model
    def _spoc_envelope_domain(self):
        """What the current user may see."""
        Message = self.env["mail.message"]
        # sudo: the domain says which messages may be read
        ours = Message.sudo()._search(Message._spoc_readable_domain())
        domain = (
            Domain("mail_message_id", "=", False)
            | Domain("mail_message_id.model", "=", False)
            | Domain("mail_message_id.model", "not in", [*GUARDED, *PARTS])
            | among("mail_message_id", ours)
        )
        for name in PARTS:
            Part = self.env[name]
            if Part.has_access("read"):
                domain |= Domain("mail_message_id.model", "=", name) & Domain(
                    "mail_message_id.res_id", "in", Part._search(Domain.TRUE)
                )
        return domain

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access and not self._spoc_is_own(domain):
            domain = Domain(domain) & self._spoc_envelope_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _spoc_is_own(self, domain):
        """Whether the domain asks about the user's own entries only."""
        return False

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        passed = self - result[0] if result else self
        # sudo: the domain says what may be seen
        visible = passed.sudo().search(
            Domain("id", "in", passed.ids) & self._spoc_envelope_domain()
        )
        hidden = self.browse(set(passed.ids) - set(visible.ids))
        if not hidden:
            return result
        if result:
            return (result[0] + hidden, result[1])
        return (
            hidden,
            lambda: AccessError(self.env._("This message is not for you to see.")),
        )


class MailNotification(models.Model):
    """Who was told something on a ticket is seen by those who may read it."""

    _name = "mail.notification"
    _inherit = ["mail.notification", "spoc.envelope.mixin"]

    @api.model
    def _spoc_is_own(self, domain):
        partners = condition_values(self, "res_partner_id", Domain(domain))
        return partners is not None and set(partners) <= {self.env.user.partner_id.id}


class MailMail(models.Model):
    """Outgoing mail of a ticket is read by those who may read the ticket."""

    _name = "mail.mail"
    _inherit = ["mail.mail", "spoc.envelope.mixin"]


class MailTrackingValue(models.Model):
    """The trail of a ticket is the desk's own."""

    _name = "mail.tracking.value"
    _inherit = ["mail.tracking.value", "spoc.envelope.mixin"]


class RatingRating(models.Model):
    """Ratings of tickets: given once, by the requester, never by the one rated."""

    _name = "rating.rating"
    _inherit = ["rating.rating", "spoc.satellite.mixin"]

    @api.model
    def _spoc_own_domain(self):
        return Domain("partner_id", "=", self.env.user.partner_id.id)

    @api.model
    def _spoc_guard(self, domain):
        domain = super()._spoc_guard(domain)
        if any(
            condition.field_expr == "access_token"
            for condition in domain.iter_conditions()
        ):
            # Whoever holds the token may rate: it cannot be searched for.
            domain &= Domain("res_model", "not in", GUARDED)
        return domain

    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if not allowed or self.env.su or field.name != "access_token":
            return allowed
        # sudo: which of them are of tickets
        return not any(rating.res_model in GUARDED for rating in self.sudo())

    def _spoc_changeable(self):
        return self.browse()

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ours = ratings.filtered(lambda rating: rating.res_model in GUARDED)
        if ours and not self.env.su:
            raise AccessError(self.env._("Ratings of tickets come from the requester."))
        ours._spoc_check_rater()
        return ratings

    def write(self, vals):
        # sudo: which of them are of tickets
        ours = self.sudo().filtered(lambda rating: rating.res_model in GUARDED)
        changing = {
            "access_token",
            "consumed",
            "feedback",
            "partner_id",
            "rated_partner_id",
            "rating",
            "res_id",
            "res_model_id",
        } & vals.keys()
        if changing and any(rating.consumed for rating in ours):
            raise UserError(self.env._("A rating that was given stays as it is."))
        result = super().write(vals)
        if changing:
            ours._spoc_check_rater()
        return result

    def _spoc_check_rater(self):
        """Refuse a rating of one's own work.

        :raises UserError: when rater and rated are one person
        """
        for rating in self:
            if rating.partner_id and rating.partner_id == rating.rated_partner_id:
                raise UserError(self.env._("Nobody rates their own work."))

    def unlink(self):
        # Not in an ondelete method: a context that anybody may send skips those.
        self._spoc_keep_given()
        return super().unlink()

    def _spoc_keep_given(self):
        """Refuse to delete ratings that were given.

        :raises UserError: whoever asks
        """
        # sudo: a given rating is kept even from those who cannot read it
        if any(r.consumed and r.res_model in GUARDED for r in self.sudo()):
            raise UserError(self.env._("A rating that was given stays as it is."))
