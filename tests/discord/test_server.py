"""`/server`: what moderators set for everybody there, and that nobody else can."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.language import Language
from bot.model import Defaults, Server, Speed
from cogs.custom_ids import setting
from sandbox.discord import ClientRefused
from tests.discord.given import used
from tests.discord.settings_ground import Panel

if TYPE_CHECKING:
    from bot.model import Person
    from tests.discord.conftest import Bot


async def here(bot: Bot) -> Server:
    """Return what is set for the server, as it is in the database."""
    return await bot.memory.people.server(bot.discord.world.guild.id)


async def opened(bot: Bot) -> Panel:
    """Have the owner open the panel of the server."""
    return await Panel(bot, bot.discord.world.owner, server=True).open()


async def test_a_moderator_sets_what_counts_for_everybody_there(bot: Bot) -> None:
    panel = await opened(bot)
    await panel.pick("model", "Midjourney 7", shows="**Model:** Midjourney 7\n-# from this server")
    await panel.pick("aspect", "16:9", shows="`16:9`\n-# from this server")
    await panel.pick("speed", "turbo", shows="turbo\n-# from this server")
    await panel.pick("stylize", "250", shows="`250`\n-# from this server")
    await bot.restart()
    await panel.pick("raw", "on", shows="**Raw:** on\n-# from this server")
    await panel.pick("language", "ja", shows="日本語\n-# from this server")
    await panel.pick("stars", "5", shows="**Stars needed:** 5\n-# from this server")
    gallery = bot.discord.world.gallery.id
    await panel.pick("channel", str(gallery), shows=f"<#{gallery}>\n-# from this server")
    await panel.page("channel", "clear", shows="**Star channel:** none")
    await panel.pick("channel", str(gallery), shows=f"<#{gallery}>\n-# from this server")
    guild_id = bot.discord.world.guild.id
    assert await here(bot) == Server(
        guild_id=guild_id,
        defaults=Defaults(model="Midjourney 7", aspect="16:9", speed=Speed.TURBO, stylize=250, raw=True),
        language=Language.JAPANESE,
        star_channel_id=gallery,
        stars=5,
    )
    await panel.press("all", "ask", shows="This forgets all settings of this server")
    await panel.press("all", "clear", shows="**Star channel:** none")
    assert await here(bot) == Server(guild_id=guild_id)


async def test_what_a_person_has_set_comes_before_what_the_server_has(bot: Bot) -> None:
    world = bot.discord.world
    preferences = bot.engine.services.preferences

    def change(person: Person) -> Person:
        return replace(person, defaults=Defaults(aspect="1:2"))

    defaults = Defaults(aspect="16:9", stylize=250)
    await preferences.change_server(world.guild.id, lambda server: replace(server, defaults=defaults))
    await preferences.change(world.member.id, change)
    panel = await Panel(bot).open()
    assert "`1:2`\n-# from your settings" in panel.text()
    assert "`250`\n-# from this server" in panel.text()
    answer = await (await bot.imagine()).answer()
    assert answer.message is not None
    assert "-# `--ar 1:2` from your settings · `--stylize 250` from this server" in answer.message.content
    await bot.submitted()
    assert bot.api.charges[0].what == "a fox --ar 1:2 --stylize 250"
    elsewhere = await bot.discord.person(world.member).slash(
        "imagine", {"prompt": "a fox"}, channel=world.other_channel
    )
    await elsewhere.answer()
    await bot.submitted(2)
    assert bot.api.charges[1].what == "a fox --ar 1:2"


async def test_a_channel_in_which_nothing_can_be_posted_is_refused(bot: Bot) -> None:
    panel = await opened(bot)
    owner = bot.discord.person(bot.discord.world.owner)
    await owner.click(panel.message, custom_id=setting("channel", "open", server=True))
    await bot.discord.wait_until(lambda: bool(panel.message.selects()))
    locked = bot.discord.world.locked.id
    call = await owner.choose(panel.message, str(locked), setting("channel", "pick", server=True))
    await bot.discord.wait_until(lambda: bool(call.followups))
    assert f"I may not show pictures in <#{locked}>: there I lack Send Messages" in call.followups[0].content
    assert (await here(bot)).star_channel_id is None


async def test_nobody_else_can_open_or_use_it(bot: Bot) -> None:
    with pytest.raises(ClientRefused):
        await used(bot, "server")
    panel = await Panel(bot).open()
    forged = setting("raw", "on", server=True)
    panel.message.components[0]["components"][1]["accessory"]["custom_id"] = forged
    answer = await (await bot.discord.person(bot.discord.world.member).click(panel.message, custom_id=forged)).answer()
    assert answer.message is not None
    assert "permission *Manage Server*" in answer.message.content
    assert await here(bot) == Server(guild_id=bot.discord.world.guild.id)


async def test_in_a_direct_message_it_says_where_it_works(bot: Bot) -> None:
    member = bot.discord.person(bot.discord.world.member)
    call = await member.slash("server", channel=bot.discord.world.dm(bot.discord.world.member))
    answer = await call.answer()
    assert answer.message is not None
    assert "works in one and not here" in answer.message.content


async def test_the_page_of_the_suffix_speaks_of_a_server(bot: Bot) -> None:
    panel = await opened(bot)
    owner = bot.discord.person(bot.discord.world.owner)
    await owner.submit_modal(await panel.type("suffix"), {"prompt": "in oil"})
    await bot.discord.wait_until(lambda: "`in oil`\n-# from this server" in panel.text())
    await owner.click(panel.message, custom_id=setting("suffix", "open", server=True))
    await bot.discord.wait_until(lambda: "for everybody who has set no suffix of their own" in panel.text())
    assert [button.label for button in panel.message.buttons()] == ["Write one …", "No suffix", "Back"]
    await panel.press("suffix", "clear", shows="**Suffix:** none\n-# default")
    assert await here(bot) == Server(guild_id=bot.discord.world.guild.id)


async def test_the_page_of_the_speed_says_who_pays_and_how_much(bot: Bot) -> None:
    panel = await opened(bot)
    await bot.discord.person(bot.discord.world.owner).click(
        panel.message, custom_id=setting("speed", "open", server=True)
    )
    costs = "costs about $0.17 at turbo speed, about $0.056 at fast"
    await bot.discord.wait_until(lambda: costs in panel.text())
    assert "The owner of this bot pays for all of it." in panel.text()
