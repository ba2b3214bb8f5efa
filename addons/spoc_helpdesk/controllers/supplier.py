from markupsafe import Markup
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import plaintext2html

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .portal import clean_comment

OPEN = ("offered", "accepted")
SAID = ("accepted", "answered", "returned")


class SupplierPortal(CustomerPortal):
    """The page of a supplier: the parts of the work that were given to it."""

    # ---- home ----

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "spoc_assignment_count" in counters:
            values["spoc_assignment_count"] = self._count_assignments()
        return values

    def _count_assignments(self):
        """How many parts wait for the user's company.

        Employees are nobody's supplier and may not even ask for assignments.
        """
        domain = self._get_assignments_domain()
        if domain.is_false():
            return 0
        return self._get_assignments().search_count(
            domain & Domain("state", "in", OPEN)
        )

    def _get_assignments(self):
        """Assignments with the user's own rights."""
        return request.env["spoc.assignment"]

    def _get_assignments_domain(self):
        """Parts given to the user's company: the rules say which these are.

        An agent reads the assignments of their desks in the back office, not here.
        """
        return Domain.TRUE if request.env.user.share else Domain.FALSE

    # ---- list ----

    @http.route(
        ["/my/assignments", "/my/assignments/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_assignments(self, page=1, filterby="open", **kwargs):
        """The list, what is to be done first."""
        filters = {
            "open": {
                "label": request.env._("To be done"),
                "domain": Domain("state", "in", OPEN),
            },
            "ended": {
                "label": request.env._("Done"),
                "domain": Domain("state", "not in", OPEN),
            },
        }
        filterby = filterby if filterby in filters else "open"
        domain = self._get_assignments_domain()
        if domain.is_false():
            return self._render_assignments([], filters, filterby, None)
        domain &= filters[filterby]["domain"]
        Assignment = self._get_assignments()
        pager = portal_pager(
            url="/my/assignments",
            total=Assignment.search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args={"filterby": filterby},
        )
        assignments = Assignment.search(
            domain,
            order="due, id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        return self._render_assignments(
            [self._get_line(one) for one in assignments], filters, filterby, pager
        )

    def _render_assignments(self, lines, filters, filterby, pager):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="spoc_assignments",
            lines=lines,
            pager=pager,
            filters=filters,
            filterby=filterby,
        )
        return request.render("spoc_helpdesk.portal_my_assignments", values)

    def _get_line(self, assignment):
        """What the list shows of a part."""
        states = dict(assignment._fields["state"]._description_selection(request.env))
        # sudo: the name of the desk that asks, and nothing else of the ticket
        asking = assignment.sudo().ticket_id.desk_id.name
        return {
            "id": assignment.id,
            "url": f"/my/assignments/{assignment.id}",
            "number": assignment.number,
            "name": assignment.name,
            "state": states[assignment.state],
            "is_open": assignment.state in OPEN,
            "asking": asking,
            "due": assignment.due,
        }

    # ---- page ----

    def _get_assignment(self, assignment_id):
        """The part, if it was given to the user's company."""
        domain = self._get_assignments_domain()
        assignment = self._get_assignments()
        if not domain.is_false():
            assignment = assignment.search(domain & Domain("id", "=", assignment_id))
        if not assignment:
            raise NotFound()
        return assignment

    @http.route(
        "/my/assignments/<int:assignment_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def my_assignment(self, assignment_id, said=None, **kwargs):
        """The page of one part."""
        assignment = self._get_assignment(assignment_id)
        return self._render_assignment(assignment, said=said)

    def _render_assignment(self, assignment, said=None, errors=None, typed=None):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="spoc_assignment",
            line=self._get_line(assignment),
            state=assignment.state,
            brief=assignment.brief,
            answer=assignment.answer,
            return_reason=assignment.return_reason,
            can_answer=assignment.state in OPEN,
            can_accept=assignment.state == "offered",
            said=said if said in SAID else "",
            errors=errors or {},
            typed=typed or {},
        )
        return request.render("spoc_helpdesk.portal_my_assignment", values)

    # ---- what the supplier does ----

    @http.route(
        "/my/assignments/<int:assignment_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_assignment_accept(self, assignment_id, **post):
        """They do it."""
        return self._do(assignment_id, "accepted", lambda one: one._spoc_take_promise())

    @http.route(
        "/my/assignments/<int:assignment_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_assignment_answer(self, assignment_id, answer="", **post):
        """They have done it."""
        answer = clean_comment(answer)
        if not answer:
            return self._render_assignment(
                self._get_assignment(assignment_id),
                errors={"answer": request.env._("Write what was done first.")},
            )
        body = Markup(plaintext2html(answer))
        return self._do(
            assignment_id,
            "answered",
            lambda one: one._spoc_take_answer(body),
            typed={"answer": answer},
        )

    @http.route(
        "/my/assignments/<int:assignment_id>/return",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def my_assignment_return(self, assignment_id, reason="", **post):
        """They do not do it."""
        reason = clean_comment(reason)
        if not reason:
            return self._render_assignment(
                self._get_assignment(assignment_id),
                errors={"reason": request.env._("Say why you return it.")},
            )
        return self._do(
            assignment_id,
            "returned",
            lambda one: one._spoc_take_refusal(reason),
            typed={"reason": reason},
        )

    def _do(self, assignment_id, said, act, typed=None):
        """Carry out what was pressed; a refusal gives the page back as it was typed."""
        assignment = self._get_assignment(assignment_id)
        try:
            act(assignment)
        except UserError as error:
            return self._render_assignment(
                assignment, errors={"act": str(error)}, typed=typed
            )
        return request.redirect(f"/my/assignments/{assignment.id}?said={said}")
