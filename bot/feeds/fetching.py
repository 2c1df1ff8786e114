"""Getting a calendar's bytes from a stranger's server, within limits of size and time.

Names are resolved here, once, and connected to at the very addresses that were checked, so that
a name which leads elsewhere a moment later leads nowhere. No error names the address.
"""

import asyncio
import ipaddress
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.domain.busy import Problem
from bot.feeds import addresses
from bot.feeds.problems import Unread

LARGEST = 5 * 1024 * 1024
"""Bytes, as they come and as they are once unpacked."""

SECONDS = 15.0
"""For everything together, redirects included."""

REDIRECTS = 5
MOVED = (301, 302, 303, 307, 308)
TRY_LATER = (408, 425, 429)
CHUNK = 64 * 1024
CALENDAR = "text/calendar"
BEGINS = b"BEGIN:VCALENDAR"
MARK = b"\xef\xbb\xbf"
"""Some programs write it before UTF-8."""

PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""What zlib wants to know for each encoding."""

HEADERS = {
    "Accept": "text/calendar, */*;q=0.1",
    "Accept-Encoding": "gzip, identity",
    "User-Agent": "Buy-in (reads when somebody is busy)",
}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def look_up(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of `host`.

    Raises:
        OSError: if it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Gets calendars.

    Args:
        resolve: returns the IP addresses of a name.
        is_public: says whether an IP address may be connected to.
        trusted: whose certificates are believed; None for those that the machine trusts.
        seconds: how long everything may take.
    """

    resolve: Resolve = look_up
    is_public: Callable[[str], bool] = addresses.is_public
    trusted: ssl.SSLContext | None = None
    seconds: float = SECONDS

    async def fetch(self, address: str) -> bytes:
        """Return the calendar at `address`.

        Raises:
            Unread: with what is in the way.
        """
        url = addresses.checked(address)
        try:
            async with asyncio.timeout(self.seconds), self._session() as session:
                return await self._follow(session, url)
        except TimeoutError:
            raise Unread(Problem.TOO_SLOW) from None
        except (aiohttp.InvalidURL, UnicodeError):
            raise Unread(Problem.NOT_AN_ADDRESS) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise Unread(Problem.UNREACHABLE) from None

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=_Checked(self.resolve, self.is_public),
            use_dns_cache=False,
            ssl=self.trusted or True,
            force_close=True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
            headers=HEADERS,
        )

    async def _follow(self, session: aiohttp.ClientSession, url: URL) -> bytes:
        for _ in range(REDIRECTS + 1):
            self._check_literal(url)
            async with session.get(url, allow_redirects=False) as answer:
                if answer.status not in MOVED:
                    _check_status(answer.status)
                    return await _body(answer)
                target = answer.headers.get("Location", "")
            url = addresses.checked(str(url.join(URL(target))))
        raise Unread(Problem.TOO_MANY_REDIRECTS)

    def _check_literal(self, url: URL) -> None:
        """An address instead of a name is connected to without asking the resolver."""
        try:
            ipaddress.ip_address((url.host or "").partition("%")[0])
        except ValueError:
            return
        if not self.is_public(url.host or ""):
            raise Unread(Problem.NOT_PUBLIC)


class _Checked(AbstractResolver):
    """Resolves names to public addresses alone."""

    def __init__(self, resolve: Resolve, is_public: Callable[[str], bool]) -> None:
        self._resolve = resolve
        self._is_public = is_public

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host`, if every one of them is public."""
        found = await self._resolve(host, port)
        if not all(self._is_public(address) for address in found):
            raise Unread(Problem.NOT_PUBLIC)
        return [_result(host, address, port) for address in found]

    async def close(self) -> None:
        """Nothing is held."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=address,
        port=port,
        family=family,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def _check_status(status: int) -> None:
    if status in TRY_LATER or status >= 500:
        raise Unread(Problem.UNREACHABLE)
    if status != 200:
        raise Unread(Problem.REFUSED)


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    if (answer.content_length or 0) > LARGEST:
        raise Unread(Problem.TOO_BIG)
    unpack = _unpacker(answer.headers.get("Content-Encoding", ""))
    named = answer.content_type == CALENDAR
    raw, body, looked = 0, bytearray(), named
    async for chunk in answer.content.iter_chunked(CHUNK):
        raw += len(chunk)
        body += unpack(chunk, LARGEST + 1 - len(body))
        if raw > LARGEST or len(body) > LARGEST:
            raise Unread(Problem.TOO_BIG)
        if not looked and len(body) > CHUNK:
            _check_beginning(body)
            looked = True
    _check_beginning(body)
    return bytes(body)


def _check_beginning(body: bytearray) -> None:
    begins = bytes(body[:CHUNK]).removeprefix(MARK).lstrip()
    plain = begins[: len(BEGINS)].upper() == BEGINS
    if not plain and not begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unread(Problem.NOT_A_CALENDAR)


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what unpacks a chunk into at most so many bytes; too much is an error of its own."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return lambda chunk, most: chunk
    if encoding not in PACKED:
        raise Unread(Problem.NOT_A_CALENDAR)
    packed = zlib.decompressobj(PACKED[encoding])

    def unpack(chunk: bytes, most: int) -> bytes:
        try:
            return packed.decompress(chunk, most)
        except zlib.error:
            raise Unread(Problem.BROKEN) from None

    return unpack
