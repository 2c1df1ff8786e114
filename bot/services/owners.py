"""Who leads an initiative: owners add others, hand it over and leave."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain import owner_settings as rules
from bot.domain.calendars import local_date
from bot.domain.initiatives import Initiative, Visibility
from bot.domain.outbox import Claimed, Decision, Drop, Kind, Send, Verdict
from bot.domain.owner_settings import Field, OwnerNote, OwnersChanged
from bot.domain.people import Actor, Person
from bot.errors import FieldErrors, Refused
from bot.services import initiatives, people, stakeholders
from bot.services.owner_settings import locked, running
from storage import audit, cycles, outbox, owner_settings
from storage.database import Tx

ADDED, REMOVED = "added", "removed"
LAST = "You're the only one who leads it now. Add somebody else first: *Settings*, *Who leads it*."
GONE = "That has changed again since, so there is nothing to tell."


def form(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Initiative:
    """Return an initiative with who leads it, for one of those.

    Raises:
        Refused: if the actor does not lead it, or it does not run.
    """
    return running(tx, actor, initiative_id, now)


def change(
    tx: Tx,
    actor: Actor,
    initiative_id: int,
    shown: Sequence[str],
    chosen: Sequence[str],
    now: datetime,
) -> OwnersChanged:
    """Have those lead it who were chosen and not `shown`, and not those who were shown only.

    What another owner changed meanwhile stays. Newcomers read what people answer by name from the
    round on whose check-ins name them, and are not asked themselves any more. All by Slack id.

    Raises:
        FieldErrors: if nobody would be left, or somebody cannot lead it.
        Refused: as for `form`.
    """
    initiative, by = locked(tx, actor, initiative_id, now)
    since = _reads_from(tx, initiative, now)
    added, gone = _wanted(tx, initiative, shown, chosen, since, now)
    rows = {one.id: owner_settings.add_owner(tx, initiative, one, since, now) for one in added}
    ended = owner_settings.end_owners(tx, initiative_id, [one.id for one in gone], now)
    _no_longer_asked(tx, initiative, added, actor, now)
    _tell(tx, initiative, by, [(one, rows[one.id], ADDED) for one in added], now)
    _tell(tx, initiative, by, [(one, ended[one.id], REMOVED) for one in gone], now)
    _record(tx, initiative, actor, {"owner_added": rows, "owner_removed": ended}, now)
    return OwnersChanged(
        initiative=initiatives.load(tx, initiative_id),
        added=tuple(added),
        removed=tuple(gone),
        reads_from=local_date(since, initiative.tz) if added and since > now else None,
        by_name=initiative.visibility is Visibility.NAMED,
    )


def _wanted(
    tx: Tx,
    initiative: Initiative,
    shown: Sequence[str],
    chosen: Sequence[str],
    since: datetime,
    now: datetime,
) -> tuple[list[Person], list[Person]]:
    """Return who is to lead it from now on, reading names from `since` on, and who no longer."""
    leading = {owner.slack_user_id: owner for owner in initiative.owners}
    new = [one for one in dict.fromkeys(chosen) if one not in shown and one not in leading]
    gone = [leading[one] for one in shown if one not in chosen and one in leading]
    left = [one for one in leading if leading[one] not in gone]
    known = people.by_slack_ids(tx, initiative.workspace_id, new)
    if wrong := rules.check_owners([*left, *new], new, known):
        raise FieldErrors(wrong)
    reads = dict(zip(leading, initiative.owners_since, strict=True))
    earliest = min([reads[one] for one in left] + [since] * bool(new))
    if gone and earliest > now:  # what people say until then would be for nobody to read
        raise FieldErrors(rules.nobody_reads(local_date(earliest, initiative.tz)))
    return [known[one] for one in new if one in known], gone


def _record(
    tx: Tx, initiative: Initiative, actor: Actor, changed: dict[str, dict[int, int]], now: datetime
) -> None:
    for what, rows in changed.items():
        who = (initiative.workspace_id, actor.slack_user_id, f"initiatives.{what}")
        audit.record_each(tx, *who, "initiative_owner", list(rows.values()), now)


def leave(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> OwnersChanged:
    """Have the actor lead it no more.

    Raises:
        Refused: if nobody else leads it, and as for `form`.
    """
    try:
        return change(tx, actor, initiative_id, [actor.slack_user_id], [], now)
    except FieldErrors as error:
        last = len(running(tx, actor, initiative_id, now).owners) == 1
        raise Refused(LAST if last else error.errors[Field.OWNERS]) from None


def _reads_from(tx: Tx, initiative: Initiative, now: datetime) -> datetime:
    """Return from when on every check-in that may be answered names who is added now."""
    if initiative.visibility is Visibility.GROUP:
        return now
    cycle = cycles.current(tx, initiative.id, now)
    told_without = cycle is not None and cycles.has_asks(tx, cycle.id)
    return max(cycle.closes_at, now) if cycle and told_without else now


def _no_longer_asked(
    tx: Tx, initiative: Initiative, added: Sequence[Person], by: Actor, now: datetime
) -> None:
    ids = {one.id for one in added}
    held = [one for one in stakeholders.of_initiative(tx, initiative.id) if one.person.id in ids]
    stakeholders.take_many_off(tx, [one for one in held if not one.place.is_gone], by, now)


def _tell(
    tx: Tx,
    initiative: Initiative,
    by: Person,
    changed: Sequence[tuple[Person, int, str]],
    now: datetime,
) -> None:
    """Have those read of it whom somebody else added or took out."""
    for _, row_id, _ in changed:
        owner_settings.note(tx, initiative, by, owner_settings.OWNER, str(row_id), now)
    decisions = [
        Decision(
            workspace_id=initiative.workspace_id,
            kind=Kind.OWNER_CHANGED,
            subject_id=row_id,
            recipient=person.slack_user_id,
            not_before=now,
            slot=what,
            person_id=person.id,
            initiative_id=initiative.id,
        )
        for person, row_id, what in changed
        if person.id != by.id
    ]
    outbox.queue(tx, decisions, now)


def note(tx: Tx, claimed: Claimed, now: datetime) -> OwnerNote:
    """Return what somebody reads who leads an initiative from now on, or no longer does.

    Raises:
        Refused: if it is not there any more.
    """
    row = owner_settings.owner(tx, claimed.subject_id)
    if row is None:
        raise Refused(GONE)
    initiative = initiatives.load(tx, row.initiative_id)
    leads = row.until is None
    later = leads and row.since > now and initiative.visibility is Visibility.NAMED
    return OwnerNote(
        initiative=initiative,
        person=people.by_id(tx, row.person_id),
        by=owner_settings.owner_changed_by(tx, row.id),
        leads=leads,
        reads_from=local_date(row.since, initiative.tz) if later else None,
    )


def note_wanted(tx: Tx, claimed: Claimed, now: datetime) -> Verdict:
    """Return whether it still is as the person is to read."""
    row = owner_settings.owner(tx, claimed.subject_id)
    if row is None:
        return Drop("gone")
    holds = claimed.slot == (ADDED if row.until is None else REMOVED)
    return Send() if holds else Drop("changed")
