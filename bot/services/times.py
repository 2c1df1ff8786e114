"""When one person can be written to: what they set themselves, for all initiatives together."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot import holidays
from bot.domain import away, times
from bot.domain.calendars import local_date
from bot.domain.people import Actor, Person, Setting
from bot.domain.settings import MySettings, Saved
from bot.domain.times import NO_HOLIDAYS, Given, Times
from bot.errors import FieldErrors, Refused
from bot.services import calendars, people
from storage import audit, workspaces
from storage import times as stored
from storage.database import Tx

NONE = frozenset({"none", "no", "off", "-"})
"""What people write who work on public holidays."""

UNKNOWN_PLACE = (
    "I don't know the public holidays there. Write a country, or a country and its region: "
    f"{holidays.EXAMPLES}. “none” means no public holidays."
)
UNKNOWN_REGION = "I don't know that region. Those with holidays of their own: {regions}."
NOT_AHEAD = "That day isn't ahead. Choose the day you're back: tomorrow or later."
TOO_FAR = "That's more than a year away. Choose an earlier day."

Change = tuple[dict[str, Any], dict[str, Any]]
"""What is kept of a choice, and the columns of a person that follow from it."""


def mine(tx: Tx, actor: Actor, now: datetime) -> MySettings:
    """Return what the actor set, for the actor alone."""
    return of_person(tx, people.person(tx, actor, now), now)


def of_person(tx: Tx, person: Person, now: datetime) -> MySettings:
    """Return what a person set, for that person alone."""
    usual = workspaces.get(tx, person.workspace_id).holidays or ""
    own = person.times.holidays
    holds = usual if own is None else own
    return MySettings(
        person=person,
        today=local_date(now, person.tz),
        holidays=holidays.name(holds) if holds else "",
        workspace_holidays=holidays.name(usual) if usual else "",
    )


def save(tx: Tx, actor: Actor, given: Given, now: datetime) -> Saved:
    """Take over what the actor filled in; what is as it was changes nothing.

    Raises:
        FieldErrors: with everything that needs mending, by field; nothing is changed.
        Refused: if Slack says that their account was deactivated.
    """
    who = people.present(tx, actor, now)
    today = local_date(now, who.tz)
    place, wrong_place = _place(given.holidays)
    until = given.away_until
    wrong = times.errors_in(given) | wrong_place | _away_errors(until, who, today)
    if wrong:
        raise FieldErrors(wrong)
    opens, closes = times.hours_in(given)
    wanted = replace(
        who.times,
        opens=opens,
        closes=closes,
        days=times.days_in(given),
        holidays=place,
        away_until=until if until and until > today else None,
    )
    return _take(tx, who, wanted, now)


def go_away(tx: Tx, actor: Actor, words: str, now: datetime) -> Saved:
    """Write nothing to the actor before the day that `words` name; or again, if they are back.

    Raises:
        Refused: if it is unclear which day, or it is past or more than a year ahead.
    """
    who = people.present(tx, actor, now)
    over = away.is_over(words)
    until = None if over else away.until(words, local_date(now, who.tz))
    return _take(tx, who, replace(who.times, away_until=until), now)


def use_holidays(tx: Tx, workspace_id: int, code: str | None, now: datetime) -> None:
    """Make the public holidays at `code` those of everybody who chose none."""
    if workspaces.get(tx, workspace_id).holidays == code:
        return
    workspaces.change(tx, workspace_id, holidays=code)
    calendars.changed_everywhere(tx, workspace_id, now)
    audit.record(tx, workspace_id, "app", "workspaces.holidays", "workspace", workspace_id, now)


def _take(tx: Tx, who: Person, wanted: Times, now: datetime) -> Saved:
    changes = {
        setting: change
        for setting, change in _choices(wanted).items()
        if change[1] != _choices(who.times)[setting][1]
    }
    for setting, (value, columns) in changes.items():
        stored.set_(tx, who, setting, value, columns, now)
        what = f"people.{setting.value}"
        audit.record(tx, who.workspace_id, who.slack_user_id, what, "person", who.id, now)
    if changes:
        calendars.changed(tx, [who.id], now)
    return Saved(of_person(tx, people.by_id(tx, who.id), now), bool(changes))


def _choices(given: Times) -> dict[Setting, Change]:
    days = None if given.days is None else "".join(str(day + 1) for day in sorted(given.days))
    until = given.away_until
    return {
        Setting.HOURS: (
            {"opens": _written(given.opens), "closes": _written(given.closes)},
            {"opens": given.opens, "closes": given.closes},
        ),
        Setting.DAYS: ({"days": days}, {"work_days": days}),
        Setting.HOLIDAYS: ({"code": given.holidays}, {"holidays": given.holidays}),
        Setting.AWAY: ({"until": until and until.isoformat()}, {"away_until": until}),
    }


def _written(at: time | None) -> str | None:
    return at.isoformat("minutes") if at else None


def _place(words: str) -> tuple[str | None, dict[str, str]]:
    """Return the place that is meant, None for the workspace's, and what is wrong with it."""
    words = words.strip()
    if not words:
        return None, {}
    if words.lower() in NONE:
        return NO_HOLIDAYS, {}
    code = holidays.find(words)
    if code:
        return code, {}
    regions = holidays.regions_of(words)
    told = UNKNOWN_REGION.format(regions=", ".join(regions)) if regions else UNKNOWN_PLACE
    return None, {times.HOLIDAYS_FIELD: told}


def _away_errors(until: date | None, who: Person, today: date) -> dict[str, str]:
    if until is None or until == who.times.away_until:
        return {}
    try:
        away.checked(until, today)
    except Refused:
        return {times.AWAY_FIELD: NOT_AHEAD if until <= today else TOO_FAR}
    return {}
