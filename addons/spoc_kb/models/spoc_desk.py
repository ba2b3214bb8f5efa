"""How a desk keeps its knowledge."""

from odoo import fields, models

from .. import article_rights
from .spoc_article_review import DUE_POLICIES
from .spoc_article_right import LEVELS


class SpocDesk(models.Model):
    """Each desk says how often it reads its articles again, and who may publish."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    kb_review_months = fields.Integer(
        "Read articles again after (months)",
        help="0: as the whole company does (twelve, unless it was changed).",
    )
    kb_due_policy = fields.Selection(
        DUE_POLICIES,
        "When its day has passed",
        default="remind",
        required=True,
        help="What happens to an article nobody has read again in time.",
    )
    kb_start_level = fields.Selection(
        LEVELS,
        "Newcomers start as",
        default=article_rights.PUBLISHER,
        required=True,
        help="Publisher: every member approves what others wrote. Candidate: rights "
        "grow with proven work. Members keep what they may do when this changes.",
    )
    kb_publish_own = fields.Boolean(
        "Contributors publish their own",
        help="Articles for readers within the company, marked as not validated, "
        "without a second person.",
    )
    article_right_ids = fields.One2many(
        "spoc.article.right",
        "desk_id",
        "Rights over articles",
        groups="spoc_catalog.group_agent,spoc_kb.group_kb_editor",
    )

    def write(self, vals):
        if "kb_start_level" in vals:
            changed = self.filtered(
                lambda desk: desk.kb_start_level != vals["kb_start_level"]
            )
            changed._spoc_keep_article_rights()
        return super().write(vals)

    def _spoc_keep_article_rights(self):
        """Lines for members who had none, so that they keep what they may do."""
        # sudo: who may change the desk may change where its members start
        Right = self.env["spoc.article.right"].sudo()
        known = set(
            Right._read_group([("desk_id", "in", self.ids)], ["desk_id", "user_id"])
        )
        Right.create(
            [
                {
                    "desk_id": desk.id,
                    "user_id": member.id,
                    "level": desk.kb_start_level,
                    "reason": self.env._("Had it before newcomers started elsewhere"),
                }
                # sudo: members of a desk, some of whom the writer may not read
                for desk in self.sudo()
                for member in desk.member_ids
                if (desk, member) not in known
            ]
        )
