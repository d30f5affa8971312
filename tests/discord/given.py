"""What people give to commands, and what they are told: pictures as files, commands by name, private answers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from sandbox.discord import Upload

if TYPE_CHECKING:
    from sandbox.discord import Answer, Call, User
    from sandbox.discord.picking import OptionValue
    from tests.discord.conftest import Bot


def png(color: str = "tomato", size: tuple[int, int] = (96, 64)) -> bytes:
    """Return a picture of one color."""
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def picture(color: str = "tomato", name: str = "") -> Upload:
    """Return a picture as somebody would attach it."""
    return Upload(name or f"{color}.png", png(color))


async def used(bot: Bot, command: str, **options: OptionValue) -> Call:
    """Have the member run a command in #general."""
    world = bot.discord.world
    return await bot.discord.person(world.member).slash(command, options, channel=world.general)


async def answered(bot: Bot, command: str, **options: OptionValue) -> Answer:
    """Have the member run a command, and return the first answer."""
    return await (await used(bot, command, **options)).answer()


async def refused(bot: Bot, command: str, **options: OptionValue) -> str:
    """Have the member run a command that is refused: privately, and free of charge. Return what they are told."""
    return told(await answered(bot, command, **options))


def told(answer: Answer) -> str:
    """Return the words of a private answer."""
    assert answer.ephemeral
    assert answer.message is not None
    return answer.message.content


async def suggested(bot: Bot, command: str, option: str, typed: str, *, by: User | None = None) -> dict[str, object]:
    """Have somebody type into an option, and return what is suggested: values by name."""
    world = bot.discord.world
    choices = await bot.discord.person(by or world.member).autocomplete(command, option, typed, channel=world.general)
    return {choice.name: choice.value for choice in choices}
