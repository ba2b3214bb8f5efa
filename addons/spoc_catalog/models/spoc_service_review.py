"""Services are read again from time to time by those who answer for them."""

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

ACTIVITY_REVIEW = "spoc_catalog.activity_type_service_review"
REVIEW_BATCH = 500


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    review_date = fields.Date(
        string="Next review",
        copy=False,
        tracking=True,
        help="On this day its owner is asked whether it is still right.",
    )
    review_months = fields.Integer(
        string="Months between reviews",
        default=12,
        aggregator=None,
        help="0: it is not reviewed.",
    )
    reviewed_on = fields.Date(string="Last reviewed on", readonly=True, copy=False)

    _review_idx = models.Index("(review_date) WHERE state = 'published'")

    @api.constrains("review_months")
    def _check_review_months(self):
        for service in self:
            if not 0 <= service.review_months <= 120:
                raise ValidationError(
                    self.env._("Months between reviews are from 0 to 120.")
                )

    def _spoc_publish(self, note=False):
        result = super()._spoc_publish(note)
        self._spoc_reviewed()
        return result

    def action_still_right(self):
        """The owner has read it: it holds for another period."""
        self._spoc_reviewed()
        for service in self:
            service.message_post(body=self.env._("Read again: it is still right."))

    def _spoc_reviewed(self):
        """Somebody has read the services today: set the next day, close what is
        asked."""
        today = fields.Date.context_today(self)
        for months, services in self.grouped("review_months").items():
            following = today + relativedelta(months=months) if months else False
            services.write({"reviewed_on": today, "review_date": following})
        self.activity_unlink([ACTIVITY_REVIEW])

    def _spoc_keeper(self):
        """Who is asked about the service: its owner, else the desk's manager."""
        self.ensure_one()
        return (self.owner_id | self.desk_id.manager_id).filtered("active")[:1]

    @api.model
    def _cron_review(self):
        """Ask the owners of services whose day has come; not while one is asked."""
        asked = Domain("activity_type_id", "=", self.env.ref(ACTIVITY_REVIEW).id)
        due = self.search(
            Domain("state", "=", "published")
            & Domain("review_date", "<=", "today")
            & ~Domain("activity_ids", "any", asked)
            & (
                Domain("owner_id.active", "=", True)
                | Domain("desk_id.manager_id.active", "=", True)
            ),
            limit=REVIEW_BATCH,
            order="review_date, id",
        )
        for service in due:
            keeper = service._spoc_keeper()
            speaking = service.with_context(lang=keeper.lang)
            speaking.activity_schedule(
                ACTIVITY_REVIEW,
                user_id=keeper.id,
                summary=speaking.env._("Is the service still right?"),
            )
        if len(due) == REVIEW_BATCH:
            self.env.ref("spoc_catalog.cron_service_review")._trigger()
