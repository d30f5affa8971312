"""Each way of making a job: sent once, with its pictures; and what is found gone in time is never sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import ActionUnavailable, CometTaskMissing
from bot.jobs.requests import Filled, Wish
from bot.model import Action, DeliveryStatus, Dimensions, Failure, Kind, Motion, Order, Route, Speed, Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House


def wish(kind: Kind, order: Order, prompt: str = "", **more: str) -> Wish:
    return Wish(kind=kind, prompt=prompt, speed=Speed.FAST, order=order, **more)


async def test_an_imagine_goes_out_with_its_pictures_in_their_order(house: House) -> None:
    red, blue = await house.picture("red"), await house.picture("blue")
    job_id = await house.begin(wish(Kind.IMAGINE, Order(images=(blue, red)), "a fox"))
    await house.pass_time(5)
    assert [(charge.echo, charge.what) for charge in house.api.charges] == [(job_id, "a fox")]
    assert house.api.handed_in[job_id] == (blue, red)


async def test_a_blend_goes_out_with_its_pictures_and_its_shape(house: House) -> None:
    names = tuple([await house.picture(color) for color in ("red", "blue")])
    order = Order(route=Route.BLEND, images=names, dimensions=Dimensions.LANDSCAPE)
    job_id = await house.begin(wish(Kind.BLEND, order))
    await house.pass_time(5)
    assert [charge.what for charge in house.api.charges] == [f"blend {Dimensions.LANDSCAPE}"]
    assert house.api.handed_in[job_id] == names


async def test_a_blend_without_a_shape_is_square(house: House) -> None:
    names = tuple([await house.picture(color) for color in ("red", "blue")])
    await house.begin(wish(Kind.BLEND, Order(route=Route.BLEND, images=names)))
    await house.settle()
    assert [charge.what for charge in house.api.charges] == [f"blend {Dimensions.SQUARE}"]


async def test_a_picture_to_describe_goes_out(house: House) -> None:
    name = await house.picture()
    job_id = await house.begin(wish(Kind.DESCRIBE, Order(route=Route.DESCRIBE, images=(name,))))
    await house.pass_time(5)
    assert [charge.what for charge in house.api.charges] == ["describe"]
    assert house.api.handed_in[job_id] == (name,)


async def test_a_prompt_to_shorten_goes_out(house: House) -> None:
    await house.begin(wish(Kind.SHORTEN, Order(route=Route.SHORTEN), "a very long fox"))
    await house.pass_time(5)
    assert [charge.what for charge in house.api.charges] == ["shorten a very long fox"]


async def test_an_edit_goes_out_with_its_picture_and_its_mask(house: House) -> None:
    picture, mask = await house.picture("red"), await house.picture("white")
    job_id = await house.begin(wish(Kind.EDIT, Order(route=Route.EDIT, images=(picture,), mask=mask), "a hat"))
    await house.pass_time(5)
    assert [charge.what for charge in house.api.charges] == ["edit a hat"]
    assert house.api.handed_in[job_id] == (picture, mask)


async def test_a_video_goes_out_with_its_first_and_last_frame(house: House) -> None:
    first, last = await house.picture("red"), await house.picture("blue")
    order = Order(route=Route.VIDEO, images=(first,), end=last, motion=Motion.HIGH)
    job_id = await house.begin(wish(Kind.ANIMATE, order, "it runs"))
    await house.pass_time(5)
    assert [charge.what for charge in house.api.charges] == ["video"]
    film = house.api.films[job_id]
    assert (film.image, film.end) == (house.engine.inputs.path(first), house.engine.inputs.path(last))
    assert (film.motion, film.prompt, film.loop, film.extend) == (Motion.HIGH, "it runs", False, None)


async def test_a_video_is_never_asked_for_in_turbo(house: House) -> None:
    order = Order(route=Route.VIDEO, images=(await house.picture(),), loop=True)
    job_id = await house.begin(Wish(kind=Kind.ANIMATE, prompt="", speed=Speed.TURBO, order=order))
    await house.settle()
    assert [charge.speed for charge in house.api.charges] == [Speed.FAST]
    assert (house.api.films[job_id].loop, house.api.films[job_id].motion) == (True, Motion.LOW)


async def test_a_video_is_extended_by_its_task_and_where_it_can_be_had(house: House) -> None:
    video = await house.finished()
    parent = await house.job(video)
    order = Order(route=Route.VIDEO, index=2, motion=Motion.LOW)
    job_id = await house.begin(wish(Kind.ANIMATE, order, parent_id=video))
    await house.settle()
    film = house.api.films[job_id]
    assert (film.extend, film.index, film.image) == (parent.task_id, 2, parent.media_url)


async def test_a_video_without_a_link_is_extended_with_the_picture_that_was_handed_in(house: House) -> None:
    video, _ = await house.running()
    name = await house.picture()
    job_id = await house.begin(wish(Kind.ANIMATE, Order(route=Route.VIDEO, images=(name,), index=0), parent_id=video))
    await house.settle()
    assert house.api.films[job_id].image == house.engine.inputs.path(name)


async def test_an_extension_that_lost_its_video_is_never_sent_as_a_video_of_its_own(house: House) -> None:
    video = await house.finished()
    paid = len(house.api.charges)
    order = Order(route=Route.VIDEO, images=(await house.picture(),), index=0)
    job_id = await house.begin(wish(Kind.ANIMATE, order, parent_id=video))
    await house.database.write(lambda db: db.execute("DELETE FROM jobs WHERE id = ?", (video,)).rowcount)
    await house.pass_time(3)
    assert (await house.job(job_id)).failure is Failure.PARENT_GONE
    assert len(house.api.charges) == paid


@pytest.mark.parametrize(
    "order",
    [
        Order(images=("kept", "lost")),
        Order(route=Route.BLEND, images=("kept", "lost")),
        Order(route=Route.DESCRIBE, images=("lost",)),
        Order(route=Route.EDIT, images=("lost",)),
        Order(route=Route.EDIT, images=("kept",), mask="lost"),
        Order(route=Route.VIDEO, images=("lost",)),
        Order(route=Route.VIDEO, images=("kept",), end="lost"),
        Order(route=Route.VIDEO),
        Order(route=Route.DESCRIBE),
    ],
    ids=str,
)
async def test_a_job_whose_picture_is_gone_fails_free_of_charge(house: House, order: Order) -> None:
    names = {"kept": await house.picture("red"), "lost": await house.picture("blue")}
    order = replace(
        order,
        images=tuple(names[name] for name in order.images),
        mask=names.get(order.mask or ""),
        end=names.get(order.end or ""),
    )
    job_id = await house.begin(wish(Kind.OTHER, order, "a fox"))
    house.lose(names["lost"])
    await house.pass_time(3)
    job = await house.job(job_id)
    assert (job.status, job.failure) == (Status.FAILED, Failure.INPUT_GONE)
    assert house.api.charges == []
    assert job.submitted_at is None
    assert [parcel.job.failure for parcel in house.discord.words[job_id]] == [Failure.INPUT_GONE]


async def test_a_region_whose_mask_is_gone_is_not_sent_at_all(house: House) -> None:
    region = Action(index=0, action_id="MJ::Inpaint::1::u", kind=Kind.REGION, label="Region", needs_input=True)
    picture = await house.finished(actions=(region,))
    paid = len(house.api.charges)
    mask = await house.picture("white")
    job_id = (await house.press(picture, 0, Filled(prompt="a hat", mask=mask))).job.id
    house.lose(mask)
    await house.pass_time(5)
    assert (await house.job(job_id)).failure is Failure.INPUT_GONE
    assert len(house.api.charges) == paid


async def test_what_the_api_does_not_offer_is_found_out_once_and_then_refused_without_asking_it(house: House) -> None:
    house.api.not_offered.add(Route.SHORTEN)
    job_id = await house.begin(wish(Kind.SHORTEN, Order(route=Route.SHORTEN), "a fox"))
    await house.pass_time(3)
    assert (await house.job(job_id)).failure is Failure.NOT_OFFERED
    assert [parcel.job.failure for parcel in house.discord.words[job_id]] == [Failure.NOT_OFFERED]
    with pytest.raises(ActionUnavailable, match="does not offer that"):
        await house.begin(wish(Kind.SHORTEN, Order(route=Route.SHORTEN), "a fox"))
    assert await house.imagine()
    await house.settle()
    assert [charge.what for charge in house.api.charges] == ["a fox"]


async def test_a_picture_run_again_after_the_account_is_gone_does_not_blame_its_parent(house: House) -> None:
    old = await house.finished()
    receipt = await house.engine.services.again.run(house.origin(), old)
    await house.engine.services.jobs.answered(receipt.job.id, 8001)
    house.api.refusals.append(CometTaskMissing("the account is disabled"))
    await house.pass_time(3)
    assert (await house.job(receipt.job.id)).failure is Failure.NO_ACCOUNT
    assert not any(action.is_dead for action in await house.store.actions(old))


async def test_a_job_of_pictures_is_delivered_like_any_other(house: House) -> None:
    names = tuple([await house.picture(color) for color in ("red", "blue")])
    job_id = await house.begin(wish(Kind.BLEND, Order(route=Route.BLEND, images=names)))
    await house.settle()
    house.api.finish(house.api.charges[0].task_id)
    await house.pass_time(12)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
