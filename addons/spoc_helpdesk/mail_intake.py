"""What kind of mail is this: headers in, a decision out.

Plain Python over :class:`email.message.EmailMessage`; knows no model.
"""

#: Values of ``Precedence`` that no person's mail has.
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})


def is_automatic(message):
    """Whether a machine wrote this mail: an auto-reply, a list, a report.

    Such mail is kept, and answered by nothing: no acknowledgement, no reopening.

    :param message: email.message.EmailMessage
    :rtype: bool
    """
    submitted = _header(message, "Auto-Submitted")
    if submitted and submitted.partition(";")[0].strip() != "no":
        return True
    if _header(message, "Precedence") in BULK:
        return True
    if any(
        _header(message, name)
        for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From")
    ):
        return True
    suppress = _header(message, "X-Auto-Response-Suppress")
    if {"all", "autoreply", "oof"} & set(suppress.replace(" ", "").split(",")):
        # Some senders put it on every mail; only with it on a reply is it a sign.
        return bool(_header(message, "In-Reply-To") and _oof_subject(message))
    return _header(message, "Return-Path") == "<>"


def _oof_subject(message):
    subject = _header(message, "Subject")
    return subject.startswith(("automatic reply", "auto:", "out of office"))


def _header(message, name):
    return str(message.get(name) or "").strip().lower()
