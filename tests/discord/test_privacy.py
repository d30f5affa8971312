"""`/privacy`, on the wire."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from bot.language import Language, speaking
from cogs.render.privacy import is_word, word
from tests.discord.given import answered, told

if TYPE_CHECKING:
    from sandbox.discord import Answer, Modal
    from tests.discord.conftest import Bot


async def asked(bot: Bot) -> Modal:
    """Have the member type `/privacy delete`, and return the form."""
    modal = (await answered(bot, "privacy delete")).modal
    assert modal is not None
    return modal


async def typed(bot: Bot, text: str) -> Answer:
    """Have the member fill that form in."""
    person = bot.discord.person(bot.discord.world.member)
    return await (await person.submit_modal(await asked(bot), {"word": text})).answer()


async def test_what_is_kept_is_counted_and_explained(bot: Bot) -> None:
    await bot.grid("a secret fox")
    answer = await answered(bot, "privacy show")
    assert answer.ephemeral
    assert answer.message is not None
    text = answer.message.text()
    for words in ("1 job since", "1 picture or video", "CometAPI", "until you delete them"):
        assert words in text
    person = bot.discord.person(bot.discord.world.member)
    call = await person.click(answer.message, label="Delete …")
    assert (await call.answer()).modal is not None


async def test_another_word_deletes_nothing_and_the_right_one_everything(bot: Bot) -> None:
    await bot.grid()
    assert "Nothing was deleted" in told(await typed(bot, "yes"))
    assert len(await bot.jobs()) == 1
    await bot.restart()

    assert "Done: 1 job" in told(await typed(bot, " delete "))

    member = bot.discord.world.member.id
    assert await bot.memory.privacy.jobs(member, "~", 10) == []
    (stone,) = await bot.memory.privacy.tombstones()
    assert stone.is_finished
    assert str(member) not in stone.mark
    history = (await answered(bot, "history")).message
    assert history is not None
    assert "/imagine" in history.text()


async def test_an_export_comes_directly_as_a_file_that_opens_by_itself(bot: Bot) -> None:
    grid = await bot.grid("a fox to keep")
    assert "putting everything together" in told(await answered(bot, "privacy export"))
    message = await bot.discord.wait_message(lambda m: "Unpack it" in m.content)
    assert message.channel.id == bot.discord.world.dm(bot.discord.world.member).id
    [file] = message.attachments
    assert file.filename == "easel-export.zip"
    with ZipFile(BytesIO(file.data)) as archive:
        page = archive.read("index.html").decode()
        assert "a fox to keep" in page
        assert f'alt="{grid.attachments[0].description}"' in page, "the gallery says what the message says"
        assert grid.attachments[0].data in [archive.read(name) for name in archive.namelist()]


async def test_who_takes_no_messages_is_told_in_the_answer(bot: Bot) -> None:
    world = bot.discord.world
    world.member.dms_closed = True
    call = await bot.discord.person(world.member).slash("privacy export", channel=world.general)
    await call.answer()
    await bot.discord.wait_until(lambda: call.message is not None and "does not let me write" in call.message.content)
    world.member.dms_closed = False
    again = await bot.discord.person(world.member).slash("privacy export", channel=world.general)
    assert "It is ready" in told(await again.answer())
    await bot.discord.wait_message(lambda m: "Unpack it" in m.content)


async def test_it_works_in_direct_messages_too(bot: Bot) -> None:
    world = bot.discord.world
    person = bot.discord.person(world.member)
    call = await person.slash("privacy show", channel=world.dm(world.member))
    assert (await call.answer()).message is not None


@pytest.mark.parametrize("language", Language)
def test_the_word_is_taken_in_the_language_of_the_form_and_in_english(language: Language) -> None:
    with speaking(language):
        assert is_word(word().lower())
        assert is_word(f" {word()} ")
        assert is_word("delete")
        assert not is_word("")
        assert not is_word("no")
