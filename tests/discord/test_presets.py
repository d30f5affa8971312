"""`/preset`: kept, listed, shown, shared and deleted; and used with `/imagine`, by its owner and by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.discord.given import answered, refused, suggested, told, used

if TYPE_CHECKING:
    from sandbox.discord import Message, User
    from tests.discord.conftest import Bot


async def by(bot: Bot, user: User, command: str, **options: str) -> str:
    """Have somebody run a command in #general, and return what they alone are told."""
    call = await bot.discord.person(user).slash(command, options, channel=bot.discord.world.general)
    return told(await call.answer())


async def listed(bot: Bot, user: User) -> str:
    """Return what somebody sees in the list."""
    call = await bot.discord.person(user).slash("preset list", channel=bot.discord.world.general)
    answer = await call.answer()
    assert answer.ephemeral
    assert answer.message is not None
    return answer.message.text()


async def progress(bot: Bot, **options: str) -> Message:
    """Have the member imagine, and return the progress message."""
    message = (await answered(bot, "imagine", **options)).message
    assert message is not None
    return message


async def test_a_preset_is_kept_shown_replaced_and_deleted(bot: Bot) -> None:
    member = bot.discord.world.member
    assert "You have 0 presets of 50" in await listed(bot, member)
    kept = await by(bot, member, "preset set", name="Noir", text="soft  light —s 250")
    assert "Kept as `noir`" in kept
    assert "soft light --stylize 250" in kept
    await by(bot, member, "preset set", name="noir", text="hard *light* --s 5")
    assert await by(bot, member, "preset show", name="NOIR") == "**noir**\n```\nhard *light* --stylize 5\n```"
    await bot.restart()
    assert "- `noir` hard \\*light\\* --stylize 5" in await listed(bot, member)
    assert "hard *light* --stylize 5" in await by(bot, member, "preset delete", name="noir")
    assert "I know no preset `noir`" in await by(bot, member, "preset delete", name="noir")


async def test_a_text_that_cannot_be_used_comes_back_to_be_corrected(bot: Bot) -> None:
    person = bot.discord.person(bot.discord.world.member)
    refusal = (await answered(bot, "preset set", name="noir", text="light --stylise 40")).message
    assert refusal is not None
    assert "Did you mean `--stylize`?" in refusal.content
    modal = (await (await person.click(refusal, label="Edit it")).answer()).modal
    assert modal is not None
    assert modal.fields()[0].description == "Its name stays as you chose it."
    corrected = await person.submit_modal(modal, {"prompt": "light --s 40"})
    assert "Kept as `noir`" in told(await corrected.answer())


async def test_imagine_takes_a_preset_by_name_or_as_suggested(bot: Bot) -> None:
    member = bot.discord.world.member
    await by(bot, member, "preset set", name="noir", text="soft light --s 250")
    choices = await suggested(bot, "imagine", "preset", "NOI")
    assert choices == {"noir": f"{member.id}:noir"}
    for picked in ("Noir", str(choices["noir"])):
        message = await progress(bot, prompt="a fox --ar 3:2", preset=picked)
        assert message.content.endswith("-# preset `noir`")
    await bot.submitted(2)
    assert {charge.what for charge in bot.api.charges} == {"a fox soft light --ar 3:2 --stylize 250"}


async def test_a_shared_preset_is_used_by_others_there_until_it_is_taken_back(bot: Bot) -> None:
    world = bot.discord.world
    await by(bot, world.owner, "preset set", name="noir", text="soft light")
    assert "I know no preset `noir`" in await refused(bot, "imagine", prompt="a fox", preset="noir")
    assert "Everybody here can use `noir`" in await by(bot, world.owner, "preset share", name="noir")
    assert "`noir` soft light · shared here" in await listed(bot, world.owner)
    assert f"`noir` soft light · by <@{world.owner.id}>" in await listed(bot, world.member)
    choices = await suggested(bot, "imagine", "preset", "")
    assert choices == {"noir · by Hanna Lind": f"{world.owner.id}:noir"}
    await progress(bot, prompt="a fox", preset=f"{world.owner.id}:noir")
    await bot.submitted()
    assert bot.api.charges[0].what == "a fox soft light"
    assert "yours alone" in await by(bot, world.owner, "preset unshare", name="noir")
    assert "I know no preset `noir`" in await refused(bot, "imagine", prompt="a fox", preset=f"{world.owner.id}:noir")
    assert len(bot.api.charges) == 1


async def test_sharing_works_in_servers_and_says_so(bot: Bot) -> None:
    world = bot.discord.world
    person = bot.discord.person(world.member)
    await used(bot, "preset set", name="noir", text="soft light")
    call = await person.slash("preset share", {"name": "noir"}, channel=world.dm(world.member))
    answer = await call.answer()
    assert answer.message is not None
    assert "Use this command in one" in answer.message.content


async def test_a_preset_that_does_not_go_with_the_prompt_is_named_and_stays_for_the_correction(bot: Bot) -> None:
    await by(bot, bot.discord.world.member, "preset set", name="new", text="--exp 20")
    refusal = (await answered(bot, "imagine", prompt="a fox --v 6.1", preset="new")).message
    assert refusal is not None
    assert "With the preset `new`: `--exp` works with versions from 7 on" in refusal.content
    person = bot.discord.person(bot.discord.world.member)
    modal = (await (await person.click(refusal, label="Edit it")).answer()).modal
    assert modal is not None
    await person.submit_modal(modal, {"prompt": "a fox --v 7"})
    await bot.submitted()
    assert bot.api.charges[0].what == "a fox --v 7 --exp 20"


async def test_a_batch_is_given_the_preset_too_and_each_job_tells(bot: Bot) -> None:
    await by(bot, bot.discord.world.member, "preset set", name="noir", text="soft light")
    question = (await answered(bot, "imagine", prompt="a {red, blue} fox", preset="noir")).message
    assert question is not None
    assert "a red fox soft light" in question.content
    await bot.discord.person(bot.discord.world.member).click(question, label=question.buttons()[0].label)
    await bot.submitted(2)
    jobs = await bot.jobs()
    assert sorted(job.prompt for job in jobs) == ["a blue fox soft light", "a red fox soft light"]
    assert {each.words for job in jobs for each in job.order.applied} == {"noir"}


async def test_replacing_a_preset_gives_back_what_it_was_and_tells_who_gets_the_new_text(bot: Bot) -> None:
    member = bot.discord.world.member
    await by(bot, member, "preset set", name="soft", text="soft light ```*now*``` --s 250")
    again = await by(bot, member, "preset set", name="soft", text="soft light ```*now*``` --s 250")
    assert "Kept as `soft`" in again
    replaced = await by(bot, member, "preset set", name="Soft", text="hard light")
    assert "Replaced `soft`" in replaced
    assert "```\nhard light\n```" in replaced
    assert replaced.endswith("It was:\n```\nsoft light '''*now*''' --stylize 250\n```")
    assert "everybody gets the new text" not in replaced
    await by(bot, member, "preset share", name="soft")
    told_now = await by(bot, member, "preset set", name="soft", text="no light")
    assert "Where you share it, everybody gets the new text from now on." in told_now
    assert told_now.endswith("It was:\n```\nhard light\n```")


async def test_who_manages_the_server_takes_out_what_others_share_and_nobody_else_does(bot: Bot) -> None:
    world = bot.discord.world
    await by(bot, world.member, "preset set", name="rude", text="soft light")
    await by(bot, world.member, "preset share", name="rude")
    await by(bot, world.owner, "preset set", name="noir", text="hard light")
    await by(bot, world.owner, "preset share", name="noir")

    hers = {"noir": f"{world.owner.id}:noir", "rude · by Mateo": f"{world.member.id}:rude"}
    assert await suggested(bot, "preset unshare", "name", "", by=world.owner) == hers
    assert await suggested(bot, "preset unshare", "name", "") == {"rude": f"{world.member.id}:rude"}
    for wanted in ("noir", f"{world.owner.id}:noir"):
        refusal = await by(bot, world.member, "preset unshare", name=wanted)
        assert f"`noir` is shared here by <@{world.owner.id}>. Only they, or those with the permission" in refusal
    for command in ("preset delete", "preset share"):
        refusal = await by(bot, world.member, command, name="noir")
        assert f"`noir` is shared here by <@{world.owner.id}>. You may use it, but it is not yours" in refusal

    taken = await by(bot, world.owner, "preset unshare", name=str(hers["rude · by Mateo"]))
    assert f"Nobody but <@{world.member.id}> can use `rude` here now. They keep it" in taken
    assert "rude" not in await listed(bot, world.owner)
    own = await listed(bot, world.member)
    assert "`rude` soft light" in own
    assert "`rude` soft light · shared here" not in own
    assert bot.discord.messages(world.dm(world.member)) == []
    assert "I know no preset `rude`" in await by(bot, world.owner, "preset unshare", name="rude")
