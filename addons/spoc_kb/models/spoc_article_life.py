"""The life of an article: written, approved by a second person, published, retired."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .spoc_article import AUTHOR_GROUPS
from .spoc_article_writing import ABOUT_FIELDS

ACTIVITY_REVIEW = "spoc_kb.activity_type_review"
ACTIVITY_HOLDS = "spoc_kb.activity_type_holds"
ACTIVITY_FEEDBACK = "spoc_kb.activity_type_feedback"


class SpocArticle(models.Model):
    """Draft, in review, approved, published, retired; and revisions."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    approver_id = fields.Many2one(
        "res.users",
        "Approved by",
        readonly=True,
        copy=False,
        help="Who has read it for those who wrote it.",
    )
    approved_on = fields.Datetime("Approved", readonly=True, copy=False)
    publisher_id = fields.Many2one(
        "res.users", "Published by", readonly=True, copy=False
    )
    published_on = fields.Datetime("Published", readonly=True, copy=False)
    publish_on = fields.Date(
        "Publish on",
        copy=False,
        help="An approved article is published on this day by itself.",
    )
    revision_of_id = fields.Many2one(
        "spoc.article",
        "Revision of",
        readonly=True,
        copy=False,
        ondelete="cascade",
        groups=AUTHOR_GROUPS,
    )
    revision_ids = fields.One2many(
        "spoc.article", "revision_of_id", "Revisions", groups=AUTHOR_GROUPS
    )

    _revision_uniq = models.UniqueIndex(
        "(revision_of_id) WHERE revision_of_id IS NOT NULL",
        "The article is being revised already.",
    )
    _publish_idx = models.Index("(publish_on) WHERE state = 'approved'")

    # ---- What forbids ----

    def _spoc_writers(self):
        """Those whose words these are: they don't approve them."""
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

    def _check_four_eyes(self):
        """Who approves has not written.

        :raise UserError: the user is the author or the last who changed the words
        """
        for article in self:
            if self.env.user in article._spoc_writers():
                raise UserError(
                    self.env._(
                        "You wrote “%s”: another person has to read and approve it.",
                        article.name,
                    )
                )

    # ---- The way ----

    def action_submit(self):
        """Draft -> review. Somebody who may approve is asked to read."""
        self._check_state("draft")
        self._check_right("submit")
        self._check_publishable()
        self._spoc_live().write({"state": "review", "confidence": "not_validated"})
        self._spoc_answered(ACTIVITY_REVIEW)
        for article in self:
            if reviewer := article._spoc_reviewer():
                article._spoc_ask(
                    ACTIVITY_REVIEW,
                    reviewer,
                    self.env._("Read and approve the article"),
                )

    def _spoc_reviewer(self):
        """Who is asked to read it: the desk's manager, unless they wrote it."""
        self.ensure_one()
        return self.desk_id.manager_id - self._spoc_writers()

    def action_send_back(self, reason=False):
        """Review or approved -> draft.

        :param str reason: plain text, told to the author
        """
        self._check_state("review", "approved")
        self._spoc_live().write(
            {"state": "draft", "confidence": "wip", "publish_on": False}
        )
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

    def action_approve(self):
        """Review -> approved, by someone who has not written it."""
        self._check_state("review")
        self._spoc_approve()
        self._spoc_answered(ACTIVITY_REVIEW)
        for article in self:
            if not article.publish_on and article.author_id != self.env.user:
                article._spoc_ask(
                    ACTIVITY_REVIEW,
                    article.author_id,
                    self.env._("Approved: publish it"),
                )

    def _spoc_approve(self):
        """A second person stands for the words: what forbids it, then the state."""
        self._check_right("approve")
        self._check_four_eyes()
        self._check_publishable()
        self._spoc_live().write(
            {
                "state": "approved",
                "confidence": "validated",
                "approver_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
        )

    def action_publish(self, note=False, minor=False):
        """Review or approved -> published.

        What is in review is approved in the same step, by someone who has not written
        it. A revision gives its words to the article it revises and is gone.

        :param str note: what changed, in the publisher's words
        :param bool minor: a change translations need not follow
        :return: action opening the revised article, when there is one to open
        """
        self._check_state("review", "approved")
        self.filtered(lambda article: article.state == "review")._spoc_approve()
        self._check_right("publish_approved")
        return self._spoc_publish(note, minor, trusted=True)

    def action_publish_own(self, note=False, minor=False):
        """Draft -> published at once, marked as not validated.

        For those the desk trusts with it, and for readers within the company only;
        see ``_spoc_own_refusal``.
        """
        self._check_state("draft")
        self._check_right("publish_own")
        self._check_publishable()
        for article in self:
            if refusal := article._spoc_own_refusal():
                raise UserError(refusal)
        return self._spoc_publish(note, minor, trusted=False)

    def _spoc_publish(self, note, minor, trusted):
        """Show the articles to their readers; see ``action_publish``.

        :param bool trusted: whether a second person has read them
        """
        self._check_publishable()
        revisions = self.filtered("revision_of_id")
        originals = self.browse()
        for revision in revisions:
            originals |= revision._spoc_apply_revision(note, minor, trusted)
        plain = self - revisions
        for article in plain:
            article._spoc_live().write(
                article._prepare_publish_values(article, minor, trusted)
            )
        plain._spoc_answered(ACTIVITY_REVIEW)
        (plain | originals)._spoc_mark_published(note, minor)
        (plain | originals)._spoc_tell_translators()
        if len(self) == 1 and revisions:
            return originals._get_records_action()
        return None

    def _prepare_publish_values(self, draft, minor=False, trusted=True):
        """Values an article gets when ``draft`` (itself or its revision) is published.

        :param draft: the article whose words were reviewed
        :param bool minor: a change translations need not follow
        :param bool trusted: whether a second person has read the words
        :return: dict of values
        """
        now = fields.Datetime.now()
        values = {
            "state": "published",
            "author_id": draft.author_id.id,
            "editor_id": draft.editor_id.id,
            "approver_id": draft.approver_id.id if trusted else False,
            "approved_on": draft.approved_on if trusted else False,
            "publisher_id": self.env.uid,
            "published_on": now,
            "publish_on": False,
            "review_on": self._spoc_next_review(draft.review_on),
            "confidence": "validated" if trusted else "not_validated",
        }
        if not minor or not self.substance_on:
            values["substance_on"] = now
        return values

    def action_publish_note(self):
        """Ask what changed, and whether translations have to follow."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish"),
            "res_model": "spoc.article.publish",
            "view_mode": "form",
            "target": "new",
            "context": {"default_article_id": self.id},
        }

    @api.model
    def _cron_publish(self):
        """Publish what was approved for today; who approved it answers for it."""
        due = self.search(
            [("state", "=", "approved"), ("publish_on", "<=", "today")], limit=500
        )
        for article in due:
            approver = article.approver_id
            if not approver.active or not article.with_user(approver).may_publish:
                # Rights may have been lost since; a person decides.
                article.publish_on = False
                continue
            article.with_user(approver).with_context(
                lang=approver.lang
            ).action_publish()

    def action_retire(self):
        """Published -> retired: no reader finds it any more."""
        self._check_state("published")
        self._check_right("retire")
        self._spoc_live().write({"state": "retired"})
        self._spoc_answered(ACTIVITY_HOLDS)

    def action_draft(self):
        """Retired -> draft, to be reviewed anew."""
        self._check_state("retired")
        self._spoc_live().write(
            {
                "state": "draft",
                "confidence": "wip",
                "editor_id": self.env.uid,
                "approver_id": False,
                "approved_on": False,
            }
        )

    # ---- Revisions ----

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
                    "confidence": "wip",
                    "author_id": self.env.uid,
                    "editor_id": self.env.uid,
                    "owner_id": self.owner_id.id,
                    "revision_of_id": self.id,
                }
            )
            .with_context(spoc_article_life=None)
        )

    def _spoc_apply_revision(self, note=False, minor=False, trusted=True):
        """Give the words of this revision to its article; the revision goes.

        :return: the article revised
        """
        self.ensure_one()
        original = self.revision_of_id
        original._check_state("published", "retired")
        # What a revision carries back to the article it revises.
        names = self._spoc_content_fields() - {"translation_group_id"}
        values = original._spoc_vals(self._spoc_words(names.union(ABOUT_FIELDS)))
        values.update(original._prepare_publish_values(self, minor, trusted))
        values["content_version"] = original._spoc_take_versions(self)
        # sudo: pictures of the new words are handed over whoever uploaded them;
        # the right to write both articles is checked by the writes around it
        files = self.env["ir.attachment"].sudo()
        files.search([("res_model", "=", self._name), ("res_id", "=", self.id)]).write(
            {"res_id": original.id}
        )
        original._spoc_live().write(values)
        original.message_post(body=self._get_revision_text(note))
        self.unlink()
        return original

    def _get_revision_text(self, note):
        """What the talk of an article says of a revision."""
        text = self.env._(
            "Revision by %(author)s published by %(publisher)s.",
            author=self.author_id.name,
            publisher=self.env.user.name,
        )
        return Markup("<p>%s</p><p>%s</p>") % (text, note) if note else text

    # ---- Opening what belongs to it ----

    def action_read(self):
        """Open the article as its readers see it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._spoc_url(), "target": "new"}

    def action_view_feedback(self):
        """What the readers said."""
        return self._spoc_open("spoc_kb.spoc_article_feedback_action")

    def action_view_uses(self):
        """When the article was read, sent as an answer, or solved something."""
        return self._spoc_open("spoc_kb.spoc_article_use_action")

    def _spoc_open(self, xmlid):
        """An action, narrowed to what belongs to this article."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
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
