"""What gets in the way: named after a check-in, and whether it still does.

What somebody named without their name is known to the database alone. No audit line and nothing
that an owner gets says who it was.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.barriers import (
    FEW_WORDS,
    LONGEST,
    Barrier,
    BarrierFact,
    BarrierQuestion,
    Event,
    HeldBarrier,
    ReplyKind,
    SayForm,
    Verdict,
    comes_by_name,
)
from bot.domain.followups import Followed
from bot.domain.gives import OF_A_BARRIER, GiveKind
from bot.domain.initiatives import Initiative, Place, Stakeholder, Status, Visibility
from bot.domain.people import Actor
from bot.domain.words import cleaned
from bot.errors import FieldErrors, Refused
from bot.services import initiatives, stakeholders
from storage import audit, barriers, gives, pulses, received, texts
from storage.database import Tx
from storage.pulses import AskRow

FIELD, PICKED = "words", "what"
CLOSED = "That round has closed, so nothing was changed. `/buyin me` shows what you named."
GONE = "That isn't there any more, so nothing was changed. `/buyin status` shows what is."
NOT_RUNNING = "That initiative isn't running any more, so nothing was changed."
NOT_ASKED = "Nobody asks you about that any more, so nothing was changed."
NOTHING_NAMED = "Pick what gets in the way first."
EMPTY = "Write a few words first."
TOO_LONG = "Please keep it to {most} characters."


# --- in the check-in -----------------------------------------------------------------------------


def question(
    tx: Tx, ask: AskRow, initiative: Initiative, asked: Followed | None, now: datetime
) -> BarrierQuestion | None:
    """Return what somebody sees of the question in a finished check-in.

    `asked` is that it was asked there before; None if it would be the first time.
    """
    picked = barriers.picked(tx, ask.id) if asked else None
    return _question(ask, initiative, picked)


def _question(ask: AskRow, initiative: Initiative, picked: BarrierFact | None) -> BarrierQuestion:
    hidden = _is_hidden(ask)
    if picked and picked.event is Event.SOLVED:
        picked = None
    return BarrierQuestion(
        ask_id=ask.id,
        stakeholder_id=ask.place.id,
        initiative=initiative,
        chosen=picked.code if picked else None,
        named=picked is not None and picked.by_name and not hidden,
        group_only=hidden,
        has_words=picked is not None and picked.words_id is not None,
        revision=ask.revision,
    )


def _is_hidden(ask: AskRow) -> bool:
    return ask.place.group_only or ask.visibility is Visibility.GROUP


def pick(tx: Tx, actor: Actor, ask_id: int, code: Barrier, key: str, now: datetime) -> None:
    """Take what gets in the actor's way; the same again writes nothing.

    Raises:
        Refused: if the check-in is not the actor's own, or it is closed.
    """
    ask = _locked(tx, actor, ask_id)
    picked = barriers.picked(tx, ask_id)
    if picked and picked.code is code and picked.event is Event.NAMED:
        return
    if received.first_time(tx, actor.workspace_id, key, now):
        by_name = comes_by_name(code, group_only=_is_hidden(ask))
        _name(tx, ask, code, by_name, None, now)


def give_name(tx: Tx, actor: Actor, ask_id: int, key: str, now: datetime) -> None:
    """Let owners read with the actor's name what they named; again changes nothing.

    Raises:
        Refused: if the check-in is not the actor's own or is closed, or they show in group figures.
    """
    ask = _locked(tx, actor, ask_id)
    picked = barriers.picked(tx, ask_id)
    if picked is None or _is_hidden(ask):
        raise Refused(NOTHING_NAMED)
    wanted = comes_by_name(picked.code, group_only=False, wants=True) and not picked.by_name
    if wanted and received.first_time(tx, actor.workspace_id, key, now):
        _name(tx, ask, picked.code, True, picked.words_id, now)


def words_form(tx: Tx, actor: Actor, ask_id: int) -> BarrierQuestion:
    """Return what the actor may add a few words to.

    Raises:
        Refused: if the check-in is not theirs or is closed, or owners don't read it by name.
    """
    ask = _own(tx, actor, ask_id)
    found = _question(ask, initiatives.load(tx, ask.initiative_id), barriers.picked(tx, ask_id))
    if not found.named:
        raise Refused(NOTHING_NAMED)
    return found


def add_words(
    tx: Tx, actor: Actor, ask_id: int, words: str, key: str, now: datetime
) -> BarrierQuestion:
    """Keep a few words with what the actor named; the same `key` again keeps nothing.

    Raises:
        Refused: as `words_form`.
        FieldErrors: if there are no words, or too many.
    """
    ask, found = _locked(tx, actor, ask_id), words_form(tx, actor, ask_id)
    kept = fit(words, EMPTY, FEW_WORDS)
    if found.chosen and received.first_time(tx, actor.workspace_id, key, now):
        words_id = texts.keep(tx, actor.workspace_id, ask.place.person.id, kept, now)
        _name(tx, ask, found.chosen, True, words_id, now)
    return replace(found, has_words=True)


def _locked(tx: Tx, actor: Actor, ask_id: int) -> AskRow:
    """Return the actor's own ask, which a tap at the same moment waits for."""
    pulses.target(tx, ask_id)
    return _own(tx, actor, ask_id)


def _own(tx: Tx, actor: Actor, ask_id: int) -> AskRow:
    ask = pulses.load(tx, ask_id)
    if ask is None:
        raise Refused(stakeholders.NOT_YOURS)
    stakeholders.own_place(tx, actor, ask.place.id)
    if ask.round_closed or ask.closed_at is not None:
        raise Refused(CLOSED)
    return ask


def _name(
    tx: Tx, ask: AskRow, code: Barrier, by_name: bool, words_id: int | None, now: datetime
) -> None:
    _say(tx, ask.place, (Event.NAMED, code, by_name), now, ask.id, words_id)
    pulses.revise(tx, ask.id, ask.revision + 1)


def _say(
    tx: Tx,
    own: Stakeholder,
    said: tuple[Event, Barrier, bool],
    now: datetime,
    ask_id: int | None = None,
    words_id: int | None = None,
) -> None:
    """Append what somebody said, and let pacing know whether something is in their way."""
    fact_id = barriers.add(tx, own, said, now, ask_id, words_id)
    event, code, by_name = said
    gives.take_back_from(tx, [own.id], OF_A_BARRIER)
    is_open = event is not Event.SOLVED and code is not Barrier.RATHER_NOT_SAY
    answered = is_open and not own.group_only and _offer_answer(tx, own, event, code, now)
    # what nobody knows of may not even move a number that owners read
    barriers.attend(tx, [own.id], now if is_open and (by_name or answered) else None)
    who = own.person.slack_user_id if by_name else "app"
    what = f"barriers.{event.value}"
    audit.record(tx, own.workspace_id, who, what, "barrier_fact", fact_id, now)


def _offer_answer(tx: Tx, own: Stakeholder, event: Event, code: Barrier, now: datetime) -> bool:
    """Have the answer that is there already given to somebody who names it now."""
    reply = barriers.replies(tx, own.initiative_id).get(code)
    if reply is None or reply.kind is not ReplyKind.ANSWER or event is not Event.NAMED:
        return False
    gives.add(tx, [_give(own, GiveKind.BARRIER_ANSWER, reply.id)], now, None)
    return True


def _give(own: Stakeholder, kind: GiveKind, reply_id: int) -> gives.NewGive:
    return gives.NewGive(
        workspace_id=own.workspace_id,
        initiative_id=own.initiative_id,
        stakeholder_id=own.id,
        person_id=own.person.id,
        kind=kind,
        subject_id=reply_id,
    )


# --- of their own accord -------------------------------------------------------------------------


def say_form(tx: Tx, actor: Actor, stakeholder_id: int) -> SayForm:
    """Return what the actor fills in to say what gets in their way, whenever they want to.

    Raises:
        Refused: if the place is not theirs, they are not asked there, or it is not running.
    """
    own = stakeholders.own_place(tx, actor, stakeholder_id)
    initiative = running(initiatives.load(tx, own.initiative_id))
    if own.place is not Place.ACTIVE:
        raise Refused(NOT_ASKED)
    last = barriers.newest(tx, own.id)
    chosen = last.code if last and last.is_open else None
    return SayForm(initiative, own.id, own.group_only, chosen)


def say(
    tx: Tx,
    actor: Actor,
    stakeholder_id: int,
    what: tuple[str, str, bool],
    key: str,
    now: datetime,
) -> SayForm:
    """Take `what` gets in the actor's way: its code, words or "", and whether to give the name.

    The same `key` again keeps nothing. Words go nowhere without the name.

    Raises:
        Refused: as `say_form`.
        FieldErrors: if nothing was picked, or the words are too many.
    """
    form, own = say_form(tx, actor, stakeholder_id), stakeholders.load(tx, stakeholder_id)
    code, words, wants = what
    if code not in list(Barrier):
        raise FieldErrors({PICKED: NOTHING_NAMED})
    kept = fit(words, "", FEW_WORDS)
    by_name = comes_by_name(Barrier(code), group_only=own.group_only, wants=wants)
    if received.first_time(tx, actor.workspace_id, key, now):
        given = kept and by_name
        words_id = texts.keep(tx, own.workspace_id, own.person.id, kept, now) if given else None
        _say(tx, own, (Event.NAMED, Barrier(code), by_name), now, None, words_id)
    return replace(form, chosen=Barrier(code), named=by_name)


# --- is it solved? -------------------------------------------------------------------------------


def verdict(tx: Tx, actor: Actor, give_id: int, solved: bool, now: datetime) -> Verdict:
    """Take whether something is solved that an owner calls solved; again changes nothing.

    Raises:
        Refused: if the question is not the actor's own, or it has changed meanwhile.
    """
    found = gives.get(tx, give_id)
    if found is None or found[0].kind is not GiveKind.BARRIER_SOLVED:
        raise Refused(stakeholders.NOT_YOURS)
    own = stakeholders.own_place(tx, actor, found[1])
    initiative = running(initiatives.load(tx, own.initiative_id))
    reply, before = barriers.reply(tx, found[0].subject_id), barriers.newest(tx, own.id)
    if reply is None or before is None or before.code is not reply.code:
        raise Refused(GONE)
    event = Event.SOLVED if solved else Event.NOT_SOLVED
    by_name = before.by_name and not own.group_only
    if before.event is not event:
        _say(tx, own, (event, before.code, by_name), now, before.ask_id, before.words_id)
    return Verdict(initiative, own.id, reply.code, solved, by_name)


def gone(tx: Tx, actor: Actor, stakeholder_id: int, now: datetime) -> Verdict:
    """Take that what the actor named is not in the way any more; again changes nothing.

    Raises:
        Refused: if the place is not the actor's own, or they named nothing.
    """
    own = stakeholders.own_place(tx, actor, stakeholder_id)
    before = barriers.newest(tx, own.id)
    if before is None:
        raise Refused(GONE)
    by_name = before.by_name and not own.group_only
    if before.event is not Event.SOLVED:
        _say(tx, own, (Event.SOLVED, before.code, by_name), now, before.ask_id, before.words_id)
    return Verdict(initiatives.load(tx, own.initiative_id), own.id, before.code, True, by_name)


# --- what they read of it themselves --------------------------------------------------------------


def held(tx: Tx, place: Stakeholder) -> HeldBarrier | None:
    """Return what somebody named last and what came of it, for that person alone."""
    facts = barriers.of_place(tx, place.id)
    if not facts:
        return None
    fact, *earlier = facts
    reply = barriers.replies(tx, place.initiative_id).get(fact.code)
    found = texts.words_of(tx, [fact.words_id, reply.words_id if reply else None])
    return HeldBarrier(
        fact,
        found.get(fact.words_id or 0, ""),
        reply,
        found.get(reply.words_id or 0, "") if reply else "",
        tuple(earlier),
    )


def running(initiative: Initiative) -> Initiative:
    """Return the initiative if it runs.

    Raises:
        Refused: if it does not.
    """
    if initiative.status is not Status.RUNNING:
        raise Refused(NOT_RUNNING)
    return initiative


def fit(words: str, missing: str, most: int = LONGEST) -> str:
    """Return what was typed, fit to keep, in `most` characters.

    `missing` is what to say when there is nothing, "" if that is allowed.

    Raises:
        FieldErrors: if there are no words, or too many.
    """
    kept = cleaned(words)
    if missing and not kept:
        raise FieldErrors({FIELD: missing})
    if len(kept) > most:
        raise FieldErrors({FIELD: TOO_LONG.format(most=most)})
    return kept
