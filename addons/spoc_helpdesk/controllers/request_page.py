"""What a requester is shown of a ticket.

The pages never hand a record to a template: a ticket is read with superuser
rights once the right to see it was checked, and only what is named here leaves.
"""

from datetime import timedelta

from odoo import fields

from odoo.addons.spoc_catalog.words import moment_words, span_words

from .approval_page import approval_steps

OPEN_STATES = ("new", "in_progress", "waiting")
ENDED_STATES = ("closed", "cancelled")
# Colours of Bootstrap, by state.
STATE_COLOURS = {
    "new": "info",
    "in_progress": "primary",
    "waiting": "warning",
    "resolved": "success",
    "closed": "light",
    "cancelled": "light",
}
RATES = (1, 2, 3, 4, 5)


class RequestPage:
    """One ticket in the words of one reader.

    :param ticket: ``spoc.ticket`` record the reader may see
    :param env: environment of the reader: language, time zone, user
    :param str access_token: token the reader came with, if any
    """

    def __init__(self, ticket, env, access_token=None):
        self.access_token = access_token
        # sudo: the caller checked the right to see the ticket; names of desk,
        # owner and stage are beyond a portal user's own rights
        self.ticket = ticket.sudo().with_context(lang=env.lang)
        self.env = env
        self.now = fields.Datetime.now()
        self.lang = env.lang or "en_US"
        self.tz = env.user.tz or env.context.get("tz") or self._fallback_tz()

    def _fallback_tz(self):
        return self.ticket.requester_id.tz or self.ticket.desk_id.tz

    # ---- small words ----

    def moment(self, value):
        """Moment in the reader's language and time zone."""
        return moment_words(value, self.lang, self.tz)

    def span(self, value):
        """Time from now to the moment, in words."""
        return span_words(value, self.now, self.lang)

    def since(self, value):
        """The same for a moment that has been; clocks may differ by a second."""
        if self.now - value < timedelta(minutes=1):
            return self.env._("just now")
        return self.span(value)

    def requested_for(self):
        """Whom it is for, when not for the requester."""
        person = self.ticket.requested_for_id
        return person.name if person != self.ticket.requester_id else ""

    def owner_words(self):
        """Who answers for the ticket: "Erik Sandberg, IT service desk"."""
        ticket = self.ticket
        if ticket.owner_id:
            return self.env._(
                "%(person)s, %(desk)s",
                person=ticket.owner_id.name,
                desk=ticket.desk_id.name,
            )
        return ticket.desk_id.name

    def _clock(self, kind):
        return self.ticket.clock_ids.filtered(
            lambda clock: clock.kind == kind and clock.state in ("running", "paused")
        )[:1]

    # ---- parts of the page ----

    def line(self):
        """A row of the list of requests."""
        ticket = self.ticket
        return {
            "id": ticket.id,
            "number": ticket.number,
            "name": ticket.name,
            "state": ticket.state,
            "stage": self.stage_words(),
            "colour": STATE_COLOURS.get(ticket.state, "secondary"),
            "desk": ticket.desk_id.name,
            "service": ticket.service_id.name or "",
            "asked": self.moment(ticket.create_date),
            "asked_span": self.since(ticket.create_date),
            "requested_for": self.requested_for(),
            "next": self.next_step()["short"],
            "url": f"/my/requests/{ticket.id}",
        }

    def promises(self):
        """The clocks in words: kept, running, paused or broken."""
        labels = {
            "response": self.env._("First answer"),
            "update": self.env._("Next update"),
            "resolution": self.env._("Solution"),
        }
        rows = []
        for kind, label in labels.items():
            clocks = self.ticket.clock_ids.filtered(lambda c, k=kind: c.kind == k)
            clock = clocks.sorted("id")[-1:]
            if not clock or clock.state == "stopped":
                continue
            rows.append({"kind": kind, "label": label, **self._promise(clock)})
        return rows

    def _promise(self, clock):
        due = self.moment(clock.due)
        if clock.state == "met":
            words = self.env._("kept %s", self.moment(clock.ended_at))
            return {"words": words, "colour": "success", "icon": "fa-check"}
        if clock.state == "paused":
            words = self._paused_words()
            return {"words": words, "colour": "warning", "icon": "fa-pause"}
        if clock.state == "missed" or clock.due < self.now:
            words = self.env._("was due %s", due)
            return {"words": words, "colour": "danger", "icon": "fa-clock-o"}
        words = self.env._(
            "by %(moment)s (%(span)s)", moment=due, span=self.span(clock.due)
        )
        return {"words": words, "colour": "info", "icon": "fa-clock-o"}

    def _waits_for(self):
        """What the request waits for, see ``spoc.wait.reason``."""
        return self.ticket.wait_reason_id.waits_for or "reply"

    def _paused_words(self):
        """Until when a promise is paused."""
        words = {
            "reply": self.env._("paused until we hear from you"),
            "approval": self.env._("paused until it is approved"),
            "supplier": self.env._("paused until our supplier has acted"),
        }.get(self._waits_for())
        if self.ticket.wait_until and not words:
            words = self.env._("paused until %s", self.moment(self.ticket.wait_until))
        return words or self.env._("paused")

    def next_step(self):
        """What happens next and when: ``title``, ``text`` and ``short`` words."""
        if self.ticket.merged_link_id:
            return self._next_merged()
        if self._waits_for_approval():
            return self._next_approval()
        if self.ticket.state == "cancelled" and (
            self.ticket.approval_state == "rejected"
        ):
            return self._next_unapproved()
        return getattr(self, f"_next_{self.ticket.state}")()

    def _next_new(self):
        clock = self._clock("response")
        text = self.env._("%s has your request.", self.owner_words())
        if clock and clock.due >= self.now:
            short = self.env._("First answer by %s", self.moment(clock.due))
        elif clock:
            short = self.env._("Our first answer is late. We are sorry.")
        else:
            short = self.env._("We will get back to you")
        return {"title": short, "text": text, "short": short}

    def _next_in_progress(self):
        update, end = self._clock("update"), self._clock("resolution")
        text = self.env._("%s is working on it.", self.owner_words())
        if update and update.due >= self.now:
            short = self.env._("Next update by %s", self.moment(update.due))
        elif end and end.due >= self.now:
            short = self.env._("To be solved by %s", self.moment(end.due))
        elif update or end:
            short = self.env._("It takes longer than promised. We are sorry.")
        else:
            short = self.env._("Being worked on")
        return {"title": short, "text": text, "short": short}

    def _next_waiting(self):
        if self._waits_for() != "reply":
            return self._next_waiting_elsewhere()
        short = self.env._("We are waiting for your answer")
        text = self.env._(
            "Answer in the conversation below and the work goes on. Until then the"
            " promised times are paused."
        )
        return {"title": short, "text": text, "short": short}

    def _waits_for_approval(self):
        return self.ticket.approval_state == "asked"

    def _next_approval(self):
        names = ""
        if self.env.user._is_internal():
            names = self.ticket.approval_words or ""
        if names:
            short = self.env._("Waits for the approval of %s", names)
        else:
            short = self.env._("Waits for approval")
        text = self.env._(
            "You have nothing to do now. Work begins by itself once it is approved."
        )
        return {"title": short, "text": text, "short": short}

    def _next_unapproved(self):
        short = self.env._("Not approved")
        text = self.env._(
            "Is there something they did not know? Write it below: your request is"
            " opened again, and they are asked again."
        )
        return {"title": short, "text": text, "short": short}

    def _next_waiting_elsewhere(self):
        """Waiting the requester can do nothing about: why, and until when."""
        ticket, update = self.ticket, self._clock("update")
        title = {
            "approval": self.env._("It waits for an approval"),
            "supplier": self.env._("We are waiting for a supplier"),
            "date": self.env._("We go on at an agreed date"),
        }[self._waits_for()]
        words = [ticket.wait_reason_id.told]
        if ticket.wait_until:
            moment = self.moment(ticket.wait_until)
            words.append(self.env._("We go on by %s at the latest.", moment))
        short = title
        if update.state == "running" and update.due >= self.now:
            short = self.env._("Next update by %s", self.moment(update.due))
            words.append(self.env._("%s.", short))
        text = " ".join(filter(None, words)) or self.env._(
            "%s is working on it.", self.owner_words()
        )
        return {"title": title, "text": text, "short": short}

    def _next_resolved(self):
        short = self.env._("Is it solved? Please tell us")
        text = self.env._(
            "Confirm, or tell us what still does not work. Without a word from you the"
            " request closes by itself (%s).",
            self.moment(self.ticket.close_due),
        )
        return {"title": short, "text": text, "short": short}

    def _next_closed(self):
        short = self.env._("Closed %s", self.moment(self.ticket.closed_at))
        text = self.env._(
            "If it comes back, write below: your request is opened again, or a"
            " follow-up is made of it."
        )
        return {"title": short, "text": text, "short": short}

    def _next_cancelled(self):
        short = self.env._("Cancelled")
        text = self.env._("Nobody works on it any more. Write below if that is wrong.")
        return {"title": short, "text": text, "short": short}

    def stage_words(self):
        """Where it stands, in one or two words."""
        if self.ticket.merged_link_id:
            return self.env._("Merged")
        return self.ticket.stage_id.name

    def _next_merged(self):
        """Words that name the other request to those only who may read it."""
        survivor = self.ticket._spoc_page_leads_to(self.env.user)
        text = self.env._(
            "It is about the same matter as another request. Nothing you wrote is"
            " lost: whoever works on it has your words."
        )
        if survivor:
            short = self.env._("Goes on as %s", survivor.number)
        else:
            short = self.env._("Goes on together with another request")
        return {"title": short, "text": text, "short": short}

    def goes_on(self):
        """Number and address of the request this one goes on in, or None."""
        survivor = self.ticket._spoc_page_leads_to(self.env.user)
        if not survivor:
            return None
        return {"number": survivor.number, "url": self.address_of(survivor)}

    def address_of(self, survivor):
        """Address of the page of the survivor, for whoever came to this page.

        A token leads on with a token only where all who may hold it read that page.
        """
        url = f"/my/requests/{survivor.id}"
        if not self.access_token or not (
            self.ticket._spoc_audience() <= survivor._spoc_audience()
        ):
            return url
        return f"{url}?access_token={survivor._portal_ensure_token()}"

    def merged(self):
        """Requests merged into this one that the reader may read."""
        tickets = self.ticket.merged_ids.with_env(self.env(su=False))
        theirs = tickets._filtered_access("read")
        return [
            {"number": one.number, "url": f"/my/requests/{one.id}?stay=1"}
            # sudo: only tickets whose reading was checked just above
            for one in theirs.sudo()
        ]

    def timeline(self):
        """The stations of the request, reached or not, in order."""
        ticket = self.ticket
        stations = [
            (self.env._("Received"), ticket.create_date),
            (self.env._("First answer"), ticket.first_response_at),
            (self.env._("Solved"), ticket.resolved_at),
        ]
        if ticket.state == "cancelled":
            ended = ticket.merged_link_id and self.env._("Merged")
            stations.append((ended or self.env._("Cancelled"), ticket.closed_at))
        else:
            stations.append((self.env._("Closed"), ticket.closed_at))
        return [
            {"label": label, "moment": self.moment(value), "done": bool(value)}
            for label, value in stations
        ]

    def answers(self):
        """What was asked and answered, with files."""
        return [
            *self._urgency_answer(),
            *self._form_answers(),
        ]

    def _urgency_answer(self):
        """How much it holds up whoever asked, when they were asked."""
        ticket = self.ticket
        words = ticket.with_env(self.env)._spoc_urgencies().get(ticket.urgency)
        if not words or not ticket.service_id.asks_urgency:
            return []
        question = self.env._("How much does it hold you up?")
        return [{"question": question, "text": words, "files": []}]

    def _form_answers(self):
        return [
            {
                "question": answer.question_text,
                # The text of files is their names, which the links show anyway.
                "text": "" if answer.attachment_ids else answer.value_text or "",
                "files": [
                    {"name": file.name, "url": self._file_url(file)}
                    for file in answer.attachment_ids
                ],
            }
            for answer in self.ticket.answer_ids
        ]

    def _file_url(self, attachment):
        url = f"/my/requests/{self.ticket.id}/file/{attachment.id}"
        return f"{url}?access_token={self.access_token}" if self.access_token else url

    def article(self):
        """The article that solved it, when the reader may read it."""
        articles = self.env["spoc.article"]
        article_id = self.ticket.resolution_article_id.id
        # Who came by a link, without signing in, may read none.
        if not article_id or not articles.has_access("read"):
            return None
        article = articles.search([("id", "=", article_id)])._spoc_in_my_language()
        # Merged into another one since: that one has its words now.
        article = article or articles._spoc_find_successor(article_id)
        if not article:
            return None
        return {"name": article.name, "url": f"/spoc/article/{article.id}"}

    def rating(self):
        """The requester's rating: ``{"rate": 4, "comment": "..."}`` or None."""
        rating = self.ticket.rating_ids.filtered("consumed").sorted("id")[-1:]
        if not rating:
            return None
        return {"rate": int(rating.rating), "comment": rating.feedback or ""}

    def values(self):
        """All of the page."""
        ticket = self.ticket
        mine = self.env.user.partner_id == ticket.requester_id
        rating = self.rating()
        return {
            **self.line(),
            "description": ticket.description,
            "answers": self.answers(),
            "owner": self.owner_words(),
            "promises": self.promises() if ticket.state not in ENDED_STATES else [],
            "next": self.next_step(),
            "approvals": approval_steps(ticket, self.env, self.moment),
            "timeline": self.timeline(),
            "resolution": (
                ticket.resolution if ticket.state in ("resolved", "closed") else ""
            ),
            "article": self.article(),
            "reopened": ticket.reopen_count,
            "goes_on": self.goes_on() if ticket.merged_link_id else None,
            "merged": self.merged(),
            "mine": mine,
            "requester": ticket.requester_id.name,
            "can_decide": mine and ticket.state == "resolved",
            "can_rate": mine and ticket.state == "closed" and not rating,
            "rating": rating,
        }
