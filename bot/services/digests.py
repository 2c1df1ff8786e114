"""Digests: what an owner reads on demand, and by a message when something happened."""

from datetime import datetime

from bot.domain.cycles import Cycle
from bot.domain.digests import Digest
from bot.domain.people import Actor
from storage.database import Tx


def status(tx: Tx, actor: Actor, initiative_id: int, now: datetime) -> Digest:
    """Return where an initiative stands, for an owner who asks."""
    raise NotImplementedError


def load(tx: Tx, digest_id: int, now: datetime) -> Digest:
    """Return what a decided digest says now."""
    raise NotImplementedError


def watch(tx: Tx, initiative_id: int, now: datetime) -> None:
    """Have the clock look at the owners of an initiative that just started."""
    raise NotImplementedError


def round_closed(tx: Tx, cycle: Cycle, now: datetime) -> None:
    """Have the clock look at the owners: a round closed."""
    raise NotImplementedError


def decide_due(tx: Tx, now: datetime, limit: int) -> int:
    """Decide for at most `limit` owners whether to send a digest; return how many were due."""
    raise NotImplementedError
