from odoo import api, fields, models
from odoo.tools import SQL


class SpocArticleUse(models.Model):
    """One use of an article: read, suggested for something, solved something."""

    _name = "spoc.article.use"
    _description = "Use of an article"
    _order = "date desc, id desc"
    _rec_name = "article_id"
    _log_access = False

    article_id = fields.Many2one(
        "spoc.article", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", index=True, ondelete="cascade")
    role = fields.Selection(
        [("read", "Read"), ("suggested", "Suggested"), ("solved", "Solved it")],
        required=True,
    )
    res_model = fields.Char("Used for (model)")
    res_id = fields.Many2oneReference("Used for", model_field="res_model")
    date = fields.Date(required=True, default=fields.Date.today, index=True)
    desk_id = fields.Many2one(
        "spoc.desk", related="article_id.desk_id", store=True, index=True
    )

    _read_uniq = models.UniqueIndex(
        "(article_id, user_id, date) WHERE role = 'read' AND res_id IS NULL"
    )
    _record_uniq = models.UniqueIndex(
        "(res_model, res_id, article_id, role) WHERE res_id IS NOT NULL"
    )

    @api.model
    def _spoc_record(self, articles, role, record=None):
        """Note a use of each article; what was noted already is left alone.

        A read is noted once per user and day; a use for a record once per role.
        On a read-only cursor nothing is noted.

        :param articles: spoc.article records
        :param str role: one of the roles
        :param record: a single record of any model they were used for, or nothing
        """
        if not articles or self.env.cr.readonly:
            return
        articles.flush_recordset(["desk_id"])
        # SQL: "on conflict" lets two reads at the same moment pass without a lock
        # on the article or a failed transaction
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO spoc_article_use
                       (article_id, user_id, role, res_model, res_id, date, desk_id)
                SELECT id, %(user)s, %(role)s, %(res_model)s, %(res_id)s, %(date)s,
                       desk_id
                  FROM spoc_article
                 WHERE id = ANY(%(ids)s)
                    ON CONFLICT DO NOTHING
                """,
                user=self.env.uid,
                role=role,
                res_model=record._name if record else None,
                res_id=record.id if record else None,
                date=fields.Date.today(),
                ids=articles.ids,
            )
        )
        self.invalidate_model()
        articles.invalidate_recordset(["use_count"], flush=False)
