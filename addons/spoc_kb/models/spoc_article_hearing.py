"""What readers and agents say of an article is collected for the one who keeps it."""

from markupsafe import Markup

from odoo import models
from odoo.fields import Domain

from .spoc_article_life import ACTIVITY_FEEDBACK

# What an activity lists at most; the rest is counted.
LISTED = 20


class SpocArticle(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    def _spoc_feedback(self, helped, comment="", reason=""):
        """Store what the reader says; an earlier word of theirs is replaced.

        :param bool helped: whether the article helped
        :param str comment: plain text; goes to the article's owner
        :param str reason: why not, see ``spoc.article.feedback._get_reasons``
        :return: the spoc.article.feedback record
        :raise AccessError: the user may not read the article
        """
        self.ensure_one()
        self.check_access("read")
        self._check_state("published")
        return self.env["spoc.article.feedback"]._spoc_say(
            self, helped, comment, reason
        )

    def _spoc_tell_keeper(self, feedback=None):
        """Keep one thing to do on the keeper's list: all that was said lately.

        It lists what was said since the keeper was last done with it, and the flags
        that are open. It goes when nothing of that is left.

        :param feedback: spoc.article.feedback just said or changed
        """
        for article in self:
            # sudo: readers and agents of other desks have no right to the activities
            # of the article; what is put there is what they said
            article.sudo()._hear(feedback.sudo() if feedback else None)

    def _hear(self, feedback):
        activity_type = self.env.ref(ACTIVITY_FEEDBACK)
        activity = self.activity_ids.filtered(
            lambda one: one.activity_type_id == activity_type
        )[:1]
        words = self.env["spoc.article.feedback"]
        if activity:
            words = words.search(Domain("activity_id", "=", activity.id))
        if feedback:
            words -= feedback
            if feedback._has_something_to_say():
                words = feedback | words
            else:
                feedback.activity_id = False
        flags = self.flag_ids.filtered(lambda flag: flag.state == "open")
        keeper = self._spoc_keeper()
        if not (words or flags) or not keeper:
            activity.unlink()
            return
        if not activity:
            activity = self.with_context(lang=keeper.lang).activity_schedule(
                ACTIVITY_FEEDBACK, user_id=keeper.id
            )
        speaking = self.with_context(lang=activity.user_id.lang or keeper.lang)
        activity.write(speaking._prepare_hearing_values(words, flags))
        words.activity_id = activity

    def _prepare_hearing_values(self, words, flags):
        """Summary and note of the activity, in the keeper's language."""
        words, flags = words.with_env(self.env), flags.with_env(self.env)
        reasons = dict(self.env["spoc.article.feedback"]._get_reasons())
        parts = Markup()
        for title, lines in (
            (
                self.env._("Agents flag it"),
                [
                    f"{': '.join(filter(None, [reasons[flag.reason], flag.text]))}"
                    f" ({flag.user_id.name})"
                    for flag in flags
                ],
            ),
            (
                self.env._("It did not help"),
                [one._get_line(reasons) for one in words if not one.helped],
            ),
            (
                self.env._("It helped"),
                [one._get_line(reasons) for one in words if one.helped],
            ),
        ):
            if lines:
                items = Markup().join(
                    Markup("<li>%s</li>") % line for line in lines[:LISTED]
                )
                parts += Markup("<p>%s (%s)</p><ul>%s</ul>") % (
                    title,
                    len(lines),
                    items,
                )
        return {
            "summary": self.env._(
                "What readers say (%(count)s)", count=len(words) + len(flags)
            ),
            "note": parts,
        }
