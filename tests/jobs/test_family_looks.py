"""Families whose pictures are not on our disk any more: drawn from our own messages, in time, or left blank."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.errors import DiscordUnavailable
from bot.jobs.requests import Wish
from bot.model import Kind, Speed
from tests.drawings import opened, plain
from tests.jobs.test_looks import without_file

if TYPE_CHECKING:
    from bot.model import Job
    from tests.jobs.conftest import House

#: In pixels: less than any thumbnail has, more than lines and letters.
_FEW = 2_000


async def pair(house: House) -> tuple[Job, Job]:
    """Make a red picture and a blue one from it."""
    house.api.picture = plain((300, 200), "red")
    first = await house.finished("a fox")
    house.api.picture = plain((300, 200), "blue")
    wish = Wish(kind=Kind.IMAGINE, prompt="a wolf", speed=Speed.FAST, parent_id=first, label="Edited")
    second = await house.begin(wish)
    await house.settle()
    house.api.finish((await house.job(second)).task_id or "")
    await house.pass_time(12)
    await asyncio.gather(*house.engine.pictures.drawing)
    return await house.job(first), await house.job(second)


def link(job: Job) -> str:
    return f"https://cdn.discord.example/{job.id}.png?ex=now"


async def drawn(house: House, job: Job) -> tuple[bool, bool]:
    """Tell whether a family's picture shows red, and whether it shows blue; nothing stays on our disk."""
    families = house.engine.services.families
    async with families.drawn(await families.of(house.origin(), job.id), 10**7) as path:
        red, green, blue = (sum(band.histogram()[200:]) for band in opened(path).convert("RGB").split())
        folder = path.parent
    assert list(folder.iterdir()) == []
    return red - green > _FEW, blue - green > _FEW  # letters and frames are bright in all three


async def test_what_is_on_our_disk_is_drawn_without_asking_anybody(house: House) -> None:
    _, second = await pair(house)
    assert await drawn(house, second) == (True, True)
    assert house.discord.links_asked == 0


async def test_what_is_not_is_taken_from_our_own_message(house: House) -> None:
    first, second = await pair(house)
    first, second = await without_file(house, first), await without_file(house, second)
    house.discord.files = {link(first): plain((300, 200), "red"), link(second): plain((300, 200), "blue")}
    assert await drawn(house, second) == (True, True)
    assert (await house.job(first.id)).picture is None, "it is not kept anew: that is what the upkeep removed"


async def test_what_cannot_be_read_is_blank_and_the_rest_is_there(house: House) -> None:
    first, second = await pair(house)
    first = await without_file(house, first)
    assert await drawn(house, second) == (False, True)
    house.discord.files = {link(first): b"no picture"}
    assert await drawn(house, second) == (False, True)
    house.discord.files = {link(first): plain((300, 200), "red")}
    house.discord.closed["read"] = DiscordUnavailable("503")
    assert await drawn(house, second) == (False, True)
    del house.discord.closed["read"]
    assert await drawn(house, second) == (True, True)


async def test_a_video_has_its_card_wherever_its_file_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.api.picture = b"\0\0\0\x18ftypmp42film"
    film = await house.job(await house.finished())
    families = house.engine.services.families
    faces: list[bytes] = []
    for _ in range(2):
        async with families.drawn(await families.of(house.origin(), film.id), 10**7) as path:
            faces.append(opened(path).convert("L").reduce(8).tobytes())
        film = await without_file(house, film)
    assert house.discord.links_asked == 0
    assert max(abs(one - other) for one, other in zip(*faces, strict=True)) < 30, "the same but for the JPEG's noise"
    monkeypatch.setattr("bot.jobs.collection.family._VIDEO", "no video/")
    async with families.drawn(await families.of(house.origin(), film.id), 10**7) as path:
        crossed = opened(path).convert("L").reduce(8).tobytes()
    assert max(abs(one - other) for one, other in zip(faces[1], crossed, strict=True)) > 60, "or this could not fail"


async def test_of_a_deleted_one_nobody_is_asked(house: House) -> None:
    first, second = await pair(house)
    house.discord.files = {link(first): plain((300, 200), "red")}
    await house.engine.services.deletions.delete(house.origin(), first.id)
    assert await drawn(house, second) == (False, True)
    assert house.discord.links_asked == 0


@pytest.mark.parametrize("hanging", ["fresh_links", "read"])
async def test_a_family_is_not_held_up_by_a_discord_that_hangs(
    house: House, monkeypatch: pytest.MonkeyPatch, hanging: str
) -> None:
    async def hangs(asked: object) -> None:
        del asked
        await asyncio.Event().wait()

    first, second = await pair(house)
    await without_file(house, first)
    monkeypatch.setattr(house.discord, hanging, hangs)
    monkeypatch.setattr("bot.jobs.keeping.looks._LONG_PATIENCE", 0.3)
    async with asyncio.timeout(3):
        assert await drawn(house, second) == (False, True)
