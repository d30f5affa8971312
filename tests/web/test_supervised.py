"""Health and numbers: what everybody is told, and what only those on this machine or network are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.metrics import CONTENT_TYPE
from bot.model import Kind, Status
from bot.web.nearby import is_near
from tests.numbers import numbers_of

if TYPE_CHECKING:
    from tests.web.conftest import Desk

FORWARDED = [
    {"X-Forwarded-For": "10.0.0.1"},
    {"Forwarded": "for=10.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Via": "1.1 proxy"},
]


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/healthz"])
async def test_a_sound_bot_is_alive_and_ready(desk: Desk, path: str) -> None:
    assert await desk.get(f"{desk.server.url}{path}") == (200, "ok")


async def test_a_bot_that_is_not_ready_is_alive(desk: Desk) -> None:
    desk.health.ailing = {"gateway": "lost 12 s ago", "disk": "nearly full"}

    assert await desk.get(f"{desk.server.url}/livez") == (200, "ok")
    status, said = await desk.get(f"{desk.server.url}/readyz")
    assert (status, json.loads(said)) == (503, {"reasons": desk.health.ailing})


async def test_a_bot_that_is_stuck_is_neither(desk: Desk) -> None:
    desk.health.dying = {"engine": "stuck: tracker"}

    for path in ("/livez", "/readyz", "/healthz"):
        status, said = await desk.get(f"{desk.server.url}{path}")
        assert (status, json.loads(said)) == (503, {"reasons": desk.health.dying})


@pytest.mark.parametrize("headers", FORWARDED)
async def test_who_comes_through_a_proxy_is_told_no_reason(desk: Desk, headers: dict[str, str]) -> None:
    desk.health.dying = {"engine": "stuck: tracker"}

    assert await desk.get(f"{desk.server.url}/livez", **headers) == (503, "no")
    assert await desk.get(f"{desk.server.url}/readyz", **headers) == (503, "no")


async def test_the_numbers_are_there_for_this_machine(desk: Desk) -> None:
    desk.metrics.jobs.ended(Kind.IMAGINE, Status.SUCCEEDED)

    async with desk.http.get(f"{desk.server.url}/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == CONTENT_TYPE
        series = numbers_of(await answer.text())

    assert series['easel_jobs_total{action="imagine",outcome="succeeded"}'] == 1


@pytest.mark.parametrize("headers", FORWARDED)
async def test_nobody_gets_the_numbers_through_a_proxy(desk: Desk, headers: dict[str, str]) -> None:
    status, said = await desk.get(f"{desk.server.url}/metrics", **headers)

    assert status == 404
    assert "easel_" not in said


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("172.17.0.1", True),
        ("192.168.1.9", True),
        ("::ffff:10.0.0.7", True),
        ("fd00::7", True),
        ("93.184.216.34", False),
        ("::ffff:93.184.216.34", False),
        ("2606:2800:220:1::1", False),
    ],
)
def test_near_is_this_machine_and_this_network(address: str, *, near: bool) -> None:
    assert is_near(address) is near
