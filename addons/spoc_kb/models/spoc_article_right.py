"""Rights over articles that grow with proven work."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import article_rights
from .spoc_article_kcs import INTERNAL

LEVELS = [
    (article_rights.CANDIDATE, "Candidate"),
    (article_rights.CONTRIBUTOR, "Contributor"),
    (article_rights.PUBLISHER, "Publisher"),
    (article_rights.COACH, "Coach"),
]
ACTIVITY_GRANT = "spoc_kb.activity_type_grant"
# How many are named in a message that sends people to others.
NAMED = 4


class SpocArticleRight(models.Model):
    """What one person may do with the articles of one desk, and why.

    Who has no line stands where the desk lets newcomers start. The desk's manager and
    the editors of open desks are coaches without one.
    """

    _name = "spoc.article.right"
    _description = "Right over articles"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "desk_id, user_id"
    _rec_names_search = ["user_id.name", "desk_id.name"]

    desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    level = fields.Selection(
        LEVELS,
        required=True,
        default=article_rights.CANDIDATE,
        tracking=True,
        help="Candidate: writes drafts and asks for review. Contributor: also confirms "
        "that articles hold, publishes what was approved and, where the desk allows "
        "it, own articles for readers within the company. Publisher: approves and "
        "publishes for all. Coach: also checks samples and grants rights.",
    )
    reason = fields.Char(
        required=True, tracking=True, help="Why the person has this right."
    )
    granted_on = fields.Date(
        "Since", default=fields.Date.context_today, readonly=True, required=True
    )
    granted_by_id = fields.Many2one(
        "res.users", "Granted by", readonly=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(related="desk_id.company_id", store=True, index=True)
    # The work so far, counted every night.
    written_count = fields.Integer(
        "Approved articles",
        readonly=True,
        copy=False,
        help="Articles of theirs that somebody else approved.",
    )
    approved_count = fields.Integer(
        "Approved for others",
        readonly=True,
        copy=False,
        help="Articles of others they read and approved.",
    )
    score = fields.Float(
        "Quality",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Mean of the checks of their articles in percent.",
    )
    check_count = fields.Integer("Checks", readonly=True, copy=False)
    proposed_level = fields.Selection(
        LEVELS,
        "Earned",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The level the work so far proves; a coach grants it.",
    )

    _person_uniq = models.UniqueIndex(
        "(desk_id, user_id)", "The person has a right at this desk already."
    )

    @api.depends("user_id.name", "desk_id.name", "level")
    @api.depends_context("lang")
    def _compute_display_name(self):
        levels = dict(self._fields["level"]._description_selection(self.env))
        for right in self:
            right.display_name = (
                f"{right.user_id.name or ''}, {right.desk_id.name or ''}: "
                f"{levels.get(right.level, '')}"
            )

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        noted = {"granted_by_id": self.env.uid, "granted_on": fields.Date.today()}
        rights = super().create([{**vals, **noted} for vals in vals_list])
        rights._check_granting()
        return rights

    def write(self, vals):
        if {"desk_id", "user_id"} & vals.keys():
            raise UserError(
                self.env._("A right belongs to one person at one desk: add another.")
            )
        self._check_granting()
        if "level" in vals:
            vals = {
                **vals,
                "granted_by_id": self.env.uid,
                "granted_on": fields.Date.context_today(self),
                "proposed_level": False,
            }
        return super().write(vals)

    def unlink(self):
        self._check_granting()
        return super().unlink()

    def _check_granting(self):
        """Rights are granted by coaches of the desk, to others than themselves.

        :raise AccessError: the user may not
        """
        if self.env.su:
            return
        levels = self._spoc_levels(self.desk_id)
        for right in self:
            if not article_rights.may(levels[right.desk_id.id], "grant"):
                raise AccessError(
                    self.env._(
                        "Rights at “%s” are granted by its manager and its coaches.",
                        right.desk_id.name,
                    )
                )
            if right.user_id == self.env.user:
                raise AccessError(self.env._("Nobody grants rights to themselves."))

    # ---- Who may what ----

    @api.model
    def _spoc_levels(self, desks, user=None):
        """Where a person stands at desks.

        :param desks: spoc.desk records, may hold none
        :param user: res.users record, default the current user
        :return: dictionary: id of the desk, and False for no desk -> level or ``""``
        """
        user = user or self.env.user
        if user._is_superuser():
            return dict.fromkeys([*desks.ids, False], article_rights.COACH)
        # sudo: one's level is worked out of lines and desks others keep
        own = self.sudo().search(
            [("user_id", "=", user.id), ("desk_id", "in", desks.ids)]
        )
        granted = {right.desk_id.id: right.level for right in own}
        edits = user.has_group("spoc_kb.group_kb_editor")
        levels = {False: article_rights.COACH if edits else ""}
        # sudo: who leads a desk and how its members start, for desks one cannot read
        for desk in desks.sudo():
            if desk.manager_id == user or (edits and desk.privacy == "open"):
                levels[desk.id] = article_rights.COACH
            elif desk.id in granted:
                levels[desk.id] = granted[desk.id]
            else:
                member = user in desk.member_ids
                levels[desk.id] = desk.kb_start_level if member else ""
        return levels

    @api.model
    def _spoc_able(self, desk, ability):
        """People who may do something with a desk's articles.

        :param desk: spoc.desk record
        :param str ability: see ``article_rights``
        :return: res.users, the manager first
        """
        # sudo: who may approve is told to those who may not
        desk = desk.sudo()
        rights = self.sudo().search([("desk_id", "=", desk.id)])
        granted = {right.user_id: right.level for right in rights}
        people = desk.manager_id
        for member in desk.member_ids:
            if article_rights.may(granted.get(member, desk.kb_start_level), ability):
                people |= member
        return people.filtered("active").with_env(self.env)

    # ---- Proposals ----

    def action_grant(self):
        """Grant what the work so far proves."""
        for right in self:
            if not right.proposed_level:
                raise UserError(
                    self.env._(
                        "Nothing is proven yet for %s: change the level by hand and"
                        " say why.",
                        right.user_id.name,
                    )
                )
            right.write(
                {"level": right.proposed_level, "reason": right._get_proof_text()}
            )
        self.activity_unlink([ACTIVITY_GRANT])

    def _get_proof_text(self):
        """The work so far in words."""
        if self.check_count:
            return self.env._(
                "%(written)s approved articles, quality %(score)s %%",
                written=self.written_count,
                score=round(self.score),
            )
        return self.env._("%s approved articles", self.written_count)

    def action_recount(self):
        """Count the work so far now."""
        self.check_access("read")
        # sudo: figures are nobody's to write
        self.sudo()._spoc_recount()

    @api.model
    def _cron_propose(self):
        """Give every author a line, count the work, and tell who earned more."""
        self._spoc_add_authors()
        every = self.search([("user_id.active", "=", True)])
        every._spoc_recount()
        for right in every.filtered("proposed_level"):
            right._spoc_tell_coach()

    def _spoc_tell_coach(self):
        """Ask the desk's manager to look at a proposal, once."""
        self.ensure_one()
        manager = self.desk_id.manager_id
        kind = self.env.ref(ACTIVITY_GRANT)
        if not manager.active or kind in self.activity_ids.activity_type_id:
            return
        speaking = self.with_context(lang=manager.lang)
        speaking.activity_schedule(
            ACTIVITY_GRANT,
            user_id=manager.id,
            summary=speaking.env._("Earned more rights: %s", self.user_id.name),
        )

    @api.model
    def _spoc_add_authors(self):
        """A line for members who have written and have none."""
        groups = self.env["spoc.article"]._read_group(
            [("desk_id", "!=", False), ("author_id.active", "=", True)],
            ["desk_id", "author_id"],
        )
        known = set(self._read_group([], ["desk_id", "user_id"]))
        self.create(
            [
                {
                    "desk_id": desk.id,
                    "user_id": author.id,
                    "level": desk.kb_start_level,
                    "reason": self.env._("Where the desk lets newcomers start"),
                }
                for desk, author in groups
                if (desk, author) not in known and author in desk.member_ids
            ]
        )

    def _get_approved_counts(self, role):
        """Approved articles by desk and the person in that role: ``{pair: number}``."""
        groups = self.env["spoc.article"]._read_group(
            [
                ("desk_id", "in", self.desk_id.ids),
                ("approver_id", "!=", False),
                (role, "in", self.user_id.ids),
            ],
            ["desk_id", role],
            ["__count"],
        )
        return {(desk, person): count for desk, person, count in groups}

    def _spoc_recount(self):
        """Count approved articles and checks of each, and what they earn."""
        written = self._get_approved_counts("author_id")
        approved = self._get_approved_counts("approver_id")
        checked = {
            (desk, person): (count, score)
            for desk, person, count, score in self.env[
                "spoc.article.check"
            ]._read_group(
                [("state", "=", "done"), ("desk_id", "in", self.desk_id.ids)],
                ["desk_id", "author_id"],
                ["__count", "score:avg"],
            )
        }
        for right in self:
            key = (right.desk_id, right.user_id)
            count, score = checked.get(key, (0, 0.0))
            values = {
                "written_count": written.get(key, 0),
                "approved_count": approved.get(key, 0),
                "check_count": count,
                "score": score,
            }
            values["proposed_level"] = (
                article_rights.earned(
                    right.level,
                    values["written_count"],
                    values["approved_count"],
                    score if count else None,
                )
                or False
            )
            right.write(values)


class SpocArticle(models.Model):
    """The methods of the life ask here."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    may_approve = fields.Boolean(
        compute="_compute_may", export_string_translation=False
    )
    may_publish = fields.Boolean(
        compute="_compute_may", export_string_translation=False
    )
    may_publish_own = fields.Boolean(
        compute="_compute_may", export_string_translation=False
    )
    may_confirm = fields.Boolean(
        compute="_compute_may", export_string_translation=False
    )
    may_validate = fields.Boolean(
        compute="_compute_may", export_string_translation=False
    )
    may_retire = fields.Boolean(compute="_compute_may", export_string_translation=False)
    right_text = fields.Char("What you may do", compute="_compute_may")

    @api.depends(
        "state",
        "may_write",
        "author_id",
        "editor_id",
        "desk_id.kb_publish_own",
        "confidence",
        "governance",
        "reach",
    )
    @api.depends_context("uid", "lang")
    def _compute_may(self):
        Right = self.env["spoc.article.right"]
        levels = Right._spoc_levels(self.desk_id)
        for article in self:
            level = levels[article.desk_id.id or False] if article.may_write else ""
            stranger = self.env.user not in article._spoc_writers()
            state = article.state
            approves = stranger and article_rights.may(
                level, article._spoc_ability("approve")
            )
            article.may_approve = state == "review" and approves
            article.may_publish = article.may_approve or (
                state == "approved" and article_rights.may(level, "publish_approved")
            )
            article.may_publish_own = (
                state == "draft"
                and article_rights.may(level, "publish_own")
                and not article._spoc_own_refusal()
            )
            published = state == "published"
            article.may_confirm = published and article_rights.may(level, "confirm")
            article.may_retire = published and article_rights.may(level, "retire")
            article.may_validate = (
                published and article.confidence != "validated" and approves
            )
            article.right_text = article._get_right_text(level)

    def _get_right_text(self, level):
        """What the person may do with the article's desk, for those who may not all."""
        self.ensure_one()
        if not level or article_rights.may(level, "approve"):
            return False
        if level == article_rights.CANDIDATE:
            return self.env._(
                "You are a candidate at this desk: you write, others approve and"
                " publish."
            )
        return self.env._(
            "You are a contributor at this desk: you write, confirm that articles hold"
            " and publish what others approved."
        )

    def _spoc_ability(self, ability):
        """What it takes for this article: compliance asks for more.

        :param str ability: see ``article_rights``
        """
        self.ensure_one()
        if ability in ("approve", "validate") and self.governance == "compliance":
            return "judge"
        return ability

    def _check_right(self, ability):
        """The person's level at the article's desk allows it.

        :param str ability: see ``article_rights``
        :raise AccessError: it does not; told who may
        """
        self.check_access("write")
        Right = self.env["spoc.article.right"]
        levels = Right._spoc_levels(self.desk_id)
        for article in self:
            needed = article._spoc_ability(ability)
            if article_rights.may(levels[article.desk_id.id or False], needed):
                continue
            able = Right._spoc_able(article.desk_id, needed) - article._spoc_writers()
            names = ", ".join(able[:NAMED].mapped("name"))
            raise AccessError(
                self.env._(
                    "Your rights at “%(desk)s” do not reach that far yet. Ask:"
                    " %(people)s.",
                    desk=article.desk_id.name or "",
                    people=names or self.env._("an editor"),
                )
            )

    def _spoc_own_refusal(self):
        """Why the article is not published without a second person.

        :return: a sentence, or ``""`` when nothing forbids it
        """
        self.ensure_one()
        # sudo: a revision's article is closed to readers, the rule is not
        original = self.sudo().revision_of_id
        if not self.sudo().desk_id.kb_publish_own:
            return self.env._(
                "This desk has every article approved by a second person."
            )
        if self.reach not in INTERNAL:
            return self.env._(
                "“%s” reaches readers outside: a second person approves it.", self.name
            )
        if self.governance == "compliance":
            return self.env._(
                "“%s” is compliance based: a second person approves it.", self.name
            )
        if original.confidence == "validated":
            return self.env._(
                "The words it replaces are validated: a second person approves “%s”.",
                self.name,
            )
        return ""

    def _spoc_reviewer(self):
        """The manager, else the one who may approve and has least to read."""
        reviewer = super()._spoc_reviewer()
        if reviewer or not self.desk_id:
            return reviewer
        needed = self._spoc_ability("approve")
        # sudo: levels of colleagues; only who is to approve is told
        Right = self.env["spoc.article.right"].sudo()
        explicit = Right.search(
            [("desk_id", "=", self.desk_id.id), ("user_id.active", "=", True)]
        )
        able = (
            explicit.filtered(
                lambda right: (
                    article_rights.may(right.level, needed)
                    and right.user_id in right.desk_id.member_ids
                )
            ).user_id
            - self._spoc_writers()
        )
        return able[:1].with_env(self.env)
