from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.jobs.ports import HistoryStore
from bot.model import HistoryFilter, Kind
from storage.memory import SqliteMemory
from storage.stores.history import SqliteHistoryStore
from tests.builders import START, USER_ID, created_at, job_id, new_job
from tests.storage.steps import count, settled

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore
    from bot.model import HistoryPage
    from storage.database import Database

SOMEBODY_ELSE = USER_ID + 1
ALL = HistoryFilter()


@pytest.fixture
def history(database: Database) -> HistoryStore:
    return SqliteHistoryStore(database)


def ids(page: HistoryPage) -> list[str]:
    return [job.id for job in page.jobs]


def numbered(*numbers: int) -> list[str]:
    return [job_id(number) for number in numbers]


async def fill(store: JobStore, *numbers: int) -> None:
    await asyncio.gather(*(store.add(new_job(number)) for number in numbers))


def test_the_store_has_every_method_of_its_port() -> None:
    assert {name for name in vars(HistoryStore) if not name.startswith("_")} <= vars(SqliteHistoryStore).keys()


async def test_pages_lead_to_the_end_and_back_while_new_jobs_arrive(store: JobStore, history: HistoryStore) -> None:
    await fill(store, *range(1, 26))
    await store.add(new_job(99, user_id=SOMEBODY_ELSE))

    pages = [await history.page(USER_ID, ALL, limit=10)]
    for arriving in (101, 102):
        await store.add(new_job(arriving))
        pages.append(await history.page(USER_ID, ALL, before=pages[-1].older, limit=10))
    assert [ids(page) for page in pages] == [
        numbered(*range(25, 15, -1)),
        numbered(*range(15, 5, -1)),
        numbered(*range(5, 0, -1)),
    ]
    assert [page.older for page in pages] == [job_id(16), job_id(6), None]
    assert [page.newer for page in pages] == [None, job_id(15), job_id(5)]

    back = await history.page(USER_ID, ALL, after=pages[2].newer, limit=10)
    assert (ids(back), back.newer, back.older) == (ids(pages[1]), job_id(15), job_id(6))
    back = await history.page(USER_ID, ALL, after=back.newer, limit=10)
    assert (ids(back), back.newer) == (ids(pages[0]), job_id(25))
    newest = await history.page(USER_ID, ALL, after=back.newer, limit=10)
    assert (ids(newest), newest.newer, newest.older) == (numbered(102, 101), None, job_id(101))
    assert ids(await history.page(SOMEBODY_ELSE, ALL, limit=10)) == [job_id(99)]


async def test_a_page_that_was_deleted_meanwhile_still_leads_back(store: JobStore, history: HistoryStore) -> None:
    await settled(store, 1)
    await settled(store, 2)
    await store.delete(job_id(1), START)
    empty = await history.page(USER_ID, ALL, before=job_id(2), limit=10)
    assert (ids(empty), empty.older) == ([], None)
    assert ids(await history.page(USER_ID, ALL, after=empty.newer, limit=10)) == [job_id(2)]

    empty = await history.page(USER_ID, ALL, after=job_id(2), limit=10)
    assert (ids(empty), empty.newer) == ([], None)
    assert ids(await history.page(USER_ID, ALL, before=empty.older, limit=10)) == [job_id(2)]


async def test_days_begin_and_end_to_the_millisecond(store: JobStore, history: HistoryStore) -> None:
    await fill(store, 1, 2, 3, 4)
    chosen = HistoryFilter(since=created_at(2), until=created_at(4))

    assert ids(await history.page(USER_ID, chosen, limit=10)) == numbered(3, 2)
    assert ids(await history.page(USER_ID, chosen, after=job_id(1), limit=10)) == numbered(3, 2)
    assert ids(await history.page(USER_ID, chosen, before=job_id(3), limit=10)) == numbered(2)
    assert ids(await history.page(USER_ID, chosen, after=job_id(2), limit=10)) == numbered(3)


async def test_a_deleted_job_is_found_by_nothing(store: JobStore, history: HistoryStore, database: Database) -> None:
    await settled(store, 1)
    await SqliteMemory(database).people.set_favorite(USER_ID, job_id(1), START, on=True)
    every = (ALL, HistoryFilter(text="fox"), HistoryFilter(kind=Kind.IMAGINE), HistoryFilter(favorites=True))
    assert [ids(await history.page(USER_ID, chosen, limit=10)) for chosen in every] == [[job_id(1)]] * len(every)

    await store.delete(job_id(1), START)

    assert [ids(await history.page(USER_ID, chosen, limit=10)) for chosen in every] == [[]] * len(every)
    assert await history.newest(USER_ID, "fox", 10) == []
    assert await history.newest(USER_ID, job_id(1), 10) == []
    assert await count(database, "searches") == 0


async def test_favorites_are_whoevers_but_what_is_private_stays_its_authors(
    store: JobStore, history: HistoryStore, database: Database
) -> None:
    people = SqliteMemory(database).people
    await store.add(new_job(1, user_id=SOMEBODY_ELSE))
    await store.add(new_job(2, user_id=SOMEBODY_ELSE, is_private=True))
    for user_id in (USER_ID, SOMEBODY_ELSE):
        for number in (1, 2):
            await people.set_favorite(user_id, job_id(number), START, on=True)

    chosen = HistoryFilter(favorites=True, text="fox")
    assert ids(await history.page(USER_ID, chosen, limit=10)) == numbered(1)
    assert ids(await history.page(SOMEBODY_ELSE, chosen, limit=10)) == numbered(2, 1)


#: Prompts, each with what finds it and none of the others.
SCRIPTS = {
    "東京の夜景": ("京", "夜景", "東京　夜"),
    "江南水乡、龙与凤": ("龙", "水乡 龙"),
    "ネコとドラゴン": ("ﾄﾞﾗｺﾞﾝ",),  # half width, with its mark beside it
    "a \uff32\uff25\uff24\u3000hat": ("RED HAT",),  # full width
    "Straße": ("STRASSE", "straße"),
    "İstanbul": ("i\u0307stanbul", "İST"),
    "ΟΔΥΣΣΕΥΣ": ("οδυσσευς",),
    "café": ("CAFE\u0301",),
    "서울의 밤": ("울",),
    "Москва ночью": ("москв ночь",),
    "100% wool": ("%",),
    "snake_case": ("_",),
    'it\'s "quoted"': ("'s \"q", "'"),
    "back\\slash": ("\\",),
    "two\nlines": ("two lines", "LINES two"),
    "a 🦊": ("🦊",),
    "half a \ud83e character": ("half \ud83e",),
}


async def test_words_are_found_in_any_script_case_and_width(store: JobStore, history: HistoryStore) -> None:
    for number, prompt in enumerate(SCRIPTS, 1):
        await store.add(new_job(number, prompt=prompt))
        await store.add(new_job(100 + number, prompt=prompt, user_id=SOMEBODY_ELSE))

    for number, texts in enumerate(SCRIPTS.values(), 1):
        for text in texts:
            for chosen in (HistoryFilter(text=text), HistoryFilter(text=text, kind=Kind.IMAGINE)):
                assert ids(await history.page(USER_ID, chosen, limit=10)) == [job_id(number)], text


async def test_what_does_not_occur_is_not_found(store: JobStore, history: HistoryStore) -> None:
    await store.add(new_job(1, prompt="a fox in 東京"))

    for text in ("%", "_", "fox snow", "'", "京都", "\x00", "a__fox"):
        assert ids(await history.page(USER_ID, HistoryFilter(text=text), limit=10)) == []


async def test_blanks_are_no_words_and_any_number_of_words_may_be_asked_for(
    store: JobStore, history: HistoryStore
) -> None:
    await store.add(new_job(1, prompt=" ".join(map(str, range(3000)))))

    for text in ("  \u3000 ", " ".join(map(str, range(2999, 0, -1)))):
        assert ids(await history.page(USER_ID, HistoryFilter(text=text), limit=10)) == [job_id(1)]
    assert ids(await history.page(USER_ID, HistoryFilter(text=f"{'x' * 5} 1"), limit=10)) == []


async def test_a_search_that_takes_too_long_says_how_far_it_got_and_goes_on_from_there(
    store: JobStore, database: Database
) -> None:
    await fill(store, *range(1, 12))
    await store.add(new_job(12, prompt="a cat"))
    await store.add(new_job(15, prompt="a cat"))
    impatient = SqliteHistoryStore(database, first_slice=5, budget=timedelta(0))
    chosen = HistoryFilter(text="cat")

    page = await impatient.page(USER_ID, chosen, limit=10)
    assert (ids(page), page.searched_to, page.older) == (numbered(15, 12), created_at(9), job_id(9))
    further = await impatient.page(USER_ID, chosen, before=page.older, limit=10)
    assert (ids(further), further.searched_to) == ([], created_at(4))
    last = await impatient.page(USER_ID, chosen, before=further.older, limit=10)
    assert (ids(last), last.searched_to, last.older) == ([], None, None)

    back = await impatient.page(USER_ID, chosen, after=last.newer, limit=10)
    assert (ids(back), back.searched_to, back.newer) == ([], created_at(8), job_id(8))
    back = await impatient.page(USER_ID, chosen, after=back.newer, limit=10)
    assert (ids(back), back.searched_to, back.newer) == (numbered(15, 12), None, None)


async def test_a_page_that_is_full_says_nothing_of_a_search_that_was_stopped(
    store: JobStore, database: Database
) -> None:
    await fill(store, *range(1, 12))
    impatient = SqliteHistoryStore(database, first_slice=3, budget=timedelta(0))

    page = await impatient.page(USER_ID, HistoryFilter(text="fox"), limit=3)

    assert (ids(page), page.searched_to, page.older) == (numbered(11, 10, 9), None, job_id(9))
