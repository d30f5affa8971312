from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import DeliveryStatus, Status
from storage.stores.jobs import SqliteJobStore
from tests.builders import START, created_at, job_id, new_job
from tests.storage.steps import settled

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.ports import JobStore
    from storage.database import Database

DUE = {DeliveryStatus.DUE}
LATER = START + timedelta(hours=1)
TOKEN = "canary-token-7c1f"  # noqa: S105 - made up, to look for it in the file


async def test_an_answer_is_recorded_once(store: JobStore) -> None:
    await store.add(new_job(1))

    first = await store.answered(job_id(1), 111, START)
    second = await store.answered(job_id(1), 222, LATER)

    assert first is not None
    assert (first.answered_at, first.delivery.answer_message_id) == (START, 111)
    assert second == first
    assert await store.answered(job_id(2), 111, START) is None


async def test_an_answer_whose_message_becomes_known_later_keeps_its_time(store: JobStore) -> None:
    await store.add(new_job(1))

    await store.answered(job_id(1), None, START)
    job = await store.answered(job_id(1), 222, LATER)

    assert job is not None
    assert (job.answered_at, job.delivery.answer_message_id) == (START, 222)


async def test_whose_language_it_is_and_where_the_bot_is_not_are_kept(store: JobStore) -> None:
    await store.add(new_job(1, own_locale="ja", may_post=False))
    await store.add(new_job(2))

    one, two = await store.get(job_id(1)), await store.get(job_id(2))

    assert one is not None
    assert two is not None
    assert (one.delivery.locale, one.delivery.own_locale, one.delivery.may_post) == ("en-US", "ja", False)
    assert (two.delivery.own_locale, two.delivery.may_post) == ("", True)


async def test_one_of_twenty_couriers_takes_a_delivery(store: JobStore) -> None:
    await settled(store, 1)

    took = await asyncio.gather(
        *(store.move_delivery(job_id(1), DUE, DeliveryStatus.POSTING, {"attempts": n}) for n in range(20)),
    )

    assert sorted(took) == [False] * 19 + [True]


@pytest.mark.parametrize("source", DeliveryStatus)
@pytest.mark.parametrize("target", DeliveryStatus)
async def test_a_delivery_moves_only_from_where_it_is_said_to_be(
    store: JobStore,
    source: DeliveryStatus,
    target: DeliveryStatus,
) -> None:
    await store.add(new_job(1))
    await store.move_delivery(job_id(1), {DeliveryStatus.WAITING}, source)
    elsewhere = set(DeliveryStatus) - {source}

    assert not await store.move_delivery(job_id(1), elsewhere, target, {"attempts": 9})
    assert not await store.move_delivery(job_id(1), (), target)
    assert await store.move_delivery(job_id(1), {source, *list(elsewhere)[:2]}, target, {"attempts": 1})

    job = await store.get(job_id(1))
    assert job is not None
    assert (job.delivery.status, job.delivery.attempts) == (target, 1)


async def test_where_the_result_stands_is_kept(store: JobStore) -> None:
    await settled(store, 1)
    await store.move_delivery(
        job_id(1), DUE, DeliveryStatus.DELIVERED, {"channel_id": 5, "message_id": 6, "due_at": None}
    )

    await store.note_delivery(job_id(1), {"answer_message_id": None, "attempts": 4})
    await store.note_delivery(job_id(1), {})
    await store.note_delivery(job_id(2), {"attempts": 4})

    job = await store.get(job_id(1))
    assert job is not None
    assert (job.delivery.channel_id, job.delivery.message_id) == (5, 6)
    assert (job.delivery.answer_message_id, job.delivery.attempts) == (None, 4)
    assert not await store.move_delivery(job_id(2), DUE, DeliveryStatus.POSTING)


async def test_tokens_of_old_jobs_are_forgotten_and_young_ones_kept(store: JobStore) -> None:
    for number in (1, 2, 3):
        await store.add(new_job(number))

    assert await store.erase_tokens(created_at(3)) == 2
    assert await store.erase_tokens(created_at(3)) == 0

    tokens = [job.delivery.interaction_token for job in [await store.get(job_id(n)) for n in (1, 2, 3)] if job]
    assert tokens == [None, None, "interaction-token-3"]


async def test_an_erased_token_is_in_no_file_any_more(database: Database, path: Path) -> None:
    store = SqliteJobStore(database)
    for number in range(1, 60):
        await store.add(new_job(number, interaction_token=f"{TOKEN}-{number}-{'x' * 180}"))
        await store.answered(job_id(number), number, START)
    await database.checkpoint()
    await settled(store, 60, Status.FAILED)
    assert TOKEN.encode() in all_bytes(path)

    assert await store.erase_tokens(LATER) == 60

    assert TOKEN.encode() not in all_bytes(path)


def all_bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())
