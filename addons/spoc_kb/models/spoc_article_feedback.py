from odoo import api, fields, models

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
    reason = fields.Selection("_get_reasons", "Why not")
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
    def _get_reasons(self):
        """Why an article did not help; ``(key, words)``."""
        return [
            ("other_question", self.env._("It answers another question")),
            *self.env["spoc.article.flag"]._get_reasons(),
        ]

    @api.model
    def _spoc_say(self, article, helped, comment, reason=""):
        """Store the current user's word on the article, replacing an earlier one.

        :param article: spoc.article record the user may read
        :param bool helped: whether it helped
        :param str comment: plain text, cut at COMMENT_LIMIT characters
        :param str reason: one of ``_get_reasons``; anything else is no reason, and
            whom it helped needs none
        :return: the feedback record
        """
        comment = (comment or "").replace("\x00", "").strip()[:COMMENT_LIMIT]
        if helped or reason not in dict(self._get_reasons()):
            reason = False
        # sudo: readers have no right to write feedback; here they speak for
        # themselves only
        feedback = self.sudo().search(
            [("article_id", "=", article.id), ("user_id", "=", self.env.uid)]
        )
        values = {"helped": bool(helped), "comment": comment, "reason": reason}
        if feedback and all(
            (feedback[name] or False) == (value or False)
            for name, value in values.items()
        ):
            return feedback.sudo(False)
        values["date"] = fields.Datetime.now()
        if feedback:
            feedback.write(values)
        else:
            feedback = feedback.create(
                {**values, "article_id": article.id, "user_id": self.env.uid}
            )
        feedback.article_id._spoc_tell_keeper(feedback)
        return feedback.sudo(False)

    def _has_something_to_say(self):
        """Whether it tells the keeper of the article more than a number."""
        self.ensure_one()
        return bool(self.comment or self.reason)

    def _get_line(self, labels):
        """What the reader says, in one line of plain text.

        :param dict labels: words of the reasons
        """
        said = ": ".join(filter(None, [labels.get(self.reason), self.comment]))
        return f"{said} ({self.user_id.name})"
