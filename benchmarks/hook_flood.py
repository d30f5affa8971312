"""A flood of callbacks: what the receiver and the bot make of 5,000 false ones a second among 200 true ones.

    .venv/bin/python benchmarks/hook_flood.py --gate

`python -m bot receive` runs as its owner would start it, and Easel's engine in a process of its own beside it, with its
real database and an API that answers at once. Three quarters of the false ones do not know the address, the others send
a forged mark or no JSON to it. The true ones come twice, the end before what led to it; one job in ten is of unknown
outcome and waits to be found by them. Everything is on this machine, whoever sends included.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil

from benchmarks.children import ROOT, Meter, child, heard, say
from benchmarks.seeding import Running, seed
from benchmarks.table import Table, at_least, at_most, parser
from bot.config.keys import ECHOES, HOOKS, load_key
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.clock import SystemClock
from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.model import Phase, Task
from bot.web.hooks import hook_path
from sandbox.ports import free_near
from storage.database import Database
from storage.memory import SqliteMemory
from tests.fakes import FakeDarkroom, FakeDelivery, FakeMidjourney

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from sqlite3 import Connection

_CONNECTIONS: Final = 24
_UNKNOWN_EVERY: Final = 10
_PATIENCE: Final = 60.0  # seconds for the engine to find the rest
_WORDS: Final = ("SUCCESS", "IN_PROGRESS", "SUCCESS", "NOT_START")
_FOREIGN: Final = 7  # of ten false ones

Marked = dict[str, str]


@final
@dataclass(slots=True)
class Tally:
    """What was answered: 200, 404, and anything else."""

    taken: int = 0
    refused: int = 0
    other: int = 0

    def note(self, status: bytes) -> None:
        """Count an answer by its status line."""
        if b" 200 " in status:
            self.taken += 1
        elif b" 404 " in status:
            self.refused += 1
        else:
            self.other += 1


def _request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: flood\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _true(path: str, tasks: Marked, count: int) -> list[bytes]:
    """Return so many true callbacks: of each task in turn the end first, then what came before, and again."""
    rounds = (
        _request(path, json.dumps({"id": task_id, "state": mark, "status": word, "imageUrl": "https://x"}).encode())
        for word in cycle(_WORDS)
        for task_id, mark in tasks.items()
    )
    return list(islice(rounds, count))


def _false(path: str, count: int) -> list[bytes]:
    chance = Random(7)  # noqa: S311 - which false ones are sent
    forged = json.dumps({"id": "17", "state": f"01ARZ3NDEKTSV4RRFFQ69G5FAV.{'a' * 16}", "status": "SUCCESS"}).encode()
    kinds = [_request("/hook/" + "A" * 43, forged)] * _FOREIGN
    kinds += [_request(path, forged), _request(path, b"x" * 200), _request("/", forged)]
    return chance.choices(kinds, k=count)


async def _send(port: int, requests: Sequence[bytes], per_second: float, tally: Tally) -> None:
    """Send requests over a few connections, evenly in time, each after the answer to the one before."""

    async def worker(own: Sequence[bytes], offset: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, request in enumerate(own):
            wait = began + (offset + number * _CONNECTIONS) / per_second - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            tally.note(head.partition(b"\r\n")[0])
        writer.close()

    began = time.monotonic()
    await asyncio.gather(*(worker(requests[start::_CONNECTIONS], start) for start in range(_CONNECTIONS)))


async def _prepare(folder: Path, jobs: int) -> Marked:
    """Write down jobs that run, some of them of unknown outcome; return the marks of their tasks."""
    now = datetime.now(UTC)
    ids = [f"{1_773_314_942_000_000 + number}" for number in range(jobs)]
    async with await Database.open(folder / "easel.db") as database:
        job_ids = await seed(database, [Running(task_id, now - timedelta(seconds=30)) for task_id in ids])
        unknown = [(job_id,) for job_id in job_ids[::_UNKNOWN_EVERY]]

        def lose(connection: Connection) -> None:
            connection.executemany("UPDATE jobs SET status = 'unknown', task_id = NULL WHERE id = ?", unknown)

        await database.write(lose)
    echoes = Echoes(load_key(folder, ECHOES))
    return {task_id: echoes.of(job_id) for task_id, job_id in zip(ids, job_ids, strict=True)}


@asynccontextmanager
async def _receiver(folder: Path, port: int) -> AsyncGenerator[psutil.Process]:
    address = f"127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "receive"),
        cwd=folder,
        env={
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": f"sqlite:///{folder}/easel.db",
            "WEBHOOK_URL": f"http://{address}",
            "WEBHOOK_LISTEN": address,
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    if process.stderr is not None:
        await process.stderr.readuntil(b"Taking callbacks")
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _run(seconds: float, false_rate: int, true_rate: int, *, gate: bool) -> None:
    table = Table(f"Callbacks: {false_rate:,} false and {true_rate:,} true ones a second, for {seconds:g} s")
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as name:
        folder, port = Path(name), free_near(8700)
        jobs = int(true_rate * seconds / len(_WORDS))
        tasks = await _prepare(folder, jobs)
        (folder / "tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
        path = hook_path(load_key(folder, HOOKS))
        true, false = Tally(), Tally()
        async with _receiver(folder, port) as receiver, child(Path(__file__).name, "--engine", folder) as engine:
            lost = (await engine.hear())["unknown"]
            meters = Meter(receiver), engine.meter()
            began = time.monotonic()
            await asyncio.gather(
                _send(port, _true(path, tasks, int(true_rate * seconds)), true_rate, true),
                _send(port, _false(path, int(false_rate * seconds)), false_rate, false),
            )
            took = time.monotonic() - began
            receiving, engaging = (meter.stop() for meter in meters)
            found = await engine.ask("found")
    table.add("sent", (true.taken + false.taken + false.refused) / took, " /s")
    table.add("true ones not taken", true.refused + true.other, gate=at_most(0))
    table.add("false ones that were believed", false.other, gate=at_most(0))
    table.add("unknown jobs", lost)
    table.add("  found", found["adopted"], gate=at_least(lost))
    table.add("  after the flood, the last", found["seconds"], " s", digits=1)
    table.add("CPU of the bot", engaging.cpu, " %", digits=1, gate=at_most(50, " %"))
    table.add("CPU of the receiver", receiving.cpu, " %", digits=1)
    table.add("most memory of the receiver", receiving.peak, " MiB")
    table.close(gate=gate)


async def _engine(folder: Path) -> None:
    """Be the bot: without Discord, and with an API that knows the tasks."""
    api = FakeMidjourney()
    tasks: Marked = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    api.tasks = {
        task_id: Task(task_id=task_id, phase=Phase.RUNNING, progress=30, echo=mark) for task_id, mark in tasks.items()
    }
    async with await Database.open(folder / "easel.db") as database:
        every = timedelta(seconds=5)
        engine = Engine(
            memory=SqliteMemory(database),
            midjourney=api,
            delivery=FakeDelivery(),
            clock=SystemClock(),
            darkroom=FakeDarkroom(),
            data_folder=folder,
            pacing=Pacing(poll_interval=every, progress_edit_interval=every, submit_concurrency=32),
        )
        await engine.recover()
        running = asyncio.create_task(engine.run())
        unknown = await _unknown(database)
        say(unknown=unknown)
        await heard()
        began = time.monotonic()
        while time.monotonic() - began < _PATIENCE and await _unknown(database):  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.1)
        say(adopted=unknown - await _unknown(database), seconds=time.monotonic() - began)
        await engine.stop()
        await asyncio.gather(running, return_exceptions=True)


async def _unknown(database: Database) -> int:
    return (await database.read("SELECT count(*) AS n FROM jobs WHERE status = 'unknown'"))[0]["n"]


def main() -> None:
    """Read the command line, run, print."""
    reading = parser(__doc__)
    reading.add_argument("--seconds", type=float, default=10.0)
    reading.add_argument("--false", type=int, default=5_000, dest="false_rate", help="false callbacks a second")
    reading.add_argument("--true", type=int, default=200, dest="true_rate", help="true callbacks a second")
    reading.add_argument("--engine", type=Path, help="be the bot; for this script itself")
    arguments = reading.parse_args()
    if arguments.engine is not None:
        asyncio.run(_engine(arguments.engine))
    else:
        asyncio.run(_run(arguments.seconds, arguments.false_rate, arguments.true_rate, gate=arguments.gate))


if __name__ == "__main__":
    main()
