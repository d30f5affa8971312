"""`python -m bot fsck`: an ordinary life breaks no rule, and whatever breaks one is told with the job it is about."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from argparse import Namespace
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.config import ExitCode
from bot.errors import StorageError
from bot.owner.fsck import command
from storage import fsck as rules
from storage.migrate import load, migrate
from tests.jobs.test_put_back import back_up, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.conftest import House

Looked = tuple[ExitCode, list[str]]


@pytest.fixture
def look(house: House, capsys: pytest.CaptureFixture[str]) -> Callable[..., Looked]:
    """Run the command on the house's database."""

    def run(*, deep: bool = False, file: Path | None = None) -> Looked:
        capsys.readouterr()
        code = command.look(settings(house), Namespace(deep=deep, file=file), house.clock.now())
        return code, capsys.readouterr().out.splitlines()[:-1]

    return run


async def some_life(house: House) -> list[str]:
    """Have one job at every stage, and one that was deleted; return their ids, finished ones first."""
    finished = [await house.finished("a fox"), await house.finished("a fox again")]
    await house.press(finished[0], 0)
    gone = await house.finished("a fox that goes")
    await house.engine.services.deletions.delete(house.origin(), gone)
    running, _ = await house.running("a running fox")
    return [*finished, running, await house.imagine("a waiting fox"), gone]


async def test_an_ordinary_life_breaks_no_rule_also_while_it_goes_on(house: House, look: Callable[..., Looked]) -> None:
    await some_life(house)
    for deep in (False, True):
        assert await asyncio.to_thread(look, deep=deep) == (ExitCode.OK, [])
    await house.restart()
    assert look() == (ExitCode.OK, [])
    assert look(deep=True, file=await back_up(house)) == (ExitCode.OK, [])


#: SQL that breaks each of the rules, in their order; `?` is a finished job.
BREAKS = [
    "INSERT INTO attempts (job_id, step, started_at, ended_at, outcome) VALUES (?, 'action', 1, 2, 'refused')",
    "UPDATE jobs SET status = 'submitting' WHERE id = ?",
    "INSERT INTO attempts (job_id, step, started_at) VALUES (?, 'modal', 1)",
    "UPDATE jobs SET status = 'queued' WHERE id = ?",
    "UPDATE jobs SET status = 'running', give_up_at = 1 WHERE id = ?",
    "DELETE FROM deliveries WHERE job_id = ?",
    "UPDATE deliveries SET status = 'waiting' WHERE job_id = ?",
    "UPDATE jobs SET status = 'running' WHERE id = ?",
    "UPDATE deliveries SET message_id = 7 WHERE job_id = ? OR 1",
    "UPDATE deliveries SET nonce = 'n' WHERE job_id = ? OR 1",
    "UPDATE jobs SET media_url = NULL, picture = NULL WHERE id = ?",
    "UPDATE jobs SET status = 'failed', single_key = 'k' WHERE id = ?",
    "UPDATE jobs SET single_key = 'another:0', parent_id = id WHERE id = ?",
    "DELETE FROM searches WHERE job_id = ?",
    "UPDATE searches SET user_id = 2 WHERE job_id = ?",
    "DELETE FROM files WHERE job_id = ?",
    "UPDATE jobs SET deleted_at = 1 WHERE id = ?",
    "INSERT INTO tombstones VALUES (?, 1, NULL)",
]


async def test_whatever_breaks_a_rule_is_told_by_that_rule(house: House, look: Callable[..., Looked]) -> None:
    job_id = (await some_life(house))[0]
    whole = await back_up(house)
    assert len(BREAKS) == len(rules.RULES)
    for sql, rule in zip(BREAKS, rules.RULES, strict=True):
        broken = whole.with_name("broken.db")
        await asyncio.to_thread(_break, whole, broken, sql, job_id)
        code, lines = await asyncio.to_thread(look, file=broken)
        about = "tombstones" if "tombstones" in sql else job_id
        assert f"{about}: {rule.what}. {rule.fix}" in lines, sql
        assert code is ExitCode.STORAGE


def _break(whole: Path, broken: Path, sql: str, job_id: str) -> None:
    broken.write_bytes(whole.read_bytes())
    with closing(sqlite3.connect(broken, isolation_level=None)) as connection:
        connection.execute(sql, (job_id,) if "?" in sql else ())


async def test_rows_of_nobody_and_tables_that_are_not_as_they_should_be_are_told(
    house: House, look: Callable[..., Looked]
) -> None:
    job_id = (await some_life(house))[0]
    whole = await back_up(house)
    broken = whole.with_name("broken.db")
    script = (
        "INSERT INTO favorites (user_id, job_id, created_at) VALUES (1, 'no job', 1)",
        "DROP INDEX jobs_task",
        "CREATE TABLE notes (n)",
        "ALTER TABLE showcases ADD COLUMN mine TEXT",
    )
    told: list[str] = []
    for sql in script:
        await asyncio.to_thread(_break, whole, broken, sql, job_id)
        told += (await asyncio.to_thread(look, file=broken))[1]
    assert [line.split(".")[0] for line in told] == [
        "favorites: a row belongs to one of jobs that is not there",
        "jobs_task: this table or index is missing",
        "notes: this table or index is none of Easel's",
        "showcases: this table or index was changed",
    ]


async def test_files_that_are_missing_changed_or_unknown_are_told(house: House, look: Callable[..., Looked]) -> None:
    house.api.picture += b"1"
    first = await house.job(await house.finished("a fox"))
    house.api.picture += b"2"
    second = await house.job(await house.finished("another fox"))
    assert first.picture
    assert second.picture
    await asyncio.to_thread(_spoil, house.folder / "pictures", first.picture, second.picture)
    code, lines = await asyncio.to_thread(look)
    assert code is ExitCode.STORAGE
    assert [line.split(". ")[0] for line in lines] == [
        f"{first.id}: {first.picture} is not in the picture folder",
        f"00/{'0' * 64}.png: no job has this file",
    ]
    _, lines = await asyncio.to_thread(look, deep=True)
    assert any(f"{second.picture} is not what it was" in line for line in lines)


def _spoil(folder: Path, missing: str, changed: str) -> None:
    (folder / missing[:2] / missing).unlink()
    path = folder / changed[:2] / changed
    path.write_bytes(bytes(len(path.read_bytes())))
    stray, young = folder / "00" / f"{'0' * 64}.png", folder / "00" / f"{'1' * 64}.png"
    stray.parent.mkdir(exist_ok=True)
    for file in (stray, young):
        file.touch()
    os.utime(stray, (1, 1))


async def test_what_cannot_be_looked_at_is_refused(house: House, look: Callable[..., Looked], tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no database"):
        look(file=tmp_path / "none.db")
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        migrate(connection, load()[:1])
    with pytest.raises(StorageError, match="version 1"):
        look(file=old)
    damaged = await back_up(house)
    await asyncio.to_thread(lambda: damaged.write_bytes(damaged.read_bytes()[:8192]))
    with pytest.raises(StorageError):
        look(file=damaged, deep=True)
