"""Which kept pictures go first when there is no room for all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.jobs.housekeeping import clearing
from bot.model import Showcase
from tests.drawings import plain
from tests.jobs.test_kept_files import clear, kept, made, names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import pytest

    from bot.model import Job, KeptFile
    from tests.jobs.conftest import House

SIZE = len(plain((64, 64))) + 8


async def pictures(house: House, count: int) -> list[Job]:
    """Return so many delivered jobs with pictures of the same size, the oldest first."""
    return [await made(house, plain((64, 64)) + number.to_bytes(8)) for number in range(count)]


async def stars(house: House, job: Job) -> None:
    """Show a job in its server's star channel."""
    assert await house.memory.stars.begin_showcase(
        Showcase(job_id=job.id, guild_id=400, channel_id=700), house.clock.now()
    )


async def test_what_people_like_goes_last_when_there_is_no_room(house: House) -> None:
    favorite, shown, third, fourth, newest = await pictures(house, 5)
    await house.engine.services.library.like(house.origin(2), favorite.id)
    await stars(house, shown)

    await clear(house, size=3 * SIZE)
    assert names(house) == {favorite.picture, shown.picture, newest.picture}
    assert await kept(house, third) is await kept(house, fourth) is None

    await clear(house, size=2 * SIZE)
    assert names(house) == {favorite.picture, shown.picture}
    await clear(house, size=SIZE)
    assert names(house) == {shown.picture}, "of those the oldest goes first too"


async def test_a_picture_that_nobody_likes_any_more_takes_its_turn(house: House) -> None:
    first, second = await pictures(house, 2)
    origin, library = house.origin(), house.engine.services.library
    assert await library.like(origin, first.id)
    assert not await library.like(origin, first.id)
    await clear(house, size=SIZE)
    assert names(house) == {second.picture}


async def test_what_outlived_its_time_goes_however_much_it_is_liked(house: House) -> None:
    (favorite,) = await pictures(house, 1)
    await house.engine.services.library.like(house.origin(), favorite.id)
    house.clock.advance(10 * 24 * 3600)
    await clear(house, life=timedelta(days=10))
    assert names(house) == set()


async def test_those_that_stay_are_gone_through_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "_AT_ONCE", 1)
    jobs = await pictures(house, 8)
    for job in jobs[:4]:
        await house.engine.services.library.like(house.origin(), job.id)
    looked: list[str] = []
    oldest = house.memory.files.oldest

    async def watched(
        before: datetime | None, limit: int, *, after: KeptFile | None = None, liked: bool | None = None
    ) -> Sequence[KeptFile]:
        looked.append("on" if after else "from the beginning")
        return await oldest(before, limit, after=after, liked=liked)

    monkeypatch.setattr(house.memory.files, "oldest", watched)
    await clear(house, size=2 * SIZE)

    assert names(house) == {job.picture for job in jobs[2:4]}
    assert looked.count("from the beginning") == 2, "once for what nobody likes, once for the others"
    assert len(looked) <= 4 + 1 + 2
