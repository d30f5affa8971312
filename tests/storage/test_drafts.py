from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.jobs.ports import DraftStore
from bot.model import Draft
from storage.stores.drafts import SqliteDraftStore
from tests.builders import START, USER_ID, created_at, job_id
from tests.storage.steps import count

if TYPE_CHECKING:
    from storage.database import Database


@pytest.fixture
def drafts(database: Database) -> DraftStore:
    return SqliteDraftStore(database)


def draft(number: int = 1, **fields: str) -> Draft:
    return Draft(id=job_id(number), user_id=USER_ID, form="imagine", created_at=created_at(number), fields=fields)


def test_the_store_has_every_method_of_its_port() -> None:
    assert {name for name in vars(DraftStore) if not name.startswith("_")} <= vars(SqliteDraftStore).keys()


@pytest.mark.parametrize("text", ["", "a fox\n\n--ar 16:9", "\x00", "half a \ud83e fox", '"\\', "🦊 ' OR 1=1 --"])
async def test_what_was_filled_in_is_read_back(drafts: DraftStore, text: str) -> None:
    kept = replace(draft(), fields={"prompt": text, text: "a name may be anything too"})

    await drafts.put(kept)

    assert await drafts.get(kept.id) == kept


async def test_a_draft_that_never_was_is_none(drafts: DraftStore) -> None:
    assert await drafts.get(job_id(1)) is None
    assert await drafts.change(job_id(1), {"prompt": "a fox"}) is None
    assert await drafts.take(job_id(1)) is None


async def test_putting_a_draft_again_replaces_what_is_filled_in(drafts: DraftStore) -> None:
    await drafts.put(draft(prompt="a fox", aspect="1:1"))

    await drafts.put(draft(prompt="a cat"))

    assert await drafts.get(job_id(1)) == draft(prompt="a cat")


async def test_fields_that_are_not_named_stay(drafts: DraftStore) -> None:
    await drafts.put(draft(prompt="a fox", cells="1 2"))

    changed = await drafts.change(job_id(1), {"cells": "3", "mask": "m.png"})

    assert changed == draft(prompt="a fox", cells="3", mask="m.png")
    assert await drafts.get(job_id(1)) == changed


async def test_twenty_changes_at_once_all_stay(drafts: DraftStore) -> None:
    await drafts.put(draft())

    await asyncio.gather(*(drafts.change(job_id(1), {f"field {n}": str(n)}) for n in range(20)))

    kept = await drafts.get(job_id(1))
    assert kept is not None
    assert kept.fields == {f"field {n}": str(n) for n in range(20)}


async def test_one_of_twenty_gets_a_draft(drafts: DraftStore) -> None:
    await drafts.put(draft(prompt="a fox"))

    taken = await asyncio.gather(*(drafts.take(job_id(1)) for _ in range(20)))

    assert [each for each in taken if each is not None] == [draft(prompt="a fox")]
    assert await drafts.get(job_id(1)) is None


async def test_old_drafts_are_forgotten_and_young_ones_kept(drafts: DraftStore, database: Database) -> None:
    for number in (1, 2, 3):
        await drafts.put(draft(number))
    await drafts.put(replace(draft(4), created_at=START - timedelta(days=1)))

    assert await drafts.forget(created_at(3)) == 3
    assert await drafts.forget(created_at(3)) == 0

    assert await drafts.get(job_id(3)) == draft(3)
    assert await count(database, "drafts") == 1


async def test_what_is_old_is_found_by_index(database: Database) -> None:
    plan = await database.read("EXPLAIN QUERY PLAN DELETE FROM drafts WHERE created_at < ?", (0,))

    assert "INDEX drafts_age" in plan[0]["detail"]
