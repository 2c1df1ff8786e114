"""Check-ins: taps, what a person sees of one, and what a tap under `More` means."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import calendars, caps
from bot.domain.figures import sentence
from bot.domain.initiatives import Initiative, Place, Status, Visibility
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Send, Verdict
from bot.domain.people import Actor, Person
from bot.domain.people import Choice as Wish
from bot.domain.pulses import (
    EXPLAIN,
    KNOW,
    AnswerFact,
    CheckIn,
    Choice,
    Coming,
    Drawn,
    EndReason,
    Explain,
    Given,
    Mine,
    OneMore,
    Question,
    Tapped,
    TapStatus,
)
from bot.errors import Refused
from bot.services import figures, followups, initiatives, people, progress, stakeholders
from storage import answers, cycles, outbox, pacing, pacing_known, pulses, received
from storage import stakeholders as places_held
from storage.database import Tx
from storage.pulses import AskRow, Held, Open

SELF = "self"
"""Where an ask comes from that the person started; the clock's are from the app."""

SNOOZES = (1, 7, 30)
"""Days that *Not now* may last; a week unless the person chooses otherwise."""

REDRAW_AFTER = timedelta(seconds=5)
"""Three quick taps elsewhere come to one edit of the message."""


def tap(tx: Tx, actor: Actor, ask_id: int, given: Choice, key: str, now: datetime) -> Tapped:
    """Append an answer of `actor` to an ask; the same again, or one that may not, writes nothing.

    `key` is what Slack's retry of the same click would carry again. The hot path: four statements.
    """
    row = pulses.target(tx, ask_id)
    if row is None:
        return Tapped(TapStatus.NOT_YOURS, ask_id)
    status = _status(row, actor)
    if status is not TapStatus.SAVED:
        return Tapped(status, ask_id, row.revision)
    if not received.first_time(tx, actor.workspace_id, key, now):
        return Tapped(TapStatus.REPEATED, ask_id, row.revision)
    if not pulses.append(tx, row.workspace_id, ask_id, given, now):
        return Tapped(TapStatus.SAME, ask_id, row.revision)
    pulses.revise(tx, ask_id, row.revision + 1)
    return Tapped(TapStatus.SAVED, ask_id, row.revision + 1)


def _status(row: pulses.Target, actor: Actor) -> TapStatus:
    if (row.workspace_id, row.slack_user_id) != (actor.workspace_id, actor.slack_user_id):
        return TapStatus.NOT_YOURS
    if row.is_deleted:
        return TapStatus.LEFT
    if row.status != Status.RUNNING.value:
        return TapStatus.ENDED
    return TapStatus.CLOSED if row.closed_at else TapStatus.SAVED


def check_in(tx: Tx, ask_id: int, now: datetime) -> CheckIn:
    """Return everything a person sees of one ask, as of `now`.

    Raises:
        Refused: if there is no such ask.
    """
    ask = _ask(tx, ask_id)
    return _check_in(tx, ask, initiatives.load(tx, ask.initiative_id), now)


def owned(tx: Tx, actor: Actor, ask_id: int) -> None:
    """Check that the ask is the actor's own.

    Raises:
        Refused: if it is not.
    """
    _own(tx, actor, ask_id)


def _ask(tx: Tx, ask_id: int) -> AskRow:
    ask = pulses.load(tx, ask_id)
    if ask is None:
        raise Refused(stakeholders.NOT_YOURS)
    return ask


def _own(tx: Tx, actor: Actor, ask_id: int) -> AskRow:
    ask = _ask(tx, ask_id)
    holder = ask.place.person
    if (holder.workspace_id, holder.slack_user_id) != (actor.workspace_id, actor.slack_user_id):
        raise Refused(stakeholders.NOT_YOURS)
    return ask


def _check_in(tx: Tx, ask: AskRow, initiative: Initiative, now: datetime) -> CheckIn:
    held = pulses.held(tx, ask.id)
    place, before = ask.place, ask.asked_before
    over = ask.round_closed or initiative.status is Status.ENDED
    closed = ask.closed_at is not None or over
    found = CheckIn(
        ask_id=ask.id,
        initiative=_as_seen(initiative, now),
        person=place.person,
        visibility=Visibility.GROUP if place.group_only else ask.visibility,
        answers=_answers(held),
        since=progress.news(tx, initiative, place.person.id, before, now) if before else (),
        overall=sentence(figures.published(tx, initiative.id)),
        closes_at=ask.closes_at,
        closed=closed,
        end_reason=ask.end_reason,
        dont_know=_knows_not(held),
        explain=_explain(held),
        snoozed_until=place.snoozed_until,
        revision=ask.revision,
        is_first=before is None,
        one_more=None if closed else _one_more(tx, ask, held, now),
        as_of=now,
        stakeholder_id=place.id,
        questions=ask.questions,
        new_owners=_new_owners(initiative, before, now),
    )
    return followups.add(tx, ask, found, now)


def _as_seen(initiative: Initiative, now: datetime) -> Initiative:
    """Return the initiative with those owners only who read this check-in's answers by name."""
    readers = initiative.readers(now)
    return initiative if readers == initiative.owners else replace(initiative, owners=readers)


def _new_owners(
    initiative: Initiative, before: datetime | None, now: datetime
) -> tuple[Person, ...]:
    """Return who leads it since the check-in before this one, opened `before`."""
    pairs = zip(initiative.owners, initiative.owners_since, strict=False)
    return tuple(owner for owner, since in pairs if before and before < since <= now)


def _answers(held: Mapping[str, Held]) -> dict[Question, Given]:
    return {
        question: Given(held[question].value, held[question].choice, held[question].answered_at)
        for question in Question
        if question in held
    }


def _knows_not(held: Mapping[str, Held]) -> bool:
    """Whether "I don't know enough" was the last word; an answer after it takes it back."""
    newest_answer = max((held[each].id for each in Question if each in held), default=0)
    return KNOW in held and held[KNOW].id > newest_answer


def _explain(held: Mapping[str, Held]) -> Explain | None:
    chosen = held[EXPLAIN].choice if EXPLAIN in held else None
    return Explain(chosen) if chosen in list(Explain) else None


def _one_more(tx: Tx, ask: AskRow, held: Mapping[str, Held], now: datetime) -> OneMore | None:
    if not all(question in held for question in ask.questions):
        return None
    others = pulses.open_for(tx, ask.place.person.id, now)
    for other in others:
        if other.initiative_id != ask.initiative_id and _is_waiting(other, now):
            return OneMore(other.initiative_id, other.name)
    return None


def _is_waiting(one: Open, now: datetime) -> bool:
    """Whether it was asked for and is not answered: nobody is offered what is not due."""
    halted = one.halted_until is not None and one.halted_until > now
    return one.is_open and not one.is_done and not halted


# --- /buyin -----------------------------------------------------------------------------------


def begin(tx: Tx, actor: Actor, now: datetime, initiative_id: int | None = None) -> Mine:
    """Return the check-in to show privately, started by the person if none was; or what is next.

    With `initiative_id` only that initiative's. One check-in at a time, unfinished ones first.
    """
    who = people.person(tx, actor, now)
    mine = [
        one
        for one in pulses.open_for(tx, who.id, now)
        if initiative_id in (None, one.initiative_id)
    ]
    mine.sort(key=lambda one: (one.is_done, not one.is_open))
    for one in mine:
        if one.is_open or not one.is_done:
            found = check_in(tx, _started(tx, one, now), now)
            followups.shown(tx, found, now)
            return Mine(found)
    return Mine(None, _coming(tx, who.id, now))


def _started(tx: Tx, one: Open, now: datetime) -> int:
    """Return the ask of this round; it is opened (again) if it is not open."""
    place = pacing.place(tx, one.stakeholder_id)  # locked: the clock may be about to ask as well
    known = pacing_known.known(tx, [place], now - caps.LONGEST, now)
    ask, cycle = known.asks.get(place.id), known.rounds.get(place.initiative_id)
    if ask is None and cycle is not None:
        new = pacing.NewAsk(place, cycle, known.plans[place.initiative_id], None, SELF)
        return pacing.add_asks(tx, [new], now)[place.id]
    if ask is None:
        raise Refused("That round has just closed, so there is nothing to answer now.")
    if ask.closed:
        pacing.reopen_asks(tx, [ask.id])
    if ask.host_id is not None and ask.delivered_at is None:
        pacing.delivered(tx, ask.id, now)  # it was offered in another one's message: now it shows
    return ask.id


def _coming(tx: Tx, person_id: int, now: datetime) -> tuple[Coming, ...]:
    places = [
        place
        for place in places_held.of_person(tx, person_id, [Status.RUNNING])
        if place.place is Place.ACTIVE
    ]
    about = initiatives.load_many(tx, {place.initiative_id for place in places})
    rounds = cycles.open_rounds(tx, list(about), now)
    coming = []
    for place in places:
        initiative, cycle = about[place.initiative_id], rounds.get(place.initiative_id)
        on = initiative.first_date
        if cycle:
            on = calendars.local_date(cycle.closes_at, place.person.tz)
        halt = initiative.halt
        if halt and halt.holds(now):
            rests = halt.ends_on(place.person.tz)
            on = max(on, rests) if on else rests
        today = calendars.local_date(now, place.person.tz)
        coming.append(Coming(initiative.name, on if on and on >= today else None))
    return tuple(coming)


# --- Not now and More -------------------------------------------------------------------------


def not_now(tx: Tx, actor: Actor, ask_id: int, days: int, now: datetime) -> CheckIn:
    """Leave the person alone about this initiative for `days` days (one of `SNOOZES`).

    Raises:
        Refused: if the ask is not the actor's own.
    """
    if days not in SNOOZES:
        raise Refused("That pause doesn't exist any more. Press *Not now* for those there are.")
    return _wish(tx, actor, ask_id, Wish.SNOOZE, now, now + timedelta(days=days))


def skip_round(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> CheckIn:
    """Leave the person alone about this initiative until the round closes."""
    ask = _own(tx, actor, ask_id)
    return _wish(tx, actor, ask_id, Wish.SNOOZE, now, max(ask.closes_at, now))


def not_my_topic(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> CheckIn:
    """Never ask the person about this initiative again."""
    return _wish(tx, actor, ask_id, Wish.NOT_MY_TOPIC, now)


def stop(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> CheckIn:
    """No messages any more, from any initiative."""
    _own(tx, actor, ask_id)
    people.stop_all(tx, actor, now)
    return check_in(tx, ask_id, now)


def answer_after_all(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> CheckIn:
    """Take *Not now* back: the same ask is open again while its round is."""
    ask = _own(tx, actor, ask_id)
    stakeholders.choose(tx, actor, ask.place.id, Wish.RESUME, now)
    if ask.closed_at and ask.end_reason is EndReason.NOT_NOW and not ask.round_closed:
        pacing.place(tx, ask.place.id)
        pacing.reopen_asks(tx, [ask_id])
    return check_in(tx, ask_id, now)


def _wish(
    tx: Tx, actor: Actor, ask_id: int, wish: Wish, now: datetime, until: datetime | None = None
) -> CheckIn:
    ask = _own(tx, actor, ask_id)
    if not ask.round_closed:  # a click on an old message must not silence the present round
        stakeholders.choose(tx, actor, ask.place.id, wish, now, until)
    return check_in(tx, ask_id, now)


def drawn(tx: Tx, ask_id: int, ts: str | None, now: datetime) -> Drawn:
    """Return what the message `ts` has to show now; None is one that only the person sees."""
    others = any(shown != ts for _, shown in outbox.messages_showing(tx, ask_id))
    return Drawn(check_in(tx, ask_id, now), others)


def revision(tx: Tx, ask_id: int) -> int:
    """Return how often the ask changed."""
    return pulses.revision(tx, ask_id) or 0


def show_elsewhere(tx: Tx, ask_id: int, now: datetime) -> None:
    """Have the messages that show the ask drawn again, because it was answered elsewhere."""
    ask = _ask(tx, ask_id)
    holder = ask.place.person
    decision = Decision(
        workspace_id=holder.workspace_id,
        kind=Kind.ASK_REDRAW,
        subject_id=ask_id,
        recipient=holder.slack_user_id,
        not_before=now + REDRAW_AFTER,
        slot=str(ask.revision),
        person_id=holder.id,
        initiative_id=ask.initiative_id,
    )
    outbox.queue(tx, [decision], now)


# --- what others ask about answers ------------------------------------------------------------


def participation(tx: Tx, cycle_id: int) -> tuple[int, int]:
    """Return how many were asked in a round and how many of them answered anything."""
    return answers.participation(tx, cycle_id)


def answers_of(tx: Tx, initiative_id: int, cycle_id: int | None = None) -> list[AnswerFact]:
    """Return the newest answer per ask and question, oldest first; of one round if named."""
    return answers.answers_of(tx, initiative_id, cycle_id)


# --- on the way out ---------------------------------------------------------------------------


def ask_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the check-in still is to be sent."""
    facts = pulses.verdict_facts(tx, claimed.subject_id)
    if facts is None:
        return Drop("gone")
    if facts.round_closed_at is not None:
        return Drop("round_closed")
    if facts.closed_at is not None:
        return Drop(facts.end_reason or "closed")
    if facts.answered:
        return Drop("answered")
    if facts.status != Place.ACTIVE.value:
        return Drop(facts.status)
    snoozed = facts.snoozed_until is not None and facts.snoozed_until > now
    return Drop("snoozed") if snoozed else Send()


def redraw_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether the message still has to be drawn again as of this revision."""
    facts = pulses.verdict_facts(tx, claimed.subject_id)
    if facts is None:
        return Drop("gone")
    if str(facts.revision) != claimed.slot:
        return Drop("newer")  # whatever moved it on drew it, or left a later row
    shown = outbox.messages_showing(tx, claimed.subject_id)
    return Send() if shown else Drop("not_shown")


def result_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether there is a message to turn into the round's result."""
    shown = outbox.messages_showing(tx, claimed.subject_id)
    return Send() if shown else Drop("not_shown")


def ask_arrived(tx: Tx, claimed: Claimed, channel: str, ts: str, now: datetime) -> None:
    """Note that the check-in stands in the person's DM; its reminder is decided next."""
    pacing.delivered(tx, claimed.subject_id, now)
