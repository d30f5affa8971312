from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.errors import DatabaseInUse
from storage.database import Database
from storage.lockfile import LockFile
from storage.stores.jobs import SqliteJobStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

ROOT = Path(__file__).parents[2]

#: Opens the database, writes jobs until the pipe is full or the process is killed, telling each that is on disk.
WRITER = """
import asyncio, sys
from pathlib import Path
from storage.database import Database
from storage.stores.jobs import SqliteJobStore
from tests.builders import new_job

async def main():
    store = SqliteJobStore(await Database.open(Path(sys.argv[1])))
    for number in range(1, 100_000):
        await store.add(new_job(number))
        print(new_job(number).id, flush=True)

asyncio.run(main())
"""

#: Tries to open the database once and tells what came of it.
OPENER = """
import asyncio, sys
from pathlib import Path
from bot.errors import DatabaseInUse
from storage.database import Database

async def main():
    try:
        await (await Database.open(Path(sys.argv[1]))).close()
    except DatabaseInUse as error:
        print(error, error.explanation)
    else:
        print("opened")

asyncio.run(main())
"""

#: Starts fifty processes that take the lock at the same moment; those that get it hold it until all have tried.
FIFTY = """
import os, sys
from pathlib import Path
from bot.errors import DatabaseInUse
from storage.lockfile import LockFile

go, went = os.pipe()
end, ended = os.pipe()
done, told = os.pipe()
for number in range(50):
    if not os.fork():
        os.close(ended)
        os.read(go, 1)
        try:
            held = LockFile.take(Path(sys.argv[1]))
        except DatabaseInUse:
            os.write(told, b"refused\\n")
            os._exit(75)
        os.write(told, b"taken\\n")
        os.read(end, 1)
        os._exit(0)
os.close(told)
os.write(went, b"." * 50)
said = b""
while said.count(b"\\n") < 50:
    said += os.read(done, 4096)
os.close(ended)
for number in range(50):
    os.wait()
print(said.count(b"taken"), said.count(b"refused"))
"""


@asynccontextmanager
async def process(script: str, path: Path) -> AsyncGenerator[asyncio.subprocess.Process]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        str(path),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


async def test_a_second_open_in_this_process_is_refused_and_says_who_holds_it(path: Path) -> None:
    async with await Database.open(path):
        with pytest.raises(
            DatabaseInUse, match=rf"pid {os.getpid()}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
        ) as caught:
            await Database.open(path)
        assert "Stop that instance first" in caught.value.explanation

    await (await Database.open(path)).close()


async def test_a_second_name_for_the_same_file_does_not_help(path: Path, tmp_path: Path) -> None:
    async with await Database.open(path):
        alias = tmp_path / "alias.db"
        alias.symlink_to(path)
        with pytest.raises(DatabaseInUse):
            await Database.open(alias)


async def test_another_process_is_refused_and_told_our_pid(path: Path) -> None:
    async with await Database.open(path), process(OPENER, path) as child:
        assert child.stdout is not None
        said = (await child.stdout.read()).decode()

    assert re.search(rf"in use by another instance of Easel \(pid {os.getpid()}, since", said)


async def test_of_fifty_processes_at_once_one_gets_it(path: Path) -> None:
    path.parent.mkdir()
    async with process(FIFTY, path) as child:
        assert child.stdout is not None
        assert (await child.stdout.read()).split() == [b"1", b"49"]


async def test_a_killed_holder_frees_the_lock_and_has_lost_nothing_it_confirmed(path: Path) -> None:
    async with process(WRITER, path) as child:
        assert child.stdout is not None
        confirmed = [(await child.stdout.readline()).decode().strip() for _ in range(20)]
        with pytest.raises(DatabaseInUse, match=f"pid {child.pid}, since"):
            await Database.open(path)

        child.send_signal(signal.SIGKILL)
        await child.wait()
        confirmed += (await child.stdout.read()).decode().splitlines()[:-1]  # the last line may be cut

    async with await Database.open(path) as database:
        store = SqliteJobStore(database)
        assert all([await store.get(job_id) for job_id in confirmed])


def test_a_lock_file_with_other_words_in_it_still_refuses(path: Path) -> None:
    path.parent.mkdir()
    held = LockFile.take(path)
    path.with_name("easel.db.lock").write_text("who knows\x00", encoding="utf-8")

    with pytest.raises(DatabaseInUse, match="which one could not be read"):
        LockFile.take(path)

    held.release()
    held.release()
    LockFile.take(path).release()
