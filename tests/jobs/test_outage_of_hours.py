"""Six hours without the API: hardly asked, nothing lost, nothing sent twice (scorecard, row 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House

HOURS = 6
MINUTES = HOURS * 60
#: Seconds between two looks at the engine; nothing in it is due more often while the API is away.
EVERY = 10


async def test_for_six_hours_the_api_is_asked_twice_a_minute_and_then_every_picture_comes(house: House) -> None:
    running = [await house.running(f"running fox {number}") for number in range(20)]
    house.api.is_down = True
    asked = 0
    queued = await house.imagine("waiting fox")
    for _ in range(MINUTES):
        before = len(house.api.fetches) + len(house.api.lists)
        await house.pass_time(60, every=EVERY)
        asked += len(house.api.fetches) + len(house.api.lists) - before
    assert asked <= 2 * MINUTES
    assert (await house.job(queued)).status is Status.FAILED  # told after half an hour, and free of charge
    assert {(await house.job(job_id)).status for job_id, _ in running} == {Status.RUNNING}

    house.api.is_down = False
    for _, task_id in running:
        house.api.finish(task_id)
    await house.pass_time(120, every=EVERY)
    assert {(await house.job(job_id)).status for job_id, _ in running} == {Status.SUCCEEDED}
    assert len(house.discord.messages) == len(running)
    assert len(house.api.charges) == len(running)


async def test_what_waits_for_the_api_is_held_with_one_commit_for_all(house: House) -> None:
    house.api.is_down = True
    waiting = [await house.imagine(f"waiting fox {number}", user_id=number) for number in range(20)]
    await house.pass_time(EVERY)
    before = house.database.commits
    house.clock.advance(EVERY)
    await house.engine.submitter.step()
    assert house.database.commits - before == 1
    assert {(await house.job(job_id)).status for job_id in waiting} == {Status.QUEUED}
