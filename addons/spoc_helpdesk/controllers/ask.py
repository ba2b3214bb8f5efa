import json

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from odoo.addons.spoc_catalog import form_rules
from odoo.addons.spoc_catalog.controllers.form import read_answers
from odoo.addons.spoc_catalog.controllers.window import SpocWindow

from .portal import RequestPortal
from .request_page import RequestPage

TEXT_LIMIT = 20000
OWN_ON_HOME = 3


class RequestAsk(SpocWindow):
    """A person asks in the window: by the form of a service, or in free words.

    The contract with the forms' script is the catalogue's: see its template
    ``form_questions``.
    """

    # ---- pages of the window ----

    @route()
    def spoc_home(self, **kwargs):
        response = super().spoc_home(**kwargs)
        response.qcontext["spoc_own_lines"] = self._get_own_lines()
        return response

    def _get_own_lines(self):
        """The newest open requests of the user, for the first page."""
        domain = RequestPortal()._get_my_requests_domain()
        tickets = request.env["spoc.ticket"].search(
            domain & RequestPortal()._get_my_requests_filters()["open"]["domain"],
            order="create_date desc, id desc",
            limit=OWN_ON_HOME,
        )
        return [RequestPage(ticket, request.env).line() for ticket in tickets]

    def _spoc_service_values(self, service, **kwargs):
        return {
            **super()._spoc_service_values(service, **kwargs),
            "ask_form": service.form_id._spoc_compile(),
            "ask_values": {},
            "ask_errors": {},
        }

    # ---- sending ----

    @route(
        "/spoc/service/<int:service_id>/ask",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def spoc_ask_service(self, service_id, description="", **post):
        """Take the form of a service."""
        service = self._spoc_find("spoc.service", service_id)
        if service.state != "published":
            return self._spoc_missing()
        form = service.form_id._spoc_compile()
        answers = self._read_answers(form)
        description = self._read_text(description)
        ticket, errors = self._ask(service, answers, description)
        if ticket:
            return self._thank(ticket)
        if self._is_scripted():
            return self._json({"errors": errors})
        values = request.env["spoc.window"]._prepare_service_values(service)
        values = {
            **values,
            **self._spoc_service_values(service),
            "ask_values": {**answers, "description": description},
            "ask_errors": errors,
        }
        return self._spoc_render(
            "spoc_catalog.window_service",
            values,
            title=service.name,
            crumbs=self._spoc_category_crumbs(service.category_id),
        )

    @route("/spoc/ask", type="http", auth="user", website=True, methods=["POST"])
    def spoc_ask_freely(self, description="", **post):
        """Take free words: the person found no service that fits."""
        description = self._read_text(description)
        if description:
            service = request.env["spoc.service"]
            ticket, errors = self._ask(service, {}, description)
            if ticket:
                return self._thank(ticket)
        else:
            errors = {"description": request.env._("Please say what you need.")}
        if self._is_scripted():
            return self._json({"errors": errors})
        return self._spoc_render(
            "spoc_helpdesk.ask_freely_page",
            {"ask_text": description, "ask_errors": errors},
            title=request.env._("Ask in your own words"),
        )

    def _ask(self, service, answers, description):
        """Make the ticket, or say why not.

        :return: ``(ticket, {})`` or ``(None, errors)``
        """
        try:
            ticket, errors = request.env["spoc.ticket"]._spoc_ask(
                service, answers, description
            )
        except (AccessError, UserError) as error:
            return None, {"_form": str(error)}
        return (ticket, {}) if ticket else (None, errors)

    # ---- small parts ----

    def _read_answers(self, form):
        """Answers to a compiled form, files with their ``content``.

        A file too big for any form is judged by its size and never read.
        """
        answers = read_answers(form, request.httprequest)
        most = form_rules.FILE_MB_LIMIT * 1024 * 1024
        for answer in answers.values():
            for item in answer if isinstance(answer, list) else ():
                fits = item["size"] <= most
                item["content"] = item.pop("storage").read() if fits else b""
        return answers

    def _read_text(self, text):
        if not isinstance(text, str):
            return ""
        return text.replace("\x00", "").replace("\r\n", "\n").strip()[:TEXT_LIMIT]

    def _is_scripted(self):
        """Whether the form's script sent it, which keeps what was typed."""
        return request.httprequest.headers.get("X-Requested-With") == "spoc"

    def _json(self, data):
        return request.make_response(
            json.dumps(data), [("Content-Type", "application/json")]
        )

    def _thank(self, ticket):
        url = f"/my/requests/{ticket.id}?said=asked"
        if self._is_scripted():
            return self._json({"redirect": url})
        return request.redirect(url)
