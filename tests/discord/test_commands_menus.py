"""The menus of a message with pictures: *Describe image* and *Use as reference*."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.errors import PictureInvalid
from bot.model import Kind
from cogs.commands.picture_menus import pictures_in
from sandbox.discord import Upload
from tests.discord.given import picture, png, told

if TYPE_CHECKING:
    from sandbox.discord import Answer, Message, Modal
    from tests.discord.conftest import Bot


async def posted(bot: Bot, *files: Upload) -> Message:
    """Have somebody write a message with files."""
    world = bot.discord.world
    return await bot.discord.person(world.member).say(world.general, "look", files=files)


async def opened(bot: Bot, menu: str, message: Message) -> Answer:
    """Have the member use a message's menu."""
    world = bot.discord.world
    return await (await bot.discord.person(world.member).context_menu(menu, message, channel=world.general)).answer()


async def form_of(bot: Bot, menu: str, message: Message) -> Modal:
    """Have the member use a message's menu that asks something."""
    modal = (await opened(bot, menu, message)).modal
    assert modal is not None
    return modal


async def test_the_picture_of_a_message_is_described(bot: Bot) -> None:
    message = await posted(bot, Upload("notes.txt", b"hello"), picture("red"))
    assert not (await opened(bot, "Describe image", message)).ephemeral
    await bot.submitted()
    (job,) = await bot.jobs()
    assert job.kind is Kind.DESCRIBE
    (name,) = bot.api.handed_in[job.id]
    assert await asyncio.to_thread((bot.folder / "inputs" / name).read_bytes) == png("red")


async def test_of_several_pictures_one_is_chosen_even_after_a_restart(bot: Bot) -> None:
    message = await posted(bot, picture("red"), picture("green"))
    modal = await form_of(bot, "Describe image", message)
    field = modal.field("which")
    assert field.select is not None
    assert [option.label for option in field.select.options] == ["1: red.png", "2: green.png"]
    await bot.restart()
    person = bot.discord.person(bot.discord.world.member)
    await person.submit_modal(modal, {"which": "1"})
    await bot.submitted()
    (name,) = bot.api.handed_in[bot.api.charges[0].echo]
    assert await asyncio.to_thread((bot.folder / "inputs" / name).read_bytes) == png("green")


async def test_a_message_without_a_picture_is_told_so(bot: Bot) -> None:
    message = await posted(bot, Upload("notes.txt", b"hello"))
    for menu in ("Describe image", "Use as reference"):
        assert "no picture in that message" in told(await opened(bot, menu, message))


async def test_a_picture_becomes_a_reference_with_a_prompt(bot: Bot) -> None:
    message = await posted(bot, picture("red"))
    person = bot.discord.person(bot.discord.world.member)
    await person.submit_modal(await form_of(bot, "Use as reference", message), {"prompt": "a fox", "use": "style"})
    await bot.submitted()
    assert bot.api.charges[0].what.startswith("a fox --sref ")
    assert "red.png" in bot.api.charges[0].what
    await person.submit_modal(await form_of(bot, "Use as reference", message), {"prompt": "a cat"})
    await bot.submitted(2)
    assert bot.api.charges[1].what == "a cat"
    assert len(bot.api.handed_in[bot.api.charges[1].echo]) == 1


async def test_a_refused_prompt_for_a_reference_comes_back_with_its_picture(bot: Bot) -> None:
    modal = await form_of(bot, "Use as reference", await posted(bot, picture("red")))
    person = bot.discord.person(bot.discord.world.member)
    answer = await (await person.submit_modal(modal, {"prompt": "a fox --chaos 500"})).answer()
    assert "a fox --chaos 500" in told(answer)
    assert answer.message is not None
    form = (await (await person.click(answer.message, label="Edit it")).answer()).modal
    assert form is not None
    await person.submit_modal(form, {"prompt": "a fox"})
    await bot.submitted()
    assert len(bot.api.handed_in[bot.api.charges[0].echo]) == 1


async def test_a_form_that_was_sent_already_makes_no_second_job_and_loses_no_text(bot: Bot) -> None:
    modal = await form_of(bot, "Use as reference", await posted(bot, picture("red")))
    person = bot.discord.person(bot.discord.world.member)
    await (await person.submit_modal(modal, {"prompt": "a fox"})).answer()
    words = told(await (await person.submit_modal(modal, {"prompt": "a red fox"})).answer())
    assert "a red fox" in words
    await bot.submitted()
    assert len(await bot.jobs()) == 1


def message_of(**fields: object) -> discord.Message:
    """Return a message as discord.py makes it, from what Discord would send."""
    author = {"id": "5", "username": "ada", "discriminator": "0", "avatar": None, "global_name": "Ada"}
    data: Any = {"id": "1", "channel_id": "2", "author": author, **PLAIN, **fields}
    client = discord.Client(intents=discord.Intents.none())
    state = client._connection  # pyright: ignore[reportPrivateUsage] - discord.py makes messages of nothing else
    return discord.Message(state=state, channel=client.get_partial_messageable(2), data=data)


PLAIN: dict[str, Any] = {
    "type": 0,
    "content": "",
    "flags": 0,
    "timestamp": "2026-03-12T11:29:02+00:00",
    "edited_timestamp": None,
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "mentions": [],
    "mention_roles": [],
    "attachments": [],
    "embeds": [],
    "components": [],
}


def file(name: str, kind: str) -> dict[str, object]:
    """Return an attachment as Discord sends it."""
    url = f"https://cdn.discordapp.com/attachments/1/2/{name}?ex=1&is=2&hm=3"
    return {"id": "3", "filename": name, "size": 100, "url": url, "proxy_url": url, "content_type": kind}


@pytest.mark.parametrize("forwarded", [False, True], ids=["own", "forwarded"])
def test_files_come_before_embeds_wherever_the_message_comes_from(*, forwarded: bool) -> None:
    linked = {"type": "image", "url": "https://example.com/page", "thumbnail": {"url": "https://example.com/cat.png"}}
    for fields, expected in (
        ({"attachments": [file("film.mp4", "video/mp4"), file("cat.png", "image/png")], "embeds": [linked]}, "cat.png"),
        ({"attachments": [file("film.mp4", "video/mp4")], "embeds": [linked]}, "https://example.com/cat.png"),
    ):
        snapshot = {"message_snapshots": [{"message": {**PLAIN, **fields}}]}
        (found,) = pictures_in(message_of(**(snapshot if forwarded else fields)))
        assert (found if isinstance(found, str) else found.name) == expected


def test_an_embed_without_a_picture_is_none() -> None:
    with pytest.raises(PictureInvalid):
        pictures_in(message_of(embeds=[{"type": "rich", "title": "words"}]))
