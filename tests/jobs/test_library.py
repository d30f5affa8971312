from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import ActionUnavailable, CannotCancel, JobUnknown, NotAllowed, NotPermitted
from bot.jobs.requests import Filled, Wish
from bot.model import Action, Entry, HistoryFilter, Kind, Order, Route, Speed, Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House


async def test_a_deleted_job_is_gone_for_everybody_with_its_message_and_its_file(house: House) -> None:
    grid = await house.finished()
    library, kept = house.engine.services.library, house.folder / "pictures"
    assert list(kept.iterdir())
    await house.engine.services.deletions.delete(house.origin(), grid)
    assert house.discord.messages == []
    assert list(kept.iterdir()) == []
    assert (await library.history(1)).jobs == ()
    assert await library.newest(1, "fox") == []
    with pytest.raises(JobUnknown, match="deleted"):
        await library.show(house.origin(), grid)
    with pytest.raises(JobUnknown, match="deleted"):
        await house.engine.services.jobs.act(house.origin(), grid, 0)
    with pytest.raises(JobUnknown):
        await house.engine.services.deletions.delete(house.origin(), grid)


async def test_only_author_and_moderators_delete(house: House) -> None:
    grid = await house.finished()
    with pytest.raises(NotPermitted):
        await house.engine.services.deletions.delete(house.origin(user_id=2), grid)
    await house.engine.services.deletions.delete(replace(house.origin(user_id=2), may_moderate=True), grid)
    assert (await house.job(grid)).deleted_at is not None


async def test_moderators_delete_nothing_that_was_made_in_another_server(house: House) -> None:
    grid = await house.finished()
    jobs = house.engine.services.jobs
    elsewhere = replace(house.origin(), guild_id=401, channel_id=600)
    upscale = (await jobs.act(elsewhere, grid, 0)).job
    moderator = replace(house.origin(user_id=2), may_moderate=True)
    assert (await house.engine.services.library.show(moderator, upscale.id)).job.id == upscale.id
    with pytest.raises(NotPermitted):
        await jobs.cancel(moderator, upscale.id)
    await jobs.cancel(replace(moderator, guild_id=401, channel_id=600), upscale.id)


async def test_a_job_under_way_is_not_deleted_and_says_when_it_can_be(house: House) -> None:
    job_id, task_id = await house.running()
    with pytest.raises(CannotCancel, match="once it is done"):
        await house.engine.services.deletions.delete(house.origin(), job_id)
    house.api.finish(task_id)
    await house.pass_time(12)
    assert len(house.discord.messages) == 1


async def test_a_deleted_upscale_may_be_made_again(house: House) -> None:
    grid = await house.finished()
    first = (await house.press(grid, 1)).job.id
    await house.settle()
    house.api.finish(house.api.charges[-1].task_id)
    await house.pass_time(12)
    await house.engine.services.deletions.delete(house.origin(), first)
    again = await house.press(grid, 1, user_id=2)
    assert again.entry is Entry.NEW
    await house.settle()
    assert len(house.api.charges) == 3


async def test_an_expired_job_that_was_deleted_is_not_posted_when_it_succeeds_late(house: House) -> None:
    job_id, task_id = await house.running()
    await house.pass_time(76 * 60, every=60)
    assert (await house.job(job_id)).status is Status.EXPIRED
    await house.engine.services.deletions.delete(house.origin(), job_id)
    house.api.finish(task_id)
    await house.pass_time(20 * 60, every=30)
    assert house.discord.messages == []


async def test_a_message_that_may_not_be_removed_does_not_keep_the_job(house: House) -> None:
    grid = await house.finished()
    house.discord.closed["remove_post"] = NotAllowed("no")
    await house.engine.services.deletions.delete(house.origin(), grid)
    assert (await house.job(grid)).deleted_at is not None


async def test_favorites_are_each_persons_own_and_turn_round(house: House) -> None:
    grid = await house.finished()
    library = house.engine.services.library
    assert await library.like(house.origin(), grid)
    assert await favorites(house, 1) == [grid]
    assert await favorites(house, 2) == []
    assert (await library.details(house.origin(), grid)).is_favorite
    assert not await library.like(house.origin(), grid)
    assert await library.like(house.origin(), grid, on=True)
    assert await library.like(house.origin(), grid, on=True)
    await house.engine.services.deletions.delete(house.origin(), grid)
    assert await favorites(house, 1) == []


async def test_details_tell_what_was_made_from_it(house: House) -> None:
    grid = await house.finished()
    upscale, again = (await house.press(grid, 1)).job.id, await run_again(house, grid)
    details = await house.engine.services.library.details(house.origin(), grid)
    assert [child.id for child in details.children] == sorted([upscale, again])


async def test_a_job_is_found_by_id_and_by_either_of_its_messages(house: House) -> None:
    grid = await house.finished()
    job = await house.job(grid)
    find = house.engine.services.library.find
    assert (await find(house.origin(), grid, None)).id == grid
    assert (await find(house.origin(), None, job.delivery.message_id)).id == grid
    assert (await find(house.origin(), None, job.delivery.answer_message_id)).id == grid
    for nothing in (None, 1):
        with pytest.raises(JobUnknown):
            await find(house.origin(), None, nothing)
    with pytest.raises(JobUnknown):
        await find(house.origin(user_id=2, channel_id=999), None, job.delivery.message_id)


async def test_running_again_makes_an_imagine_of_a_buttons_prompt_and_the_same_of_anything_else(house: House) -> None:
    grid = await house.finished("a fox --ar 3:2")
    upscale = (await house.press(grid, 1)).job.id
    for source in (grid, upscale):
        again = await house.job(await run_again(house, source))
        assert (again.kind, again.prompt, again.order.route) == (Kind.IMAGINE, "a fox --ar 3:2", Route.IMAGINE)
        assert (again.parent_id, again.action_index, again.action_label) == (source, None, "Run again")
    await house.settle()
    assert [charge.what for charge in house.api.charges].count("a fox --ar 3:2") == 3


async def test_running_an_extended_video_again_extends_the_same_video_and_not_its_own_result(house: House) -> None:
    video = await house.finished()
    order = Order(route=Route.VIDEO, index=2)
    extended = await house.begin(Wish(kind=Kind.ANIMATE, prompt="on", speed=Speed.FAST, order=order, parent_id=video))
    await house.settle()
    house.api.finish(house.api.charges[-1].task_id)
    await house.pass_time(12)
    again = await run_again(house, extended)
    await house.settle()
    assert house.api.films[again] == house.api.films[extended]
    assert house.api.films[again].extend == (await house.job(video)).task_id


async def test_running_the_prompt_of_a_zoom_again_sends_nothing_that_only_a_zoom_takes(house: House) -> None:
    zoom = Action(index=0, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True)
    picture = await house.finished(actions=(zoom,))
    zoomed = (await house.press(picture, 0, Filled(prompt="a fox --ar 3:2 --zoom 2"))).job.id
    again = await run_again(house, zoomed)
    assert (await house.job(again)).prompt == "a fox --ar 3:2"
    await house.settle()
    assert [charge.what for charge in house.api.charges].count("a fox --ar 3:2") == 1


async def test_running_again_twice_in_a_moment_is_one_job_and_another_prompt_is_another(house: House) -> None:
    grid = await house.finished()
    again = house.engine.services.again
    first = await again.run(house.origin(), grid)
    second = await again.run(house.origin(), grid)
    other = await again.run(house.origin(), grid, "a fox at night")
    assert (first.entry, second.entry, other.entry) == (Entry.NEW, Entry.REPEATED, Entry.NEW)
    assert other.job.action_label == "Edited"


async def test_a_button_that_needs_input_is_not_pressed_without_it(house: House) -> None:
    grid = await house.finished()
    actions = await house.store.actions(grid)
    asking = replace(actions[4], needs_input=True)
    await house.database.write(
        lambda connection: connection.execute(
            "UPDATE actions SET needs_input = 1 WHERE job_id = ? AND idx = ?", (grid, asking.index)
        )
    )
    with pytest.raises(ActionUnavailable):
        await house.engine.services.jobs.act(house.origin(), grid, 4)
    receipt = await house.engine.services.jobs.act(house.origin(), grid, 4, Filled(prompt="a fox at night"))
    assert receipt.job.prompt == "a fox at night"


async def test_remix_is_only_asked_for_where_the_prompt_was_changed(house: House) -> None:
    grid = await house.finished()
    await house.database.write(
        lambda connection: connection.execute("UPDATE actions SET remixable = 1 WHERE job_id = ?", (grid,))
    )
    jobs = house.engine.services.jobs
    same = await jobs.act(house.origin(), grid, 4, Filled(prompt="a fox"))
    changed = await jobs.act(house.origin(), grid, 4, Filled(prompt="a wolf"))
    assert (same.job.order.remix, changed.job.order.remix) == (False, True)
    assert (same.entry, changed.entry) == (Entry.NEW, Entry.NEW)


async def favorites(house: House, user_id: int) -> list[str]:
    """Return the ids of what somebody made a favorite."""
    page = await house.engine.services.library.history(user_id, HistoryFilter(favorites=True))
    return [job.id for job in page.jobs]


async def run_again(house: House, job_id: str) -> str:
    """Have the author run a job again and see the answer."""
    receipt = await house.engine.services.again.run(house.origin(), job_id)
    await house.engine.services.jobs.answered(receipt.job.id, 7000)
    assert receipt.job.speed is Speed.FAST
    house.clock.advance(4)  # not a double click
    return receipt.job.id
