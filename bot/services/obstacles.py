"""What owners read of what gets in people's way, answer to it, and call solved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import obstacles
from bot.domain.barriers import (
    STALE,
    Barrier,
    BarrierFact,
    BarrierForm,
    InTheWay,
    Known,
    Named,
    ReplyKind,
    is_closed,
    is_of,
)
from bot.domain.cycles import Cycle
from bot.domain.figures import Someone
from bot.domain.gives import OF_A_BARRIER, GiveKind
from bot.domain.initiatives import Initiative, Place, Status
from bot.domain.people import Actor, Person
from bot.errors import Refused
from bot.services import initiatives
from bot.services.barriers import EMPTY, GONE, fit, running
from storage import audit, barriers, digests, figures, gives, pacing, received, texts
from storage.database import Tx

CONFIRMED_WITHIN = timedelta(weeks=4)
"""For so long after an owner called something solved those who named it may be asked about it."""


def form(tx: Tx, actor: Actor, initiative_id: int, code: Barrier, now: datetime) -> BarrierForm:
    """Return what an owner answers or closes.

    Raises:
        Refused: if they do not lead it, it is not running, or they read nothing of it.
    """
    initiative, _ = _led(tx, actor, initiative_id, code, now)
    return BarrierForm(initiative, code)


def answer(
    tx: Tx, actor: Actor, about: tuple[int, Barrier], words: str, key: str, now: datetime
) -> BarrierForm:
    """Keep one answer to all who named something: each gets it once, between check-ins.

    `about` is (initiative id, what was named). The same `key` again keeps nothing.

    Raises:
        Refused: as `form`.
        FieldErrors: if there are no words, or too many.
    """
    return _reply(tx, actor, about, ReplyKind.ANSWER, fit(words, EMPTY), key, now)


def close(
    tx: Tx, actor: Actor, about: tuple[int, Barrier], words: str, key: str, now: datetime
) -> BarrierForm:
    """Call something solved; each who named it is asked whether it is. Words are optional.

    Raises:
        Refused: as `form`.
        FieldErrors: if the words are too many.
    """
    return _reply(tx, actor, about, ReplyKind.SOLVED, fit(words, ""), key, now)


def _reply(
    tx: Tx,
    actor: Actor,
    about: tuple[int, Barrier],
    kind: ReplyKind,
    words: str,
    key: str,
    now: datetime,
) -> BarrierForm:
    initiative, owner = _led(tx, actor, *about, now)
    done = BarrierForm(initiative, about[1])
    if not received.first_time(tx, actor.workspace_id, key, now):
        return done
    words_id = texts.keep(tx, actor.workspace_id, owner.id, words, now) if words else None
    reply_id = barriers.add_reply(tx, actor.workspace_id, about, kind, words_id, owner.id, now)
    _tell(tx, about, kind, reply_id, now)
    pacing.wake_owed(tx, initiative.id, now)
    who, what = actor.slack_user_id, f"barriers.{kind.value}"
    audit.record(tx, actor.workspace_id, who, what, "barrier_reply", reply_id, now)
    return done


def _tell(
    tx: Tx, about: tuple[int, Barrier], kind: ReplyKind, reply_id: int, now: datetime
) -> None:
    """Have everyone who named it get the reply, with or without their name; nobody hears who."""
    initiative_id = about[0]
    known, reply = barriers.known(tx, initiative_id), barriers.reply(tx, reply_id)
    mine = {fact.stakeholder_id for fact in known.facts if reply and is_of(fact, reply)}
    people = [
        one
        for one in figures.people_of(tx, initiative_id)
        if one.stakeholder_id in mine and one.place is Place.ACTIVE and not one.group_only
    ]
    ids = [one.stakeholder_id for one in people]
    gives.take_back_from(tx, ids, OF_A_BARRIER)
    answers = kind is ReplyKind.ANSWER
    what = GiveKind.BARRIER_ANSWER if answers else GiveKind.BARRIER_SOLVED
    gives.add(tx, [_to_give(one, initiative_id, what, reply_id) for one in people], now, None)
    barriers.attend(tx, ids, now)


def _to_give(one: Someone, initiative_id: int, kind: GiveKind, reply_id: int) -> gives.NewGive:
    where = one.person.workspace_id, initiative_id, one.stakeholder_id, one.person.id
    return gives.NewGive(*where, kind=kind, subject_id=reply_id)


def _led(
    tx: Tx, actor: Actor, initiative_id: int, code: Barrier, now: datetime
) -> tuple[Initiative, Person]:
    """Return what an owner may reply to: only what they read."""
    initiative = running(initiatives.led(tx, actor, initiative_id, now))
    owner = next(one for one in initiative.owners if one.slack_user_id == actor.slack_user_id)
    lead = digests.lead(tx, initiative.id, owner.id)
    known, people = barriers.known(tx, initiative.id), figures.people_of(tx, initiative.id)
    since = lead.since if lead else now
    by_name = obstacles.named(people, known, since, initiative.tz)
    found = obstacles.all_in_the_way(by_name, known, initiative.tz)
    if code not in {one.code for one in found}:
        raise Refused(GONE)
    return initiative, owner


# --- what is read --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """What an owner may read: all of it, and what each person named, by stakeholder id."""

    in_the_way: InTheWay | None
    named: dict[int, Named]


def of_owner(
    tx: Tx,
    initiative: Initiative,
    people: Collection[Someone],
    since: datetime,
    stakeholder_id: int | None = None,
) -> Read:
    """Return what an owner who leads since `since` may read of what gets in the way.

    With `stakeholder_id` only what that one named.
    """
    if initiative.status is not Status.RUNNING:
        return Read(None, {})
    ids = None if stakeholder_id is None else [stakeholder_id]
    known = barriers.known(tx, initiative.id, ids)
    by_name = obstacles.named(people, known, since, initiative.tz)
    told = obstacles.in_the_way(by_name, known, initiative.tz)
    return Read(told, {one: named for one, (_, named) in by_name.items()})


# --- when a round closes -------------------------------------------------------------------------


def round_closed(tx: Tx, workspace_id: int, cycle: Cycle, now: datetime) -> None:
    """Publish what people named without their name, and let go of what lies too long."""
    known = barriers.known(tx, cycle.initiative_id)
    if not known.facts:
        return
    people = figures.people_of(tx, cycle.initiative_id)
    asked = barriers.asked_since(tx, cycle.initiative_id, now - STALE)
    hidden = obstacles.hidden(people, known, asked, now)
    published = obstacles.publish(cycle.id, hidden, known, now)
    barriers.add_totals(tx, workspace_id, cycle.initiative_id, published, now)
    over = {
        fact.stakeholder_id for fact in known.facts if not _asks_for_attention(fact, known, now)
    }
    barriers.attend(tx, over & barriers.attended(tx, cycle.initiative_id), None)


def _asks_for_attention(fact: BarrierFact, known: Known, now: datetime) -> bool:
    if not fact.is_open or now - fact.at >= STALE:
        return False
    reply = known.replies.get(fact.code)
    asked_long_ago = reply is not None and now - reply.at >= CONFIRMED_WITHIN
    return not (is_closed(fact, reply) and asked_long_ago)
