"""An agreed talk as calendars take it: who, when, and which version of it this is."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Meeting:
    """A talk in people's calendars; moments are aware, names and texts as people typed them.

    `uid` stays the same for good, whatever happens to the talk. Each change takes the next
    `sequence`, so that an older file never undoes a newer one. There are no e-mail addresses:
    the app knows none.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    """When this version came about."""
    title: str
    organizer: str
    attendees: tuple[str, ...] = ()
    details: str = ""
    cancelled: bool = False

    def moved(self, starts_at: datetime, ends_at: datetime, now: datetime) -> "Meeting":
        """Return the next version, at another time."""
        return replace(
            self,
            starts_at=starts_at,
            ends_at=ends_at,
            sequence=self.sequence + 1,
            changed_at=now,
        )

    def called_off(self, now: datetime) -> "Meeting":
        """Return the next version, which does not take place."""
        return replace(self, cancelled=True, sequence=self.sequence + 1, changed_at=now)


def uid(team_id: str, conversation_id: int) -> str:
    """Return what identifies a talk in every calendar; it tells nobody anything else."""
    digest = blake2b(f"{team_id}:{conversation_id}".encode(), digest_size=16)
    return f"{digest.hexdigest()}@buyin.invalid"
