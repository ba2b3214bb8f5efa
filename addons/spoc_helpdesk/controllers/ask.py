import json

from odoo.exceptions import AccessError, UserError
from odoo.http import request, route

from odoo.addons.spoc_catalog import form_rules
from odoo.addons.spoc_catalog.controllers.form import (
    is_outdated,
    read_answers,
    read_leftovers,
    read_people,
    read_words,
)
from odoo.addons.spoc_catalog.controllers.window import SpocWindow
from odoo.addons.spoc_catalog.form_values import SILENT_TYPES

from .portal import RequestPortal
from .request_page import RequestPage

TEXT_LIMIT = 20000
OWN_ON_HOME = 3


class RequestAsk(SpocWindow):
    """A person asks in the window by the form of a service.

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
        form = service.form_id._spoc_compile()
        return {
            **super()._spoc_service_values(service, **kwargs),
            "ask_form": form,
            "ask_values": {},
            "ask_errors": {},
            "ask_words": not self._ends_with_words(form),
            "ask_urgencies": request.env["spoc.ticket"]._spoc_urgencies()
            if service.asks_urgency
            else {},
            "ask_urgency_missing": request.env["spoc.ticket"]._spoc_urgency_missing(),
        }

    def _ends_with_words(self, form):
        """Whether the form itself ends with room for whatever there is to say."""
        asking = [q for q in form["questions"] if q["type"] not in SILENT_TYPES]
        return bool(
            asking
            and asking[-1]["type"] == "long_text"
            and not asking[-1].get("show_if")
        )

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
        if service._spoc_refusal() and not self._is_scripted():
            return self._refuse(service, post.get("for_text", ""), description)
        sheet = self._read_sheet(service, description, post.get("urgency", ""))
        ticket, errors = self._ask_by_sheet(service, sheet)
        if ticket:
            return self._thank(ticket)
        shown = {
            "values": {
                **sheet["answers"],
                "description": sheet["description"],
                "urgency": sheet["urgency"],
            },
            "errors": errors,
            "people": sheet["people"],
            "leftovers": sheet["leftovers"],
        }
        if self._is_scripted():
            data = {"errors": errors}
            if sheet["outdated"]:
                data["html"] = request.env["ir.qweb"]._render(
                    "spoc_catalog.form_questions", {"form": sheet["form"], **shown}
                )
            return self._json(data)
        return self._show_again(service, shown)

    def _refuse(self, service, *texts):
        """The page that says who may ask, with what was typed and no form.

        :param texts: what was typed beside the questions
        """
        words = read_words(request.httprequest)
        texts = filter(None, map(self._read_text, texts))
        words += [{"question": "", "text": text} for text in texts]
        return self._show_again(service, {"typed": words}, status=403)

    def _show_again(self, service, shown, status=200):
        """The page of the service after something could not be taken."""
        values = request.env["spoc.window"]._prepare_service_values(service)
        values = {
            **values,
            **self._spoc_service_values(service),
            **{f"ask_{name}": value for name, value in shown.items()},
        }
        return self._spoc_render(
            "spoc_catalog.window_service",
            values,
            title=service.name,
            crumbs=self._spoc_category_crumbs(service.category_id),
            status=status,
        )

    def _read_sheet(self, service, description, urgency):
        """All that was filled in, by the form as it is now."""
        forms = service.form_id
        form = forms._spoc_compile()
        answers = self._read_answers(form)
        forms._spoc_resolve_names(form, answers)
        people = read_people(form, request.httprequest)
        if isinstance(people, str):
            found = forms._spoc_resolve_people(people)
            # Words nobody could be found for are given back as they were typed.
            people = found if all(type(one) is int for one in found) else people
        outdated = is_outdated(form, request.httprequest)
        return {
            "form": form,
            "answers": answers,
            "description": self._read_text(description),
            "urgency": urgency if isinstance(urgency, str) else "",
            "people": people,
            "outdated": outdated,
            "leftovers": read_leftovers(form, request.httprequest) if outdated else [],
        }

    def _ask_by_sheet(self, service, sheet):
        """As :meth:`_ask`; what the form no longer asks is given back once."""
        if sheet["leftovers"]:
            _clean, errors = service.form_id._spoc_judge(
                sheet["answers"], sheet["form"]
            )
            return None, {**errors, "_form": self._get_outdated_words()}
        people = sheet["people"]
        if isinstance(people, str):
            people = [people] if people.strip() else []
        ticket, errors = self._ask(service, sheet, people)
        if errors and sheet["outdated"]:
            errors = {"_form": self._get_outdated_words(), **errors}
        return ticket, errors

    def _get_outdated_words(self):
        return request.env._(
            "This form was changed while you filled it in. Please look it through once "
            "more: nothing of what you wrote is lost."
        )

    def _ask(self, service, sheet, people):
        """Make the ticket, or say why not.

        :return: ``(tickets, {})`` or ``(None, errors)``
        """
        try:
            ticket, errors = request.env["spoc.ticket"]._spoc_ask(
                service,
                sheet["answers"],
                sheet["description"],
                people=people,
                urgency=sheet["urgency"],
            )
        except (AccessError, UserError) as error:
            return None, {"_form": str(error)}
        if not ticket:
            return None, errors
        request.env["spoc.search.log"]._spoc_log_submitted(service)
        return ticket, {}

    # ---- small parts ----

    def _read_answers(self, form):
        """Answers to a compiled form, files with their ``content``.

        A file too big for any form is judged by its size and never read.
        """
        answers = read_answers(form, request.httprequest)
        most = form_rules.FILE_MB_LIMIT * 1024 * 1024
        for question in form["questions"]:
            if question["type"] != "file":
                continue
            for item in answers[question["id"]]:
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

    def _thank(self, tickets):
        url = "/my/requests?said=asked"
        if len(tickets) == 1:
            url = f"/my/requests/{tickets.id}?said=asked"
        if self._is_scripted():
            return self._json({"redirect": url})
        return request.redirect(url)
