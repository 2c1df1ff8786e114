"""Which addresses are read: https, and nothing that leads into somebody's own network."""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from yarl import URL

from bot.domain.busy import LONGEST_ADDRESS, Problem
from bot.feeds.problems import Unread

SECURE = "https"
SUBSCRIBED = ("webcal", "webcals")
"""Schemes by which calendar programs know that an address is a calendar."""

HERE = "localhost"
"""A name that leads to the machine itself, with whatever stands before it. See RFC 6761."""

TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64: the last 32 bits are an IPv4 address that a router puts in its place."""

TRANSLATED_HERE = IPv6Network("64:ff9b:1::/48")
"""The same for addresses of somebody's own network."""


def checked(words: str) -> URL:
    """Return the address that somebody pasted, `webcal:` as `https:`.

    Raises:
        Unread: if it is no address, or one that is not encrypted on its way.
    """
    pasted = words.strip().strip("<>").strip()
    if not pasted or len(pasted) > LONGEST_ADDRESS or any(sign.isspace() for sign in pasted):
        raise Unread(Problem.NOT_AN_ADDRESS)
    try:
        url = URL(pasted, encoded=pasted.isascii())
        scheme, host = url.scheme, url.host
        port = url.port
    except ValueError:
        raise Unread(Problem.NOT_AN_ADDRESS) from None
    if scheme in SUBSCRIBED:
        return checked(SECURE + pasted[len(scheme) :])
    if scheme == "http":
        raise Unread(Problem.NOT_SECURE)
    if scheme != SECURE or not host or not port:
        raise Unread(Problem.NOT_AN_ADDRESS)
    return url


def pasted(words: str) -> URL:
    """Return the address that somebody pasted, if nothing is wrong with it before it is read.

    Raises:
        Unread: as `checked`, or if its host plainly is in somebody's own network.
    """
    url = checked(words)
    host = (url.host or "").rstrip(".").lower()
    if host == HERE or host.endswith(f".{HERE}"):
        raise Unread(Problem.NOT_PUBLIC)
    address = _written_out(host)
    if address is not None and not is_public(address):
        raise Unread(Problem.NOT_PUBLIC)
    return url


def _written_out(host: str) -> str | None:
    """Return the IP address that stands in place of a name, also in short (`127.1`), else None."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet.

    Not so: loopback, private, link-local, shared, reserved, multicast and unspecified ones, nor
    IPv6 addresses that stand for such an IPv4 address.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in (found, *_inside(found)))


def _is_public(one: IPv4Address | IPv6Address) -> bool:
    kept_apart = one.is_multicast or one.is_reserved or one.is_unspecified or one.is_link_local
    if isinstance(one, IPv6Address) and (one in TRANSLATED or one in TRANSLATED_HERE):
        return one in TRANSLATED  # what it stands for is looked at, too
    return one.is_global and not kept_apart


def _inside(one: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(one, IPv4Address):
        return []
    found = [inner for inner in (one.ipv4_mapped, one.sixtofour, *(one.teredo or ())) if inner]
    if one in TRANSLATED:
        found.append(IPv4Address(int(one) & 0xFFFFFFFF))
    return found
