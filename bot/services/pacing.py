"""The clock looks at people: facts in bulk, one pure policy, rows for the outbox."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.domain import budget
from bot.domain.calendars import Calendar, local_date
from bot.domain.outbox import Decision, Kind
from bot.domain.pacing import next_send
from bot.domain.pacing_facts import (
    Decided,
    Dropped,
    Facts,
    NextSend,
    Nothing,
    all_rules,
    looks_at,
)
from bot.domain.pacing_settings import PacingSettings
from bot.domain.people import Person
from bot.services import calendars, cycles, pacing_facts, pacing_settings
from bot.services.pacing_facts import Picture
from storage import dropped, gives, outbox, pacing
from storage.database import Tx
from storage.dropped import Of
from storage.gives import NewGive
from storage.pacing import Due, NewAsk, Waiting

LOOK_AGAIN = timedelta(days=1)
"""When to look again at somebody whom somebody else turned out to have asked already."""


@dataclass(slots=True)
class _Plan:
    """What a batch comes to, before it is written."""

    asks: list[tuple[NewAsk, datetime]] = field(default_factory=list)
    joining: list[tuple[NewAsk, int]] = field(default_factory=list)
    """New asks, and the place in whose message each is offered."""
    joined: dict[int, int] = field(default_factory=dict)
    """Asks that are there already, and the same."""
    opened: list[int] = field(default_factory=list)
    """Asks to open again, or to part from their host."""
    adopted: dict[int, int] = field(default_factory=dict)
    given: list[tuple[NewGive, Waiting, datetime]] = field(default_factory=list)
    given_again: list[int] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    due: dict[int, Due] = field(default_factory=dict)
    lost: list[tuple[Of, Dropped]] = field(default_factory=list)
    found: list[tuple[int, Kind, int]] = field(default_factory=list)
    """What goes out, as (stakeholder, kind, number): it is not lost after all."""


def plan_due(tx: Tx, now: datetime, limit: int) -> int:
    """Decide about at least `limit` stakeholders who are due, and queue what they get now.

    Returns how many were decided about. Nobody is decided about twice: places and persons are
    locked, and each place gets a later time to look again, or none until something happens.
    Places of one person are decided together, most urgent first.
    """
    due = pacing.due(tx, now, limit)
    if not due:
        return 0
    others = pacing.beside(tx, due)
    late = [place for place in others if place.next_due_at and place.next_due_at <= now]
    wanted = {place.id for place in due} | pacing.lock(tx, late)
    picture = pacing_facts.read(tx, [*due, *others], now)
    plan = _Plan()
    for places in pacing_facts.of_person(picture).values():
        _decide(plan, places, wanted, picture, now)
    _write(tx, plan, picture, now)
    return len(wanted)


def schedule_all(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock take over an initiative that was just started."""
    cycles.schedule(tx, initiative_id, now)


def preview(
    tx: Tx, people: Sequence[Person], first_date: date, tz: str, now: datetime
) -> dict[date, int]:
    """Return how many of `people` would first hear on which date (local to each), sorted.

    `tz` is the initiative's zone. Those who get no messages at all are left out. What people
    get from other initiatives is left out, too: an owner reads this.
    """
    whose = calendars.of_many(tx, people, now)
    settings = pacing_settings.of_many(tx, {person.workspace_id for person in people})
    facts = (_newcomer(person, whose[person.id], first_date) for person in people)
    found = (
        _first_heard(one, settings[person.workspace_id], now)
        for one, person in zip(facts, people, strict=True)
    )
    return dict(sorted(Counter(day for day in found if day).items()))


def within_a_week(tx: Tx, initiative_id: int, now: datetime) -> tuple[int, int]:
    """Return how many would be asked in the next seven days, and how many not."""
    places = pacing.of_initiative(tx, initiative_id)
    picture = pacing_facts.read(tx, [*places, *pacing.beside(tx, places)], now)
    until = now + timedelta(days=7)
    asked = 0
    for held in pacing_facts.of_person(picture).values():
        own = [index for index, one in enumerate(held) if one.initiative_id == initiative_id]
        asked += sum(_is_asked_by(picture, held, index, now, until) for index in own)
    return asked, len(places) - asked


def _newcomer(person: Person, calendar: Calendar, first_date: date) -> Facts:
    return Facts(
        seed="",
        person=str(person.id),
        tz=person.tz,
        calendar=calendar,
        first_date=first_date,
        person_stopped=person.stopped,
        person_gone=person.is_deleted,
    )


def _first_heard(facts: Facts, settings: PacingSettings, now: datetime) -> date | None:
    match next_send(facts, settings, now):
        case NextSend(_, at):
            return local_date(at, facts.tz)
        case Nothing():
            return None


def _is_asked_by(
    picture: Picture, held: Sequence[Waiting], one: int, now: datetime, until: datetime
) -> bool:
    settings = picture.settings[held[one].workspace_id]
    facts = replace(pacing_facts.beside(picture, held, one, now), on_its_way=False)
    decided = next_send(facts, settings, now)
    if isinstance(decided, NextSend) and decided.kind is Kind.INTRODUCTION:
        introduced = replace(facts, introduced_at=decided.at, sent_at=(*facts.sent_at, decided.at))
        decided = next_send(introduced, settings, decided.at)
    if isinstance(decided, Nothing):
        return False
    return decided.kind is Kind.ASK and decided.at <= until


# --- deciding -----------------------------------------------------------------------------------


def _decide(
    plan: _Plan, places: Sequence[Waiting], wanted: set[int], picture: Picture, now: datetime
) -> None:
    """Decide about those of one person's `places` that are wanted."""
    facts = [pacing_facts.facts_of(place, picture) for place in places]
    due = [index for index, place in enumerate(places) if place.id in wanted]
    settings = picture.settings[places[0].workspace_id]
    for index, decided in budget.look(facts, due, settings, now).items():
        _take(plan, places[index], facts[index], decided, picture, now)


def _take(
    plan: _Plan, place: Waiting, facts: Facts, decided: Decided, picture: Picture, now: datetime
) -> None:
    of = Of(place.workspace_id, place.initiative_id, place.id)
    plan.lost += [(of, what) for what in decided.dropped]
    if isinstance(decided, NextSend) and decided.at <= now:
        plan.due[place.id] = Due(None, all_rules(decided))  # its arrival wakes the place
        _queue(plan, place, facts, decided, picture)
    else:
        plan.due[place.id] = Due(looks_at(decided), all_rules(decided))


def _queue(plan: _Plan, place: Waiting, facts: Facts, decided: NextSend, picture: Picture) -> None:
    known, kind = picture.known, decided.kind
    number = facts.round.number if facts.round else 0
    plan.found.append((place.id, kind, number))
    ask = known.asks.get(place.id)
    match kind:
        case Kind.INTRODUCTION:
            plan.decisions.append(_decision(place, decided, place.id, picture))
        case Kind.PAUSE_NOTE:
            subject_id = known.pauses[place.id].id
            plan.decisions.append(_decision(place, decided, subject_id, picture))
        case Kind.GIVE:
            _queue_give(plan, place, facts, decided, picture)
        case Kind.ASK:
            _queue_ask(plan, place, facts, decided, picture)
        case _ if ask is not None:
            plan.decisions.append(_decision(place, decided, ask.id, picture))


def _queue_ask(
    plan: _Plan, place: Waiting, facts: Facts, decided: NextSend, picture: Picture
) -> None:
    ask, week = picture.known.asks.get(place.id), facts.week_at(decided.at)
    if decided.joins:
        plan.due[place.id] = Due(decided.at, decided.rules)  # it looks after its host
    if ask is None:
        new = _new_ask(place, picture, week)
        if decided.joins:
            plan.joining.append((new, int(decided.joins)))
        else:
            plan.asks.append((new, decided.at))
        return
    if ask.slot is None:
        plan.adopted[ask.id] = week
    if ask.closed or ask.host_id is not None:
        plan.opened.append(ask.id)
    if decided.joins:
        plan.joined[ask.id] = int(decided.joins)
    else:
        plan.decisions.append(_decision(place, decided, ask.id, picture))


def _new_ask(place: Waiting, picture: Picture, week: int) -> NewAsk:
    known = picture.known
    cycle, plan = known.rounds[place.initiative_id], known.plans[place.initiative_id]
    return NewAsk(place, cycle, plan, week, "app")


def _queue_give(
    plan: _Plan, place: Waiting, facts: Facts, decided: NextSend, picture: Picture
) -> None:
    give = facts.give
    assert give is not None  # noqa: S101 - the policy gives nothing else
    plan.found[-1] = (place.id, Kind.GIVE, facts.week_at(decided.at))
    if give.id is not None:
        plan.given_again.append(give.id)
        plan.decisions.append(_decision(place, decided, give.id, picture))
        return
    new = NewGive(
        workspace_id=place.workspace_id,
        initiative_id=place.initiative_id,
        stakeholder_id=place.id,
        person_id=place.person_id,
        kind=give.kind,
        subject_id=give.subject_id,
    )
    plan.given.append((new, place, decided.at))


def _decision(place: Waiting, decided: NextSend, subject_id: int, picture: Picture) -> Decision:
    earlier = len(picture.known.messages.get((decided.kind, subject_id), ()))
    return _message(place, decided.kind, subject_id, decided.at, earlier)


def _message(
    place: Waiting, kind: Kind, subject_id: int, at: datetime, earlier: int = 0
) -> Decision:
    return Decision(
        workspace_id=place.workspace_id,
        kind=kind,
        subject_id=subject_id,
        recipient=place.slack_user_id,
        not_before=at,
        slot=str(earlier or ""),  # one that was dropped may be decided again later
        person_id=place.person_id,
        initiative_id=place.initiative_id,
    )


# --- writing ------------------------------------------------------------------------------------


def _write(tx: Tx, plan: _Plan, picture: Picture, now: datetime) -> None:
    pacing.reopen_asks(tx, plan.opened)
    pacing.adopt(tx, plan.adopted)
    _write_asks(tx, plan, picture, now)
    _write_gives(tx, plan, now)
    outbox.queue(tx, plan.decisions, now)
    dropped.add(tx, plan.lost, now)
    dropped.take_back(tx, plan.found)
    pacing.set_due(tx, plan.due)


def _write_asks(tx: Tx, plan: _Plan, picture: Picture, now: datetime) -> None:
    ids = pacing.add_asks(tx, [new for new, _ in plan.asks], now)
    for new, at in plan.asks:
        if new.place.id in ids:
            plan.decisions.append(_message(new.place, Kind.ASK, ids[new.place.id], at))
        else:
            plan.due[new.place.id] = Due(now + LOOK_AGAIN)
    hosts = {place: ask.id for place, ask in picture.known.asks.items()} | ids
    joining = [replace(new, host_id=hosts[host]) for new, host in plan.joining if host in hosts]
    pacing.add_asks(tx, joining, now)
    pacing.join(tx, {ask: hosts[host] for ask, host in plan.joined.items() if host in hosts})


def _write_gives(tx: Tx, plan: _Plan, now: datetime) -> None:
    gives.mark_decided(tx, plan.given_again, now)
    ids = gives.add(tx, [new for new, _, _ in plan.given], now, now)
    for _, place, at in plan.given:
        if place.id in ids:
            plan.decisions.append(_message(place, Kind.GIVE, ids[place.id], at))
        else:
            plan.due[place.id] = Due(now + LOOK_AGAIN)
