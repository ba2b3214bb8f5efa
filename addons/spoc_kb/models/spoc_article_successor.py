"""Where an article went: merged into another, or retired in favour of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

# A chain longer than this is followed no further.
MAX_STEPS = 20


class SpocArticle(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    successor_id = fields.Many2one(
        "spoc.article",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        domain="[('id', '!=', id), ('state', '=', 'published'),"
        " ('revision_of_id', '=', False)]",
        help="What readers of old links are led to once this article is retired.",
    )

    @api.constrains("successor_id")
    def _check_successor(self):
        for article in self:
            if article._has_cycle("successor_id"):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot take its own place, not even by way of others.",
                        article.name,
                    )
                )

    def _spoc_merge_into(self, target):
        """Retire the articles in favour of another one, which takes over their ties.

        Links to them lead on to it; it is found by their words and belongs to their
        services, too. Its text is left as it is.

        :param target: published spoc.article the user may write
        :raise UserError: an article is not published, or is the target itself
        """
        target.ensure_one()
        if target in self:
            raise UserError(self.env._("Choose another article to merge into."))
        (self | target)._check_state("published")
        (self | target).check_access("write")
        services = self.service_ids - target.service_ids
        values = {"service_ids": [Command.link(service.id) for service in services]}
        words = self._get_merged_keywords(target)
        if words != (target.keywords or ""):
            values["keywords"] = words
        target.write(values)
        for article in self:
            article.successor_id = target
            article.message_post(
                body=self.env._("Merged into “%s”.", target.name),
            )
        self.action_retire()

    def _get_merged_keywords(self, target):
        """Words the target is found by, with the questions of those that go."""
        words = [word.strip() for word in (target.keywords or "").split(",")]
        for article in self:
            words += [article.name, *(article.keywords or "").split(",")]
        found = dict.fromkeys(word.strip() for word in words)
        return ", ".join(word for word in found if word)

    @api.model
    def _spoc_find_successor(self, article_id):
        """The article that took the place of one the user cannot read.

        :param int article_id: from an old link
        :return: a published article the user may read, in their language if there is
            one; empty when there is none
        """
        # sudo: what is retired is closed to readers; nothing of it is told but where
        # it went, and there only what they may read is found
        article = self.sudo().search([("id", "=", article_id)], limit=1)
        seen = article
        while article.successor_id and len(seen) < MAX_STEPS:
            article = article.successor_id
            if article in seen:
                break
            seen |= article
            found = self.search(
                Domain("id", "=", article.id) & Domain("state", "=", "published"),
                limit=1,
            )
            if found:
                return found
        return self.browse()
