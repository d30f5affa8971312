"""Families: what was made from what, however far away, nearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.queries import FAMILY
from tests.builders import START, job_id, new_job
from tests.storage.steps import settled

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore
    from storage.database import Database

#: Each child and its parent; 20 and 21 are another family.
TREE = {1: None, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 6, 20: None, 21: 20}


async def planted(store: JobStore) -> None:
    for number, parent in TREE.items():
        await store.add(new_job(number, parent_id=job_id(parent) if parent else None, action_index=number))


async def family(store: JobStore, number: int, limit: int = 99) -> list[int]:
    numbers = {job_id(number): number for number in TREE}
    return [numbers[job.id] for job in await store.family(job_id(number), limit)]


@pytest.mark.parametrize(
    ("of", "nearest_first"),
    [
        (1, [1, 2, 3, 4, 5, 6, 7]),
        (7, [7, 6, 4, 2, 1, 5, 3]),
        (2, [2, 1, 4, 5, 3, 6, 7]),
        (3, [3, 1, 2, 4, 5, 6, 7]),
        (21, [21, 20]),
    ],
)
async def test_a_family_is_everything_that_hangs_together_nearest_first_and_each_once(
    store: JobStore, of: int, nearest_first: list[int]
) -> None:
    await planted(store)
    assert await family(store, of) == nearest_first
    assert await family(store, of, 3) == nearest_first[:3]


async def test_a_job_that_never_was_has_no_family(store: JobStore) -> None:
    assert await store.family(job_id(1), 9) == []


async def test_a_deleted_one_still_holds_its_family_together(store: JobStore) -> None:
    await settled(store, 1)
    await store.add(new_job(2, parent_id=job_id(1), action_index=0))
    await store.delete(job_id(1), START)
    found = await store.family(job_id(2), 9)
    assert [(job.id, job.deleted_at is None) for job in found] == [(job_id(2), True), (job_id(1), False)]


async def test_no_step_of_it_goes_through_all_jobs(database: Database) -> None:
    plan = [row["detail"] for row in await database.read(f"EXPLAIN QUERY PLAN {FAMILY}", (job_id(1), 9))]
    assert not [step for step in plan if step.startswith("SCAN") and "family" not in step], plan
    assert any("jobs_children" in step for step in plan), plan
