"""What a finished task leaves with its job: words, a seed, several videos; and what of it is delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import ChannelGone, NotAllowed, TooLarge
from bot.jobs.requests import Wish
from bot.model import Action, DeliveryStatus, Kind, Motion, Order, Phase, Route, Speed, Status

if TYPE_CHECKING:
    from bot.model import Task
    from tests.jobs.conftest import House

RETRY = Action(index=0, action_id="MJ::Picread::Retry", kind=Kind.DESCRIBE, label="Retry")
DETAILS = Action(index=1, action_id="MJ::Job::PromptAnalyzerExtended::u", kind=Kind.OTHER, label="Show details")
VIDEOS = tuple(f"https://cdn.example/{n}.mp4" for n in range(4))


async def described(house: House) -> tuple[str, str]:
    """Return a running describe and its task."""
    order = Order(route=Route.DESCRIBE, images=(await house.picture(),))
    job_id = await house.begin(Wish(kind=Kind.DESCRIBE, prompt="", speed=Speed.FAST, order=order))
    await house.settle()
    return job_id, house.api.charges[-1].task_id


def end(house: House, task_id: str, **fields: object) -> None:
    """End a task well, with these fields."""
    ended: Task = replace(house.api.tasks[task_id], phase=Phase.SUCCEEDED, progress=100)
    house.api.tasks[task_id] = replace(ended, **fields)


async def test_a_describe_keeps_its_suggestions_and_its_picture(house: House) -> None:
    job_id, task_id = await described(house)
    end(house, task_id, text="a fox\na wolf", picture_url="https://cdn.example/given.png", actions=(RETRY,))
    await house.pass_time(12)
    job = await house.job(job_id)
    assert (job.status, job.result_text) == (Status.SUCCEEDED, "a fox\na wolf")
    assert house.discord.messages[-1].parcel.media is not None


async def test_a_describe_without_its_words_is_waited_for_although_the_picture_is_there(house: House) -> None:
    job_id, task_id = await described(house)
    end(house, task_id, picture_url="https://cdn.example/given.png")
    await house.pass_time(15)
    assert (await house.job(job_id)).status is Status.RUNNING
    end(house, task_id, text="a fox", picture_url="https://cdn.example/given.png")
    await house.pass_time(15)
    assert (await house.job(job_id)).result_text == "a fox"


async def test_a_describe_that_never_gets_words_ends_all_the_same(house: House) -> None:
    job_id, task_id = await described(house)
    end(house, task_id, picture_url="https://cdn.example/given.png")
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


@pytest.mark.parametrize("index", [0, 1], ids=["retry", "show details"])
async def test_a_button_whose_result_is_words_keeps_them_without_waiting_for_a_picture(
    house: House, index: int
) -> None:
    parent, task_id = await described(house)
    end(house, task_id, text="a fox", actions=(RETRY, DETAILS))
    await house.pass_time(12)
    job_id = (await house.press(parent, index)).job.id
    await house.settle()
    end(house, house.api.charges[-1].task_id, text="a wolf", actions=(RETRY,))
    await house.pass_time(12)
    job = await house.job(job_id)
    assert (job.delivery.status, job.result_text) == (DeliveryStatus.DELIVERED, "a wolf")


async def test_the_seed_is_kept_where_the_api_tells_it(house: House) -> None:
    seeds: list[str | None] = []
    for seed in ("3161", ""):
        job_id, task_id = await house.running()
        end(house, task_id, picture_url="https://cdn.example/grid.png", seed=seed)
        await house.pass_time(12)
        seeds.append((await house.job(job_id)).seed)
    assert seeds == ["3161", None]


# Videos -------------------------------------------------------------------------------------------------------------


async def filmed(house: House, urls: tuple[str, ...] = VIDEOS) -> str:
    """Return a video job whose task has ended with these videos."""
    order = Order(route=Route.VIDEO, images=(await house.picture(),), motion=Motion.LOW)
    job_id = await house.begin(Wish(kind=Kind.ANIMATE, prompt="", speed=Speed.FAST, order=order))
    await house.settle()
    end(house, house.api.charges[-1].task_id, video_urls=urls)
    return job_id


async def test_a_batch_of_videos_is_one_job_with_all_its_files(house: House) -> None:
    house.api.files |= {url: b"\0\0\0\x18ftyp" + url.encode() for url in VIDEOS}  # what is alike is kept once
    job_id = await filmed(house)
    await house.pass_time(12)
    job = await house.job(job_id)
    assert (job.media_url, job.more_urls) == (VIDEOS[0], VIDEOS[1:])
    (message,) = house.discord.messages
    files = [message.parcel.media, *message.parcel.more]
    assert len({media.path for media in files if media is not None}) == 4


async def test_the_same_video_under_another_query_counts_once_and_never_more_than_four(house: House) -> None:
    again = f"{VIDEOS[0]}?sig=2"
    job_id = await filmed(house, (VIDEOS[0], again, *VIDEOS[1:], "https://cdn.example/9.mp4"))
    await house.pass_time(12)
    assert (await house.job(job_id)).more_urls == VIDEOS[1:]


async def test_a_place_that_takes_less_than_it_said_gets_the_first_video_alone(house: House) -> None:
    house.discord.before["post"].append(TooLarge("40005"))
    await filmed(house)
    await house.pass_time(12)
    (message,) = house.discord.messages
    assert message.parcel.media is not None
    assert message.parcel.more == ()


@pytest.mark.parametrize("error", [NotAllowed("50013"), ChannelGone("10003")])
async def test_videos_take_the_other_ways_together(house: House, error: NotAllowed | ChannelGone) -> None:
    house.discord.closed["post"] = error
    job_id = await filmed(house)
    await house.pass_time(12)
    assert len(house.discord.words[job_id][-1].more) == 3


async def test_videos_that_come_after_their_job_expired_are_delivered_with_all_files(house: House) -> None:
    job_id = await filmed(house)
    task_id = house.api.charges[-1].task_id
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], phase=Phase.RUNNING, progress=80)
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    end(house, task_id, video_urls=VIDEOS)
    await house.pass_time(7 * 60, every=20)
    job = await house.job(job_id)
    assert (job.status, job.more_urls) == (Status.SUCCEEDED, VIDEOS[1:])
    assert len(house.discord.messages[-1].parcel.more) == 3
    assert job.finished_at is not None
    assert job.give_up_at is not None
    assert job.finished_at > job.give_up_at  # by which its message says sorry
