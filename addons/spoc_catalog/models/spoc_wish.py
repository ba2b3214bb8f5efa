"""What people did not find."""

from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

WORDS_LIMIT = 2000
NAME_LENGTH = 80
DAY_LIMIT = 20
SUGGESTED = 5


class SpocWish(models.Model):
    """Free words of someone who found no service that fits.

    An editor finds out where they belong: to a service there is, which answers
    them, or to one that is missing, which is then made of them.
    """

    _name = "spoc.wish"
    _inherit = ["mail.thread"]
    _description = "Wish"
    _order = "id desc"

    name = fields.Char(
        string="In short", compute="_compute_name", store=True, precompute=True
    )
    words = fields.Text(string="In their words", required=True)
    searched = fields.Char(
        string="Searched before", help="What the person had searched for in vain."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Said by",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    lang = fields.Selection("_get_languages", string="Language")
    state = fields.Selection(
        [
            ("new", "New"),
            ("classified", "Classified"),
            ("answered", "Answered"),
            ("promoted", "Becomes a service"),
        ],
        required=True,
        default="new",
        index=True,
        tracking=True,
        group_expand=True,
    )
    category_id = fields.Many2one(
        "spoc.category", index="btree_not_null", ondelete="set null", tracking=True
    )
    desk_id = fields.Many2one(
        "spoc.desk", index="btree_not_null", ondelete="set null", tracking=True
    )
    service_id = fields.Many2one(
        "spoc.service", index="btree_not_null", ondelete="set null", tracking=True
    )
    suggested_service_ids = fields.Many2many(
        "spoc.service", string="Suggested services", compute="_compute_suggested"
    )
    answer = fields.Text(
        string="Word to the person",
        help="Goes with the answer: what to look for, or why there is no such thing.",
    )

    _answered_by_service = models.Constraint(
        "CHECK (state NOT IN ('answered', 'promoted') OR service_id IS NOT NULL"
        " OR answer IS NOT NULL)",
        "Choose the service that answers it, or write a word to the person.",
    )

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.depends("words")
    def _compute_name(self):
        for wish in self:
            words = " ".join((wish.words or "").split())
            cut = len(words) > NAME_LENGTH
            wish.name = words[: NAME_LENGTH - 1].rstrip() + "…" if cut else words

    @api.depends("words")
    def _compute_suggested(self):
        Service = self.env["spoc.service"]
        domain = [("state", "=", "published")]
        for wish in self:
            wish.suggested_service_ids = Service._spoc_search(
                wish.words or "", domain, SUGGESTED
            )

    # ------------------------------------------------------------------
    # Taking words
    # ------------------------------------------------------------------

    @api.model
    def _spoc_take(self, words, searched=""):
        """Keep the words of the user.

        The same words twice in a row are one wish.

        :param str words: plain text
        :param str searched: what was searched for before
        :return: ``(wish as the user, "")``, or ``(empty, what is wrong)``
        """
        words = (words or "").strip()
        if not words:
            return self.browse(), self.env._("Please say what you need.")
        if len(words) > WORDS_LIMIT:
            return self.browse(), self.env._(
                "Please say it in no more than %(limit)s characters; these are "
                "%(count)s.",
                limit=WORDS_LIMIT,
                count=len(words),
            )
        mine = [("user_id", "=", self.env.uid)]
        latest = self.search(mine, limit=1)
        if latest and latest.words.split() == words.split():
            return latest, ""
        day = fields.Datetime.now() - timedelta(days=1)
        if self.search_count([*mine, ("create_date", ">=", day)]) >= DAY_LIMIT:
            return self.browse(), self.env._(
                "You have told us a lot today. Please go on tomorrow, or turn to a "
                "desk."
            )
        # sudo: requesters make wishes by this method only, always their own
        wish = self.sudo().create(
            {
                "words": words,
                "searched": (searched or "").strip()[:200],
                "user_id": self.env.uid,
                "lang": self.env.lang or "en_US",
            }
        )
        return wish.with_env(self.env), ""

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------

    def action_classify(self):
        """It is known where the words belong."""
        for wish in self:
            if not (wish.category_id or wish.desk_id or wish.service_id):
                raise ValidationError(
                    self.env._("Choose a topic, a desk or a service first.")
                )
        self.write({"state": "classified"})

    def action_answer(self):
        """Tell the person which service it is, or what else there is to say."""
        for wish in self:
            if not (wish.service_id or wish.answer):
                raise ValidationError(
                    self.env._(
                        "Choose the service that answers it, or write a word to the "
                        "person."
                    )
                )
            if wish.service_id and not wish._is_for_person():
                raise ValidationError(
                    self.env._(
                        "%(person)s may not see “%(service)s”: it is not published, "
                        "or meant for others.",
                        person=wish.user_id.name,
                        service=wish.service_id.name,
                    )
                )
        self.write({"state": "answered"})
        for wish in self:
            wish._tell()

    def action_promote(self):
        """Make a draft service of the words."""
        self.ensure_one()
        if not self.desk_id:
            raise UserError(self.env._("Choose the desk that is to offer it first."))
        service = self.env["spoc.service"].create(
            {
                "name": self.name,
                "synonyms": "\n".join(filter(None, (self.words, self.searched))),
                "category_id": self.category_id.id,
                "desk_id": self.desk_id.id,
            }
        )
        self.write({"service_id": service.id, "state": "promoted"})
        return {
            "type": "ir.actions.act_window",
            "res_model": "spoc.service",
            "res_id": service.id,
            "view_mode": "form",
        }

    def action_reset(self):
        """Take them up again."""
        self.write({"state": "new"})

    def _is_for_person(self):
        """Whether the one who asked may see the service now."""
        service = self.service_id.with_user(self.user_id).with_context(
            allowed_company_ids=self.user_id.company_ids.ids
        )
        return bool(
            service.search([("id", "=", service.id), ("state", "=", "published")])
        )

    def _tell(self):
        """Write to the person, in their language."""
        self.ensure_one()
        wish = self.with_context(lang=self.user_id.lang)
        lines = [
            Markup("<p>%s</p>")
            % wish.env._("You looked for something: “%(words)s”", words=wish.name)
        ]
        if wish.service_id:
            lines.append(
                Markup('<p>%s <a href="%s">%s</a></p>')
                % (
                    wish.env._("Here it is:"),
                    f"{wish.get_base_url()}/spoc/service/{wish.service_id.id}",
                    wish.service_id.name,
                )
            )
        if wish.answer:
            lines.append(Markup("<p>%s</p>") % wish.answer)
        wish.message_post(
            body=Markup().join(lines),
            partner_ids=wish.user_id.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
