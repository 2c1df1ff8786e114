"""Drafts: from the first form to the start. Nobody is written to before the owner starts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from bot.domain import drafts as rules
from bot.domain import weeks_ahead
from bot.domain.calendars import local_date
from bot.domain.drafts import (
    Draft,
    DraftSaved,
    Expansion,
    Launch,
    LeftOut,
    Members,
    OwnStep,
    Preview,
    Reference,
    What,
    Who,
)
from bot.domain.initiatives import (
    LARGEST,
    Initiative,
    Place,
    Stakeholder,
    Status,
    Visibility,
)
from bot.domain.introductions import Introduction
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Send, Verdict
from bot.domain.people import Actor, Person
from bot.domain.pulses import CheckIn
from bot.domain.times import NOTHING_SET
from bot.errors import FieldErrors, Refused, StaleForm
from bot.services import (
    commitments,
    digests,
    initiatives,
    pacing,
    pacing_settings,
    people,
    steps,
)
from storage import audit, drafts, outbox, received, stakeholders
from storage.database import Tx

NAMED = 10
"""How many people a reason for leaving somebody out names."""

NOT_YET = (
    "I'm still looking up whom you picked. I'll tell you when the draft is ready to start; "
    "if I don't within a few minutes, press *Edit* and save it again."
)
CHANGED = (
    "That draft was just changed in another window, so I kept it. "
    "Press *Discard* in my newest message about it."
)
CANNOT_START = "That draft can't start as it is. Press *Edit* in my newest message about it."


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved draft; `first_time` is False when the same form arrived again."""

    draft: Draft
    first_time: bool


def open_draft(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Draft:
    """Return a draft that `actor` leads, to be looked at or edited.

    Raises:
        Refused: if it is not theirs, has started or was discarded.
    """
    initiative = initiatives.led(tx, actor, initiative_id, now)
    if initiative.status is Status.RUNNING:
        raise Refused(f"{initiatives.named(initiative)} has started, so it is no draft any more.")
    if initiative.status is Status.ENDED:
        raise Refused(f"{initiatives.named(initiative)} was discarded or has ended.")
    return drafts.load(tx, initiative)


def unfinished(tx: Tx, actor: Actor, now: datetime) -> tuple[Initiative, ...]:
    """Return the drafts that `actor` leads, newest first."""
    owner = people.person(tx, actor, now)
    mine = initiatives.led_by(tx, owner.id)
    return tuple(one for one in mine if one.status is Status.DRAFT)


def save_what(
    tx: Tx, actor: Actor, seen: Reference | None, what: What, form_id: str, key: str, now: datetime
) -> Draft:
    """Keep step one; without `seen` it is a new draft, one only however often `key` arrives.

    Raises:
        FieldErrors: if fields need mending.
        StaleForm: if the draft was changed since `seen`.
        Refused: if it is no draft of theirs.
    """
    owner = people.person(tx, actor, now)
    wrong = rules.check_what(what, local_date(now, owner.tz))
    if wrong:
        raise FieldErrors(wrong)
    first = received.first_time(tx, actor.workspace_id, key, now)
    if seen is None:
        initiative_id = None if first else drafts.made_from(tx, owner.id, form_id)
        if initiative_id is None:
            initiative_id = drafts.add(tx, owner, what, form_id, now)
            _note(tx, owner, "initiatives.draft", initiative_id, now)
        return open_draft(tx, actor, initiative_id, now)
    open_draft(tx, actor, seen.id, now)
    if first:
        _advance(tx, seen, name=what.name, tz=owner.tz)
        drafts.rewrite_plan(tx, owner, seen.id, what, now)
    return open_draft(tx, actor, seen.id, now)


def save_who(tx: Tx, actor: Actor, seen: Reference, who: Who, key: str, now: datetime) -> Saved:
    """Keep step two. Channels and groups are looked up afterwards, see `expanded`.

    Raises:
        FieldErrors: if fields need mending, as far as the form and the directory can tell.
        StaleForm: if the draft was changed since `seen`.
        Refused: if it is no draft of theirs.
    """
    draft = open_draft(tx, actor, seen.id, now)
    owner = people.person(tx, actor, now)
    _check_who(tx, draft.initiative, owner, who, now)
    if not received.first_time(tx, actor.workspace_id, key, now):
        return Saved(draft, first_time=False)
    assert who.visibility  # noqa: S101 - checked above
    _advance(
        tx,
        seen,
        tz=owner.tz,
        channel_id=who.channel_id,
        visibility=who.visibility.value,
        first_date=who.first_on,
    )
    drafts.set_picks(tx, seen.id, who.picks)
    _note(tx, owner, "initiatives.picks", seen.id, now)
    return Saved(open_draft(tx, actor, seen.id, now), first_time=True)


def not_looked_up(tx: Tx, workspace_id: int) -> list[Draft]:
    """Return the drafts that wait to be looked up, as after a restart at the wrong moment."""
    ids = drafts.not_looked_up(tx, workspace_id)
    return [drafts.load(tx, one) for one in initiatives.load_many(tx, ids).values()]


def strangers(tx: Tx, workspace_id: int, members: Members) -> list[str]:
    """Return which of `members` the people directory does not know, as Slack ids."""
    ids = list(dict.fromkeys((*members.by_hand, *members.from_lists)))
    known = people.by_slack_ids(tx, workspace_id, ids)
    return [one for one in ids if one not in known]


def expanded(tx: Tx, seen: Reference, members: Members, now: datetime) -> bool:
    """Keep whom the picks of the draft come down to and tell the owners.

    Returns False, changing nothing, if the draft moved on since `seen`.
    """
    if not drafts.lock(tx, seen):  # an edit meanwhile would be lost, or meet the old picks' people
        return False
    initiative = initiatives.load(tx, seen.id)
    ids = [*members.by_hand, *members.from_lists]
    known = people.by_slack_ids(tx, initiative.workspace_id, ids)
    owners = {owner.slack_user_id for owner in initiative.owners}
    drafts.set_expansion(tx, seen.id, rules.expand(members, known, owners), LARGEST)
    outbox.queue(tx, [_saved_row(initiative, owner, now) for owner in initiative.owners], now)
    return True


def draft_saved(tx: Tx, initiative_id: int, now: datetime) -> DraftSaved:
    """Return what the owner reads about a draft that was saved and looked up."""
    initiative = initiatives.load(tx, initiative_id)
    expansion = drafts.load(tx, initiative).expansion or Expansion()
    problem = rules.problem_of(expansion, initiative.visibility)
    first_on = _first_date(initiative, now)
    dates: dict[date, int] = {}
    if problem is None:
        dates = _dates(tx, expansion.people, first_on, initiative.tz, now)
    return DraftSaved(
        initiative=replace(initiative, first_date=first_on),
        count=expansion.found,
        dates=tuple(sorted(dates.items())),
        left_out=_left_out(tx, initiative.workspace_id, expansion),
        unreadable=expansion.unreadable,
        failed=expansion.failed,
        problem=problem,
    )


def saved_still_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether "Draft saved" still is the newest word about the draft."""
    initiative = initiatives.load(tx, claimed.subject_id)
    if initiative.status is not Status.DRAFT or str(initiative.revision) != claimed.slot:
        return Drop("changed")
    return Send()


def preview(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Preview:
    """Return what starting the draft would do.

    Raises:
        Refused: if it is no draft of theirs, or cannot start as it is.
    """
    draft = open_draft(tx, actor, initiative_id, now)
    launch = _launch(tx, draft.initiative, _ready(draft).people, now)
    place = _sample(launch.initiative, now)
    return Preview(
        seen=draft.reference,
        introduction=Introduction(place, launch.initiative, first_on=launch.first_on),
        check_in=CheckIn(
            ask_id=0,
            initiative=launch.initiative,
            person=place.person,
            visibility=launch.initiative.visibility,
            is_first=True,
        ),
        launch=launch,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a draft would ask, with the first date it would have if it started now."""

    initiative: Initiative
    people: tuple[Person, ...]


def asked(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Asked:
    """Return whom a draft would ask.

    Raises:
        Refused: if it is no draft of theirs, or cannot start as it is.
    """
    draft = open_draft(tx, actor, initiative_id, now)
    first_on = _first_date(draft.initiative, now)
    return Asked(replace(draft.initiative, first_date=first_on), _ready(draft).people)


def start(tx: Tx, actor: Actor, seen: Reference, step: OwnStep, key: str, now: datetime) -> Launch:
    """Start the draft: from now on the people picked are written to. Again changes nothing.

    Raises:
        FieldErrors: if the owner's own step, or what people could do, needs mending.
        StaleForm: if the draft was changed since `seen`.
        Refused: if it is no draft of theirs, or cannot start as it is.
    """
    owner = people.person(tx, actor, now)
    acts = steps.acts_in(step.acts)
    if not received.first_time(tx, actor.workspace_id, key, now):
        return _launched(tx, initiatives.led(tx, actor, seen.id, now), now)
    draft = open_draft(tx, actor, seen.id, now)
    expansion = _ready(draft)
    first_on = _first_date(draft.initiative, now)
    _advance(tx, seen, status=Status.RUNNING.value, started_at=now, first_date=first_on)
    drafts.add_stakeholders(tx, draft.initiative, expansion.people, now)
    if step.words or step.due_on:
        commitments.promise(tx, owner.id, seen.id, step.words, step.due_on, now)
    if acts:
        steps.put(tx, owner, seen.id, acts, now)
    pacing.schedule_all(tx, seen.id, now)
    digests.watch(tx, seen.id, now)
    _note(tx, owner, "initiatives.start", seen.id, now)
    return _launched(tx, initiatives.load(tx, seen.id), now)


def discard(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Throw a draft away: its words are deleted and nobody is told.

    Raises:
        Refused: if it is no draft of theirs, or is changed at this very moment.
    """
    draft = open_draft(tx, actor, initiative_id, now)
    gone = {"status": Status.ENDED.value, "ended_at": now, "picked": {}, "skipped": {}}
    if not drafts.advance(tx, draft.reference, **gone):
        raise Refused(CHANGED)
    drafts.forget_words(tx, initiative_id)
    owner = people.person(tx, actor, now)
    _note(tx, owner, "initiatives.discard", initiative_id, now)
    return draft.initiative


def _check_who(tx: Tx, initiative: Initiative, owner: Person, who: Who, now: datetime) -> None:
    owners = {one.slack_user_id for one in initiative.owners}
    known = people.by_slack_ids(tx, initiative.workspace_id, who.picks.people)
    wrong = rules.check_who(who, known, owners, rules.earliest_first_date(now, owner.tz))
    if wrong:
        raise FieldErrors(wrong)


def _ready(draft: Draft) -> Expansion:
    """Return whom a draft would ask, without those who left since."""
    if draft.expansion is None:
        raise Refused(NOT_YET)
    present = tuple(person for person in draft.expansion.people if not person.is_deleted)
    gone = len(draft.expansion.people) - len(present)
    ready = replace(draft.expansion, people=present, found=draft.expansion.found - gone)
    if rules.problem_of(ready, draft.initiative.visibility):
        raise Refused(CANNOT_START)
    return ready


def _launch(tx: Tx, initiative: Initiative, asked: Sequence[Person], now: datetime) -> Launch:
    first_on = _first_date(initiative, now)
    dates = _dates(tx, asked, first_on, initiative.tz, now)
    pace = pacing_settings.of(tx, initiative.workspace_id)
    return Launch(
        initiative=replace(initiative, first_date=first_on),
        count=len(asked),
        introduction_on=min(dates, default=local_date(now, initiative.tz)),
        first_on=first_on,
        check_ins=weeks_ahead.check_ins(first_on, initiative.tz, initiative.cycle_days, pace),
        pace=pace,
    )


def _launched(tx: Tx, initiative: Initiative, now: datetime) -> Launch:
    places = stakeholders.of_initiative(tx, initiative.id)
    return _launch(tx, initiative, [place.person for place in places], now)


def _dates(
    tx: Tx, asked: Sequence[Person], first_on: date, tz: str, now: datetime
) -> dict[date, int]:
    """Return how many would first hear on each day, by nothing but their time zones.

    Whoever stopped all messages, is away or has hours of their own counts like everyone else:
    that is theirs alone to know.
    """
    everyone = [replace(person, stopped=False, times=NOTHING_SET) for person in asked]
    return pacing.preview(tx, everyone, first_on, tz, now)


def _sample(initiative: Initiative, now: datetime) -> Stakeholder:
    """Return a place that stands for everyone's: nobody's own choices show in a preview."""
    return Stakeholder(
        id=0,
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        person=replace(initiative.owners[0], stopped=False, group_only=False),
        place=Place.ACTIVE,
        added_at=now,
        introduced_at=None,
        group_only=initiative.visibility is Visibility.GROUP,
    )


def _first_date(initiative: Initiative, now: datetime) -> date:
    earliest = rules.earliest_first_date(now, initiative.tz)
    return max(initiative.first_date or earliest, earliest)


def _left_out(tx: Tx, workspace_id: int, expansion: Expansion) -> tuple[LeftOut, ...]:
    first = {reason: tuple(islice(ids, NAMED)) for reason, ids in expansion.skipped.items()}
    wanted = [one for ids in first.values() for one in ids]
    known = people.by_slack_ids(tx, workspace_id, wanted)
    names = {one: known[one].name if one in known else "" for one in wanted}
    return tuple(
        LeftOut(reason, tuple((one, names[one]) for one in ids), len(expansion.skipped[reason]))
        for reason, ids in first.items()
    )


def _saved_row(initiative: Initiative, owner: Person, now: datetime) -> Decision:
    return Decision(
        workspace_id=initiative.workspace_id,
        kind=Kind.DRAFT_SAVED,
        subject_id=initiative.id,
        recipient=owner.slack_user_id,
        not_before=now,
        slot=str(initiative.revision),
        person_id=owner.id,
        initiative_id=initiative.id,
    )


def _advance(tx: Tx, seen: Reference, **values: object) -> None:
    if not drafts.advance(tx, seen, **values):
        raise StaleForm("The draft was changed in another window.")


def _note(tx: Tx, who: Person, what: str, initiative_id: int, now: datetime) -> None:
    subject = ("initiative", initiative_id)
    audit.record(tx, who.workspace_id, who.slack_user_id, what, *subject, now)
