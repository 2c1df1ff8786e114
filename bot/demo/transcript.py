"""What the demo prints: who saw and did what, when, in their own time."""

from collections.abc import Callable
from datetime import datetime
from textwrap import indent
from zoneinfo import ZoneInfo

from bot.demo.cast import Persona
from bot.playground import Message, UserDriver

INVISIBLE = dict.fromkeys(map(ord, "\u2060\u2068\u2069"))
"""Signs that keep people's words apart from ours on a screen, and only litter a terminal."""

Print = Callable[[str], None]


class Transcript:
    """Prints each message once in full; the same words to somebody else take one line."""

    def __init__(self, show: Print) -> None:
        self._show = show
        self._first: dict[str, str] = {}
        self._day = ""
        self._seen: dict[str, int] = {}

    def news(self, driver: UserDriver) -> list[Message]:
        """Return what came into the person's view since the last call, oldest first."""
        last = self._seen.get(driver.id, 0)
        found = [message for message in driver.inbox if message.seq > last]
        if found:
            self._seen[driver.id] = found[-1].seq
        return found

    def saw(self, persona: Persona, driver: UserDriver, message: Message, now: datetime) -> None:
        """Print that `persona` sees `message`."""
        words = driver.read(message).translate(INVISIBLE)
        key = words.partition("\n")[2] or words
        first = self._first.setdefault(key, persona.name)
        if first == persona.name:
            self._line(persona, "reads", now)
            self._show(indent(words, "    │ "))
        else:
            self._line(persona, f"reads the same as {first}", now)

    def did(self, persona: Persona, what: str, now: datetime) -> None:
        """Print that `persona` did something."""
        self._line(persona, what, now)

    def _line(self, persona: Persona, what: str, now: datetime) -> None:
        local = now.astimezone(ZoneInfo(persona.tz))
        day = f"{now.astimezone(ZoneInfo('Europe/Berlin')):%A %d %B %Y}"
        if day != self._day:
            self._day = day
            self._show(f"\n━━━ {day} ━━━")
        place = persona.tz.rpartition("/")[2].replace("_", " ")
        self._show(f"{local:%H:%M} {place} · {persona.name} {what}")
