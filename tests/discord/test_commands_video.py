"""`/video`: from an upload, from a picture of one's own, from one of a grid; and a video that goes on."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image

from bot.model import Kind, Motion, Route, Speed, Status
from tests.discord.given import answered, picture, png, refused, suggested, used

if TYPE_CHECKING:
    from bot.jobs.ports import Film
    from bot.model import Job
    from sandbox.discord import Message
    from tests.discord.conftest import Bot

MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 64
COLORS = ("red", "green", "blue", "gold")


def grid() -> bytes:
    """Return four pictures in one."""
    sheet = Image.new("RGB", (192, 128))
    for number, color in enumerate(COLORS):
        sheet.paste(Image.open(io.BytesIO(png(color))), (number % 2 * 96, number // 2 * 64))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


async def finished(bot: Bot) -> tuple[Message, Job]:
    """Have a grid made."""
    bot.api.picture = grid()
    message = await bot.grid("a fox")
    return message, await bot.job_of(message)


async def filmed(bot: Bot, count: int) -> tuple[Film, Job]:
    """Wait until so many jobs were sent; return the last film with its job."""
    await bot.submitted(count)
    job = await bot.job(bot.api.charges[-1].echo)
    assert (job.kind, job.order.route) == (Kind.ANIMATE, Route.VIDEO)
    return bot.api.films[job.id], job


async def test_an_upload_moves_as_it_was_asked_to(bot: Bot) -> None:
    options = {"motion": Motion.HIGH.value, "prompt": "waves", "speed": "fast"}
    await used(bot, "video", image=picture("red"), end=picture("blue"), **options)
    film, job = await filmed(bot, 1)
    assert (film.motion, film.prompt, film.loop, film.extend) == (Motion.HIGH, "waves", False, None)
    assert film.end is not None
    assert not isinstance(film.image, str)
    assert (film.image.name, film.end.name) == (job.order.images[0], job.order.end)
    assert await asyncio.to_thread(film.image.read_bytes) == png("red")
    assert await asyncio.to_thread(film.end.read_bytes) == png("blue")
    assert job.parent_id is None


async def test_one_of_a_grid_moves_and_remembers_its_parent(bot: Bot) -> None:
    _, parent = await finished(bot)
    assert list((await suggested(bot, "video", "job", "fox")).values()) == [parent.id]
    assert await suggested(bot, "video", "job", "fox", by=bot.discord.world.guest) == {}
    assert "`number`" in await refused(bot, "video", job=parent.id)
    assert len(bot.api.charges) == 1
    await used(bot, "video", job=parent.id, number=3, loop=True)
    film, job = await filmed(bot, 2)
    assert (film.motion, film.prompt, film.loop, job.parent_id) == (Motion.LOW, "", True, parent.id)
    assert not isinstance(film.image, str)
    content = await asyncio.to_thread(film.image.read_bytes)
    assert Image.open(io.BytesIO(content)).convert("RGB").getpixel((48, 32)) == (0, 0, 255)


async def test_a_picture_by_itself_needs_no_number(bot: Bot) -> None:
    message, _ = await finished(bot)
    bot.api.picture = png("red")
    await bot.discord.person(bot.discord.world.member).click(message, label="U2")
    task_id = await bot.submitted(2)
    bot.api.finish(task_id)
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], actions=())
    upscale = await bot.job(bot.api.charges[-1].echo)
    await bot.until(upscale.id, Status.SUCCEEDED)
    assert "one by itself" in await refused(bot, "video", job=upscale.id, number=2)
    await used(bot, "video", job=f"https://discord.com/x/easel-{upscale.id}.png")
    film, _ = await filmed(bot, 3)
    assert not isinstance(film.image, str)
    assert await asyncio.to_thread(film.image.read_bytes) == png("red")


async def test_a_video_of_several_goes_on(bot: Bot) -> None:
    bot.api.picture = MP4
    await used(bot, "video", image=picture())
    task_id = await bot.submitted()
    bot.api.finish(task_id)
    links = tuple(f"https://cdn.example/{n}.mp4" for n in range(2))
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], picture_url=None, video_urls=links, actions=())
    message = await bot.discord.wait_message(lambda found: bool(found.attachments))
    parent = await bot.job_of(message)
    assert "1 to 2" in await refused(bot, "video", job=parent.id)
    assert "fewer videos" in await refused(bot, "video", job=parent.id, number=3)
    await used(bot, "video", job=parent.id, number=2, prompt="and on")
    film, job = await filmed(bot, 2)
    assert (film.extend, film.index, film.image, film.prompt) == (task_id, 1, links[0], "and on")
    assert job.parent_id == parent.id


async def test_what_does_not_go_together_is_refused_and_the_text_comes_back(bot: Bot) -> None:
    for options, words in (
        ({}, "Give me one picture to move"),
        ({"image": picture(), "job": "01J00000000000000000000000"}, "Give me one picture to move"),
        ({"image": picture(), "loop": True, "end": picture()}, "not with both"),
        ({"image": picture(), "number": 2}, "Leave it out"),
        ({"job": "my fox"}, "no job of mine"),
        ({"job": "01J00000000000000000000000"}, "no such job"),
        ({"image": picture(), "prompt": "waves --motion high"}, "`/video` has options"),
    ):
        sentence = await refused(bot, "video", **{"prompt": "waves", **options})
        assert words in sentence
        assert "waves" in sentence
    assert bot.api.charges == []


async def test_where_turbo_is_the_default_a_video_is_fast(bot: Bot) -> None:
    bot.client.options = replace(bot.client.options, default_speed=Speed.TURBO)
    await answered(bot, "video", image=picture())
    _, job = await filmed(bot, 1)
    assert job.speed is Speed.FAST
    assert bot.api.charges[0].speed is Speed.FAST
