"""People: the directory, and what each chooses over all initiatives at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.calendars import zone
from bot.domain.people import Actor, Person, Profile, Setting, Settled
from bot.domain.pulses import EndReason
from bot.errors import Refused
from bot.services import calendars, stakeholders, standings, talk_endings
from storage import audit, people
from storage import stakeholders as places
from storage.database import Tx


def person(tx: Tx, actor: Actor, now: datetime) -> Person:
    """Return the person who acts; one nobody told us about yet is added."""
    known = people.find(tx, actor)
    if known is None:
        people.add(tx, actor, now)
        known = people.find(tx, actor)
        assert known is not None  # noqa: S101 - just added
    return known


def known(tx: Tx, actor: Actor) -> bool:
    """Return whether somebody told us about the person who acts, so that reading is enough."""
    return people.find(tx, actor) is not None


def by_id(tx: Tx, person_id: int) -> Person:
    """Return the person with this id of ours."""
    return people.by_id(tx, person_id)


def by_slack_ids(tx: Tx, workspace_id: int, slack_user_ids: Sequence[str]) -> dict[str, Person]:
    """Return who is known of `slack_user_ids`, by Slack's id; unknown ones are missing."""
    return people.by_slack_ids(tx, workspace_id, slack_user_ids)


def learn(tx: Tx, workspace_id: int, profiles: Sequence[Profile], now: datetime) -> None:
    """Take over what Slack's directory says, for any number of people at once.

    Whoever moved to another time zone is planned anew; whoever left the workspace is asked
    nothing any more.
    """
    sound = {
        profile.slack_user_id: replace(profile, tz=zone(profile.tz).key) for profile in profiles
    }
    before = people.by_slack_ids(tx, workspace_id, list(sound))
    people.learn(tx, workspace_id, list(sound.values()), now)
    moved = [known.id for slack_id, known in before.items() if known.tz != sound[slack_id].tz]
    calendars.changed(tx, moved, now)
    if any(profile.is_deleted for profile in profiles):
        stakeholders.left(tx, workspace_id, now)


def stop_all(tx: Tx, actor: Actor, now: datetime) -> Settled:
    """No more messages to this person, from any initiative, until they resume."""
    who = present(tx, actor, now)
    if who.stopped:
        return Settled(who, changed=False)
    stakeholders.silence(tx, [who], places.of_person(tx, who.id), EndReason.STOPPED, now)
    return _set(tx, who, Setting.STOP_ALL, now)


def resume_all(tx: Tx, actor: Actor, now: datetime) -> Settled:
    """Messages again: also from initiatives that this person had stopped one by one.

    What they called "not my topic" stays so.
    """
    who = present(tx, actor, now)
    revived = stakeholders.revive(tx, who, now)
    if not who.stopped and not revived:
        return Settled(who, changed=False)
    settled = _set(tx, who, Setting.RESUME_ALL, now)
    places.decide_again(tx, [who.id], now)
    return settled


def go_group_only(tx: Tx, actor: Actor, now: datetime) -> Settled:
    """Show this person in group figures only, everywhere; earlier answers are hidden too."""
    asked = places.of_person(tx, person(tx, actor, now).id)
    standings.forget(tx, asked)  # first of all: it locks initiatives, and they come before people
    who = present(tx, actor, now)
    if who.group_only:
        return Settled(who, changed=False)
    held = places.of_person(tx, who.id)
    stakeholders.redraw(tx, held, now)
    talk_endings.withdraw(tx, [place.id for place in held], now, unless_asked=True)
    return _set(tx, who, Setting.GROUP_ONLY, now)


def cannot_be_reached(tx: Tx, person_id: int, code: str, now: datetime) -> None:
    """Ask somebody nothing any more to whom Slack delivers nothing (`code` is Slack's reason)."""
    who = people.by_id(tx, person_id)
    if stakeholders.unreachable(tx, who, now):
        what = f"people.unreachable:{code}"
        audit.record(tx, who.workspace_id, "app", what, "person", who.id, now)


def synced(tx: Tx, workspace_id: int, now: datetime) -> None:
    """Remember that the whole directory was read."""
    people.note_synced(tx, workspace_id, now)


def last_synced(tx: Tx, workspace_id: int) -> datetime | None:
    """Return when the whole directory was read last, or None if it never was."""
    return people.last_synced(tx, workspace_id)


def present(tx: Tx, actor: Actor, now: datetime) -> Person:
    """Lock and return who acts; the sender locks people before their messages too.

    Raises:
        Refused: if Slack says that their account was deactivated.
    """
    who = people.lock(tx, person(tx, actor, now).id)
    if who.is_deleted:
        raise Refused(stakeholders.GONE)
    return who


def _set(tx: Tx, who: Person, setting: Setting, now: datetime) -> Settled:
    people.add_setting(tx, who, setting, now)
    audit.record(
        tx, who.workspace_id, who.slack_user_id, f"people.{setting.value}", "person", who.id, now
    )
    return Settled(people.by_id(tx, who.id), changed=True)
