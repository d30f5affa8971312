"""Progress messages of all jobs together: no more than ten edits in any second, and each of them the newest word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.model import Phase

if TYPE_CHECKING:
    from tests.jobs.conftest import House

JOBS, TICK = 40, 0.25


async def test_no_second_sees_more_than_ten_edits_and_each_tells_the_newest_state(house: House) -> None:
    jobs = [await house.imagine(f"fox {number}", user_id=number) for number in range(JOBS)]
    await house.settle()
    await house.pass_time(10)
    shown = {job_id: len(house.discord.progress[job_id]) for job_id in jobs}
    moments: list[float] = []
    for percent in range(1, 41):
        for charge in house.api.charges:
            house.api.change(charge.task_id, phase=Phase.RUNNING, progress=percent)
        for job_id in jobs:
            house.engine.reporter.tell(replace(await house.job(job_id), progress=percent))
        before = sum(len(house.discord.progress[job_id]) for job_id in jobs)
        await house.engine.reporter.step()
        await house.engine.reporter.drain()
        edits = [house.discord.progress[job_id][-1] for job_id in jobs if house.discord.progress[job_id]]
        made = sum(len(house.discord.progress[job_id]) for job_id in jobs) - before
        assert sum(job.progress == percent for job in edits) == made
        moments += [house.clock.monotonic()] * made
        house.clock.advance(TICK)
    assert max(sum(at <= other < at + 1 for other in moments) for at in moments) == 10
    told = [job_id for job_id in jobs if len(house.discord.progress[job_id]) > shown[job_id]]
    assert len(told) == JOBS  # nobody is passed over
