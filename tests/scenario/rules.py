"""What must hold in the local Slack after any scenario, whatever happened in it."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.states import State
from bot.playground.model import Json
from tests.golden import forbidden_words
from tests.scenario.office import Office

OPENS, CLOSES = time(9, 30), time(16, 30)
WINDOWS = ((timedelta(days=7), 2), (timedelta(days=28), 5))
REAL = re.compile(r"<(?:@U[A-Z0-9]+|#C[A-Z0-9]+)(?:\|[^<>]*)?>")
"""Mentions of people and channels; nothing else in angle brackets is ours."""


def check_everything(office: Office) -> None:
    """Check all rules below."""
    check_markup(office)
    check_hours_and_caps(office)
    check_acks(office)
    check_log(office)
    check_words(office)


def check_log(office: Office) -> None:
    """Nothing went wrong inside, not even where nobody sees it."""
    wrong = [line for line in office.logged if line["log_level"] in ("error", "critical")]
    for line in wrong:
        if isinstance(line.get("exc_info"), BaseException):
            raise line["exc_info"]
    assert not wrong


INNER = {state.value for state in State if state is not State.NEW} | {
    "density",
    "not_bought_in",
    "yes_saying",
    "posterior",
}
"""What the app concludes about somebody for its own decisions, and how."""


def check_words(office: Office) -> None:
    """Nobody ever read a word of the code, or how somebody stands; nor does the log tell."""
    for state in states(office):
        assert not (bad := list(forbidden_words(state))), (bad, state)
    for line in office.logged:
        words = {name for name in (*line, *map(str, line.values())) if name in INNER}
        assert not words, line


def states(office: Office) -> Iterator[Json]:
    """Yield every state in which a message of the app or a dialog was ever stored."""
    for channel in office.workspace.team.channels.values():
        for message in channel.messages.values():
            if message.user == office.install.bot_user_id:
                yield from message.history
    for view in office.slack.world.views.values():
        yield from view.history or [{"blocks": view.blocks}]


def check_acks(office: Office) -> None:
    """Everything Slack sent was acknowledged in time."""
    late = [one for one in office.slack.deliveries if one.sent and not one.ok]
    assert not late, [(one.kind, one.error, one.payload) for one in late]


def check_hours_and_caps(office: Office) -> None:
    """At most 1 a working day, 2 in 7 days, 5 in 28, from 09:30 to 16:30 where the person is."""
    for user_id, user in office.workspace.team.users.items():
        got = office.counted(user_id)
        local = [moment.astimezone(ZoneInfo(user.tz)) for moment in got]
        settled = user_id not in office.moved
        assert all(one.weekday() < 5 for one in local), (user_id, local)
        assert not settled or all(OPENS <= one.time() < CLOSES for one in local), (user_id, local)
        assert len({one.date() for one in local}) == len(local), (user_id, local)
        for length, most in WINDOWS:
            assert _busiest(got, length) <= most, (user_id, local)


def _busiest(moments: list[datetime], length: timedelta) -> int:
    counts = [sum(first <= one < first + length for one in moments) for first in moments]
    return max(counts, default=0)


def check_markup(office: Office) -> None:
    """Nothing typed became a mention, a link or a call to everybody, in any state ever stored."""
    for words in markup(office):
        left = REAL.sub(_known(office), words)
        assert "<" not in left.replace("\n>", "\n"), words


def _known(office: Office) -> Any:
    team = office.workspace.team

    def keep(found: re.Match[str]) -> str:
        name = re.sub(r"[<>@#]|\|.*", "", found.group())
        return "" if name in team.users or name in team.channels else found.group()

    return keep


def markup(office: Office) -> Iterator[str]:
    """Yield every text that Slack reads as mrkdwn, of all messages and views and their past."""
    for channel in office.workspace.team.channels.values():
        for message in channel.messages.values():
            for state in message.history:
                yield state["text"]
                yield from _mrkdwn(state["blocks"])
    for view in office.slack.world.views.values():
        for state in view.history or [{"blocks": view.blocks}]:
            yield from _mrkdwn(state["blocks"])


def _mrkdwn(part: list[Json] | Json) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _mrkdwn(one)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        else:
            for value in part.values():
                if isinstance(value, list | dict):
                    yield from _mrkdwn(value)
