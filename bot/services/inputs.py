"""Inputs: what people asked tell the owners, and what the owners reply.

A nameless giver appears in no log line and in no audit line, and in nothing an owner is given.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.initiatives import Initiative, Place, Stakeholder, Status
from bot.domain.inputs import (
    NAMELESS_FROM,
    About,
    Input,
    OpenInput,
    Outcome,
    Replied,
    Reply,
    ReplyTold,
    TellForm,
    next_full_hour,
    shuffled,
)
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Send, Verdict
from bot.domain.people import Actor, Person
from bot.domain.words import LONGEST, cleaned
from bot.errors import FieldErrors, Refused
from bot.services import initiatives, stakeholders
from storage import audit, inputs, outbox, pacing, people, received
from storage.database import Tx

NOT_ASKED = (
    "This is for the people who are asked about this initiative, and you aren't one of them. "
    "Nothing was sent; you can write to the people who lead it directly."
)
NOT_RUNNING = (
    "This initiative isn't running, so nobody would read it here and nothing was sent. "
    "You can write to the people who lead it directly."
)
GONE = "That isn't there any more, so nothing was changed."
ENDED = "This initiative has ended, so nothing was changed and nobody was told."
EMPTY = "Write a few words first."
NO_REASON = "Say why, in a line: the person who told you gets it."
TOO_LONG = f"Please keep it to {LONGEST:,} characters."
TOO_FEW = "Too few people are asked for your name to stay hidden. Choose “with my name”."


def form(tx: Tx, actor: Actor, initiative_id: int) -> TellForm:
    """Return what `actor` may fill in to tell the owners something.

    Raises:
        Refused: if the initiative is not running or the actor is not asked about it.
    """
    initiative, place = _asked(tx, actor, initiative_id)
    return _form(tx, initiative, place)


def wrong_form(tx: Tx, actor: Actor, stakeholder_id: int) -> TellForm:
    """Return what `actor` may fill in to say that what owners read about them is wrong.

    Raises:
        Refused: if the place is not the actor's own, or the initiative is not running.
    """
    own = stakeholders.own_place(tx, actor, stakeholder_id)
    initiative, place = _asked(tx, actor, own.initiative_id)
    return replace(_form(tx, initiative, place), stakeholder_id=place.id)


def _form(tx: Tx, initiative: Initiative, place: Stakeholder) -> TellForm:
    enough = inputs.people_asked(tx, initiative.id) >= NAMELESS_FROM
    return TellForm(initiative, enough, enough and place.group_only)


def tell(
    tx: Tx, actor: Actor, initiative_id: int, words: str, named: bool, key: str, now: datetime
) -> Input:
    """Keep what somebody tells the owners, who get it with the next digest.

    The same `key` again keeps nothing and returns what is there.

    Raises:
        Refused: if the initiative is not running or the actor is not asked about it.
        FieldErrors: if there are no words or too many, or too few people to be nameless.
    """
    initiative, place = _asked(tx, actor, initiative_id)
    if not received.first_time(tx, actor.workspace_id, key, now):
        return inputs.of_giver(tx, place.person.id, initiative_id)[-1]
    return _keep(tx, initiative, place, _words(words, EMPTY), named, About.INITIATIVE, now)


def tell_wrong(
    tx: Tx, actor: Actor, stakeholder_id: int, words: str, named: bool, key: str, now: datetime
) -> Input:
    """Keep that what owners read about the actor is wrong, with words or without.

    Owners get it with the next digest, and it is no evidence of anything. The same `key` again
    keeps nothing and returns what is there.

    Raises:
        Refused: if the place is not the actor's own, or the initiative is not running.
        FieldErrors: if there are too many words, or too few people to be nameless.
    """
    own = stakeholders.own_place(tx, actor, stakeholder_id)
    initiative, place = _asked(tx, actor, own.initiative_id)
    if not received.first_time(tx, actor.workspace_id, key, now):
        return inputs.of_giver(tx, place.person.id, initiative.id)[-1]
    return _keep(tx, initiative, place, _words(words, ""), named, About.STANDING, now)


def _keep(
    tx: Tx,
    initiative: Initiative,
    place: Stakeholder,
    words: str,
    named: bool,
    about: About,
    now: datetime,
) -> Input:
    if not named and inputs.people_asked(tx, initiative.id) < NAMELESS_FROM:
        raise FieldErrors({"named": TOO_FEW})
    giver, plan = place.person, (initiative.id, initiative.plan.version_id)
    input_id = inputs.add(tx, giver, plan, words, named, now, about)
    who = giver.slack_user_id if named else "app"
    audit.record(tx, giver.workspace_id, who, "inputs.told", "input", input_id, now)
    return Input(input_id, giver.workspace_id, initiative.id, giver, named, words, now, about=about)


def of_giver(tx: Tx, person_id: int) -> list[Input]:
    """Return everything a person told any owner, with the newest replies, oldest first.

    For that person's own eyes only.
    """
    return inputs.of_giver(tx, person_id)


def open_for(tx: Tx, initiative_id: int, viewer: Person) -> list[OpenInput]:
    """Return what waits for a reply, as the owner `viewer` may see it.

    The order says nothing about when it was told. A name shows if it was given, unless the
    giver chose group figures afterwards or `viewer` became an owner afterwards.
    """
    return _shown(tx, initiative_id, viewer, inputs.unanswered(tx, initiative_id))


def for_owner(tx: Tx, actor: Actor, input_id: int, now: datetime) -> OpenInput:
    """Return one input, replied to or not, as the owner who acts may see it.

    Raises:
        Refused: if it is not there, or the actor does not lead its initiative.
    """
    told, _, owner = _led(tx, actor, input_id, now)
    return _shown(tx, told.initiative_id, owner, [told])[0]


def reply(
    tx: Tx, actor: Actor, input_id: int, outcome: Outcome, words: str, key: str, now: datetime
) -> Replied:
    """Append what became of an input; its giver is told at the next full hour if it differs.

    Raises:
        Refused: if the actor does not lead the initiative, or it ended.
        FieldErrors: if "not used" has no reason, or the words are too long.
    """
    told, initiative, owner = _led(tx, actor, input_id, now)
    if initiative.status is not Status.RUNNING:
        raise Refused(ENDED)
    kept = _words(words, NO_REASON if outcome is Outcome.NOT_USED else "")
    first = received.first_time(tx, actor.workspace_id, key, now)
    before = told.reply
    if before and (not first or (before.outcome, before.words) == (outcome, kept)):
        return Replied(told.id, before, next_full_hour(before.replied_at), changed=False)
    added = inputs.add_reply(tx, told, outcome, kept, owner, now)
    outbox.queue(tx, [_answer(told, added, now)], now)
    pacing.wake_owed(tx, told.initiative_id, now)
    who = actor.slack_user_id
    audit.record(tx, told.workspace_id, who, "inputs.replied", "input", told.id, now)
    return Replied(told.id, added, next_full_hour(now), changed=True)


def tap(tx: Tx, actor: Actor, input_id: int, outcome: Outcome, key: str, now: datetime) -> Replied:
    """Append what became of an input, without words; words said before with it stay.

    Raises:
        Refused: if the actor does not lead the initiative, or it ended.
    """
    told = inputs.get(tx, input_id)
    before = told.reply if told else None
    words = before.words if before and before.outcome is outcome else ""
    return reply(tx, actor, input_id, outcome, words, key, now)


def wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether a reply is still to be told to the giver of its input."""
    found = inputs.replied(tx, claimed.subject_id)
    told = inputs.get(tx, found[0]) if found else None
    if told is None or told.reply is None:
        return Drop("gone")
    if told.reply.id != claimed.subject_id:
        return Drop("replaced")
    place = stakeholders.find(tx, told.initiative_id, told.giver.id)
    return Drop("stopped") if place and place.place is Place.STOPPED else Send()


def reply_told(tx: Tx, reply_id: int, now: datetime) -> ReplyTold:
    """Return what the message to the giver says.

    Raises:
        Refused: if the reply is not there any more.
    """
    found = inputs.replied(tx, reply_id)
    told = inputs.get(tx, found[0]) if found else None
    if found is None or told is None or told.reply is None:
        raise Refused(GONE)
    initiative = initiatives.load(tx, told.initiative_id)
    who = people.by_id(tx, found[1])
    return ReplyTold(initiative, told.words, told.named, told.reply, who, told.about)


def _asked(tx: Tx, actor: Actor, initiative_id: int) -> tuple[Initiative, Stakeholder]:
    initiative = initiatives.load(tx, initiative_id)
    person = people.find(tx, actor)
    place = person and stakeholders.find(tx, initiative_id, person.id)
    if not place or initiative.workspace_id != actor.workspace_id or place.place.is_gone:
        raise Refused(NOT_ASKED)
    if initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    return initiative, place


def _led(tx: Tx, actor: Actor, input_id: int, now: datetime) -> tuple[Input, Initiative, Person]:
    told = inputs.get(tx, input_id)
    if told is None or told.workspace_id != actor.workspace_id:
        raise Refused(GONE)
    initiative = initiatives.led(tx, actor, told.initiative_id, now)
    by_slack_id = {owner.slack_user_id: owner for owner in initiative.owners}
    return told, initiative, by_slack_id[actor.slack_user_id]


def _shown(tx: Tx, initiative_id: int, viewer: Person, told: list[Input]) -> list[OpenInput]:
    if not told:
        return []
    signed = [one.giver.id for one in told if one.named]
    hidden_from = inputs.group_only_since(tx, initiative_id, signed)
    leads_since = inputs.owner_since(tx, initiative_id, viewer.id)

    def giver(one: Input) -> Person | None:
        later = hidden_from.get(one.giver.id)
        unseen = leads_since is None or leads_since > one.created_at
        hidden = not one.named or unseen or (later is not None and later > one.created_at)
        return None if hidden else one.giver

    return shuffled(
        OpenInput(one.id, initiative_id, one.words, giver(one), one.about) for one in told
    )


def _words(words: str, missing: str) -> str:
    """Return the cleaned words; `missing` is what to say when there are none, "" if allowed."""
    kept = cleaned(words)
    if missing and not kept:
        raise FieldErrors({"words": missing})
    if len(kept) > LONGEST:
        raise FieldErrors({"words": TOO_LONG})
    return kept


def _answer(told: Input, reply: Reply, now: datetime) -> Decision:
    return Decision(
        workspace_id=told.workspace_id,
        kind=Kind.INPUT_REPLY,
        subject_id=reply.id,
        recipient=told.giver.slack_user_id,
        not_before=next_full_hour(now),
        person_id=told.giver.id,
        initiative_id=told.initiative_id,
    )
