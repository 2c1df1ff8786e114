"""Until when somebody is away, read from how people write it; dates are local to the person."""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.calendars import DAY
from bot.errors import Refused

LONGEST = timedelta(days=366)
FAR = timedelta(days=180)
"""A date without a year that has just passed is more likely a slip than this far ahead."""

EXAMPLES = "`/buyin away until Friday`, `until 12 May`, `until 2026-05-12` or `for 2 weeks`"
UNCLEAR = f"I can't tell until when, so nothing was changed. Try {EXAMPLES}."
PAST = f"That day isn't ahead of us, so nothing was changed. Name the day you're back: {EXAMPLES}."
TOO_FAR = (
    "That's more than a year away, so nothing was changed. Name an earlier day, or use "
    "`/buyin stop` until you want to hear from me again."
)
TWO_WAYS = (
    "That date can be read in two ways, so nothing was changed. Write the month as a word, such "
    "as `/buyin away until 12 May`."
)

OFF = frozenset({"off", "back", "over", "end", "ended", "stop", "none", "no", "cancel"})
FILLERS = frozenset({"away", "until", "till", "til", "on", "the", "of", "for", "i'm", "im", "from"})
"""Words that change nothing about which day is meant."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
NUMBERS = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.?(\d{4}|\d{2})?")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")

Words = Sequence[str]


def is_over(words: str) -> bool:
    """Return whether the words say that somebody is back."""
    return _tidy(words) in [[word] for word in OFF]


def until(words: str, today: date) -> date:
    """Return the first day back that `words` name, seen from `today`.

    Raises:
        Refused: in one sentence, if that is unclear, past, or more than a year ahead.
    """
    try:
        found = _read(_tidy(words), today)
    except (ValueError, OverflowError):  # 31 February, the year 99999
        found = None
    if found is None:
        raise Refused(UNCLEAR)
    return checked(found, today)


def checked(day: date, today: date) -> date:
    """Return `day` if somebody may be away until then.

    Raises:
        Refused: if it is not ahead, or more than a year ahead.
    """
    if day <= today:
        raise Refused(PAST)
    if day > today + LONGEST:
        raise Refused(TOO_FAR)
    return day


def _tidy(words: str) -> list[str]:
    signs = words.lower().replace("’", "'").replace(",", " ")[:100]
    return [word for word in signs.split() if word not in FILLERS]


def _read(told: Words, today: date) -> date | None:
    """Return the day; a day of the week before a date has to be the right one."""
    named = _place(told[0], WEEKDAYS, 3) if len(told) > 1 else None
    if named is not None and (found := _date(told[1:], today)):
        return found if found.weekday() == named else None
    return (
        _relative(told, today) or _weekday(told, today) or _span(told, today) or _date(told, today)
    )


def _date(told: Words, today: date) -> date | None:
    return _written(told, today) or _named_month(told, today)


def _relative(told: Words, today: date) -> date | None:
    next_monday = today + DAY * (7 - today.weekday())
    next_month = (today.replace(day=1) + DAY * 31).replace(day=1)
    return {
        ("today",): today,
        ("yesterday",): today - DAY,
        ("tomorrow",): today + DAY,
        ("day", "after", "tomorrow"): today + DAY * 2,
        ("next", "week"): next_monday,
        ("next", "month"): next_month,
    }.get(tuple(told))


def _weekday(told: Words, today: date) -> date | None:
    """Read `friday`, `this friday`, `next friday` and `friday next week`."""
    names = [word for word in told if word not in ("this", "next", "week", "coming")]
    wanted = _place(names[0], WEEKDAYS, 3) if len(names) == 1 else None
    if wanted is None or len(told) > 3:
        return None
    if "next" in told:  # always a day of next week, whatever day it is today
        return today + DAY * (7 - today.weekday() + wanted)
    return today + DAY * ((wanted - today.weekday() - 1) % 7 + 1)


def _span(told: Words, today: date) -> date | None:
    """Read `2 weeks`, `in ten days`, `a month`."""
    told = [word for word in told if word != "in"]
    if told == ["fortnight"] or told == ["a", "fortnight"]:
        return today + DAY * 14
    if len(told) != 2:
        return None
    many = int(told[0]) if told[0].isdecimal() else _number(told[0])
    unit = told[1].removesuffix("s")
    if many is None or unit not in ("day", "week", "month"):
        return None
    if many == 0:
        return today
    return _months_on(today, many) if unit == "month" else today + DAY * _days(many, unit)


def _days(many: int, unit: str) -> int:
    return min(many, 1000) * (7 if unit == "week" else 1)


def _months_on(today: date, many: int) -> date:
    months = today.month - 1 + min(many, 100)
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _written(told: Words, today: date) -> date | None:
    """Read `2026-05-12`, `12.5.`, `12.05.26` and `5/12`, of which the last may be unclear."""
    if len(told) != 1:
        return None
    if iso := ISO.fullmatch(told[0]):
        return date(*(int(part) for part in iso.groups()))
    if dotted := DOTTED.fullmatch(told[0]):
        day, month, year = dotted.groups()
        return _dated(int(day), int(month), year, today)
    if slashed := SLASHED.fullmatch(told[0]):
        one, other, in_year = slashed.groups()
        return _slashed(int(one), int(other), in_year, today)
    return None


def _slashed(first: int, second: int, year: str | None, today: date) -> date:
    if first <= 12 and second <= 12 and first != second:
        raise Refused(TWO_WAYS)
    day, month = (second, first) if first <= 12 else (first, second)
    return _dated(day, month, year, today)


def _named_month(told: Words, today: date) -> date | None:
    """Read `12 May`, `May 12th`, `12 May 2026` and a mere `May`, which is its first day."""
    months = [word for word in told if _place(word, MONTHS, 3) is not None]
    if len(months) != 1 or len(told) > 3:
        return None
    month = (_place(months[0], MONTHS, 3) or 0) + 1
    rest = [word for word in told if word != months[0]]
    year = next((word for word in rest if re.fullmatch(r"\d{4}", word)), None)
    days = [word for word in rest if word != year]
    if len(days) > 1:
        return None
    day = _day_number(days[0]) if days else 1
    return None if day is None else _dated(day, month, year, today)


def _day_number(word: str) -> int | None:
    ordinal = ORDINAL.fullmatch(word)
    plain = ordinal.group(1) if ordinal else word.removesuffix(".")
    return int(plain) if plain.isdecimal() and len(plain) <= 2 else None


def _dated(day: int, month: int, year: str | None, today: date) -> date:
    """Return the date; without a year the next one, unless that is suspiciously far ahead."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    years = range(today.year, today.year + 9)  # 29 February may be eight years away
    found = [date(each, month, day) for each in years if _is_date(each, month, day)]
    ahead = next((each for each in found if each > today), None)
    if ahead is None:
        raise ValueError("no such day")
    return ahead if found[0] > today or ahead - today <= FAR else found[0]


def _is_date(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _number(word: str) -> int | None:
    if word in ("a", "an", "another"):
        return 1
    return NUMBERS.index(word) if word in NUMBERS else None


def _place(word: str, names: Sequence[str], least: int) -> int | None:
    """Return which of `names` is meant by `word`, written out or cut to `least` or more letters."""
    cut = word.removesuffix(".")
    if len(cut) < least or not cut.isalpha():
        return None
    return next((place for place, name in enumerate(names) if name.startswith(cut)), None)
