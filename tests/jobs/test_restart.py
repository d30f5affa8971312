# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from bot.app import _serve
from bot.config import ExitCode
from bot.errors import AnswerGone, CometQueueFull, CometUncertain, DiscordUnavailable
from bot.jobs.ports import Step
from bot.model import Accepted, DeliveryStatus, Phase, Speed, Status

if TYPE_CHECKING:
    import pytest

    from bot.client import EaselClient
    from bot.model import Job
    from bot.watch.watch import Watch
    from tests.jobs.conftest import House


async def test_a_queued_job_whose_answer_is_known_is_sent_after_the_restart(house: House) -> None:
    job_id = await house.imagine()
    await house.restart()
    await house.settle()
    assert [charge.echo for charge in house.api.charges] == [job_id]


async def test_a_queued_job_whose_answer_is_there_goes_on(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    house.discord.answers[receipt.job.id] = 8123
    await house.restart()
    await house.settle()
    job = await house.job(receipt.job.id)
    assert job.status is Status.RUNNING
    assert job.delivery.answer_message_id == 8123


async def test_a_queued_job_whose_answer_is_not_there_is_cancelled_and_costs_nothing(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    await house.restart()
    await house.pass_time(5)
    assert (await house.job(receipt.job.id)).status is Status.CANCELLED
    assert house.api.charges == []


async def test_while_discord_cannot_say_whether_the_answer_is_there_nothing_is_sent(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    house.discord.before["find_answer"].append(DiscordUnavailable("503"))
    house.discord.answers[receipt.job.id] = 8123
    await house.restart()
    await house.settle()
    assert house.api.charges == []
    house.clock.advance(61)
    await house.engine.answers.step()
    await house.settle()
    assert len(house.api.charges) == 1


async def test_an_expired_token_leaves_the_answer_in_doubt_so_nothing_is_sent(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    house.discord.closed["find_answer"] = AnswerGone("50027")
    await house.restart()
    await house.settle()
    assert (await house.job(receipt.job.id)).status is Status.CANCELLED


async def test_a_job_that_was_being_submitted_becomes_unknown_and_is_never_sent_again(house: House) -> None:
    house.api.hold()
    job_id = await house.imagine()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    await house.restart()
    await house.pass_time(30)
    job = await house.job(job_id)
    assert job.status is Status.UNKNOWN
    assert len(house.api.charges) == 1
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.UNKNOWN]
    house.api.answering.set()
    await asyncio.sleep(0)


async def test_a_modal_under_way_is_looked_at_first_and_goes_on_running(house: House) -> None:
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    receipt = await house.engine.services.jobs.act(house.origin(), grid, 4)
    job_id = receipt.job.id
    await house.engine.services.jobs.answered(job_id, 8999)
    await house.engine.submitter.step()
    await house.engine.submitter.drain()
    await house.engine.modals.drain()
    job = await house.job(job_id)
    assert job.task_id is not None
    await house.store.transition(job_id, Status.RUNNING, Status.NEEDS_INPUT, at=house.clock.now())
    await house.store.begin_submit(job_id, Status.NEEDS_INPUT, Step.MODAL, house.clock.now())
    house.api.change(job.task_id, phase=Phase.RUNNING, progress=31)
    sent = list(house.api.modals)
    await house.restart()
    await house.settle()
    assert (await house.job(job_id)).status is Status.RUNNING
    assert house.api.modals == sent


async def test_a_running_job_is_looked_at_at_once_after_the_restart(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    await house.restart()
    await house.settle()
    await house.settle()
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


async def test_a_finished_job_that_was_not_posted_is_posted_after_the_restart(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    house.clock.advance(8)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    await house.restart()
    await house.settle()
    assert [message.parcel.job.id for message in house.discord.messages] == [job_id]


async def test_a_post_that_was_under_way_is_found_in_the_channel_and_not_repeated(house: House) -> None:
    house.discord.nonces_remembered = False
    house.discord.after["post"].append(DiscordUnavailable("killed"))
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    await house.pass_time(7)
    await house.restart()
    await house.pass_time(40)
    assert len(house.discord.messages) == 1
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert house.discord.removed == [job_id]


async def test_the_picture_is_posted_from_disk_when_its_link_died_in_between(house: House) -> None:
    house.discord.before["post"].extend(DiscordUnavailable("down") for _ in range(3))
    _, task_id = await house.running()
    house.api.finish(task_id, picture_url="https://cdn.example/grid.png")
    await house.pass_time(7)
    house.api.finish(task_id, picture_url="https://cdn.example/gone.png")
    downloads = len(house.api.downloads)
    await house.restart()
    await house.pass_time(60)
    assert len(house.api.downloads) == downloads
    assert house.discord.messages[0].parcel.media is not None


async def test_a_restart_sends_no_progress_for_what_people_see_already_but_goes_on_reporting(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.change(task_id, phase=Phase.RUNNING, progress=31)
    await house.pass_time(10)
    await house.restart()
    house.api.change(task_id, phase=Phase.RUNNING, progress=62)
    await house.pass_time(10)
    assert [job.progress for job in house.discord.progress[job_id]][-1] == 62


async def test_recovering_twice_changes_nothing_more(house: House) -> None:
    house.api.hold()
    await house.imagine()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    await house.restart()
    assert dict(await house.store.recover(house.clock.now())) == {}
    house.api.answering.set()
    await asyncio.sleep(0)


async def test_interaction_tokens_are_erased_after_fifteen_minutes(house: House) -> None:
    job_id, _ = await house.running()
    assert (await house.job(job_id)).delivery.interaction_token is not None
    house.clock.advance(15 * 60 + 1)
    await house.engine.answers.step()
    assert (await house.job(job_id)).delivery.interaction_token is None


async def test_a_job_that_became_unknown_after_its_modal_is_still_looked_for_after_a_restart(house: House) -> None:
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    house.api.modal_refusals.append(CometUncertain("reset"))
    job_id = (await house.press(grid, 4)).job.id
    await house.pass_time(11 * 60, every=5)
    job = await house.job(job_id)
    assert job.status is Status.UNKNOWN
    assert job.task_id is not None
    await house.restart()
    house.api.finish(job.task_id)
    await house.pass_time(5)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_an_answer_that_cannot_be_looked_at_keeps_no_other_waiting_and_no_token_alive(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = (await house.engine.services.jobs.imagine(house.origin(), "bad", Speed.FAST)).job.id
    good = (await house.engine.services.jobs.imagine(house.origin(), "good", Speed.FAST)).job.id
    old, _ = await house.running()
    house.discord.answers[good] = 8123
    find = house.discord.find_answer

    async def fails(job: Job) -> int | None:
        if job.id == bad:
            raise RuntimeError(job.id)
        return await find(job)

    monkeypatch.setattr(house.discord, "find_answer", fails)
    house.clock.advance(15 * 60 + 1)
    await house.engine.answers.step()
    await house.settle()
    assert (await house.job(good)).status is Status.RUNNING
    assert (await house.job(bad)).status is Status.QUEUED
    assert (await house.job(old)).delivery.interaction_token is None


async def test_a_stop_does_not_wait_for_an_api_that_does_not_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def hangs() -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(house.api, "check_key", hangs)
    await house.imagine()
    work = asyncio.create_task(house.engine.run())
    await asked.wait()
    await house.engine.stop()
    await work
    assert house.api.charges == []


async def test_a_stop_does_not_wait_for_a_discord_that_cannot_be_reached(house: House) -> None:
    class Asleep:
        """A client between two tries to connect."""

        async def connect(self) -> None:
            await asyncio.Event().wait()

        async def close(self) -> None:
            """Wake nobody, as discord.py does."""

    class Unheard:
        """A watch that nobody listens to."""

        def stopping(self) -> None:
            """Tell nobody."""

    stop = asyncio.Event()
    stop.set()
    async with asyncio.timeout(2):
        code = await _serve(cast("EaselClient", Asleep()), house.engine, None, cast("Watch", Unheard()), stop)
    assert code is ExitCode.OK


async def test_a_clock_that_was_set_back_holds_nothing_up_after_a_restart(house: House) -> None:
    house.api.refusals.append(CometQueueFull("full"))
    queued = await house.imagine("waits")
    await house.settle()
    house.discord.before["post"].append(DiscordUnavailable("503"))
    finished, task_id = await house.running("finished")
    house.api.finish(task_id)
    await house.pass_time(7)
    assert (await house.job(finished)).delivery.due_at is not None
    house.clock.advance(-86_400)
    await house.restart()
    await house.settle()
    assert (await house.job(queued)).status is Status.RUNNING
    assert (await house.job(finished)).delivery.status is DeliveryStatus.DELIVERED
