"""*Family* on the wire: the picture of a tree, and the select that opens one of it; and fresh links to our files."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from PIL import Image

from cogs.custom_ids import Verb
from tests.discord.conftest import eventually
from tests.drawings import plain

if TYPE_CHECKING:
    from sandbox.discord import Call, Message
    from tests.discord.conftest import Bot


async def family_of(bot: Bot, message: Message) -> Message:
    """Have the member choose *Family*, and return the panel once its picture is there."""
    call: Call = await bot.discord.person(bot.discord.world.member).choose(message, Verb.FAMILY.value)
    assert (await call.answer()).ephemeral
    await call.changes.until(lambda: call.message is not None and call.message.attachments, 5, "a picture")
    assert call.message is not None
    return call.message


async def test_a_family_is_shown_as_a_picture_with_links_and_each_of_it_can_be_opened(bot: Bot) -> None:
    member = bot.discord.person(bot.discord.world.member)
    bot.api.picture = plain((300, 200), "red")
    grid = await bot.grid()
    await (await member.click(grid, label="V2")).answer()
    bot.api.finish(await bot.submitted(2))
    child = await bot.picture("Variation 2")

    panel = await family_of(bot, child)

    (attached,) = panel.attachments
    with Image.open(io.BytesIO(attached.data)) as picture:
        assert picture.format == "PNG"
        assert max(picture.size) <= 2000
    assert attached.description == "A tree of pictures. The one that is marked: 2. 1 Imagine and 2 Variation 2 (from 1)"
    shown = json.dumps(panel.components)
    for message in (grid, child):
        assert f"/{message.channel.id}/{message.id}" in shown
    assert f"attachment://{attached.filename}" in shown

    first = await bot.job_of(grid)
    opened = await member.choose(panel, first.id)
    await opened.changes.until(lambda: opened.message is not None and opened.message.attachments, 5, "its picture")
    assert opened.message is not None
    assert (await bot.job_of(opened.message)).id == first.id
    assert len(bot.api.charges) == 2


async def test_what_is_not_on_our_disk_any_more_is_found_in_our_own_message(bot: Bot) -> None:
    bot.api.picture = plain((300, 200), "red")
    grid = await bot.grid()
    job = await bot.job_of(grid)
    keeper = bot.engine.pictures.keeper
    await eventually(lambda: keeper.forget([job.picture or ""]))  # once it is written down as delivered

    (link,) = await bot.engine.services.library.thumbnails([await bot.job(job.id)])

    assert isinstance(link, str)
    assert await bot.client.http.get_from_cdn(link) == bot.api.picture
    await bot.discord.person(bot.discord.world.owner).delete(grid)
    assert await bot.engine.services.library.thumbnails([await bot.job(job.id)]) == [None]


async def test_a_family_is_drawn_from_our_own_message_where_the_file_is_gone(bot: Bot) -> None:
    bot.api.picture = plain((300, 200), "red")
    grid = await bot.grid()
    job = await bot.job_of(grid)
    await eventually(lambda: bot.engine.pictures.keeper.forget([job.picture or ""]))

    (attached,) = (await family_of(bot, grid)).attachments

    with Image.open(io.BytesIO(attached.data)) as picture:
        red, green, _ = (sum(band.histogram()[250:]) for band in picture.convert("RGB").split())
    assert red - green > 10_000
    assert (await bot.job(job.id)).picture is None
