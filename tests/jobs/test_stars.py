from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import AnswerGone, DiscordUnavailable, NotAllowed
from bot.jobs.clock import SystemClock

if TYPE_CHECKING:
    from bot.errors import DeliveryError
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


async def test_stars_that_were_given_while_it_was_away_count_as_discord_shows_them(gallery: House) -> None:
    job_id = await gallery.finished()
    gallery.discord.stars_shown[job_id] = 2
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 3)

    assert len(gallery.discord.stars) == 1
    assert gallery.discord.stars_asked == [job_id]
    starred = await gallery.database.read("SELECT user_id FROM stars ORDER BY user_id")
    assert [row["user_id"] for row in starred] == [1, 3]


async def test_discord_is_asked_only_where_that_can_show_a_picture(gallery: House) -> None:
    job_id = await gallery.finished()
    stars, asked = gallery.engine.services.stars, gallery.discord.stars_asked
    await stars.star(gallery.origin(2), job_id, on=True)  # of a server without a star channel
    await star(gallery, job_id, 2, on=False)
    assert asked == []
    await star(gallery, job_id, 2)
    assert len(asked) == 1
    await star(gallery, job_id, 3)
    assert len(gallery.discord.stars) == 1
    for person in (2, 3):
        await star(gallery, job_id, person, on=False)
    await star(gallery, job_id, 4)

    assert len(asked) == 1


@pytest.mark.parametrize("error", [NotAllowed("50013"), DiscordUnavailable("reset"), AnswerGone("10008")])
async def test_where_discord_cannot_be_asked_our_own_count_stays(gallery: House, error: DeliveryError) -> None:
    gallery.discord.closed["count_stars"] = error
    job_id = await gallery.finished()
    gallery.discord.stars_shown[job_id] = 9
    await star(gallery, job_id, 1)
    assert gallery.discord.stars == []
    await star(gallery, job_id, 2)
    assert len(gallery.discord.stars) == 1


async def test_discord_is_asked_once_in_ten_seconds_and_never_too_early_for_the_last_star(house: House) -> None:
    def change(server: Server) -> Server:
        return replace(server, star_channel_id=STARS_HERE, stars=9)

    await house.engine.services.preferences.change_server(GUILD, change)
    job_id, other_id = await house.finished(), await house.finished("a crow")
    shown = house.discord.stars_shown
    began = house.clock.monotonic()
    shown[job_id] = 5
    await star(house, job_id, 1)
    await star(house, other_id, 1)
    assert house.clock.monotonic() == began
    assert house.discord.stars_asked == [job_id, other_id]

    waiting = asyncio.Event()
    wait = house.clock.wait

    async def hold(event: asyncio.Event, seconds: float) -> bool:
        await waiting.wait()
        return await wait(event, seconds)

    house.clock.wait = hold
    late = [asyncio.create_task(star(house, job_id, person)) for person in (2, 3, 4)]
    returned = asyncio.as_completed(late)
    for _ in range(2):
        await next(returned)
    shown[job_id] = 9
    waiting.set()
    await asyncio.gather(*late)

    assert house.discord.stars_asked == [job_id, other_id, job_id]
    assert house.clock.monotonic() == began + 10
    assert [message.job.id for message in house.discord.stars] == [job_id]


async def test_who_waits_to_ask_does_not_hold_up_the_end(gallery: House) -> None:
    job_id = await gallery.finished()
    await star(gallery, job_id, 1)
    await star(gallery, job_id, 1, on=False)
    gallery.clock.wait = SystemClock().wait
    late = asyncio.create_task(star(gallery, job_id, 1))
    done, _ = await asyncio.wait({late}, timeout=0.2)
    assert not done
    async with asyncio.timeout(5):
        await gallery.engine.stop()
        await late

    assert gallery.discord.stars_asked == [job_id]
