"""Where things stand, asked for in Slack; the digest that arrives; the guess."""

from datetime import UTC, date, datetime

from bot.domain.guesses import GUESS_FIELD
from bot.domain.initiatives import Place
from bot.services import commitments, digests
from storage import tables
from tests import rounds
from tests.handlers.conftest import Office
from tests.world import MONDAY, rows

ROUND_2 = datetime(2025, 3, 12, 8, 30, tzinfo=UTC)


async def test_status_answers_whoever_leads_and_nobody_else(office: Office) -> None:
    await office.database.write(rounds.open_round, office.world)
    await office.dana.slash("/buyin", "status", channel="C0SHELVES")
    await office.settle()
    (answer,) = office.dana.messages("C0SHELVES")
    assert "Too early to say who's with you. 0 of 6 have answered" in office.dana.read(answer)
    assert answer.ephemeral_to == "UDANA"
    await office.person(1).slash("/buyin", "status", channel="C0SHELVES")
    await office.settle()
    (refusal,) = office.person(1).messages("C0SHELVES")
    assert "don't lead" in refusal.text


async def test_status_says_when_no_initiative_has_that_name(office: Office) -> None:
    await office.dana.slash("/buyin", "status <!channel>")
    await office.settle()
    assert "None of yours is called that" in office.dana.dm[-1].text


async def test_the_digest_arrives_once_and_a_step_is_told_from_it(office: Office) -> None:
    w = office.world
    await office.database.write(rounds.play, w, 1, {0: [1], 1: "two_lines"})
    await office.database.write(
        commitments.promise, w.owner.id, w.initiative_id, "Free us", date(2025, 3, 10), MONDAY
    )
    office.clock.move_to(ROUND_2)
    for _ in range(2):
        await office.database.write(digests.decide_due, ROUND_2, 100)
        await office.deliver()
    (digest,) = office.dana.dm
    shown = office.dana.read(digest)
    assert "answered Not at all to “how useful is it”" in shown.replace("*", "")
    assert "would like it explained in two lines" in shown
    await office.dana.click(digest, text="Say how it went")
    await office.settle()
    await office.dana.click(office.dana.dm[-1], text="Done")
    await office.settle()
    assert "Low answers" in office.dana.read(office.dana.dm[0])
    assert [row["outcome"] for row in await office.database.read(rows, tables.CommitmentOutcome)]


async def test_a_guess_is_kept_and_its_mistakes_stand_under_the_field(office: Office) -> None:
    await office.dana.slash("/buyin", "status")
    await office.settle()
    await office.dana.click(office.dana.dm[-1], text="Guess how many find it useful")
    await office.settle()
    await office.database.write(rounds.place, office.world, 5, status=Place.LEFT.value)
    await office.dana.submit({GUESS_FIELD: "6"})
    await office.settle()
    assert office.dana.view_errors == {GUESS_FIELD: "A whole number from 0 to 5, please."}
    await office.dana.submit({GUESS_FIELD: "4"})
    await office.settle()
    assert office.dana.view
    assert "Kept: 4 of 5" in office.dana.read(office.dana.view)
    await office.dana.click(office.dana.dm[-1], text="Guess how many find it useful")
    await office.settle()
    assert "already guessed 4" in office.dana.dm[-1].text


async def test_status_from_the_home_opens_a_dialog(office: Office) -> None:
    await office.database.write(rounds.play, office.world, 1, {0: [1]})
    office.clock.move_to(ROUND_2)
    await office.dana.open_home()
    await office.settle()
    await office.dana.click(office.dana.home, text="Status")
    await office.settle()
    assert office.dana.view
    assert "Low answers" in office.dana.read(office.dana.view)
