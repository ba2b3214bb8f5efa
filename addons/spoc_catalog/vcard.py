"""Contact cards for address books: vCard 3.0 (RFC 2426), which all of them read.

Plain Python: knows neither the ORM nor what a desk is.
"""

WIDTH = 75  # octets in a line, without its end


def render(properties):
    """A card as text, ready to be sent as UTF-8.

    :param properties: iterable of ``(name, parameters, value)``: ``parameters`` is a
        dictionary such as ``{"TYPE": "WORK,VOICE"}``; ``value`` a text, or a list of
        texts for the components of a structured one. Properties without a value are
        left out.
    :rtype: str
    """
    lines = ["BEGIN:VCARD", "VERSION:3.0"]
    for name, parameters, value in properties:
        if not value:
            continue
        parts = [name] + [f"{key}={_parameter(v)}" for key, v in parameters.items()]
        lines.append(f"{';'.join(parts)}:{_value(name, value)}")
    lines.append("END:VCARD")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def escape(text):
    """A text value: what has a meaning in the format loses it here."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for char in "\\;,":
        text = text.replace(char, f"\\{char}")
    # Other control characters have no business on a card.
    text = "".join(c for c in text if c == "\n" or c == "\t" or c >= " ")
    return text.replace("\n", "\\n")


def fold(line):
    """Cut a line after at most 75 octets, never inside a character."""
    pieces, piece, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > WIDTH:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += octets
    return "\r\n".join([*pieces, piece])


def _value(name, value):
    if isinstance(value, list | tuple):
        return ";".join(escape(part or "") for part in value)
    if name == "URL":
        # An address is no text: a comma in it stays one.
        return "".join(value.split())
    return escape(value)


def _parameter(value):
    """A parameter's value may hold no quotes, colons or semicolons."""
    return "".join(c for c in value if c >= " " and c not in '":;')
