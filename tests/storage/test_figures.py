"""Group figures in the database: published once, when a round closes."""

from datetime import timedelta

from bot.domain.figures import Measure, Part, Shown
from bot.domain.initiatives import Place, Visibility
from bot.domain.trends import Bounds
from bot.services import figures
from storage import figures as stored
from storage import tables
from storage.database import Database, Tx
from tests import rounds, world
from tests.world import World, rows

GROUP = Visibility.GROUP


def shown(tx: Tx, w: World) -> dict[Measure, tuple[Shown, int, int | None]]:
    """Return what everyone asked may see."""
    found = figures.published(tx, w.initiative_id)
    return {one.measure: (one.shown, one.answered, one.favourable) for one in found}


async def test_a_round_that_closes_is_published_once(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        assert figures.published(tx, w.initiative_id) == ()
        answers = {n: [4, 2] for n in range(4)} | {n: [1, 5] for n in range(4, 7)}
        closed = rounds.play(tx, w, 1, answers)
        before = rows(tx, tables.GroupFigure)
        assert shown(tx, w) == {
            Measure.TOOK_PART: (Shown.COUNTS, 7, None),
            Measure.USEFUL: (Shown.COUNTS, 7, 4),
            Measure.SURE: (Shown.COUNTS, 7, 3),
            Measure.EFFORT: (Shown.TOO_FEW, 0, None),
        }
        assert figures.public_part(tx, w.initiative_id) == Part(7, 12)
        figures.publish(tx, closed, closed.closes_at)
        assert rows(tx, tables.GroupFigure) == before

    await database.write(work)


async def test_the_newest_answer_of_a_person_counts_over_all_their_check_ins(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6)
        cycle = rounds.open_round(tx, w)
        rounds.answer(tx, w, cycle, {n: [1] for n in range(6)})
        rounds.answer(tx, w, cycle, {n: [5] for n in range(2)})
        rounds.close(tx, cycle)
        assert shown(tx, w)[Measure.USEFUL] == (Shown.COUNTS, 6, 2)

    await database.write(work)


async def test_a_later_round_that_few_changed_keeps_the_figure(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=6, visibility=GROUP)
        answers = {0: [5], 1: [5], 2: [1], 3: [1], 4: [1], 5: [1]}
        rounds.play(tx, w, 1, answers, visibility=GROUP)
        rounds.play(tx, w, 2, answers | {5: [5]}, visibility=GROUP)
        assert shown(tx, w)[Measure.USEFUL] == (Shown.KEPT, 6, 2)
        rounds.play(tx, w, 3, answers | {n: [5] for n in range(3, 6)}, visibility=GROUP)
        assert shown(tx, w)[Measure.USEFUL] == (Shown.KEPT, 6, 2)
        rounds.play(tx, w, 4, {n: [2 + n % 3] for n in range(6)}, visibility=GROUP)
        assert shown(tx, w)[Measure.USEFUL] == (Shown.COUNTS, 6, 2)

    await database.write(work)


async def test_four_group_only_people_stay_out_of_named_figures(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        rounds.hide(tx, w, range(8, 12), world.STARTED)
        answers = {n: [4] for n in range(4)} | {n: [1] for n in range(4, 7)} | {8: [5], 9: [1]}
        closed = rounds.play(tx, w, 1, answers)
        assert shown(tx, w)[Measure.USEFUL] == (Shown.COUNTS, 7, 4)
        assert stored.part_of(tx, closed.id) == Part(7, 8, apart=4)
        assert figures.public_part(tx, w.initiative_id) is None

    await database.write(work)


async def test_who_goes_group_only_after_answering_by_name_hides_nobody(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        cycle = rounds.open_round(tx, w)
        rounds.hide(tx, w, range(7, 11), world.STARTED)
        named = {n: [4] for n in range(4)} | {n: [1] for n in range(4, 7)} | {11: [1]}
        rounds.answer(tx, w, cycle, named)
        rounds.answer(tx, w, cycle, {n: [4] for n in range(7, 11)}, visibility=GROUP)
        rounds.hide(tx, w, [11], cycle.opens_at + timedelta(days=2))
        rounds.close(tx, cycle)
        assert shown(tx, w)[Measure.USEFUL] == (Shown.COUNTS, 7, 4)

    await database.write(work)


async def test_stopping_shows_in_no_number(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        rounds.place(tx, w, 11, status=Place.STOPPED.value)
        rounds.place(tx, w, 10, snoozed_until=world.MONDAY + timedelta(days=90))
        closed = rounds.play(tx, w, 1, {n: [1 + n % 5] for n in range(6)})
        assert stored.part_of(tx, closed.id) == Part(6, 12)

    await database.write(work)


async def test_not_my_topic_takes_named_people_out_and_leaves_group_only_ones(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        rounds.hide(tx, w, range(6, 12), world.STARTED)
        rounds.place(tx, w, 5, status=Place.NOT_MY_TOPIC.value)
        rounds.place(tx, w, 6, status=Place.NOT_MY_TOPIC.value)
        closed = rounds.play(tx, w, 1, {0: [1], 1: [5], 7: [2], 8: [5]})
        assert stored.part_of(tx, closed.id) == Part(4, 11)

    await database.write(work)


async def test_the_history_tells_how_many_may_still_be_won_to_those_who_may_know(
    database: Database,
) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=9)
        assert figures.history(tx, w.initiative_id) == ()
        answers = {0: [4], 1: [5], 2: [1], 3: [2], 4: [1], 5: [3]}
        first = rounds.play(tx, w, 1, answers)
        rounds.play(tx, w, 2, answers | {5: [5]})
        fresh, kept = (
            one for one in figures.history(tx, w.initiative_id) if one.measure is Measure.USEFUL
        )
        assert (fresh.round, fresh.closed_at) == (1, first.closed_at)
        assert (fresh.favourable, fresh.answered) == (2, 6)
        assert fresh.bounds == Bounds(2, 5, invited=9, unheard=3)
        assert (kept.round, kept.shown, kept.favourable) == (2, Shown.KEPT, 2)
        assert kept.bounds is None
        everyone = figures.history(tx, w.initiative_id, for_owner=False)
        assert all(one.bounds is None for one in everyone)  # nine: too few to tell who took part

    await database.write(work)


async def test_figures_that_count_different_people_bound_nothing(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=12)
        rounds.hide(tx, w, range(7, 12), world.STARTED)
        named = {n: [4] for n in range(3)} | {n: [1] for n in range(3, 6)}
        rounds.play(tx, w, 1, named | {7: [4], 8: [None, 4]})
        useful = next(
            one for one in figures.history(tx, w.initiative_id) if one.measure is Measure.USEFUL
        )
        assert (useful.favourable, useful.answered, useful.bounds) == (3, 6, None)

    await database.write(work)


async def test_owners_of_group_figures_know_no_more_than_everyone(database: Database) -> None:
    def work(tx: Tx) -> None:
        w = world.build(tx, asked=9, visibility=GROUP)
        answers = {0: [4], 1: [5], 2: [1], 3: [2], 4: [1], 5: [3]}
        rounds.play(tx, w, 1, answers, visibility=GROUP)
        assert all(one.bounds is None for one in figures.history(tx, w.initiative_id))

    await database.write(work)
