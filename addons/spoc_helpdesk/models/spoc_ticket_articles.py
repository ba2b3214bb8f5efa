"""Articles beside a ticket: what may answer it, who may read it, what came of it."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .. import article_ranking
from .spoc_stage import OPEN_STATES

SHOWN = 8
# Of the words of the requester; more of them say no more.
FIRST_WORDS = 300
# Similar tickets are found by so many of the longest words of the subject.
TELLING_WORDS = 4
TELLING_LENGTH = 5
ROLES = ("read", "offered", "solved", "wrong", "written")


class SpocTicket(models.Model):
    """Agents are shown what may answer; only what its hearers may read is sent."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    # ---- What may answer ---------------------------------------------------

    def get_answers(self, words=""):
        """What may answer the ticket, best first, for the agent at work on it.

        :param str words: looked for instead of the ticket's own words
        :return: dictionary: ``articles``, a list of dictionaries (see
            :meth:`_prepare_answer`); ``used``, the like of what was used before
        :raise AccessError: for anybody who does not work on the ticket
        """
        self.ensure_one()
        self._spoc_check_inner()
        words = words.strip() if isinstance(words, str) else ""
        ranked = self._spoc_rank_articles(words)
        roles = self._spoc_article_roles()
        Article = self.env["spoc.article"]
        # The agent's own rights: what they may not read any more is not named.
        known = Article.search([("id", "in", list(roles))])
        articles = Article.browse(ranked)._spoc_in_my_language()
        articles -= known
        everything = articles | known
        sent = self._spoc_as_sent(everything)
        blocked = self._spoc_blocked(everything.browse(set(sent.values())))
        reasons = self._get_reason_texts()

        def prepare(article):
            why = [reasons[key] for key in ranked.get(article.id, ())]
            return self._prepare_answer(
                article, why, roles.get(article.id, ()), sent, blocked
            )

        return {
            "articles": [prepare(article) for article in articles],
            "used": [prepare(article) for article in known],
            "open": self.state in OPEN_STATES,
        }

    @api.model
    def _get_reason_texts(self):
        return {
            "words": self.env._("The words fit"),
            "solved": self.env._("Solved the like"),
            "service": self.env._("Belongs to the service"),
            "facet": self.env._("Same place or thing"),
        }

    def _prepare_answer(self, article, reasons, roles, sent, blocked):
        """One article as the form shows it.

        :return: ``id``, ``name``, ``summary``, ``icon``, ``published``, ``reasons``
            (texts), ``roles``, ``language`` it would be sent in when that is another,
            ``warning`` when it cannot be sent, ``flags`` (open ones)
        """
        version = article.browse(sent[article.id])
        languages = dict(article._get_languages())
        return {
            "id": article.id,
            "name": article.name,
            "summary": article.summary or "",
            "icon": article._spoc_icon(),
            "published": article.state == "published",
            "reasons": reasons,
            "roles": [role for role in ROLES if role in roles],
            "language": languages.get(version.lang, "").split(" / ")[-1]
            if version.lang != article.lang
            else "",
            "warning": blocked.get(version.id, ""),
            "flags": article.flag_count,
        }

    def _spoc_rank_articles(self, words=""):
        """Published articles the agent may read, by what there is to hint at them.

        :return: dictionary: id of an article -> reasons, best first
        """
        Article = self.env["spoc.article"]
        offered = Article._spoc_offered_domain()
        text = words or self._spoc_matter()
        found = Article._spoc_search(text, offered, SHOWN * 2)
        if words:
            return {id_: ["words"] for id_ in found.ids[:SHOWN]}
        # What has but one common word of it is in the way.
        found = self.env["spoc.window"]._get_near(text, found)[0]
        solved = self._spoc_solved_alike()
        service = self.service_id
        by_service = Article.search(
            offered & Domain("service_ids", "in", service.ids), limit=SHOWN * 2
        )
        # Only what the agent may read now, whatever solved something once.
        readable = Article.search(offered & Domain("id", "in", list(solved)))
        facets = service.facet_value_ids
        alike = found.filtered(lambda one: one.facet_value_ids & facets)
        return dict(
            article_ranking.ranked(
                found.ids,
                {id_: solved[id_] for id_ in readable.ids},
                by_service.ids,
                alike.ids,
                SHOWN,
            )
        )

    def _spoc_matter(self):
        """The requester's own words, as far as they tell what it is about."""
        self.ensure_one()
        said = html2plaintext(self.description or "")[:FIRST_WORDS]
        return f"{self.name}\n{said}"

    def _spoc_solved_alike(self):
        """How often articles solved tickets like this one, of the agent's own desks.

        :return: dictionary: id of an article -> number of tickets
        """
        words = sorted(set(self.name.split()), key=len, reverse=True)[:TELLING_WORDS]
        telling = [word for word in words if len(word) >= TELLING_LENGTH]
        alike = Domain.OR(Domain("name", "ilike", word) for word in telling)
        if self.service_id:
            alike |= Domain("service_id", "=", self.service_id.id)
        groups = self._read_group(
            alike
            & Domain("id", "!=", self.id)
            & Domain("is_inner", "=", True)
            & Domain("state", "in", ("resolved", "closed"))
            & Domain("resolution_article_id", "!=", False),
            ["resolution_article_id"],
            ["__count"],
        )
        solved = {}
        for article, count in groups:
            # sudo: where a merged one went; whether that is read is asked later
            id_ = article.sudo().successor_id.id or article.id
            solved[id_] = solved.get(id_, 0) + count
        return solved

    def _spoc_article_roles(self):
        """What became of articles on this ticket: id -> set of roles."""
        self.ensure_one()
        # sudo: which articles were used here belongs to the ticket, which the user
        # works on; the articles themselves are read with their own rights
        uses = self.env["spoc.article.use"].sudo()
        rows = uses._read_group(
            [("res_model", "=", self._name), ("res_id", "=", self.id)],
            ["article_id"],
            ["role:array_agg"],
        )
        return {article.id: set(roles) for article, roles in rows}

    def _spoc_only_sent(self):
        """The article that was sent as an answer, when there is but one that fits."""
        Article = self.env["spoc.article"]
        if not self:
            return Article
        roles = self._spoc_article_roles()
        sent = [
            id_
            for id_, done in roles.items()
            if "offered" in done and "wrong" not in done
        ]
        return Article.search([("id", "in", sent)]) if len(sent) == 1 else Article

    # ---- Who may read it ---------------------------------------------------

    def _spoc_as_sent(self, articles):
        """The version of each article in the requester's language, else its own.

        :return: dictionary: id of an article -> id of the version
        """
        # sudo: the language of the requester, whom the agent may not see
        lang = self.sudo().requester_id.lang or self.env.lang
        chosen = articles.with_context(lang=lang)._spoc_in_my_language()
        roots = (articles | chosen)._get_translation_roots()
        by_root = {roots[version.id]: version.id for version in chosen}
        return {article.id: by_root[roots[article.id]] for article in articles}

    def _spoc_blocked(self, articles):
        """Why articles cannot be told to those who hear the desk on this ticket.

        :return: dictionary: id of an article -> one sentence; what may be told is
            not in it
        """
        self.ensure_one()
        hearers = self._spoc_audience()
        readable = {
            partner: self._spoc_readable_by(partner, articles) for partner in hearers
        }
        blocked = {}
        for article in articles:
            if article.state != "published":
                blocked[article.id] = self.env._("It is not published.")
                continue
            names = [p.name for p in hearers if article not in readable[p]]
            if names:
                blocked[article.id] = self.env._(
                    "Not for %s: answer in words of your own.", ", ".join(names)
                )
        return blocked

    @api.model
    def _spoc_readable_by(self, partner, articles):
        """Those of the articles a person may read.

        :param partner: res.partner in sudo
        """
        user = partner.user_ids.filtered("active")[:1]
        if user:
            # Their rights, in all of their companies: not those of the agent.
            theirs = articles.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            return articles.browse(theirs._filtered_access("read").ids)
        # sudo: who it is for decides; without an account one is an outsider
        return articles.browse(
            article.id for article in articles.sudo() if article._spoc_is_for_outside()
        )

    def _check_article_told(self, article):
        """Refuse what those who would hear it may not read.

        :raise AccessError: the agent may not read it
        :raise UserError: naming those it is not for
        """
        article.check_access("read")
        if warning := self._spoc_blocked(article).get(article.id):
            raise UserError(
                self.env._("“%(article)s”: %(why)s", article=article.name, why=warning)
            )

    # ---- What the agent does -----------------------------------------------

    def _spoc_article(self, article_id):
        """The article the agent points at, found with their own rights."""
        self.ensure_one()
        self._spoc_check_inner()
        article = self.env["spoc.article"].search([("id", "=", article_id)])
        if not article:
            raise UserError(self.env._("There is no such article any more."))
        return article

    def get_answer(self, article_id):
        """An article to be read beside the ticket; the reading is noted.

        :return: ``body`` and ``inner`` (for agents), HTML as it is stored
        """
        article = self._spoc_article(article_id)
        article._spoc_record_use("read", self)
        inner = self.env["spoc.article.inner"].search([("article_id", "=", article.id)])
        body, _contents = article._spoc_page_words(article._spoc_answer_html(), False)
        notes, _contents = article._spoc_page_words(inner.body, False, 3)
        return {"body": body, "inner": notes}

    def action_send_article(self, article_id, as_link=False):
        """Open a reply with the article's answer, or the link to it.

        :raise UserError: when those who would hear it may not read it
        """
        article = self._spoc_article(article_id)
        self.check_access("write")
        version = article.browse(self._spoc_as_sent(article)[article.id])
        self._check_article_told(version)
        reply = self.env["spoc.ticket.reply"].create(
            {
                "ticket_id": self.id,
                "article_id": version.id,
                "body": self._get_reply_body(version, as_link),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer %s", self.number),
            "res_model": reply._name,
            "res_id": reply.id,
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
        }

    def action_solved_by(self, article_id):
        """The article solved it: resolve the ticket with it."""
        article = self._spoc_article(article_id)
        self._spoc_begin(OPEN_STATES)
        version = self._spoc_as_sent(article)[article.id]
        action = self._spoc_wizard("spoc_helpdesk.spoc_ticket_resolve_action")
        action["context"]["default_article_id"] = version
        return action

    def action_article_wrong(self, article_id, wrong=True):
        """The article does not fit this ticket; or does, after all."""
        article = self._spoc_article(article_id)
        self.check_access("write")
        if wrong:
            article._spoc_record_use("wrong", self)
            return
        # sudo: uses are noted by code alone
        self.env["spoc.article.use"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("article_id", "=", article.id),
                ("role", "=", "wrong"),
            ]
        ).unlink()

    def action_flag_article(self, article_id):
        """Ask what is wrong with the article."""
        article = self._spoc_article(article_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is wrong with it?"),
            "res_model": "spoc.ticket.flag",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_ticket_id": self.id,
                "default_article_id": article.id,
            },
        }

    def action_write_article(self):
        """Begin an article out of the ticket."""
        self._spoc_check_inner()
        return self._spoc_wizard("spoc_helpdesk.spoc_ticket_article_action")

    def action_improve(self, article_id):
        """Improve an article that is much like the ticket instead of a new one.

        :return: the action that opens its words
        """
        article = self._spoc_article(article_id)
        article.check_access("write")
        action = article._get_records_action()
        if article.state == "published":
            action = article.action_revise()
        self._spoc_solved_by_new(article)
        return action

    def action_link_article(self, article_id):
        """An article that is there answers the ticket, though nobody looked."""
        article = self._spoc_article(article_id)
        self._spoc_solved_by_new(article)
        return {"type": "ir.actions.act_window_close"}

    def _spoc_solved_by_new(self, article):
        """An article written, improved or found for the ticket is what solves it."""
        self.check_access("write")
        if self.resolution_article_id:
            return
        # The requester was told the resolution, not the article: it may come later.
        self._spoc_write({"resolution_article_id": article.id})
        if self.state in ("resolved", "closed"):
            self._spoc_note_use()

    def _spoc_note_use(self):
        """Remember which article solved which ticket; once, however often."""
        for ticket in self:
            ticket.resolution_article_id._spoc_record_use("solved", ticket)
