"""What `/show`, `/imagine` and `/video` suggest while somebody types: what `/history` would find, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import HistoryFilter, Status
from tests.discord.given import suggested

if TYPE_CHECKING:
    from bot.model import Job
    from tests.discord.conftest import Bot

PROMPTS = ("a fox in deep snow", "a snow owl", "\u6771\u4eac\u306e\u72d0 and a fox")


async def test_words_are_found_wherever_they_stand_in_any_script_and_width(bot: Bot) -> None:
    jobs: list[Job] = []
    for number, prompt in enumerate(PROMPTS, 1):
        jobs.append((await bot.asked(prompt))[1])
        bot.api.finish(await bot.submitted(number))
        await bot.until(jobs[-1].id, Status.SUCCEEDED)
    person = bot.discord.world.member.id
    for typed, expected in (
        ("snow fox", [0]),
        ("\uff26\uff2f\uff38", [2, 0]),
        ("\u4eac FOX", [2]),
        ("sno", [1, 0]),
        (jobs[1].id.lower(), [1]),
        ("wolf", []),
    ):
        ids = [jobs[number].id for number in expected]
        assert list((await suggested(bot, "show", "job", typed)).values()) == ids, typed
        assert list((await suggested(bot, "video", "job", typed)).values()) == ids, typed
        if typed != jobs[1].id.lower():
            page = await bot.engine.services.library.history(person, HistoryFilter(text=typed))
            assert [job.id for job in page.jobs] == ids, typed
    names = list(await suggested(bot, "imagine", "prompt", "snow fox"))
    assert names == ["snow fox", PROMPTS[0]]
