"""The numbers of the pacing policy, and how far a workspace may move them.

Starting values (method.md section 3), to be checked by our own evaluation. They are the pushiest
that are allowed: a workspace may be gentler, never pushier.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from typing import Any

from bot.errors import Refused

WEEK = 7
"""Days; every interval between check-ins is a whole number of weeks."""


def _number(pushiest: Any, gentlest: float, means: str) -> Any:
    return field(default=pushiest, metadata={"gentlest": gentlest, "means": means})


@dataclass(frozen=True, slots=True)
class PacingSettings:
    """Every number of the policy: its usual value, the gentlest one, and what it means.

    Days are calendar days unless said.
    """

    per_week: int = _number(2, 1, "messages to one person in 7 days, all initiatives together")
    per_month: int = _number(5, 1, "messages to one person in 28 days, all initiatives together")
    base_interval: int = _number(14, 84, "days between check-ins, in whole weeks")
    settled_interval: int = _number(
        21, 168, "days between check-ins of settled supporters, in whole weeks"
    )
    fewer_interval: int = _number(
        28, 168, "days between check-ins of who asked for fewer messages, in whole weeks"
    )
    settled_below: float = _number(
        0.08, 0.35, "settled: not being bought in is less likely than this …"
    )
    settled_width: float = _number(1.9, 6.0, "… and the 80 % interval of the position is narrower")
    jitter_days: int = _number(1, 0, "working days by which a check-in may come later than its day")
    jitter_minutes: int = _number(
        90, 0, "messages come up to so long after the person's hours begin"
    )
    introduced_before: int = _number(2, 10, "working days between introduction and first date")
    rest_after_introduction: int = _number(
        1, 10, "working days between introduction and first check-in at least"
    )
    reminder_after: int = _number(3, 10, "working days between check-in and reminder")
    no_reminder_after: int = _number(
        2, 0, "check-ins unanswered in a row, after which there are no reminders; 0 = never any"
    )
    least_left: int = _number(
        24, 168, "hours: nobody is asked or reminded when the round closes sooner than this"
    )
    after_one_miss: float = _number(
        1.5, 4.0, "the interval is multiplied by this after one unanswered check-in …"
    )
    after_two_misses: float = _number(2.0, 6.0, "… and by this after two or more")
    pause_after_misses: int = _number(
        3, 1, "check-ins unanswered in a row after which asking stops for a while"
    )
    pause_days: int = _number(42, 168, "how long it stops then, unless a milestone comes first")
    milestone_pause: int = _number(
        28, 168, "how long it stops at least, even if a milestone comes first"
    )
    not_nows: int = _number(2, 1, "times *not now* in a row after which asking stops for a while")
    not_now_pause: int = _number(28, 168, "how long it stops then …")
    not_now_pause_again: int = _number(42, 168, "… and from the second time on")
    attention_from: float = _number(
        0.35, 1.0, "attention is due from this probability of not being bought in on"
    )
    fresh_drop: float = _number(
        0.5,
        6.0,
        "attention is due when the position fell by so much within the last two weekly snapshots",
    )
    gives_a_week: int = _number(
        1, 0, "messages that ask nothing, in a week without a check-in; 0 = none at all"
    )
    give_weeks: int = _number(4, 1, "for so many weeks in a row at most")
    give_rest: int = _number(4, 52, "weeks without any after that")
    debt_days: int = _number(
        14, 1, "asking pauses when what somebody told the owners has waited so long for a reply"
    )
    debt_rounds: int = _number(2, 1, "asking pauses after so many rounds without sharing back")
    quiet_share: float = _number(
        0.30,
        0.05,
        "an owner is advised to move a milestone when so many of those asked are quiet …",
    )
    quiet_least: int = _number(5, 5, "… of at least so many")
    doubt: float = _number(
        0.80,
        0.5,
        "an owner is advised to move a milestone when most are not bought in with this certainty …",
    )
    doubt_rounds: int = _number(2, 1, "… for so many rounds in a row")

    @property
    def windows(self) -> tuple[tuple[timedelta, int], ...]:
        """The caps of one person: at most so many messages in so much time."""
        return (timedelta(days=7), self.per_week), (timedelta(days=28), self.per_month)


PUSHIEST = PacingSettings()
GENTLEST = PacingSettings(**{one.name: one.metadata["gentlest"] for one in fields(PacingSettings)})
MEANINGS: dict[str, str] = {one.name: one.metadata["means"] for one in fields(PacingSettings)}
WHOLE_WEEKS = frozenset({"base_interval", "settled_interval", "fewer_interval"})
NAMES = tuple(MEANINGS)


def bounds(name: str) -> tuple[float, float]:
    """Return the smallest and the largest value that the setting `name` may have."""
    ends: tuple[float, float] = getattr(PUSHIEST, name), getattr(GENTLEST, name)
    return min(ends), max(ends)


def changed(settings: PacingSettings, given: Mapping[str, str]) -> PacingSettings:
    """Return `settings` with what an operator typed: names and values as text.

    Raises:
        Refused: if a name or value is unknown or pushier than the caps allow.
    """
    values: dict[str, Any] = {name: _read(name, text) for name, text in given.items()}
    return replace(settings, **values)


def _read(name: str, text: str) -> float:
    if name not in NAMES:
        raise Refused(f"There is no setting {name}. There are: {', '.join(NAMES)}.")
    least, most = bounds(name)
    kind = type(getattr(PUSHIEST, name))
    try:
        value: float = kind(text)
    except ValueError:
        raise Refused(f"{name} is a number from {least:g} to {most:g}, not “{text}”.") from None
    if not least <= value <= most:
        raise Refused(
            f"{name} may be from {least:g} to {most:g}, so {text} was not taken: a workspace may be"
            " gentler to people than the caps, never pushier."
        )
    if name in WHOLE_WEEKS and value % WEEK:
        raise Refused(f"{name} is in whole weeks: 14, 21, 28 days and so on, not {text}.")
    return value


def restored(stored: Mapping[str, Any] | None) -> PacingSettings:
    """Return the settings that `kept` stored; what this release does not know is left out.

    A value that is out of bounds by now is moved to the nearest bound.
    """
    known = {name: value for name, value in (stored or {}).items() if name in NAMES}
    return replace(PUSHIEST, **{name: _within(name, value) for name, value in known.items()})


def _within(name: str, value: Any) -> Any:
    least, most = bounds(name)
    return min(max(value, least), most)


def kept(settings: PacingSettings) -> dict[str, float]:
    """Return what to store: only what differs from the starting values."""
    usual = asdict(PUSHIEST)
    return {name: value for name, value in asdict(settings).items() if value != usual[name]}
