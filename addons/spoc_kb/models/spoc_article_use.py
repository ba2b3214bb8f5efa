from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SpocArticleUse(models.Model):
    """One use of an article: read, offered for something, right or wrong there."""

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
        [
            ("read", "Read"),
            ("offered", "Sent as answer"),
            ("solved", "Solved it"),
            ("wrong", "Did not fit"),
            ("written", "Written for it"),
        ],
        required=True,
    )
    res_model = fields.Char("Used for (model)")
    res_id = fields.Many2oneReference("Used for", model_field="res_model")
    date = fields.Date(required=True, default=fields.Date.today, index=True)
    desk_id = fields.Many2one(
        "spoc.desk", related="article_id.desk_id", store=True, index=True
    )
    asked_desk_id = fields.Many2one(
        "spoc.desk",
        "Used at",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The desk whose matter it was used for. What a confidential desk uses is "
        "seen by its own people alone.",
    )

    _read_uniq = models.UniqueIndex(
        "(article_id, user_id, date) WHERE role = 'read' AND res_id IS NULL"
    )
    _record_uniq = models.UniqueIndex(
        "(res_model, res_id, article_id, role) WHERE res_id IS NOT NULL"
    )

    @api.model
    def _spoc_told_domain(self):
        """Uses that count for everyone: none for a confidential desk's matters."""
        return Domain("asked_desk_id", "=", False) | Domain(
            "asked_desk_id.privacy", "!=", "confidential"
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
        asked_desk = False
        if record and "desk_id" in record._fields:
            # sudo: whose matter it is decides who may see the use
            asked_desk = record.sudo().desk_id.id
        # SQL: "on conflict" lets two reads at the same moment pass without a lock
        # on the article or a failed transaction
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO spoc_article_use
                       (article_id, user_id, role, res_model, res_id, date, desk_id,
                        asked_desk_id)
                SELECT id, %(user)s, %(role)s, %(res_model)s, %(res_id)s, %(date)s,
                       desk_id, %(asked_desk)s
                  FROM spoc_article
                 WHERE id = ANY(%(ids)s)
                    ON CONFLICT DO NOTHING
                """,
                user=self.env.uid,
                role=role,
                res_model=record._name if record else None,
                res_id=record.id if record else None,
                date=fields.Date.today(),
                asked_desk=asked_desk or None,
                ids=articles.ids,
            )
        )
        self.invalidate_model()
        articles.invalidate_recordset(["use_count"], flush=False)
