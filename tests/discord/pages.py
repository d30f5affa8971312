"""Pages of `/history`: jobs to fill them with, how they are opened and shared, and what stands on them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.discord.messages import walk
from tests.builders import job_id, new_job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from sandbox.discord import Call, Channel, Message, User
    from sandbox.discord.picking import OptionValue
    from tests.builders import NewJobFields
    from tests.discord.conftest import Bot


async def made(bot: Bot, number: int, **fields: Unpack[NewJobFields]) -> str:
    """Write down what the member asked for in #general; return its id. Those with greater numbers are newer."""
    world, now = bot.discord.world, datetime.now(UTC)
    given: NewJobFields = {
        "prompt": f"fox {number:02d}",
        "user_id": world.member.id,
        "guild_id": world.guild.id,
        "channel_id": world.general.id,
        "created_at": now,
        "give_up_at": now + timedelta(hours=1),
    }
    await bot.store.add(new_job(number, **{**given, **fields}))
    return job_id(number)


async def opened(
    bot: Bot,
    options: Mapping[str, OptionValue] | None = None,
    *,
    command: str = "history",
    channel: Channel | None = None,
    who: User | None = None,
) -> Message:
    """Have somebody, the member in #general unless named, type the command; return what they see."""
    world = bot.discord.world
    person = bot.discord.person(who or world.member)
    call = await person.slash(command, options, channel=channel or world.general)
    assert (await call.answer()).ephemeral
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.text()))
    assert call.message is not None
    assert call.message.is_v2
    return call.message


def titles(panel: Message) -> list[str]:
    """Return the prompts on a page, from the top."""
    return re.findall(r"^(?:\*\*\d\.\*\* )?\*\*(.*)\*\*$", panel.text(), re.MULTILINE)


def media(panel: Message) -> list[tuple[str, str]]:
    """Return the addresses and alt texts of the pictures in the gallery."""
    items = [item for node in walk(panel.components) for item in node.get("items", ())]
    return [(item["media"]["url"], item.get("description", "")) for item in items]


async def open_job(bot: Bot, panel: Message, number: int = 0, who: User | None = None) -> Call:
    """Have somebody, the member unless named, open a job of a page."""
    custom_id = [button.custom_id for button in panel.buttons() if button.label == "Open"][number]
    call = await bot.discord.person(who or bot.discord.world.member).click(panel, custom_id=custom_id)
    assert (await call.answer()).ephemeral
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.content))
    return call
