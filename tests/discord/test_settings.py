"""`/settings`: every control, after a restart too, and what comes of it; a value that is refused comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from bot.language import Language
from bot.model import Defaults, Notify, Person, Speed
from cogs.custom_ids import setting
from tests.discord.settings_ground import Panel
from tests.languages import pseudo, widened

if TYPE_CHECKING:
    from tests.discord.conftest import Bot


async def theirs(bot: Bot) -> Person:
    """Return what the member has set, as it is in the database."""
    return await bot.memory.people.get(bot.discord.world.member.id)


async def test_who_has_set_nothing_sees_the_defaults(bot: Bot) -> None:
    panel = await Panel(bot).open()
    for line in ("**Model:** The API's default", "**Speed:** fast", "**Suffix:** none", "**Language:** English"):
        assert f"{line}" in panel.text()
    assert "from your settings" not in panel.text()
    assert panel.text().count("-# default") == 10


async def test_every_setting_is_changed_on_the_panel_and_kept(bot: Bot) -> None:
    panel = await Panel(bot).open()
    await panel.pick("model", "Niji 7", shows="**Model:** Niji 7\n-# from your settings")
    await panel.pick("aspect", "16:9", shows="**Aspect ratio:** `16:9`\n-# from your settings")
    await panel.pick("speed", "turbo", shows="**Speed:** turbo\n-# from your settings")
    await panel.pick("stylize", "250", shows="**Stylize:** `250`\n-# from your settings")
    await panel.pick("raw", "on", shows="**Raw:** on\n-# from your settings")
    await panel.page("suffix", "nothing", shows="**Suffix:** none\n-# from your settings")
    await panel.pick("notify", "silent", shows="nothing tells you\n-# from your settings")
    await panel.press("private", "on", shows="only you see them\n-# from your settings")
    await bot.restart()
    await panel.press("remix", "on", shows="**Remix mode:** on\n-# from your settings")
    assert await theirs(bot) == Person(
        user_id=bot.discord.world.member.id,
        defaults=Defaults(model="Niji 7", aspect="16:9", speed=Speed.TURBO, stylize=250, raw=True, suffix=""),
        remix=True,
        notify=Notify.SILENT,
        private=True,
    )


async def test_a_language_shows_at_once(bot: Bot) -> None:
    panel = await Panel(bot).open()
    with pseudo(Language.GERMAN):
        await panel.pick("language", "de", shows=f"⟦{widened('Your settings')}⟧")
        assert (await theirs(bot)).language is Language.GERMAN
        await panel.pick("language", "unset", shows="English, as Discord")
    assert "Your settings" in panel.text()
    assert (await theirs(bot)).language is None


async def test_resetting_asks_once_and_then_forgets_everything(bot: Bot) -> None:
    panel = await Panel(bot).open()
    await panel.pick("aspect", "16:9", shows="`16:9`")
    await panel.press("all", "ask", shows="This forgets all your settings")
    await panel.press("all", "back", shows="`16:9`")
    await panel.press("all", "ask", shows="This forgets all your settings")
    await panel.press("all", "clear", shows="Midjourney decides")
    assert await theirs(bot) == Person(user_id=bot.discord.world.member.id)


async def test_any_other_value_is_typed_and_shown_and_found_in_the_form_again(bot: Bot) -> None:
    panel = await Panel(bot).open()
    person = bot.discord.person(bot.discord.world.member)
    for name, typed, shown in (
        ("aspect", "7x5", "`7:5`"),
        ("stylize", "333", "`333`"),
        ("suffix", "soft  light —s 40", "`soft light --stylize 40`"),
    ):
        await person.submit_modal(await panel.type(name), {"prompt": typed})
        await bot.discord.wait_until(lambda shown=shown: shown in panel.text())
    modal = await panel.type("suffix")
    assert modal.field("prompt").value == "soft light --stylize 40"


async def test_what_cannot_be_a_value_comes_back_to_be_corrected(bot: Bot) -> None:
    panel = await Panel(bot).open()
    person = bot.discord.person(bot.discord.world.member)
    refused = await person.submit_modal(await panel.type("suffix"), {"prompt": "soft light --stylise 40"})
    told = (await refused.answer()).message
    assert told is not None
    assert "Did you mean `--stylize`?" in told.content
    assert "soft light --stylise 40" in told.content
    assert (await theirs(bot)).defaults.suffix is None
    modal = (await (await person.click(told, label="Edit it")).answer()).modal
    assert modal is not None
    call = await person.submit_modal(modal, {"prompt": "soft light --stylize 40"})
    await call.answer()
    await bot.discord.wait_until(lambda: call.message is not None and "--stylize 40" in call.message.text())
    assert (await theirs(bot)).defaults.suffix == "soft light --stylize 40"


async def test_a_setting_that_cannot_be_saved_or_that_nobody_knows_is_told(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise StorageError("disk full")

    panel = await Panel(bot).open()
    person = bot.discord.person(bot.discord.world.member)
    monkeypatch.setattr(bot.memory.people, "put", full)
    failed = await person.click(panel.message, custom_id=setting("remix", "on"))
    await bot.discord.wait_until(lambda: bool(failed.followups))
    assert "could not be saved" in failed.followups[0].content
    assert "**Remix mode:** off" in panel.text()
    for strange in (("raw", "maybe"), ("moon", "on"), ("all", "moon"), ("language", "other")):
        panel.message.components[0]["components"][1]["accessory"]["custom_id"] = setting(*strange)
        answer = await (await person.click(panel.message, custom_id=setting(*strange))).answer()
        assert answer.message is not None
        assert "do not know this setting" in answer.message.content


async def test_a_form_that_was_made_up_sets_nothing(bot: Bot) -> None:
    modal = await (await Panel(bot).open()).type("aspect")
    modal.custom_id = setting("private", "form")
    call = await bot.discord.person(bot.discord.world.member).submit_modal(modal, {"prompt": "on"})
    told = (await call.answer()).message
    assert told is not None
    assert "do not know this setting" in told.content
    assert not (await theirs(bot)).private


async def test_what_is_set_goes_into_the_prompt_and_is_told(bot: Bot) -> None:
    panel = await Panel(bot).open()
    await panel.pick("aspect", "16:9", shows="`16:9`")
    await panel.pick("speed", "turbo", shows="turbo")
    call = await bot.imagine("a fox --s 50")
    answer = await call.answer()
    assert answer.message is not None
    assert "-# `--ar 16:9 --turbo` from your settings" in answer.message.content
    await bot.submitted()
    assert (bot.api.charges[0].what, bot.api.charges[0].speed) == ("a fox --stylize 50 --ar 16:9", Speed.TURBO)
    details = await bot.discord.person(bot.discord.world.member).click(answer.message, label="Details")
    shown = (await details.answer()).message
    assert shown is not None
    assert "**Added:** `--ar 16:9 --turbo` from your settings" in shown.content


@pytest.mark.parametrize("notify", ["dm", "silent"])
async def test_who_wants_results_alone_and_quietly_gets_them_so(bot: Bot, notify: str) -> None:
    panel = await Panel(bot).open()
    await panel.pick("notify", notify, shows="-# from your settings")
    await panel.press("private", "on", shows="only you see them")
    answer = await (await bot.imagine()).answer()
    assert answer.ephemeral
    job = (await bot.jobs())[0]
    assert job.is_private


async def test_a_prompt_that_is_corrected_gets_what_is_set_once(bot: Bot) -> None:
    panel = await Panel(bot).open()
    person = bot.discord.person(bot.discord.world.member)
    await person.submit_modal(await panel.type("suffix"), {"prompt": "in oil --c 10"})
    await bot.discord.wait_until(lambda: "in oil" in panel.text())
    refused = (await (await bot.imagine("a fox --stylise 50")).answer()).message
    assert refused is not None
    assert "in oil" not in refused.content
    modal = (await (await person.click(refused, label="Edit it")).answer()).modal
    assert modal is not None
    await person.submit_modal(modal, {"prompt": "a fox --s 50"})
    await bot.submitted()
    assert bot.api.charges[0].what == "a fox in oil --stylize 50 --chaos 10"


async def test_a_suffix_that_says_what_a_setting_says_is_told_not_to_count_and_does_not(bot: Bot) -> None:
    panel = await Panel(bot).open()
    await panel.pick("aspect", "16:9", shows="`16:9`")
    person = bot.discord.person(bot.discord.world.member)
    await person.submit_modal(await panel.type("suffix"), {"prompt": "soft light --ar 3:2"})
    await bot.discord.wait_until(lambda: "`--ar 3:2` does not count here: *Aspect ratio* does." in panel.text())
    assert "In each of these two the suffix comes last" in panel.text()
    await bot.imagine("a fox")
    await bot.submitted()
    assert bot.api.charges[0].what == "a fox soft light --ar 16:9"
    await panel.pick("aspect", "unset", shows="Midjourney decides")
    assert "does not count" not in panel.text()
    await bot.imagine("a fox")
    await bot.submitted(2)
    assert bot.api.charges[1].what == "a fox soft light --ar 3:2"
