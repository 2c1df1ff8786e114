"""The time zones that calendars name, by whatever name."""

import re
from collections.abc import Iterable
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])\s*(\d{1,2}):?(\d{2})?", re.IGNORECASE)
LOCATION = re.compile(r"^(?:X-LIC-LOCATION|TZID)[^:]*:(.*)$", re.IGNORECASE | re.MULTILINE)


class Zones:
    """Finds zones by name: known ones, those of Windows, and those that the file defines."""

    def __init__(self, definitions: Iterable[str], floating: tzinfo) -> None:
        self.floating = floating
        """The zone of times that name none: where their owner is."""
        self._defined: dict[str, str] = {}
        for definition in definitions:
            for name in LOCATION.findall(definition.replace("\r", "")):
                self._defined.setdefault(_plain(name), definition)
        self._found: dict[str, tzinfo | None] = {}

    def of(self, name: str) -> tzinfo | None:
        """Return the zone called `name`, or None if nobody knows it."""
        plain = _plain(name)
        if plain not in self._found:
            self._found[plain] = _known(plain) or self._own(plain) or _offset(plain)
        return self._found[plain]

    def _own(self, plain: str) -> tzinfo | None:
        definition = self._defined.get(plain)
        if definition is None:
            return None
        for name in LOCATION.findall(definition.replace("\r", "")):
            if known := _known(_plain(name)):
                return known
        try:
            defined = Timezone.from_ical(definition)
            return defined.to_tz(lookup_tzid=False) if isinstance(defined, Timezone) else None
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            return None  # damaged: as if it were not there


def _plain(name: str) -> str:
    return name.strip().strip('"').strip()


def _known(plain: str) -> tzinfo | None:
    """Return the zone that IANA or Windows calls so, with or without a path before it."""
    if plain.upper() in ("UTC", "GMT", "Z", "ETC/UTC", "COORDINATED UNIVERSAL TIME"):
        return UTC
    parts = plain.strip("/").split("/")
    for count in (3, 2, 1):  # …/America/Argentina/Salta, …/Europe/Berlin, Israel
        if key := _keys().get("/".join(parts[-count:]).lower()):
            return ZoneInfo(key)
    return None


@lru_cache(maxsize=1)
def _keys() -> dict[str, str]:
    windows = {name.lower(): key for name, key in WINDOWS_TO_OLSON.items()}
    return windows | {key.lower(): key for key in available_timezones()}


def _offset(plain: str) -> tzinfo | None:
    match = OFFSET.fullmatch(plain)
    if match is None:
        return None
    sign = -1 if match[1] == "-" else 1
    east = sign * timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(east) if abs(east) < timedelta(days=1) else None
