"""The life of an article: written, read by a second person, published, read again."""

from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from .spoc_article import CONTENT_FIELDS

# What a revision carries back to the article it revises.
REVISED_FIELDS = CONTENT_FIELDS - {"translation_group_id"} | {"keywords", "service_ids"}

REVIEW_MONTHS = 12

ACTIVITY_REVIEW = "spoc_kb.activity_type_review"
ACTIVITY_HOLDS = "spoc_kb.activity_type_holds"
ACTIVITY_FEEDBACK = "spoc_kb.activity_type_feedback"


class SpocArticle(models.Model):
    _inherit = "spoc.article"

    def _spoc_writers(self):
        """Those whose words these are: they don't publish them."""
        return self.author_id | self.editor_id

    def _check_state(self, *states):
        for article in self:
            if article.state not in states:
                raise UserError(
                    self.env._(
                        "“%(article)s” is in the state “%(state)s”: not possible now.",
                        article=article.name,
                        state=dict(
                            self._fields["state"]._description_selection(self.env)
                        )[article.state],
                    )
                )

    def _check_publishable(self):
        """An article holds a solution or escalation information, never neither.

        :raise ValidationError: words are missing, or an escalation names no desk
        """
        for article in self:
            if is_html_empty(article.body):
                raise ValidationError(
                    self.env._(
                        "“%s” says nothing yet: write the solution, or whom to turn"
                        " to and how.",
                        article.name,
                    )
                )
            if article.kind == "escalation" and not article.escalation_desk_id:
                raise ValidationError(
                    self.env._("“%s” names no desk to turn to.", article.name)
                )

    def _check_four_eyes(self):
        """Who publishes has not written.

        :raise UserError: the user is the author or the last who changed the words
        """
        for article in self:
            if self.env.user in article._spoc_writers():
                raise UserError(
                    self.env._(
                        "You wrote “%s”: another person has to read and publish it.",
                        article.name,
                    )
                )

    def action_submit(self):
        """Draft -> review. The desk's manager is asked to read, if not the author."""
        self._check_state("draft")
        self._check_publishable()
        self._spoc_live().write({"state": "review"})
        self._spoc_answered(ACTIVITY_REVIEW)
        for article in self:
            reviewer = article.desk_id.manager_id
            if reviewer and reviewer not in article._spoc_writers():
                article._spoc_ask(
                    ACTIVITY_REVIEW,
                    reviewer,
                    self.env._("Read and publish the article"),
                )

    def action_send_back(self, reason=False):
        """Review -> draft.

        :param str reason: plain text, told to the author
        """
        self._check_state("review")
        self._spoc_live().write({"state": "draft"})
        self._spoc_answered(ACTIVITY_REVIEW)
        for article in self:
            if reason:
                article.message_post(body=reason)
            if article.author_id != self.env.user:
                article._spoc_ask(
                    ACTIVITY_REVIEW,
                    article.author_id,
                    self.env._("Sent back: change it"),
                    reason,
                )

    def action_publish(self):
        """Review -> published, by someone who has not written it.

        A revision gives its words to the article it revises and is gone.

        :return: action opening the revised article, when there is one to open
        """
        self._check_state("review")
        self._check_four_eyes()
        self._check_publishable()
        revisions = self.filtered("revision_of_id")
        for revision in revisions:
            original = revision._spoc_apply_revision()
        plain = self - revisions
        for article in plain:
            article._spoc_live().write(article._prepare_publish_values(article))
        plain._spoc_answered(ACTIVITY_REVIEW)
        if len(self) == 1 and revisions:
            return original._get_records_action()
        return None

    def _prepare_publish_values(self, draft):
        """Values an article gets when ``draft`` (itself or its revision) is published.

        :param draft: the article whose words were reviewed
        :return: dict of values
        """
        today = fields.Date.context_today(self)
        review_on = draft.review_on
        if not review_on or review_on <= today:
            review_on = today + relativedelta(months=self._spoc_review_months())
        return {
            "state": "published",
            "author_id": draft.author_id.id,
            "editor_id": draft.editor_id.id,
            "publisher_id": self.env.uid,
            "published_on": fields.Datetime.now(),
            "review_on": review_on,
        }

    @api.model
    def _spoc_review_months(self):
        """Months until a published article is read again (system parameter)."""
        # sudo: system parameters are closed to users, this one is no secret
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("spoc_kb.review_months", REVIEW_MONTHS)
        )
        try:
            return max(int(value), 1)
        except ValueError:
            return REVIEW_MONTHS

    def action_retire(self):
        """Published -> retired: no reader finds it any more."""
        self._check_state("published")
        self._spoc_live().write({"state": "retired"})
        self._spoc_answered(ACTIVITY_HOLDS)

    def action_draft(self):
        """Retired -> draft, to be reviewed anew."""
        self._check_state("retired")
        self._spoc_live().write({"state": "draft", "editor_id": self.env.uid})

    def action_revise(self):
        """Open the draft that will replace this published article.

        :return: action opening the revision (the one at work, if there is one)
        """
        self.ensure_one()
        self._check_state("published")
        self.check_access("write")
        revision = self.revision_ids[:1] or self._spoc_create_revision()
        return revision._get_records_action()

    def _spoc_create_revision(self):
        """The draft that will replace this published article."""
        values = self.copy_data({"name": self.name})[0]
        return (
            self._spoc_live()
            .create(
                {
                    **values,
                    "inner_body": self.inner_body,
                    "state": "draft",
                    "author_id": self.env.uid,
                    "editor_id": self.env.uid,
                    "owner_id": self.owner_id.id,
                    "revision_of_id": self.id,
                }
            )
            .with_context(spoc_article_life=None)
        )

    def _spoc_apply_revision(self):
        """Give the words of this revision to its article; the revision goes.

        :return: the article revised
        """
        self.ensure_one()
        original = self.revision_of_id
        original._check_state("published", "retired")
        values = {}
        for name in REVISED_FIELDS:
            value = self[name]
            if self._fields[name].type == "many2many":
                value = [fields.Command.set(value.ids)]
            elif self._fields[name].type == "many2one":
                value = value.id
            values[name] = value
        values.update(original._prepare_publish_values(self))
        values["content_version"] = original.content_version + 1
        # sudo: pictures of the new words are handed over whoever uploaded them;
        # the right to write both articles is checked by the writes around it
        files = self.env["ir.attachment"].sudo()
        files.search([("res_model", "=", self._name), ("res_id", "=", self.id)]).write(
            {"res_id": original.id}
        )
        original._spoc_live().write(values)
        original.message_post(
            body=self.env._(
                "Revision by %(author)s published by %(publisher)s.",
                author=self.author_id.name,
                publisher=self.env.user.name,
            )
        )
        self.unlink()
        return original

    def action_add_translation(self):
        """Open a new draft in an installed language the article lacks."""
        self.ensure_one()
        original = self.translation_group_id or self
        # The unique index looks at the database.
        original.translation_ids.flush_recordset(["lang"])
        taken = {original.lang, *original.translation_ids.mapped("lang")}
        missing = [code for code, _name in self._get_languages() if code not in taken]
        if not missing:
            raise UserError(
                self.env._("“%s” is written in every installed language.", self.name)
            )
        vals = original.copy_data({"name": original.name})[0]
        translation = self.create(
            {**vals, "lang": missing[0], "translation_group_id": original.id}
        )
        return translation._get_records_action()

    def action_read(self):
        """Open the article as its readers see it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._spoc_url(), "target": "new"}

    def action_view_feedback(self):
        """What the readers said."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_kb.spoc_article_feedback_action"
        )
        action["domain"] = [("article_id", "=", self.id)]
        return action

    def action_view_uses(self):
        """When the article was read, suggested, or solved something."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_kb.spoc_article_use_action"
        )
        action["domain"] = [("article_id", "=", self.id)]
        return action

    # ---- Telling people ----

    def _spoc_ask(self, activity_type, user, summary, note=False):
        """Put one thing to do on a person's list.

        :param str activity_type: xml id of the activity type
        :param user: res.users record
        :param str summary: what to do
        :param str note: plain text, escaped here
        :return: the mail.activity record
        """
        self.ensure_one()
        return self.activity_schedule(
            activity_type,
            user_id=user.id,
            summary=summary,
            note=Markup("<p>%s</p>") % note if note else False,
        )

    def _spoc_answered(self, activity_type):
        """What was asked of people is done with."""
        self.activity_unlink([activity_type])

    def _spoc_keeper(self):
        """Who hears what readers say: owner, else the desk's manager, else author."""
        self.ensure_one()
        people = self.owner_id | self.desk_id.manager_id | self.author_id
        return people.filtered("active")[:1]

    @api.model
    def _cron_review(self):
        """Ask the owners of articles whose day has come; not while one is asked."""
        asked = Domain("activity_type_id", "=", self.env.ref(ACTIVITY_HOLDS).id)
        due = self.search(
            Domain("state", "=", "published")
            & Domain("review_on", "<=", "today")
            & ~Domain("activity_ids", "any", asked),
            limit=500,
        )
        for article in due:
            if keeper := article._spoc_keeper():
                speaking = article.with_context(lang=keeper.lang)
                speaking._spoc_ask(
                    ACTIVITY_HOLDS,
                    keeper,
                    speaking.env._("Does the article still hold?"),
                )

    def action_still_true(self):
        """The owner has read it: it holds for another period."""
        self._check_state("published")
        today = fields.Date.context_today(self)
        months = self._spoc_review_months()
        self.write({"review_on": today + relativedelta(months=months)})
        self._spoc_answered(ACTIVITY_HOLDS)
        for article in self:
            article.message_post(body=self.env._("Read again: it still holds."))
