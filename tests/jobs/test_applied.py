"""Where parts of a prompt came from is kept with its job, and with each job of a batch; a re-run adds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.jobs.asking.batches import BatchWish
from bot.jobs.requests import Wish
from bot.model import Applied, Defaults, Kind, Order, Person, Source, Speed

if TYPE_CHECKING:
    from tests.jobs.conftest import House

WIDE = Applied(words="--ar 16:9", source=Source.PERSON)
NOIR = Applied(words="noir", source=Source.PRESET)


async def test_it_outlives_a_restart_and_is_not_claimed_of_a_re_run(house: House) -> None:
    images = (await house.picture(),)
    order = Order(images=images, applied=(NOIR, WIDE))
    job_id = await house.begin(Wish(kind=Kind.IMAGINE, prompt="a fox --ar 16:9", speed=Speed.FAST, order=order))
    await house.restart()
    assert (await house.job(job_id)).order == order
    preferences = house.engine.services.preferences
    await preferences.change(1, lambda _: Person(user_id=1, defaults=Defaults(stylize=5)))
    again = await house.engine.services.again.run(house.origin(), job_id)
    assert (again.job.prompt, again.job.order) == ("a fox --ar 16:9", Order(images=images))


async def test_each_job_of_a_batch_has_its_own(house: House) -> None:
    batches = house.engine.services.batches
    wish = BatchWish(typed="a {red --ar 1:1, blue}", prompts=("a red --ar 1:1", "a blue --ar 16:9"), speed=Speed.FAST)
    for applied in ((), ((NOIR,), (NOIR, WIDE))):
        proposal = await batches.propose(
            house.origin(), BatchWish(typed=wish.typed, prompts=wish.prompts, speed=wish.speed, applied=applied)
        )
        batch = await batches.confirm(house.origin(), proposal.draft_id)
        assert [job.order.applied for job in batch.jobs] == [*(applied or ((), ()))]


async def test_a_proposal_of_a_release_that_knew_nothing_of_it_can_be_confirmed(house: House) -> None:
    batches = house.engine.services.batches
    proposal = await batches.propose(house.origin(), BatchWish(typed="a, b", prompts=("a", "b"), speed=Speed.FAST))
    draft = await house.memory.drafts.take(proposal.draft_id)
    assert draft is not None
    old = {name: value for name, value in draft.fields.items() if name != "applied"}
    kept = await house.engine.services.forms.keep(1, draft.form, old)
    batch = await batches.confirm(house.origin(), kept.id)
    assert [job.order.applied for job in batch.jobs] == [(), ()]
