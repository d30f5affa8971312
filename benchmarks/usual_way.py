"""The usual way to follow tasks, as public clients of this API do: a coroutine for each job, which asks every 2 s.

Each poll opens a session, and so a connection, of its own; nothing is kept, shown or delivered. A part of
`in_flight.py`, which compares Easel with it; it listens to the same words as `alone.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from pathlib import Path
from typing import Final, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp

from benchmarks.children import heard, say
from benchmarks.pulse import Pulse

_INTERVAL: Final = 2.0
_BEAT: Final = 0.1
_TIMEOUT: Final = aiohttp.ClientTimeout(total=30)
_ENDS: Final = frozenset({"SUCCESS", "FAILURE"})


@final
class Clients:
    """Follow the tasks of a plan: of each, its id, when it begins and when it ends, in seconds from the start."""

    def __init__(self, url: str, key: str, plan: list[tuple[str, float, float]]) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"}
        self._plan = plan
        self.seen: dict[str, float] = {}

    async def run(self, start: float) -> None:
        """Begin to follow each task when it begins; those under way already are asked for at different moments."""
        async with asyncio.TaskGroup() as group:
            for task_id, begins, _ in self._plan:
                await asyncio.sleep(max(0.0, start + begins - time.time()))
                group.create_task(self._follow(task_id, random.uniform(0, _INTERVAL) if begins < 0 else 0.0))  # noqa: S311

    async def _follow(self, task_id: str, first: float) -> None:
        await asyncio.sleep(first)
        while await self._status(task_id) not in _ENDS:  # noqa: ASYNC110 - the usual way
            await asyncio.sleep(_INTERVAL)
        self.seen[task_id] = time.time()

    async def _status(self, task_id: str) -> str:
        try:
            async with (
                aiohttp.ClientSession(headers=self._headers, timeout=_TIMEOUT) as session,
                session.get(f"{self._url}/mj/task/{task_id}/fetch") as answer,
            ):
                return (await answer.json(content_type=None)).get("status", "")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return ""


async def _run(clients: Clients) -> None:
    say(ready=True)
    start = float(await heard())
    working = asyncio.create_task(clients.run(start))
    say(working=True)
    await heard()
    async with Pulse(_BEAT) as pulse:
        say(measuring=True)
        await heard()
    say(seen=clients.seen, loop_lag=pulse.cuts()[1], poll_lag=0.0)
    await heard()
    working.cancel()


def main() -> None:
    """Read the command line and follow the tasks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where `plan.json` is")
    parser.add_argument("url")
    parser.add_argument("key")
    given = parser.parse_args()
    plan = json.loads((given.folder / "plan.json").read_text(encoding="utf-8"))
    asyncio.run(_run(Clients(given.url, given.key, plan)))


if __name__ == "__main__":
    main()
