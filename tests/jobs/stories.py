"""`Story`: the whole engine in a world where everything happens, and what must hold after each step (reliability B.3).

The truth about money and messages is the fakes' own record, never what the engine says of itself. Used by the stateful
test and by `benchmarks/fuzz.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from bot.errors import UserFacing
from bot.fault_points import Deed, FaultPlan, armed
from bot.jobs import policy
from bot.jobs.adopting.spool import FOLDER, Hint, Spool
from bot.jobs.requests import Filled
from bot.model import SETTLED, TRANSITIONS, Action, DeliveryStatus, Entry, Failure, Kind, Phase, Speed, Status
from tests.fakes import GRID
from tests.jobs.conftest import House

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from pathlib import Path

    from bot.fault_points import Point
    from bot.jobs.requests import Receipt
    from bot.model import Job

REROLL: Final = Action(
    index=8, action_id="MJ::JOB::reroll::0::u", kind=Kind.REROLL, label="", emoji="🔄", remixable=True
)
ACTIONS: Final = (*GRID, REROLL)
ENDED: Final = (Phase.SUCCEEDED, Phase.FAILED)
#: What the engine asks of Discord for a job.
DISCORD: Final = (
    "show_progress",
    "find_answer",
    "post",
    "find_post",
    "edit_post",
    "edit_answer",
    "send_dm",
    "remove_answer",
    "remove_post",
    "redraw",
)
#: No task id before the API gave one, and always one afterwards (I6); an unknown or failed job may have either.
WITHOUT_TASK: Final = frozenset({Status.QUEUED, Status.CANCELLED})
WITH_TASK: Final = frozenset({Status.RUNNING, Status.NEEDS_INPUT, Status.SUCCEEDED, Status.EXPIRED})
#: What may be said of a job that was charged and whose task is not known.
MAYBE_CHARGED: Final = frozenset({Status.SUBMITTING, Status.UNKNOWN})
AT_REST: Final = frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.KEPT})
#: How long everything has to come to rest at the end: two minutes second by second, then in longer steps, two hours.
_REST: Final = (*[4.0] * 30, *[60.0] * 120)


def _reachable() -> Mapping[Status, frozenset[Status]]:
    """Return where each status may have led by the next look, over any number of moves."""
    found: dict[Status, frozenset[Status]] = {}
    for first in Status:
        seen, ahead = {first}, [first]
        while ahead:
            new = TRANSITIONS[ahead.pop()] - seen
            seen |= new
            ahead += new
        found[first] = frozenset(seen)
    return found


REACHABLE: Final = _reachable()


class Complaints(logging.Handler):
    """Whatever the engine logged with a traceback: an error that nobody foresaw, unless a test made it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not str(error).startswith("injected at "):
            self.heard.append(f"{record.getMessage()}: {error!r}")


class Story:
    """One world, told step by step. Each step leaves nothing under way but what the world holds back."""

    def __init__(self, folder: Path) -> None:
        self.house = House(folder)
        self.complaints = Complaints()
        self.job_ids: list[str] = []
        self.seen: dict[str, Status] = {}
        self._born: dict[str, float] = {}  # by the clock that never jumps
        self._unanswered: set[str] = set()  # as far as the process knew
        self._before_a_jump: set[str] = set()  # jobs that the wall clock has been set forwards under …
        self._aged: set[str] = set()  # … and of which nobody can know how old they are
        self._spool = Spool(folder / FOLDER)

    async def begin(self) -> None:
        """Start the first process."""
        logging.getLogger("bot").addHandler(self.complaints)
        self.house.discord.nonces_remembered = False  # the worst that Discord's "past few minutes" may mean
        await self.house.start()

    async def end(self) -> None:
        """End the last process."""
        await self._abandon()
        logging.getLogger("bot").removeHandler(self.complaints)

    # What people do --------------------------------------------------------------------------------------------------

    async def imagine(self, *, user_id: int, answered: bool = True) -> str:
        """Have somebody ask for a picture; without `answered`, the process does not learn whether they saw that."""
        jobs = self.house.engine.services.jobs
        receipt = await jobs.imagine(self.house.origin(user_id), "a fox", Speed.FAST)
        await self._take(receipt, answered=answered)
        return receipt.job.id

    async def press(self, job_id: str, index: int, *, user_id: int, times: int = 1, prompt: str | None = None) -> None:
        """Have somebody press a button, so many times at once."""
        jobs = self.house.engine.services.jobs
        filled = None if prompt is None else Filled(prompt=prompt)
        origins = [self.house.origin(user_id) for _ in range(times)]
        await self._asked(*(jobs.act(origin, job_id, index, filled) for origin in origins))

    async def submit_again(self, job_id: str, *, times: int) -> None:
        """Have its person ask for a job of unknown outcome once more."""
        again, user_id = self.house.engine.services.again, (await self.house.job(job_id)).user_id
        origins = [self.house.origin(user_id) for _ in range(times)]
        await self._asked(*(again.submit(origin, job_id) for origin in origins))

    async def cancel(self, job_id: str) -> None:
        """Have its person take a job back, if it is not too late."""
        with suppress(UserFacing):
            origin = self.house.origin((await self.house.job(job_id)).user_id)
            await self.house.engine.services.jobs.cancel(origin, job_id)

    async def delete(self, job_id: str) -> None:
        """Have its person delete a job, if it is settled."""
        with suppress(UserFacing):
            origin = self.house.origin((await self.house.job(job_id)).user_id)
            await self.house.engine.services.deletions.delete(origin, job_id)

    async def _asked(self, *asked: Awaitable[Receipt]) -> None:
        """Answer what became of these requests. One that was refused got a sentence."""
        for receipt in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(receipt, UserFacing):
                continue
            if isinstance(receipt, BaseException):
                raise receipt
            await self._take(receipt)

    async def _take(self, receipt: Receipt, *, answered: bool = True) -> None:
        if receipt.entry is not Entry.NEW:
            return
        self.job_ids.append(receipt.job.id)
        self._born[receipt.job.id] = self.house.clock.monotonic()
        self.house.discord.answers[receipt.job.id] = 8000 + len(self.job_ids)
        if answered:
            await self.house.engine.services.jobs.answered(receipt.job.id, 8000 + len(self.job_ids))
        else:
            self._unanswered.add(receipt.job.id)

    def call_back(self, task_id: str, *, about: str | None = None) -> None:
        """Have the API, or somebody who claims to be it, tell of a task; `about` another's mark than its own."""
        tasks = self.house.api.tasks
        self._spool.put([Hint(task_id, tasks[about or task_id].echo, f"{len(self.house.api.fetches)}")])

    # What happens to the process -------------------------------------------------------------------------------------

    async def work(self, seconds: float = 1.0, steps: int = 1) -> None:
        """Let time pass with all parts at work."""
        for _ in range(steps):
            self.house.clock.advance(seconds / steps)
            await self.house.engine.answers.step()
            await self.house.engine.adoption.step()
            await self.house.engine.adoption.drain()
            await self.house.settle()
        await self.check()

    async def set_the_clock(self, seconds: float) -> None:
        """Set the wall clock, while no time passes, under a process that has seen all there is to do."""
        await self.work(0)
        self.house.clock.jump(seconds)
        if seconds > 0:
            self._before_a_jump.update(self.job_ids)
            self._aged |= self._unanswered
        await self.work()

    async def crash(self) -> None:
        """Kill the process and start another on the same database."""
        await self._abandon()
        self._aged |= self._before_a_jump
        self.house.clock.advance(1)
        await self.house.start()

    async def crash_at(self, point: Point, seconds: float, user_id: int) -> None:
        """Let the process stumble at a place, if it comes by there with a new job or an old one, and die of it."""
        with armed(FaultPlan(point, Deed.RAISE)), suppress(RuntimeError):
            await self.imagine(user_id=user_id)
            await self.work(seconds, steps=3)
        await self.crash()

    async def crash_in_flight(self) -> None:
        """Kill the process while the API has its submits and has not answered."""
        api, engine = self.house.api, self.house.engine
        api.hold()
        charged = asyncio.create_task(api.until_charged(len(api.charges) + 1))
        await engine.submitter.step()
        drained = asyncio.create_task(engine.submitter.drain())
        await asyncio.wait({charged, drained}, return_when=asyncio.FIRST_COMPLETED)
        await self.crash()
        api.answering.set()

    async def restart(self) -> None:
        """Stop the process as the owner does, and start another."""
        await self.house.engine.stop()
        await self.crash()

    async def _abandon(self) -> None:
        """End everything under way where it stands: what is not written by now never is."""
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        under_way = [task for task in tasks if task.get_name() != "storage writer"]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self.house.end()

    # What must hold --------------------------------------------------------------------------------------------------

    async def check(self) -> None:
        """Check what must hold at every moment."""
        assert not self.complaints.heard
        self._check_charges()
        self._check_messages()
        owners = {charge.task_id: charge.echo for charge in self.house.api.charges}
        for row in await self.house.database.read("SELECT id, status, task_id, failure FROM jobs"):
            if row["id"] not in self._born:  # its process died before it could say so
                self.job_ids.append(row["id"])
                self._born[row["id"]] = self.house.clock.monotonic()
            self._check_patience(row["id"], Status(row["status"]), row["failure"])
            self._check_status(row["id"], Status(row["status"]), has_task=row["task_id"] is not None)
            if row["task_id"] is not None:
                assert owners[row["task_id"]] == row["id"], "followed is what somebody else paid for"
        twice = await self.house.database.read(
            "SELECT job_id FROM attempts WHERE step <> 'modal' AND outcome NOT IN ('refused', 'not_sent') "
            "GROUP BY job_id HAVING count(*) > 1"
        )
        assert not twice, "I1: an attempt after one that may have been charged"

    def _check_charges(self) -> None:
        api = self.house.api
        charges = Counter(charge.echo for charge in api.charges) + Counter(task_id for task_id, _ in api.modals)
        assert not [job for job, count in charges.items() if count > 1], "I1: charged twice"

    def _check_messages(self) -> None:
        """One result for each job, and one word of each sort: edits of one message are one."""
        discord = self.house.discord
        posted = Counter((message.job.id, message.parcel.job.status) for message in discord.messages)
        told = Counter((parcel.job.id, parcel.job.status) for parcel in discord.dms)
        assert not [job for job, count in (posted + told).items() if count > 1], "I3: told twice"

    def _check_status(self, job_id: str, status: Status, *, has_task: bool) -> None:
        before = self.seen.get(job_id, Status.QUEUED)
        assert status in REACHABLE[before], f"I7: from {before} to {status}"
        self.seen[job_id] = status
        is_charged = any(charge.echo == job_id for charge in self.house.api.charges)
        assert has_task or not is_charged or status in MAYBE_CHARGED, f"charged, and called {status}"
        assert not (has_task and status in WITHOUT_TASK), f"I6: {status} with a task"
        assert has_task or status not in WITH_TASK, f"I6: {status} without a task"

    def _check_patience(self, job_id: str, status: Status, failure: str | None) -> None:
        """Nothing is given up before its time, whatever the wall clock says (reliability B.4, 18)."""
        if status is self.seen.get(job_id) or job_id in self._aged:
            return
        waited = self.house.clock.monotonic() - self._born[job_id]
        assert status is not Status.EXPIRED or waited >= policy.RUN_PATIENCE.total_seconds(), "expired too soon"
        if status is Status.FAILED and failure in {Failure.UNREACHABLE, Failure.QUEUE_FULL}:
            assert waited >= policy.QUEUE_PATIENCE.total_seconds(), "given up too soon"

    # The end ---------------------------------------------------------------------------------------------------------

    def heal(self) -> None:
        """End all that is wrong with the world; tasks that are still open succeed."""
        api, discord = self.house.api, self.house.discord
        api.is_down = False
        faults = (api.refusals, api.lost_answers, api.modal_refusals, api.lost_modals, api.look_errors, api.list_errors)
        for errors in (*faults, api.media_errors, api.key_errors):
            errors.clear()
        api.accept_as.clear()
        api.hidden.clear()
        for wrong in (discord.closed, discord.before, discord.after):
            wrong.clear()
        self.finish_all()

    def finish_all(self) -> None:
        """Let all tasks succeed that wait for nobody."""
        answered = {task_id for task_id, _ in self.house.api.modals}
        for task_id, task in list(self.house.api.tasks.items()):
            if task.phase not in ENDED and (task.phase is not Phase.NEEDS_INPUT or task_id in answered):
                self.finish(task_id)

    def finish(self, task_id: str) -> None:
        """Let a task succeed, with buttons."""
        api = self.house.api
        api.finish(task_id)
        api.tasks[task_id] = replace(api.tasks[task_id], actions=ACTIONS)

    async def rest(self, *, called_back: bool = False) -> None:
        """Let everything come to rest, and check what must hold then.

        Parameters
        ----------
        called_back
            Whether the API tells of all its tasks at last; then each that was paid for has found its job.
        """
        self.heal()
        for charge in self.house.api.charges if called_back else ():
            self.call_back(charge.task_id)
        for seconds in _REST:
            await self.work(seconds)
            self.finish_all()
            jobs = [await self.house.job(job_id) for job_id in self.job_ids]
            if all(self._is_at_rest(job) and not (called_back and self._is_lost(job)) for job in jobs):
                break
        for job_id in self.job_ids:
            await self._check_end(await self.house.job(job_id), called_back=called_back)

    def _is_at_rest(self, job: Job) -> bool:
        if job.deleted_at is not None:
            return True
        return job.status in SETTLED and job.delivery.status in AT_REST and not self._is_looked_for(job)

    def _is_lost(self, job: Job) -> bool:
        """Whether the job was paid for, and nobody knows its task."""
        is_charged = any(charge.echo == job.id for charge in self.house.api.charges)
        return is_charged and job.task_id is None and job.deleted_at is None

    def _is_looked_for(self, job: Job) -> bool:
        """Whether the job has a task that may still turn out well, and that is not given up yet."""
        if job.task_id is None or job.status not in (Status.EXPIRED, Status.UNKNOWN):
            return False
        by_wall = (self.house.clock.now() - job.created_at).total_seconds()
        age = max(by_wall, self.house.clock.monotonic() - self._born[job.id])
        is_given_up = age >= policy.SWEEP_PATIENCE.total_seconds()
        return self.house.api.tasks[job.task_id].phase in ENDED and not is_given_up

    async def _check_end(self, job: Job, *, called_back: bool) -> None:
        """Check that a job has ended well for its person (I2, I5): in a picture, or in a word."""
        if job.deleted_at is not None:
            return
        assert job.status in SETTLED, f"I5: still {job.status}"
        assert job.delivery.status in AT_REST, f"{job.status}, but still {job.delivery.status}"
        assert not self._is_looked_for(job), f"I2: {job.status}, although its task has ended"
        assert not (called_back and self._is_lost(job)), "paid for, called back, and not adopted"
        if job.delivery.status is DeliveryStatus.KEPT:
            assert job.answered_at is None or job.status is Status.CANCELLED, f"nobody was told that it is {job.status}"
            return
        assert job.status in self._told(job.id), f"I2: {job.status}, and nobody was told"

    def _told(self, job_id: str) -> set[Status]:
        """Return what its person was told about a job."""
        discord = self.house.discord
        posted = {message.parcel.job.status for message in discord.messages if message.job.id == job_id}
        direct = {parcel.job.status for parcel in (*discord.dms, *discord.words[job_id]) if parcel.job.id == job_id}
        return posted | direct
