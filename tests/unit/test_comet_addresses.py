"""Whom we ask for pictures: the rule of MEDIA_HOSTS, public addresses only, and names that change their mind."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Final

import pytest
from aiohttp.abc import AbstractResolver
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override
from yarl import URL

from bot.cometapi.addresses import AddressRefused, MediaRule, PublicResolver, is_public
from bot.errors import MediaRefused

if TYPE_CHECKING:
    from aiohttp.abc import ResolveResult

PUBLIC: Final = ["1.1.1.1", "8.8.8.8", "104.16.0.1", "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8"]
INSIDE: Final = [
    "0.0.0.0",  # noqa: S104 - the point of the test
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
NOT_ADDRESSES: Final = ["", "localhost", "127.1", "0x7f000001", "2130706433", "1.1.1.1.", "1.1.1", "[::1]", "1.1.1.01"]


@pytest.mark.parametrize("address", PUBLIC)
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INSIDE + NOT_ADDRESSES)
def test_nothing_that_leads_inside_is_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_disguise(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert not is_public(f"64:ff9b::{address}")
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80) | 1)))


def allowed(rule: MediaRule, url: str) -> bool:
    try:
        rule.check(URL(url))
    except MediaRefused:
        return False
    return True


@pytest.mark.parametrize(
    ("base", "url", "verdict"),
    [
        ("https://api.cometapi.com", "https://api.cometapi.com/mj/image/1", True),
        ("https://api.cometapi.com", "https://API.CometAPI.com:443/mj/image/1", True),
        ("https://api.cometapi.com", "http://api.cometapi.com/mj/image/1", False),
        ("https://api.cometapi.com", "https://cdn.example.com/a.png", True),
        ("https://api.cometapi.com", "https://cdn.example.com:8443/a.png", True),
        ("https://api.cometapi.com", "http://cdn.example.com/a.png", False),
        ("https://api.cometapi.com", "ftp://cdn.example.com/a.png", False),
        ("https://api.cometapi.com", "file:///etc/passwd", False),
        ("https://api.cometapi.com", "data:image/png;base64,AAAA", False),
        ("https://api.cometapi.com", "/mj/image/1", False),
        ("https://api.cometapi.com", "https://user:secret@cdn.example.com/a.png", False),
        ("https://api.cometapi.com", "https://user@api.cometapi.com/a.png", False),
        ("https://api.cometapi.com", "https://8.8.8.8/a.png", True),
        ("https://api.cometapi.com", "https://127.0.0.1/a.png", False),
        ("https://api.cometapi.com", "https://[::1]/a.png", False),
        ("https://api.cometapi.com", "https://[::ffff:10.0.0.1]/a.png", False),
        ("https://api.cometapi.com", "https://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/mj/image/1", True),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8081/mj/image/1", False),
        ("http://127.0.0.1:8080", "https://127.0.0.1:8080/mj/image/1", False),
        ("http://127.0.0.1:8080", "http://localhost:8080/mj/image/1", False),
        ("http://127.0.0.1:8080/prefix", "http://127.0.0.1:8080/mj/image/1", True),
        ("http://proxy.lan", "http://proxy.lan/mj/image/1", True),
        ("http://proxy.lan", "http://proxy.lan:81/mj/image/1", False),
    ],
)
def test_without_a_list_the_api_is_allowed_as_written_and_otherwise_public_https(
    base: str,
    url: str,
    verdict: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert allowed(MediaRule(base), url) is verdict


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://cdn.example.com/a.png", True),
        ("https://CDN.example.com./a.png", True),
        ("https://sub.cdn.example.com/a.png", False),
        ("https://example.com/a.png", False),
        ("https://a.pictures.org/a.png", True),
        ("https://a.b.pictures.org/a.png", True),
        ("https://pictures.org/a.png", False),
        ("https://evilpictures.org/a.png", False),
        ("https://bücher.example/a.png", True),
        ("https://xn--bcher-kva.example/a.png", True),
        ("https://192.168.1.5/a.png", True),
        ("https://192.168.1.6/a.png", False),
        ("http://192.168.1.5/a.png", False),
        ("https://[fd00::5]/a.png", True),
        ("https://8.8.8.8/a.png", False),
        ("https://api.cometapi.com/mj/image/1", True),
    ],
)
def test_with_a_list_only_what_is_listed_and_the_api(url: str, verdict: bool) -> None:  # noqa: FBT001 - a column
    hosts = ["cdn.example.com", ".Pictures.org", "bücher.example", "192.168.1.5", "[fd00:0::5]"]
    assert allowed(MediaRule("https://api.cometapi.com", hosts), url) is verdict


def test_a_listed_name_that_cannot_be_one_allows_nothing() -> None:
    rule = MediaRule("https://api.cometapi.com", ["ü" * 80, ""])
    assert not allowed(rule, "https://cdn.example.com/a.png")


class FakeDns(AbstractResolver):
    """Answers each question with the next of its answers; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.closed = False

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}
            for address in addresses
        ]

    @override
    async def close(self) -> None:
        self.closed = True


async def test_a_name_keeps_only_its_public_addresses() -> None:
    resolver = PublicResolver(MediaRule("https://api.cometapi.com"), FakeDns(["10.0.0.1", "8.8.8.8", "::1"]))
    assert [entry["host"] for entry in await resolver.resolve("cdn.example.com", 443)] == ["8.8.8.8"]


async def test_a_name_that_turns_inward_later_is_refused_then() -> None:
    resolver = PublicResolver(MediaRule("https://api.cometapi.com"), FakeDns(["8.8.8.8"], ["127.0.0.1"]))
    assert await resolver.resolve("cdn.example.com", 443)
    with pytest.raises(AddressRefused):
        await resolver.resolve("cdn.example.com", 443)


async def test_the_apis_own_name_may_be_inside_on_its_own_port() -> None:
    resolver = PublicResolver(MediaRule("http://proxy.lan:8080"), FakeDns(["192.168.1.9"]))
    assert [entry["host"] for entry in await resolver.resolve("proxy.lan", 8080)] == ["192.168.1.9"]
    with pytest.raises(AddressRefused):
        await resolver.resolve("proxy.lan", 443)
    with pytest.raises(AddressRefused):
        await resolver.resolve("other.lan", 8080)


async def test_closing_closes_what_asks_dns() -> None:
    dns = FakeDns(["8.8.8.8"])
    await PublicResolver(MediaRule("https://api.cometapi.com"), dns).close()
    assert dns.closed
