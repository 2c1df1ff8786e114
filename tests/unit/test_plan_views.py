"""What people and owners read of the next weeks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.calendars import Calendar
from bot.domain.initiatives import Place
from bot.domain.outbox import Kind
from bot.domain.pacing_facts import Rule
from bot.domain.planned import Branch, Coming, Missing, Moved, MyPlan, Off, PersonFacts, mine
from bot.domain.weeks_ahead import of_initiative
from bot.views import plans
from bot.views.kit import Message
from tests.golden import assert_golden
from tests.unit.test_planned import BERLIN, NOW, PACE, initiative, one, person, place

MEAN = "<!channel> <@U1> *bold* & مرحبا 🙂"
EASTER = frozenset({date(2025, 4, 18), date(2025, 4, 21)})
CALENDAR = Calendar(BERLIN, holidays=EASTER)
LABELS, PRINTERS = initiative(), initiative(2, MEAN, date(2025, 3, 6))
BUSY = person(CALENDAR, place(LABELS, CALENDAR), place(PRINTERS, CALENDAR))
SYDNEY = Calendar("Australia/Lord_Howe")


def strange() -> MyPlan:
    """Every reason there is, for coming and for not."""
    at = datetime(2025, 4, 1, 8, 0, tzinfo=UTC)
    rules = [rule for rule in Rule if rule in plans.BECAUSE] + [Rule.ROUND_OPENS]
    moved = tuple(Moved(date(2025, 3, 20 + place), why) for place, why in enumerate(Off))
    coming = [
        Coming(at + timedelta(days=n), LABELS, Kind.ASK, rule, 2, moved if n == 0 else ())
        for n, rule in enumerate(rules)
    ]
    note = Coming(at, LABELS, Kind.PAUSE_NOTE)
    missing = [Missing(at, PRINTERS, Kind.ASK, rule) for rule in [*plans.NOT, Rule.LISTENING_DEBT]]
    missing += [Missing(at, LABELS, kind, Rule.CAP) for kind in (Kind.REMINDER, Kind.PAUSE_NOTE)]
    missing.append(Missing(None, LABELS, Kind.ASK, Rule.INTERVAL))
    branch = Branch((note, *coming), tuple(missing))
    lately = (Missing(NOW, PRINTERS, Kind.REMINDER, Rule.CHECK_INS_FIRST),)
    return replace(mine(BUSY, NOW), answering=branch, silent=branch, lately=lately)


VIEWS: dict[str, Message] = {
    "plan_me": plans.mine(mine(BUSY, NOW)),
    "plan_me_strange": plans.mine(strange()),
    "plan_me_stopped": plans.mine(mine(replace(BUSY, stopped=True), NOW)),
    "plan_me_nobody": plans.mine(mine(person(CALENDAR), NOW)),
    "plan_me_out": plans.mine(mine(one(CALENDAR, place=Place.NOT_MY_TOPIC), NOW)),
    "plan_me_half_hour": plans.mine(mine(one(SYDNEY), NOW)),
    "plan": plans.of_initiative(
        of_initiative(LABELS, PACE, [one(CALENDAR, n) for n in range(23)], NOW)
    ),
    "plan_few": plans.of_initiative(
        of_initiative(PRINTERS, PACE, [person(CALENDAR, place(PRINTERS, CALENDAR))] * 3, NOW)
    ),
    "plan_owed": plans.of_initiative(
        of_initiative(LABELS, PACE, [one(CALENDAR, n, unshared=2) for n in range(12)], NOW)
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_people_see(name: str) -> None:
    assert_golden(name, VIEWS[name])


def test_operators_read_ids_and_nothing_typed() -> None:
    words = plans.printed(mine(BUSY, NOW))
    assert "initiative 2" in words
    assert MEAN not in words
    assert "Shelf labels" not in words
    assert "Dana" not in plans.printed(strange())
    assert "Europe/Berlin" in words


def test_a_busy_person_with_six_initiatives_still_gets_one_message() -> None:
    many = [initiative(n, f"{'Long name ' * 7}{n}", date(2025, 3, 4 + n)) for n in range(6)]
    known = PersonFacts(CALENDAR, PACE, places=tuple(place(about, CALENDAR) for about in many))
    assert_golden("plan_me_many", plans.mine(mine(known, NOW)))
