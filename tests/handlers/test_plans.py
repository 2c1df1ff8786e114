"""`/buyin plan` and `/buyin plan me`, in a local Slack."""

from sqlalchemy import delete, update

from storage import tables
from storage.database import Tx
from tests.handlers.conftest import Office
from tests.world import MONDAY


async def slash(office: Office, who: str, words: str) -> str:
    """Type `/buyin words`; return what they read."""
    user = office.workspace.user(who)
    seen = len(user.inbox)
    delivery = await user.slash("/buyin", words)
    assert delivery.ok, delivery.error
    await office.settle()
    return "\n".join(user.read(message) for message in user.inbox[seen:])


async def test_somebody_asked_reads_their_own_weeks(office: Office) -> None:
    told = await slash(office, "U1", "plan me")
    assert "Your next 60 days" in told
    assert "by the clock in Europe/Berlin" in told
    assert "check-in" in told
    assert "Person" not in told


async def test_who_leads_nothing_reads_their_own_without_a_word(office: Office) -> None:
    assert "Your next 60 days" in await slash(office, "U1", "plan")


async def test_the_owner_of_few_reads_rounds_and_no_numbers(office: Office) -> None:
    told = await slash(office, "UDANA", "plan")
    assert "who would hear from me" in told
    assert "fewer than 10 people" in told
    assert "of 6" not in told


async def test_the_owner_may_read_their_own_too(office: Office) -> None:
    assert "Nobody asks you" in await slash(office, "UDANA", "plan me")


async def test_an_unknown_name_is_refused_with_those_there_are(office: Office) -> None:
    told = await slash(office, "UDANA", "plan something else")
    assert "None of yours is called that." in told


async def test_nobody_reads_the_plan_of_what_they_do_not_lead(office: Office) -> None:
    told = await slash(office, "U1", "plan Shelf labels")
    assert "You don't lead" in told


async def test_who_stopped_reads_that_nothing_comes(office: Office) -> None:
    await slash(office, "U2", "stop")
    assert "nothing comes" in await slash(office, "U2", "plan me")


async def test_a_plan_writes_nothing(office: Office) -> None:
    assert office.clock.now() == MONDAY
    before = len(office.slack.log.of("chat.postMessage"))
    await slash(office, "UDANA", "plan")
    await slash(office, "U1", "plan me")
    assert len(office.slack.log.of("chat.postMessage")) == before


async def test_a_draft_shows_its_plan_to_who_leads_it_and_to_nobody_else(office: Office) -> None:
    people = [one.id for one in office.world.asked]

    def draft(tx: Tx) -> None:
        expanded = {"people": people, "found": len(people), "unreadable": [], "failed": 0}
        table = tables.Initiative
        changed = update(table).where(table.id == office.world.initiative_id)
        tx.execute(changed.values(status="draft", started_at=None, picked={"expanded": expanded}))
        tx.execute(delete(tables.Stakeholder))

    await office.database.write(draft)
    told = await slash(office, "UDANA", "plan")
    assert "It's a draft: nobody hears anything before you press" in told
    assert "Round 1 opens Tue 4 March" in told
    assert "fewer than 10 people" in told
    assert "You don't lead" in await slash(office, "U1", "plan Shelf labels")

    def picked_anew(tx: Tx) -> None:
        tx.execute(update(tables.Initiative).values(picked={}))

    await office.database.write(picked_anew)
    assert "still looking up whom you picked" in await slash(office, "UDANA", "plan")
