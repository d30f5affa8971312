"""A paid request of unknown outcome, of each kind: called unknown, told to its person, never sent again by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import CometUncertain
from bot.jobs.requests import Wish
from bot.model import Accepted, Dimensions, Kind, Motion, Order, Route, Speed, Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House

#: How each kind is sent, and how many pictures it takes. What comes from a button is pressed, by its number.
WAYS: Final = {
    Kind.IMAGINE: (Order(), 0),
    Kind.BLEND: (Order(route=Route.BLEND, dimensions=Dimensions.SQUARE), 2),
    Kind.DESCRIBE: (Order(route=Route.DESCRIBE), 1),
    Kind.SHORTEN: (Order(route=Route.SHORTEN), 0),
    Kind.EDIT: (Order(route=Route.EDIT), 1),
    Kind.ANIMATE: (Order(route=Route.VIDEO, motion=Motion.LOW), 1),
}
BUTTONS: Final = {Kind.UPSCALE: 0, Kind.VARIATION: 4}
KINDS: Final = [*WAYS, *BUTTONS]
LONG: Final = 45 * 60.0  # seconds; more than anything is tried for


async def ask(house: House, kind: Kind, grid: str) -> str:
    """Have somebody ask for a job of that kind, and see the answer; return its id."""
    if kind in BUTTONS:
        return (await house.press(grid, BUTTONS[kind])).job.id
    order, count = WAYS[kind]
    images = tuple([await house.picture(color) for color in ("red", "blue")[:count]])
    prompt = "" if kind in {Kind.BLEND, Kind.DESCRIBE} else "a fox"
    return await house.begin(Wish(kind=kind, prompt=prompt, speed=Speed.FAST, order=replace(order, images=images)))


def sent(house: House, job_id: str) -> int:
    """Return how often the API has taken the job's submit."""
    return sum(charge.echo == job_id for charge in house.api.charges)


async def is_left_alone(house: House, job_id: str) -> None:
    """Show that the job stays as it is for long, also in a new process, and that its person was told once."""
    for _ in range(2):
        await house.pass_time(LONG, every=150)
        assert (await house.job(job_id)).status is Status.UNKNOWN
        assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.UNKNOWN]
        await house.restart()
    assert sent(house, job_id) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_lost_answer_makes_a_job_unknown_and_it_is_not_sent_again(house: House, kind: Kind) -> None:
    grid = await house.finished()
    house.api.lost_answers.append(CometUncertain("reset"))
    job_id = await ask(house, kind, grid)
    await house.pass_time(5)
    await is_left_alone(house, job_id)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_process_that_dies_before_the_answer_leaves_it_unknown_and_unsent(house: House, kind: Kind) -> None:
    grid = await house.finished()
    house.api.hold()
    job_id = await ask(house, kind, grid)
    await house.engine.submitter.step()
    await house.api.until_charged(2)
    await house.engine.submitter.stop(0)
    await house.restart()
    house.api.answering.set()
    await house.pass_time(5)
    await is_left_alone(house, job_id)


async def test_a_modal_whose_answer_is_lost_is_not_sent_again_and_told_of_after_ten_minutes(house: House) -> None:
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    house.api.lost_modals.append(CometUncertain("reset"))
    job_id = (await house.press(grid, BUTTONS[Kind.VARIATION])).job.id
    await house.pass_time(9 * 60, every=5)
    assert (await house.job(job_id)).status is Status.NEEDS_INPUT
    await house.pass_time(2 * 60, every=5)
    await is_left_alone(house, job_id)
    assert len(house.api.modals) == 1
