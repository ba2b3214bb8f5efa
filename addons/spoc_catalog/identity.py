"""One spelling for all spellings of an address.

Plain Python: knows neither the ORM nor telephone numbers, which need a country.
What a person typed, pasted or clicked goes in; what is compared comes out. An
address that is none gives ``""``.
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import idna

#: Parameters that tell where a click came from and never where it leads.
TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_.*|hsa_.*|[gd]clid|gclsrc|gbraid|wbraid|fbclid|msclkid|yclid"
    r"|twclid|ttclid|igshid?|mc_[ce]id|_openstat|_hs(enc|mi)|mkt_tok|vero_(id|conv)",
    re.I,
)
DEFAULT_PORTS = {"http": 80, "https": 443}
#: Other hosts of a network -> the one compared.
NETWORKS = {
    "facebook.com": "facebook.com",
    "m.facebook.com": "facebook.com",
    "web.facebook.com": "facebook.com",
    "fb.com": "facebook.com",
    "fb.me": "facebook.com",
    "m.me": "m.me",
    "instagram.com": "instagram.com",
    "instagr.am": "instagram.com",
    "linkedin.com": "linkedin.com",
    "t.me": "t.me",
    "telegram.me": "t.me",
    "telegram.dog": "t.me",
    "vk.com": "vk.com",
    "m.vk.com": "vk.com",
    "vkontakte.ru": "vk.com",
    "x.com": "x.com",
    "twitter.com": "x.com",
    "mobile.twitter.com": "x.com",
    "youtube.com": "youtube.com",
    "m.youtube.com": "youtube.com",
    "tiktok.com": "tiktok.com",
    "threads.net": "threads.net",
    "ok.ru": "ok.ru",
    "wa.me": "wa.me",
}
#: What people write before a name instead of the network's address.
LABELS = {
    "facebook": "facebook.com",
    "fb": "facebook.com",
    "messenger": "m.me",
    "instagram": "instagram.com",
    "telegram": "t.me",
    "tg": "t.me",
    "vk": "vk.com",
    "x": "x.com",
    "twitter": "x.com",
    "whatsapp": "wa.me",
}
HANDLE = re.compile(r"@?[\w][\w.\-]*")
LABELLED = re.compile(r"([a-z]+)\s*:\s*(?!//)(.+)", re.I | re.S)
PAGE = re.compile(r"(https?://|www\.|[\w-]+(\.[\w-]+)+\.?(:\d+)?([/?#]|$))", re.I)
TELEGRAM = re.compile(r"tg://resolve/?\?(?:.*&)?domain=([\w]+)", re.I)
VIBER = re.compile(
    r"viber://(?:chat|contact|add)/?\?(?:.*&)?number=(?:%2B|\+)?(\d+)", re.I
)


def host_name(host):
    """A host as the name service knows it: lower case, ASCII, no last dot.

    :rtype: str
    :return: ``""`` when no host can be called so
    """
    host = (host or "").strip().rstrip(".").lower()
    if host.isascii():
        return host if re.fullmatch(r"[\w.\-:]+", host) else ""
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return ""


def mailbox(address):
    """The mailbox an address leads to.

    The part after a plus sign only sorts mail within it, so ``it+vpn@`` and
    ``it@`` are one identity. The domain is compared as the name service knows it.

    :param str address: a bare, valid address, without the name of a person
    :rtype: str
    """
    name, _at, domain = (address or "").strip().rpartition("@")
    host = host_name(domain)
    name = name.lower()
    base = name.partition("+")[0] or name
    return f"{base}@{host}" if base and host else ""


def page(address):
    """The address of a page, without what does not matter for where it leads.

    Scheme, ``www.``, default port, trailing slash, anchor and tracking parameters
    are left out, the host is compared as the name service knows it, characters are
    percent-encoded in one way only.

    :rtype: str
    """
    address = (address or "").strip()
    if not PAGE.match(address):
        return ""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host, port = host_name(parts.hostname), parts.port
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    if not host:
        return ""
    if port and (port != DEFAULT_PORTS.get(parts.scheme.lower())):
        host = f"{host}:{port}"
    query = urlencode(
        sorted(
            (key, value)
            for key, value in parse_qsl(parts.query, keep_blank_values=True)
            if not TRACKING.fullmatch(key)
        )
    )
    # An anchor that is a path leads elsewhere; any other is a place on the page.
    anchor = f"#{parts.fragment}" if parts.fragment[:1] in "/!" else ""
    return (
        f"{host}{_path(parts.path)}{f'?{query}' if query else ''}{anchor.rstrip('#')}"
    )


def _path(path):
    """A path with one way of encoding and without ``.``, ``..`` and empty steps."""
    steps = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(quote(unquote(step), safe="!$&'()*+,;=:@~"))
    return "".join(f"/{step}" for step in steps)


def account(text):
    """An account of a social network or messenger.

    ``@nordvik`` stays a bare name; ``https://m.facebook.com/Nordvik/?ref=x``,
    ``fb.com/nordvik`` and ``Facebook: @nordvik`` are ``facebook.com/nordvik``; a
    number of WhatsApp or Viber is ``wa.me/46...``, ``viber/46...``.

    :rtype: str
    """
    text = (text or "").strip()
    if match := TELEGRAM.match(text):
        return f"t.me/{match[1].lower()}"
    if match := VIBER.match(text):
        return f"viber/{match[1]}"
    if match := LABELLED.fullmatch(text):
        network = LABELS.get(match[1].lower())
        if network:
            return _account_at(network, match[2]) or account(match[2])
    if normal := page(text):
        return _network_account(normal, text)
    if HANDLE.fullmatch(text) and text.startswith("@"):
        return text.lower()
    return ""


def _account_at(network, name):
    """``network/name`` for a name or number, ``""`` for anything else."""
    name = name.strip()
    if network == "wa.me":
        digits = re.sub(r"\D", "", name)
        return f"wa.me/{digits}" if len(digits) > 5 else ""
    if HANDLE.fullmatch(name) and "." not in name.strip("."):
        return f"{network}/{name.lstrip('@').lower()}"
    return ""


def _network_account(normal, text):
    """A page that is an account of a known network in the network's one form."""
    host, slash, path = normal.partition("/")
    if host in ("api.whatsapp.com", "web.whatsapp.com"):
        phone = dict(parse_qsl(urlsplit(text).query)).get("phone", "")
        return _account_at("wa.me", phone) or normal
    network = NETWORKS.get(host)
    if not network or not slash:
        return normal
    path, _mark, query = path.partition("?")
    if path.lower() == "profile.php" and "id=" in query:
        return f"{network}/{path.lower()}?{query}"
    # Names of accounts do not know capitals; what else a link carries is not theirs.
    # Invitations and technical numbers do.
    path = unquote(path)
    if network == "wa.me":
        return f"{network}/{path.lstrip('+')}"
    if not path.startswith(("+", "channel/", "joinchat/", "invite/")):
        path = path.lower().lstrip("@")
    return f"{network}/{path}"


def handle(normal):
    """The bare name of an account: ``@nordvik`` for ``facebook.com/nordvik``.

    :param str normal: as :func:`account` gives it
    :return: ``""`` when it has none
    """
    if normal.startswith("@"):
        return normal
    host, _slash, name = normal.partition("/")
    if host in NETWORKS.values() and name and not re.search(r"[/?]", name):
        return f"@{name}"
    return ""
