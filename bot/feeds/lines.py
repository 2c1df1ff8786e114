"""The lines of a calendar file that say when somebody is busy; every other line is left out.

So titles, places and people are never looked at, and large calendars are read quickly.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.busy import Problem
from bot.feeds.problems import Unread

TIMES = frozenset(
    {
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "RECURRENCE-ID",
        "UID",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "X-MICROSOFT-CDO-BUSYSTATUS",
    }
)
WANTED = {"VEVENT": TIMES, "VFREEBUSY": frozenset({"FREEBUSY"})}
CALENDAR, ZONE = "VCALENDAR", "VTIMEZONE"
NAME = re.compile(r"[A-Za-z0-9-]+")
DATE = re.compile(r".*:\s*(\d{8})", re.DOTALL)
MARGIN = timedelta(days=2)


@dataclass(slots=True)
class Lines:
    """What is left of a file: the lines of each event, of busy times, and of time zones."""

    events: list[list[str]] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    """Each a whole definition."""


def sift(content: bytes, start: datetime, end: datetime) -> Lines:
    """Return the lines that matter between `start` and `end`.

    Raises:
        Unread: if the file is no calendar, or is damaged.
    """
    sieve = _Sieve(f"{start - MARGIN:%Y%m%d}", f"{end + MARGIN:%Y%m%d}")
    for line in _unfolded(_decoded(content)):
        sieve.take(line)
    if not sieve.begun:
        raise Unread(Problem.NOT_A_CALENDAR)
    if sieve.opened:
        raise Unread(Problem.BROKEN)
    return sieve.found


@dataclass(slots=True)
class _Sieve:
    """Goes through the lines of a file, in the parts that are open."""

    first: str
    last: str
    """Days that matter: 20250303."""
    found: Lines = field(default_factory=Lines)
    opened: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    """Lines of the part that is open inside the calendar."""
    begun: bool = False

    def take(self, line: str) -> None:
        """Keep a line if it matters."""
        name = _name(line)
        if name == "BEGIN":
            self._open(_value(line))
        inside = self.opened[1] if len(self.opened) == 2 else ""
        if ZONE in self.opened or name in WANTED.get(inside, ()):
            self.held.append(line)
        if name == "END":
            self._close(_value(line))

    def _open(self, kind: str) -> None:
        self.opened.append(kind)
        self.begun = self.begun or self.opened == [CALENDAR]
        if len(self.opened) == 2:
            self.held = []

    def _close(self, kind: str) -> None:
        if not self.opened or self.opened.pop() != kind:
            raise Unread(Problem.BROKEN)
        if len(self.opened) == 1:
            self._keep(kind)

    def _keep(self, kind: str) -> None:
        if kind == "VEVENT" and not _is_far(self.held, self.first, self.last):
            self.found.events.append(self.held)
        elif kind == "VFREEBUSY":
            self.found.busy += self.held
        elif kind == ZONE:
            self.found.zones.append("\r\n".join([*self.held, ""]))


def _is_far(lines: list[str], first: str, last: str) -> bool:
    """Return whether an event that happens once is surely outside the days that matter."""
    dates = dict[str, str]()
    for line in lines:
        name = _name(line)
        if name in ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION"):
            return False
        if name in ("DTSTART", "DTEND"):
            match = DATE.match(line)
            if match is None:
                return False
            dates[name] = match[1]
    start = dates.get("DTSTART")
    return start is not None and (start > last or dates.get("DTEND", start) < first)


def _name(line: str) -> str:
    match = NAME.match(line)
    return match[0].upper() if match else ""


def _value(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _unfolded(text: str) -> Iterator[str]:
    """Yield lines; one that begins with white space goes on the line before."""
    begun: list[str] = []
    for line in text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and begun:
            begun.append(line[1:])
        elif line.strip():
            if begun:
                yield "".join(begun)
            begun = [line.strip()]
    if begun:
        yield "".join(begun)
