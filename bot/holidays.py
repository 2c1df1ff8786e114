"""Public holidays by country and region: the one door to the library that knows them.

It is imported when the first holidays are asked for: that takes a third of a second.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

LONGEST = 100
"""Signs of a place's name that are looked at."""

EXAMPLES = "DE, DE-BY, US-CA or France"
"""What can be written, for hints and refusals."""

CUSTOMARY = {"UK": "GB", "AMERICA": "US", "ENGLAND": "GB-ENG", "SCOTLAND": "GB-SCT"}
"""What people write that no list has."""

APART = re.compile(r"\s*[-/,:·]\s*|\s+")
SMALL_WORDS = frozenset({"And", "The", "Of"})


def dates(code: str, year: int) -> frozenset[date]:
    """Return the public holidays at `code` (DE, or DE-BY) from the year before `year` to two on.

    None at all where the library knows of none any more.
    """
    return frozenset().union(*(_of_year(code, each) for each in range(year - 1, year + 3)))


def find(words: str) -> str | None:
    """Return the code of the country, or country and region, that somebody names, or None.

    Codes of two and three letters do, and English names: `de`, `DEU`, `Germany`, `DE-BY`,
    `Germany, Bayern`.
    """
    words = words[:LONGEST]
    whole = _country(words)
    if whole:
        return whole
    for apart in APART.finditer(words):
        country, region = _country(words[: apart.start()]), words[apart.end() :]
        subdivision = _region(country, region) if country else None
        if subdivision:
            return f"{country}-{subdivision}"
    return None


def regions_of(words: str) -> tuple[str, ...]:
    """Return which regions have holidays of their own in the country that `words` begin with."""
    for apart in APART.finditer(words[:LONGEST]):
        if country := _country(words[: apart.start()]):
            return _regions()[country.partition("-")[0]]
    return ()


def countries() -> list[str]:
    """Return the codes of every country whose holidays are known."""
    return sorted(_names())


def name(code: str) -> str:
    """Return how people call what `code` stands for: `Germany`, `Germany (BY)`."""
    country, _, region = code.partition("-")
    called = _names().get(country, country)
    return f"{called} ({region})" if region else called


def warm(codes: Iterable[str], year: int) -> None:
    """Work out the holidays at `codes` now, so that nobody waits for it later."""
    for code in codes:
        dates(code, year)


@lru_cache(maxsize=4096)
def _of_year(code: str, year: int) -> frozenset[date]:
    import holidays

    country, _, region = code.partition("-")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
    except NotImplementedError:
        return frozenset()


@lru_cache(maxsize=1)
def _regions() -> Mapping[str, tuple[str, ...]]:
    import holidays

    return {code: tuple(found) for code, found in holidays.list_supported_countries().items()}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    from holidays.registry import COUNTRIES

    return {code: _spaced(called) for called, code, *_ in COUNTRIES.values()}


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """Return two-letter codes by everything that can be written for them."""
    from holidays.registry import COUNTRIES

    found = dict(CUSTOMARY)
    for called, code, longer, *_ in COUNTRIES.values():
        found |= {_plain(written): code for written in (called, code, longer)}
    return found


def _country(words: str) -> str | None:
    return _countries().get(_plain(words))


def _region(country: str, words: str) -> str | None:
    import holidays

    country, _, _ = country.partition("-")
    wanted = _plain(words)
    codes = {_plain(code): code for code in _regions()[country]}
    aliases = holidays.country_holidays(country).subdivisions_aliases
    codes |= {_plain(alias): code for alias, code in aliases.items()}
    return codes.get(wanted)


def _plain(words: str) -> str:
    return "".join(sign for sign in words.upper() if sign.isalnum())


def _spaced(called: str) -> str:
    """Return `BosniaAndHerzegovina` as people write it."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*", called)
    return " ".join(word.lower() if word in SMALL_WORDS else word for word in words)
