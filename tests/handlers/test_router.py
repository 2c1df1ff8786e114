"""What people read when something between Slack and us goes wrong."""

from tests.handlers.conftest import Office


async def test_a_dialog_slack_refuses_is_said_where_it_was_asked_for(office: Office) -> None:
    office.slack.faults.error("views.open", "expired_trigger_id")
    await office.dana.slash("/buyin", "new")
    await office.settle()
    assert office.dana.view is None
    assert "Please try once more" in office.dana.read(office.dana.inbox[-1])


async def test_help_lists_what_there_is(office: Office) -> None:
    await office.dana.slash("/buyin", "help")
    await office.settle()
    listing = office.dana.read(office.dana.inbox[-1])
    assert "/buyin status" in listing
    assert "I don't know" not in listing


async def test_an_unknown_subcommand_gets_the_list_of_known_ones(office: Office) -> None:
    await office.dana.slash("/buyin", "dance")
    await office.settle()
    assert "I don't know" in office.dana.read(office.dana.inbox[-1])
