"""What a plan said and what then happened, over two months of the real clock."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.outbox import Kind
from bot.domain.planned import DAYS, played
from bot.playground import UserDriver
from bot.services import plans
from storage.database import Tx
from storage.tables import Outbox, Person
from tests.scenario.office import LEE, Office, labels, open_office
from tests.scenario.rules import check_everything

Sent = tuple[str, int, datetime]
"""Kind, initiative and the minute."""


@dataclass
class Said:
    """What was said about one person at one moment."""

    who: str
    at: datetime
    lines: list[Sent]
    before: int
    """Messages sent before it was said."""
    until: datetime


@dataclass
class Months:
    """Two months in which some answer every check-in at once and others none."""

    office: Office
    answering: set[str]
    said: list[Said] = field(default_factory=list)

    async def plan(self, who: str) -> None:
        """Note what the app says that somebody will get."""
        now = self.office.clock.now()
        [known] = await self.office.application.database.read(plans.of_user, who, now)
        answers = who in self.answering
        found = played(known, now, now + timedelta(days=DAYS), answers=answers)
        places = {one.facts.seed: one.initiative.id for one in known.places}
        lines = [
            (line.kind.value, places[line.place], _minute(line.at))
            for line in found.lines
            if not line.joins
        ]
        sent = await self.office.application.database.read(_sent)
        until = now + timedelta(days=DAYS)
        self.said.append(Said(who, now, lines, len(sent[who]), until))

    async def changed(self, who: str) -> None:
        """Note that somebody changed something: what was said before holds until now."""
        now = self.office.clock.now()
        for said in self.said:
            if said.who == who:
                said.until = min(said.until, now)
        await self.plan(who)

    async def pass_until(self, moment: datetime) -> None:
        """Let time pass to the minute, and have those answer who do."""
        while self.office.clock.now() < moment:
            await self.office.pass_by(hours=6)
            for who in sorted(self.answering):
                await self.answer(self.office.person(who))

    async def answer(self, who: UserDriver) -> None:
        """Answer what is open, and the second one that it offers."""
        for message in self.office.sent(who):
            if "Extremely" not in labels(message):
                continue
            await self.office.answer(who, message, 4, 4, 4)
            if "OK" in labels(message):
                seen = len(who.inbox)
                await self.office.click(who, message, "OK")
                for other in who.inbox[seen:] or [message]:
                    if "Extremely" in labels(other):
                        await self.office.answer(who, other, 4, 4, 4)

    async def check(self) -> None:
        """Hold what was said against what was sent."""
        sent = await self.office.application.database.read(_sent)
        wrong = []
        for said in self.said:
            until = min(said.until, self.office.clock.now())
            got = [one for one in sent[said.who][said.before :] if one[2] < until]
            lines = [one for one in said.lines if one[2] < until]
            if sorted(lines, key=lambda one: one[2]) != got:
                wrong.append((said.who, said.at, _differences(lines, got)))
        assert not wrong, "\n".join(map(str, wrong))


def _differences(said: list[Sent], got: list[Sent]) -> str:
    only_said = [f"-{one[0]} {one[1]} {one[2]:%m-%d %H:%M}" for one in said if one not in got]
    only_got = [f"+{one[0]} {one[1]} {one[2]:%m-%d %H:%M}" for one in got if one not in said]
    return "\n  ".join(["", *only_said, *only_got])


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _sent(tx: Tx) -> dict[str, list[Sent]]:
    rows = tx.execute(
        select(Person.slack_user_id, Outbox.kind, Outbox.initiative_id, Outbox.sending_at)
        .join(Person, Person.id == Outbox.person_id)
        .where(Outbox.counted.is_(True), Outbox.state == "sent")
        .order_by(Outbox.sending_at)
    )
    found: dict[str, list[Sent]] = defaultdict(list)
    for who, kind, initiative_id, at in rows:
        assert kind != Kind.GIVE, "nobody is attended to here"
        assert initiative_id is not None
        assert at is not None
        found[who].append((kind, initiative_id, _minute(at)))
    return found


async def share(office: Office, leader: UserDriver) -> None:
    """Post what moved, so that nobody waits for a word."""
    await office.slash(leader, "post")
    words = {"moved": "Labels.", "changed": "A later start.", "next": "Scanners."}
    await office.submit(leader, words)
    await office.submit(leader)
    await leader.close(everything=True)
    await office.deliver()


async def test_two_months_go_as_the_plan_said(sqlite_url: str) -> None:
    """Clocks change in Berlin, New York and Auckland; there is Easter; people change things."""
    async with open_office("socket", sqlite_url, holidays="DE", estimates=False) as office:
        office.grain = timedelta(seconds=1)
        lee = office.person(LEE)
        await office.launch()
        await office.launch("New printers", by=lee, people=["U1", "U2", "U4"])
        months = Months(office, {"U1", "U3", "U5"})
        await office.slash(office.person(3), "away until 25 March")
        for who in range(1, 7):
            await months.plan(f"U{who}")
        start = office.clock.now()
        for week in range(1, 10):
            await months.pass_until(start + timedelta(weeks=week))
            if week % 2 == 0:
                await share(office, office.dana)
                await share(office, lee)
            if week == 4:
                await office.click(office.person(6), office.check_in(office.person(6)), "Not now")
                await office.slash(office.person(5), "away for 2 weeks")
                for who in (5, 6):
                    await months.changed(f"U{who}")
                for who in (1, 2, 3, 4):
                    await months.plan(f"U{who}")
            if week == 5:
                await office.slash(office.person(2), "stop")
                await months.changed("U2")
            if week == 6:
                await office.slash(office.person(2), "resume")
                await months.changed("U2")
                for who in (1, 3, 4, 5, 6):
                    await months.plan(f"U{who}")
        await months.check()
        check_everything(office)
