"""What the pacing policy is told, and what it says: small values that can be stored and shown."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendars import Calendar, day_of
from bot.domain.cycles import Halt, week_of
from bot.domain.gives import Give
from bot.domain.initiatives import Place
from bot.domain.outbox import Kind


class Rule(StrEnum):
    """What decided: why nothing is sent, or why not earlier."""

    NOT_RUNNING = "not_running"
    STOPPED = "stopped"
    STOPPED_HERE = "stopped_here"
    NOT_MY_TOPIC = "not_my_topic"
    LEFT = "left"
    ON_ITS_WAY = "on_its_way"
    NO_ROUND = "no_round"
    ANSWERED = "answered"
    NOT_DELIVERED = "not_delivered"
    ONE_REMINDER = "one_reminder"
    NO_REMINDER = "no_reminder"  # after so many unanswered check-ins
    TOO_LATE = "too_late"
    BEFORE_FIRST_DATE = "before_first_date"
    AFTER_INTRODUCTION = "after_introduction"
    ROUND_OPENS = "round_opens"
    INTERVAL = "interval"
    FEWER = "fewer"  # a longer interval and nothing in between, as they asked
    SETTLED = "settled"  # a longer interval, for supporters
    AFTER_SILENCE = "after_silence"  # a longer interval, after unanswered check-ins
    REMINDER_WAITS = "reminder_waits"
    ONE_A_WEEK = "one_a_week"
    ONE_OPEN = "one_open"  # another initiative's check-in is open
    SHARED = "shared"  # joins the message of another initiative
    PAUSED = "paused"  # asking stepped back
    HALTED = "halted"  # the owners paused the initiative
    LISTENING_DEBT = "listening_debt"
    SNOOZED = "snoozed"
    BETWEEN = "between"  # gives come in weeks without a check-in
    NOTHING_TO_GIVE = "nothing_to_give"
    GIVES_REST = "gives_rest"
    CHECK_INS_FIRST = "check_ins_first"  # the cap leaves room for what matters more
    HOURS = "hours"
    NO_HOURS = "no_hours"  # no working moment within a year
    CAP = "cap"
    DOWN = "down"  # nobody looked: the app was not running


@dataclass(frozen=True, slots=True)
class OpenRound:
    """The round that runs now; `opens_on` is local to the initiative."""

    number: int
    opens_on: date
    opens_at: datetime
    closes_at: datetime
    by_hand: bool = False
    """An owner started it before its day: those who answered lately are asked again, too."""
    days: int | None = None
    """How long it was to last when it opened; None = as long as all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The check-in this stakeholder has in the running round."""

    answered: bool
    delivered_at: datetime | None
    reminded: bool = False
    again: bool = False
    """It has to be sent: it was ended without an answer (snoozed), or never went out."""
    joins: str = ""
    """The place whose check-in offers this one, so that it has no message of its own."""
    planned_at: datetime | None = None
    """When its message is to go out, while it has not arrived."""


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """Another initiative's check-in that the person has and has not answered.

    `seed` is its place's; `until` is when its round closes, at the latest.
    """

    seed: str
    since: datetime
    until: datetime
    has_room: bool = True
    """Whether a second initiative may join it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A message that is due later, as far as its own initiative goes."""

    at: datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known when the clock looks at one stakeholder."""

    seed: str
    """Tells the stakeholder from the person's other places."""
    tz: str
    first_date: date
    person: str = ""
    """Stable per person; spreads messages over the morning, the same for all their places."""
    calendar: Calendar | None = None
    """The person's own hours and days; None is somebody in `tz` who set nothing."""
    running: bool = True
    place: Place = Place.ACTIVE
    person_stopped: bool = False
    person_gone: bool = False
    introduced_at: datetime | None = None
    snoozed_until: datetime | None = None
    on_its_way: bool = False
    """A message to this stakeholder is in the outbox and has not left yet."""
    initiative_tz: str = "UTC"
    """Where its rounds are counted."""
    cycle_days: int = 14
    round: OpenRound | None = None
    asked: Asked | None = None
    asked_at: datetime | None = None
    """When the last check-in arrived: who waited longest goes first."""
    last_week: int | None = None
    """The week of the last check-in from the app, counted as `week_at` does."""
    last_days: int | None = None
    """How long the round was to last that it came in; None = as long as all."""
    heard_week: int | None = None
    """The same of the last check-in of any origin."""
    misses: int = 0
    """Check-ins unanswered in a row, up to the last closed round."""
    settled: bool = False
    fewer: bool = False
    """They asked for fewer messages: longer intervals, and nothing in between."""
    attention: bool = False
    """Attention is due; never set for group-only people."""
    give: Give | None = None
    """What could be given now."""
    given_at: tuple[datetime, ...] = ()
    """Gives of the last weeks, ascending."""
    paused_until: datetime | None = None
    halt: Halt | None = None
    """When nobody is asked at an owner's wish."""
    note: bool = False
    """The person has to be told of the pause."""
    waiting_since: datetime | None = None
    """When the oldest input without a reply was told to the owners of the initiative."""
    unshared: int = 0
    """Rounds that closed since the owners last told anybody anything."""
    sent_at: tuple[datetime, ...] = ()
    """Counted messages to the person, all initiatives, 28 days back; queued ones as planned."""
    open_message: OpenMessage | None = None
    ahead: tuple[Expected, ...] = ()
    """What the person is to get later from all initiatives, this one included, ascending."""

    @property
    def whose(self) -> Calendar:
        """The calendar that every rule about the person's time goes by."""
        return self.calendar or Calendar.of(self.tz)

    def week_at(self, moment: datetime) -> int:
        """Return the week of `moment`, counted from the Monday of the week of the first date."""
        return week_of(self.first_date, day_of(moment, self.whose))

    def is_paused(self, now: datetime) -> bool:
        """Return whether asking has stepped back at `now`."""
        return self.paused_until is not None and self.paused_until > now


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that was due and is let go for good; `rule` is why.

    `number` is the week of a give and the round of anything else.
    """

    kind: Kind
    number: int
    rule: Rule


@dataclass(frozen=True, slots=True)
class NextSend:
    """Send `kind` at `at` at the earliest; `rules` moved it there."""

    kind: Kind
    at: datetime
    rules: tuple[Rule, ...] = ()
    look_at: datetime | None = None
    """When to decide again, if something may change before."""
    joins: str = ""
    """The place whose check-in offers this one: no message of its own."""
    beside: tuple[Rule, ...] = ()
    """Why something else is held back meanwhile."""
    dropped: tuple[Dropped, ...] = ()
    due: tuple[datetime, Rule] | None = field(default=None, compare=False)
    """When it would come but for the person's hours and the caps, and why then."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to send until something happens; `rules` say why."""

    rules: tuple[Rule, ...]
    look_at: datetime | None = None
    dropped: tuple[Dropped, ...] = ()


Decided = NextSend | Nothing


def looks_at(decided: Decided) -> datetime | None:
    """Return when to decide again, or None to wait until something happens."""
    if isinstance(decided, Nothing):
        return decided.look_at
    return min(decided.at, decided.look_at or decided.at)


def all_rules(decided: Decided) -> tuple[Rule, ...]:
    """Return every rule of a decision, also of what it holds back besides."""
    return decided.rules if isinstance(decided, Nothing) else decided.rules + decided.beside


NOT_DUE = frozenset({Rule.INTERVAL, Rule.FEWER, Rule.SETTLED, Rule.AFTER_SILENCE, Rule.ONE_A_WEEK})
"""The check-in was not due in that round at all."""

LETS_GO = (
    Rule.HALTED,
    Rule.LISTENING_DEBT,
    Rule.PAUSED,
    Rule.SNOOZED,
    Rule.ONE_OPEN,
    Rule.NO_HOURS,
    Rule.CAP,
    Rule.HOURS,
    Rule.AFTER_INTRODUCTION,
)
"""Why a check-in that was due did not come in its round; what weighs most comes first."""


def let_go(rules: tuple[Rule, ...]) -> Rule | None:
    """Return why nobody was asked in a round that closed, by the rules of the last decision.

    None if no check-in was due in it.
    """
    found = next((rule for rule in LETS_GO if rule in rules), None)
    if found is not None or NOT_DUE.intersection(rules):
        return found
    return Rule.TOO_LATE if Rule.TOO_LATE in rules else None
