"""A real database file for each test: once as with an old SQLite (one connection), once as with a new one (readers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.stores.jobs import SqliteJobStore
from tests.new_database import lay_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.jobs.ports import JobStore
    from storage.opening import Version

VERSIONS = [pytest.param((3, 40, 1), id="one connection"), pytest.param((3, 51, 3), id="with readers")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "easel.db"


@pytest.fixture(params=VERSIONS)
async def database(path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    version: Version = request.param
    lay_out(path)
    async with await Database.open(path, sqlite_version=version) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> JobStore:
    return SqliteJobStore(database)
