"""Check addresses in settings: URLs, hosts, `host:port`.

Pure: nothing is looked up. Imports only the standard library. Every check returns the value in its canonical form or
raises `ValueError` with the reason, to go on from the name of the setting; the reason never repeats the value.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final, NamedTuple, final
from urllib.parse import urlsplit

_NAME: Final = re.compile(r"(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_LOCAL_ENDINGS: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
_LISTEN: Final = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:\[\]]+):(?P<port>[0-9]{1,5})")
_LAST_PORT: Final = 65535
_ENDINGS_NOT_OURS: Final = ("/v1", "/mj")


@final
class Listen(NamedTuple):
    """Where the HTTP endpoint listens; `host` without brackets, port 0 for any free one."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return _is_loopback(self.host)


def check_url(text: str) -> str:
    """Return an http(s) URL without the slash at its end; http only where it stays on this machine or network.

    Raises
    ------
    ValueError
        With the reason.
    """
    scheme, host = _take_apart(text)
    if scheme == "http" and not _is_near(host):
        raise ValueError("must start with https:// (http:// is for a host on this machine or network)")
    return text.rstrip("/")


def check_api_url(text: str) -> str:
    """Return the API's address; as `check_url`, and it must not contain a path that we add ourselves.

    Raises
    ------
    ValueError
        With the reason.
    """
    url = check_url(text)
    for ending in _ENDINGS_NOT_OURS:
        if url.endswith(ending):
            raise ValueError(f"must not end in {ending}, the Midjourney paths are added to it")
    return url


def check_public_url(text: str) -> str:
    """Return an https URL without the slash at its end; http only on loopback.

    Raises
    ------
    ValueError
        With the reason.
    """
    scheme, host = _take_apart(text)
    if scheme == "http" and not _is_loopback(host):
        raise ValueError("must start with https:// (http:// is for this machine alone)")
    return text.rstrip("/")


def check_hosts(text: str) -> tuple[str, ...]:
    """Return comma-separated host names and IP addresses, in lower case.

    Raises
    ------
    ValueError
        With the reason.
    """
    hosts = [part.strip().lower() for part in text.split(",") if part.strip()]
    for number, host in enumerate(hosts, start=1):
        if not (_is_address(host) or _NAME.fullmatch(host)):
            raise ValueError(f"has something at place {number} that is neither a host name nor an IP address")
    return tuple(dict.fromkeys(hosts))


def check_listen(text: str) -> Listen:
    """Return `host:port`; an IPv6 address stands in brackets.

    Raises
    ------
    ValueError
        With the reason.
    """
    match = _LISTEN.fullmatch(text)
    host = match["host"].strip("[]").lower() if match else ""
    if not match or not (_is_address(host) or _NAME.fullmatch(host)):
        raise ValueError("must be host:port")
    if int(match["port"]) > _LAST_PORT:
        raise ValueError("names a port beyond 65535")
    return Listen(host, int(match["port"]))


def _take_apart(text: str) -> tuple[str, str]:
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError:
        raise ValueError("is not a complete address") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError("must start with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not contain a user name or password")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError("must not contain ? or #")
    if port == 0 or re.search(r"\s", text) or not (_is_address(host) or _NAME.fullmatch(host)):
        raise ValueError("is not a complete address")
    return parts.scheme, host


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    if _is_address(host):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _is_near(host: str) -> bool:
    """Loopback, a private address, or a name that only a local resolver knows (such as a container's)."""
    if _is_address(host):
        address = ip_address(host)
        return address.is_loopback or address.is_private
    return "." not in host or host.endswith(_LOCAL_ENDINGS)
