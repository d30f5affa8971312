"""Who asks: somebody on this machine or network, or anybody at all. Pure but for what a request carries."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aiohttp import web

#: A proxy in front of us adds one of these, and then its own address says nothing about who asks.
_FORWARDING: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


def is_nearby(request: web.Request) -> bool:
    """Tell whether a request comes straight from this machine or network, and through no proxy."""
    if request.remote is None or any(name in request.headers for name in _FORWARDING):
        return False
    return is_near(request.remote)


def is_near(address: str) -> bool:
    """Tell whether an IP address is of this machine or network."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return parsed.is_loopback or parsed.is_private
