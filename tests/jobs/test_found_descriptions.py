"""Descriptions of pictures are found by what came back, and everything else by its prompt alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.jobs.requests import Wish
from bot.model import HistoryFilter, Kind, Order, Phase, Route, Speed, Status
from tests.jobs.test_leaving import CANARY, ME, YOU, traces

if TYPE_CHECKING:
    from tests.jobs.conftest import House

TEXT: Final = f"1️⃣ A \uff32\uff25\uff24 fox, {CANARY} --ar 3:2\n2️⃣ a heron in 東京"


async def described(house: House, user_id: int = ME, prompt: str = "") -> str:
    """Have somebody's picture described, and return the job."""
    order = Order(route=Route.DESCRIBE, images=(await house.picture(),))
    wish = Wish(kind=Kind.DESCRIBE, prompt=prompt, speed=Speed.FAST, order=order)
    return await ended(house, await house.begin(wish, user_id=user_id))


async def ended(house: House, job_id: str) -> str:
    """Have a job end well, with that text."""
    await house.settle()
    task_id = (await house.job(job_id)).task_id or ""
    done = replace(house.api.tasks[task_id], phase=Phase.SUCCEEDED, progress=100)
    house.api.tasks[task_id] = replace(done, text=TEXT, picture_url="https://cdn.example/given.png")
    await house.pass_time(12)
    assert (await house.job(job_id)).status is Status.SUCCEEDED
    return job_id


async def found(house: House, text: str, user_id: int = ME) -> list[str]:
    """Return what a person's history and their suggestions find, which is the same."""
    page = await house.engine.services.library.history(user_id, HistoryFilter(text=text))
    suggested = await house.engine.services.library.newest(user_id, text)
    assert [job.id for job in page.jobs] == [job.id for job in suggested]
    return [job.id for job in suggested]


async def test_a_description_is_found_by_its_text_in_any_script_and_by_nobody_else(house: House) -> None:
    first, second = await described(house), await described(house, prompt="--v 7")
    theirs = await described(house, YOU)
    for text in ("red heron", "FOX", "東京", "京 3:2"):
        assert await found(house, text) == [second, first], text
        assert await found(house, text, YOU) == [theirs], text
    assert await found(house, "--v heron") == [second]
    assert await found(house, "wolf") == []


@pytest.mark.parametrize("kind", [Kind.IMAGINE, Kind.BLEND])
async def test_nothing_else_is_found_by_more_than_its_prompt(house: House, kind: Kind) -> None:
    job_id = await ended(house, await house.begin(Wish(kind=kind, prompt="a wolf", speed=Speed.FAST), user_id=ME))
    assert await found(house, "wolf") == [job_id]
    assert await found(house, "heron") == []


async def test_a_deleted_description_is_found_no_more(house: House) -> None:
    job_id = await described(house)
    await house.engine.services.deletions.delete(house.origin(ME), job_id)
    assert await found(house, "heron") == []
    assert await house.database.read("SELECT * FROM searches") == []


async def test_whoever_leaves_takes_the_texts_along(house: House) -> None:
    job_id = await described(house)
    assert traces(house.folder)
    await house.engine.services.privacy.erase(ME)
    assert traces(house.folder, job_id, "heron") == []


async def test_a_text_that_comes_after_its_person_has_left_is_kept_nowhere(house: House) -> None:
    order = Order(route=Route.DESCRIBE, images=(await house.picture(),))
    wish = Wish(kind=Kind.DESCRIBE, prompt="", speed=Speed.FAST, order=order)
    job_id = await house.begin(wish, user_id=ME)
    await house.settle()
    await house.engine.services.privacy.erase(ME)
    await ended(house, job_id)
    assert traces(house.folder, "heron") == []
    assert await house.database.read("SELECT * FROM searches") == []
