"""The pulse, and what systemd is told."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.config import Supervision, load_supervision
from bot.errors import StorageError
from bot.metrics import Metrics
from bot.watch.health import Health
from bot.watch.pulse import Pulse
from bot.watch.supervisor import READY, Supervisor
from bot.watch.watch import Watch
from tests.numbers import numbers_of
from tests.unit.test_health import Body

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def systemd(path: Path) -> Generator[socket.socket]:
    """Listen as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        listening.setblocking(False)
        yield listening


def heard(listening: socket.socket) -> list[str]:
    """Return what systemd has been told since it was last asked."""
    words: list[str] = []
    while True:
        try:
            words.append(listening.recv(100).decode())
        except BlockingIOError:
            return words


async def nothing() -> None:
    """Look at nothing."""


def make_watch(body: Body, supervision: Supervision, pulse: Pulse) -> Watch:
    health = Health(engine=body, database=body, connection=body, loop=body)
    return Watch(pulse=pulse, health=health, supervisor=Supervisor(supervision), look=nothing)


# The pulse -----------------------------------------------------------------------------------------------------------


async def test_a_loop_that_stands_still_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.watch.pulse._EVERY_S", 0.01)
    metrics = Metrics()
    pulse = Pulse(metrics.process)
    assert pulse.lag_s == 0
    beating = asyncio.create_task(pulse.run())
    await asyncio.sleep(0.005)

    time.sleep(0.1)  # noqa: ASYNC251 - the very thing that is to be noticed
    assert pulse.lag_s > 0.05
    await asyncio.sleep(0.005)
    beating.cancel()

    series = numbers_of(metrics)
    assert series["easel_event_loop_lag_seconds_count"] - series['easel_event_loop_lag_seconds_bucket{le="0.05"}'] == 1


async def test_a_long_standstill_is_told_to_the_owner_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    pulse = Pulse(Metrics().process)
    for now in (0.9, 1.1, 2.0, 61.2):
        pulse.note(now - (0.9 if now < 1 else 1.01), now)

    assert len(caplog.records) == 2
    assert "stood still for 1.0 s" in caplog.text


# systemd -------------------------------------------------------------------------------------------------------------


def test_systemd_is_told_where_it_listens_and_nobody_elsewhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Supervisor(Supervision()).tell(READY)
    with systemd(tmp_path / "notify") as listening:
        Supervisor(Supervision(address=str(tmp_path / "notify"))).tell(READY)
        assert heard(listening) == ["READY=1"]
    assert not caplog.records

    Supervisor(Supervision(address=str(tmp_path / "gone"))).tell(READY)  # no reason to end
    assert "systemd cannot be told" in caplog.text


async def test_the_watchdog_is_fed_while_the_process_is_alive_and_not_when_it_is_stuck(tmp_path: Path) -> None:
    body = Body()
    with systemd(tmp_path / "notify") as listening:
        supervision = Supervision(address=str(tmp_path / "notify"), watchdog_s=0.03)
        async with make_watch(body, supervision, Pulse(Metrics().process)) as watch:
            watch.started()
            await asyncio.sleep(0.05)
            assert {"READY=1", "WATCHDOG=1"} == set(heard(listening))
            body.late_parts = ["tracker"]
            await asyncio.sleep(0.05)
            heard(listening)
            await asyncio.sleep(0.05)
            assert heard(listening) == []
            body.late_parts = []
            await asyncio.sleep(0.05)
            watch.stopping()
            words = heard(listening)
        assert words[0] == "WATCHDOG=1"
        assert words[-1] == "STOPPING=1"


async def test_numbers_that_cannot_be_had_end_nothing_and_are_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.watch.watch._LOOK_EVERY_S", 0.0)
    looks = asyncio.Semaphore(0)

    async def refuse() -> None:
        looks.release()
        raise StorageError("The database refused.")

    body = Body()
    health = Health(engine=body, database=body, connection=body, loop=body)
    supervisor = Supervisor(Supervision())
    async with Watch(pulse=Pulse(Metrics().process), health=health, supervisor=supervisor, look=refuse):
        for _ in range(3):
            await looks.acquire()

    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


@pytest.mark.parametrize(
    ("environment", "supervision"),
    [
        ({}, Supervision()),
        ({"NOTIFY_SOCKET": "/run/systemd/notify"}, Supervision("/run/systemd/notify")),
        ({"NOTIFY_SOCKET": "@easel"}, Supervision("\0easel")),
        ({"NOTIFY_SOCKET": "vsock:2:1", "WATCHDOG_USEC": "60000000"}, Supervision()),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "60000000"}, Supervision("/n", 60.0)),
        (
            {"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())},
            Supervision("/n", 60.0),
        ),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, Supervision("/n")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "0"}, Supervision("/n")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "soon"}, Supervision("/n")),
    ],
)
def test_what_systemd_wants_is_read_from_what_it_sets(environment: dict[str, str], supervision: Supervision) -> None:
    assert load_supervision(environment) == supervision
