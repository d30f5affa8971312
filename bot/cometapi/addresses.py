"""Which addresses pictures may be fetched from: the rule of `MEDIA_HOSTS`, and the check at connect time.

The API tells us addresses, so a hostile answer could point into our own network (reliability C5). Names are therefore
judged by what they resolve to at the moment of connecting, which a change of DNS in between cannot get around.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final, TypeAlias, final

from aiohttp.abc import AbstractResolver
from aiohttp.resolver import ThreadedResolver
from typing_extensions import override
from yarl import URL

from bot.errors import MediaRefused
from bot.language import say

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from aiohttp.abc import ResolveResult

_Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

#: Ranges that lead back inside although `ipaddress` calls some of them global (measured on 3.11.7, reliability C5).
_INSIDE: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "64:ff9b::/96",  # NAT64: an IPv4 address in disguise
        "64:ff9b:1::/48",
        "2002::/16",  # 6to4: the same
        "2001::/32",  # Teredo: the same
        "::/96",  # IPv4-compatible: the same
        "fec0::/10",  # site-local
        "192.88.99.0/24",  # 6to4 relays
        "192.0.0.0/24",
    )
)


def is_public(address: str) -> bool:
    """Tell whether an IP literal is an ordinary address of the public Internet."""
    parsed = _literal(address)
    if parsed is None:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    unfit = parsed.is_multicast or parsed.is_reserved or parsed.is_loopback or parsed.is_link_local
    return parsed.is_global and not unfit and not any(parsed in network for network in _INSIDE)


@final
class AddressRefused(OSError):
    """The name resolves only to addresses that we do not connect to."""


@final
class MediaRule:
    """Who may be asked for pictures.

    The API's own host is allowed exactly as it is configured: scheme, host and port. Everything else must be https
    without a user name, and public. If `hosts` is not empty, it must be listed there as well.

    Parameters
    ----------
    base_url
        Address of the API.
    hosts
        `cdn.example.com` allows that host, `.example.com` every host below it (not itself), an IP literal that
        address even if it is private.
    """

    def __init__(self, base_url: str, hosts: Iterable[str] = ()) -> None:
        self._api = URL(base_url)
        listed = [_normalized(host) for host in hosts]
        self._hosts = frozenset(host for host in listed if host and not host.startswith("."))
        self._suffixes = tuple(host for host in listed if host.startswith("."))

    def check(self, url: URL) -> None:
        """Judge an address before anything is sent there. Names are judged again when they are resolved.

        Raises
        ------
        MediaRefused
            It is not allowed.
        """
        if not url.host or url.user is not None or url.password is not None:
            msg = say("a picture's address has no host, or carries a user name")
            raise MediaRefused(msg)
        if url.origin() == self._api.origin():
            return
        if url.scheme != "https":
            msg = say("a picture's address is not https")
            raise MediaRefused(msg)
        self._check_host(_normalized(url.host))

    def is_api(self, host: str, port: int) -> bool:
        """Tell whether that is the API's own host, which may be on our own machine."""
        return _normalized(host) == _normalized(self._api.host or "") and port == self._api.port

    def _check_host(self, host: str) -> None:
        if host in self._hosts:
            return
        if (self._hosts or self._suffixes) and not host.endswith(self._suffixes or ("/",)):
            msg = say("pictures are not fetched from {host}: it is not listed in MEDIA_HOSTS", host=host)
            raise MediaRefused(msg)
        if _literal(host) is not None and not is_public(host):
            msg = say("pictures are not fetched from {host}: it is not a public address", host=host)
            raise MediaRefused(msg)


@final
class PublicResolver(AbstractResolver):
    """Resolves names, and keeps only public addresses, except for the API's own host.

    Parameters
    ----------
    resolver
        What asks DNS; closed together with this one.
    """

    def __init__(self, rule: MediaRule, resolver: AbstractResolver | None = None) -> None:
        self._rule = rule
        self._resolver = resolver or ThreadedResolver()

    @override
    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = 0,  # pyright: ignore[reportArgumentType] - 0 is AF_UNSPEC, as in aiohttp
    ) -> list[ResolveResult]:
        """Return the addresses that may be connected to.

        Raises
        ------
        AddressRefused
            The name has addresses, and none is public.
        """
        found = await self._resolver.resolve(host, port, family)
        if self._rule.is_api(host, port):
            return found
        allowed = [entry for entry in found if is_public(entry["host"])]
        if not allowed:
            msg = f"{host} does not resolve to a public address"
            raise AddressRefused(msg)
        return allowed

    @override
    async def close(self) -> None:
        """Release the resolver."""
        await self._resolver.close()


def _literal(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _normalized(host: str) -> str:
    """Write a host one way: lower case, no brackets, no trailing dot, IDNA, IP addresses in short form."""
    bare = host.strip().strip("[]").rstrip(".").lower()
    literal = _literal(bare)
    if literal is not None:
        return str(literal)
    if bare.isascii():
        return bare
    try:
        return bare.encode("idna").decode("ascii")
    except UnicodeError:
        return bare
