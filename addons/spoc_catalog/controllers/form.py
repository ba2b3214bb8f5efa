"""Reads what a browser sent for a request form."""

import os

FIELD = "q_%s"


def read_answers(compiled, httprequest):
    """Raw answers to a compiled form, as ``spoc.form._spoc_judge`` takes them.

    :param dict compiled: the form, see ``form_rules``
    :param httprequest: the HTTP request (``request.httprequest``)
    :return: question id -> text, option id as text, or for a file question a
        list of ``{"name", "size", "storage"}``; the content of a file is read
        from ``storage`` by whoever keeps it, once it is judged
    """
    answers = {}
    for question in compiled["questions"]:
        name = FIELD % question["id"]
        if question["type"] != "file":
            answers[question["id"]] = httprequest.form.get(name)
            continue
        answers[question["id"]] = [
            {"name": item.filename, "size": get_size(item), "storage": item}
            for item in httprequest.files.getlist(name)
            if item.filename
        ]
    return answers


def get_size(storage):
    """Bytes in an uploaded file, which is left at its beginning."""
    storage.stream.seek(0, os.SEEK_END)
    size = storage.stream.tell()
    storage.stream.seek(0)
    return size
