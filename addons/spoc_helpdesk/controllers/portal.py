from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .request_page import ENDED_STATES, OPEN_STATES, RATES, RequestPage

COMMENT_LIMIT = 5000
SEARCH_LIMIT = 200


class RequestPortal(CustomerPortal):
    """A requester's own tickets: list, page, decision and rating."""

    # ---- home ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "spoc_request_count" in counters:
            values["spoc_request_count"] = request.env["spoc.ticket"].search_count(
                self._get_my_requests_domain() & Domain("state", "not in", ENDED_STATES)
            )
        return values

    def _get_my_requests_domain(self):
        """Tickets asked by the user or shared with them, on top of the rules."""
        return request.env["spoc.ticket"]._spoc_requester_domain()

    # ---- list ----

    def _get_my_requests_filters(self):
        return {
            "open": {
                "label": request.env._("Open"),
                "domain": Domain("state", "in", (*OPEN_STATES, "resolved")),
            },
            "answer": {
                "label": request.env._("Waiting for me"),
                "domain": self._get_waiting_domain(),
            },
            "ended": {
                "label": request.env._("Closed"),
                "domain": Domain("state", "in", ENDED_STATES),
            },
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
        }

    def _get_waiting_domain(self):
        """Tickets that go on when the requester says something."""
        asked = (
            Domain("state", "=", "waiting")
            & self._get_my_requests_domain()
            & (
                Domain("wait_reason_id", "=", False)
                | Domain("wait_reason_id.waits_for", "=", "reply")
            )
        )
        # sudo: what one's own request waits for is told on its page
        waiting = request.env["spoc.ticket"].sudo()._search(asked)
        return Domain("state", "=", "resolved") | Domain("id", "in", waiting)

    def _get_my_requests_sortings(self):
        return {
            "newest": {
                "label": request.env._("Newest"),
                "order": "create_date desc, id desc",
            },
            "oldest": {"label": request.env._("Oldest"), "order": "create_date, id"},
            "name": {"label": request.env._("Subject"), "order": "name, id"},
        }

    @http.route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_requests(
        self, page=1, sortby="newest", filterby="open", search="", said="", **kwargs
    ):
        """The list."""
        sortings, filters = (
            self._get_my_requests_sortings(),
            self._get_my_requests_filters(),
        )
        sortby = sortby if sortby in sortings else "newest"
        filterby = filterby if filterby in filters else "open"
        search = (search or "").replace("\x00", "").strip()[:SEARCH_LIMIT]
        domain = self._get_my_requests_domain()
        tickets = request.env["spoc.ticket"]
        any_request = bool(tickets.search(domain, limit=1))
        domain &= filters[filterby]["domain"]
        if search:
            domain &= Domain("name", "ilike", search) | Domain(
                "number", "ilike", search
            )
        pager = portal_pager(
            url="/my/requests",
            total=tickets.search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
        )
        tickets = tickets.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="spoc_requests",
            lines=[RequestPage(ticket, request.env).line() for ticket in tickets],
            any_request=any_request,
            pager=pager,
            default_url="/my/requests",
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_filters=filters,
            filterby=filterby,
            search=search,
            said=said if said == "asked" else "",
        )
        return request.render("spoc_helpdesk.portal_my_requests", values)

    # ---- page ----

    @http.route(
        "/my/requests/<int:ticket_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def my_request(self, ticket_id, access_token=None, said=None, stay=None, **kwargs):
        """The page of one request, for those who may see it or hold its token.

        That of a merged one leads on, where its readers may read that; ``stay`` shows
        it all the same.
        """
        try:
            ticket = self._document_check_access("spoc.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            if request.env.user._is_public():
                return request.redirect(f"/web/login?redirect=/my/requests/{ticket_id}")
            raise NotFound() from None
        leads_to = ticket._spoc_page_leads_to(request.env.user)
        if leads_to and not stay:
            page = RequestPage(ticket, request.env, access_token)
            return request.redirect(page.address_of(leads_to))
        return self._render_request(ticket, access_token=access_token, said=said)

    def _render_request(self, ticket, access_token=None, said=None, **values):
        """Render the page; ``values`` carry errors and what was typed."""
        request.env["spoc.access.log"]._spoc_note(ticket, "page")
        values = {
            "page_name": "spoc_request",
            "page": RequestPage(ticket, request.env, access_token).values(),
            # The conversation is Odoo's own; it needs the record itself.
            "ticket": ticket,
            "said": said if said in ("asked", "confirmed", "rejected", "rated") else "",
            "errors": {},
            "typed": {},
            "rates": RATES,
            **values,
        }
        values = self._get_page_view_values(
            ticket, access_token, values, "my_spoc_requests_history", False
        )
        return request.render("spoc_helpdesk.portal_my_request", values)

    @http.route(
        "/my/requests/<int:ticket_id>/file/<int:file_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def my_request_file(self, ticket_id, file_id, access_token=None, **kwargs):
        """A file that came with an answer, for those who may see the page.

        Portal users may not read attachments at all, and a token of the file itself
        would outlive the right to see the ticket.
        """
        try:
            ticket = self._document_check_access("spoc.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            raise NotFound() from None
        # sudo: files of this very ticket's answers, which its readers see
        files = ticket.sudo().answer_ids.attachment_ids
        attachment = files.filtered(lambda file: file.id == file_id)
        if not attachment:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(attachment, "raw")
        return stream.get_response(as_attachment=True)

    # ---- what the requester decides ----

    def _get_own_request(self, ticket_id):
        """The ticket, if the signed-in user is its requester.

        Watchers and members of the desk see the page, but do not decide: that is
        the requester's alone.

        :return: ``spoc.ticket`` with superuser rights
        """
        ticket = request.env["spoc.ticket"].search([("id", "=", ticket_id)])
        # sudo: name of the requester only; the ticket itself passed the rules
        if not ticket or ticket.sudo().requester_id != request.env.user.partner_id:
            raise NotFound()
        # sudo: a requester may not write tickets; what follows is theirs to decide
        return ticket.sudo()

    @http.route(
        "/my/requests/<int:ticket_id>/confirm",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_request_confirm(self, ticket_id, **post):
        """It is solved."""
        ticket = self._get_own_request(ticket_id)
        try:
            ticket._spoc_confirm()
        except UserError as error:
            return self._render_request(ticket, errors={"decide": str(error)})
        return request.redirect(f"/my/requests/{ticket.id}?said=confirmed#rating")

    @http.route(
        "/my/requests/<int:ticket_id>/reject",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_request_reject(self, ticket_id, comment="", **post):
        """It is not solved."""
        ticket = self._get_own_request(ticket_id)
        comment = clean_comment(comment)
        errors = {}
        if not comment:
            errors["comment"] = request.env._("Tell us what still does not work.")
        else:
            try:
                ticket._spoc_reject(comment)
            except UserError as error:
                errors["decide"] = str(error)
        if errors:
            return self._render_request(
                ticket, errors=errors, typed={"comment": comment}
            )
        return request.redirect(f"/my/requests/{ticket.id}?said=rejected")

    @http.route(
        "/my/requests/<int:ticket_id>/rate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_request_rate(self, ticket_id, rate="", comment="", **post):
        """How good the service was."""
        ticket = self._get_own_request(ticket_id)
        comment = clean_comment(comment)
        rate = clean_rate(rate)
        page = RequestPage(ticket, request.env).values()
        if page["can_rate"] and not rate:
            errors = {"rate": request.env._("Choose one to five stars.")}
            return self._render_request(
                ticket, errors=errors, typed={"rating_comment": comment}
            )
        if page["can_rate"]:
            rate_request(ticket, rate, comment)
        return request.redirect(f"/my/requests/{ticket.id}?said=rated")


def clean_comment(comment):
    """Text of a comment without what PostgreSQL refuses, cut to a sane length."""
    if not isinstance(comment, str):
        return ""
    return comment.replace("\x00", "").replace("\r\n", "\n").strip()[:COMMENT_LIMIT]


def clean_rate(rate):
    """Number of stars, or 0 when it is none."""
    return int(rate) if str(rate) in map(str, RATES) else 0


def rate_request(ticket, rate, comment):
    """Put the requester's rating on the ticket.

    :param ticket: closed ``spoc.ticket`` with superuser rights
    :param int rate: 1 to 5
    """
    token = ticket._rating_get_access_token(ticket.requester_id)
    ticket.rating_apply(
        rate, token=token, feedback=comment, subtype_xmlid="mail.mt_note"
    )
