"""The menus of a message on what is laid out: galleries, thumbnails of sections, files, nested or forwarded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import PictureInvalid
from bot.jobs.keeping.inputs import Upload as File
from cogs.commands.picture_menus import pictures_in
from cogs.messages.finding import find_in_message
from cogs.messages.panels import build_panel, open_pictures
from cogs.render.panels import Gallery, Panel, Picture, Section, Text
from tests.builders import job_id
from tests.discord.given import png, told
from tests.discord.test_commands_menus import PLAIN, file, form_of, message_of, opened

if TYPE_CHECKING:
    from pathlib import Path

    import discord

    from sandbox.discord import Message
    from tests.discord.conftest import Bot

#: Components V2 (Discord, message flags).
LAYOUT = 1 << 15


async def shown(bot: Bot, folder: Path, *colors: str) -> Message:
    """Have the bot show pictures as its panels do: a gallery, and the last one beside a text."""
    for color in colors:
        await asyncio.to_thread((folder / f"{color}.png").write_bytes, png(color))
    pictures = [Picture(source=folder / f"{color}.png", name=f"{color}.png") for color in colors]
    panel = Panel(
        parts=(Text("A page"), *([Gallery(tuple(pictures[:-1]))] if pictures[1:] else []), Section("one", pictures[-1]))
    )
    channel = bot.client.get_partial_messageable(bot.discord.world.general.id)
    files = open_pictures(panel)
    try:
        sent = await channel.send(view=build_panel(panel), files=files)
    finally:
        for each in files:
            each.close()
    return next(message for message in bot.discord.messages(bot.discord.world.general) if message.id == sent.id)


async def handed_in(bot: Bot) -> bytes:
    """Return the picture that was handed in for the newest job."""
    await bot.submitted()
    (name,) = bot.api.handed_in[bot.api.charges[-1].echo]
    return await asyncio.to_thread((bot.folder / "inputs" / name).read_bytes)


async def test_the_picture_of_a_panel_is_described(bot: Bot, tmp_path: Path) -> None:
    await opened(bot, "Describe image", await shown(bot, tmp_path, "red"))
    assert await handed_in(bot) == png("red")


async def test_of_the_pictures_of_a_panel_one_is_chosen(bot: Bot, tmp_path: Path) -> None:
    message = await shown(bot, tmp_path, "red", "green", "blue")
    person = bot.discord.person(bot.discord.world.member)
    chosen = (("Describe image", {"which": "1"}), ("Use as reference", {"which": "2", "prompt": "a fox"}))
    for count, (menu, fields) in enumerate(chosen, start=1):
        modal = await form_of(bot, menu, message)
        select = modal.field("which").select
        assert select is not None
        assert [option.label for option in select.options] == ["1: red.png", "2: green.png", "3: blue.png"]
        await person.submit_modal(modal, fields)
        await bot.submitted(count)
    names = [bot.api.handed_in[charge.echo] for charge in bot.api.charges]
    kept = [await asyncio.to_thread((bot.folder / "inputs" / name).read_bytes) for (name,) in names]
    assert kept == [png("green"), png("blue")]


async def test_a_panel_without_a_picture_is_told_so(bot: Bot) -> None:
    channel = bot.client.get_partial_messageable(bot.discord.world.general.id)
    sent = await channel.send(view=build_panel(Panel(parts=(Text("words"),))))
    message = next(one for one in bot.discord.messages(bot.discord.world.general) if one.id == sent.id)
    assert "no picture in that message" in told(await opened(bot, "Describe image", message))


# As Discord sends them ------------------------------------------------------------------------------------------------


def media(name: str, kind: str | None = "image/png", attachment: str | None = None) -> dict[str, Any]:
    """Return what Discord says of a picture in a layout."""
    url = f"https://cdn.discordapp.com/attachments/1/2/{name}?ex=1"
    said = {"url": url, "proxy_url": url, "width": 1, "height": 1}
    return said | ({"content_type": kind} if kind else {}) | ({"attachment_id": attachment} if attachment else {})


def gallery(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": item} for item in items]}


def section(item: dict[str, Any]) -> dict[str, Any]:
    words = [{"type": 10, "content": "words"}]
    return {"type": 9, "components": words, "accessory": {"type": 11, "media": item}}


def container(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 17, "components": list(children)}


def names(message: discord.Message) -> list[str]:
    found = pictures_in(message)
    return [(one if isinstance(one, str) else one.name).rpartition("/")[2].partition("?")[0] for one in found]


def laid_out(*components: dict[str, Any], is_forwarded: bool = False, **fields: Any) -> discord.Message:  # noqa: ANN401 - any field
    fields = {"flags": LAYOUT, "components": list(components), **fields}
    return message_of(**({"message_snapshots": [{"message": {**PLAIN, **fields}}]} if is_forwarded else fields))


BUTTON = {"type": 1, "components": [{"type": 2, "style": 2, "custom_id": "x", "label": "x"}]}


@pytest.mark.parametrize("is_forwarded", [False, True], ids=["own", "forwarded"])
def test_pictures_are_found_wherever_a_layout_has_them_in_their_order(*, is_forwarded: bool) -> None:
    message = laid_out(
        {"type": 10, "content": "words"},
        gallery(media("a.png"), media("film.mp4", "video/mp4"), media("b.webp", None)),
        container(section(media("c.png")), {"type": 14}, gallery(media("a.png"), media("d.png")), BUTTON),
        {"type": 13, "file": media("notes.pdf", "application/pdf"), "name": "notes.pdf", "size": 9},
        {"type": 13, "file": media("e.png"), "name": "e.png", "size": 9},
        is_forwarded=is_forwarded,
    )
    assert names(message) == ["a.png", "b.webp", "c.png", "d.png", "e.png"]


def test_a_file_that_a_layout_shows_is_one_picture() -> None:
    shown_file = file("cat.png", "image/png")
    message = laid_out(gallery(media("cat.png", attachment="3"), media("dog.png")), attachments=[shown_file])
    assert names(message) == ["cat.png", "dog.png"]


def test_what_discord_has_is_read_through_discord_and_what_is_on_the_web_is_a_link() -> None:
    proxied = media("a.png", attachment="9") | {"url": "https://cdn.somewhere.example/b/a.png?ex=1"}
    web = media("c.png") | {"url": "https://cdn.discordapp.com.example.com/c.png"}
    own, uploaded, linked = pictures_in(laid_out(gallery(media("b.png"), proxied, web)))
    assert isinstance(own, File)
    assert (own.name, own.media_type, own.width, own.height) == ("b.png", "image/png", 1, 1)
    assert isinstance(uploaded, File)
    assert linked == web["url"]


def test_a_layout_of_films_has_no_picture() -> None:
    with pytest.raises(PictureInvalid):
        pictures_in(laid_out(container(gallery(media("film.mp4", "video/mp4")))))


def test_of_many_pictures_as_many_are_offered_as_a_select_takes() -> None:
    assert len(names(laid_out(*(gallery(*(media(f"{n}{m}.png") for m in range(10))) for n in range(4))))) == 25


@pytest.mark.parametrize("is_forwarded", [False, True], ids=["own", "forwarded"])
def test_a_file_of_ours_leads_to_its_job_unless_it_stands_among_others(*, is_forwarded: bool) -> None:
    ours = media(f"easel-{job_id(7).lower()}.png")
    alone = laid_out(container(gallery(ours)), is_forwarded=is_forwarded)
    assert find_in_message(alone).job_id == job_id(7)
    assert find_in_message(laid_out(gallery(ours, media("a.png")), is_forwarded=is_forwarded)).job_id is None
