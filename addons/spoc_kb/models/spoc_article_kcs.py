"""What is said of an article apart from its state: confidence, reach, governance."""

from odoo import api, fields, models
from odoo.exceptions import UserError

CONFIDENCES = [
    ("wip", "Work in progress"),
    ("not_validated", "Not validated"),
    ("validated", "Validated"),
]
REACHES = [
    ("desk", "The desk alone"),
    ("within", "Within the company"),
    ("customers", "Outside customers"),
    ("everyone", "Everyone signed in"),
]
# Readers within the company: a mistake stays in the house.
INTERNAL = ("desk", "within")
GOVERNANCES = [
    ("experience", "Experience based"),
    ("compliance", "Compliance based"),
]


class SpocArticle(models.Model):
    """How sure it is, how far it reaches, who has to stand for its words."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    confidence = fields.Selection(
        CONFIDENCES,
        default="wip",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Validated: a second person has read and approved the words.",
    )
    reach = fields.Selection(
        REACHES,
        "Readers",
        compute="_compute_reach",
        compute_sudo=True,
        store=True,
        help="How far it reaches, by its audiences and its desk.",
    )
    governance = fields.Selection(
        GOVERNANCES,
        default="experience",
        required=True,
        tracking=True,
        help="Experience based: whoever may approve at the desk approves it. "
        "Compliance based (law, safety, contract): a coach, the desk's manager or an "
        "editor alone, and never published without them.",
    )

    @api.depends("desk_id.privacy", "audience_ids.scope")
    def _compute_reach(self):
        for article in self:
            scopes = set(article.audience_ids.mapped("scope"))
            if not scopes:
                closed = article.desk_id.privacy == "confidential"
                article.reach = "desk" if closed else "everyone"
            elif scopes == {"employees"}:
                article.reach = "within"
            elif scopes == {"customers"}:
                article.reach = "customers"
            else:
                article.reach = "everyone"

    def action_validate(self):
        """Say of a published article that it holds, by someone who has not written it.

        For what was published without a second person.
        """
        self._check_state("published")
        for article in self:
            if article.confidence == "validated":
                raise UserError(self.env._("“%s” is validated already.", article.name))
        self._check_right("validate")
        self._check_four_eyes()
        self._spoc_live().write(
            {
                "confidence": "validated",
                "approver_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
        )
