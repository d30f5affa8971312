"""`/history` and `/favorites`, on the wire: what is on a page, where its controls lead, who sees it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import discord
from PIL import Image

from bot.model import Kind, Status
from cogs.custom_ids import HISTORY_OPEN, Verb
from tests.builders import job_id
from tests.discord.given import png, refused
from tests.discord.pages import made, media, open_job, opened, titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from bot.model import HistoryFilter, HistoryPage
    from sandbox.discord import Call, Message
    from sandbox.discord.picking import OptionValue
    from tests.discord.conftest import Bot

#: What the world calls "thinking …".
DEFERRED = 5


async def turn(bot: Bot, panel: Message, label: str) -> list[str]:
    """Have the member press a button that turns the page; return the prompts that are there then."""
    before = panel.edited_count
    call = await bot.discord.person(bot.discord.world.member).click(panel, label=label)
    await call.answer()
    await bot.discord.wait_until(lambda: panel.edited_count > before)
    return titles(panel)


async def fill(bot: Bot, panel: Message, label: str, values: Mapping[str, Any]) -> Call:
    """Have the member open a form of the panel, fill it in and send it."""
    member = bot.discord.person(bot.discord.world.member)
    form = (await (await member.click(panel, label=label)).answer()).modal
    assert form is not None
    call = await member.submit_modal(form, values)
    await call.answer()
    return call


async def test_an_empty_history_says_how_to_begin(bot: Bot) -> None:
    assert "Type `/imagine`" in (await opened(bot)).text()
    assert "no favorites yet" in (await opened(bot, command="favorites")).text()


async def test_everybody_sees_only_their_own(bot: Bot) -> None:
    await made(bot, 1)
    assert titles(await opened(bot)) == ["fox 01"]
    assert titles(await opened(bot, who=bot.discord.world.guest)) == []


async def test_pages_turn_both_ways_and_nothing_shifts_when_new_ones_arrive(bot: Bot) -> None:
    for number in range(14):
        await made(bot, number)
    pages = [[f"fox {n:02d}" for n in numbers] for numbers in (range(13, 7, -1), range(7, 1, -1), (1, 0))]
    panel = await opened(bot)
    assert titles(panel) == pages[0]
    assert await turn(bot, panel, "Older") == pages[1]
    await made(bot, 14)
    await bot.restart()
    assert await turn(bot, panel, "Older") == pages[2]
    assert panel.button("Older").disabled
    assert await turn(bot, panel, "Newer") == pages[1]
    assert await turn(bot, panel, "Newer") == pages[0]
    assert await turn(bot, panel, "Newer") == ["fox 14"]
    assert panel.button("Newer").disabled
    assert (await turn(bot, panel, "Older"))[0] == "fox 13"
    assert (await turn(bot, panel, "Newest"))[0] == "fox 14"


async def test_a_page_whose_jobs_were_deleted_leads_back(bot: Bot) -> None:
    for number in range(7):
        await made(bot, number)
    panel = await opened(bot)
    await bot.store.transition(job_id(0), Status.QUEUED, Status.CANCELLED, at=datetime.now(UTC))
    await bot.store.delete(job_id(0), datetime.now(UTC))
    assert await turn(bot, panel, "Older") == []
    assert "nothing on this page any more" in panel.text()
    assert len(await turn(bot, panel, "Newer")) == 6


async def test_options_narrow_it_and_the_panel_says_how(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1, kind=Kind.BLEND, prompt="")
    await made(bot, 2, model="niji 6", guild_id=world.other_guild.id)
    await made(bot, 3, model="v 7")
    await bot.memory.people.set_favorite(world.member.id, job_id(3), datetime.now(UTC), on=True)
    await bot.store.transition(job_id(3), Status.QUEUED, Status.FAILED, at=datetime.now(UTC))
    wanted: list[tuple[dict[str, OptionValue], list[str], str]] = [
        ({"kind": "blend"}, ["Blend"], "Blend\n"),
        ({"model": "niji 6"}, ["fox 02"], "Niji 6\n"),
        ({"model": "none"}, ["Blend"], "The API's default\n"),
        ({"favorites": True}, ["fox 03"], "Your favorites\n"),
        ({"here": True}, ["fox 03", "Blend"], "this server\n"),
        ({"failures": False}, ["fox 02", "Blend"], "without failures\n"),
        ({"from": "2026-03-12", "until": "2026-03-12"}, ["fox 03", "fox 02", "Blend"], "until"),
        ({"from": "2026-03-13"}, [], "Nothing of yours is like that."),
        ({"search": "FOX \uff102"}, ["fox 02"], "“FOX"),
    ]
    for options, found, words in wanted:
        panel = await opened(bot, options)
        assert (titles(panel), words in panel.text()) == (found, True), options


async def test_options_that_make_no_sense_are_refused_with_the_way_out(bot: Bot) -> None:
    assert "like `2026-01-31`" in await refused(bot, "history", **{"from": "yesterday"})
    assert "at most 40 characters" in await refused(bot, "favorites", search="🦊" * 30)
    world = bot.discord.world
    call = await bot.discord.person(world.member).slash("history", {"here": True}, channel=world.dm(world.member))
    answer = await call.answer()
    assert answer.message is not None
    assert "Leave `here` out" in answer.message.content


async def test_the_filter_form_narrows_it_and_shows_what_is_chosen(bot: Bot) -> None:
    await made(bot, 1, model="v 7")
    await made(bot, 2, kind=Kind.DESCRIBE, model="v 7")
    await made(bot, 3, kind=Kind.DESCRIBE)
    panel = await opened(bot)
    await fill(bot, panel, "Filter", {"kind": "describe", "model": "v 7", "only": ["here"], "since": "2026-03-01"})
    await bot.discord.wait_until(lambda: titles(panel) == ["fox 02"])
    assert "Describe · Midjourney 7 · this server · from <t:" in panel.text()

    member = bot.discord.person(bot.discord.world.member)
    form = (await (await member.click(panel, label="Filter")).answer()).modal
    assert form is not None
    chosen = {
        field.custom_id: field.select and [o.value for o in field.select.options if o.default]
        for field in form.fields()
    }
    assert chosen == {"kind": ["describe"], "model": ["v 7"], "only": ["here"], "since": None, "until": None}
    assert form.field("since").value == "2026-03-01"

    call = await fill(bot, panel, "Filter", {"until": "31.3.2026"})
    assert call.message is not None
    assert "is no day that I know" in call.message.content
    assert await turn(bot, panel, "Show all") == ["fox 03", "fox 02", "fox 01"]


async def test_two_characters_of_any_script_are_found_and_the_page_keeps_looking_for_them(bot: Bot) -> None:
    for number in range(8):
        await made(bot, number, prompt=f"雪の中の狐、水彩画 {number}")
    await made(bot, 9, prompt="a fox")
    panel = await opened(bot)
    await fill(bot, panel, "Search", {"words": "水彩"})
    await bot.discord.wait_until(lambda: "“水彩”" in panel.text())
    assert len(titles(panel)) == 6
    await bot.restart()
    assert await turn(bot, panel, "Older") == ["雪の中の狐、水彩画 1", "雪の中の狐、水彩画 0"]
    await fill(bot, panel, "Search", {"words": "狐::a"})
    await bot.discord.wait_until(lambda: "Nothing of yours is like that." in panel.text())
    await fill(bot, panel, "Search", {"words": ""})
    await bot.discord.wait_until(lambda: titles(panel)[:1] == ["a fox"])


async def test_a_search_that_takes_long_says_how_far_it_got_and_goes_on(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        await made(bot, number)
    monkeypatch.setattr(bot.memory.history, "_first_slice", 3)
    monkeypatch.setattr(bot.memory.history, "_budget", 0)
    panel = await opened(bot, {"search": "fox 00"})
    assert "Nothing found so far. Searched back to <t:" in panel.text()
    assert await turn(bot, panel, "Search further") == []
    assert await turn(bot, panel, "Search further") == ["fox 00"]
    assert panel.button("Older").disabled


async def test_pictures_come_from_our_own_copy_and_say_what_they_show(bot: Bot) -> None:
    bot.api.picture = png(size=(1200, 800))
    await bot.grid()
    panel = await opened(bot)
    (attached,) = panel.attachments
    with Image.open(BytesIO(attached.data)) as thumbnail:
        assert (thumbnail.format, max(thumbnail.size)) == ("JPEG", 320)
    assert [about for _, about in media(panel)] == ["1. Imagine: a fox"]


async def test_a_picture_that_is_not_kept_any_more_is_shown_from_its_message(bot: Bot) -> None:
    bot.api.picture = png()
    grid = await bot.grid()
    for file in (bot.folder / "pictures").rglob("*.*"):
        file.unlink()
    panel = await opened(bot)
    assert panel.attachments == []
    assert [address for address, _ in media(panel)] == [grid.attachments[0].url]


async def test_a_job_opens_with_its_picture_and_all_that_can_be_done_with_it(bot: Bot) -> None:
    grid = await bot.grid()
    panel = await opened(bot)
    assert f"/{grid.channel.id}/{grid.id}" in panel.text()
    shown = (await open_job(bot, panel)).message
    assert shown is not None
    assert len(shown.attachments) == 1
    assert [button.label for button in shown.buttons()] == [button.label for button in grid.buttons()]
    member = bot.discord.person(bot.discord.world.member)

    await (await member.choose(shown, Verb.LIKE.value)).answer()
    assert "⭐ favorite" in (await opened(bot)).text()

    await (await member.choose(shown, Verb.RERUN.value)).answer()
    await bot.submitted(2)
    assert titles(await opened(bot)) == ["a fox", "a fox"]

    asked = await (await member.choose(shown, Verb.DELETE.value)).answer()
    assert asked.message is not None
    await (await member.click(asked.message, label="Delete for good")).answer()
    favorites = await opened(bot, command="favorites")
    assert "no favorites yet" in favorites.text()
    gone = await open_job(bot, panel)
    assert gone.message is not None
    assert "That one was deleted." in gone.message.content


async def test_what_came_to_nothing_can_be_deleted_too(bot: Bot) -> None:
    await bot.imagine()
    bot.api.fail(await bot.submitted(), "internal server error")
    (job,) = await bot.jobs()
    await bot.until(job.id, Status.FAILED)
    shown = (await open_job(bot, await opened(bot))).message
    assert shown is not None
    asked = await (await bot.discord.person(bot.discord.world.member).click(shown, label="Delete")).answer()
    assert asked.message is not None
    assert asked.message.button("Delete for good")


async def test_a_slow_database_is_bridged_with_thinking(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    await made(bot, 1)
    world, page, asked = bot.discord.world, bot.memory.history.page, asyncio.Event()

    async def slow(
        user_id: int, chosen: HistoryFilter, *, before: str | None, after: str | None, limit: int
    ) -> HistoryPage:
        await asked.wait()
        return await page(user_id, chosen, before=before, after=after, limit=limit)

    monkeypatch.setattr(bot.memory.history, "page", slow)
    call = await bot.discord.person(world.member).slash("history", channel=world.general)
    answer = await call.answer()
    assert (answer.type, answer.ephemeral) == (DEFERRED, True)
    asked.set()
    await bot.discord.wait_until(lambda: call.message is not None and "fox 01" in call.message.text())


async def test_panels_of_former_releases_still_answer(bot: Bot) -> None:
    for number in range(8):
        await made(bot, number)
    view = discord.ui.LayoutView(timeout=None)
    turns: list[discord.ui.Item[Any]] = [
        discord.ui.Button(label="Older", custom_id=f"mjh1:older:{job_id(2)}"),
        discord.ui.Button(label="Newest", custom_id="mjh1:newest:"),
    ]
    option = discord.SelectOption(label="fox", value=job_id(5))
    select = discord.ui.Select[Any](custom_id=HISTORY_OPEN, options=[option])
    view.add_item(discord.ui.TextDisplay("### Your pictures"))
    view.add_item(discord.ui.ActionRow(*turns)).add_item(discord.ui.ActionRow(select))
    view.stop()
    world = bot.discord.world
    channel = bot.client.get_channel(world.general.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(view=view)
    panel = await bot.discord.wait_message(lambda message: "Your pictures" in message.text())
    call = await bot.discord.person(world.member).choose(panel, job_id(5))
    await bot.discord.wait_until(lambda: call.message is not None and "fox 05" in call.message.content)
    assert await turn(bot, panel, "Older") == ["fox 01", "fox 00"]
