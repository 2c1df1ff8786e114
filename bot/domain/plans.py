"""Playing time forward: what one person would get, when, and what not and why.

The same policy that the clock asks, in months that have not come yet. Nothing here knows what
people will do: unless told otherwise nobody answers, and owners share back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import budget, pauses
from bot.domain.calendars import MIDNIGHT, at_local, local_date
from bot.domain.cycles import first_window, next_window
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import (
    Asked,
    Decided,
    Dropped,
    Facts,
    NextSend,
    OpenRound,
    Rule,
    all_rules,
    let_go,
    looks_at,
)
from bot.domain.pacing_settings import PacingSettings


@dataclass(frozen=True, slots=True)
class Assumed:
    """What to take for granted about what people will do."""

    answers: bool = False
    """Every check-in is answered as soon as it arrives."""
    shares: bool = True
    """The owners reply and share back in time, so that asking pauses for no new reason."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message that would go out; `place` is the seed of whose it is."""

    at: datetime
    place: str
    kind: Kind
    rules: tuple[Rule, ...] = ()
    joins: str = ""
    """The place in whose message it is offered: none of its own."""
    due: tuple[datetime, Rule] | None = None
    """When it would come but for the person's hours and the caps, and why then."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """Something due that would not go out, and why."""

    at: datetime
    place: str
    what: Dropped


@dataclass(frozen=True, slots=True)
class Plan:
    """What one person would get between two moments, in order, and what not."""

    lines: tuple[Line, ...]
    unsent: tuple[Unsent, ...]
    last: dict[str, Decided]
    """How each place stands at the end, by its seed."""


def plan(
    places: Sequence[Facts],
    settings: PacingSettings,
    span: tuple[datetime, datetime],
    assumed: Assumed = Assumed(),
    milestones: Sequence[date | None] = (),
) -> Plan:
    """Return what one person, with all their `places`, would get within `span`.

    `milestones` are the dates at which asking may go on early after silence, by place.
    """
    start, end = span
    course = Course(places, settings, start, assumed, milestones)
    course.advance(end)
    return course.plan()


class Course:
    """One person's time, moved by hand; between moves `places` may be told new facts."""

    def __init__(
        self,
        places: Sequence[Facts],
        settings: PacingSettings,
        start: datetime,
        assumed: Assumed = Assumed(),
        milestones: Sequence[date | None] = (),
    ) -> None:
        self.places = list(places)
        self.settings = settings
        self.now = start
        self.lines: list[Line] = []
        self.unsent: list[Unsent] = []
        self._assumed = assumed
        self._milestones = list(milestones) or [None] * len(self.places)
        self._look_at: list[datetime | None] = [start] * len(self.places)
        self._decided: dict[int, Decided] = {}

    def plan(self) -> Plan:
        """Return what happened so far."""
        last = {self.places[one].seed: what for one, what in self._decided.items()}
        return Plan(tuple(self.lines), tuple(dict.fromkeys(self.unsent)), last)

    def wake(self, place: int | None = None) -> None:
        """Decide again about a place, or about all, because facts changed."""
        for one in range(len(self.places)) if place is None else [place]:
            self._look_at[one] = self.now

    def tell(self, place: int, facts: Facts) -> None:
        """Take over new facts of a place, and decide again."""
        self.places[place] = facts
        self.wake(place)

    def advance(self, until: datetime) -> None:
        """Let time pass to `until`, doing all that is due before it."""
        while (moment := self._next_moment()) is not None and moment < until:
            self.now = max(self.now, moment)
            self.tick()
        self.now = max(self.now, until)

    def tick(self) -> None:
        """Do what is due now: rounds turn, then everybody due is decided about."""
        for one in range(len(self.places)):
            self._turn(one)
        due = [one for one, at in enumerate(self._look_at) if at is not None and at <= self.now]
        if not due:
            return
        for one, decided in budget.look(self.places, due, self.settings, self.now).items():
            self._take(one, decided)

    def _next_moment(self) -> datetime | None:
        moments = [at for at in self._look_at if at is not None]
        moments += [self._turns_at(facts) for facts in self.places if facts.running]
        return min(moments, default=None)

    # -- rounds ------------------------------------------------------------------------------

    def _turns_at(self, facts: Facts) -> datetime:
        if facts.round is not None:
            return facts.round.closes_at
        return at_local(facts.first_date, MIDNIGHT, facts.initiative_tz)

    def _turn(self, one: int) -> None:
        while self.places[one].running and self._turns_at(self.places[one]) <= self.now:
            facts = self.places[one]
            if facts.round is not None:
                self._close(one, facts.round)
            self.places[one] = replace(self.places[one], round=_next_round(facts))
            self._look_at[one] = self.now

    def _close(self, one: int, running: OpenRound) -> None:
        before = self.places[one]
        decided = self._decided.get(one)
        rule = let_go(all_rules(decided)) if decided and before.asked is None else None
        if rule is not None:
            self._let_go(one, Dropped(Kind.ASK, running.number, rule))
        after = closed(before, self.settings, running.closes_at, self._milestones[one])
        unshared = before.unshared if self._assumed.shares else after.unshared
        self.places[one] = replace(after, unshared=unshared)
        if before.asked and not before.asked.answered:
            self._part(before.seed)

    def _part(self, host: str) -> None:
        """Have the check-in that `host` offered, and nobody saw, go out on its own."""
        for one, facts in enumerate(self.places):
            asked = facts.asked
            if asked and asked.joins == host and not asked.answered:
                self.tell(one, replace(facts, asked=replace(asked, again=True, joins="")))

    # -- decisions ---------------------------------------------------------------------------

    def _take(self, one: int, decided: Decided) -> None:
        self._decided[one] = decided
        self._look_at[one] = looks_at(decided)
        for what in decided.dropped:
            self._let_go(one, what)
        if isinstance(decided, NextSend) and decided.at <= self.now:
            self._send(one, decided)
            self._look_at[one] = self.now

    def _send(self, one: int, decided: NextSend) -> None:
        facts = self.places[one]
        kind, rules = decided.kind, decided.rules
        line = Line(self.now, facts.seed, kind, rules, decided.joins, decided.due)
        self.lines.append(line)
        self.places[one] = sent(facts, decided, self.now)
        if kind is Kind.ASK and self._assumed.answers:
            self.places[one] = answered(self.places[one], self.now)
        if not decided.joins:
            self.places = [
                replace(place, sent_at=(*place.sent_at, self.now)) for place in self.places
            ]

    def _let_go(self, one: int, what: Dropped) -> None:
        self.unsent.append(Unsent(self.now, self.places[one].seed, what))


# --- how facts change -----------------------------------------------------------------------------


def sent(facts: Facts, decided: NextSend, now: datetime) -> Facts:
    """Return the facts of a place once a message of its own has arrived, at `now`."""
    match decided.kind:
        case Kind.INTRODUCTION:
            return replace(facts, introduced_at=now)
        case Kind.ASK:
            return _asked(facts, decided.joins, now)
        case Kind.REMINDER if facts.asked is not None:
            return replace(facts, asked=replace(facts.asked, reminded=True))
        case Kind.GIVE:
            return replace(facts, give=None, given_at=(*facts.given_at, now))
        case _:
            return replace(facts, note=False)


def _asked(facts: Facts, joins: str, now: datetime) -> Facts:
    week = facts.week_at(now)
    delivered_at = None if joins else now
    if facts.asked is not None:
        asked = replace(facts.asked, delivered_at=delivered_at, again=False, joins=joins)
        return replace(facts, asked=asked, asked_at=delivered_at or facts.asked_at)
    return replace(
        facts,
        asked=Asked(answered=False, delivered_at=delivered_at, joins=joins),
        asked_at=delivered_at or facts.asked_at,
        last_week=week,
        last_days=facts.round.days if facts.round else None,
        heard_week=week,
    )


def answered(facts: Facts, now: datetime) -> Facts:
    """Return the facts of a place whose check-in was answered at `now`, at least in part."""
    asked = facts.asked or Asked(answered=True, delivered_at=None)
    if asked.delivered_at is None and asked.joins:  # now it shows; next time it goes first
        facts = replace(facts, asked_at=now - timedelta(seconds=1))
    asked = replace(asked, answered=True, delivered_at=asked.delivered_at or now)
    return replace(facts, asked=asked, heard_week=facts.week_at(now))


def closed(
    facts: Facts, settings: PacingSettings, closes_at: datetime, milestone_on: date | None
) -> Facts:
    """Return the facts of a place once its round has closed: silence counts, answers end it."""
    asked = facts.asked
    if asked is None:
        return facts
    facts = replace(facts, asked=None, unshared=facts.unshared + 1)
    if asked.answered:
        return replace(facts, misses=0)
    if asked.again or asked.delivered_at is None or _was_halted(facts, closes_at):
        return facts  # put off, never seen, or nobody reminded them
    facts = replace(facts, misses=facts.misses + 1)
    tz = facts.whose.tz
    pause = pauses.after_misses(facts.misses, closes_at, tz, milestone_on, settings)
    if pause is None:
        return facts
    until = max(pause.until, facts.paused_until or pause.until)
    return replace(facts, paused_until=until, note=pause.note)


def _was_halted(facts: Facts, closes_at: datetime) -> bool:
    running = facts.round
    return bool(facts.halt and running and facts.halt.touches(running.opens_at, closes_at))


def rounds(facts: Facts, until: datetime) -> Iterator[OpenRound]:
    """Yield the rounds of a place's initiative that open after the running one, before `until`."""
    following = _next_round(facts)
    while following.opens_at < until:
        yield following
        facts = replace(facts, round=following)
        following = _next_round(facts)


def _next_round(facts: Facts) -> OpenRound:
    tz, days, last = facts.initiative_tz, facts.cycle_days, facts.round
    if last is None:
        window = first_window(facts.first_date, days, tz)
    else:
        window = next_window(last.number + 1, last.closes_at, days, tz)
    opens_on = local_date(window.opens_at, tz)
    return OpenRound(window.number, opens_on, window.opens_at, window.closes_at, days=days)
