"""`/imagine` with options and pictures, what it suggests, and how a refused one comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.model import Kind, Speed
from tests.discord.given import answered, picture, png, refused, suggested, used

if TYPE_CHECKING:
    import pytest

    from bot.model import Job
    from tests.discord.conftest import Bot


async def test_options_become_parameters(bot: Bot) -> None:
    await used(
        bot,
        "imagine",
        prompt="a fox",
        negative="text, blur",
        aspect="3x2",
        model="Midjourney 7",
        stylize=200,
        chaos=5,
        weird=10,
        seed=7,
        quality="2",
        raw=True,
        tile=True,
        speed="relax",
    )
    await bot.submitted()
    (charge,) = bot.api.charges
    assert charge.what.startswith("a fox --")
    assert set(charge.what.removeprefix("a fox --").split(" --")) == {
        *("no text, blur", "ar 3:2", "v 7", "stylize 200", "chaos 5", "weird 10", "seed 7", "quality 2", "raw", "tile"),
    }
    assert charge.speed is Speed.RELAX


async def test_pictures_are_handed_in_as_files_and_references_as_links(bot: Bot) -> None:
    call = await used(
        bot,
        "imagine",
        prompt="a fox",
        image1=picture("red"),
        image2=picture("green"),
        use2="style",
        image3=picture("blue"),
        use3="image",
        style_weight=300,
    )
    await call.answer()
    await bot.submitted()
    (job,) = await bot.jobs()
    assert bot.api.handed_in[job.id] == job.order.images
    kept = [await asyncio.to_thread((bot.folder / "inputs" / name).read_bytes) for name in job.order.images]
    assert kept == [png("red"), png("blue")]
    words, *parameters = job.prompt.split(" --")
    link = next(parameter for parameter in parameters if parameter.startswith("sref "))
    assert words == "a fox"
    assert "sw 300" in parameters
    assert "/ephemeral-attachments/" in link
    assert "green.png" in link


async def test_two_pictures_need_no_words_and_a_picture_of_discords_is_copied(bot: Bot) -> None:
    link = "https://cdn.discordapp.com/attachments/1/2/fox.png?ex=1&is=2&hm=3"
    bot.api.files[link] = png("gold")
    await used(bot, "imagine", prompt=link, image1=picture("red"))
    await bot.submitted()
    (job,) = await bot.jobs()
    assert "http" not in job.prompt
    assert len(job.order.images) == 2
    assert bot.api.downloads == [link]


async def test_a_use_without_its_picture_is_refused(bot: Bot) -> None:
    words = await refused(bot, "imagine", prompt="a fox", image1=picture(), use2="style")
    assert "attach it as `image2`" in words
    assert "a fox" in words
    assert bot.api.charges == []


async def test_several_pictures_are_priced_first_and_share_what_was_handed_in(bot: Bot) -> None:
    call = await used(bot, "imagine", prompt="a {red, blue} fox", image1=picture())
    await bot.discord.wait_until(lambda: call.message is not None and "$" in call.message.content)
    assert (await call.answer()).ephemeral
    assert bot.api.charges == []
    assert call.message is not None
    await bot.discord.person(call.user).click(call.message, label=call.message.buttons()[0].label)
    await bot.submitted(2)
    assert sorted(charge.what for charge in bot.api.charges) == ["a blue fox", "a red fox"]
    assert len(set(bot.api.handed_in.values())) == 1
    assert all(len(names) == 1 for names in bot.api.handed_in.values())


async def test_a_refused_prompt_comes_back_with_its_options_and_keeps_its_picture(bot: Bot) -> None:
    answer = await answered(
        bot, "imagine", prompt="a fox", stylize=5000, aspect="16:9", image1=picture(), speed="turbo"
    )
    assert answer.ephemeral
    assert answer.message is not None
    assert "0 to 1000" in answer.message.content
    person = bot.discord.person(bot.discord.world.member)
    form = (await (await person.click(answer.message, label="Edit it")).answer()).modal
    assert form is not None
    assert form.field("prompt").value == "a fox --ar 16:9 --stylize 5000"
    assert bot.api.charges == []
    await person.submit_modal(form, {"prompt": "a fox --ar 16:9 --stylize 500"})
    await bot.submitted()
    (charge,) = bot.api.charges
    assert (charge.what, charge.speed) == ("a fox --ar 16:9 --stylize 500", Speed.TURBO)
    assert len(bot.api.handed_in[charge.echo]) == 1


async def test_own_prompts_are_suggested_each_once_and_long_ones_are_found_again(bot: Bot) -> None:
    long = f"a lighthouse {'very ' * 30}far away"
    for number, prompt in enumerate(("a fox", long, "a fox"), 1):
        await used(bot, "imagine", prompt=prompt)
        await bot.submitted(number)
    choices = await suggested(bot, "imagine", "prompt", "")
    (job,) = [job for job in await bot.jobs() if job.prompt == long]
    assert list(choices.values()) == ["a fox", f"easel:{job.id}"]
    assert all(len(name) <= 100 for name in choices)
    # Enter takes the first: what was typed. Where nothing else goes with it, Enter sends at once.
    assert list(await suggested(bot, "imagine", "prompt", "lighth")) == ["lighth", list(choices)[1]]
    assert await suggested(bot, "imagine", "prompt", "a fox") == {}
    assert await suggested(bot, "imagine", "prompt", "a badger") == {}
    assert await suggested(bot, "imagine", "prompt", "", by=bot.discord.world.guest) == {}
    await used(bot, "imagine", prompt=f"easel:{job.id}", aspect="2:1")
    await bot.submitted(4)
    assert bot.api.charges[-1].what == f"{long} --ar 2:1"


async def test_somebody_elses_prompt_cannot_be_picked(bot: Bot) -> None:
    world = bot.discord.world
    await bot.discord.person(world.guest).slash("imagine", {"prompt": "a secret fox"}, channel=world.general)
    await bot.submitted()
    job = await bot.job(bot.api.charges[0].echo)
    words = await refused(bot, "imagine", prompt=f"easel:{job.id}")
    assert "Write the prompt" in words
    assert "secret" not in words
    assert len(bot.api.charges) == 1


async def test_nothing_is_suggested_where_the_database_is_slow_or_refuses(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> list[Job]:
        await asyncio.Event().wait()
        return []

    async def broken(*_: object) -> list[Job]:
        raise OSError

    monkeypatch.setattr("cogs.commands.suggesting._PATIENCE_S", 0.05)
    for newest in (never, broken):
        monkeypatch.setattr(bot.memory.history, "newest", newest)
        assert await suggested(bot, "imagine", "prompt", "fox") == {}
        assert await suggested(bot, "video", "job", "fox") == {}
        assert await suggested(bot, "show", "job", "fox") == {}


async def test_a_job_from_a_command_is_of_its_kind(bot: Bot) -> None:
    await used(bot, "imagine", prompt="a fox")
    await bot.submitted()
    assert [job.kind for job in await bot.jobs()] == [Kind.IMAGINE]
