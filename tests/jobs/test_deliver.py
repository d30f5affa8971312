# pyright: reportPrivateUsage=false
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import (
    AnswerGone,
    ChannelGone,
    DiscordUnavailable,
    MediaRefused,
    MediaUnavailable,
    NotAllowed,
    TooLarge,
)
from bot.model import DeliveryStatus, Status

if TYPE_CHECKING:
    from bot.errors import (
        DeliveryError,
    )
    from tests.jobs.conftest import House


async def finish_one(house: House) -> str:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    await house.pass_time(8)
    return job_id


async def test_a_result_is_posted_once_with_its_picture_and_buttons_and_the_progress_message_goes(house: House) -> None:
    job_id = await finish_one(house)
    await house.pass_time(20)
    (message,) = house.discord.messages
    assert message.parcel.job.id == job_id
    assert message.parcel.media is not None
    assert message.parcel.media.path.read_bytes().startswith(b"\x89PNG")
    assert [action.label for action in message.parcel.actions] == ["U1", "U2", "U3", "U4", "V1", "V2", "V3", "V4"]
    assert house.discord.removed == [job_id]
    job = await house.job(job_id)
    assert job.delivery.status is DeliveryStatus.DELIVERED
    assert (job.delivery.channel_id, job.delivery.message_id) == (500, 9000)


async def test_no_progress_edit_comes_after_the_last_word(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    await house.pass_time(8)
    edits = len(house.discord.progress[job_id])
    await house.pass_time(30)
    assert len(house.discord.progress[job_id]) == edits


async def test_a_send_whose_end_was_not_seen_is_looked_for_before_it_is_sent_again(house: House) -> None:
    house.discord.nonces_remembered = False
    house.discord.after["post"].append(DiscordUnavailable("reset"))
    await finish_one(house)
    await house.pass_time(30)
    assert len(house.discord.messages) == 1
    assert house.discord.searches == 1


async def test_where_the_history_may_not_be_read_the_nonce_prevents_a_second_post(house: House) -> None:
    house.discord.closed["find_post"] = NotAllowed("50001")
    house.discord.after["post"].append(DiscordUnavailable("reset"))
    job_id = await finish_one(house)
    await house.pass_time(30)
    assert len(house.discord.messages) == 1
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


async def test_a_passing_fault_of_discord_is_outlasted(house: House) -> None:
    house.discord.before["post"].extend(DiscordUnavailable("503") for _ in range(8))
    await finish_one(house)
    await house.pass_time(240)
    assert len(house.discord.messages) == 1


@pytest.mark.parametrize("error", [NotAllowed("50013"), ChannelGone("10003")])
async def test_where_the_bot_may_not_post_the_answer_shows_the_result(house: House, error: DeliveryError) -> None:
    house.discord.closed["post"] = error
    job_id = await finish_one(house)
    assert house.discord.words[job_id][-1].media is not None
    assert house.discord.removed == []
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


async def test_where_the_answer_is_gone_too_a_dm_brings_it(house: House) -> None:
    house.discord.closed.update(post=NotAllowed("50013"), edit_answer=AnswerGone("50027"))
    job_id = await finish_one(house)
    assert [parcel.job.id for parcel in house.discord.dms] == [job_id]
    assert (await house.job(job_id)).delivery.channel_id == 77


async def test_where_every_way_is_closed_the_result_is_kept_and_nothing_hammers(house: House) -> None:
    house.discord.closed.update(post=NotAllowed("x"), edit_answer=AnswerGone("x"), send_dm=NotAllowed("50007"))
    job_id = await finish_one(house)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.KEPT
    house.discord.closed.clear()
    await house.pass_time(60)
    assert house.discord.messages == []


async def test_a_picture_that_cannot_be_fetched_is_linked_at_once_and_put_in_later(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.media_errors.extend([MediaUnavailable("404"), MediaUnavailable("404"), MediaUnavailable("404")])
    house.api.finish(task_id)
    await house.pass_time(8)
    (message,) = house.discord.messages
    assert message.parcel.media is None
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.LINKED
    await house.pass_time(90)
    assert len(house.discord.messages) == 1
    assert message.edits[-1].media is not None
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


async def test_a_dead_link_is_replaced_by_a_fresh_one_from_the_api(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.media_errors.append(MediaUnavailable("404"))
    house.api.finish(task_id)
    await house.pass_time(8)
    assert house.discord.messages[0].parcel.media is not None
    assert len(house.api.downloads) == 2
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


async def test_after_ten_minutes_without_the_picture_its_link_stays(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.media_errors.extend(MediaUnavailable("a web page") for _ in range(1000))
    house.api.finish(task_id)
    await house.pass_time(12 * 60, every=5)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.discord.messages) == 1


async def test_a_picture_that_breaks_our_own_rules_is_linked_and_not_fetched_again(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.media_errors.extend(MediaRefused("over 64 MiB") for _ in range(1000))
    house.api.finish(task_id)
    await house.pass_time(120, every=5)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.api.downloads) == 1
    assert house.discord.messages[0].parcel.media is None


async def test_a_file_that_the_place_does_not_take_after_all_is_linked(house: House) -> None:
    house.discord.before["post"].extend([TooLarge("40005"), TooLarge("40005")])
    await finish_one(house)
    (message,) = house.discord.messages
    assert message.parcel.media is None


async def test_a_failure_is_told_in_the_progress_message(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.fail(task_id, "Banned prompt detected")
    await house.pass_time(8)
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.FAILED]
    assert house.discord.messages == []
    assert house.discord.removed == []


async def test_a_failure_gets_a_message_of_its_own_only_where_the_progress_message_is_out_of_reach(
    house: House,
) -> None:
    house.discord.closed["edit_answer"] = AnswerGone("10008")
    job_id, task_id = await house.running()
    house.api.fail(task_id, "Internal Server Error")
    await house.pass_time(8)
    assert [message.parcel.job.id for message in house.discord.messages] == [job_id]


async def test_a_late_success_after_a_posted_expiry_is_posted_too(house: House) -> None:
    house.discord.closed["edit_answer"] = AnswerGone("50027")
    job_id, task_id = await house.running()
    await house.pass_time(76 * 60, every=20)
    house.api.finish(task_id)
    await house.pass_time(10 * 60, every=20)
    assert [message.parcel.job.status for message in house.discord.messages] == [Status.EXPIRED, Status.SUCCEEDED]
    assert (await house.job(job_id)).delivery.message_id == 9001


async def test_a_delivery_that_fails_in_an_unforeseen_way_is_parked_in_the_end(
    house: House,
) -> None:
    house.discord.closed["post"] = RuntimeError("bug")  # pyright: ignore[reportArgumentType] - the point of the test
    job_id = await finish_one(house)
    await house.pass_time(15 * 60, every=10)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.KEPT


async def test_at_most_four_deliveries_are_under_way_at_once(house: House) -> None:
    jobs = [await house.running(f"{number}") for number in range(9)]
    for _, task_id in jobs:
        house.api.finish(task_id)
    house.clock.advance(8)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    await house.engine.courier.step()
    assert house.engine.courier.crew.free == 0
    await house.pass_time(5)
    assert len(house.discord.messages) == 9


async def test_the_courier_is_woken_as_soon_as_a_place_gets_free(house: House) -> None:
    jobs = [await house.running(f"{number}") for number in range(5)]
    for _, task_id in jobs:
        house.api.finish(task_id)
    house.clock.advance(8)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    await house.engine.courier.step()
    house.engine._delivery_due.clear()
    await house.engine._delivery_due.wait()
    assert house.engine.courier.crew.free > 0
    await house.engine.courier.drain()
