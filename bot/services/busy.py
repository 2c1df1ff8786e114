"""Calendar feeds: which are to be read, and what reading one came to."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.busy import AGAIN_AFTER, FRESH, READ_EVERY, Problem, Reading
from bot.domain.people import Actor
from bot.domain.talk_hours import MyTalks
from bot.errors import Refused
from bot.services import people, talk_hours
from storage import audit, busy
from storage.busy import Due
from storage.database import Tx

NONE = "No calendar was connected, so nothing was changed."


def connect(tx: Tx, actor: Actor, sealed: str, reading: Reading, now: datetime) -> MyTalks:
    """Keep the actor's feed, of which `reading` just came, and forget the one before.

    `sealed` is its address, encrypted.

    Raises:
        Refused: if Slack says that their account was deactivated.
    """
    who = people.present(tx, actor, now)
    busy.put(tx, who.workspace_id, who.id, sealed, reading, now, now + READ_EVERY)
    _record(tx, actor, "feeds.connect", who.id, now)
    return talk_hours.of_person(tx, who, now)


def forget(tx: Tx, actor: Actor, now: datetime) -> MyTalks:
    """Delete the actor's feed and all its busy times.

    Raises:
        Refused: if there is none.
    """
    who = people.present(tx, actor, now)
    if not busy.forget(tx, who.id):
        raise Refused(NONE)
    _record(tx, actor, "feeds.forget", who.id, now)
    return talk_hours.of_person(tx, who, now)


def is_due(tx: Tx, workspace_id: int, now: datetime) -> bool:
    """Return whether any feed is to be read now."""
    return busy.is_due(tx, workspace_id, now)


def begin_due(tx: Tx, workspace_id: int, now: datetime, limit: int) -> list[Due]:
    """Return at most `limit` feeds to read now; nobody else is given them for a while."""
    found = busy.due(tx, workspace_id, now, limit)
    busy.begin(tx, [feed.id for feed in found], now, now + AGAIN_AFTER)
    return found


def look_again(tx: Tx, person_ids: Collection[int], now: datetime) -> None:
    """Have the calendars of people read at once to whom times are proposed, unless just read."""
    busy.look_again(tx, person_ids, now - FRESH, now)


def worked(tx: Tx, feed: Due, reading: Reading, now: datetime) -> bool:
    """Keep what was read; return False if another address was given meanwhile."""
    return busy.worked(tx, feed, reading, now, now + READ_EVERY)


def failed(tx: Tx, feed: Due, problem: Problem, now: datetime) -> bool:
    """Keep why a feed could not be read; its busy times stay. False as for `worked`."""
    return busy.failed(tx, feed, problem, now, now + AGAIN_AFTER)


def _record(tx: Tx, actor: Actor, what: str, person_id: int, now: datetime) -> None:
    audit.record(tx, actor.workspace_id, actor.slack_user_id, what, "person", person_id, now)
