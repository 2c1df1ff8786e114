"""Ending an initiative: asking stops at once, and everyone asked is thanked."""

from datetime import datetime, timedelta

from bot.domain import endings as rules
from bot.domain.calendars import Calendar, jitter, local_date, next_working_moment
from bot.domain.endings import Ended, Farewell, LastWords
from bot.domain.initiatives import KEPT_AFTER_END, Initiative, Place, Stakeholder, Status
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Send, Verdict
from bot.domain.people import Actor
from bot.domain.pulses import EndReason
from bot.errors import FieldErrors, Refused
from bot.services import calendars, cycles, initiatives, people, retention, talk_endings
from storage import audit, endings, outbox, pacing, pacing_known, received, stakeholders, texts
from storage.database import Tx

SPREAD = 90
"""Minutes over which those who are outside their hours now are thanked in the morning."""

LONGEST_WAIT = KEPT_AFTER_END - timedelta(days=7)
"""How long a snooze holds the thanks back: they say when data goes, so they come before that."""


def ending(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Return a running initiative that `actor` may end.

    Raises:
        Refused: if it is not theirs, or does not run.
    """
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is Status.RUNNING:
        return initiative
    name = initiatives.named(initiative)
    if initiative.status is Status.ENDED:
        raise Refused(f"{name} has ended already.")
    raise Refused(f"{name} hasn't started. Press *Discard* in my message about it.")


def end(
    tx: Tx, actor: Actor, initiative_id: int, words: LastWords, key: str, now: datetime
) -> Ended:
    """End the initiative and thank everyone who was asked. Again changes nothing.

    Raises:
        FieldErrors: if the owner's lines need mending.
        Refused: if it is not theirs, or does not run.
    """
    if wrong := rules.check(words):
        raise FieldErrors(wrong)
    if not received.first_time(tx, actor.workspace_id, key, now):
        places = stakeholders.of_initiative(tx, initiative_id)
        return _ended(initiatives.led(tx, actor, initiative_id, now), places)
    initiative = ending(tx, actor, initiative_id, now)
    owner = people.person(tx, actor, now)
    kept = [
        texts.keep(tx, owner.workspace_id, owner.id, said, now)
        for said in (words.achieved, words.changed)
    ]
    if not endings.end(tx, initiative_id, now, achieved_id=kept[0], changed_id=kept[1]):
        raise Refused(f"{initiatives.named(initiative)} has ended already.")
    places = stakeholders.of_initiative(tx, initiative_id)
    _stop_asking(tx, initiative_id, places, now)
    retention.schedule(tx, initiative_id, now)
    thanked = [place for place in places if _is_thanked(place)]
    whose = calendars.of_many(tx, [place.person for place in thanked], now)
    outbox.queue(tx, [_farewell(one, whose[one.person.id], now) for one in thanked], now)
    who = (owner.workspace_id, owner.slack_user_id)
    audit.record(tx, *who, "initiatives.end", "initiative", initiative_id, now)
    return _ended(initiatives.load(tx, initiative_id), places)


def farewell(tx: Tx, stakeholder_id: int, now: datetime) -> Farewell:
    """Return what the last message about an initiative says to one person."""
    place = stakeholders.load(tx, stakeholder_id)
    if place is None:
        raise Refused(initiatives.GONE)
    initiative = initiatives.load(tx, place.initiative_id)
    deleted_at = (initiative.ended_at or now) + KEPT_AFTER_END
    return Farewell(
        stakeholder=place,
        initiative=initiative,
        words=LastWords(*endings.last_words(tx, initiative.id)),
        deleted_on=local_date(deleted_at, place.person.tz),
    )


def farewell_still_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the person still is to be thanked."""
    place = stakeholders.load(tx, claimed.subject_id)
    return Send() if place and _is_thanked(place) else Drop("stopped")


def _stop_asking(tx: Tx, initiative_id: int, places: list[Stakeholder], now: datetime) -> None:
    ids = [place.id for place in places]
    # What is paused ends with what is open, so that its message loses its buttons too
    pacing.reopen_asks(tx, _paused(tx, initiative_id, now))
    cycles.end(tx, initiative_id, now)
    stakeholders.end_asks(tx, ids, EndReason.INITIATIVE_ENDED, None, now)
    stakeholders.change(tx, ids, next_due_at=None)
    talk_endings.withdraw_all(tx, initiative_id, now)
    endings.drop_rows(tx, initiative_id, now)


def _paused(tx: Tx, initiative_id: int, now: datetime) -> list[int]:
    """Return the check-ins of the open round that *Not now* closed."""
    waiting = [
        one
        for one in pacing.of_initiative(tx, initiative_id)
        if one.place is Place.ACTIVE and one.snoozed_until is not None
    ]
    known = pacing_known.known(tx, waiting, now, now)
    return [ask.id for ask in known.asks.values() if ask.closed]


def _is_thanked(place: Stakeholder) -> bool:
    here = place.place is Place.ACTIVE and place.introduced_at is not None
    return here and not place.person.stopped and not place.person.is_deleted


def _farewell(place: Stakeholder, whose: Calendar, now: datetime) -> Decision:
    moment = min(max(now, place.snoozed_until or now), now + LONGEST_WAIT)
    late = jitter(f"farewell:{place.id}", SPREAD)
    return Decision(
        workspace_id=place.workspace_id,
        kind=Kind.FAREWELL,
        subject_id=place.id,
        recipient=place.person.slack_user_id,
        not_before=next_working_moment(moment, whose, late),
        person_id=place.person.id,
        initiative_id=place.initiative_id,
    )


def _ended(initiative: Initiative, places: list[Stakeholder]) -> Ended:
    return Ended(initiative, told=sum(map(_is_thanked, places)))
