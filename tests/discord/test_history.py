"""`/history` and `/favorites`, on the wire: what is on a page, where its controls lead, who sees it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import discord
from PIL import Image

from bot.model import Kind, Status
from cogs.custom_ids import HISTORY_OPEN, Verb
from sandbox.discord.messages import walk
from tests.builders import job_id, new_job
from tests.discord.given import png, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest
    from typing_extensions import Unpack

    from bot.model import HistoryFilter, HistoryPage
    from sandbox.discord import Call, Channel, Message, User
    from sandbox.discord.picking import OptionValue
    from tests.builders import NewJobFields
    from tests.discord.conftest import Bot

#: What the world calls "thinking …".
DEFERRED = 5


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


async def shared(bot: Bot, panel: Message) -> Call:
    """Have the member share what they see."""
    call = await bot.discord.person(bot.discord.world.member).click(panel, label="Share")
    await call.answer()
    return call


def media(panel: Message) -> list[tuple[str, str]]:
    """Return the addresses and alt texts of the pictures in the gallery."""
    items = [item for node in walk(panel.components) for item in node.get("items", ())]
    return [(item["media"]["url"], item.get("description", "")) for item in items]


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


async def open_job(bot: Bot, panel: Message, number: int = 0, who: User | None = None) -> Call:
    """Have somebody, the member unless named, open a job of a page."""
    custom_id = [button.custom_id for button in panel.buttons() if button.label == "Open"][number]
    call = await bot.discord.person(who or bot.discord.world.member).click(panel, custom_id=custom_id)
    assert (await call.answer()).ephemeral
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.content))
    return call


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


async def test_a_page_is_shared_with_all_and_opens_for_who_may_see_it(bot: Bot) -> None:
    bot.api.picture = png()
    await made(bot, 1, channel_id=bot.discord.world.gallery.id)
    await bot.grid()
    panel = await opened(bot)
    await made(bot, 2)
    call = await shared(bot, panel)
    world = bot.discord.world
    page = await bot.discord.wait_message(lambda message: message.is_v2 and message.ephemeral_to is None)
    assert page is call.message
    assert page.text().startswith(f"### Made by {world.member.mention}\n**1.** **a fox**")
    assert titles(page) == ["a fox", "fox 01"]
    assert len(page.attachments) == 1
    assert page.mentions == []
    assert [button.label for button in page.buttons()] == ["Open", "Open"]
    assert call.followups == []

    seen = (await open_job(bot, page, who=world.guest)).message
    assert seen is not None
    assert len(seen.attachments) == 1
    unseen = (await open_job(bot, page, 1, who=world.guest)).message
    assert unseen is not None
    assert "I know no such job here" in unseen.content


async def test_what_is_private_is_never_shared_and_that_is_said(bot: Bot) -> None:
    await made(bot, 1, is_private=True)
    await made(bot, 2)
    call = await shared(bot, await opened(bot))
    await bot.discord.wait_until(lambda: len(call.followups) == 1)
    assert call.message is not None
    assert titles(call.message) == ["fox 02"]
    (note,) = call.followups
    assert note.ephemeral_to == bot.discord.world.member.id
    assert note.content == "1 picture is for you alone and was left out."


async def test_a_page_that_nobody_else_may_see_is_not_shared(bot: Bot) -> None:
    await made(bot, 1, is_private=True)
    call = await shared(bot, await opened(bot))
    assert call.message is not None
    assert call.message.ephemeral_to is not None
    assert "so nothing was shared" in call.message.content


async def test_favorites_are_those_of_others_too_open_anywhere_and_are_shared_only_where_they_are(bot: Bot) -> None:
    world = bot.discord.world
    grid = await bot.grid()
    job = await bot.job_of(grid)
    await bot.memory.people.set_favorite(world.owner.id, job.id, datetime.now(UTC), on=True)
    panel = await opened(bot, command="favorites", channel=world.other_channel, who=world.owner)
    assert "### Your favorites" in panel.text()
    assert f"{world.member.mention} · <t:" in panel.text()
    seen = (await open_job(bot, panel, who=world.owner)).message
    assert seen is not None
    assert len(seen.attachments) == 1

    owner = bot.discord.person(world.owner)  # who moderates there, too
    answer = await (await owner.choose(seen, Verb.DELETE.value)).answer()
    assert answer.message is not None
    assert "Only the person who asked for it" in answer.message.content

    call = await owner.click(panel, label="Share")
    answer = await call.answer()
    assert answer.message is not None
    assert "1 picture by somebody else belongs to another channel" in answer.message.content
    here = await opened(bot, command="favorites", who=world.owner)
    await (await owner.click(here, label="Share")).answer()
    await bot.discord.wait_message(lambda message: "### Favorites of" in message.text())


async def test_where_the_bot_is_not_a_page_is_shared_as_an_answer_or_not_at_all(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1)
    call = await shared(bot, await opened(bot, channel=world.far_channel))
    assert call.message is not None
    assert call.message.ephemeral_to is None
    assert titles(call.message) == ["fox 01"]
    call = await shared(bot, await opened(bot, channel=world.hushed))
    assert call.message is not None
    assert "nobody but you can see what I answer" in call.message.content
    panel = await opened(bot, channel=world.dm(world.member))
    assert "Share" not in [button.label for button in panel.buttons()]


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
