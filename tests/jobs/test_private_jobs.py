"""What somebody keeps to themselves: nobody else sees it, whichever way they come, and it stays so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import CometUncertain, JobUnknown
from bot.jobs.requests import Wish
from bot.model import Entry, Kind, Order, Route, Speed, Status

if TYPE_CHECKING:
    from bot.jobs.requests import Receipt
    from bot.model import Job
    from tests.jobs.conftest import House

ME: Final = 1
YOU: Final = 2


async def press_privately(house: House, job_id: str, index: int, user_id: int = ME) -> Receipt:
    """Have somebody press a button for themselves alone, and see the answer."""
    origin = replace(house.origin(user_id), private=True)
    receipt = await house.engine.services.jobs.act(origin, job_id, index)
    if receipt.entry is Entry.NEW:
        await house.engine.services.jobs.answered(receipt.job.id, 9000 + index)
    return receipt


async def finish(house: House, job_id: str) -> Job:
    await house.settle()
    task_id = (await house.job(job_id)).task_id
    assert task_id is not None
    house.api.finish(task_id)
    await house.pass_time(12)
    return await house.job(job_id)


async def test_an_upscale_for_me_alone_is_shown_to_nobody_who_presses_the_same_button(house: House) -> None:
    grid = await house.finished()
    mine = (await press_privately(house, grid, 0)).job
    assert (await finish(house, mine.id)).status is Status.SUCCEEDED

    with pytest.raises(JobUnknown):
        await house.engine.services.library.show(house.origin(YOU), mine.id)
    yours = await house.press(grid, 0, user_id=YOU)
    assert (yours.entry, yours.job.user_id) == (Entry.NEW, YOU)
    assert (await press_privately(house, grid, 0)).job.id == yours.job.id, "what all may see is there already"


async def test_pressing_it_again_for_me_alone_costs_nothing(house: House) -> None:
    grid = await house.finished()
    mine = (await press_privately(house, grid, 0)).job
    await finish(house, mine.id)
    house.clock.advance(60)

    again = await press_privately(house, grid, 0)
    assert (again.entry, again.job.id) == (Entry.SHARED, mine.id)
    assert (await press_privately(house, grid, 0, YOU)).entry is Entry.NEW


async def test_details_of_a_picture_name_no_child_of_it_that_is_somebodys_alone(house: House) -> None:
    grid = await house.finished()
    mine = (await press_privately(house, grid, 4)).job
    ours = (await house.press(grid, 5, user_id=YOU)).job
    library = house.engine.services.library

    assert [child.id for child in (await library.details(house.origin(YOU), grid)).children] == [ours.id]
    assert [child.id for child in (await library.details(house.origin(ME), grid)).children] == [mine.id, ours.id]


@pytest.mark.parametrize("with_parent", [False, True], ids=["imagine", "button of a public grid"])
async def test_what_was_for_me_alone_stays_so_when_it_is_submitted_again(house: House, *, with_parent: bool) -> None:
    services, origin = house.engine.services, replace(house.origin(), private=True)
    if with_parent:
        job = (await press_privately(house, await house.finished(), 0)).job
    else:
        job = (await services.jobs.imagine(origin, "a secret fox", Speed.FAST)).job
        await services.jobs.answered(job.id, 9000)
    house.api.lost_answers.append(CometUncertain("reset"))
    await house.settle()
    assert (await house.job(job.id)).status is Status.UNKNOWN

    assert (await services.again.submit(house.origin(), job.id)).job.is_private


async def test_a_retry_for_me_alone_leaves_the_button_to_those_who_saw_it_pressed(house: House) -> None:
    grid = await house.finished()
    ours = (await house.press(grid, 0)).job
    house.api.lost_answers.append(CometUncertain("reset"))
    await house.settle()
    retry = (await house.engine.services.again.submit(replace(house.origin(), private=True), ours.id)).job
    assert retry.is_private

    yours = await house.press(grid, 0, user_id=YOU)
    assert (yours.entry, yours.job.id) == (Entry.SHARED, ours.id), "still unknown, and never silently sent again"


async def test_going_on_from_a_video_for_me_alone_stays_so(house: House) -> None:
    film = await house.finished()
    order = Order(route=Route.VIDEO, index=0)
    wish = Wish(kind=Kind.ANIMATE, prompt="a secret", speed=Speed.FAST, order=order, parent_id=film)
    jobs = house.engine.services.jobs
    mine = (await jobs.begin(replace(house.origin(), private=True), wish)).job

    assert (await house.engine.services.again.run(house.origin(), mine.id)).job.is_private


async def test_what_a_picture_was_made_from_elsewhere_is_told_to_those_who_may_see_that(house: House) -> None:
    grid = await house.finished()
    jobs, library = house.engine.services.jobs, house.engine.services.library
    child = (await jobs.act(house.origin(ME, channel_id=501), grid, 4)).job

    assert (await library.show(house.origin(ME, channel_id=501), child.id)).parent is not None
    assert (await library.show(house.origin(YOU, channel_id=501), child.id)).parent is None
    assert (await library.show(house.origin(YOU, channel_id=501), child.id)).job.parent_id == grid
