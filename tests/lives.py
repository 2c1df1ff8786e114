"""A made-up initiative lived week by week, with everything that can go wrong about time.

Every moment is written as it would be: rounds open and close, check-ins reach people or not,
answers are given, changed and taken back, steps are taken and missed, people choose, clocks step.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.domain.people import Choice
from bot.services import snapshots, stakeholders, standings
from storage import tables
from storage.database import Tx
from tests import histories, world
from tests.world import STARTED, World

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
OUTCOMES = ("kept", "partly", "moved", "not_kept", "missed")


def catch_up(tx: Tx, now: datetime) -> int:
    """Bring standings up to date as far as they are due at `now`; return in how many portions."""
    portions = 0
    while snapshots.snapshot_due(tx, now, 500):
        portions += 1
        assert portions < 200, "it never ends"
    return portions


class Life:
    """Lives `rounds` rounds of one initiative with `people` people; `seed` decides about it."""

    def __init__(self, tx: Tx, seed: int, people: int = 12, rounds: int = 6) -> None:
        self.tx = tx
        self.chance = random.Random(seed)
        self.people = people
        self.rounds = rounds
        self.world: World = world.build(tx, asked=people)
        self.now = STARTED
        self.asks: list[list[int]] = [[] for _ in range(people)]
        self.steps: list[tuple[int, int]] = []
        """Who chose each step, and its id."""
        standings.begin(tx, self.world.initiative_id, STARTED)

    def live(self) -> None:
        """Live all of it; standings are brought up to date now and then, as after downtime."""
        for number in range(1, self.rounds + 1):
            for week in range(2):
                start = STARTED + ((number - 1) * 2 + week) * WEEK + 2 * DAY
                for place in range(self.people):
                    self._ask(place, number, start + self.chance.random() * 3 * DAY)
                self._strange_things(number, start + 4 * DAY)
                self._look(start + 5 * DAY, often=0.8)  # after the Monday between
            closed = start + 5 * DAY
            histories.close_round(self.tx, self.world, number, self._stepping(closed))
            standings.close_cycle(self.tx, self.world.initiative_id, closed)
            self._look(closed, often=0.7)
        standings.close_cycle(self.tx, self.world.initiative_id, self.now)
        catch_up(self.tx, self.now)

    def _stepping(self, at: datetime) -> datetime:
        """Return `at` by a clock that sometimes stepped back."""
        return at - 9 * DAY if self.chance.random() < 0.15 else at

    def _look(self, at: datetime, often: float) -> None:
        self.now = at
        if self.chance.random() < often:
            catch_up(self.tx, at)

    def _ask(self, place: int, number: int, at: datetime) -> None:
        chance, tx, w = self.chance, self.tx, self.world
        if chance.random() < 0.3:
            return
        ends = {"closed_at": at + 2 * DAY, "end_reason": chance.choice(["next_ask", "not_now"])}
        kinds: list[dict[str, Any]] = [
            {},
            {},
            {},
            ends,
            {"delivered_at": None},
            {"delivered_at": None, "origin": "self"},
            {"visibility": "group"},
        ]
        given = [chance.choice([None, *range(1, 6)]) for _ in range(chance.choice([0, 0, 1, 3]))]
        ask = histories.ask(tx, w, place, at, given, cycle=number, values=chance.choice(kinds))
        self.asks[place].append(ask)
        if chance.random() < 0.3:
            what = chance.choice(["useful", "sure", "effort", "know"])
            value = None if what == "know" else chance.randint(1, 5)
            histories.tell(tx, w, ask, what, value, at + chance.random() * 2 * DAY)
        if chance.random() < 0.3:
            told = {at + DAY: chance.choice(OUTCOMES)} if chance.random() < 0.7 else {}
            self.steps.append((place, histories.step(tx, w, place, at, told)))
        elif chance.random() < 0.2:
            histories.not_now(tx, w, place, ask, at + DAY)

    def _strange_things(self, number: int, at: datetime) -> None:
        chance, tx, w = self.chance, self.tx, self.world
        if chance.random() < 0.5:
            self._choose(chance.randrange(self.people), at)
        if self.steps and chance.random() < 0.5:
            self._say_otherwise(*chance.choice(self.steps), at)
        known = tx.scalars(select(tables.Standing.stakeholder_id)).all()
        places = [w.stakeholder_ids.index(one) for one in known]
        if places and chance.random() < 0.3:  # a clock that is behind: before the round opened
            histories.ask(tx, w, chance.choice(places), at - 20 * DAY, [1], cycle=number)
            self._look_again(at)
        asks = [ask for place in places for ask in self.asks[place]]
        if asks and chance.random() < 0.4:  # something comes to light, or a clock is ahead
            moment = at + chance.choice([-30, -9, -3, 20]) * DAY
            histories.tell(tx, w, chance.choice(asks), "sure", chance.randint(1, 5), moment)
            self._look_again(at)

    def _say_otherwise(self, place: int, step: int, at: datetime) -> None:
        """Somebody says something else of their step than before."""
        own = stakeholders.load(self.tx, self.world.stakeholder_ids[place])
        standings.reconsider(self.tx, [own], at)
        told = {"workspace_id": own.workspace_id, "commitment_id": step, "told_at": at}
        outcome = self.chance.choice(OUTCOMES)
        self.tx.execute(insert(tables.CommitmentOutcome).values(outcome=outcome, **told))

    def _look_again(self, now: datetime) -> None:
        """Look at once: late facts are found only of people who still have an estimate then."""
        standings.close_cycle(self.tx, self.world.initiative_id, now)
        catch_up(self.tx, now)

    def _choose(self, place: int, at: datetime) -> None:
        w, own = self.world, self.world.stakeholder_ids[place]
        kind = self.chance.choice(
            [
                Choice.GROUP_ONLY,
                Choice.NO_ESTIMATE,
                Choice.ESTIMATE,
                Choice.STOP,
                Choice.NOT_MY_TOPIC,
                Choice.RESUME,
            ]
        )
        stakeholders.choose(self.tx, w.actor(place), own, kind, at)
        kept = select(tables.Standing.id).where(tables.Standing.stakeholder_id == own)
        if kind in stakeholders.UNESTIMATED:
            assert self.tx.scalars(kept).all() == []
