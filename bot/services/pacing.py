"""The clock looks at people: facts in bulk, one pure policy, rows for the outbox."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain import caps
from bot.domain.calendars import Calendar, local_date
from bot.domain.cycles import Cycle
from bot.domain.outbox import COUNTED, Decision, Kind, State
from bot.domain.pacing import next_send
from bot.domain.pacing_facts import Asked, Facts, NextSend, Nothing, OpenRound, looks_at
from bot.domain.pacing_settings import PacingSettings
from bot.domain.people import Person
from bot.services import calendars, cycles
from storage import outbox, pacing
from storage.database import Tx
from storage.pacing import AskRow, Known, Message, NewAsk, Waiting

SETTINGS = PacingSettings()
ARRIVED = (State.SENT, State.DOUBT)
"""A message in doubt is not repeated, so it counts as one that is there."""

LOST = (State.FAILED, State.DROPPED)


@dataclass(slots=True)
class _Plan:
    """What a batch comes to, before it is written."""

    asks: list[tuple[NewAsk, datetime]] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    due_at: dict[int, datetime | None] = field(default_factory=dict)


def plan_due(tx: Tx, now: datetime, limit: int) -> int:
    """Decide about at most `limit` stakeholders who are due, and queue what they get now.

    Returns how many were decided about. Nobody is decided about twice: the rows are locked, and
    each gets a later time to look again, or none until something happens.
    """
    places = pacing.due(tx, now, limit)
    known = pacing.known(tx, places, now - caps.LONGEST, now)
    plan = _Plan()
    for place in places:
        _decide(plan, place, known, now)
    _write(tx, plan, now)
    return len(places)


def schedule_all(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock take over an initiative that was just started."""
    cycles.schedule(tx, initiative_id, now)


def preview(
    tx: Tx, people: Sequence[Person], first_date: date, tz: str, now: datetime
) -> dict[date, int]:
    """Return how many of `people` would first hear on which date (local to each), sorted.

    `tz` is the initiative's zone. Those who get no messages at all are left out.
    """
    sent = pacing.sent_to(tx, [person.id for person in people], now - caps.LONGEST)
    whose = calendars.of_many(tx, people, now)
    found = (
        _first_heard(person, whose[person.id], first_date, sent.get(person.id, []), now)
        for person in people
    )
    return dict(sorted(Counter(day for day in found if day).items()))


def within_a_week(tx: Tx, initiative_id: int, now: datetime) -> tuple[int, int]:
    """Return how many would be asked in the next seven days, and how many not."""
    places = pacing.of_initiative(tx, initiative_id)
    known = pacing.known(tx, places, now - caps.LONGEST, now)
    asked = sum(_asked_by(place, known, now, now + caps.WINDOWS[0][0]) for place in places)
    return asked, len(places) - asked


def _first_heard(
    person: Person, calendar: Calendar, first_date: date, sent: Iterable[datetime], now: datetime
) -> date | None:
    facts = Facts(
        seed=str(person.id),
        tz=person.tz,
        calendar=calendar,
        first_date=first_date,
        person_stopped=person.stopped,
        person_gone=person.is_deleted,
        sent_at=tuple(sent),
    )
    match next_send(facts, SETTINGS, now):
        case NextSend(_, at):
            return local_date(at, person.tz)
        case Nothing():
            return None


def _asked_by(place: Waiting, known: Known, now: datetime, until: datetime) -> bool:
    facts = replace(facts_of(place, known), on_its_way=False)
    decision = next_send(facts, SETTINGS, now)
    if isinstance(decision, NextSend) and decision.kind is Kind.INTRODUCTION:
        introduced = replace(
            facts, introduced_at=decision.at, sent_at=(*facts.sent_at, decision.at)
        )
        decision = next_send(introduced, SETTINGS, decision.at)
    if isinstance(decision, Nothing):
        return False
    return decision.kind is Kind.ASK and decision.at <= until


def _decide(plan: _Plan, place: Waiting, known: Known, now: datetime) -> None:
    decision = next_send(facts_of(place, known), SETTINGS, now)
    plan.due_at[place.id] = None
    match decision:
        case NextSend(kind, at) if at <= now:
            _queue(plan, place, known, kind, at)
            if kind in COUNTED:
                known.sent[place.person_id].append(at)
        case _:
            plan.due_at[place.id] = looks_at(decision)


def _queue(plan: _Plan, place: Waiting, known: Known, kind: Kind, at: datetime) -> None:
    ask = known.asks.get(place.id)
    if kind is Kind.INTRODUCTION:
        plan.decisions.append(_decision(place, kind, place.id, at, known))
    elif ask is None:
        plan.asks.append((_new_ask(place, known, "app", at), at))
    else:
        plan.decisions.append(_decision(place, kind, ask.id, at, known))
        if ask.closed:
            plan.reopened.append(ask.id)


def _new_ask(place: Waiting, known: Known, origin: str, now: datetime) -> NewAsk:
    slot = facts_of(place, known).week_at(now) if origin == "app" else None
    cycle, plan = known.rounds[place.initiative_id], known.plans[place.initiative_id]
    return NewAsk(place, cycle, plan, slot, origin)


def _write(tx: Tx, plan: _Plan, now: datetime) -> None:
    ids = pacing.add_asks(tx, [new for new, _ in plan.asks], now)
    nothing_known = Known(now)
    for new, at in plan.asks:
        if new.place.id in ids:
            ask_id = ids[new.place.id]
            plan.decisions.append(_decision(new.place, Kind.ASK, ask_id, at, nothing_known))
    pacing.reopen_asks(tx, plan.reopened)
    outbox.queue(tx, plan.decisions, now)
    pacing.set_due(tx, plan.due_at)


def _decision(place: Waiting, kind: Kind, subject_id: int, at: datetime, known: Known) -> Decision:
    earlier = len(known.messages.get((kind, subject_id), ()))
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


def facts_of(place: Waiting, known: Known) -> Facts:
    """Return what the policy is told about one stakeholder."""
    cycle = known.rounds.get(place.initiative_id)
    week = known.weeks.get(place.id)
    ask = known.asks.get(place.id)
    messages = list(_messages(place, ask, known))
    return Facts(
        seed=str(place.id),
        person=str(place.person_id),
        tz=place.tz,
        calendar=calendars.build(place.tz, place.times, place.country, known.read_at),
        first_date=place.first_date,
        running=place.running,
        place=place.place,
        person_stopped=place.person_stopped,
        person_gone=place.person_gone,
        introduced_at=place.introduced_at or _introduced_in_doubt(place, known),
        snoozed_until=place.snoozed_until,
        on_its_way=any(message.state in pacing.UNDER_WAY for message in messages),
        sent_at=tuple(known.sent.get(place.person_id, ())),
        round=_open_round(cycle, place.initiative_tz) if cycle else None,
        asked=_asked(ask, known) if ask else None,
        last_week=week,
        heard_week=week,
    )


def _messages(place: Waiting, ask: AskRow | None, known: Known) -> Iterator[Message]:
    yield from known.messages.get((Kind.INTRODUCTION, place.id), ())
    if ask:
        for kind in pacing.OF_AN_ASK:
            yield from known.messages.get((kind, ask.id), ())


def _introduced_in_doubt(place: Waiting, known: Known) -> datetime | None:
    """An introduction whose arrival is unknown is not repeated; the check-in explains itself."""
    for message in known.messages.get((Kind.INTRODUCTION, place.id), ()):
        if message.state in ARRIVED:
            return message.sending_at
    return None


def _open_round(cycle: Cycle, tz: str) -> OpenRound:
    opens_on = local_date(cycle.opens_at, tz)
    return OpenRound(cycle.number, opens_on, cycle.opens_at, cycle.closes_at)


def _asked(ask: AskRow, known: Known) -> Asked:
    messages = known.messages.get((Kind.ASK, ask.id), ())
    out = [message for message in messages if message.state in ARRIVED]
    reminders = known.messages.get((Kind.REMINDER, ask.id), ())
    return Asked(
        answered=ask.answered,
        delivered_at=ask.delivered_at or next((one.sending_at for one in out), None),
        reminded=any(one.state not in LOST for one in reminders),
        again=ask.closed or not out,
    )
