"""The real app behind a local Slack, in moved time: what people do and what they read.

Nothing here reaches into the app but to move its clock, to count rows, and to ask what is due.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, inspect, select
from structlog.testing import capture_logs

from bot import app, scheduler
from bot.app import EVENTS_PATH, Application
from bot.clock import MovedClock
from bot.config import Mode, Settings
from bot.playground import Message, Playground, UserDriver, View, Workspace
from bot.playground.model import Installation
from storage.database import Tx
from storage.tables import Base, ReceivedKey
from tests import patience
from tests.stamp import stamp

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text())
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
SIGNING_SECRET = "only-for-tests"

MONDAY = datetime(2025, 3, 3, 8, 5, tzinfo=UTC)
"""A Monday, 09:05 in Berlin; clocks change there on 30 March and in New York on 9 March."""

WEDNESDAY_NIGHT = datetime(2025, 3, 5, 20, tzinfo=UTC)
"""When a launch on MONDAY has introduced everybody and asked everybody for the first time."""

BERLIN, NEW_YORK, KOLKATA, AUCKLAND = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
)
DANA, LEE, CHANNEL = "UDANA", "ULEE", "C0SHELVES"
ZONES = (BERLIN, BERLIN, BERLIN, NEW_YORK, KOLKATA, AUCKLAND)
"""Where U1, U2, … are; after the sixth it starts again."""

HOSTILE = (
    "<!channel> <!here|hi> <@UEVIL> <#CEVIL> <https://evil.example|safe> "
    "*b* _i_ ~s~ `c` ```code``` &amp; &lt;!channel&gt; 🙂👩‍👩‍👧 مرحبا \u202eabc > quoted"
)
"""What somebody might type to reach everybody, to be somebody else or to break the page."""

WHAT: dict[str, object] = {
    "name": "Shelf labels",
    "why": "Sasha, who heads operations, asked for it by the summer.",
    "benefit": "No more retyping.",
    "milestone": "Scanners on the floor",
    "milestone_on": date(2025, 5, 12),
    "needed": "label 20 shelves",
}
MARKS = dict.fromkeys(map(ord, "\u2060\u2068\u2069"))
"""Signs that keep typed words apart from ours; nobody sees them."""

MOST_TICKS = 20
LONG_AGO = datetime.min.replace(tzinfo=UTC)
GRAIN = timedelta(hours=1)

COUNTED_BLOCKS = ("introduction.", "ask:", "give.", "pause.", "step.")


@dataclass(slots=True)
class Office:
    """A workspace with the app in it; time passes only in `move_to` and `pass_by`."""

    slack: Playground
    workspace: Workspace
    install: Installation
    application: Application
    clock: MovedClock
    names: dict[str, str] = field(default_factory=dict)
    grain: timedelta = GRAIN
    """The clock moves on by no less, so that a month takes seconds; a busy server is late, too."""
    moved: set[str] = field(default_factory=set)
    """Who changed their time zone: for them the hours are looked at by the test itself."""
    looked_at: datetime = LONG_AGO
    """When the app's clock ticked last."""
    logged: list[Any] = field(default_factory=list)
    """What the app logged; in a scenario it logs no error."""

    @property
    def dana(self) -> UserDriver:
        """Who leads the initiative."""
        return self.person(DANA)

    def person(self, who: str | int) -> UserDriver:
        """Somebody by Slack id, or one of the people asked by number."""
        return self.workspace.user(f"U{who}" if isinstance(who, int) else who)

    # -- waiting, and letting time pass ----------------------------------------------------

    async def settle(self) -> None:
        """Wait until what was set off has ended."""
        while self.application.context.tasks.running:
            await self.application.context.tasks.finish(patience.ACK)

    async def move_to(self, moment: datetime) -> None:
        """Let time pass until `moment` (aware), doing all that falls due on the way."""
        due = await self._catch_up()
        far = moment - self.clock.now() > timedelta(days=4)
        grain = max(self.grain, 2 * GRAIN) if far else self.grain
        while self.clock.now() < moment:
            now = self.clock.now()
            step = min(now + timedelta(days=1), max(due or moment, now + grain))
            self.clock.move_to(min(moment, step))
            due = await self._catch_up()

    async def pass_by(self, **time: float) -> None:
        """Let so much time pass (`days=1`, `hours=2`)."""
        await self.move_to(self.clock.now() + timedelta(**time))

    async def deliver(self) -> None:
        """Send what is due now."""
        await self._catch_up()

    async def _catch_up(self) -> datetime | None:
        """Do what is due now, and look around once a day; return when something is due next."""
        for _ in range(MOST_TICKS):
            await self.settle()
            now, due = self.clock.now(), await self.application.database.read(scheduler.next_due)
            if (due is None or due > now) and now - self.looked_at < timedelta(days=1):
                return due
            self.looked_at = now
            await self.application.advance()
        raise AssertionError(f"something stays due at {self.clock.now()}")

    # -- doing -----------------------------------------------------------------------------

    async def slash(self, who: UserDriver, words: str = "", channel: str | None = None) -> str:
        """Type `/buyin words`; return what the person newly reads, as text."""
        seen = len(who.inbox)
        delivery = await who.slash("/buyin", words, channel)
        assert delivery.ok, delivery.error
        await self.settle()
        return "\n".join(read(who, message) for message in who.inbox[seen:])

    async def click(
        self,
        who: UserDriver,
        target: Message | View | None,
        text: str,
        block_id: str | None = None,
    ) -> None:
        """Press a button by its label."""
        delivery = await who.click(target, text=text, block_id=block_id)
        assert delivery.ok, delivery.error
        await self.settle()

    async def submit(self, who: UserDriver, values: Mapping[str, object] | None = None) -> str:
        """Send the open form; return the dialog that is open then, as text."""
        delivery = await who.submit(dict(values or {}))
        assert delivery.ok, delivery.error
        await self.settle()
        return shown(who)

    async def answer(self, who: UserDriver, message: Message, *values: int) -> None:
        """Tap the first, second, … row of a check-in."""
        for question, value in zip(("useful", "sure", "effort"), values, strict=False):
            delivery = await who.click(message, action_id=f"pulse.answer:{question}:{value}")
            assert delivery.ok, delivery.error
            await self.settle()

    async def draft(self, who: UserDriver, what: Mapping[str, object], **picked: object) -> Message:
        """Fill in both forms of `/buyin new`; return the message *Draft saved*."""
        await self.slash(who, "new")
        await self.submit(who, {**WHAT, **what})
        await self.submit(who, {**self.who(), **picked})
        await self.deliver()
        await who.close(everything=True)
        return who.dm[-1]

    def who(self, people: Sequence[str] = ()) -> dict[str, object]:
        """Return what step two of the form takes."""
        first = self.clock.now().date() + timedelta(days=2)
        asked = people or [user for user in self.names if user not in (DANA, LEE)]
        return {
            "people": list(asked),
            "channel": CHANNEL,
            "shown": "named",
            "first_on": first,
            "fair": ["yes"],
        }

    async def launch(
        self,
        name: str = "Shelf labels",
        *,
        by: UserDriver | None = None,
        step: Mapping[str, object] | None = None,
        **picked: object,
    ) -> None:
        """Have somebody launch an initiative, from the command to *Start*."""
        leader = by or self.dana
        saved = await self.draft(leader, {"name": name}, **picked)
        await self.click(leader, saved, "Preview and start")
        await self.submit(leader, step)
        await leader.close(everything=True)

    # -- looking ---------------------------------------------------------------------------

    def sent(self, who: UserDriver) -> list[Message]:
        """What is in somebody's DM for good; answers that only they see once are left out."""
        return [message for message in who.dm if message.ephemeral_to is None]

    def check_in(self, who: UserDriver) -> Message:
        """The newest check-in in somebody's DM."""
        found = [message for message in who.dm if "pulse.answer" in str(message.history[0])]
        assert found, f"{who.id} has no check-in, only:\n{who.read()}"
        return found[-1]

    async def rows(self) -> dict[str, int]:
        """How many rows each table has; keys of what Slack sent are left out."""
        return await self.application.database.read(_count)

    def posts(self, who: str | None = None) -> list[dict[str, Any]]:
        """What was stored by chat.postMessage, in order, to one recipient or all."""
        calls = [call.args for call in self.slack.log.of("chat.postMessage") if call.ok]
        return [args for args in calls if who in (None, args["channel"])]

    def counted(self, who: str) -> list[datetime]:
        """When a person got messages that count for the cap, by Slack's own log."""
        calls = [call for call in self.slack.log.of("chat.postMessage") if call.ok]
        return [call.at for call in calls if call.args["channel"] == who and _counts(call.args)]


def _count(tx: Tx) -> dict[str, int]:
    tables = [table for table in Base.metadata.sorted_tables if table != ReceivedKey.__table__]
    return {
        table.name: tx.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables
    }


def _counts(args: Mapping[str, Any]) -> bool:
    ids = [str(block.get("block_id", "")) for block in args.get("blocks") or ()]
    return "has ended. Thank you" in args["text"] or any(
        block_id.startswith(COUNTED_BLOCKS) for block_id in ids
    )


def read(who: UserDriver, target: Message | View | None = None) -> str:
    """Return what somebody reads, without marks that nobody sees."""
    return plain(who.read(target))


def shown(who: UserDriver) -> str:
    """Return the open dialog as text, "" if none is open."""
    return read(who, who.view) if who.view else ""


def plain(words: str) -> str:
    """Return words without the marks that nobody sees."""
    return words.translate(MARKS)


def labels(target: Message | View | None) -> list[str]:
    """Return the labels of all buttons."""
    assert target
    elements = [element for block in target.blocks for element in block.get("elements", ())]
    elements += [block["accessory"] for block in target.blocks if "accessory" in block]
    return [one["text"]["text"] for one in elements if one["type"] == "button"]


@asynccontextmanager
async def open_office(
    mode: Mode,
    database_url: str,
    *,
    asked: int = 6,
    start: datetime = MONDAY,
    scopes: Iterable[str] = SCOPES,
    holidays: str | None = None,
    estimates: bool = True,
) -> AsyncIterator[Office]:
    """Open a workspace with Dana and Lee, who lead, and U1…, who are asked."""
    clock = MovedClock(start)
    async with patience.slack(clock.now) as slack:
        workspace = slack.add_workspace("Demo", "T0DEMO")
        install = workspace.install_app(
            "A0BUYIN", scopes, commands=["/buyin"], events=EVENTS, signing_secret=SIGNING_SECRET
        )
        names = {DANA: "Dana Demo", LEE: "Lee Demo"}
        names |= {f"U{number}": f"Person {number}" for number in range(1, asked + 1)}
        for place, (user_id, name) in enumerate(names.items()):
            tz = BERLIN if place < 2 else ZONES[(place - 2) % len(ZONES)]
            workspace.add_user(user_id, user_id.lower(), display_name=name, real_name=name, tz=tz)
        workspace.add_channel(CHANNEL, "shelves", members=[*names, install.bot_user_id])
        settings = _settings(mode, install, slack.api_url, database_url)
        settings = replace(settings, holidays=holidays, person_estimates=estimates)
        application = await app.build(settings, clock)
        try:
            await application.database.write(_stamp)
            await application.start(by_itself=False)
            if mode == "http":
                install.app.mode = "http"
                address = f"http://127.0.0.1:{application.port}{EVENTS_PATH}"
                install.app.request_url = address
                assert await slack.verify_request_url(install)
            else:
                await slack.connected(install)
            await application.sync_directory()
            with capture_logs() as logged:
                yield Office(slack, workspace, install, application, clock, names, logged=logged)
        finally:
            await application.stop()


def _stamp(tx: Tx) -> None:
    """Note that the tables, which tests make from the code, are those of this release."""
    if not inspect(tx.connection()).has_table("workspace"):
        return  # a new SQLite file, which the app migrates by itself
    stamp(tx)


def _settings(mode: Mode, install: Installation, api_url: str, database_url: str) -> Settings:
    return Settings(
        bot_token=install.bot_token,
        app_token=install.app_token,
        signing_secret=SIGNING_SECRET,
        api_url=api_url,
        database_url=database_url,
        host="127.0.0.1",
        port=0,
        log_level="ERROR",
        mode=mode,
    )
