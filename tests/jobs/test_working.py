"""What is worked on beside the loop still speaks the language of whoever asked."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import PictureInvalid
from bot.jobs.asking.batches import BatchWish
from bot.jobs.keeping.inputs import Upload
from bot.jobs.working import work
from bot.language import Language, speaking, spoken
from bot.model import Speed
from tests.drawings import plain
from tests.languages import narrow, pseudo

if TYPE_CHECKING:
    from tests.jobs.conftest import House

FOX = Upload(url="https://cdn.example/a.png", name="fox.png", media_type="image/png", size=1000)


async def test_a_worker_speaks_for_everybody_in_their_own_language() -> None:
    async def ask(language: Language) -> Language:
        with speaking(language):
            return await work(worker, spoken)

    with ThreadPoolExecutor(max_workers=1) as worker:
        assert await asyncio.gather(*map(ask, Language)) == list(Language)
        assert await work(worker, spoken) is Language.ENGLISH


async def test_a_worker_hands_on_what_it_is_given_and_what_goes_wrong() -> None:
    with ThreadPoolExecutor(max_workers=1) as worker:
        assert await work(worker, sorted, [3, 1, 2], reverse=True) == [3, 2, 1]
        with pytest.raises(ZeroDivisionError):
            await work(worker, divmod, 1, 0)


async def test_a_picture_that_cannot_be_used_is_refused_in_the_persons_language(house: House) -> None:
    async def read() -> bytes:
        return plain((20, 20))

    with pseudo(Language.GERMAN), speaking(Language.GERMAN), pytest.raises(PictureInvalid) as refused:
        await house.engine.inputs.take(FOX, read)

    assert narrow(refused.value.reply) == (
        "⟦`fox.png` cannot be used: ⟦it has only 20 × 20 pixels⟧. ⟦Please give me one with at least 64 on each side.⟧⟧"
    )
    assert str(refused.value) == (
        "`fox.png` cannot be used: it has only 20 × 20 pixels. Please give me one with at least 64 on each side."
    )


async def test_a_contact_sheet_has_words_in_the_language_of_its_batch(house: House) -> None:
    house.api.picture = plain((90, 90), "red")
    with pseudo(Language.GERMAN, Language.JAPANESE):  # in letters that the font lacks
        sheets = [await sheet_of(house, locale) for locale in ("en-US", "de", "nl", "ja")]

    assert [sheet == sheets[0] for sheet in sheets] == [True, False, True, False]
    assert sheets[1] == sheets[3]


async def sheet_of(house: House, locale: str) -> bytes:
    """Return the sheet of a batch of which one job failed."""
    batches = house.engine.services.batches
    origin = replace(house.origin(), locale=locale)
    wish = BatchWish(typed="a {red, blue} fox", prompts=(f"red {locale}", f"blue {locale}"), speed=Speed.FAST)
    batch = await batches.confirm(origin, (await batches.propose(origin, wish)).draft_id)
    await batches.answered(batch.id, 8888)
    await house.settle()
    red, blue = (next(charge.task_id for charge in house.api.charges if charge.what == what) for what in wish.prompts)
    house.api.finish(red)
    house.api.fail(blue, "Queue full")
    await house.pass_time(60)
    _, sheet = house.discord.batches[batch.id][-1]
    assert sheet is not None
    return sheet
