"""What an owner sees from the first form to the start, and what everyone reads at the end."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.channels import UserGroup
from bot.domain.drafts import (
    Draft,
    DraftSaved,
    Expansion,
    Launch,
    LeftOut,
    OwnStep,
    Picks,
    Problem,
    Reference,
    Skip,
    What,
    Who,
)
from bot.domain.endings import Ended, Farewell, LastWords
from bot.domain.initiatives import (
    Initiative,
    Place,
    Plan,
    Stakeholder,
    Status,
    Visibility,
)
from bot.domain.people import Person
from bot.views import drafts, endings, launches
from bot.views.kit import Message, actions, button, section
from tests.golden import assert_golden

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"
DANA = Person(1, 1, "UDANA", "Dana Demo", "Europe/Berlin")
SEEN = Reference(7, 3)
WHO = Who(
    Picks(("U1", "U2"), ("C1",), ("S2",)),
    "C0SHELVES",
    Visibility.GROUP,
    date(2025, 3, 6),
    fair=True,
)
GROUPS = [UserGroup("S1", "night", "Night shift"), UserGroup("S2", "day", "Day shift")]


def initiative(name: str = "Shelf labels", words: str = "Labels fall off.") -> Initiative:
    """What Dana leads."""
    return Initiative(
        id=7,
        workspace_id=1,
        name=name,
        tz="Europe/Berlin",
        visibility=Visibility.GROUP,
        status=Status.DRAFT,
        channel_id="C0SHELVES",
        first_date=date(2025, 3, 6),
        cycle_days=14,
        plan=Plan(1, 1, words, words, words, words, date(2025, 4, 1)),
        owners=(DANA,),
        revision=3,
        created_at=NOW,
        ended_at=NOW,
    )


def saved(problem: Problem | None = None, count: int = 23) -> DraftSaved:
    """A draft that was looked up."""
    return DraftSaved(
        initiative(),
        count,
        () if problem else ((date(2025, 3, 4), 21), (date(2025, 3, 5), 2)),
        problem=problem,
    )


def test_step_one_empty_and_with_unfinished_drafts() -> None:
    assert_golden("draft_what_new", drafts.what_form(None, What(), unfinished=[initiative(MEAN)]))


def test_step_one_keeps_what_was_typed_when_the_draft_moved_on() -> None:
    typed = drafts.typed_what(initiative(MEAN, MEAN))
    form = drafts.what_form(SEEN, typed, changed=True)
    assert_golden("draft_what_changed", form)
    assert form.metadata == "7:3"


def test_step_two_empty() -> None:
    assert_golden("draft_who_new", drafts.who_form(SEEN, Who(), date(2025, 3, 4)))


def test_step_two_keeps_what_was_picked() -> None:
    form = drafts.who_form(SEEN, WHO, date(2025, 3, 4), GROUPS, changed=True)
    assert_golden("draft_who_changed", form)


def test_step_two_offers_at_most_a_hundred_groups_and_never_loses_a_picked_one() -> None:
    many = [UserGroup(f"S{n}", f"g{n}", f"Group {n:03}") for n in range(150)]
    who = Who(Picks(groups=("S149",)))
    form = drafts.who_form(SEEN, who, date(2025, 3, 4), many)
    element = next(b for b in form.blocks if b.get("block_id") == "groups")["element"]
    assert len(element["options"]) == 100
    assert [one["value"] for one in element["initial_options"]] == ["S149"]


def test_a_saved_draft_ticks_its_promise_anew() -> None:
    typed = drafts.typed_who(Draft(initiative(), WHO.picks, Expansion()))
    assert (typed.picks, typed.visibility, typed.fair) == (WHO.picks, Visibility.GROUP, False)


def test_draft_saved_says_who_would_hear_and_when() -> None:
    message = drafts.draft_saved(saved())
    assert_golden("draft_saved", message)
    assert "23 people would hear from you: 21 on Tue 4 March, 2 later (time zone)." in message.text


def test_draft_saved_names_who_is_left_out() -> None:
    many = tuple((f"U{n}", f"Person {n}") for n in range(10))
    left_out = (
        LeftOut(Skip.OWNER, (("UDANA", "Dana Demo"),), 1),
        LeftOut(Skip.BOT, (("UBOT", "Helper"),), 1),
        LeftOut(Skip.LEFT, (("ULEFT", MEAN),), 1),
        LeftOut(Skip.GUEST, many, 14),
        LeftOut(Skip.STRANGER, (("UFAR", "Far Away"),), 1),
        LeftOut(Skip.UNKNOWN, (("U99", ""),), 1),
    )
    told = DraftSaved(
        initiative(MEAN), 1, ((date(2025, 3, 4), 1),), left_out, ("C9", "C8"), failed=1
    )
    assert_golden("draft_saved_left_out", drafts.draft_saved(told))


@pytest.mark.parametrize(
    ("problem", "count"), [(Problem.NOBODY, 0), (Problem.TOO_MANY, 1240), (Problem.TOO_FEW, 4)]
)
def test_a_draft_that_cannot_start_says_how_to_mend_it(problem: Problem, count: int) -> None:
    message = drafts.draft_saved(saved(problem, count))
    assert_golden(f"draft_saved_{problem}", message)
    assert "Preview and start" not in str(message.blocks)


def test_notices_on_the_way() -> None:
    assert_golden("draft_looking_up", drafts.looking_up(initiative(MEAN)))
    assert_golden("draft_discarded", drafts.discarded(initiative(MEAN)))


def test_the_preview_is_a_picture_of_what_people_get() -> None:
    shown = Message(
        "Dana leads something",
        (
            section("Dana leads something", button("Change", "a")),
            actions([button("Tell <Dana> something", "b"), button("Stop", "c")], "row"),
        ),
    )
    check_ins = (date(2025, 3, 6), date(2025, 3, 20), date(2025, 4, 3))
    launch = Launch(initiative(), 23, date(2025, 3, 4), date(2025, 3, 6), check_ins)
    form = launches.start_form(launch, shown, shown, "7:3:D1:1.2")
    assert_golden("draft_start", form)
    assert "button" not in {block["type"] for block in form.blocks}
    again = launches.start_form(
        launch, shown, shown, "7:4:D1:1.2", step=OwnStep("Mine", date(2025, 3, 5)), changed=True
    )
    assert_golden("draft_start_changed", again)
    assert_golden("draft_started", launches.started(launch))
    assert_golden("draft_started_message", launches.started_message(launch))


def test_the_end_form_and_its_outcome() -> None:
    assert_golden("end_form", endings.end_form(initiative(MEAN)))
    assert_golden("end_done", endings.ended(Ended(initiative(MEAN), 1)))
    assert endings.end_button(initiative())["value"] == "7"


@pytest.mark.parametrize(("name", "words"), [("plain", "All labels hold."), ("mean", MEAN * 15)])
def test_the_farewell_thanks_in_three_lines(name: str, words: str) -> None:
    place = Stakeholder(1, 1, 7, DANA, Place.ACTIVE, NOW, NOW, group_only=False)
    last = Farewell(place, initiative(), LastWords(words, words), date(2025, 4, 2))
    assert_golden(f"farewell_{name}", endings.farewell(last))
