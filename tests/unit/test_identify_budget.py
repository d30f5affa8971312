"""How often a session may be started: as often as Discord says, else as often as the record allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.connection.budget import DAY_S, IdentifyBudget, SessionLimit
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def budget(folder: Path, clock: FakeClock, per_day: int = 500) -> IdentifyBudget:
    """Return what a fresh process knows."""
    return IdentifyBudget(folder / "sessions.txt", clock, per_day)


def left(remaining: int, reset_after_s: float = DAY_S) -> SessionLimit:
    return SessionLimit(remaining=remaining, reset_after_s=reset_after_s)


def test_five_hundred_kills_in_a_row_are_not_slowed(tmp_path: Path, clock: FakeClock) -> None:
    for kill in range(500):
        process = budget(tmp_path, clock)
        assert process.pause_s(left(1000 - kill)) == 0
        process.note()
        clock.advance(2)
    assert len(budget(tmp_path, clock).started()) == 500


@pytest.mark.parametrize(("remaining", "pause"), [(200, 0), (199, DAY_S / 199), (1, DAY_S), (0, DAY_S)])
def test_the_last_two_hundred_are_spread_over_what_is_left_of_the_day(
    tmp_path: Path, clock: FakeClock, remaining: int, pause: float
) -> None:
    process = budget(tmp_path, clock)
    process.note()
    assert process.pause_s(left(remaining)) == pytest.approx(pause, abs=1)


def test_time_that_has_passed_since_the_last_one_counts(tmp_path: Path, clock: FakeClock) -> None:
    budget(tmp_path, clock).note()
    clock.advance(500)
    assert budget(tmp_path, clock).pause_s(left(100)) == pytest.approx(864 - 500, abs=1)
    clock.advance(365)
    assert budget(tmp_path, clock).pause_s(left(100)) == 0
    assert budget(tmp_path, clock).pause_s(left(0, 60)) == 60  # one more would cost the token, whenever the last was


def test_where_discord_does_not_say_the_record_of_all_processes_decides(tmp_path: Path, clock: FakeClock) -> None:
    for _ in range(10):
        process = budget(tmp_path, clock, per_day=10)
        assert process.pause_s(None) == 0
        process.note()
    assert budget(tmp_path, clock, per_day=10).pause_s(None) == pytest.approx(DAY_S / 10, abs=1)
    clock.advance(DAY_S)
    assert budget(tmp_path, clock, per_day=10).pause_s(None) == 0


def test_a_record_stays_small_and_may_be_damaged_missing_or_from_the_future(tmp_path: Path, clock: FakeClock) -> None:
    record = tmp_path / "sessions.txt"
    now = int(clock.now().timestamp())
    record.write_bytes(b"\xff\xfe not a time\n%d\n%d\n%d\n" % (now - 90_000, now - 5, now + 5000))
    process = budget(tmp_path, clock)
    assert process.started() == (now - 5,)
    process.note()
    assert record.read_text() == f"{now - 5}\n{now}\n"
    record.unlink()
    assert process.started() == ()


def test_a_record_that_cannot_be_written_is_said_and_stops_nobody(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    process = budget(tmp_path / "nowhere", clock)
    process.note()
    assert "cannot write down that a session" in caplog.text
    assert process.pause_s(None) == 0
