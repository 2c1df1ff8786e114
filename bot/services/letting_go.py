"""What was due and is let go: noted with its reason, so that nothing is ever just missing."""

from datetime import datetime, timedelta

from bot.domain.cycles import Cycle
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Dropped, Rule, let_go
from storage import dropped
from storage.database import Tx
from storage.dropped import Of, Row

LAST_DAY = timedelta(days=1)
"""Nobody is asked so late in a round: whoever was to be looked at only then lost nothing."""

SHOWN = timedelta(days=28)
"""How far back people and owners are told of what was let go."""


def round_closed(tx: Tx, cycle: Cycle, now: datetime) -> None:
    """Note who was due in a round that closed and was not asked, and why."""
    found = dropped.unasked(tx, cycle.initiative_id, cycle.id)
    why = [(of, let_go(rules)) for of, rules in found]
    lost = [(of, Dropped(Kind.ASK, cycle.number, rule)) for of, rule in why if rule is not None]
    dropped.add(tx, lost, now)
    late = dropped.overlooked(
        tx, cycle.initiative_id, cycle.number, cycle.closes_at - LAST_DAY, unseen=False
    )
    _note_down(tx, late, cycle.number, now)


def round_unseen(
    tx: Tx, initiative_id: int, number: int, closes_at: datetime, now: datetime
) -> None:
    """Note who was not asked in a round that passed while the app was not running."""
    late = dropped.overlooked(tx, initiative_id, number, closes_at - LAST_DAY, unseen=True)
    _note_down(tx, late, number, now)


def _note_down(tx: Tx, late: list[Of], number: int, now: datetime) -> None:
    dropped.add(tx, [(of, Dropped(Kind.ASK, number, Rule.DOWN)) for of in late], now)


def of_person(tx: Tx, person_id: int, now: datetime) -> list[Row]:
    """Return what was let go for one person lately, oldest first; for that person's own eyes."""
    return dropped.of_person(tx, person_id, now - SHOWN)


def counts(tx: Tx, initiative_id: int, now: datetime) -> dict[tuple[Kind, Rule], int]:
    """Return how many of what was let go why in an initiative lately, group-only people included.

    Whoever shows it keeps to coarse numbers.
    """
    return dropped.counts(tx, initiative_id, now - SHOWN)
