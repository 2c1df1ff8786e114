"""Step back: after silence, or *not now* again and again, asking stops for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.initiatives import GROUP_MINIMUM, Initiative, Stakeholder
from bot.domain.pacing_settings import PacingSettings
from bot.domain.people import Person


class Reason(StrEnum):
    """Why asking stopped for a while."""

    MISSED = "missed"  # check-ins nobody answered
    NOT_NOW = "not_now"
    DECLINED = "declined"  # talks
    NOT_DONE = "not_done"  # steps


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody is asked from `since` until `until`; `note` is whether the person is told."""

    reason: Reason
    since: datetime
    until: datetime
    note: bool = False


@dataclass(frozen=True, slots=True)
class Snooze:
    """One *not now* of a person, and how long it was to last."""

    made_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PauseNote:
    """What somebody reads when asking stopped for a while."""

    id: int
    stakeholder: Stakeholder
    initiative: Initiative
    until: datetime


@dataclass(frozen=True, slots=True)
class Quiet:
    """A named person whom nobody asks for a while, as owners may read it."""

    id: int
    stakeholder_id: int
    person: Person
    reason: Reason
    since: datetime
    until: datetime
    misses: int = 0
    """How many check-ins in a row are open."""


class Answer(StrEnum):
    """What an owner says about somebody whom nobody asks for a while."""

    TALK = "talk"  # they will talk with them
    OTHER = "other"  # somebody else will
    OFF = "off"  # off the list


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an owner's answer; `changed` is False when it held already."""

    initiative: Initiative
    quiet: Quiet
    answer: Answer
    changed: bool


@dataclass(frozen=True, slots=True)
class MoreTime:
    """The advice to move the next milestone: `quiet` of `asked` people are."""

    id: int
    quiet: int
    asked: int


@dataclass(frozen=True, slots=True)
class Stillness:
    """What owners may know of people whom nobody asks for a while."""

    people: tuple[Quiet, ...] = ()
    """By name, newest first; nobody in group figures and nobody who stopped."""
    some: bool = False
    """Whether people in group figures have gone quiet, where there are enough of them to hide."""
    more_time: MoreTime | None = None


def after_misses(
    misses: int, since: datetime, tz: str, milestone_on: date | None, settings: PacingSettings
) -> Pause | None:
    """Return the pause that `misses` check-ins unanswered in a row bring, if any.

    It ends on a local day of the person's zone `tz`: after `pause_days`, or with a milestone that
    comes first, but never before `milestone_pause` days. The person is told once in a row of
    silence: telling again would be one more message to somebody who reads none.
    """
    if misses < settings.pause_after_misses:
        return None
    today = local_date(since, tz)
    day = today + timedelta(days=settings.pause_days)
    least = today + timedelta(days=min(settings.milestone_pause, settings.pause_days))
    if milestone_on is not None and least <= milestone_on < day:
        day = milestone_on
    note = misses == settings.pause_after_misses
    return Pause(Reason.MISSED, since, at_local(day, MIDNIGHT, tz), note)


def of_a_reason(
    reason: Reason, earlier: int, since: datetime, tz: str, settings: PacingSettings
) -> Pause:
    """Return the pause for two *not now*, talks declined or steps not done.

    `earlier` is how many such pauses there were already: from the second on it is longer.
    """
    days = settings.not_now_pause_again if earlier else settings.not_now_pause
    until = at_local(local_date(since, tz) + timedelta(days=days), MIDNIGHT, tz)
    return Pause(reason, since, until)


def in_a_row(snoozes: Iterable[Snooze], heard_at: datetime | None) -> int:
    """Return how often somebody said *not now* in a row, since `heard_at`, their last answer.

    One said while the one before still holds only changes how long that one lasts.
    """
    count, until = 0, heard_at
    for snooze in sorted(snoozes, key=lambda one: one.made_at):
        if heard_at is not None and snooze.made_at <= heard_at:
            continue
        if until is None or snooze.made_at >= until:
            count += 1
        until = snooze.until
    return count


def may_tell_some(hidden: int) -> bool:
    """Return whether to tell owners that some of `hidden` people in group figures are quiet."""
    return hidden >= GROUP_MINIMUM


def more_time(asked: int, quiet: int, doubted: int, settings: PacingSettings) -> bool:
    """Return whether to advise the owner to move the next milestone.

    `quiet` of `asked` people are silent or stepped back; `doubted` is for how many rounds in a
    row most of them were probably not bought in.
    """
    if asked < settings.quiet_least:
        return False
    share = quiet / asked
    return round(share, 6) >= settings.quiet_share or doubted >= settings.doubt_rounds
