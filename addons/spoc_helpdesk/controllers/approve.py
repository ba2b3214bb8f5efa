"""The approver's side outside the backend: a page of their own, and a link by mail."""

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import email_normalize

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .approval_page import ApprovalPage
from .portal import clean_comment

DECISIONS = {"yes": "approved", "no": "rejected"}
SAID = ("approved", "rejected", "delegated")


class ApprovalPortal(CustomerPortal):
    """What the signed-in person was asked to agree to: list, page, decision."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "spoc_approval_count" in counters:
            values["spoc_approval_count"] = request.env["spoc.approval"].search_count(
                [("is_mine", "=", True)]
            )
        return values

    def _get_my_approvals_filters(self):
        return {
            "asked": {
                "label": request.env._("Waiting for me"),
                "domain": Domain("state", "=", "asked"),
            },
            "decided": {
                "label": request.env._("Decided"),
                "domain": Domain("state", "in", ("approved", "rejected")),
            },
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
        }

    @http.route(
        ["/my/approvals", "/my/approvals/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_approvals(self, page=1, filterby="asked", said="", **kwargs):
        """The list."""
        filters = self._get_my_approvals_filters()
        filterby = filterby if filterby in filters else "asked"
        approvals = request.env["spoc.approval"]
        mine = Domain("approver_id", "=", request.env.uid)
        domain = mine & filters[filterby]["domain"]
        pager = portal_pager(
            url="/my/approvals",
            total=approvals.search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args={"filterby": filterby},
        )
        approvals = approvals.search(
            domain,
            order="due, id" if filterby == "asked" else "id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="spoc_approvals",
            lines=[ApprovalPage(one, request.env).line() for one in approvals],
            pager=pager,
            default_url="/my/approvals",
            searchbar_filters=filters,
            filterby=filterby,
            said=said if said in SAID else "",
        )
        return request.render("spoc_helpdesk.portal_my_approvals", values)

    def _get_own_approval(self, approval_id):
        """The approval, if the signed-in person was asked; by their own right."""
        approval = request.env["spoc.approval"].search(
            [("id", "=", approval_id), ("approver_id", "=", request.env.uid)]
        )
        if not approval:
            raise NotFound()
        return approval

    def _render_approval(self, approval, **values):
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "spoc_approval",
            "page": ApprovalPage(approval, request.env).values(),
            "errors": {},
            "typed": {},
            **values,
        }
        return request.render("spoc_helpdesk.portal_my_approval", values)

    @http.route(
        "/my/approvals/<int:approval_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_approval(self, approval_id, **kwargs):
        """What is asked, and the question."""
        return self._render_approval(self._get_own_approval(approval_id))

    @http.route(
        "/my/approvals/<int:approval_id>/file/<int:file_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_approval_file(self, approval_id, file_id, **kwargs):
        """A file that came with an answer the approver reads."""
        approval = self._get_own_approval(approval_id)
        # sudo: files of the answers this very person is shown, see _spoc_content
        content = approval.sudo()._spoc_content()
        for answer in content["answers"]:
            attachment = answer["files"].filtered(lambda file: file.id == file_id)
            if attachment:
                stream = request.env["ir.binary"]._get_stream_from(attachment, "raw")
                return stream.get_response(as_attachment=True)
        raise NotFound()

    @http.route(
        "/my/approvals/<int:approval_id>/decide",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_approval_decide(self, approval_id, decision="", comment="", **post):
        """Yes or no."""
        approval = self._get_own_approval(approval_id)
        state, comment, errors = read_decision(decision, comment)
        if not errors:
            try:
                with request.env.cr.savepoint():
                    approval._spoc_decide(state, comment)
                return request.redirect(f"/my/approvals?said={state}")
            except UserError as error:
                errors = {"decide": str(error)}
        return self._render_approval(
            approval, errors=errors, typed={"comment": comment}
        )

    @http.route(
        "/my/approvals/<int:approval_id>/delegate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_approval_delegate(self, approval_id, email="", why="", **post):
        """A colleague decides instead."""
        approval = self._get_own_approval(approval_id)
        why, email = clean_comment(why), clean_comment(email)
        errors = {}
        user = self._find_colleague(email)
        if not user:
            errors["email"] = request.env._(
                "No colleague with this address signs in here."
            )
        if not why:
            errors["why"] = request.env._("Say why somebody else decides.")
        if not errors:
            try:
                with request.env.cr.savepoint():
                    approval._spoc_delegate(user, why)
                return request.redirect("/my/approvals?said=delegated")
            except UserError as error:
                errors["email"] = str(error)
        return self._render_approval(
            approval, errors=errors, typed={"email": email, "why": why}
        )

    def _find_colleague(self, email):
        """An internal user by their address; empty for outsiders who ask."""
        users = request.env["res.users"]
        email = email_normalize(email)
        if not email or not request.env.user._is_internal():
            return users
        return users.search(
            [("share", "=", False), ("email_normalized", "=", email)], limit=1
        )


class ApprovalLink(http.Controller):
    """The link of a mail: no sign-in, and no change by a GET.

    Mail scanners open every link; so the link only shows the question, and the answer
    is a POST from that page. It works once and for a limited time.
    """

    def _get_approval(self, token):
        """``(approval as superuser or empty, reason)``; a usable token has none."""
        approval, reason = request.env["spoc.approval"]._spoc_from_token(token)
        user = request.env.user
        if not user._is_public() and approval and user != approval.approver_id:
            # The mail was forwarded: somebody else does not decide.
            return approval.browse(), "other"
        if user._is_public() and approval.approver_id.lang:
            request.update_context(lang=approval.approver_id.lang)
        # sudo: the token is the right
        return approval.with_env(request.env(su=True)), reason

    def _render(self, approval, reason, token, **values):
        if not approval or reason:
            why = approval._spoc_why_not() if approval else ""
            return request.render(
                "spoc_helpdesk.approve_unusable",
                {"reason": reason or "invalid", "why": why},
            )
        values = {
            "page": ApprovalPage(approval, request.env, token).values(),
            "errors": {},
            "typed": {},
            **values,
        }
        return request.render("spoc_helpdesk.approve_page", values)

    @http.route(
        "/spoc/approve/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def approve_page(self, token, **kwargs):
        """The question."""
        return self._render(*self._get_approval(token), token)

    @http.route(
        "/spoc/approve/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def approve_decide(self, token, decision="", comment="", **post):
        """The answer."""
        approval, reason = self._get_approval(token)
        if not approval or reason:
            return self._render(approval, reason, token)
        state, comment, errors = read_decision(decision, comment)
        if not errors:
            page = ApprovalPage(approval, request.env, token).values()
            try:
                with request.env.cr.savepoint():
                    approval._spoc_decide(state, comment, by=approval.approver_id)
                return request.render(
                    "spoc_helpdesk.approve_done", {"page": page, "said": state}
                )
            except (AccessError, UserError) as error:
                errors = {"decide": str(error)}
        return self._render(
            approval, reason, token, errors=errors, typed={"comment": comment}
        )


def read_decision(decision, comment):
    """What was posted: ``(state or "", clean comment, errors)``."""
    state, comment = DECISIONS.get(decision, ""), clean_comment(comment)
    errors = {}
    if not state:
        errors["decide"] = request.env._("Say yes or no.")
    elif state == "rejected" and not comment:
        errors["comment"] = request.env._("Say why not: whoever asked reads it.")
    return state, comment, errors
