from markupsafe import Markup

from odoo import api, fields, models

from .spoc_article_life import ACTIVITY_FEEDBACK

COMMENT_LIMIT = 2000


class SpocArticleFeedback(models.Model):
    """What one reader says of one article: did it help, and why not."""

    _name = "spoc.article.feedback"
    _description = "Feedback on an article"
    _order = "date desc, id desc"
    _rec_name = "article_id"

    article_id = fields.Many2one(
        "spoc.article", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Reader", required=True, index=True, ondelete="cascade"
    )
    helped = fields.Boolean()
    comment = fields.Text()
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    activity_id = fields.Many2one(
        "mail.activity",
        ondelete="set null",
        index="btree_not_null",
        groups=fields.NO_ACCESS,
    )
    desk_id = fields.Many2one(
        "spoc.desk", related="article_id.desk_id", store=True, index=True
    )

    _reader_uniq = models.UniqueIndex("(article_id, user_id)")

    @api.model
    def _spoc_say(self, article, helped, comment):
        """Store the current user's word on the article, replacing an earlier one.

        :param article: spoc.article record the user may read
        :param bool helped: whether it helped
        :param str comment: plain text, cut at COMMENT_LIMIT characters
        :return: the feedback record
        """
        comment = (comment or "").strip()[:COMMENT_LIMIT]
        # sudo: readers have no right to write feedback; here they speak for
        # themselves only
        feedback = self.sudo().search(
            [("article_id", "=", article.id), ("user_id", "=", self.env.uid)]
        )
        said = (feedback.helped, feedback.comment or "") if feedback else None
        if said == (bool(helped), comment):
            return feedback.sudo(False)
        values = {
            "helped": bool(helped),
            "comment": comment,
            "date": fields.Datetime.now(),
        }
        if feedback:
            feedback.write(values)
        else:
            feedback = feedback.create(
                {**values, "article_id": article.id, "user_id": self.env.uid}
            )
        feedback._spoc_tell_keeper()
        return feedback.sudo(False)

    def _spoc_tell_keeper(self):
        """Put the comment on the list of the one who keeps the article.

        One open activity per reader: a new comment replaces the former one.
        """
        self.ensure_one()
        self.activity_id.unlink()
        if not self.comment:
            return
        keeper = self.article_id._spoc_keeper()
        if not keeper:
            return
        article = self.article_id.with_context(lang=keeper.lang)
        self.activity_id = article.activity_schedule(
            ACTIVITY_FEEDBACK,
            user_id=keeper.id,
            summary=article.env._("A reader: it helped")
            if self.helped
            else article.env._("A reader: it did not help"),
            note=Markup("<p>%s</p><p>%s</p>") % (self.comment, self.user_id.name),
        )
