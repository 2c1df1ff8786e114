"""The composition root: builds everything from the settings, runs it, and stops it cleanly."""

import asyncio
import gc
import signal
from collections import Counter
from dataclasses import dataclass

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot import holidays, scheduler
from bot.bolt import NOT_SLACKS, OneToken, TrackedSocket, build_bolt
from bot.clock import Clock, SystemClock
from bot.config import MENDS, Settings
from bot.delivery.sender import Sender
from bot.errors import (
    BuyinError,
    ConfigurationError,
    DatabaseUnavailable,
    Refused,
    SlackFailure,
    SlackInDoubt,
    SlackRetryLater,
)
from bot.gateway import Gateway, Identity
from bot.invites import PATH, Invites
from bot.scheduler import Job, Scheduler, TickReport
from bot.seal import Seal
from bot.services import standings, times, workspaces
from bot.views.invites import CONTENT_TYPE, FILE_NAME
from handlers import talk_hours
from handlers.context import Context
from handlers.directory import sync_directory
from handlers.drafts import look_up_waiting
from handlers.quiet import read_ahead
from handlers.router import Router
from handlers.subjects import SUBJECTS
from storage import migrate
from storage.database import Database, SqliteDatabase, open_database
from storage.migrate import Schema
from storage.times import countries

log = structlog.get_logger()

EVENTS_PATH = "/slack/events"
LARGEST_BODY = 1024 * 1024
"""Bytes; Slack's largest payloads (a full modal) are about a tenth of it."""

LAST_ORDERS = 10.0
"""Seconds that work under way gets to finish when the process stops."""

DIRECTORY_EVERY = 24 * 3600.0
"""Seconds between two readings of the whole directory; changes come as events in between."""

QUIET_EVERY = 60.0
"""Seconds between two looks at who gets something soon, to ask Slack about do-not-disturb."""

FILE_HEADERS = {
    "Content-Type": CONTENT_TYPE,
    "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
}

CALENDARS_EVERY = 60.0
"""Seconds between two looks at which calendar feeds are to be read; each is every few hours."""


@dataclass(slots=True)
class Application:
    """Everything that runs, wired together; nothing runs before `start`."""

    settings: Settings
    clock: Clock
    database: Database
    gateway: Gateway
    context: Context
    bolt: AsyncApp
    sender: Sender
    authorize: OneToken
    workspace_id: int | None = None
    socket: TrackedSocket | None = None
    port: int | None = None
    """Where it listens, once it does."""
    _scheduler: Scheduler | None = None
    _runner: web.AppRunner | None = None
    _sending: "asyncio.Task[None] | None" = None

    async def start(self, *, by_itself: bool = True) -> None:
        """Check everything, connect, and be ready.

        `by_itself=False` starts neither clock nor sender, for whoever moves time with `advance`.

        Raises:
            BuyinError: one sentence for each thing that keeps it from running.
        """
        await check_database(self.database)
        await self._introduce()
        await self._listen()
        if self.settings.mode == "socket":
            await self._connect()
        if by_itself:
            self._run_by_itself()
        log.info("ready", mode=self.settings.mode, port=self.port)

    async def advance(self) -> tuple[TickReport, Counter[str]]:
        """Do all that is due at the clock's present moment and send all that is due."""
        await self.read_do_not_disturb()
        await self.read_calendars()
        now = self.clock.now()
        report = await scheduler.tick(self.database, now)
        return report, await self.sender.drain(now)

    async def sync_directory(self) -> None:
        """Read who is in the workspace; a Slack that does not tell now is asked again later."""
        if self.workspace_id is None:
            return
        try:
            count = await sync_directory(self.context, self.workspace_id)
            log.info("directory_read", people=count)
        except BuyinError as error:
            log.warning("directory_not_read", error=str(error))

    async def read_do_not_disturb(self) -> None:
        """Ask Slack who is not to be disturbed, of those who get something soon."""
        if self.workspace_id is None:
            return
        try:
            if count := await read_ahead(self.context, self.workspace_id):
                log.info("do_not_disturb_read", people=count)
        except BuyinError as error:
            log.warning("do_not_disturb_not_read", error=str(error))

    async def read_calendars(self) -> None:
        """Read the calendar feeds whose time has come."""
        if self.workspace_id is None:
            return
        try:
            if count := await talk_hours.read_due(self.context, self.workspace_id):
                log.info("calendars_read", calendars=count)
        except BuyinError as error:
            log.warning("calendars_not_read", error=str(error))

    async def stop(self) -> None:
        """Claim nothing more, let what is under way finish, then close everything."""
        if self._scheduler:
            self._scheduler.stop()
        await asyncio.gather(
            self.sender.stop(LAST_ORDERS),
            self._hang_up(),
            self.context.tasks.finish(LAST_ORDERS),
        )
        await self.context.tasks.finish(LAST_ORDERS / 2)  # what the last requests left to do
        if self._sending:
            await self._sending
        await self.gateway.close()
        await self.database.close()
        log.info("stopped")

    async def ready(self) -> list[str]:
        """Return what keeps the app from working; empty when it is ready."""
        problems = []
        try:
            if not await migrate.is_current(self.database):
                problems.append("the database is not migrated")
        except Exception as error:
            log.warning("database_probe_failed", error=type(error).__name__)
            problems.append("the database cannot be reached")
        if self.settings.mode == "socket":
            connected = self.socket is not None and await self.socket.client.is_connected()
            if not connected:
                problems.append("the connection to Slack is down")
        return problems

    async def _introduce(self) -> None:
        identity = await who_are_we(self.gateway, self.settings)
        self.authorize.identity = identity
        now = self.clock.now()
        workspace = await self.database.write(
            workspaces.resolve, identity.enterprise_id, identity.team_id, None, now
        )
        await self.database.write(workspaces.installed, workspace.id, identity.user_id, now)
        on = self.settings.person_estimates
        await self.database.write(standings.switch, workspace.id, now, on=on)
        await self._know_holidays(workspace.id)
        self.workspace_id = workspace.id

    async def _know_holidays(self, workspace_id: int) -> None:
        now, place = self.clock.now(), self.settings.holidays
        await self.database.write(times.use_holidays, workspace_id, place, now)
        await asyncio.to_thread(holidays.warm, await self.database.read(countries), now.year)

    async def _listen(self) -> None:
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_get("/healthz", _healthz)
        application.router.add_get("/readyz", self._readyz)
        if self.settings.mode == "http":
            application.router.add_post(EVENTS_PATH, self._from_slack)
        if self.settings.public_url:
            application.router.add_get(PATH, self._calendar_file)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=LAST_ORDERS)
        await self._runner.setup()
        host, port = self.settings.host, self.settings.port
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            if self.settings.mode == "http":
                raise BuyinError(
                    f"Cannot listen on {host}:{port} ({error.strerror}). Set HOST and PORT to an "
                    "address that is free."
                ) from error
            log.warning("health_checks_off", host=host, port=port, reason=error.strerror)
            return
        self.port = self._runner.addresses[0][1]

    async def _connect(self) -> None:
        try:
            url = await self.gateway.open_socket(self.settings.app_token)
        except SlackFailure as error:
            mend = MENDS["SLACK_APP_TOKEN"]
            raise ConfigurationError(
                [f"Slack does not accept SLACK_APP_TOKEN ({error.code}): {mend}."]
            ) from error
        except (SlackRetryLater, SlackInDoubt) as error:
            raise _unreachable(self.settings) from error
        self.socket = TrackedSocket(self.bolt, self.settings, self.gateway.client)
        self.socket.client.wss_uri = url
        await self.socket.connect_async()  # type: ignore[no-untyped-call]

    def _run_by_itself(self) -> None:
        self._sending = asyncio.create_task(self.sender.run())
        jobs = (
            Job("directory", DIRECTORY_EVERY, self.sync_directory),
            Job("do_not_disturb", QUIET_EVERY, self.read_do_not_disturb),
            Job("calendars", CALENDARS_EVERY, self.read_calendars),
        )
        self._scheduler = Scheduler(self.database, self.clock, self.sender.wake, jobs)
        self._scheduler.start()
        self.context.tasks.spawn(self._catch_up())

    async def _catch_up(self) -> None:
        await self.sync_directory()
        if self.workspace_id is not None:
            await look_up_waiting(self.context, self.workspace_id)

    async def _hang_up(self) -> None:
        if self.socket:
            await self.socket.finish(LAST_ORDERS)
        if self._runner:
            await self._runner.cleanup()

    async def _readyz(self, _: web.Request) -> web.Response:
        problems = await self.ready()
        if problems:
            return web.json_response({"ready": False, "problems": problems}, status=503)
        return web.json_response({"ready": True})

    async def _calendar_file(self, request: web.Request) -> web.Response:
        """Serve the file of a talk to whoever has the link."""
        try:
            content = self.context.invites.opened(request.match_info["token"], self.clock.now())
        except Refused as error:
            return web.Response(status=410, text=str(error))
        return web.Response(body=content, headers=FILE_HEADERS)

    async def _from_slack(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            asked = AsyncBoltRequest(
                body=body.decode(), query=request.query_string, headers=dict(request.headers)
            )
        except (ValueError, AttributeError, TypeError, RecursionError):
            return web.Response(status=400, text=NOT_SLACKS)
        answer = await self.bolt.async_dispatch(asked)
        if answer.status == 401:
            return web.Response(status=401, text=NOT_SLACKS)
        return await to_aiohttp_response(answer)


async def build(settings: Settings, clock: Clock | None = None) -> Application:
    """Build the app from `settings`; it opens no connection before `start`."""
    clock = clock or SystemClock()
    database = open_database(settings.database_url)
    gateway = Gateway(settings.bot_token, settings.api_url)
    seal = Seal(settings.secret_key or settings.bot_token)
    invites = Invites(seal, settings.public_url)
    sender = Sender(database, gateway, clock, invites=invites)
    context = Context(database, gateway, clock, sender.wake, seal=seal, invites=invites)
    authorize = OneToken(settings.bot_token)
    bolt = build_bolt(settings, gateway, authorize)
    router = Router(context)
    for subject in SUBJECTS:
        subject.register(router)
    router.attach(bolt)
    return Application(settings, clock, database, gateway, context, bolt, sender, authorize)


async def _healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok")


async def check_database(database: Database) -> None:
    """Make sure the database can be used; a brand-new SQLite file is migrated on the way.

    Raises:
        DatabaseUnavailable: in one sentence that says what to do.
    """
    try:
        schema = await database.read(migrate.schema)
    except BuyinError:
        raise
    except Exception as error:
        raise DatabaseUnavailable(
            f"The database cannot be opened ({type(error).__name__}). Check DATABASE_URL, and that "
            "its user may read and write there."
        ) from error
    if schema is Schema.EMPTY and isinstance(database, SqliteDatabase):
        await database.write(migrate.upgrade_within)
        log.info("database_created")
    elif schema in (Schema.EMPTY, Schema.BEHIND):
        raise DatabaseUnavailable("The database is not migrated: run `buyin migrate` first.")
    elif schema is Schema.UNKNOWN:
        raise DatabaseUnavailable(migrate.FOREIGN)


async def who_are_we(gateway: Gateway, settings: Settings) -> Identity:
    """Return who the bot token says we are.

    Raises:
        ConfigurationError: if Slack does not accept the token.
        BuyinError: if Slack cannot be reached.
    """
    try:
        return await gateway.auth_test()
    except SlackFailure as error:
        mend = MENDS["SLACK_BOT_TOKEN"]
        raise ConfigurationError(
            [f"Slack does not accept SLACK_BOT_TOKEN ({error.code}): {mend}."]
        ) from error
    except (SlackRetryLater, SlackInDoubt) as error:
        raise _unreachable(settings) from error


def _unreachable(settings: Settings) -> BuyinError:
    return BuyinError(
        f"Slack cannot be reached at {settings.api_url}. Check the network and SLACK_API_URL."
    )


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then stop cleanly."""
    application = await build(settings)
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop.set)
    try:
        await application.start()
        gc.freeze()  # what start-up made stays: a full pass over it would stall taps for 0.1 s
        await asked_to_stop.wait()
    finally:
        await application.stop()
