"""How long a hint is looked into: by the clock that never jumps, and never for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.config.keys import ECHOES, load_key
from bot.errors import CometRefused, CometUncertain
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.spool import Hint, Spool
from bot.model import Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House

DAY: Final = 86_400.0


async def lost(house: House) -> tuple[str, str]:
    """Return a job whose paid submit was not answered, and its task, of which a callback lies in the spool."""
    house.api.lost_answers.append(CometUncertain("reset"))
    job_id = await house.imagine()
    await house.settle()
    task_id = house.api.charges[-1].task_id
    mark = Echoes(load_key(house.folder, ECHOES)).of(job_id)
    Spool(house.folder / "spool").put([Hint(task_id, mark, "SUCCESS")])
    return job_id, task_id


async def look(house: House, steps: int, *, every: float = 1) -> None:
    for _ in range(steps):
        await house.engine.adoption.step()
        await house.engine.adoption.drain()
        house.clock.advance(every)


async def test_a_mark_is_waited_for_although_the_job_is_days_old(house: House) -> None:
    # A receiver outlives the bot, and the clock may have been set.
    job_id, task_id = await lost(house)
    house.clock.jump(3 * DAY)
    whole = house.api.tasks[task_id]
    house.api.tasks[task_id] = replace(whole, echo="")
    await look(house, 20)
    house.api.tasks[task_id] = whole
    await look(house, 60)
    job = await house.job(job_id)
    assert (job.status, job.task_id) == (Status.RUNNING, task_id)


async def test_what_the_api_refuses_to_show_is_let_go_after_a_day(house: House) -> None:
    job_id, _ = await lost(house)
    house.api.look_errors.extend([CometRefused("no such path")] * 1000)
    await look(house, 23 * 12, every=300)
    assert list((house.folder / "spool").iterdir()), "an outage of hours is no reason"
    await look(house, 2 * 12, every=300)
    assert list((house.folder / "spool").iterdir()) == []
    assert (await house.job(job_id)).status is Status.UNKNOWN
