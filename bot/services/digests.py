"""Digests: what an owner reads on demand, and by a message when something happened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from bot.domain import digests as rules
from bot.domain import news, talks
from bot.domain.accounts import grouped, hang_on_low_answers
from bot.domain.calendars import Calendar, day_of
from bot.domain.cycles import Cycle
from bot.domain.digests import Digest, Facts
from bot.domain.figures import Figure
from bot.domain.held import Read
from bot.domain.initiatives import Initiative, Place, Stakeholder, Status
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Postpone, Send, Verdict
from bot.domain.people import Actor, Person
from bot.domain.states import RECENT
from bot.domain.talks import LOW
from bot.errors import Refused
from bot.services import (
    accounts,
    asking,
    calendars,
    commitments,
    initiatives,
    inputs,
    obstacles,
    people,
    talk_picks,
)
from bot.services import figures as published
from storage import audit, digests, figures, outbox, pauses, progress
from storage.database import Tx
from storage.digests import Lead

AT_ONCE = 5
"""How many owners one transaction deals with, so that answers get in between."""

NOT_STARTED = "It hasn't started yet: nobody has been written to, so there is nothing to tell."
GONE = "That summary isn't there any more. `/buyin status` shows how things are now."


def status(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Digest:
    """Return where an initiative is, for an owner who asks.

    Raises:
        Refused: if the actor does not lead it, or it has not started.
    """
    return _composed(tx, *_led(tx, actor, initiative_id, now), now)


def numbers(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Digest:
    """Return the same with nobody's facts in it, where only numbers are shown: it costs less.

    Raises:
        Refused: if the actor does not lead it, or it has not started.
    """
    return rules.compose(_facts(tx, *_led(tx, actor, initiative_id, now), now))


def facts_for(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Facts:
    """Return what is known of an initiative, as an owner of it may read it.

    Raises:
        Refused: if the actor does not lead it, or it has not started.
    """
    return _facts(tx, *_led(tx, actor, initiative_id, now), now)


def _led(
    tx: Tx, actor: Actor, initiative_id: int, now: datetime
) -> tuple[Initiative, Person, Lead]:
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is Status.DRAFT:
        raise Refused(NOT_STARTED)
    owner = next(one for one in initiative.owners if one.slack_user_id == actor.slack_user_id)
    lead = digests.lead(tx, initiative.id, owner.id)
    assert lead is not None  # noqa: S101 - `led` said so
    return initiative, owner, lead


def status_for(tx: Tx, actor: Actor, words: str, now: datetime) -> Digest:
    """Return the answer to `/buyin status words`; `words` may name the initiative.

    The last numbers of one that ended are there for 30 days.

    Raises:
        Refused: if it is not clear which, or the actor leads none.
    """
    chosen = initiatives.choose_led(tx, actor, words, now, ended_too=True)
    return status(tx, actor, chosen.id, now)


def load(tx: Tx, digest_id: int, now: datetime) -> Digest:
    """Return what a decided digest says now.

    Raises:
        Refused: if it is not there any more, or its reader leads the initiative no more.
    """
    decided = digests.get(tx, digest_id)
    lead = digests.lead(tx, decided.initiative_id, decided.person_id) if decided else None
    if lead is None:
        raise Refused(GONE)
    initiative = initiatives.load(tx, lead.initiative_id)
    owner = people.by_id(tx, lead.person_id)
    return _composed(tx, initiative, owner, lead, now)


def about(tx: Tx, initiative: Initiative, own: Stakeholder, now: datetime) -> tuple[Read, ...]:
    """Return what owners may read of one person, for that person.

    Owners who lead since the same moment read the same; one who came later reads less. Nothing is
    read of who shows in group figures only or is gone, nor after the end.
    """
    if own.group_only or own.place.is_gone:
        return ()
    if own.place is Place.NOT_MY_TOPIC:
        return (Read(initiative.owners, no_topic=own.person),)
    if initiative.status is not Status.RUNNING:
        return ()
    rounds = rounds_of(tx, initiative.id, now)
    someone = figures.people_of(tx, initiative.id, own.id)
    explain = digests.explain_in(tx, rounds.latest, [own.id])
    low = digests.low_in(tx, rounds.recent, LOW, [own.id]) if rounds.closed else None
    paused = pauses.quiet(tx, initiative.id, now, own.id)
    by_id = {owner.id: owner for owner in initiative.owners}
    found = []
    for since, leads in groupby(digests.leads_of(tx, initiative.id), lambda lead: lead.since):
        owners = tuple(by_id[lead.person_id] for lead in leads if lead.person_id in by_id)
        undone = own.id in digests.undone_since(tx, initiative.id, _lately(since, now))
        told = accounts.of_one(tx, initiative, someone[0], low, undone, since, now)
        wish = talks.wishes(talks.heard_by_name(someone, explain, since), initiative.tz)
        held = next((one for one in paused if one.since >= since), None)
        named = obstacles.of_owner(tx, initiative, someone, since, own.id).named.get(own.id)
        account = told.account and replace(told.account, barrier=named)
        first = next(iter(wish), None)
        found.append(Read(owners, account, told.talk, first, held, barrier=named))
    return tuple(found)


def wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether a digest may go out now: its reader still leads, and these are their hours."""
    decided = digests.get(tx, claimed.subject_id)
    lead = digests.lead(tx, decided.initiative_id, decided.person_id) if decided else None
    if decided is None or lead is None:
        return Drop("no_owner")
    whose = calendars.for_digests(tx, people.by_id(tx, decided.person_id), now)
    if news.is_open(now, whose):
        return Send()
    opening = news.next_opening(now, whose)
    if day_of(opening, whose) == day_of(now, whose):
        return Postpone(opening, "hours")
    digests.look_again(tx, lead.id, opening)  # what is new by then goes into one digest
    return Drop(digests.OVERTAKEN)


def watch(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock look at the owners of an initiative: it started, or one was added."""
    digests.look_at_all(tx, initiative_id, now)


def round_closed(tx: Tx, cycle: Cycle, now: datetime) -> None:
    """Have the clock look at the owners: a round closed."""
    digests.look_at_all(tx, cycle.initiative_id, now)


def decide_due(tx: Tx, now: datetime, limit: int) -> int:
    """Decide for at most `limit` owners whether to send a digest; return how many were due.

    Each is looked at once a working day, when their hours begin, and when a round closed.
    """
    due = digests.due(tx, now, min(limit, AT_ONCE))
    known = initiatives.load_many(tx, {lead.initiative_id for lead in due})
    for lead in due:
        initiative = known[lead.initiative_id]
        owner = next((one for one in initiative.owners if one.id == lead.person_id), None)
        if owner is None or initiative.status is not Status.RUNNING:
            digests.look_again(tx, lead.id, None)
            continue
        whose = calendars.for_digests(tx, owner, now)
        if news.is_open(now, whose) and not owner.stopped and not owner.is_deleted:
            _decide(tx, initiative, owner, lead, whose, now)
        digests.look_again(tx, lead.id, news.next_opening(now, whose))
    return len(due)


def _decide(
    tx: Tx, initiative: Initiative, owner: Person, lead: Lead, whose: Calendar, now: datetime
) -> None:
    facts = _facts(tx, initiative, owner, lead, now)
    fingerprint = news.fingerprint(rules.compose(facts))
    before = digests.last(tx, initiative.id, owner.id)
    started = max(initiative.started_at or initiative.created_at, lead.since)
    if not news.is_news(fingerprint, before, started, now, whose):
        return
    cycle_id = facts.closed.id if facts.closed else None
    where = initiative.workspace_id
    digest_id = digests.add(tx, where, lead, cycle_id, fingerprint.written(), now)
    audit.record(tx, where, "app", "digests.decided", "digest", digest_id, now)
    outbox.queue(tx, [_message(initiative, owner, digest_id, now)], now)


def _message(initiative: Initiative, owner: Person, digest_id: int, now: datetime) -> Decision:
    return Decision(
        workspace_id=initiative.workspace_id,
        kind=Kind.DIGEST,
        subject_id=digest_id,
        recipient=owner.slack_user_id,
        not_before=now,
        person_id=owner.id,
        initiative_id=initiative.id,
    )


@dataclass(frozen=True, slots=True)
class Rounds:
    """The last round that closed with a result, the open one, and whose answers still count."""

    closed: Cycle | None
    open: Cycle | None
    figures: Sequence[Figure]
    recent: Sequence[int]

    @property
    def latest(self) -> list[int]:
        """Return the ids of the last closed round and of the open one."""
        return [one.id for one in (self.closed, self.open) if one]


def rounds_of(tx: Tx, initiative_id: int, now: datetime) -> Rounds:
    """Return the rounds that a digest at `now` is about."""
    cycles = figures.cycles_of(tx, initiative_id)
    result = figures.newest(tx, initiative_id)
    number = result[0].round if result else 0
    closed = [one for one in cycles if one.closed_at and one.number <= number]
    running = next((one for one in cycles if one.closed_at is None and one.opens_at <= now), None)
    recent = [*closed[-rules.ROUNDS_BACK :], *([running] if running else [])]
    last = closed[-1] if closed else None
    return Rounds(last, running, result, [one.id for one in recent])


def _lately(since: datetime, now: datetime) -> datetime:
    """Return from when on a step left undone counts, for who leads since `since`."""
    return max(since, now - RECENT)


def _composed(tx: Tx, initiative: Initiative, owner: Person, lead: Lead, now: datetime) -> Digest:
    """Return the digest with those whom it names; only they are explained, at most nine."""
    facts = _facts(tx, initiative, owner, lead, now)
    named = {
        one.stakeholder_id: (one.person, group)
        for group, some in rules.to_name(facts).items()
        for one in some
    }
    explained = accounts.of_people(tx, initiative, named, facts.judged, lead.since, now)
    told = {one: replace(held, barrier=facts.named.get(one)) for one, held in explained.items()}
    history = published.history(tx, initiative.id) if facts.closed else ()
    worth = talk_picks.suggested(tx, facts, now)
    return rules.compose(replace(facts, accounts=told, history=history, talks=worth))


def _facts(tx: Tx, initiative: Initiative, owner: Person, lead: Lead, now: datetime) -> Facts:
    """Read everything, in a number of statements that does not grow with the people."""
    rounds = rounds_of(tx, initiative.id, now)
    closed, running = rounds.closed, rounds.open
    everyone = figures.people_of(tx, initiative.id)
    judged = accounts.judged(tx, initiative, lead.since, now)
    opened = [running.id] if running else []
    hangs = None if judged is None else [*hang_on_low_answers(everyone, judged)]
    low = digests.low_in(tx, rounds.recent, LOW, hangs) if closed else []
    doubted = talks.in_doubt(talks.heard_by_name(everyone, low, lead.since))
    undone = digests.undone_since(tx, initiative.id, _lately(lead.since, now))
    way = obstacles.of_owner(tx, initiative, everyone, lead.since)
    return Facts(
        initiative=initiative,
        owner=owner,
        since=lead.since,
        now=now,
        people=everyone,
        explain=digests.explain_in(tx, rounds.latest),
        low=low,
        answered=digests.answered_in(tx, rounds.latest if judged is None else opened),
        judged=judged,
        grouped=grouped(everyone, judged or {}, doubted | undone, closed.number if closed else 0),
        open=running,
        closed=closed,
        figures=rounds.figures,
        part=figures.part_of(tx, closed.id) if closed else None,
        inputs=inputs.open_for(tx, initiative.id, owner),
        steps=commitments.of_owner(tx, initiative.id),
        last_word=progress.last_word(tx, initiative.id) or initiative.started_at or now,
        reached=digests.asked_in(tx, running.id) if running else None,
        guess=digests.guess_of(tx, initiative.id, owner.id),
        asking=asking.of_initiative(tx, initiative, now),
        in_the_way=way.in_the_way,
        named=way.named,
        talks_asked=talk_picks.asked(tx, initiative, lead.since),
    )
