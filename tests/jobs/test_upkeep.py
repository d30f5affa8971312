from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.jobs import policy
from bot.jobs.requests import Filled, Wish
from bot.model import Accepted, Action, Draft, Kind, Order, Speed
from tests.builders import job_id

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from tests.jobs.conftest import House

LONG: float = 3 * 24 * 3600.0
REGION = Action(index=0, action_id="MJ::Inpaint::1::u", kind=Kind.REGION, label="Region", needs_input=True)


def lies_there(house: House, name: str) -> bool:
    return house.engine.inputs.path(name) is not None


async def test_pictures_that_no_job_needs_go_away_after_a_while(house: House) -> None:
    name = await house.picture()
    await house.engine.upkeep.step()
    assert lies_there(house, name)
    house.clock.advance(LONG)
    await house.engine.upkeep.step()
    assert not lies_there(house, name)


async def test_pictures_of_jobs_that_are_not_sent_stay_whether_anybody_has_seen_the_answer_or_not(
    house: House,
) -> None:
    seen, unseen = await house.picture("red"), await house.picture("blue")
    house.clock.advance(LONG)
    wishes = [
        Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST, order=Order(images=(name,)))
        for name in (seen, unseen)
    ]
    await house.begin(wishes[0])
    await house.engine.services.jobs.begin(house.origin(), wishes[1])
    await house.engine.upkeep.step()
    assert lies_there(house, seen)
    assert lies_there(house, unseen)


async def test_the_mask_of_a_job_that_waits_for_its_modal_stays(house: House) -> None:
    parent = await house.finished(actions=(REGION,))
    mask = await house.picture("white")
    house.clock.advance(LONG)
    house.api.accept_as.append(Accepted(task_id=""))
    await house.press(parent, 0, Filled(prompt="a hat", mask=mask))
    await house.settle()
    await house.engine.upkeep.step()
    assert lies_there(house, mask)


async def test_drafts_are_forgotten_after_a_day(house: House) -> None:
    now = house.clock.now()
    old, young = (
        Draft(id=job_id(number), user_id=1, form="imagine", created_at=now - policy.DRAFT_LIFE + timedelta(hours=hours))
        for number, hours in ((1, -1), (2, 2))
    )
    for draft in (old, young):
        await house.memory.drafts.put(draft)
    await house.engine.upkeep.step()
    assert await house.memory.drafts.get(old.id) == old, "by one reading of a clock nothing goes"
    house.clock.advance(3600)
    await house.engine.upkeep.step()
    assert await house.memory.drafts.get(old.id) is None
    assert await house.memory.drafts.get(young.id) == young


async def test_a_part_that_fails_every_hour_keeps_no_other_from_its_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(_: datetime) -> None:
        raise PermissionError("the folder")

    backed_up = False

    async def backs_up() -> None:
        nonlocal backed_up
        backed_up = True

    monkeypatch.setattr(house.memory.drafts, "forget", refuses)
    monkeypatch.setattr(house.engine.backups, "step", backs_up)
    await house.engine.upkeep.step()
    assert backed_up
