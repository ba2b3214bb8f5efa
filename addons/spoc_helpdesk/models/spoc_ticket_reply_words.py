"""The words of a reply made of an article."""

from markupsafe import Markup

from odoo import models


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _get_reply_body(self, article, as_link=False):
        """A reply with an article's answer, in the requester's language.

        :param article: the version that is sent; its readers were checked
        :param bool as_link: the link to it, not the answer itself
        :return: Markup
        """
        # sudo: name and language of the requester, whom the agent may not see
        requester = self.sudo().requester_id
        speaking = self.with_context(lang=requester.lang or self.env.lang)
        say = speaking.env._
        hello = say("Hello %s,", requester.name)
        link = Markup('<a href="%s">%s</a>') % (
            article.get_base_url() + article._spoc_url(),
            article.name,
        )
        if as_link:
            rest = Markup("<p>%s<br/>%s</p>") % (say("this should help:"), link)
        else:
            words, _contents = article._spoc_page_words(
                article._spoc_answer_html(), links=False
            )
            rest = words
            if requester.user_ids:
                rest += Markup("<p>%s %s</p>") % (say("All of it, up to date:"), link)
        return Markup("<p>%s</p>%s") % (hello, rest)
