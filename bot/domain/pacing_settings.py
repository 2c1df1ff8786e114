"""The numbers of the pacing policy, and how far a workspace may move them.

Starting values (method.md section 3), to be checked by our own evaluation. They are the pushiest
that are allowed: a workspace may be gentler, never pushier.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from typing import Any

from bot.errors import Refused

WEEK = 7
"""Days; every interval between check-ins is a whole number of weeks."""


@dataclass(frozen=True, slots=True)
class PacingSettings:
    """Every number of the policy. Days are calendar days unless said."""

    per_week: int = 2
    """Messages to one person in 7 days, all initiatives together."""
    per_month: int = 5
    """Messages to one person in 28 days, all initiatives together."""
    base_interval: int = 14
    """Days between check-ins, in whole weeks."""
    settled_interval: int = 21
    """Days between check-ins of settled supporters, in whole weeks."""
    fewer_interval: int = 28
    """Days between check-ins of who asked for fewer messages, in whole weeks."""
    settled_below: float = 0.08
    """Settled: the probability of not being bought in is below this …"""
    settled_width: float = 1.9
    """… and the 80 % interval of the position is narrower than this."""
    jitter_days: int = 1
    """Working days by which a check-in may come later than its day."""
    jitter_minutes: int = 90
    """Messages come up to so long after the person's hours begin."""
    introduced_before: int = 2
    """Working days between introduction and first date."""
    rest_after_introduction: int = 1
    """Working days between introduction and first check-in at least."""
    reminder_after: int = 3
    """Working days between check-in and reminder."""
    no_reminder_after: int = 2
    """Check-ins unanswered in a row, after which there are no reminders; 0 = never any."""
    least_left: int = 24
    """Hours: nobody is asked or reminded when the round closes sooner than this."""
    after_one_miss: float = 1.5
    """The interval is multiplied by this after one unanswered check-in …"""
    after_two_misses: float = 2.0
    """… and by this after two or more."""
    pause_after_misses: int = 3
    """Check-ins unanswered in a row after which asking stops for a while."""
    pause_days: int = 42
    """How long it stops then, unless a milestone comes first."""
    milestone_pause: int = 28
    """How long it stops at least, even if a milestone comes first."""
    not_nows: int = 2
    """Times *not now* in a row after which asking stops for a while."""
    not_now_pause: int = 28
    """How long it stops then …"""
    not_now_pause_again: int = 42
    """… and from the second time on."""
    attention_from: float = 0.35
    """Attention is due from this probability of not being bought in on."""
    fresh_drop: float = 0.5
    """Attention is due when the position fell by so much within the last two weekly snapshots."""
    gives_a_week: int = 1
    """Messages that ask nothing, in a week without a check-in; 0 = none at all."""
    give_weeks: int = 4
    """For so many weeks in a row at most."""
    give_rest: int = 4
    """Weeks without any after that."""
    debt_days: int = 14
    """Asking pauses when what somebody told the owners has waited so long for a reply."""
    debt_rounds: int = 2
    """Asking pauses after so many rounds without sharing back."""
    quiet_share: float = 0.30
    """An owner is advised to move a milestone when so many of those asked are quiet …"""
    quiet_least: int = 5
    """… of at least so many."""
    doubt: float = 0.80
    """An owner is advised to move a milestone when most are not bought in with this certainty …"""
    doubt_rounds: int = 2
    """… for so many rounds in a row."""

    @property
    def windows(self) -> tuple[tuple[timedelta, int], ...]:
        """The caps of one person: at most so many messages in so much time."""
        return (timedelta(days=7), self.per_week), (timedelta(days=28), self.per_month)


PUSHIEST = PacingSettings()
GENTLEST = PacingSettings(
    per_week=1,
    per_month=1,
    base_interval=84,
    settled_interval=168,
    fewer_interval=168,
    settled_below=0.35,
    settled_width=6.0,
    jitter_days=0,
    jitter_minutes=0,
    introduced_before=10,
    rest_after_introduction=10,
    reminder_after=10,
    no_reminder_after=0,
    least_left=168,
    after_one_miss=4.0,
    after_two_misses=6.0,
    pause_after_misses=1,
    pause_days=168,
    milestone_pause=168,
    not_nows=1,
    not_now_pause=168,
    not_now_pause_again=168,
    attention_from=1.0,
    fresh_drop=6.0,
    gives_a_week=0,
    give_weeks=1,
    give_rest=52,
    debt_days=1,
    debt_rounds=1,
    quiet_share=0.05,
    quiet_least=5,
    doubt=0.5,
    doubt_rounds=1,
)
WHOLE_WEEKS = frozenset({"base_interval", "settled_interval", "fewer_interval"})
NAMES = tuple(field.name for field in fields(PacingSettings))


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
