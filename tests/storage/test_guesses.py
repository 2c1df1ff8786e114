"""Guesses: once, privately, before the first round closes; then beside the answer."""

import pytest

from bot.domain.guesses import GUESS_FIELD, Guess
from bot.domain.initiatives import Place
from bot.errors import FieldErrors, Refused
from bot.services import digests, guesses
from storage import tables
from storage.database import Database, Tx
from tests import rounds, world
from tests.world import MONDAY, rows


async def test_a_guess_is_kept_once_and_stands_beside_the_answer(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        assert digests.status(tx, w.leader, w.initiative_id, MONDAY).may_guess
        assert guesses.form(tx, w.leader, w.initiative_id, MONDAY).asked == 6
        for _ in range(2):  # Slack may deliver a submission twice
            kept = guesses.guess(tx, w.leader, w.initiative_id, "4", "key", MONDAY)
            assert kept == Guess(4, 6)
        assert [row["useful_count"] for row in rows(tx, tables.OwnerGuess)] == [4]
        with pytest.raises(Refused, match="already guessed 4"):
            guesses.guess(tx, w.leader, w.initiative_id, "5", "key 2", MONDAY)
        before = digests.status(tx, w.leader, w.initiative_id, MONDAY)
        assert (before.may_guess, before.guess) == (False, None)
        rounds.play(tx, w, 1, {n: [5 - n] for n in range(5)})
        after = digests.status(tx, w.leader, w.initiative_id, rounds.opens_at(2))
        assert after.guess == Guess(4, 6)
        rounds.play(tx, w, 2, {n: [5 - n] for n in range(5)})
        later = digests.status(tx, w.leader, w.initiative_id, rounds.opens_at(3))
        assert later.guess is None

    await database.write(work)


@pytest.mark.parametrize("typed", ["", "7", "-1", "4.5", "many", "٣", "1e1", "9" * 40])
async def test_a_guess_is_a_number_of_people(database: Database, typed: str) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=7)
        rounds.place(tx, w, 0, status=Place.LEFT.value)
        with pytest.raises(FieldErrors) as caught:
            guesses.guess(tx, w.leader, w.initiative_id, typed, "key", MONDAY)
        assert caught.value.errors == {GUESS_FIELD: "A whole number from 0 to 6, please."}
        assert rows(tx, tables.OwnerGuess) == []

    await database.write(work)


async def test_a_guess_after_the_round_or_by_somebody_else_is_refused(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx)
        with pytest.raises(Refused, match="Only the people who lead"):
            guesses.guess(tx, w.actor(0), w.initiative_id, "3", "key", MONDAY)
        rounds.play(tx, w, 1, {0: [1]})
        with pytest.raises(Refused, match="too late"):
            guesses.form(tx, w.leader, w.initiative_id, MONDAY)
        with pytest.raises(Refused, match="too late"):
            guesses.guess(tx, w.leader, w.initiative_id, "3", "key", MONDAY)
        assert rows(tx, tables.OwnerGuess) == []

    await database.write(work)
