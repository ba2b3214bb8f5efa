"""How good the articles are: a checklist, a coach's sample, a score per version."""

import random

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from .. import article_rights

ACTIVITY_CHECK = "spoc_kb.activity_type_check"
ANSWERS = [("yes", "Yes"), ("no", "No"), ("na", "Does not apply")]


class SpocArticleCriterion(models.Model):
    """One question a coach answers about an article with yes or no."""

    _name = "spoc.article.criterion"
    _description = "Checklist item for articles"
    _order = "sequence, id"

    name = fields.Char("Question", required=True, translate=True)
    help = fields.Text(
        "What to look at", translate=True, help="When it is a yes, and when a no."
    )
    weight = fields.Integer(
        default=10, required=True, help="What a yes counts beside the others."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    desk_ids = fields.Many2many(
        "spoc.desk",
        "spoc_article_criterion_desk_rel",
        "criterion_id",
        "desk_id",
        "Desks",
        help="Empty: every desk.",
    )

    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A weight is more than nothing."
    )

    @api.model
    def _spoc_for(self, desk):
        """The checklist of a desk.

        :param desk: spoc.desk record or empty
        """
        own = Domain("desk_ids", "=", False) | Domain("desk_ids", "in", desk.ids)
        return self.search(own)


class SpocArticleCheck(models.Model):
    """What a coach found in one version of one article; the author is told."""

    _name = "spoc.article.check"
    _description = "Check of an article"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _spoc_leads_readers_to = ("spoc.",)
    _order = "date desc, id desc"
    _rec_name = "article_id"

    article_id = fields.Many2one(
        "spoc.article", required=True, index=True, ondelete="cascade", readonly=True
    )
    version_number = fields.Integer(
        "Version", readonly=True, aggregator=None, help="The words that were checked."
    )
    desk_id = fields.Many2one(
        "spoc.desk", related="article_id.desk_id", store=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", related="article_id.company_id", store=True, index=True
    )
    author_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    coach_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        tracking=True,
    )
    date = fields.Date(
        "Checked on", readonly=True, default=fields.Date.context_today, index=True
    )
    state = fields.Selection(
        [("todo", "To check"), ("done", "Checked")],
        default="todo",
        required=True,
        readonly=True,
        tracking=True,
    )
    line_ids = fields.One2many("spoc.article.check.line", "check_id", "Checklist")
    feedback = fields.Text(
        "To the author", help="What is good, and what to do differently next time."
    )
    score = fields.Float(
        compute="_compute_score",
        store=True,
        aggregator="avg",
        digits=(5, 1),
        help="Weights of all yes, in percent of those that apply.",
    )
    kind = fields.Selection(related="article_id.kind", store=True)

    _version_uniq = models.UniqueIndex(
        "(article_id, version_number, coach_id)",
        "You have this version on your list already.",
    )

    @api.depends("line_ids.answer", "line_ids.weight")
    def _compute_score(self):
        for check in self:
            counted = check.line_ids.filtered(lambda line: line.answer in ("yes", "no"))
            total = sum(counted.mapped("weight"))
            good = sum(line.weight for line in counted if line.answer == "yes")
            check.score = 100 * good / total if total else 0.0

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_check_values(vals) for vals in vals_list]
        checks = super().create(vals_list)
        checks._check_judge()
        return checks

    def _prepare_check_values(self, vals):
        """Whose words and which version it is about is never typed."""
        # sudo: who wrote it; the coach's right to the article is checked right after
        article = self.env["spoc.article"].sudo().browse(vals.get("article_id"))
        values = {
            **vals,
            "author_id": article.author_id.id,
            "version_number": article.content_version,
            "state": "todo",
        }
        if not vals.get("line_ids"):
            criteria = self.env["spoc.article.criterion"]._spoc_for(article.desk_id)
            values["line_ids"] = [
                Command.create({"criterion_id": item.id, "weight": item.weight})
                for item in criteria
            ]
        return values

    def write(self, vals):
        if not self.env.su and self.filtered(lambda check: check.state == "done"):
            raise UserError(
                self.env._("The author was told already. Check the next version.")
            )
        result = super().write(vals)
        if {"coach_id", "article_id"} & vals.keys():
            self._check_judge()
        return result

    def _check_judge(self):
        """Coaches judge, and never what they wrote.

        :raise AccessError: the coach of a check may not
        """
        Right = self.env["spoc.article.right"]
        for check in self:
            levels = Right._spoc_levels(check.desk_id, check.coach_id)
            level = levels[check.desk_id.id or False]
            if not article_rights.may(level, "judge"):
                raise AccessError(
                    self.env._(
                        "Articles of “%s” are checked by its manager and its coaches.",
                        check.desk_id.name or "",
                    )
                )
            if check.coach_id == check.author_id:
                raise AccessError(self.env._("Nobody checks their own articles."))

    # ---- Work ----

    def action_done(self):
        """Tell the author; the score counts from now on."""
        for check in self:
            if check.state == "done":
                continue
            missing = check.line_ids.filtered(lambda line: not line.answer)
            if missing or not check.line_ids:
                raise UserError(
                    self.env._(
                        "Answer every question about “%s” first.", check.article_id.name
                    )
                )
            check._check_judge()
            check.write({"state": "done", "date": fields.Date.context_today(self)})
            check._spoc_tell_author()

    def _spoc_tell_author(self):
        """The author hears the score, every no, and what the coach says."""
        self.ensure_one()
        author = self.author_id
        if not author.active:
            return
        speaking = self.with_context(lang=author.lang)
        found = [
            f"{line.criterion_id.name} {line.comment or ''}".strip()
            for line in speaking.line_ids
            if line.answer == "no"
        ]
        note = Markup("<p>%s</p>") % speaking.env._("Quality: %s %%", round(self.score))
        if found:
            note += Markup("<ul>%s</ul>") % Markup().join(
                Markup("<li>%s</li>") % text for text in found
            )
        if self.feedback:
            note += Markup("<p>%s</p>") % self.feedback
        # sudo: an author is told through their article, which a coach of another
        # team may not write
        speaking.article_id.sudo().with_context(lang=author.lang).activity_schedule(
            ACTIVITY_CHECK,
            user_id=author.id,
            summary=speaking.env._("Your article was checked by a coach"),
            note=note,
        )

    @api.model
    def _spoc_sample(self, desk, start, end, per_author=2):
        """Draw articles at random for the current user to check.

        :param spoc.desk desk: whose articles
        :param date start: published from
        :param date end: published until, inclusive
        :param int per_author: how many of each author at most
        :return: spoc.article.check records, to be done
        """
        levels = self.env["spoc.article.right"]._spoc_levels(desk)
        if not article_rights.may(levels[desk.id or False], "judge"):
            raise AccessError(
                self.env._(
                    "Articles of “%s” are checked by its manager and its coaches.",
                    desk.name or "",
                )
            )
        articles = self.env["spoc.article"].search(
            [
                ("desk_id", "=", desk.id),
                ("state", "=", "published"),
                ("published_on", ">=", start),
                ("published_on", "<=", end),
                ("author_id", "!=", self.env.uid),
            ]
        )
        checked = set(
            self._read_group(
                [("article_id", "in", articles.ids)], ["article_id", "version_number"]
            )
        )
        drawn = articles.browse()
        for own in articles.grouped("author_id").values():
            fresh = own.filtered(
                lambda article: (article, article.content_version) not in checked
            )
            drawn += fresh.browse(random.sample(fresh.ids, min(per_author, len(fresh))))
        return self.create([{"article_id": article.id} for article in drawn])


class SpocArticleCheckLine(models.Model):
    """One question of the checklist, answered about one article."""

    _name = "spoc.article.check.line"
    _description = "Answer in a check of an article"
    _order = "check_id, sequence, id"

    check_id = fields.Many2one(
        "spoc.article.check", required=True, index=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        "spoc.article.criterion", required=True, readonly=True, ondelete="restrict"
    )
    help = fields.Text(related="criterion_id.help")
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    weight = fields.Integer(readonly=True, aggregator="avg")
    answer = fields.Selection(ANSWERS)
    comment = fields.Char()
    # For reports: which question fails whom.
    desk_id = fields.Many2one(related="check_id.desk_id", store=True, index=True)
    author_id = fields.Many2one(related="check_id.author_id", store=True)
    date = fields.Date(related="check_id.date", store=True)

    def write(self, vals):
        if not self.env.su and self.check_id.filtered(lambda c: c.state == "done"):
            raise UserError(
                self.env._("The author was told already. Check the next version.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if self.check_id.filtered(lambda check: check.state == "done"):
            raise UserError(
                self.env._("The author was told already. Check the next version.")
            )
