"""What people typed, made fit to keep."""

LONGEST = 3000
"""How many characters a text field takes at most."""


def cleaned(words: str) -> str:
    """Return `words` without surrounding white space, or "" if nothing in it can be seen."""
    kept = words.replace("\x00", "").strip()  # PostgreSQL stores no NUL
    return kept if any(sign.isprintable() and not sign.isspace() for sign in kept) else ""


def first_line(words: str, limit: int) -> str:
    """Return the first line of `words`, cut to `limit` characters with … where it was cut."""
    line = next((line.strip() for line in words.splitlines() if line.strip()), "")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
