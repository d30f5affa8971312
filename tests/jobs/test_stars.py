from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import DiscordUnavailable, NotAllowed

if TYPE_CHECKING:
    from bot.jobs.ports import Parcel, Posted
    from bot.model import Server
    from tests.jobs.conftest import House

STARS_HERE: Final = 4242
GUILD: Final = 77


@pytest.fixture
async def gallery(house: House) -> House:
    """A server that shows pictures with two stars again."""

    def change(server: Server) -> Server:
        return replace(server, star_channel_id=STARS_HERE, stars=2)

    await house.engine.services.preferences.change_server(GUILD, change)
    return house


async def star(house: House, job_id: str, user_id: int, *, on: bool = True) -> None:
    origin = replace(house.origin(user_id), guild_id=GUILD)
    await house.engine.services.stars.star(origin, job_id, on=on)


async def test_a_picture_with_enough_stars_is_shown_again_once_and_calls_nobody(gallery: House) -> None:
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 1)
    assert gallery.discord.stars == []

    for person in (2, 3, 4):
        await star(gallery, job_id, person)

    (shown,) = gallery.discord.stars
    assert shown.channel_id == STARS_HERE
    assert shown.parcel.job.id == job_id
    assert shown.parcel.media is not None


async def test_a_star_that_was_taken_back_does_not_count(gallery: House) -> None:
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 1, on=False)
    await star(gallery, job_id, 2)

    assert gallery.discord.stars == []


async def test_without_a_star_channel_nothing_is_shown(house: House) -> None:
    job_id = await house.finished()
    for person in range(1, 9):
        await star(house, job_id, person)

    assert house.discord.stars == []


async def test_where_it_stands_everybody_may_press_its_buttons(gallery: House) -> None:
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 2)

    there = replace(gallery.origin(9), guild_id=GUILD, channel_id=STARS_HERE)
    assert (await gallery.engine.services.library.show(there, job_id)).job.id == job_id
    assert (await gallery.store.of_message(gallery.discord.stars[0].message_id)) is not None


async def test_a_channel_that_is_closed_is_tried_again_with_the_next_star(gallery: House) -> None:
    gallery.discord.closed["show_star"] = NotAllowed("50013")
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 2)
    assert gallery.discord.stars == []

    del gallery.discord.closed["show_star"]
    await star(gallery, job_id, 3)
    assert len(gallery.discord.stars) == 1


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "lost"])
async def test_a_send_whose_end_was_not_seen_is_looked_for_before_it_is_sent_again(
    gallery: House, *, arrived: bool
) -> None:
    faults = gallery.discord.after if arrived else gallery.discord.before
    faults["show_star"].append(DiscordUnavailable("reset"))
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 2)
    await star(gallery, job_id, 3)
    gallery.clock.advance(180)
    await gallery.engine.upkeep.step()
    await gallery.engine.upkeep.step()

    assert [shown.job.id for shown in gallery.discord.stars] == [job_id]


async def test_a_deleted_picture_leaves_the_star_channel_too(gallery: House) -> None:
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 2)

    await gallery.engine.services.deletions.delete(gallery.origin(1), job_id)

    assert gallery.discord.stars == []
    assert await gallery.memory.stars.showcase(job_id) is None


async def test_a_picture_that_is_deleted_while_it_is_being_shown_leaves_the_star_channel(gallery: House) -> None:
    job_id = await gallery.finished()
    show_star = gallery.discord.show_star

    async def slow(parcel: Parcel, channel_id: int) -> Posted:
        posted = await show_star(parcel, channel_id)
        await gallery.engine.services.deletions.delete(gallery.origin(1), job_id)
        return posted

    gallery.discord.show_star = slow
    gallery.discord.closed["find_showcase"] = NotAllowed("50013")
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 2)

    assert gallery.discord.stars == []
    assert await gallery.memory.stars.showcase(job_id) is None


async def test_a_picture_whose_showing_ended_unseen_can_still_be_deleted_there(gallery: House) -> None:
    gallery.discord.after["show_star"].append(DiscordUnavailable("reset"))
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 2)
    assert len(gallery.discord.stars) == 1

    await gallery.engine.services.deletions.delete(gallery.origin(1), job_id)

    assert gallery.discord.stars == []


async def test_two_stars_at_once_show_it_once(gallery: House) -> None:
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await asyncio.gather(*(star(gallery, job_id, person) for person in range(2, 8)))

    assert len(gallery.discord.stars) == 1


async def test_a_deleted_picture_leaves_the_star_channel_once_discord_is_there_again(gallery: House) -> None:
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 2)
    gallery.discord.before["remove_post"].append(DiscordUnavailable("reset"))
    await gallery.engine.services.deletions.delete(gallery.origin(1), job_id)
    assert len(gallery.discord.stars) == 1

    await gallery.restart()
    await gallery.engine.upkeep.step()

    assert gallery.discord.stars == []
    assert await gallery.memory.stars.showcase(job_id) is None
