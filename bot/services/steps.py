"""Steps that people choose: offered after a finished check-in, or of their own accord."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain import steps as rules
from bot.domain.calendars import local_date
from bot.domain.commitments import DATE_FIELD, LONGEST, WORDS_FIELD, Commitment, DueStep
from bot.domain.followups import Followed
from bot.domain.initiatives import Initiative, Place, Stakeholder, Status
from bot.domain.people import Actor, Person
from bot.domain.steps import (
    ACT_LONGEST,
    ACTS,
    ACTS_FIELD,
    FURTHEST,
    PLAN_FIELD,
    SHOWN,
    Chosen,
    MySteps,
    Offered,
    StepForm,
    StepOffer,
    StepPlace,
)
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import calendars, commitments, initiatives, people
from storage import (
    audit,
    digests,
    followups,
    pacing,
    pulses,
    received,
    stakeholders,
    steps,
    workspaces,
)
from storage import commitments as rows
from storage.database import Tx
from storage.pulses import AskRow

NOT_YOURS = "That belongs to somebody else, so nothing was changed. `/buyin steps` shows yours."
CLOSED = "That round has closed, so nothing was changed. `/buyin steps` lets you choose a step."
NOT_ASKED = "Nobody asks you about that any more, so nothing was changed."
NOT_OFFERED = "That isn't offered any more. `/buyin steps` lets you choose a step of your own."
ENOUGH = "You have a step there already, so nothing was added. `/buyin steps` shows it."
TOO_SOON = "That day is over. Choose today or later."
TOO_FAR = "That's more than three months away. Choose an earlier day."


# --- the offer in a finished check-in ----------------------------------------------------------


def offer(
    tx: Tx, ask: AskRow, initiative: Initiative, asked: Followed | None, now: datetime
) -> StepOffer | None:
    """Return what somebody sees of the offer of a step in a finished check-in, None for nothing.

    `asked` is that it was offered there before; None if it would be the first time. Whoever has
    an open step is offered no other one.
    """
    place, taken = ask.place, None
    if asked is None and _has_open(tx, place.id):
        return None
    if asked and asked.step_id:
        taken = rows.get(tx, asked.step_id)
    person, country = place.person, workspaces.country(tx, place.workspace_id)
    calendar = calendars.build(person.tz, person.times, country, now)
    days = rules.days_ahead(local_date(now, place.person.tz), calendar)
    if not days and taken is None:
        return None
    return StepOffer(
        ask_id=ask.id,
        acts=steps.acts(tx, initiative.id),
        days=days,
        taken=taken,
        declined=asked is not None and taken is None and asked.declined,
        group_only=place.group_only,
    )


def _has_open(tx: Tx, stakeholder_id: int) -> bool:
    return any(one.is_open for one in rows.of_place(tx, stakeholder_id))


def take(
    tx: Tx, actor: Actor, ask_id: int, act_id: int, due_on: date, key: str, now: datetime
) -> None:
    """Append that the actor will do an act of the owner's by the local date `due_on`.

    A step was chosen there before, or the same `key` again: nothing changes.

    Raises:
        Refused: if the check-in is not theirs or closed, or the act is not offered.
    """
    place = _open_ask(tx, actor, ask_id)
    if rows.of_ask(tx, ask_id) or not received.first_time(tx, actor.workspace_id, key, now):
        return
    words = _act_words(tx, place.initiative_id, act_id)
    _must_be_free(tx, place)
    if errors := _date_errors(due_on, place.person, now):
        raise Refused(errors[DATE_FIELD])
    _add(tx, place, Chosen(words, due_on), ask_id, now)


def _act_words(tx: Tx, initiative_id: int, act_id: int) -> str:
    offered = {one.id: one.words for one in steps.acts(tx, initiative_id)}
    if act_id not in offered:
        raise Refused(NOT_OFFERED)
    return offered[act_id]


def decline(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> None:
    """Append that the actor said *not now* to the offer in a check-in.

    Raises:
        Refused: if the check-in is not theirs or closed.
    """
    place = _open_ask(tx, actor, ask_id)
    asked = next((one for one in followups.of_place(tx, place.id) if one.ask_id == ask_id), None)
    if asked and not rows.of_ask(tx, ask_id):
        steps.decline(tx, place.workspace_id, asked.id, now)
        what = "steps.not_now"
        audit.record(tx, place.workspace_id, actor.slack_user_id, what, "ask", ask_id, now)


def _open_ask(tx: Tx, actor: Actor, ask_id: int) -> Stakeholder:
    """Lock an ask of the actor's, which will be drawn anew, and return whose place it is at."""
    target = pulses.target(tx, ask_id)
    mine = (actor.workspace_id, actor.slack_user_id)
    if target is None or (target.workspace_id, target.slack_user_id) != mine:
        raise Refused(NOT_YOURS)
    if target.closed_at is not None or target.status != Status.RUNNING.value:
        raise Refused(CLOSED)
    pulses.revise(tx, ask_id, target.revision + 1)
    ask = pulses.load(tx, ask_id)
    assert ask is not None  # noqa: S101 - it is locked
    return ask.place


# --- a step of one's own -------------------------------------------------------------------------


def form(tx: Tx, actor: Actor, stakeholder_id: int, ask_id: int | None, now: datetime) -> StepForm:
    """Return what the form for a step of one's own shows.

    Raises:
        Refused: if the place is not the actor's, or nobody asks them there.
    """
    place, initiative = _own_place(tx, actor, stakeholder_id)
    calendar = calendars.of(tx, place.person, now)
    days = rules.days_ahead(local_date(now, place.person.tz), calendar)
    return StepForm(place, initiative, days[-1] if days else None, ask_id)


def form_of_ask(tx: Tx, actor: Actor, ask_id: int, now: datetime) -> StepForm:
    """Return the same for the offer in a check-in.

    Raises:
        Refused: if it is not theirs, or nobody asks them there.
    """
    ask = pulses.load(tx, ask_id)
    if ask is None:
        raise Refused(NOT_YOURS)
    return form(tx, actor, ask.place.id, ask_id, now)


def choose(
    tx: Tx,
    actor: Actor,
    stakeholder_id: int,
    ask_id: int | None,
    chosen: Chosen,
    key: str,
    now: datetime,
) -> Initiative:
    """Append a step of the actor's own; return the initiative that it is for.

    With `ask_id` it answers the offer in that check-in, while that is open. The same `key` again
    changes nothing.

    Raises:
        FieldErrors: on fields of the form.
        Refused: if the place is not theirs, nobody asks them there, or they have an open step.
    """
    place, initiative = _own_place(tx, actor, stakeholder_id)
    errors = _words_errors(chosen) | _date_errors(chosen.due_on, place.person, now)
    if errors:
        raise FieldErrors(errors)
    if ask_id is not None and _open_ask(tx, actor, ask_id).id != place.id:
        raise Refused(NOT_YOURS)
    if not received.first_time(tx, actor.workspace_id, key, now):
        return initiative
    _must_be_free(tx, place)
    _add(tx, place, chosen, ask_id, now)
    return initiative


def _must_be_free(tx: Tx, place: Stakeholder) -> None:
    """Lock the place, so that two steps chosen at once are not both kept."""
    pacing.place(tx, place.id)
    if _has_open(tx, place.id):
        raise Refused(ENOUGH)


def _own_place(tx: Tx, actor: Actor, stakeholder_id: int) -> tuple[Stakeholder, Initiative]:
    place = stakeholders.load(tx, stakeholder_id)
    mine = (actor.workspace_id, actor.slack_user_id)
    if place is None or (place.workspace_id, place.person.slack_user_id) != mine:
        raise Refused(NOT_YOURS)
    initiative = initiatives.load(tx, place.initiative_id)
    if place.place is not Place.ACTIVE or initiative.status is not Status.RUNNING:
        raise Refused(NOT_ASKED)
    return place, initiative


def _add(tx: Tx, place: Stakeholder, chosen: Chosen, ask_id: int | None, now: datetime) -> None:
    assert chosen.due_on is not None  # noqa: S101 - checked by whoever calls
    person, words, plan = place.person, cleaned(chosen.words), cleaned(chosen.plan)
    to = {"stakeholder_id": place.id, "ask_id": ask_id}
    step_id = rows.add(tx, person, place.initiative_id, words, chosen.due_on, now, **to)
    if plan and (added := rows.get(tx, step_id)):
        rows.add_plan(tx, added, plan, now)
    who = person.slack_user_id
    audit.record(tx, place.workspace_id, who, "steps.chosen", "commitment", step_id, now)


def plan(
    tx: Tx, actor: Actor, commitment_id: int, words: str, key: str, now: datetime
) -> Commitment:
    """Append when and where the actor will do their step; return the step as it is now.

    Raises:
        FieldErrors: on `PLAN_FIELD`, if it is too long.
        Refused: if the step is not theirs, or it is over.
    """
    step = commitments.own(tx, actor, commitment_id).commitment
    kept = cleaned(words)
    if len(kept) > LONGEST:
        raise FieldErrors({PLAN_FIELD: commitments.TOO_LONG})
    if kept != step.plan and received.first_time(tx, actor.workspace_id, key, now):
        rows.add_plan(tx, step, kept, now)
    return commitments.own(tx, actor, commitment_id).commitment


# --- what one has, and what one offers ----------------------------------------------------------


def mine(tx: Tx, actor: Actor, now: datetime) -> MySteps:
    """Return the actor's steps in what still runs, and where they may choose one or offer some."""
    who = people.person(tx, actor, now)
    held = rows.of_person(tx, who.id)
    places = {place.id: place for place in stakeholders.of_person(tx, who.id, [Status.RUNNING])}
    led = [one for one in initiatives.led_by(tx, who.id) if one.status is Status.RUNNING]
    ids = {one.initiative_id for one in held} | {one.initiative_id for one in places.values()}
    about = initiatives.load_many(tx, ids)
    busy = {one.stakeholder_id for one in held if one.is_open}
    return MySteps(
        person=who,
        steps=tuple(
            DueStep(about[one.initiative_id], one, place=places.get(one.stakeholder_id or 0))
            for one in held
            if about[one.initiative_id].status is Status.RUNNING
        ),
        places=tuple(
            StepPlace(place, about[place.initiative_id], place.id not in busy)
            for place in places.values()
            if place.place is Place.ACTIVE and place.introduced_at
        ),
        led=tuple(_led(tx, one, who) for one in led),
    )


def _led(tx: Tx, initiative: Initiative, owner: Person) -> Offered:
    lead = digests.lead(tx, initiative.id, owner.id)
    named = rows.by_name(tx, initiative.id, lead.since) if lead else []
    acts, newest = steps.acts(tx, initiative.id), tuple(reversed(named[-SHOWN:]))
    return Offered(initiative, acts, newest, len(named) - len(newest))


def offered(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Offered:
    """Return what the owner who acts offers people to do.

    Raises:
        Refused: if the actor does not lead the initiative or it has ended.
    """
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is Status.ENDED:
        raise Refused(commitments.ENDED)
    return Offered(initiative, steps.acts(tx, initiative_id))


def set_offered(
    tx: Tx, actor: Actor, initiative_id: int, words: str, key: str, now: datetime
) -> Offered:
    """Append what the owner who acts offers from now on: an act a line, at most three.

    Raises:
        FieldErrors: on `ACTS_FIELD`.
        Refused: if the actor does not lead the initiative or it has ended.
    """
    before = offered(tx, actor, initiative_id, now)
    acts = acts_in(words)
    if acts == [one.words for one in before.acts]:
        return before
    if received.first_time(tx, actor.workspace_id, key, now):
        who = people.person(tx, actor, now)
        put(tx, who, initiative_id, acts, now)
    return replace(before, acts=steps.acts(tx, initiative_id))


def put(tx: Tx, author: Person, initiative_id: int, acts: Sequence[str], now: datetime) -> None:
    """Append what an initiative offers people to do from now on."""
    steps.set_acts(tx, author, initiative_id, acts, now)
    where, who = author.workspace_id, author.slack_user_id
    audit.record(tx, where, who, "steps.offered", "initiative", initiative_id, now)


def acts_in(words: str) -> list[str]:
    """Return the acts that an owner typed, one a line.

    Raises:
        FieldErrors: on `ACTS_FIELD`, if there are too many or one is too long.
    """
    acts = [" ".join(line.split()) for line in cleaned(words).splitlines() if line.strip()]
    acts = list(dict.fromkeys(acts))
    if len(acts) > ACTS:
        raise FieldErrors({ACTS_FIELD: f"At most {ACTS}, one a line. You have {len(acts)}."})
    if long := [one for one in acts if len(one) > ACT_LONGEST]:
        words = f"Please keep each to {ACT_LONGEST} characters; one has {len(long[0])}."
        raise FieldErrors({ACTS_FIELD: words})
    return acts


def _words_errors(chosen: Chosen) -> dict[str, str]:
    words, plan = cleaned(chosen.words), cleaned(chosen.plan)
    long = {PLAN_FIELD: commitments.TOO_LONG} if len(plan) > LONGEST else {}
    if not words:
        return {WORDS_FIELD: commitments.NO_WORDS} | long
    return ({WORDS_FIELD: commitments.TOO_LONG} if len(words) > LONGEST else {}) | long


def _date_errors(due_on: date | None, person: Person, now: datetime) -> dict[str, str]:
    today = local_date(now, person.tz)
    if due_on is None:
        return {DATE_FIELD: commitments.NO_DATE}
    if due_on < today:
        return {DATE_FIELD: TOO_SOON}
    return {DATE_FIELD: TOO_FAR} if due_on > today + FURTHEST else {}
