"""Calendar files of talks in a real CalDAV server (Radicale): created, moved, called off."""

import http.client
import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import vobject
from radicale import config
from radicale.app import Application

from bot.domain.meetings import Meeting, uid
from bot.views import invites

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TALK = Meeting(
    uid=uid("T0DEMO", 7),
    sequence=0,
    starts_at=datetime(2025, 3, 4, 9, 0, tzinfo=UTC),
    ends_at=datetime(2025, 3, 4, 9, 20, tzinfo=UTC),
    changed_at=NOW,
    title='Shelf labels; "new", all of them: Dana Demo and Sam Sample ü',
    organizer="Dana Demo",
    attendees=("Sam Sample",),
)
QUERY = """<?xml version="1.0"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
 <D:prop><C:calendar-data/></D:prop>
 <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
  <C:time-range start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"/>
 </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


@dataclass(slots=True)
class CalDav:
    """One calendar on the server."""

    port: int

    def ask(self, method: str, path: str, body: bytes | str = b"", kind: str = "") -> Any:
        """Return status and body of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        who = b64encode(b"dana:any").decode()
        headers = {"Authorization": f"Basic {who}", "Content-Type": kind, "Depth": "1"}
        content = body.encode() if isinstance(body, str) else body
        connection.request(method, f"/dana/talks/{path}", content, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    def put(self, meeting: Meeting, name: str = "talk.ics") -> int:
        """Store the file as calendar programs do: without its method (RFC 4791, 4.1)."""
        content = re.sub(rb"METHOD:\w+\r\n", b"", invites.ics(meeting))
        status: int = self.ask("PUT", name, content, "text/calendar; charset=utf-8")[0]
        return status

    def get(self) -> Any:
        """Return the event as the server has it."""
        status, text = self.ask("GET", "talk.ics")
        assert status == 200
        return vobject.readOne(text).vevent

    def between(self, start: datetime, end: datetime) -> int:
        """Return how many events the server finds between two moments."""
        query = QUERY.format(start=start, end=end)
        status, text = self.ask("REPORT", "", query, "application/xml")
        assert status == 207
        return int(text.count("BEGIN:VEVENT"))


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def calendar(tmp_path: Path) -> Iterator[CalDav]:
    """A CalDAV server of its own with one empty calendar."""
    settings = config.load()
    settings.update(
        {
            "storage": {"filesystem_folder": str(tmp_path), "_filesystem_fsync": "False"},
            "auth": {"type": "none"},
            "web": {"type": "none"},
            "logging": {"level": "critical"},
        },
        "test",
        privileged=True,
    )
    server = make_server("127.0.0.1", 0, Application(settings), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    running = CalDav(server.server_port)
    assert running.ask("MKCALENDAR", "")[0] == 201
    yield running
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_talk_is_created_moved_and_called_off_in_a_calendar_server(calendar: CalDav) -> None:
    assert calendar.put(TALK) == 201
    event = calendar.get()
    assert event.summary.value == TALK.title
    assert (event.uid.value, event.sequence.value) == (TALK.uid, "0")
    assert calendar.between(TALK.starts_at, TALK.ends_at) == 1
    assert calendar.between(TALK.ends_at, TALK.ends_at + HOUR) == 0

    moved = TALK.moved(TALK.starts_at + 24 * HOUR, TALK.ends_at + 24 * HOUR, NOW + HOUR)
    assert calendar.put(moved, "again.ics") == 409  # the same talk stands there already
    assert calendar.put(moved) in (201, 204)
    assert calendar.between(TALK.starts_at, TALK.ends_at) == 0
    assert calendar.between(moved.starts_at, moved.ends_at) == 1
    event = calendar.get()
    assert (event.uid.value, event.sequence.value) == (TALK.uid, "1")
    assert event.dtstart.value == moved.starts_at

    assert calendar.put(moved.called_off(NOW + 2 * HOUR)) in (201, 204)
    event = calendar.get()
    assert (event.status.value, event.transp.value) == ("CANCELLED", "TRANSPARENT")
    assert (event.uid.value, event.sequence.value) == (TALK.uid, "2")
    assert calendar.ask("DELETE", "talk.ics")[0] in (200, 204)
    assert calendar.ask("GET", "talk.ics")[0] == 404
