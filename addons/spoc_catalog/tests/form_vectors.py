"""Forms, answers and what is to be said about them, for both judges.

``static/tests/form_vectors.json`` is a list of groups ``{"name", "vectors"}``; a vector
is ``{"name", "form", "answers", "person"?, "allowed"?, "values", "errors", "hidden"?,
"options"?, "required"?}``: the last two are what ``visibility`` has to say.
"""

import json

from odoo.tools import file_open

from ..form_rules import judge, visibility

PATH = "spoc_catalog/static/tests/form_vectors.json"


def read_vectors():
    """All vectors, each with its group in ``name``."""
    with file_open(PATH) as file:
        groups = json.load(file)
    return [
        {**vector, "name": f"{group['name']}: {vector['name']}"}
        for group in groups
        for vector in group["vectors"]
    ]


def get_opinion(case):
    """What Python thinks of a case, as plain as JSON."""
    person, allowed = case.get("person"), case.get("allowed")
    verdict = judge(case["form"], case["answers"], person, allowed)
    seen = visibility(case["form"], case["answers"], person)
    opinion = {
        "values": verdict.values,
        "errors": verdict.errors,
        "hidden": verdict.hidden,
        "ok": verdict.ok,
        "options": seen.options,
        "required": seen.required,
        "seen_hidden": seen.hidden,
    }
    return json.loads(json.dumps(as_plain(opinion)))


def as_plain(value):
    """The value with numbers as JavaScript has them: ``5.0`` is ``5``."""
    if isinstance(value, dict):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def as_text(value):
    """The value as text in which ``1`` and ``True`` differ."""
    return json.dumps(as_plain(value), sort_keys=True)
