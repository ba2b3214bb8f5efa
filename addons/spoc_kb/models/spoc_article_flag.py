"""Flag it or fix it: an agent says what is wrong with an article."""

from odoo import api, fields, models
from odoo.exceptions import UserError

# Loaded before, as what it does is extended here.
from . import spoc_article_life  # noqa: F401
from .spoc_article import AUTHOR_GROUPS

FLAG_LIMIT = 2000


class SpocArticleFlag(models.Model):
    """What an agent found wrong with an article, until its desk has dealt with it."""

    _name = "spoc.article.flag"
    _description = "Flag on an article"
    _order = "state, date desc, id desc"
    _rec_name = "article_id"

    article_id = fields.Many2one(
        "spoc.article", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "Flagged by", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Selection("_get_reasons", required=True, readonly=True)
    text = fields.Text("What is wrong", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("fixed", "Put right"), ("rejected", "Left as it is")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    closed_by_id = fields.Many2one("res.users", "Dealt with by", readonly=True)
    closed_on = fields.Datetime("Dealt with", readonly=True)
    desk_id = fields.Many2one(
        "spoc.desk", related="article_id.desk_id", store=True, index=True
    )

    @api.model
    def _get_reasons(self):
        """What can be wrong, for agents and readers alike."""
        return [
            ("wrong", self.env._("It is wrong")),
            ("outdated", self.env._("It is out of date")),
            ("incomplete", self.env._("Something is missing")),
            ("unclear", self.env._("It is hard to understand")),
            ("other", self.env._("Something else")),
        ]

    def action_fixed(self):
        """The article was put right."""
        self._close("fixed")

    def action_rejected(self):
        """Nothing is wrong, or nothing to be done."""
        self._close("rejected")

    def _close(self, state):
        self.check_access("read")
        self.article_id.check_access("write")
        # sudo: a flag is written by its buttons alone; who may write the article may
        # say that it was dealt with
        self.sudo().filtered(lambda flag: flag.state == "open").write(
            {
                "state": state,
                "closed_by_id": self.env.uid,
                "closed_on": fields.Datetime.now(),
            }
        )
        self.article_id._spoc_tell_keeper()

    def action_open_article(self):
        """The article flagged."""
        self.ensure_one()
        return self.article_id._get_records_action()


class SpocArticle(models.Model):
    _inherit = "spoc.article"

    flag_ids = fields.One2many("spoc.article.flag", "article_id", groups=AUTHOR_GROUPS)
    flag_count = fields.Integer(
        "Open flags",
        compute="_compute_flag_count",
        search="_search_flag_count",
        groups=AUTHOR_GROUPS,
    )

    @api.depends("flag_ids.state")
    def _compute_flag_count(self):
        counts = dict(
            self.env["spoc.article.flag"]._read_group(
                [("article_id", "in", self.ids), ("state", "=", "open")],
                ["article_id"],
                ["__count"],
            )
        )
        for article in self:
            article.flag_count = counts.get(article._origin, 0)

    def _search_flag_count(self, operator, value):
        if operator != ">" or value != 0:
            return NotImplemented
        return [("flag_ids", "any", [("state", "=", "open")])]

    def _spoc_flag(self, reason, text=""):
        """Say that something is wrong with the article. For agents who may read it.

        :param str reason: one of ``spoc.article.flag._get_reasons``
        :param str text: plain text, cut at FLAG_LIMIT characters
        :return: the spoc.article.flag record, as the user may see it
        :raise AccessError: the user may not read the article or is no agent
        :raise UserError: the article is not published, or no such reason
        """
        self.ensure_one()
        self.check_access("read")
        self.env["spoc.article.flag"].check_access("read")
        self._check_state("published")
        if reason not in dict(self.env["spoc.article.flag"]._get_reasons()):
            raise UserError(self.env._("Choose what is wrong."))
        # sudo: agents of other desks flag what they do not keep; they speak for
        # themselves only
        flag = (
            self.env["spoc.article.flag"]
            .sudo()
            .create(
                {
                    "article_id": self.id,
                    "user_id": self.env.uid,
                    "reason": reason,
                    "text": (text or "").replace("\x00", "").strip()[:FLAG_LIMIT],
                }
            )
        )
        self._spoc_tell_keeper()
        return flag.sudo(False)

    def action_view_flags(self):
        """What agents say is wrong."""
        return self._spoc_open("spoc_kb.spoc_article_flag_action")

    def _spoc_apply_revision(self, *args, **kwargs):
        """A revision published answers what was flagged before."""
        original = super()._spoc_apply_revision(*args, **kwargs)
        original.flag_ids.filtered(lambda flag: flag.state == "open").action_fixed()
        return original
