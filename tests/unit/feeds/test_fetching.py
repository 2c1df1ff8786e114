"""What is never fetched: private addresses by whatever way, too much, too long, no calendar."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.domain.busy import Problem
from bot.feeds import addresses, fetching
from bot.feeds.fetching import LARGEST, Fetcher
from bot.feeds.problems import Unread
from bot.feeds.reader import Feeds

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
HOST = "calendar.example"
HERE = "127.0.0.1"
"""Where the test's server is; tests of what is public count it as public."""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::",  # loopback, unspecified
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "fc00::1", "fd12::1",  # private
        "169.254.169.254", "fe80::1", "fe80::1%eth0",  # link-local, clouds' own data
        "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "2001:db8::1",
        "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255",  # multicast, reserved
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",  # IPv4 inside IPv6
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::",
        "nonsense", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address", ["142.250.74.46", "8.8.8.8", "2a00:1450:4001::1", "64:ff9b::808:808"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    ("pasted", "problem"),
    [
        ("", Problem.NOT_AN_ADDRESS),
        ("my calendar", Problem.NOT_AN_ADDRESS),
        ("https://", Problem.NOT_AN_ADDRESS),
        ("https://host:99999/", Problem.NOT_AN_ADDRESS),
        ("file:///etc/passwd", Problem.NOT_AN_ADDRESS),
        ("ftp://calendar.example/a.ics", Problem.NOT_AN_ADDRESS),
        ("https://calendar.example/" + "a" * 2000, Problem.NOT_AN_ADDRESS),
        ("http://calendar.example/a.ics", Problem.NOT_SECURE),
    ],
)
def test_what_is_no_address_of_a_feed(pasted: str, problem: Problem) -> None:
    with pytest.raises(Unread) as refused:
        addresses.checked(pasted)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3:8443", "192.168.1.1", "169.254.169.254", "[::1]", "[fe80::1]",
        "[fd12::1]", "[::ffff:10.0.0.1]", "127.1", "0x7f.2", "2130706433", "localhost",
        "Calendar.LOCALHOST.",
    ],
)  # fmt: skip
def test_a_private_host_is_told_before_anything_is_read(host: str) -> None:
    for scheme in ("https", "webcal"):
        with pytest.raises(Unread) as refused:
            addresses.pasted(f"{scheme}://{host}/a.ics")
        assert refused.value.problem is Problem.NOT_PUBLIC


@pytest.mark.parametrize(
    "host", ["calendar.example", "10.calendar.example", "8.8.8.8", "[2a00:1450:4001::1]"]
)
def test_any_other_host_is_for_the_fetch_to_tell(host: str) -> None:
    assert str(addresses.pasted(f"https://{host}/a.ics")) == f"https://{host}/a.ics"


def test_the_address_stays_as_it_was_pasted() -> None:
    secret = "https://calendar.example/ical/dana%40demo.invalid/private-abc/basic.ics?x=a%2Fb"
    assert str(addresses.checked(f" <{secret}> ")) == secret
    assert str(addresses.checked("webcal" + secret[5:])) == secret


Answers = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Server:
    """A web server with a certificate for `HOST`, and what it was asked."""

    port: int
    trusted: ssl.SSLContext
    looked_up: list[str] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=lambda: {HOST: [HERE]})

    def address(self, path: str, host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"

    async def fetch(self, address: str, seconds: float = 10) -> bytes:
        fetcher = Fetcher(self._resolve, _counts_as_public, self.trusted, seconds)
        return await fetcher.fetch(address)

    async def refused(self, address: str, seconds: float = 10) -> Problem:
        with pytest.raises(Unread) as refused:
            await self.fetch(address, seconds)
        assert HOST not in str(refused.value)
        assert refused.value.__cause__ is None  # which would hold the address
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
        return refused.value.problem

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        if host not in self.names:
            raise OSError("no such name")
        return self.names[host]


def _counts_as_public(address: str) -> bool:
    return address == HERE or addresses.is_public(address)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `HOST` and `HERE`, with its key, that signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = x509.SubjectAlternativeName([x509.DNSName(HOST), x509.IPAddress(ip_address(HERE))])
    since = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=2))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(private + made.public_bytes(encoding))
    return path


@pytest.fixture
async def server(certificate: Path) -> AsyncIterator[Server]:
    """A server full of mischief."""
    application = web.Application()
    for path, handler in PATHS.items():
        application.router.add_get(path, handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    await web.TCPSite(runner, HERE, 0, ssl_context=context).start()
    yield Server(runner.addresses[0][1], ssl.create_default_context(cafile=str(certificate)))
    await runner.cleanup()


def _says(body: bytes, kind: str = "text/calendar", **headers: str) -> Answers:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=kind, headers=headers)

    return handler


def _leads_to(target: str) -> Answers:
    async def handler(request: web.Request) -> web.Response:
        port = request.url.port
        return web.Response(status=302, headers={"Location": target.replace("PORT", str(port))})

    return handler


async def _ten_gigabytes(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/calendar"})
    answer.content_length = 10 * 1024**3
    await answer.prepare(request)
    return answer


async def _endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/calendar"})
    await answer.prepare(request)
    for _ in range(LARGEST):
        await answer.write(CALENDAR * 1000)
        await asyncio.sleep(0)  # writing alone need not wait, and the other side runs here as well
    return answer


async def _drip(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/calendar"})
    await answer.prepare(request)
    for sign in CALENDAR:
        await answer.write(bytes([sign]))
        await asyncio.sleep(0.05)
    return answer


async def _status(request: web.Request) -> web.Response:
    return web.Response(status=int(request.query["as"]))


def _bomb() -> bytes:
    return gzip.compress(CALENDAR + b"X-A:" + b"\0" * (64 * 1024**2), 1)


PATHS: dict[str, Answers] = {
    "/good": _says(CALENDAR),
    "/packed": _says(gzip.compress(CALENDAR), **{"Content-Encoding": "gzip"}),
    "/plain": _says(b"\xef\xbb\xbf" + CALENDAR, "text/plain"),
    "/busy": _says((Path(__file__).parent / "calendars/folded_and_odd.ics").read_bytes()),
    "/page": _says(b"<!doctype html><title>Sign in</title>", "text/html"),
    "/disguised": _says(b"<!doctype html><title>Sign in</title>"),
    "/bomb": _says(_bomb(), **{"Content-Encoding": "gzip"}),
    "/broken": _says(b"no zip", **{"Content-Encoding": "gzip"}),
    "/odd": _says(CALENDAR, **{"Content-Encoding": "rot13"}),
    "/large": _ten_gigabytes,
    "/endless": _endless,
    "/drip": _drip,
    "/status": _status,
    "/moved": _leads_to("/good"),
    "/round": _leads_to("/round"),
    "/to-loopback": _leads_to("https://127.0.0.2:PORT/good"),
    "/to-private": _leads_to("https://10.0.0.1/good"),
    "/to-metadata": _leads_to("https://[fe80::1]/latest"),
    "/to-name": _leads_to("https://intranet.example:PORT/good"),
    "/to-http": _leads_to("http://calendar.example/good"),
    "/to-file": _leads_to("file:///etc/passwd"),
}


@pytest.mark.parametrize("path", ["/good", "/packed", "/moved", "/plain"])
async def test_a_calendar_is_fetched(server: Server, path: str) -> None:
    assert (await server.fetch(server.address(path))).endswith(CALENDAR)


async def test_a_subscription_is_fetched_securely(server: Server) -> None:
    assert await server.fetch(server.address("/good").replace("https", "webcal")) == CALENDAR


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/to-loopback", Problem.NOT_PUBLIC),
        ("/to-private", Problem.NOT_PUBLIC),
        ("/to-metadata", Problem.NOT_PUBLIC),
        ("/to-name", Problem.NOT_PUBLIC),
        ("/to-http", Problem.NOT_SECURE),
        ("/to-file", Problem.NOT_AN_ADDRESS),
        ("/round", Problem.TOO_MANY_REDIRECTS),
        ("/large", Problem.TOO_BIG),
        ("/endless", Problem.TOO_BIG),
        ("/bomb", Problem.TOO_BIG),
        ("/broken", Problem.BROKEN),
        ("/odd", Problem.NOT_A_CALENDAR),
        ("/page", Problem.NOT_A_CALENDAR),
        ("/disguised", Problem.NOT_A_CALENDAR),
        ("/status?as=404", Problem.REFUSED),
        ("/status?as=403", Problem.REFUSED),
        ("/status?as=503", Problem.UNREACHABLE),
        ("/status?as=429", Problem.UNREACHABLE),
    ],
)
async def test_mischief_is_refused(server: Server, path: str, problem: Problem) -> None:
    server.names["intranet.example"] = [HERE, "192.168.0.7"]  # one of them is enough
    assert await server.refused(server.address(path)) is problem


async def test_a_server_that_never_ends_is_given_up(server: Server) -> None:
    assert await server.refused(server.address("/drip"), seconds=0.3) is Problem.TOO_SLOW


@pytest.mark.parametrize(
    "host", ["127.0.0.2", "10.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"]
)
async def test_an_address_instead_of_a_name_is_looked_at(server: Server, host: str) -> None:
    assert await server.refused(server.address("/good", host)) is Problem.NOT_PUBLIC
    assert server.looked_up == []


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("localhost", Problem.NOT_PUBLIC),
        ("0x7f.2", Problem.NOT_PUBLIC),
        ("127.2", Problem.NOT_AN_ADDRESS),
        ("2130706434", Problem.NOT_AN_ADDRESS),
    ],
)
async def test_other_ways_to_write_loopback_are_refused(host: str, problem: Problem) -> None:
    with pytest.raises(Unread) as refused:
        await Fetcher().fetch(f"https://{host}:9/calendar.ics")
    assert refused.value.problem is problem


async def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere(server: Server) -> None:
    """Each connection goes to the addresses that were checked: nobody asks a second time."""
    answers: Iterator[list[str]] = iter([[HERE], ["10.0.0.1"]])

    async def changing(host: str, port: int) -> Sequence[str]:
        server.looked_up.append(host)
        return next(answers)

    fetcher = Fetcher(changing, _counts_as_public, server.trusted)
    assert await fetcher.fetch(server.address("/good")) == CALENDAR
    assert server.looked_up == [HOST]
    with pytest.raises(Unread) as refused:
        await fetcher.fetch(server.address("/good"))
    assert refused.value.problem is Problem.NOT_PUBLIC


async def test_who_cannot_be_reached_or_believed(server: Server) -> None:
    assert await server.refused(server.address("/good", "unknown.example")) is Problem.UNREACHABLE
    server.names["other.example"] = [HERE]  # not the name in the certificate
    assert await server.refused(server.address("/good", "other.example")) is Problem.UNREACHABLE
    strict = Fetcher(server._resolve, _counts_as_public)
    with pytest.raises(Unread) as refused:
        await strict.fetch(server.address("/good"))
    assert refused.value.problem is Problem.UNREACHABLE


async def test_unpacking_stops_at_the_limit() -> None:
    unpack = fetching._unpacker("gzip")
    assert len(unpack(_bomb(), 1000)) == 1000


async def test_a_feed_is_fetched_and_worked_out(server: Server) -> None:
    feeds = Feeds(Fetcher(server._resolve, _counts_as_public, server.trusted))
    now = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
    found = await feeds.read(server.address("/busy"), "Europe/Berlin", now)
    assert (len(found.busy), found.unread) == (1, 0)
    assert found.busy[0][0] == datetime(2025, 3, 4, 8, 0, tzinfo=UTC)  # nine o'clock there
