"""Backups forget people too: soon after the database has, one by one, and at no cost where nobody has left."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from typing_extensions import override

from bot.errors import DatabaseDamaged, StorageError
from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.jobs.housekeeping.cleansing import Cleansing
from bot.jobs.ports import Vault
from storage.backups.vault import SqliteVault
from storage.backups.writing import backup_folder
from tests.fakes import FakeDarkroom
from tests.jobs.test_leaving import CANARY, ME, YOU, files, finished, live, traces
from tests.jobs.test_leaving_words import VARIATION, made
from tests.jobs.test_put_back import put_back
from tests.storage.test_cleansing import of_version

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.model import Backup, Tombstone
    from tests.fakes import FakeClock
    from tests.jobs.conftest import House

HOUR: Final = 3600.0


@pytest.fixture
def vault(house: House) -> SqliteVault:
    return SqliteVault(house.folder / "easel.db")


def cleansing(house: House, vault: Vault | None) -> Cleansing:
    """Return what goes through the backups of the process that runs now."""
    engine = house.engine
    return Cleansing(
        vault=vault, leaving=engine.services.privacy.leaving, keeper=engine.pictures.keeper, clock=house.clock
    )


async def back_up(house: House, vault: SqliteVault) -> Path:
    """Make a regular backup, in a second of its own."""
    house.clock.advance(1)
    return (await vault.write(house.clock.now())).path


def of(user_id: int, backup: Path) -> list[tuple[object, ...]]:
    """Return all that a backup has of somebody's jobs."""
    with closing(sqlite3.connect(backup)) as connection:
        sql = (
            "SELECT * FROM jobs AS j JOIN deliveries AS d ON d.job_id = j.id LEFT JOIN actions AS a ON a.job_id = j.id"
        )
        return connection.execute(f"{sql} WHERE j.user_id = ? ORDER BY j.id, a.idx", (user_id,)).fetchall()


async def test_after_somebody_has_left_they_are_in_no_backup_either_whenever_it_was_made(
    house: House, vault: SqliteVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = await live(house)
    before = await back_up(house, vault)
    for version in (3, 4):
        of_version(before.parent, version)
    house.clock.advance(2 * HOUR)
    yours, pictures = of(YOU, before), {path.name for path in files(house.folder / "pictures")}
    remove, during = house.memory.privacy.remove, list[Path]()

    async def remove_and_back_up(*arguments: object, **options: object) -> object:
        during.append(await back_up(house, vault))
        return await remove(*arguments, **options)  # pyright: ignore[reportArgumentType] - handed on as it came

    monkeypatch.setattr(house.memory.privacy, "remove", remove_and_back_up)
    await house.engine.services.privacy.erase(ME)
    assert {trace.split(":")[0] for trace in traces(house.folder, *names)} == {
        f"backups/{path.name}" for path in backup_folder(house.folder / "easel.db").iterdir()
    }

    await cleansing(house, vault).step()

    assert traces(house.folder, *names) == []
    assert len(list(before.parent.iterdir())) == 3 + len(during)
    assert during
    assert of(YOU, before) == yours
    assert of(YOU, during[0]) == yours
    assert {path.name for path in files(house.folder / "pictures")} < pictures


async def test_words_in_what_others_made_go_from_the_backups_too(house: House, vault: SqliteVault) -> None:
    mine = await finished(house, CANARY, ME)
    theirs = await made(house, mine.id, VARIATION, YOU)
    await house.engine.services.again.run(house.origin(YOU), mine.id)
    before = await back_up(house, vault)
    await house.engine.services.privacy.erase(ME)
    meanwhile = await back_up(house, vault)
    assert any(CANARY in trace and meanwhile.name in trace for trace in traces(house.folder))

    await cleansing(house, vault).step()

    assert [trace for trace in traces(house.folder, mine.id) if trace.startswith("backups")] == []
    for backup in (before, meanwhile):
        with closing(sqlite3.connect(backup)) as connection:
            assert connection.execute("SELECT count(*) FROM jobs WHERE user_id = ?", (YOU,)).fetchone() == (2,)
            assert (theirs.id, "") in connection.execute("SELECT id, prompt FROM jobs").fetchall()


async def test_a_cleansed_backup_that_is_put_back_works_and_nobody_has_to_go_once_more(
    house: House, vault: SqliteVault, caplog: pytest.LogCaptureFixture
) -> None:
    names = await live(house)
    waiting = await house.imagine(f"{CANARY} waits", user_id=ME)
    file = await back_up(house, vault)
    await house.engine.services.privacy.erase(ME)
    await house.engine.services.privacy.leaving.step()
    await cleansing(house, vault).step()
    charged = len(house.api.charges)

    with caplog.at_level(logging.WARNING):
        await put_back(house, file)
    await house.pass_time(30, every=5)
    await house.engine.services.privacy.leaving.step()

    assert "still or again in the database" not in caplog.text
    assert traces(house.folder, waiting, *names) == []
    assert len(house.api.charges) == charged
    [yours] = await house.memory.privacy.jobs(YOU, "~", 10)
    assert await house.engine.pictures.obtain(yours) is not None
    assert await house.engine.services.jobs.act(house.origin(YOU), yours.id, VARIATION)
    assert await house.finished("another fox")


async def test_a_database_that_was_set_aside_forgets_them_as_well(house: House, vault: SqliteVault) -> None:
    """With the pictures that it alone knows, unless somebody who stays has the same."""
    yours = await finished(house, "a fox", YOU, "blue")
    file = await back_up(house, vault)
    mine = await finished(house, CANARY, ME)
    await finished(house, f"{CANARY} again", ME, "green")
    await finished(house, "a green fox", YOU, "green")
    await put_back(house, file)
    await house.imagine(user_id=ME)
    await house.engine.services.privacy.erase(ME)
    await house.pass_time(30)
    await house.engine.services.privacy.leaving.step()
    assert mine.picture is not None
    assert any("before-restore" in trace for trace in traces(house.folder))
    assert any("pictures" in trace for trace in traces(house.folder, mine.picture))

    await cleansing(house, vault).step()

    assert traces(house.folder, mine.id, mine.picture) == []
    assert len([path for path in files(house.folder / "pictures") if path.suffix == ".png"]) == 2
    [aside] = [path for path in files(house.folder / "backups") if "before-restore" in path.name]
    assert yours.id in {row[0] for row in of(YOU, aside)}
    assert await vault.has_set_aside()


async def test_who_comes_back_stays_in_what_is_made_from_then_on(house: House, vault: SqliteVault) -> None:
    await live(house)
    await house.engine.services.privacy.erase(ME)
    house.clock.advance(1)
    new = await finished(house, "a new fox", ME)
    await house.engine.services.preferences.change(ME, lambda person: replace(person, remix=True))
    backup = await back_up(house, vault)
    before = backup.read_bytes()
    await house.restart()

    await cleansing(house, vault).step()

    assert backup.read_bytes() == before
    assert {row[0] for row in of(ME, backup)} == {new.id}


async def test_a_start_makes_up_for_what_a_stop_has_left(house: House, vault: SqliteVault) -> None:
    names = await live(house)
    file = await back_up(house, vault)
    await house.engine.services.privacy.erase(ME)
    work = file.parent / ".cleansing"
    work.mkdir()
    (work / "draft.db").write_bytes(file.read_bytes())
    (file.parent / f".{file.name}.1.part").write_bytes(file.read_bytes())
    for left in (work / "draft.db", file.parent / f".{file.name}.1.part"):
        _age(left)
    await house.restart()

    await cleansing(house, SqliteVault(house.folder / "easel.db")).step()

    assert traces(house.folder, *names) == []
    assert await asyncio.to_thread(lambda: list(file.parent.iterdir())) == [file]


def _age(path: Path) -> None:
    """Let a file be as old as one is after a kill and a start."""
    os.utime(path, (time.time(), time.time() - 15))


async def test_the_engine_keeps_it_going_and_stops_it(
    house: House, vault: SqliteVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await live(house)
    await back_up(house, vault)
    cleanse, is_done = vault.cleanse, asyncio.Event()

    async def cleanse_and_tell(name: str, has_left: Callable[[int], Tombstone | None]) -> set[str] | None:
        files = await cleanse(name, has_left)
        is_done.set()
        return files

    monkeypatch.setattr(vault, "cleanse", cleanse_and_tell)
    engine = Engine(
        memory=house.memory,
        midjourney=house.api,
        delivery=house.discord,
        clock=house.clock,
        darkroom=FakeDarkroom(),
        data_folder=house.folder,
        pacing=Pacing(
            poll_interval=timedelta(seconds=5), progress_edit_interval=timedelta(seconds=5), submit_concurrency=1
        ),
        vault=vault,
    )
    await engine.recover()
    await engine.services.privacy.erase(ME)
    running = asyncio.create_task(engine.run())
    await asyncio.wait_for(is_done.wait(), 20)
    assert traces(house.folder) == []
    await engine.stop()
    await asyncio.gather(running, return_exceptions=True)
    with pytest.raises(StorageError, match="Stopped"):
        await vault.cleanse((await vault.copies())[0], lambda _: None)


# When, and how often ------------------------------------------------------------------------------------------------


class FakeVault(Vault):
    """A vault of names, each of which takes its time."""

    def __init__(self, clock: FakeClock, *names: str, takes: float = 0.0) -> None:
        self.names = list(names)
        self.asked: list[str] = []
        self.looks = 0
        self.errors: dict[str, StorageError] = {}
        self._clock = clock
        self._takes = takes

    @override
    async def copies(self) -> list[str]:
        self.looks += 1
        return list(self.names)

    @override
    async def cleanse(self, name: str, has_left: Callable[[int], Tombstone | None]) -> set[str] | None:
        self.asked.append(name)
        assert has_left(ME) is not None
        assert has_left(YOU) is None
        self._clock.advance(self._takes)
        if name in self.errors:
            raise self.errors[name]
        return set()

    @override
    async def tidy(self) -> None:
        pass

    @override
    async def write(self, at: datetime) -> Backup:
        raise NotImplementedError

    @override
    async def made(self) -> list[datetime]:
        raise NotImplementedError

    @override
    async def keep(self, wanted: Callable[[Collection[datetime]], Collection[datetime]], since: datetime) -> int:
        raise NotImplementedError

    @override
    async def redate(self, now: datetime) -> int:
        raise NotImplementedError

    @override
    async def has_set_aside(self) -> bool:
        raise NotImplementedError

    @override
    def stop(self) -> None:
        pass


async def test_where_nobody_has_left_no_backup_is_looked_at(house: House) -> None:
    vault = FakeVault(house.clock, "a", "b")
    part = cleansing(house, vault)
    for _ in range(10):
        await part.step()
        house.clock.advance(15)
    assert (vault.asked, vault.looks) == ([], 0)


async def test_each_is_looked_at_once_until_somebody_else_leaves_and_new_ones_as_they_come(house: House) -> None:
    vault = FakeVault(house.clock, "a", "b")
    part = cleansing(house, vault)
    await part.step()
    await house.engine.services.privacy.erase(ME)
    for _ in range(10):
        await part.step()
        house.clock.advance(15)
    assert vault.asked == ["a", "b"]
    vault.names = ["b", "c"]
    await part.step()
    assert vault.asked == ["a", "b", "c"]
    await house.engine.services.privacy.erase(ME)
    await part.step()
    assert vault.asked == ["a", "b", "c", "b", "c"]


async def test_an_idle_step_asks_the_database_nothing(house: House) -> None:
    vault = FakeVault(house.clock, "a")
    part = cleansing(house, vault)
    await house.engine.services.privacy.erase(ME)
    await part.step()
    await house.database.close()
    for _ in range(3):
        await part.step()
        house.clock.advance(15)
    assert vault.asked == ["a"]


async def test_large_ones_are_gone_through_one_by_one_and_then_left_in_peace_for_ten_times_as_long(
    house: House,
) -> None:
    vault = FakeVault(house.clock, "a", "b", "c", takes=60.0)
    part = cleansing(house, vault)
    await house.engine.services.privacy.erase(ME)
    await part.step()
    assert vault.asked == ["a"]
    await house.engine.services.privacy.erase(ME)
    for _ in range(8):
        house.clock.advance(15)
        await part.step()
    assert vault.asked == ["a", "b", "c"]
    house.clock.advance(10 * 180 - 8 * 15)
    await part.step()
    assert vault.asked == ["a", "b", "c"]
    house.clock.advance(8 * 15)
    await part.step()
    assert vault.asked == ["a", "b", "c", "a"]


async def test_what_cannot_be_cleansed_is_told_once_and_tried_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    vault = FakeVault(house.clock, "full", "damaged", "whole")
    vault.errors = {"full": StorageError("no room"), "damaged": DatabaseDamaged("torn")}
    part = cleansing(house, vault)
    await house.engine.services.privacy.erase(ME)
    with caplog.at_level(logging.WARNING):
        for _ in range(250):
            await part.step()
            house.clock.advance(15)
    assert vault.asked == ["full", "damaged", "whole", "full"]
    assert [record.getMessage() for record in caplog.records if "backup" in record.getMessage()] == [
        "The backup full may still have people who have left: no room",
        "The backup damaged may still have people who have left: torn",
    ]
    await house.engine.services.privacy.erase(ME)
    await part.step()
    assert vault.asked[4:] == ["full", "damaged", "whole"]


async def test_a_stop_is_no_reason_to_complain(house: House, caplog: pytest.LogCaptureFixture) -> None:
    vault = FakeVault(house.clock, "a", "b")
    part = cleansing(house, vault)
    await house.engine.services.privacy.erase(ME)
    vault.errors = {"a": StorageError("Stopped")}
    part.stop()
    with caplog.at_level(logging.WARNING):
        await part.step()
    assert (vault.asked, caplog.records) == (["a"], [])


async def test_without_a_vault_nothing_is_done(house: House) -> None:
    part = cleansing(house, None)
    await house.engine.services.privacy.erase(ME)
    await part.step()
    part.stop()
