from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.ir_attachment import condition_values

ARTICLE = "spoc.article"


class IrAttachment(models.Model):
    """Files of an article's talk and inner part are for those who write it.

    Pictures and files inside the words for readers carry their own access token,
    so a reader needs no right to the attachments of the article.
    """

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        others = {
            model: ids for model, ids in model_and_ids.items() if model != ARTICLE
        }
        yield from super()._inaccessible_comodel_records(others, operation)
        if article_ids := model_and_ids.get(ARTICLE):
            yield from super()._inaccessible_comodel_records(
                {ARTICLE: article_ids}, "write"
            )

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        query = super()._search(
            domain,
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )
        if self.env.su or bypass_access or query.is_empty():
            return query
        # Without a model named, each file found went through _check_access.
        if ARTICLE not in (condition_values(self, "res_model", Domain(domain)) or ()):
            return query
        alias = query.table
        Article = self.env[ARTICLE]
        writable = Domain.FALSE
        if Article.has_access("write"):
            writable = self.env["ir.rule"]._compute_domain(ARTICLE, "write")
        # sudo: the domain of the write rules is the right asked for
        ids = Article.sudo()._search(writable)
        # SQL: the search of attachments knows the right to read the record only
        query.add_where(
            SQL(
                "(%(model)s IS DISTINCT FROM %(article)s OR %(public)s IS TRUE"
                " OR %(res_id)s IN %(ids)s)",
                model=SQL.identifier(alias, "res_model"),
                article=ARTICLE,
                public=SQL.identifier(alias, "public"),
                res_id=SQL.identifier(alias, "res_id"),
                ids=ids.subselect(),
            )
        )
        return query
