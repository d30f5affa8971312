from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.jobs.ports import PeopleStore
from bot.model import Person, Status
from storage.stores.people import SqlitePeopleStore
from tests.builders import START, USER_ID, job_id, new_job
from tests.storage.steps import settled

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore
    from storage.database import Database

SOMEBODY_ELSE = USER_ID + 1


@pytest.fixture
def people(database: Database) -> PeopleStore:
    return SqlitePeopleStore(database)


def test_the_store_has_every_method_of_its_port() -> None:
    assert {name for name in vars(PeopleStore) if not name.startswith("_")} <= vars(SqlitePeopleStore).keys()


async def test_who_has_set_nothing_has_the_defaults(people: PeopleStore) -> None:
    assert await people.get(USER_ID) == Person(user_id=USER_ID)


async def test_what_somebody_sets_is_theirs_alone_and_can_be_taken_back(people: PeopleStore) -> None:
    await people.put(Person(user_id=USER_ID, remix=True))

    assert await people.get(USER_ID) == Person(user_id=USER_ID, remix=True)
    assert await people.get(SOMEBODY_ELSE) == Person(user_id=SOMEBODY_ELSE)

    await people.put(Person(user_id=USER_ID, remix=False))
    assert await people.get(USER_ID) == Person(user_id=USER_ID)


async def test_a_favorite_is_set_once_and_taken_back_once(store: JobStore, people: PeopleStore) -> None:
    await store.add(new_job(1))

    assert await people.set_favorite(USER_ID, job_id(1), START, on=True)
    assert not await people.set_favorite(USER_ID, job_id(1), START, on=True)
    assert await people.is_favorite(USER_ID, job_id(1))
    assert not await people.is_favorite(SOMEBODY_ELSE, job_id(1))

    assert await people.set_favorite(USER_ID, job_id(1), START, on=False)
    assert not await people.set_favorite(USER_ID, job_id(1), START, on=False)
    assert not await people.is_favorite(USER_ID, job_id(1))


async def test_favorites_are_known_among_several_jobs(store: JobStore, people: PeopleStore) -> None:
    ids = [(await store.add(new_job(number)))[1].id for number in range(1, 4)]
    for liked in ids[:2]:
        await people.set_favorite(USER_ID, liked, START, on=True)

    assert await people.favorites_among(USER_ID, ids[1:]) == {ids[1]}
    assert await people.favorites_among(SOMEBODY_ELSE, ids) == frozenset()
    assert await people.favorites_among(USER_ID, []) == frozenset()


async def test_what_is_not_there_cannot_be_a_favorite(store: JobStore, people: PeopleStore) -> None:
    await settled(store, 1)
    await store.delete(job_id(1), START)

    assert not await people.set_favorite(USER_ID, job_id(1), START, on=True)
    assert not await people.set_favorite(USER_ID, job_id(2), START, on=True)


async def test_a_deleted_job_is_nobodys_favorite(store: JobStore, people: PeopleStore) -> None:
    await settled(store, 1, Status.FAILED)
    for user_id in (USER_ID, SOMEBODY_ELSE):
        await people.set_favorite(user_id, job_id(1), START, on=True)

    await store.delete(job_id(1), START)

    for user_id in (USER_ID, SOMEBODY_ELSE):
        assert not await people.is_favorite(user_id, job_id(1))
