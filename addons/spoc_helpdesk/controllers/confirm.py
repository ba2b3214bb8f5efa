from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal import clean_comment, clean_rate
from .request_page import RATES, RequestPage


class RequestConfirm(http.Controller):
    """The links of the mail "it is solved": no sign-in, and no change by a GET.

    Mail scanners open every link; so the link only shows the question, and the
    answer is a POST from that page.
    """

    def _get_ticket(self, token):
        """``(ticket or empty, reason)``; a usable token has no reason.

        The ticket comes with superuser rights and in the requester's language.
        """
        tickets = request.env["spoc.ticket"]
        ticket, reason = tickets._spoc_from_confirm_token(token)
        self._speak_like(ticket.requester_id)
        return ticket.with_env(request.env(su=True)), reason

    def _speak_like(self, partner):
        """Who came by a mail reads on in the language of that mail."""
        if request.env.user._is_public() and partner.lang:
            request.update_context(lang=partner.lang)

    def _render(self, ticket, reason, **values):
        if not ticket or reason:
            return request.render(
                "spoc_helpdesk.confirm_unusable",
                {"reason": reason or "invalid", "number": ticket.number or ""},
            )
        values = {
            "page": RequestPage(ticket, request.env).values(),
            "errors": {},
            "typed": {},
            **values,
        }
        return request.render("spoc_helpdesk.confirm_page", values)

    @http.route(
        "/spoc/request/confirm/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def confirm_page(self, token, **kwargs):
        """The question: is it solved?"""
        return self._render(*self._get_ticket(token))

    @http.route(
        "/spoc/request/confirm/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def confirm_decide(self, token, decision="", comment="", **post):
        """The answer."""
        ticket, reason = self._get_ticket(token)
        if not ticket or reason:
            return self._render(ticket, reason)
        comment = clean_comment(comment)
        typed = {"comment": comment}
        try:
            if decision == "confirm":
                ticket._spoc_confirm()
                rating = ticket._rating_get_access_token(ticket.requester_id)
                return request.redirect(f"/spoc/request/rate/{rating}")
            if decision == "reject" and comment:
                ticket._spoc_reject(comment)
                return request.render(
                    "spoc_helpdesk.confirm_rejected",
                    {"page": RequestPage(ticket, request.env).values()},
                )
        except UserError as error:
            return self._render(
                ticket, reason, errors={"decide": str(error)}, typed=typed
            )
        errors = {"comment": request.env._("Tell us what still does not work.")}
        return self._render(ticket, reason, errors=errors, typed=typed)

    # ---- stars ----

    def _get_rating(self, token):
        """``(rating, ticket)`` of an unguessable rating token."""
        # sudo: the token is the right to give this one rating
        ratings = request.env["rating.rating"].sudo()
        rating = ratings.search(
            [("access_token", "=", token), ("res_model", "=", "spoc.ticket")], limit=1
        )
        # sudo: the token is for this very ticket
        ticket = request.env["spoc.ticket"].sudo().browse(rating.res_id).exists()
        if not rating or not ticket:
            raise NotFound()
        self._speak_like(rating.partner_id)
        return rating, ticket.with_env(request.env(su=True))

    def _render_rating(self, rating, ticket, **values):
        page = RequestPage(ticket, request.env).values()
        values = {
            "page": page,
            "rated": rating.consumed,
            "rates": RATES,
            "errors": {},
            "typed": {},
            "action": f"/spoc/request/rate/{rating.access_token}",
            **values,
        }
        return request.render("spoc_helpdesk.rate_page", values)

    @http.route(
        "/spoc/request/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def rate_page(self, token, **kwargs):
        """Stars to choose from."""
        return self._render_rating(*self._get_rating(token))

    @http.route(
        "/spoc/request/rate/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def rate_submit(self, token, rate="", comment="", **post):
        """The stars chosen. The first answer counts; the token is spent by it."""
        rating, ticket = self._get_rating(token)
        rate, comment = clean_rate(rate), clean_comment(comment)
        if not rating.consumed and not rate:
            errors = {"rate": request.env._("Choose one to five stars.")}
            return self._render_rating(
                rating, ticket, errors=errors, typed={"rating_comment": comment}
            )
        if not rating.consumed:
            ticket.rating_apply(
                rate, rating=rating, feedback=comment, subtype_xmlid="mail.mt_note"
            )
        return request.redirect(f"/spoc/request/rate/{token}")
