"""What `/info` tells of what was used: right whatever has been removed, at midnight and when a month ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pytest

from bot.model import Kind, Speed
from bot.prompt import total

if TYPE_CHECKING:
    from bot.jobs.people.usage import Account
    from tests.jobs.conftest import House

ME: Final = 1
MIDMONTH: Final = datetime(2027, 3, 15, 9, tzinfo=UTC)


async def account(house: House) -> Account:
    return await house.engine.services.usage.account(ME)


def go_to(house: House, at: datetime) -> None:
    """Let time pass until then."""
    house.clock.advance((at - house.clock.now()).total_seconds())


async def keep_up(house: House, *, days: int) -> None:
    """Do what the upkeep does about what is older than that."""
    retention = house.engine.services.privacy.retention
    retention.life = timedelta(days=days)
    await retention.step()


async def jobs_left(house: House) -> int:
    return (await house.memory.privacy.holdings(ME)).jobs


async def test_what_was_removed_for_its_age_still_counts_this_month(house: House) -> None:
    go_to(house, MIDMONTH)
    await house.finished("one")
    await house.finished("two")
    before = await account(house)
    assert (before.today.jobs, before.month.jobs) == (2, 2)

    house.clock.advance(2 * 24 * 3600)
    await keep_up(house, days=1)
    await house.finished("three")

    assert await jobs_left(house) == 1
    after = await account(house)
    assert (after.today.jobs, after.month.jobs) == (1, 3)
    assert after.month.amount == total(Kind.IMAGINE, Speed.FAST, 3) == before.month.amount / 2 * 3


async def test_removing_what_is_older_once_more_counts_nothing_twice(house: House) -> None:
    go_to(house, MIDMONTH)
    await house.finished()
    house.clock.advance(2 * 24 * 3600)
    for _ in range(3):
        await keep_up(house, days=1)
    assert (await account(house)).month.jobs == 1


async def test_what_failed_and_what_somebody_deleted_counts_after_its_removal_as_before(house: House) -> None:
    go_to(house, MIDMONTH)
    deleted = await house.finished()
    await house.engine.services.deletions.delete(house.origin(), deleted)
    _, task_id = await house.running()
    house.api.fail(task_id, "Internal Server Error")
    await house.pass_time(10)
    before = (await account(house)).month
    assert before.jobs == 1

    house.clock.advance(3 * 24 * 3600)
    await keep_up(house, days=1)

    assert await jobs_left(house) == 0
    assert (await account(house)).month == before


async def test_a_price_that_is_not_known_stays_unknown(house: House) -> None:
    go_to(house, MIDMONTH)
    await house.imagine(speed=Speed.RELAX)
    await house.settle()
    house.api.finish(house.api.charges[0].task_id)
    await house.pass_time(12)
    house.clock.advance(2 * 24 * 3600)
    await keep_up(house, days=1)
    month = (await account(house)).month
    assert (month.jobs, month.unpriced, month.amount) == (1, 1, Decimal(0))


@pytest.mark.parametrize("removed", [False, True])
async def test_a_month_ends_at_midnight_in_utc(house: House, *, removed: bool) -> None:
    go_to(house, datetime(2027, 3, 30, 23, 59, 30, tzinfo=UTC))
    await house.finished("the day before the last")
    go_to(house, datetime(2027, 3, 31, 23, 59, 59, tzinfo=UTC))
    await house.imagine("at the last moment")
    await house.settle()
    counted = await account(house)
    assert (counted.today.jobs, counted.month.jobs) == (1, 2)
    house.api.finish(house.api.charges[-1].task_id)
    await house.pass_time(12)

    go_to(house, datetime(2027, 4, 2, 0, 1, tzinfo=UTC))
    await house.finished("in the new month")
    if removed:
        await keep_up(house, days=1)
        assert await jobs_left(house) == 1
    counted = await account(house)
    assert (counted.today.jobs, counted.month.jobs) == (1, 1)
    assert counted.month.since == datetime(2027, 4, 1, tzinfo=UTC)


async def test_sums_go_when_their_month_is_over_also_where_nothing_is_removed_any_more(house: House) -> None:
    go_to(house, MIDMONTH)
    await house.finished()
    house.clock.advance(2 * 24 * 3600)
    await keep_up(house, days=1)
    assert [(day, used.count) for day, used in await house.memory.usage.sums(ME)] == [(MIDMONTH.replace(hour=0), 1)]
    go_to(house, datetime(2027, 4, 1, tzinfo=UTC))
    house.engine.services.privacy.retention.life = None
    await house.engine.services.privacy.retention.step()
    assert await house.memory.usage.sums(ME) == []


async def test_they_go_with_their_person_and_the_rest_of_the_month_begins_at_nothing(house: House) -> None:
    go_to(house, MIDMONTH)
    await house.finished()
    house.clock.advance(2 * 24 * 3600)
    await keep_up(house, days=1)
    await house.engine.services.privacy.erase(ME)
    assert await house.memory.usage.sums(ME) == []
    assert (await account(house)).month.jobs == 0


async def test_who_comes_back_the_same_day_keeps_what_they_set_then(house: House) -> None:
    """A sum bears the day it is of, which began before they left."""
    go_to(house, MIDMONTH)
    await house.finished()
    await house.engine.services.privacy.erase(ME)
    house.clock.advance(60)
    await house.finished()
    services = house.engine.services
    await services.preferences.change(ME, lambda person: replace(person, remix=True))
    house.clock.advance(2 * 24 * 3600)
    await keep_up(house, days=1)
    assert len(await house.memory.usage.sums(ME)) == 1

    await house.restart()

    assert (await house.memory.people.get(ME)).remix
    assert (await account(house)).month.jobs == 1


async def test_all_that_is_under_way_is_counted_however_much_can_be_listed(house: House) -> None:
    for number in range(30):
        await house.imagine(f"fox {number}")
    await house.imagine("of somebody else", user_id=ME + 1)
    counted = await account(house)
    assert (len(counted.under_way), counted.in_all) == (25, 30)
    await house.settle()
    assert (await account(house)).in_all == 30
