"""Every filter of a history, alone and together with the others: what it lets through, and by which index."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import HistoryFilter, Kind, Status
from storage.database import Database
from storage.memory import SqliteMemory
from storage.migrate import load, migrate
from storage.searching import fold
from storage.stores.history import SqliteHistoryStore
from storage.stores.looks import Span, look_for
from tests.builders import GUILD_ID, START, USER_ID, created_at, job_id, new_job
from tests.storage.steps import put

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.model import Job, NewJob

JOBS: Final = 150
FAILURES: Final = {Status.FAILED, Status.CANCELLED, Status.EXPIRED, Status.UNKNOWN}
PROMPTS: Final = ("a red fox", "A RED hat", "東京の猫", "赤い狐 in the snow", "")
WORDS: Final = ("", "red", "RED a", "猫", "snow 狐", "nothing")

OLD_JOB: Final = """
    INSERT INTO jobs (id, kind, status, prompt, speed, user_id, guild_id, channel_id, interaction_id, created_at,
                      updated_at)
    VALUES (?, 'imagine', 'queued', 'a fox in the snow --v 7', 'fast', ?, ?, 2, 3, 4, 5)
"""
OLD_DELIVERY: Final = """
    INSERT INTO deliveries (job_id, status, nonce, locale, attachment_size_limit, application_id)
    VALUES (?, 'waiting', 'n', 'en', 4, 5)
"""

FILTERS: Final = st.builds(
    HistoryFilter,
    kind=st.sampled_from([None, None, Kind.IMAGINE, Kind.UPSCALE, Kind.BLEND]),
    model=st.sampled_from([None, None, "", "v 7", "niji 7"]),
    guild_id=st.sampled_from([None, None, GUILD_ID, GUILD_ID + 1]),
    favorites=st.booleans(),
    failures=st.booleans(),
    since=st.none() | st.integers(0, JOBS).map(created_at),
    until=st.none() | st.integers(0, JOBS).map(created_at),
    text=st.sampled_from(WORDS),
)


class Past:
    """A database with all sorts of jobs, open in a loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runner = asyncio.Runner()
        self.jobs: list[Job] = []
        self.favorites: set[str] = set()
        self.database = self.runner.run(self._make())

    async def _make(self) -> Database:
        database = await Database.open(self.folder / "easel.db")
        memory, chance = SqliteMemory(database), Random(7)  # noqa: S311 - made-up jobs
        for number in range(1, JOBS + 1):
            await memory.jobs.add(some_job(number, chance))
            await put(database, number, chance.choice([Status.SUCCEEDED, Status.SUCCEEDED, *Status]))
            if chance.random() < 0.4 and await memory.people.set_favorite(USER_ID, job_id(number), START, on=True):
                self.favorites.add(job_id(number))
            if chance.random() < 0.1:
                await memory.jobs.delete(job_id(number), START)
            job = await memory.jobs.get(job_id(number))
            if job is not None and job.deleted_at is None:
                self.jobs.append(job)
        return database

    def close(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()

    def expected(self, chosen: HistoryFilter) -> list[str]:
        """Return the ids that a filter lets through, newest first, looked at one by one."""
        return [job.id for job in reversed(self.jobs) if self._lets_through(chosen, job)]

    def _lets_through(self, chosen: HistoryFilter, job: Job) -> bool:
        if chosen.favorites:
            is_theirs = job.id in self.favorites and (job.user_id == USER_ID or not job.is_private)
        else:
            is_theirs = job.user_id == USER_ID
        return (
            is_theirs
            and chosen.kind in {None, job.kind}
            and chosen.model in {None, job.model}
            and chosen.guild_id in {None, job.guild_id}
            and (chosen.failures or job.status not in FAILURES)
            and (chosen.since is None or job.created_at >= chosen.since)
            and (chosen.until is None or job.created_at < chosen.until)
            and all(word in fold(job.prompt) for word in fold(chosen.text).split())
        )


def some_job(number: int, chance: Random) -> NewJob:
    return new_job(
        number,
        kind=chance.choice([Kind.IMAGINE, Kind.IMAGINE, Kind.UPSCALE, Kind.BLEND]),
        model=chance.choice(["", "v 7", "niji 7"]),
        guild_id=chance.choice([GUILD_ID, GUILD_ID, GUILD_ID + 1, None]),
        user_id=USER_ID + (chance.random() < 0.2),
        prompt=chance.choice(PROMPTS),
        is_private=chance.random() < 0.2,
    )


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    past = Past(tmp_path_factory.mktemp("past"))
    yield past
    past.close()


@settings(max_examples=60, deadline=None)
@given(
    chosen=FILTERS,
    limit=st.integers(1, 25),
    first_slice=st.integers(1, 60),
    budget=st.sampled_from([timedelta(0), timedelta(days=1)]),
)
def test_every_filter_lets_through_what_it_says_page_by_page_both_ways(
    past: Past, chosen: HistoryFilter, limit: int, first_slice: int, budget: timedelta
) -> None:
    async def walk() -> None:
        store = SqliteHistoryStore(past.database, first_slice=first_slice, budget=budget)
        page = await store.page(USER_ID, chosen, limit=limit)
        found, turned = [job.id for job in page.jobs], 0
        while page.older is not None:
            assert len(page.jobs) == limit or page.searched_to is not None
            page = await store.page(USER_ID, chosen, before=page.older, limit=limit)
            found += [job.id for job in page.jobs]
            turned += 1
        assert found == expected

        back = [job.id for job in page.jobs]
        while page.newer is not None:
            page = await store.page(USER_ID, chosen, after=page.newer, limit=limit)
            back[:0] = [job.id for job in page.jobs]
        assert back == (expected if turned else found)

    expected = past.expected(chosen)
    past.runner.run(walk())


ONE: Final = HistoryFilter(kind=Kind.IMAGINE, model="v 7", guild_id=GUILD_ID)
INDEXES: Final[dict[tuple[str, ...], str]] = {
    (): "jobs_history",
    ("kind",): "jobs_history_kind",
    ("model",): "jobs_history_model",
    ("guild_id",): "jobs_history_server",
    ("kind", "model"): "jobs_history_kind_model",
    ("kind", "guild_id"): "jobs_history_kind_server",
    ("model", "guild_id"): "jobs_history_model_server",
    ("kind", "model", "guild_id"): "jobs_history_kind_model_server",
}


def explained(past: Past, sql: str, parameters: Mapping[str, object] | Sequence[object]) -> str:
    """Return how SQLite goes about a statement, without having counted anything."""
    rows = past.runner.run(past.database.read(f"EXPLAIN QUERY PLAN {sql}", parameters))
    return " | ".join(row["detail"] for row in rows)


def plans(past: Past, chosen: HistoryFilter) -> list[str]:
    """Return the plan of each statement of a filter, in both directions."""
    look, found = look_for(USER_ID, chosen), list[str]()
    for is_newest_first in (True, False):
        span = Span("", "~", is_newest_first)
        for sql, further in ((look.jobs(span), {"wanted": 11}), (look.edge(span), {"rows": 500})):
            found.append(explained(past, sql, {**look.parameters, **span.parameters, **further}))
    return found


@pytest.mark.parametrize("names", INDEXES, ids=str)
def test_each_set_of_filters_has_an_index_that_holds_nothing_else(past: Past, names: tuple[str, ...]) -> None:
    bare = HistoryFilter(**{name: getattr(ONE, name) for name in names})
    equal = "".join(f"{name}=? AND " for name in ("user_id", *names))
    seek = f"INDEX {INDEXES[names]} ({equal}id>? AND id<?)"

    for plan in plans(past, bare):
        assert f"COVERING {seek}" in plan
    for further in (
        {"failures": False},
        {"since": START, "until": created_at(9)},
        {"text": "fox snow"} if names else {},
    ):
        for plan in plans(past, replace(bare, **further)):
            assert seek in plan
            assert "SCAN" not in plan
            assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    "chosen",
    [
        HistoryFilter(text="fox snow"),
        HistoryFilter(text="fox", failures=False),
        replace(ONE, favorites=True),
        replace(ONE, favorites=True, text="fox"),
    ],
    ids=str,
)
def test_words_and_favorites_are_looked_at_side_by_side(past: Past, chosen: HistoryFilter) -> None:
    for plan in plans(past, chosen):
        assert "SEARCH h USING PRIMARY KEY (user_id=? AND job_id>? AND job_id<?)" in plan
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan


async def test_favorites_of_old_databases_can_be_filtered(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, load()[:2])
        connection.execute(OLD_JOB, (job_id(1), USER_ID, GUILD_ID))
        connection.execute(OLD_DELIVERY, (job_id(1),))
        connection.execute("INSERT INTO favorites VALUES (?, ?, 1)", (USER_ID, job_id(1)))

    async with await Database.open(path) as database:
        store = SqliteHistoryStore(database)
        for chosen in (ONE, replace(ONE, text="SNOW")):
            for asked in (chosen, replace(chosen, favorites=True)):
                assert len((await store.page(USER_ID, asked, limit=10)).jobs) == 1
