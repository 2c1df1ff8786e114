"""One tap on a check-in: what it costs beside Bolt alone, and how long people wait for it."""

import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.services import pulses
from bot.views import pulses as views
from storage import tables
from storage.database import Tx, open_database
from tests.benchmarks import world
from tests.benchmarks.clicks import SECRET, Clicks, Row, rows_of
from tests.benchmarks.load import Outcome, Sink, closed_loop, open_loop
from tests.benchmarks.postgres import Postgres
from tests.benchmarks.processes import Child, Tree
from tests.benchmarks.table import Line, milliseconds, show
from tests.benchmarks.world import Size

AT_ONCE = 32
RATE = 300.0
MODULE = "tests.benchmarks.tap_child"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured; what is counted in taps is per round and subject."""

    people: int
    rounds: int
    at_once: int
    redrawn: int
    """Instead of `at_once`, where every tap is followed by its redraw."""
    steady: int
    """At 300 a second."""
    alone: int


FULL = Plan(people=3_000, rounds=5, at_once=1_500, redrawn=450, steady=450, alone=75)
QUICK = Plan(people=1_000, rounds=3, at_once=600, redrawn=300, steady=300, alone=50)


@dataclass(slots=True)
class Subject:
    """A process under measurement and what was found out about it."""

    name: str
    child: Child
    clicks: Clicks
    url: str | None = None
    """Its database; None for the baseline."""
    server: Tree | None = None
    """The processes of its database server."""
    redraws: bool = False
    cpu: list[float] = field(default_factory=list)
    """Seconds per tap, one number per round, and so below."""
    server_cpu: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    acked: int = 0
    steady: Outcome = field(default_factory=Outcome)
    alone: Outcome = field(default_factory=Outcome)

    async def measure(self, plan: Plan, sink: Sink) -> None:
        """Measure one round."""
        await self._at_once(plan.redrawn if self.redraws else plan.at_once, sink)
        requests = self.clicks.take(plan.steady)
        self.steady.add(await open_loop(self.child.port, requests, RATE))
        await sink.quiet()
        self.alone.add(await closed_loop(self.child.port, self.clicks.take(plan.alone), 1))
        await sink.quiet()

    async def _at_once(self, count: int, sink: Sink) -> None:
        requests = self.clicks.take(count)
        cpu, server_cpu = self.child.cpu(), self.server.cpu() if self.server else 0.0
        outcome = await closed_loop(self.child.port, requests, AT_ONCE)
        if self.redraws:
            await sink.quiet()
        self.cpu.append((self.child.cpu() - cpu) / count)
        if self.server:
            self.server_cpu.append((self.server.cpu() - server_cpu) / count)
        self.rate.append(count / outcome.seconds)
        self.acked += outcome.acked


async def run(server: Postgres, place: Path, *, quick: bool) -> None:
    """Measure and print the tables."""
    plan = QUICK if quick else FULL
    async with Sink() as sink, AsyncExitStack() as children:
        subjects = []
        async for subject in _subjects(server, place, plan, sink):
            children.push_async_callback(subject.child.stop)
            subjects.append(subject)
        for _ in range(plan.rounds):
            for subject in subjects:
                await subject.measure(plan, sink)
        counts = [await _counted(one) for one in subjects if one.url]
    show(f"One tap, {AT_ONCE} at a time", _costs(subjects, plan))
    show("How long a tap waits for its ack", [line for one in subjects for line in _waits(one)])
    show("Answers in the database", counts)


async def _subjects(
    server: Postgres, place: Path, plan: Plan, sink: Sink
) -> AsyncIterator[Subject]:
    """Start every process, each on a database of its own."""
    yield await _baseline(place, plan, sink)
    for redraws in (False, True):
        more = " + redraw" if redraws else ""
        url = f"sqlite:///{place / f'tap{redraws}.db'}"
        yield await _app(f"SQLite{more}", url, plan, sink, place, redraws=redraws)
        url = await server.new_database(f"bench_tap_{redraws}".lower())
        subject = await _app(f"PostgreSQL{more}", url, plan, sink, place, redraws=redraws)
        subject.server = server.processes
        yield subject


async def _baseline(place: Path, plan: Plan, sink: Sink) -> Subject:
    url = f"sqlite:///{place / 'buttons.db'}"
    size = Size(plan.people)
    rows = await _prepare(url, size)
    child = await Child.start(MODULE, "baseline", log=place / "baseline.log", **_settings(sink))
    return Subject("Bolt alone", child, Clicks(rows, size, sink.port))


async def _app(
    name: str, url: str, plan: Plan, sink: Sink, place: Path, *, redraws: bool
) -> Subject:
    size = Size(plan.people)
    clicks = Clicks(await _prepare(url, size), size, sink.port)
    settings = {**_settings(sink), "DATABASE_URL": url}
    what = "app" if redraws else "app-without-redraw"
    child = await Child.start(MODULE, what, log=place / f"{name}.log", **settings)
    return Subject(name, child, clicks, url, redraws=redraws)


def _settings(sink: Sink) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{sink.port}/api/",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "LOG_LEVEL": "INFO",
    }


async def _prepare(url: str, size: Size) -> list[Row]:
    """Fill the database at `url`; return the buttons that its check-ins show."""
    database, now = open_database(url), datetime.now(UTC)
    await database.write(world.fill, size, now)
    one = await database.read(pulses.check_in, world.open_ask(1, size), now)
    await database.close()
    return rows_of(views.check_in(one))


def _waits(subject: Subject) -> list[Line]:
    name, steady, alone = subject.name, subject.steady, subject.alone
    asked = f"{len(steady.latencies):,} taps at random moments, counted from when each was due"
    one_by_one = f"{len(alone.latencies):,} taps one by one"
    return [
        _wait(f"{name}: p99 at {RATE:.0f} a second", steady, 0.99, "< 100 ms", asked),
        _wait(f"{name}: median at {RATE:.0f} a second", steady, 0.5),
        _wait(f"{name}: median alone", alone, 0.5, "< 5 ms", one_by_one),
        _wait(f"{name}: p99 alone", alone, 0.99),
    ]


def _wait(what: str, outcome: Outcome, share: float, aim: str = "", how: str = "") -> Line:
    return Line(what, milliseconds(outcome.quantile(share)), aim, how)


async def _counted(subject: Subject) -> Line:
    assert subject.url
    database = open_database(subject.url)
    found = await database.read(_answers)
    await database.close()
    acked = subject.acked + subject.steady.acked + subject.alone.acked
    exact = "as many as were acked" if found == acked else f"ACKED {acked:,}"
    return Line(subject.name, f"{found:,}", f"{subject.clicks.taken:,}", exact)


def _answers(tx: Tx) -> int:
    return tx.scalars(select(func.count()).select_from(tables.Answer)).one()


def _costs(subjects: Sequence[Subject], plan: Plan) -> list[Line]:
    baseline, lines = subjects[0], []
    for subject in subjects:
        pairs = zip(subject.cpu, baseline.cpu, strict=True)  # measured right after one another
        ratio = statistics.median(mine / theirs for mine, theirs in pairs)
        lines.append(
            Line(
                f"{subject.name}: CPU",
                f"{statistics.median(subject.cpu) * 1e6:,.0f} µs",
                f"{ratio:.2f} × Bolt alone{_aim(subject)}",
                _how(subject, plan),
            )
        )
        speed = f"{statistics.median(subject.rate):,.0f} taps/s"
        lines.append(Line(f"{subject.name}: throughput", speed))
    return lines


def _aim(subject: Subject) -> str:
    if subject.url is None or subject.redraws:
        return ""
    return f" (≤ {6 if subject.server else 4}, better ≤ 2.5)"


def _how(subject: Subject, plan: Plan) -> str:
    if subject.url is None:
        taken = f"{plan.rounds} × {plan.at_once:,} taps, in turns"
        return f"user + system of the process per tap, median of {taken}"
    if subject.server:
        return f"and the server {statistics.median(subject.server_cpu) * 1e6:,.0f} µs"
    return "full durability"
