"""Looking at the API for nothing: the two checks that need no task, and what the others look at tasks with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, final
from urllib.parse import quote

from bot.cometapi.bodies import Submit
from bot.cometapi.jsontext import plain, text
from bot.cometapi.protocol import read_fetch, read_list
from bot.cometapi.transport import Request
from bot.errors import CometAuth, CometError, CometInvalid
from bot.owner.probe.findings import Card, Check, Finding, Place, Skipped

if TYPE_CHECKING:
    from bot.cometapi.answers import Answer
    from bot.cometapi.transport import Transport
    from bot.jobs.ports import Clock
    from bot.model import Task
    from bot.owner.probe.book import Book
    from bot.owner.probe.findings import Result

#: No back end gives out ids that begin like this, so nobody's task is looked at.
_NO_TASK: Final = "0000000000000000"
_LIMIT: Final = 16 * 1024 * 1024
_SIZES: Final = (100, 200, 500)
#: What Easel puts into one list request (`bot.jobs.tracking.schedule`).
_OURS: Final = 100
_GATEWAY: Final = "task_no_found"


async def pause(clock: Clock, seconds: float) -> None:
    """Wait."""
    await clock.wait(asyncio.Event(), seconds)


@final
class Looker:
    """Free requests."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def fetch_raw(self, task_id: str) -> Answer:
        """Ask for one task.

        Raises
        ------
        CometError
            No answer came.
        """
        path = f"/mj/task/{quote(task_id, safe='')}/fetch"
        return await self._transport.look(Request(method="GET", path=path, limit=_LIMIT))

    async def fetch(self, task_id: str) -> Task | None:
        """Look at one task; None where the API does not know it.

        Raises
        ------
        CometError
            As `fetch_raw`, or an answer that says something else.
        """
        return read_fetch(await self.fetch_raw(task_id), task_id)

    async def list_tasks(self, task_ids: list[str]) -> dict[str, Task]:
        """Look at many tasks by one request.

        Raises
        ------
        CometError
            No list came.
        """
        body = Submit(route="list", fields={"ids": task_ids}).encode()
        request = Request(method="POST", path="/mj/task/list-by-condition", body=body, limit=_LIMIT)
        return read_list(await self._transport.look(request), task_ids)


@final
class UnknownId(Check):
    """What a fetch of a task says that does not exist. Tells a refused key as well."""

    def __init__(self, looker: Looker) -> None:
        self.card = Card(
            name="unknown-id",
            place=Place.API,
            question="What does the API say about a task that does not exist? (checks address and key too)",
        )
        self._looker = looker

    async def run(self) -> Result:
        """Ask.

        Raises
        ------
        CometError
            No answer from which to tell.
        """
        answer = await self._looker.fetch_raw(_NO_TASK)
        try:
            known = read_fetch(answer, _NO_TASK) is not None
        except CometAuth as refused:
            return Skipped(f"the API refused COMETAPI_KEY: {refused}")
        except CometInvalid:
            known = False
        words = plain(text(answer.body.decode("utf-8", "replace")), 120)
        facts = {"status": answer.status, "words": words, "gateway": _GATEWAY in words}
        if known:
            return Finding(
                "It says that there is such a task. Look at the address: is it the right service?", "", facts
            )
        kind = "a gateway, as CometAPI is said to be" if facts["gateway"] else "a proxy without the usual gateway"
        shown = f" and {words!r}" if words else " and nothing else"
        return Finding(f"It says HTTP {answer.status}{shown}: {kind}. Easel understands that.", "", facts)


@final
class ListLimit(Check):
    """How many ids one list request takes."""

    def __init__(self, looker: Looker, book: Book) -> None:
        self.card = Card(
            name="list-limit",
            place=Place.API,
            question="Does one list request take 100, 200 and 500 ids?",
            needs=("unknown-id",),
        )
        self._looker = looker
        self._book = book

    async def run(self) -> Result:
        """Ask with ever more ids; where there is a task of ours, it is the last of them, so that a cut list shows."""
        largest, complaint = 0, ""
        picture = self._book.picture(Place.API)
        last = picture["task_id"] if picture else ""
        found: bool | None = None
        for size in _SIZES:
            try:
                listed = await self._looker.list_tasks(_ids(size, last))
            except CometError as error:
                complaint = str(error)
                break
            if last and last not in listed:
                found, complaint = False, "a task of ours at the end of the list was left out"
                break
            largest, found = size, True if last else None
        facts = {"largest": largest, "finds_last": found}
        beyond = f", and more is not: {complaint}" if complaint else ""
        cut = "" if found is not None else " Whether the list is cut off shows once there is a picture: run it again."
        advice = (
            ""
            if largest >= _OURS
            else "Easel asks for 100 at once and falls back to single looks: expect more requests."
        )
        return Finding(f"{largest or 'Not even 100'} ids are answered{beyond}.{cut}", advice, facts)


def _ids(size: int, last: str) -> list[str]:
    ids = [f"{number:016d}" for number in range(size)]
    return [*ids[:-1], last or ids[-1]]
