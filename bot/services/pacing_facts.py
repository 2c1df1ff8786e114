"""What the policy is told about stakeholders: facts read in bulk, made into values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import budget, caps
from bot.domain.calendars import Calendar, day_of, local_date
from bot.domain.cycles import Cycle, week_of
from bot.domain.outbox import Kind, State
from bot.domain.pacing_facts import Asked, Facts, OpenRound
from bot.domain.pacing_settings import PacingSettings
from bot.services import calendars, gives, pacing_settings
from bot.services.gives import Shelf
from storage import pacing, pacing_known
from storage.database import Tx
from storage.pacing import Waiting
from storage.pacing_known import UNDER_WAY, AskRow, Before, Debt, Known, Message

ARRIVED = (State.SENT, State.DOUBT)
"""A message in doubt is not repeated, so it counts as one that is there."""

LOST = (State.FAILED, State.DROPPED)
NOT_ASKED, NO_DEBT = Before(None, None), Debt()
NOTE_TRIES = 3
"""How often a note that did not arrive is decided about."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything known about some places, and about the other places of the same people."""

    places: Sequence[Waiting]
    known: Known
    shelf: Shelf
    settings: dict[int, PacingSettings]
    """By workspace."""


def read(tx: Tx, places: Sequence[Waiting], now: datetime) -> Picture:
    """Return what is known about `places`, in a number of statements that does not grow."""
    known = pacing_known.known(tx, places, now - caps.LONGEST, now)
    shelf = gives.shelf(tx, places, now)
    workspace_ids = {place.workspace_id for place in places}
    decided = [rows[-1].id for rows in shelf.rows.values()]
    pacing_known.add_messages(tx, known, workspace_ids, (Kind.GIVE,), decided)
    return Picture(places, known, shelf, pacing_settings.of_many(tx, workspace_ids))


def of_person(picture: Picture) -> dict[int, list[Waiting]]:
    """Return the places of a picture by person."""
    people: dict[int, list[Waiting]] = {}
    for place in picture.places:
        people.setdefault(place.person_id, []).append(place)
    return people


def beside(picture: Picture, places: Sequence[Waiting], one: int, now: datetime) -> Facts:
    """Return the facts of one of a person's `places`, with what the others mean for it."""
    facts = [facts_of(place, picture) for place in places]
    return budget.beside(facts, one, picture.settings[places[one].workspace_id], now)


def facts_of(place: Waiting, picture: Picture) -> Facts:
    """Return what the policy is told about one place, without the person's other places."""
    known, shelf = picture.known, picture.shelf
    cycle, ask = known.rounds.get(place.initiative_id), known.asks.get(place.id)
    before = known.before.get(place.id, NOT_ASKED)
    debt = known.debts.get(place.initiative_id, NO_DEBT)
    calendar = calendars.build(place.tz, place.times, place.country, known.read_at)
    asked = _asked(ask, known) if ask else None
    attention = place.attention or gives.offers_talk(shelf, place)
    return Facts(
        seed=str(place.id),
        person=str(place.person_id),
        tz=place.tz,
        calendar=calendar,
        first_date=place.first_date,
        running=place.running,
        place=place.place,
        person_stopped=place.person_stopped,
        person_gone=place.person_gone,
        introduced_at=place.introduced_at or _introduced_in_doubt(place, known),
        snoozed_until=place.snoozed_until,
        on_its_way=any(one.state in UNDER_WAY for one in _messages(place, ask, picture)),
        initiative_tz=place.initiative_tz,
        cycle_days=place.cycle_days,
        round=_open_round(cycle, place.initiative_tz) if cycle else None,
        asked=asked,
        asked_at=place.asked_at,
        last_week=before.week,
        last_days=known.lengths.get(place.id, cycle.days if cycle else None),
        # what they only opened themselves puts nothing off
        heard_week=None if ask and asked is None else _week(place, before, calendar),
        misses=place.misses,
        settled=place.settled,
        fewer=place.fewer,
        attention=attention,
        give=gives.to_give(shelf, place) if attention else None,
        given_at=gives.given_at(shelf, place),
        paused_until=place.paused_until,
        halt=place.halt,
        note=_note_due(place, known),
        waiting_since=debt.waiting_since,
        unshared=debt.unshared,
        sent_at=tuple(known.sent.get(place.person_id, ())),
    )


def _week(place: Waiting, before: Before, calendar: Calendar) -> int | None:
    if before.opened_at is None:
        return None
    return week_of(place.first_date, day_of(before.opened_at, calendar))


def _messages(place: Waiting, ask: AskRow | None, picture: Picture) -> Iterator[Message]:
    messages = picture.known.messages
    yield from messages.get((Kind.INTRODUCTION, place.id), ())
    if ask:
        for kind in pacing.OF_AN_ASK:
            yield from messages.get((kind, ask.id), ())
    rows = picture.shelf.rows.get(place.id)
    if rows:
        yield from messages.get((Kind.GIVE, rows[-1].id), ())
    pause = picture.known.pauses.get(place.id)
    if pause:
        yield from messages.get((Kind.PAUSE_NOTE, pause.id), ())


def under_way(place: Waiting, picture: Picture) -> tuple[tuple[Kind, datetime], ...]:
    """Return what is decided for a place and has not left yet, gives aside, and when it is to."""
    ask, pause = picture.known.asks.get(place.id), picture.known.pauses.get(place.id)
    subjects = [(Kind.INTRODUCTION, place.id)]
    subjects += [(kind, ask.id) for kind in pacing.OF_AN_ASK if ask]
    subjects += [(Kind.PAUSE_NOTE, pause.id)] if pause else []
    found = [(kind, one) for kind, at in subjects for one in picture.known.messages[kind, at]]
    return tuple((kind, one.not_before) for kind, one in found if one.state in UNDER_WAY)


def _introduced_in_doubt(place: Waiting, known: Known) -> datetime | None:
    """An introduction whose arrival is unknown is not repeated; the check-in explains itself."""
    for message in known.messages.get((Kind.INTRODUCTION, place.id), ()):
        if message.state in ARRIVED:
            return message.sending_at
    return None


def _note_due(place: Waiting, known: Known) -> bool:
    pause = known.pauses.get(place.id)
    if pause is None or not pause.note:
        return False
    messages = known.messages.get((Kind.PAUSE_NOTE, pause.id), ())
    return len(messages) < NOTE_TRIES and all(one.state in LOST for one in messages)


def _open_round(cycle: Cycle, tz: str) -> OpenRound:
    opens_on = local_date(cycle.opens_at, tz)
    return OpenRound(
        number=cycle.number,
        opens_on=opens_on,
        opens_at=cycle.opens_at,
        closes_at=cycle.closes_at,
        by_hand=cycle.by_hand,
        days=cycle.days,
    )


def _asked(ask: AskRow, known: Known) -> Asked | None:
    """Return the check-in of the running round; one they only opened themselves is none yet."""
    messages = known.messages.get((Kind.ASK, ask.id), ())
    if ask.slot is None and not ask.answered and not messages:
        return None
    there = [one for one in messages if one.state in ARRIVED]
    waiting = [one for one in messages if one.state in UNDER_WAY]
    reminders = known.messages.get((Kind.REMINDER, ask.id), ())
    again = not there and not waiting
    joins = ""
    if ask.host_id is not None:
        joins = str(known.hosts[ask.host_id].stakeholder_id)
        again = again and ask.delivered_at is None and _is_lost(ask.host_id, known)
    return Asked(
        answered=ask.answered,
        delivered_at=ask.delivered_at or next((one.sending_at for one in there), None),
        reminded=any(one.state not in LOST for one in reminders),
        again=ask.closed or again,
        joins=joins,
        planned_at=next((one.not_before for one in waiting), None),
    )


def _is_lost(host_id: int, known: Known) -> bool:
    """Return whether a check-in can offer no other one any more, and has not offered it."""
    host, messages = known.hosts[host_id], known.messages.get((Kind.ASK, host_id), ())
    unseen = host.closed and not host.answered
    return unseen or all(one.state in LOST for one in messages)
