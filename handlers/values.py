"""Ids that buttons and forms carry; a client may send anything, so they are parsed, not trusted."""

from bot.errors import Refused

BROKEN = "That button doesn't say what it is about, so nothing was changed. `/buyin` starts anew."


def number(value: str) -> int:
    """Return the id in `value`.

    Raises:
        Refused: if there is none.
    """
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Refused(BROKEN)
    return int(value)
