"""Reads what a browser sent for a request form; looks up, previews."""

import json
import os
import re
from collections import defaultdict

from odoo.http import request, route

from ..form_rules import RECORD_TYPES, ROWS_LIMIT
from ..models.spoc_form_page import FIELD
from .window import SpocWindow

# Names of inputs: q_12, q_12_from, in tables q_12_0_13, and q_12_0_row for each row.
_ROW = re.compile(r"q_([0-9]{1,9})_([0-9]{1,4})_(?:[0-9]{1,9}|row)")
_ANY = re.compile(r"q_([0-9]{1,9})(?:_([0-9]{1,4})_([0-9]{1,9}))?(?:_from|_to|_text)?")
LEFTOVER_LIMIT = 2000
WORDS_LIMIT = 500_000


def read_answers(compiled, httprequest):
    """Raw answers to a compiled form, as ``spoc.form._spoc_judge`` takes them.

    :param dict compiled: the form, see ``form_rules``
    :param httprequest: the HTTP request (``request.httprequest``)
    :return: question id -> text; list of texts for several choices; ``{"from", "to"}``
        for a range of days; ``{"id", "text"}`` for a record, to be resolved by
        ``spoc.form._spoc_resolve_names``; a list of dictionaries for a table; for a
        file question a list of ``{"name", "size", "storage"}``: the content of a file
        is read from ``storage`` by whoever keeps it, once it is judged
    """
    numbers = _read_row_numbers(httprequest.form)
    answers = {}
    for question in compiled["questions"]:
        name = FIELD % question["id"]
        if question["type"] == "rows":
            answers[question["id"]] = [
                {
                    child["id"]: _read(
                        httprequest, child, f"{name}_{row}_{child['id']}"
                    )
                    for child in question.get("questions", ())
                }
                for row in sorted(numbers[question["id"]])[: 2 * ROWS_LIMIT]
            ]
        elif question["type"] not in ("info", "step"):
            answers[question["id"]] = _read(httprequest, question, name)
    return answers


def _read_row_numbers(form):
    numbers = defaultdict(set)
    for key in form:
        match = _ROW.fullmatch(key)
        if match:
            numbers[int(match[1])].add(int(match[2]))
    return numbers


def _read(httprequest, question, name):
    form, kind = httprequest.form, question["type"]
    if kind == "file":
        return [
            {"name": item.filename, "size": get_size(item), "storage": item}
            for item in httprequest.files.getlist(name)
            if item.filename
        ]
    if kind == "multi_choice":
        return form.getlist(name)
    if kind == "date_range":
        return {"from": form.get(f"{name}_from"), "to": form.get(f"{name}_to")}
    if kind in RECORD_TYPES and f"{name}_text" in form:
        return {"id": form.get(name), "text": form.get(f"{name}_text")}
    return form.get(name)


def get_size(storage):
    """Bytes in an uploaded file, which is left at its beginning."""
    storage.stream.seek(0, os.SEEK_END)
    size = storage.stream.tell()
    storage.stream.seek(0)
    return size


def read_people(compiled, httprequest):
    """For whom it is asked: ``None`` for oneself, else raw ids of employees.

    :return: ``None``, a list of texts, or one text with the names typed
    """
    form = httprequest.form
    if form.get("for_whom", "self") == "self":
        return None
    ids = [value for value in form.getlist("for_ids") if value.strip()]
    return ids or form.get("for_text", "")


def read_leftovers(compiled, httprequest):
    """What was typed into questions the form does not ask any more.

    :return: as :func:`read_words`, empty unless the form changed meanwhile
    """
    known = {str(question["id"]) for question in compiled["questions"]}
    for question in compiled["questions"]:
        known |= {str(child["id"]) for child in question.get("questions", ())}
    return read_words(httprequest, known)


def read_words(httprequest, known=frozenset()):
    """What was typed into a form, as whoever typed it reads it.

    The page sends along what it asked (``form_words``), for the questions may be gone.

    :param known: ids of questions to leave out, as texts
    :return: list of ``{"question", "text"}``; the question is ``""`` when it is not
        known how it was put
    """
    form, asked = httprequest.form, _read_asked(httprequest)
    found = []
    for key in form:
        match = _ANY.fullmatch(key)
        # Of a record picked the name tells more than the number.
        if not match or form.get(f"{key}_text", "").strip():
            continue
        question = match[3] or match[1]
        if {match[1], question} <= known:
            continue
        words = asked.get(question, {})
        values = [words.get("options", {}).get(v, v) for v in form.getlist(key)]
        text = ", ".join(value.strip() for value in values if value.strip())
        if text:
            label = words.get("label", "")
            found.append({"question": label, "text": text[:LEFTOVER_LIMIT]})
    return found


def _read_asked(httprequest):
    """What the page asked: see ``spoc.form._get_form_words``, texts only."""
    try:
        asked = json.loads(httprequest.form.get("form_words", "")[:WORDS_LIMIT])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(asked, dict):
        return {}
    return {
        key: {
            "label": str(words.get("label", ""))[:LEFTOVER_LIMIT],
            "options": {
                value: str(label)[:LEFTOVER_LIMIT]
                for value, label in (
                    words["options"] if isinstance(words.get("options"), dict) else {}
                ).items()
            },
        }
        for key, words in asked.items()
        if isinstance(words, dict)
    }


def is_outdated(compiled, httprequest):
    """Whether the page sent was of another state of the form."""
    sent = httprequest.form.get("form_version")
    return bool(sent) and sent != f"{compiled['id']}-{compiled['version']}"


class SpocFormPages(SpocWindow):
    """Lists that open while typing, and the preview for editors."""

    @route(
        "/spoc/form/<int:form_id>/lookup",
        type="jsonrpc",
        auth="user",
        website=True,
        readonly=True,
    )
    def spoc_form_lookup(self, form_id, question_id=None, text="", **kwargs):
        """Records a question offers for an unfinished text.

        :param question_id: id of the question, ``"for_whom"`` for the people the form
            may be asked for
        :return: ``{"items": [{"id", "label", "detail"}]}``; who may not be asked the
            question gets the same as for one that does not exist: nothing
        """
        # sudo: only to learn whether it exists; every look is with the user's rights.
        form = request.env["spoc.form"].sudo().browse(form_id).exists().sudo(False)
        text = text if isinstance(text, str) else ""
        items = None
        if form and question_id == "for_whom":
            items = form._spoc_lookup_people(text)
        elif form and type(question_id) is int and 0 < question_id < 2**31:
            items = form._spoc_lookup(question_id, text)
        return {"items": items or []}

    @route(
        "/spoc/form/<int:form_id>/preview",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def spoc_form_preview(self, form_id, **post):
        """The form as people see it; sending only says what would be refused."""
        forms = request.env["spoc.form"]
        form = forms.browse()
        if forms.has_access("write"):
            form = forms.with_context(active_test=False).search([("id", "=", form_id)])
        if not form:
            return self._spoc_missing()
        compiled = form._spoc_compile()
        values, errors = {}, {}
        if request.httprequest.method == "POST":
            values = read_answers(compiled, request.httprequest)
            form._spoc_resolve_names(compiled, values)
            _clean, errors = form._spoc_judge(values, compiled)
            message = request.env._("These answers would be accepted.")
            if request.httprequest.headers.get("X-Requested-With") == "spoc":
                data = {"errors": errors} if errors else {"message": message}
                return request.make_response(
                    json.dumps(data), [("Content-Type", "application/json")]
                )
        return self._spoc_render(
            "spoc_catalog.form_preview",
            {
                "spoc_form": form,
                "form": compiled,
                "values": values,
                "errors": errors,
                "fine": bool(values) and not errors,
            },
            title=request.env._("Preview of %(form)s", form=form.name),
        )
