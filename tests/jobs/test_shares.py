"""What is shown to others, at the engine: each thing once, written down or taken back, and gone with its jobs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import ActionUnavailable, DiscordUnavailable, JobUnknown, NotAllowed, NotPermitted, StorageError
from bot.jobs.ports import Posted
from bot.model import Entry, Share
from storage.registry import TABLES
from storage.stores.shares import SHOWN_IN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.jobs.collection.shares import Shares
    from bot.jobs.requests import Origin, Placed
    from tests.jobs.conftest import House

HERE: Final = 777
ME, YOU = 1, 2


class Board:
    """A channel where things are posted; what is done in the middle of it can be given."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.posted: list[int] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    @property
    def standing(self) -> set[int]:
        """What stands there."""
        return self.house.discord.shared

    async def post(self) -> Posted:
        """Post something."""
        await asyncio.sleep(0)
        message_id = 6000 + len(self.posted)
        self.posted.append(message_id)
        self.standing.add(message_id)
        if self.meanwhile is not None:
            await self.meanwhile()
        return Posted(channel_id=HERE, message_id=message_id)


@pytest.fixture
def board(house: House) -> Board:
    """Return an empty board."""
    return Board(house)


def here(house: House, user_id: int = ME, **changes: bool) -> Origin:
    """Return somebody in the channel where things are shown."""
    return replace(house.origin(user_id, HERE), **changes)


def shares(house: House) -> Shares:
    """Return the service."""
    return house.engine.services.shares


async def page(house: House, board: Board, *job_ids: str, user_id: int = ME) -> Placed:
    """Have somebody show a page."""
    origin = here(house, user_id)
    shareable = await shares(house).shareable(origin, job_ids)
    return await shares(house).show_page(origin, shareable.jobs, board.post)


async def one(house: House, board: Board, job_id: str) -> Placed:
    """Have the author show a result."""
    origin = here(house)
    return await shares(house).show(origin, await shares(house).showable(origin, job_id), board.post)


async def is_seen(house: House, job_id: str, user_id: int = YOU, channel_id: int = HERE) -> bool:
    """Tell whether somebody in a channel may see a job."""
    try:
        await house.engine.services.library.show(house.origin(user_id, channel_id), job_id)
    except JobUnknown:
        return False
    return True


async def make_private(house: House, job_id: str) -> None:
    """Make a job one for its author alone."""
    sql = "UPDATE jobs SET is_private = 1 WHERE id = ?"
    await house.database.write(lambda connection: connection.execute(sql, (job_id,)))


async def test_what_is_shown_is_seen_by_all_there_and_by_nobody_elsewhere(house: House, board: Board) -> None:
    job_id = await house.finished()
    assert not await is_seen(house, job_id)
    assert (await page(house, board, job_id)).is_new
    assert await is_seen(house, job_id)
    assert not await is_seen(house, job_id, channel_id=HERE + 1)


async def test_the_one_upscale_of_what_is_shown_is_seen_there_too(house: House, board: Board) -> None:
    grid = await house.finished()
    upscale = (await house.press(grid, 0)).job.id
    assert not await is_seen(house, upscale)
    await page(house, board, grid)
    assert await is_seen(house, upscale)
    seen = await house.engine.services.library.details(here(house, YOU), grid)
    assert [child.id for child in seen.children] == [upscale]


async def test_a_page_is_shown_again_after_ten_minutes_by_others_elsewhere_or_with_something_else(
    house: House, board: Board
) -> None:
    job_ids = [await house.finished(), await house.finished()]
    assert await asyncio.gather(*(page(house, board, *job_ids) for _ in range(5))) != []
    assert len(board.posted) == 1
    await page(house, board, job_ids[0])
    await page(house, board, *job_ids, user_id=YOU)
    await page(house, board, *reversed(job_ids))
    assert len(board.posted) == 3
    house.clock.advance(timedelta(minutes=10, seconds=1).total_seconds())
    assert (await page(house, board, *job_ids)).is_new


@pytest.mark.parametrize("error", [DiscordUnavailable("503"), NotAllowed("50001")], ids=["away", "closed"])
async def test_a_page_that_cannot_be_looked_for_is_taken_to_be_there(
    house: House, board: Board, error: DiscordUnavailable | NotAllowed
) -> None:
    job_id = await house.finished()
    first = await page(house, board, job_id)
    house.discord.closed["is_there"] = error
    assert await page(house, board, job_id) == replace(first, is_new=False)


async def test_what_is_deleted_while_it_is_being_shown_is_taken_back(house: House, board: Board) -> None:
    job_ids = [await house.finished(), await house.finished()]
    board.meanwhile = lambda: house.engine.services.deletions.delete(house.origin(), job_ids[0])
    with pytest.raises(ActionUnavailable, match="took it away again"):
        await page(house, board, *job_ids)
    assert (len(board.posted), board.standing) == (1, set())
    assert not await is_seen(house, job_ids[1])


async def test_what_cannot_be_written_down_is_taken_back(
    house: House, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await house.finished()

    async def full(share: Share) -> bool:
        raise StorageError(str(share.message_id))

    monkeypatch.setattr(house.memory.shares, "add", full)
    house.discord.before["remove_post"].append(DiscordUnavailable("503"))
    for standing in ({6000}, {6000}):
        with pytest.raises(StorageError):
            await one(house, board, job_id)
        assert board.standing == standing


async def test_what_is_private_stays_so_unless_its_author_shows_it(house: House, board: Board) -> None:
    job_id = await house.finished()
    await make_private(house, job_id)
    assert (await shares(house).shareable(here(house), [job_id])).private == 1
    share = Share(
        message_id=1,
        channel_id=HERE,
        guild_id=400,
        user_id=ME,
        created_at=house.clock.now(),
        job_ids=frozenset({job_id}),
    )
    assert not await house.memory.shares.add(share)
    with pytest.raises(JobUnknown):
        await shares(house).showable(here(house, YOU), job_id)

    placed = await one(house, board, job_id)
    job = await house.job(job_id)
    assert (job.is_private, job.delivery.message_id) == (False, placed.posted.message_id)
    assert await is_seen(house, job_id)
    assert not (await one(house, board, job_id)).is_new


async def test_a_shown_page_makes_nothing_seen_that_became_private_or_was_none_of_theirs(
    house: House, board: Board
) -> None:
    job_id = await house.finished()
    await page(house, board, job_id)
    await make_private(house, job_id)
    assert not await is_seen(house, job_id)
    with pytest.raises(NotPermitted, match="Only the person who asked"):
        await shares(house).showable(house.origin(YOU), await house.finished())


async def test_what_is_age_restricted_is_left_out_and_counted(house: House) -> None:
    job_id = await house.finished()
    house.discord.for_adults = {(await house.job(job_id)).channel_id}
    shareable = await shares(house).shareable(here(house), [job_id])
    assert (shareable.jobs, shareable.restricted) == ((), 1)
    with pytest.raises(ActionUnavailable, match="age-restricted"):
        await shares(house).showable(here(house), job_id)


async def test_only_who_showed_it_and_moderators_remove_it(house: House, board: Board) -> None:
    job_id = await house.finished()
    message_id = (await page(house, board, job_id)).posted.message_id
    for shown_by in (YOU, None):  # whatever Discord says: ours is believed first
        with pytest.raises(NotPermitted):
            await shares(house).remove(here(house, YOU), message_id, shown_by)
    assert await is_seen(house, job_id)
    await shares(house).remove(here(house, YOU, may_moderate=True), message_id, None)
    assert not await is_seen(house, job_id)
    with pytest.raises(NotPermitted):
        await shares(house).remove(here(house, YOU), message_id, None)
    await shares(house).remove(here(house, YOU), message_id, YOU)


async def test_what_shows_a_deleted_job_goes_once_discord_is_there_again(house: House, board: Board) -> None:
    job_ids = [await house.finished(), await house.finished()]
    await page(house, board, *job_ids)
    await one(house, board, job_ids[0])
    house.discord.before["remove_post"].append(DiscordUnavailable("503"))
    await house.engine.services.deletions.delete(house.origin(), job_ids[0])
    assert len(board.standing) == 2
    assert not await is_seen(house, job_ids[0])

    await house.restart()
    house.clock.advance(180)
    await house.engine.services.deletions.finish()
    assert board.standing == set()
    assert not await is_seen(house, job_ids[1])
    assert await house.memory.takedowns.open(house.clock.now(), 10) == []


async def test_what_must_not_be_taken_away_keeps_nothing_else_from_going(house: House, board: Board) -> None:
    job_id = await house.finished()
    await page(house, board, job_id)
    house.discord.before["remove_post"].append(NotAllowed("50001"))
    await house.engine.services.deletions.delete(house.origin(), job_id)
    assert (len(board.standing), house.discord.messages) == (1, [])
    assert await house.memory.shares.of_job(job_id) == []
    assert await house.memory.takedowns.open(house.clock.now() + timedelta(hours=1), 10) == []


async def test_when_somebody_leaves_what_they_showed_and_what_was_shown_of_theirs_is_forgotten(
    house: House, board: Board
) -> None:
    mine = await house.finished()
    yours = await house.imagine("a cat", user_id=YOU)
    await page(house, board, mine)
    await page(house, board, mine, user_id=YOU)
    await house.engine.services.privacy.leaving.erase(ME)
    rows = await house.database.read("SELECT * FROM shares")
    assert rows == []
    assert TABLES["shares"].person
    assert await house.store.get(yours) is not None


async def test_it_is_found_by_indexes(house: House) -> None:
    plan = await house.database.read(f"EXPLAIN QUERY PLAN {SHOWN_IN}", ("[]", 1, "[]", 1))
    steps = " ".join(row["detail"] for row in plan)
    assert "USING COVERING INDEX shares_job (job_id=? AND channel_id=?)" in steps
    assert "SCAN shares" not in steps
    assert "SCAN showcases" not in steps


async def test_an_upscale_that_was_shown_to_all_is_the_one_for_all(house: House, board: Board) -> None:
    grid = await house.finished()
    origin = replace(house.origin(ME), private=True)
    mine = (await house.engine.services.jobs.act(origin, grid, 0)).job.id
    await house.engine.services.jobs.answered(mine, 1)
    await house.settle()
    house.api.finish(house.api.charges[-1].task_id)
    await house.pass_time(12)
    await one(house, board, mine)
    charged = len(house.api.charges)

    for person in (YOU, ME):
        receipt = await house.engine.services.jobs.act(house.origin(person), grid, 0)
        assert (receipt.entry, receipt.job.id) == (Entry.SHARED, mine)
    await house.settle()
    assert len(house.api.charges) == charged


async def test_where_nobody_may_look_whether_it_stands_it_can_be_shown_again(house: House, board: Board) -> None:
    job_id = await house.finished()
    origin = here(house, may_post=False)
    job = await shares(house).showable(origin, job_id)
    assert (await shares(house).show(origin, job, board.post)).is_new
    assert not (await shares(house).show(origin, job, board.post)).is_new
    house.clock.advance(11 * 60)
    assert (await shares(house).show(origin, job, board.post)).is_new


async def test_a_message_that_shows_one_job_stands_for_it_and_a_page_for_none(house: House, board: Board) -> None:
    first, second = await house.finished(), await house.finished("a wolf")
    single = await one(house, board, first)
    both = await page(house, board, first, second)
    assert [job and job.id for job in (await house.store.of_message(single.posted.message_id),)] == [first]
    assert await house.store.of_message(both.posted.message_id) is None


async def test_what_is_taken_away_takes_no_job_along(house: House, board: Board) -> None:
    job_id = await house.finished()
    posted = (await one(house, board, job_id)).posted
    with pytest.raises(NotPermitted):
        await shares(house).take_away(here(house, YOU), posted.message_id)
    assert await shares(house).take_away(here(house), posted.message_id)
    assert board.standing == set()
    assert (await house.job(job_id)).deleted_at is None
    assert not await shares(house).take_away(here(house), posted.message_id)
