"""Which backups are made when, and which of them stay."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.errors import StorageError
from bot.jobs.housekeeping.backups import LIFE, Backups, kept
from bot.jobs.housekeeping.steadiness import Steadiness
from bot.jobs.ports import Vault
from bot.model import Backup
from tests.builders import START
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.model import Tombstone

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class FakeVault(Vault):
    """A vault that holds nothing but times, and knows which were made when in truth."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        self.times: set[datetime] = set()
        self.born: dict[datetime, float] = {}
        self._clock = clock or FakeClock()
        self.is_full = False
        self.is_stopped = False

    @override
    async def write(self, at: datetime) -> Backup:
        if self.is_full:
            raise StorageError("no room")
        self.times.add(at)
        self.born[at] = self._clock.monotonic()
        return Backup(path=Path("a.db"), made_at=at, version=1, size=1, rows={})

    @override
    async def made(self) -> list[datetime]:
        return sorted(self.times)

    @override
    async def keep(self, wanted: Callable[[Collection[datetime]], Collection[datetime]], since: datetime) -> int:
        before = len(self.times)
        self.times = {at for at in wanted(self.times) if at >= since}
        return before - len(self.times)

    @override
    async def redate(self, now: datetime) -> int:
        later = {at: now - timedelta(seconds=number + 1) for number, at in enumerate(self.times) if at > now}
        self.times = self.times - later.keys() | set(later.values())
        self.born |= {target: self.born[at] for at, target in later.items() if at in self.born}
        return len(later)

    @property
    def oldest(self) -> timedelta:
        """How long the oldest has been there in truth."""
        return timedelta(seconds=self._clock.monotonic() - min(self.born[at] for at in self.times))

    @override
    async def copies(self) -> list[str]:
        return []

    @override
    async def cleanse(self, name: str, has_left: Callable[[int], Tombstone | None]) -> set[str] | None:
        return None

    @override
    async def tidy(self) -> None:
        pass

    @override
    async def has_set_aside(self) -> bool:
        return True

    @override
    def stop(self) -> None:
        self.is_stopped = True


def made_by(vault: FakeVault, clock: FakeClock, *, every: timedelta | None = 6 * HOUR) -> Backups:
    """Return what makes backups in a process that begins now."""
    return Backups(vault=vault, clock=clock, steadiness=Steadiness(clock), every=every)


async def test_a_year_of_backups_every_six_hours_leaves_seven_days_and_four_weeks() -> None:
    vault, clock = FakeVault(), FakeClock()
    backups = made_by(vault, clock)
    for _ in range(365 * 24):
        await backups.step()
        clock.advance(3600)
    ages = sorted(clock.now() - at for at in vault.times)
    assert ages[0] <= 6 * HOUR
    assert sum(age <= DAY for age in ages) == 4
    assert {age // DAY for age in ages} >= set(range(6))
    assert 14 * DAY < ages[-1] <= LIFE
    assert len(ages) <= 4 + 7 + 4
    assert backups.last_at == max(vault.times)


async def test_a_backup_is_made_when_one_is_due_and_not_before() -> None:
    vault, clock = FakeVault(), FakeClock()
    vault.times = {START}
    backups = made_by(vault, clock)
    clock.advance((START - clock.now()).total_seconds() + 5 * 3600)
    await backups.step()
    assert vault.times == {START}
    assert backups.last_at == START
    clock.advance(3600)
    await backups.step()
    assert vault.times == {START, START + 6 * HOUR}


async def test_a_clock_that_was_set_back_holds_no_backup_up() -> None:
    vault, clock = FakeVault(), FakeClock()
    ahead = clock.now() + 100 * DAY
    vault.times = {ahead}
    await made_by(vault, clock).step()
    assert vault.times == {ahead, clock.now()}


async def test_one_that_fails_leaves_the_older_ones() -> None:
    vault, clock = FakeVault(), FakeClock()
    vault.times, vault.is_full = {clock.now() - 40 * DAY}, True
    backups = made_by(vault, clock)
    with pytest.raises(StorageError, match="no room"):
        await backups.step()
    assert len(vault.times) == 1
    assert backups.last_at == clock.now() - 40 * DAY


async def test_without_regular_backups_those_there_are_still_go_in_time() -> None:
    vault, clock = FakeVault(), FakeClock()
    old, young = clock.now() - 31 * DAY, clock.now() - 10 * DAY
    vault.times = {old, young}
    backups = made_by(vault, clock, every=None)
    await backups.step()
    assert vault.times == {old, young}, "by one reading of a clock nothing goes"
    clock.advance(3600)
    await backups.step()
    assert vault.times == {young}


@pytest.mark.parametrize("years", [-56, -1, 1, 12])
@pytest.mark.parametrize("hours", [1, 12])
@pytest.mark.parametrize("every", [6 * HOUR, None])
async def test_a_clock_that_is_wrong_by_years_for_hours_costs_no_backup(
    years: int, hours: int, every: timedelta | None
) -> None:
    vault, clock = FakeVault(), FakeClock()
    backups = made_by(vault, clock)
    for _ in range(40 * 24):
        await backups.step()
        clock.advance(3600)
    before = set(vault.times)
    backups = made_by(vault, clock, every=every)
    clock.jump(years * 365 * 86400.0)
    for _ in range(hours if every else 1):
        await backups.step()
        clock.advance(3600)
    assert vault.times >= before
    clock.jump(years * -365 * 86400.0)
    await backups.step()
    assert len(before - vault.times) <= 4, "those whose day has passed meanwhile"
    assert max(before) in vault.times


@pytest.mark.parametrize("days", [-365, 2, 20, 365])
@pytest.mark.parametrize("hours", [1, 24 * 10])
async def test_whatever_the_clock_says_meanwhile_no_backup_is_there_for_longer_than_thirty_days(
    days: int, hours: int
) -> None:
    clock = FakeClock()
    vault = FakeVault(clock)
    backups = made_by(vault, clock)
    for hour in range(-24 * 20, hours + 24 * 31):
        if hour in {0, hours}:
            clock.jump((days if hour == 0 else -days) * 86400.0)
        await backups.step()
        assert vault.oldest <= 30 * DAY
        clock.advance(3600)
    assert len(vault.times) <= 4 + 7 + 4


async def test_without_a_vault_nothing_is_done() -> None:
    clock = FakeClock()
    backups = Backups(vault=None, clock=clock, steadiness=Steadiness(clock), every=HOUR)
    await backups.step()
    backups.stop()
    assert not await backups.have_set_aside()
    assert backups.last_at is None


def test_the_newest_of_a_day_stands_for_it() -> None:
    midnight = START.replace(hour=0, minute=0, second=0)
    made = {midnight - hours * HOUR for hours in range(1, 24 * 5)}
    stay = kept(made, midnight)
    assert {at for at in stay if at <= midnight - DAY} == {midnight - days * DAY - HOUR for days in range(1, 5)}
