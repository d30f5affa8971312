"""`Babel`: the whole engine before an API that answers anything at all, read as the real client does (reliability D5).

Used by the test and by `benchmarks/fuzz.py`.
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from bot.cometapi.protocol import read_fetch, read_list, read_submit
from bot.cometapi.rules import Asked
from bot.errors import CometError, CometRefused, UserFacing
from bot.model import Phase, Task
from tests.fakes import GRID, Charge, FakeMidjourney
from tests.jobs.conftest import House
from tests.jobs.stories import Complaints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.cometapi.answers import Answer
    from bot.model import Accepted, Speed
    from tests.odd_bodies import OddBodies

_AT_ONCE: Final = 8  # new jobs between two rounds
_REST: Final = (*[10.0] * 40, *[300.0] * 320)  # seconds of the rounds at the end: a day and more
#: An expired job is looked for on for a day; whether it comes to anything then is not what this is about.
_NOT_AT_REST: Final = """
    SELECT j.id, j.status, d.status AS delivery, j.failure FROM jobs AS j JOIN deliveries AS d ON d.job_id = j.id
    WHERE j.status IN ('queued', 'submitting', 'running', 'needs_input') OR d.status NOT IN ('delivered', 'kept')
"""
_SENT_TWICE: Final = """
    SELECT job_id FROM attempts WHERE outcome NOT IN ('refused', 'not_sent') GROUP BY job_id, step HAVING count(*) > 1
"""


class Babbler(FakeMidjourney):
    """An API whose answers are odd bodies, until `is_sane`: then every task that it was ever asked for has succeeded.

    Whatever the answer to a submit does not prove to be refused counts as charged.

    Attributes
    ----------
    count
        The bodies so far.
    """

    def __init__(self, bodies: OddBodies) -> None:
        super().__init__()
        self._bodies = bodies
        self.is_sane = False
        self.count = 0

    def _answer(self) -> Answer:
        self.count += 1
        answer = self._bodies.answer()
        return replace(answer, retry_after=None)  # an hour's wait is believed, and tested elsewhere

    def _done(self, task_id: str) -> Task:
        url = "https://cdn.example/grid.png"
        return Task(
            task_id=task_id, phase=Phase.SUCCEEDED, progress=100, picture_url=url, text="1. a fox", actions=GRID
        )

    @override
    async def _submit(self, what: str, speed: Speed, echo: str, *, asks: bool = False) -> Accepted:
        if self.is_sane:
            return await super()._submit(what, speed, echo, asks=asks)
        charge = Charge(f"charge {len(self.charges)}", echo.partition(".")[0], what, speed)
        try:
            accepted = read_submit(self._answer(), Asked.FOLLOW_UP if "MJ::" in what else Asked.NEW)
        except CometRefused:
            raise
        except CometError:
            self.charges.append(charge)
            raise
        self.charges.append(charge)
        return accepted

    @override
    async def answer_modal(self, task_id: str, prompt: str, *, mask: Path | None = None, speed: Speed) -> Accepted:
        if self.is_sane:
            return await super().answer_modal(task_id, prompt, mask=mask, speed=speed)
        return read_submit(self._answer(), Asked.FOLLOW_UP, task_id)

    @override
    async def fetch(self, task_id: str) -> Task | None:
        return self._done(task_id) if self.is_sane else read_fetch(self._answer(), task_id)

    @override
    async def list_tasks(self, task_ids: Sequence[str]) -> dict[str, Task]:
        if self.is_sane:
            return {task_id: self._done(task_id) for task_id in task_ids}
        return read_list(self._answer(), task_ids)

    @override
    async def check_key(self) -> None:
        """Let submits go out: whether they may is tested elsewhere."""


class Babel:
    """The house, and what must hold in it whatever the API says."""

    def __init__(self, folder: Path, bodies: OddBodies) -> None:
        self.api = Babbler(bodies)
        self.house = House(folder)
        self.house.api = self.api
        self.complaints = Complaints()
        self.job_ids: list[str] = []

    async def listen(self, count: int) -> None:
        """Have people ask for pictures and press buttons until so many bodies have been read."""
        logging.getLogger("bot").addHandler(self.complaints)
        await self.house.start()
        try:
            while self.api.count < count:
                await self._ask()
                for _ in range(4):
                    self.house.clock.advance(15)
                    await self.house.settle()
                assert not self.complaints.heard
            await self._rest()
        finally:
            await self.house.end()
            logging.getLogger("bot").removeHandler(self.complaints)

    async def _ask(self) -> None:
        done = await self.house.database.read("SELECT id FROM jobs WHERE status = 'succeeded' ORDER BY id DESC LIMIT 4")
        for row in done:
            for index in (0, 4):
                with suppress(UserFacing):
                    receipt = await self.house.press(row["id"], index)
                    self.job_ids += [receipt.job.id] if receipt.entry == "new" else []
        self.job_ids += [await self.house.imagine() for _ in range(_AT_ONCE)]

    async def _rest(self) -> None:
        """Let the API come to its senses, and check that nobody is left in silence and nothing was sent twice."""
        self.api.is_sane = True
        for seconds in _REST:
            self.house.clock.advance(seconds)
            await self.house.settle()
            if not await self.house.database.read(_NOT_AT_REST):
                break
        assert not self.complaints.heard
        assert not [dict(row) for row in await self.house.database.read(_NOT_AT_REST)], "stuck"
        assert not await self.house.database.read(_SENT_TWICE), "sent again after it may have been charged"
        charges = Counter(charge.echo for charge in self.api.charges)
        assert not [echo for echo, times in charges.items() if times > 1], "charged twice"
        told = {job_id for job_id, parcels in self.house.discord.words.items() if parcels}
        told |= {message.job.id for message in self.house.discord.messages}
        assert set(self.job_ids) <= told, "left in silence"
