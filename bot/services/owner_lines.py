"""One line from an owner, to those whom attention is due and for whom there is nothing to give."""

from datetime import datetime, timedelta

from bot.domain import gives as rules
from bot.domain.gives import LINE_LONGEST, GiveKind, LineForm
from bot.domain.initiatives import Initiative, Status
from bot.domain.people import Actor
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import gives, initiatives, pacing_settings
from storage import audit, pacing, people, received, texts
from storage import gives as rows
from storage.database import Tx

FIELD = "words"
NOT_RUNNING = "That initiative isn't running, so nobody would get it and nothing was kept."
NOBODY = "Nobody waits for a line right now, so nothing was kept. Thank you all the same."
EMPTY = "Write a line first."
TOO_LONG = f"Please keep it to {LINE_LONGEST} characters."
SAME_AGAIN = timedelta(days=1)
"""The same words within so much time are the same line: a form that was sent twice."""

ONE_A_WEEK = timedelta(days=7)


def lacking(tx: Tx, initiative: Initiative, now: datetime) -> list[rows.Receiver]:
    """Return those whom attention is due, who would get something now, and for whom nothing is.

    Nobody in group figures is among them, and no view shows who is.
    """
    held = rows.receivers(tx, initiative.id, now)
    if not held:
        return []
    settings = pacing_settings.of(tx, initiative.workspace_id)
    if not settings.gives_a_week:
        return []
    shelf = gives.shelf(tx, held, now)
    found = []
    for place in held:
        given = gives.given_at(shelf, place)
        rests = rules.rests_until(given, now, settings) or now
        lately = bool(given) and given[-1] > now - ONE_A_WEEK
        if gives.to_give(shelf, place) is None and rests <= now and not lately:
            found.append(place)
    return found


def form(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> LineForm:
    """Return what an owner fills in.

    Raises:
        Refused: if they do not lead it, it is not running, or nobody waits for a line.
    """
    initiative = _led(tx, actor, initiative_id, now)
    people_waiting = len(lacking(tx, initiative, now))
    if not people_waiting:
        raise Refused(NOBODY)
    return LineForm(initiative, people_waiting)


def write(
    tx: Tx, actor: Actor, initiative_id: int, words: str, key: str, now: datetime
) -> LineForm:
    """Keep a line, which goes to each of them once; return to how many.

    The same `key`, or the same words on one day, keep nothing again.

    Raises:
        Refused: if they do not lead it, it is not running, or nobody waits for a line.
        FieldErrors: if there are no words, or too many.
    """
    initiative = _led(tx, actor, initiative_id, now)
    kept = cleaned(words)
    if not kept or len(kept) > LINE_LONGEST:
        raise FieldErrors({FIELD: TOO_LONG if kept else EMPTY})
    first = received.first_time(tx, actor.workspace_id, key, now)
    there = _kept_already(tx, initiative, kept, now)
    if there:
        return LineForm(initiative, there)
    held = lacking(tx, initiative, now) if first else []
    if not held:
        raise Refused(NOBODY)
    owner = people.by_slack_ids(tx, actor.workspace_id, [actor.slack_user_id])[actor.slack_user_id]
    text_id = texts.keep(tx, actor.workspace_id, owner.id, kept, now)
    rows.add(tx, [_give(place, text_id) for place in held], now, None)
    pacing.wake_attended(tx, initiative.id, now)
    who, what = actor.slack_user_id, "gives.line"
    audit.record(tx, initiative.workspace_id, who, what, "initiative", initiative.id, now)
    return LineForm(initiative, len(held))


def _kept_already(tx: Tx, initiative: Initiative, words: str, now: datetime) -> int:
    """Return how many get a line of the same words from before, 0 if nobody does."""
    lines = rows.lines(tx, initiative.id, now - SAME_AGAIN)
    found = texts.words_of(tx, list(lines))
    return sum(number for text_id, number in lines.items() if found.get(text_id) == words)


def _give(place: rows.Receiver, text_id: int) -> rows.NewGive:
    return rows.NewGive(
        workspace_id=place.workspace_id,
        initiative_id=place.initiative_id,
        stakeholder_id=place.id,
        person_id=place.person_id,
        kind=GiveKind.OWNER_LINE,
        subject_id=text_id,
    )


def _led(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    return initiative
