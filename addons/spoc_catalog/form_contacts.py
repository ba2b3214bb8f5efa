"""Mail addresses, telephone numbers and web addresses in a request form.

Plain Python with a twin in JavaScript (``static/src/forms/form_contacts.js``). What is
read is one line of text; a :class:`Fault` says that it is nothing of the kind.
"""

import re

from .form_text import Fault

_PHONE = re.compile(r"\+?[0-9 ()./-]+")
_LOCAL = re.compile(r"[^ @<>()\[\],;:\\\"]+")
_LABEL = re.compile(r"[A-Za-z0-9\u00a1-\U0010ffff-]{1,63}")
_WEB = re.compile(r"([Hh][Tt][Tt][Pp][Ss]?)://(.*)", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?![0-9])")
_HOST = re.compile(r"([^/?#:]+)(?::([0-9]{1,5}))?(?:[/?#].*)?", re.DOTALL)
_UNSAFE = re.compile(r"[ <>\"`\\{}|^]")


def read_email(value):
    """The mail address, if it is one."""
    local, _at, host = value.rpartition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if dots or len(local) > 64 or not _LOCAL.fullmatch(local) or not _is_host(host):
        raise Fault("not_email")
    return value


def _is_host(host, least=2):
    labels = host.split(".")
    return len(labels) >= least and all(
        _LABEL.fullmatch(label)
        and not label.startswith("-")
        and not label.endswith("-")
        for label in labels
    )


def read_phone(value):
    """The telephone number, if it is one; inner ones of three digits, too."""
    value = re.sub("[\u2010-\u2015\u2212]", "-", value)
    digits = sum("0" <= char <= "9" for char in value)
    if not _PHONE.fullmatch(value) or not 3 <= digits <= 15:
        raise Fault("not_phone")
    return value


def read_url(value):
    """The web address with its scheme, if it is one."""
    web = _WEB.fullmatch(value)
    if not web and ("://" in value or _SCHEME.match(value)):
        # javascript:, data:, file: and the like
        raise Fault("not_url")
    scheme, rest = (web[1].lower(), web[2]) if web else ("https", value)
    host = _HOST.fullmatch(rest)
    # A name of one word is a machine of the house, if it was meant as an address.
    if not host or _UNSAFE.search(rest) or not _is_host(host[1], 1 if web else 2):
        raise Fault("not_url")
    return f"{scheme}://{rest}"


CONTACTS = {"email": read_email, "phone": read_phone, "url": read_url}
