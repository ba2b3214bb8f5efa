"""What is kept of the way from the first search to the request.

Plain functions, no ORM: cuts and masks what people type, and says how one step
changes what the steps before came to.
"""

import hashlib
import hmac
import re
import unicodedata
from datetime import timedelta

WORDS_LENGTH = 100
MASK = "…"

# What comes of a search, from nothing to the request sent.
OUTCOMES = ("nothing", "left", "opened", "article", "begun", "wished", "asked")
# A way that came to one of these is over.
ENDS = ("wished", "asked")
# What people do; a step with nothing to name is a request in their own words.
STEPS = ("search", "opened", "begun", "asked")
# A pause this long ends a way: the next search is another matter.
PAUSE = timedelta(minutes=30)

_MAIL = re.compile(r"\S+@\S+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
# Telephone and personal numbers, accounts, cards: five digits or more, however
# they are grouped.
_NUMBER = re.compile(r"\+?\d(?:[\s().,/-]{0,2}\d){4,}")
# Tokens, serial numbers: letters and digits mixed at length.
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w{12,}\b")


def clean_words(text):
    """Words fit to be kept: folded, cut, without what points at a person.

    :param text: anything a browser sent
    :return: at most :data:`WORDS_LENGTH` characters; ``""`` for what is not text
    """
    if not isinstance(text, str):
        return ""
    text = unicodedata.normalize("NFKC", text[: WORDS_LENGTH * 4]).lower()
    text = "".join(char if char.isprintable() else " " for char in text)
    for pattern in (_MAIL, _LINK, _NUMBER, _CODE):
        text = pattern.sub(MASK, text)
    return " ".join(text.split())[:WORDS_LENGTH].strip()


def clean_number(value, most):
    """A whole number from 0 to ``most`` out of anything; 0 for what is none."""
    try:
        return max(0, min(int(value), most))
    except (TypeError, ValueError, OverflowError):
        return 0


def salt_of(kept, today):
    """The secret of a day.

    :param str kept: what :func:`renew` left: a date, the secret before it, and the one
        from it on; or a secret alone, its own last word
    :param str today: ISO date
    """
    parts = kept.split()
    is_before = len(parts) == 3 and today < parts[0]
    return f"{today} {parts[1] if is_before else parts[-1]}"


def renew(kept, tomorrow, secret):
    """Have a new secret ready for tomorrow, and drop yesterday's.

    :param str kept: see :func:`salt_of`
    :param str tomorrow: ISO date
    :param str secret: random letters and digits
    :return: what to keep from now on; the same when it is ready
    """
    parts = kept.split()
    if len(parts) == 3 and parts[0] >= tomorrow:
        return kept
    return f"{tomorrow} {parts[-1]} {secret}"


def way_of(salt, user_id):
    """The mark that ties the steps of one user while the salt lives.

    :param str salt: secret of the day
    :return: 32 hexadecimal digits; without the salt nobody can tell whose they are
    """
    mark = hmac.new(salt.encode(), str(user_id).encode(), hashlib.sha256)
    return mark.hexdigest()[:32]


def next_outcome(before, step):
    """What a search came to, after one more step.

    :param str before: one of :data:`OUTCOMES`
    :param str step: one of :data:`OUTCOMES`
    :rtype: str
    """
    if before in ENDS:
        return before
    if step in ("opened", "left", "nothing") and before == "begun":
        # Looking elsewhere with a form begun: the form is what counts.
        return before
    return step


def walk(row, step):
    """Take one step of a way.

    :param row: the latest row of the log on this way, or ``None``; it is changed
        where the step goes on from it
    :type row: dict or None
    :param dict step: ``step`` (one of :data:`STEPS`), ``date`` and ``way``, and as
        the step needs them ``words``, ``result_count``, ``source``,
        ``opened_model``, ``opened_id``, ``service_id``, ``position``, ``lang``,
        ``company_id``
    :return: ``row``, or a new one when the step begins a search or a way
    :rtype: dict
    """
    if row and (row["outcome"] in ENDS or row["last_step"] < step["date"] - PAUSE):
        row = None
    if step["words"]:
        row = _search(row, step)
    return _TAKEN[step["step"]](row, step) if step["step"] in _TAKEN else row


def _search(row, step):
    """The same words again, as by reloading the page, are the same search."""
    if row and row["words"] == step["words"]:
        return row
    found = bool(step["result_count"])
    by_page = step["source"] == "results"
    return _begin(
        row,
        step,
        source=step["source"],
        words=step["words"],
        result_count=step["result_count"],
        found_count=int(found),
        outcome="left" if found else "nothing",
        tries=(row["tries"] if row else 0) + 1,
        click_count=(row["click_count"] if row else 0) + int(by_page),
    )


def _open(row, step):
    opened = step["opened_model"], step["opened_id"]
    if row and (row["opened_model"], row["opened_id"]) == opened:
        return row
    outcome = "article" if step["opened_model"] == "spoc.article" else "opened"
    values = {
        "opened_model": step["opened_model"],
        "opened_id": step["opened_id"],
        "position": step["position"],
        f"{outcome}_count": 1,
        "click_count": (row["click_count"] if row else 0) + 1,
    }
    if step["opened_model"] == "spoc.service":
        values["service_id"] = step["service_id"]
    return _go_on(row, step, outcome, **values)


def _begin_form(row, step):
    service = step["service_id"]
    if row and row["begun_count"] and row["service_id"] == service:
        return row
    return _go_on(row, step, "begun", service_id=service, begun_count=1)


def _ask(row, step):
    started = row["started"] if row else step["date"]
    values = {
        "asked_count": 1,
        "click_count": (row["click_count"] if row else 0) + 1,
        "seconds": int((step["date"] - started).total_seconds()),
    }
    if not step["opened_id"]:
        return _go_on(row, step, "wished", **values)
    values |= {"service_id": step["service_id"], "opened_count": 1, "begun_count": 1}
    return _go_on(row, step, "asked", **values)


_TAKEN = {"opened": _open, "begun": _begin_form, "asked": _ask}


def _go_on(row, step, outcome, **values):
    """A step from a row; a way may begin by it, too."""
    if not row:
        return _begin(
            row, step, source="browse", found_count=1, outcome=outcome, **values
        )
    outcome = next_outcome(row["outcome"], outcome)
    row.update(values, outcome=outcome, last_step=step["date"])
    return row


def _begin(before, step, **values):
    """One row more; it goes on the way of the one before."""
    return {
        **dict.fromkeys(("words", "opened_model", "opened_id", "service_id"), False),
        **dict.fromkeys(("tries", "click_count", "begun_count"), 0),
        "date": step["date"],
        "started": before["started"] if before else step["date"],
        "last_step": step["date"],
        "way": step["way"],
        "lang": step["lang"],
        "company_id": step["company_id"],
        **values,
    }
