"""The observer: what one look at a task means for its job.

Writes changes, and only changes, to the store and tells those who wait. Knows the ports and the policy; never discord,
aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, final

from bot.errors import TransitionLost
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.ports import Headway
from bot.model import Failure, Kind, Phase, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.jobs.ports import Clock, JobChanges, JobStore
    from bot.jobs.submitting.outcomes import Listeners
    from bot.metrics.jobs import JobMetrics
    from bot.model import Job, Task

_log = logging.getLogger(__name__)

_ALL = 100  # percent
_MOST_VIDEOS = 4  # of one task (contract 2.1)
_OF_TEXT = frozenset({Kind.DESCRIBE, Kind.SHORTEN})
_FOLLOWED = frozenset({Status.RUNNING, Status.NEEDS_INPUT, Status.SUBMITTING})
_SWEPT = frozenset({Status.EXPIRED, Status.UNKNOWN})
_UNDER_WAY = frozenset({Phase.QUEUED, Phase.RUNNING})


@final
@dataclass(slots=True)
class Watch:
    """A task being followed. Times are monotonic: a clock that jumps ends nobody's patience (reliability B.4, 18).

    Attributes
    ----------
    job
        As last written or read, but for its headway.
    overdue_at
        When it is called expired.
    let_go_at
        When nobody looks for an expired one any more.
    misses
        Looks in a row in which the API did not know the task.
    still_since
        Since when what we see has not changed.
    empty_since
        Since when the task is a success without anything to show.
    stale_since
        When its modal was sent, after which it still asks for one.
    blind_since
        Since when every look at it has failed.
    headway
        How far the task has come since; None: no further.
    """

    job: Job
    overdue_at: float
    let_go_at: float
    still_since: float
    misses: int = 0
    empty_since: float | None = None
    stale_since: float | None = None
    blind_since: float | None = None
    headway: Headway | None = None

    @property
    def progress(self) -> int | None:
        """How far the task is, as far as is known."""
        return self.job.progress if self.headway is None else self.headway.progress

    @property
    def preview_url(self) -> str | None:
        """The newest preview."""
        return self.job.preview_url if self.headway is None else self.headway.preview_url


@final
class Observer:
    """Turns looks into transitions."""

    def __init__(self, store: JobStore, clock: Clock, listeners: Listeners, metrics: JobMetrics) -> None:
        self._store = store
        self._clock = clock
        self._tell = listeners
        self._metrics = metrics

    def begin(self, job: Job) -> Watch:
        """Start to follow a job's task.

        One whose time is over already, by a clock that may have been set while nobody looked, gets some all the same.
        """
        now = self._clock.monotonic()
        overdue_at = math.inf if job.give_up_at is None else self._moment(job.give_up_at, policy.RUN_PATIENCE)
        let_go_at = self._moment(job.created_at + policy.SWEEP_PATIENCE, policy.SWEEP_PATIENCE)
        return Watch(
            job,
            overdue_at=max(overdue_at, now + policy.FRESH_PATIENCE.total_seconds()),
            let_go_at=max(let_go_at, now + policy.FRESH_SWEEP_PATIENCE.total_seconds()),
            still_since=now,
        )

    def _moment(self, at: datetime, longest: timedelta) -> float:
        """Return when that will be on the clock that never jumps: by now at the earliest, or after `longest`."""
        ahead = min(max(at - self._clock.now(), timedelta()), longest)
        return self._clock.monotonic() + ahead.total_seconds()

    async def observe(self, watch: Watch, task: Task | None) -> bool:
        """Take in one look, None where the API does not know the task; tell whether to go on following."""
        watch.misses = 0 if task is not None else watch.misses + 1
        watch.blind_since = None
        if watch.job.status is Status.SUBMITTING:  # its modal was being sent when we last read it
            watch.job = await self._store.get(watch.job.id) or watch.job
            if watch.job.status is Status.SUBMITTING:
                return True
        try:
            return await self._observe(watch, task)
        except TransitionLost:
            _log.debug("Somebody else moved the job", extra={"job": watch.job.id})
            current = await self._store.get(watch.job.id)
            if current is None:
                return False
            watch.job = current
            return current.status in _FOLLOWED

    async def miss(self, watch: Watch) -> bool:
        """Take in that a look failed; tell whether to go on following.

        An outage makes no job expired at its deadline; only one without end does.
        """
        now = self._clock.monotonic()
        watch.blind_since = blind_since = watch.blind_since or now
        if now - blind_since < policy.BLIND_PATIENCE.total_seconds():
            return True
        following = await self.observe(watch, None)
        watch.blind_since = blind_since
        return following

    def is_under_way(self, watch: Watch, task: Task) -> bool:
        """Whether a look tells how far a running job's task is, and nothing else that would have to be seen to."""
        return (
            task.phase in _UNDER_WAY
            and task.progress != _ALL
            and watch.job.status is Status.RUNNING
            and self._clock.monotonic() < watch.overdue_at
        )

    async def advance(self, looks: Sequence[tuple[Watch, Task]]) -> None:
        """Take in looks at tasks that are under way; what all of them tell is written at once."""
        moved: list[tuple[Watch, Headway]] = []
        for watch, task in looks:
            watch.misses, watch.blind_since = 0, None
            headway = _headway(watch, task)
            if headway is not None:
                moved.append((watch, headway))
        if moved:
            await self._note(moved)

    async def _observe(self, watch: Watch, task: Task | None) -> bool:
        if task is None:
            return await self._patience(watch)
        match task.phase:
            case Phase.SUCCEEDED:
                return await self._succeeded(watch, task)
            case Phase.FAILED:
                await self._failed(watch, *policy.judge_failure(task.fail_reason))
                return False
            case Phase.NEEDS_INPUT:
                return await self._needs_input(watch)
            case Phase.QUEUED | Phase.RUNNING:
                return await self._running(watch, task)

    async def _running(self, watch: Watch, task: Task) -> bool:
        await self._ensure_running(watch)
        headway = _headway(watch, task)
        if headway is not None:
            await self._note([(watch, headway)])
        elif task.progress == _ALL and self._is_over(watch.still_since, policy.FROZEN_PATIENCE):
            return await self._frozen(watch, task)
        return await self._patience(watch)

    async def _note(self, moved: Sequence[tuple[Watch, Headway]]) -> None:
        await self._store.note_headway([headway for _, headway in moved], self._clock.now())
        now = self._clock.monotonic()
        for watch, headway in moved:
            watch.still_since, watch.headway = now, headway
            self._tell.advanced(watch.job, headway)

    async def _frozen(self, watch: Watch, task: Task) -> bool:
        """End a row that the gateway will never move again: with its picture if there is one (contract 4.3)."""
        if task.preview_url is None:
            await self._failed(watch, Failure.NO_PICTURE, "")
            return False
        changes: JobChanges = {"media_url": task.preview_url, "final_prompt": task.final_prompt}
        await self._succeed(watch, task, changes)
        return False

    async def _succeeded(self, watch: Watch, task: Task) -> bool:
        url = task.video_urls[0] if task.video_urls else task.picture_url
        text = task.text if _may_give_text(watch.job) else ""
        if not (text if watch.job.kind in _OF_TEXT else url or text):
            watch.empty_since = watch.empty_since or self._clock.monotonic()
            if not self._is_over(watch.empty_since, policy.EMPTY_PATIENCE):
                return True
        await self._ensure_running(watch)
        changes: JobChanges = {
            "media_url": url,
            "more_urls": _others(task.video_urls),
            "final_prompt": task.final_prompt,
            "result_text": text,
        }
        await self._succeed(watch, task, changes)
        return False

    async def _succeed(self, watch: Watch, task: Task, changes: JobChanges) -> None:
        now = self._clock.now()
        changes["finished_at"] = now
        changes["progress"] = _ALL
        changes["seed"] = task.seed or None
        reach(Point.SUCCESS_SEEN)
        job = await self._store.transition(
            watch.job.id, watch.job.status, Status.SUCCEEDED, at=now, changes=changes, actions=task.actions
        )
        reach(Point.SUCCEEDED)
        lag = (now - task.finished_at).total_seconds() if task.finished_at else math.nan
        if not math.isnan(lag):
            self._metrics.seen(lag)
        _log.info("Succeeded; seen %.1f s after its end", lag, extra={"job": job.id, "action": "poll"})
        self._tell.settled(job)

    async def _failed(self, watch: Watch, failure: Failure, detail: str) -> None:
        await self._ensure_running(watch)
        now = self._clock.now()
        changes: JobChanges = {"failure": failure, "failure_detail": detail, "finished_at": now}
        job = await self._store.transition(watch.job.id, watch.job.status, Status.FAILED, at=now, changes=changes)
        _log.info("Failed at the API (%s: %s)", failure.value, detail, extra={"job": job.id, "action": "poll"})
        self._tell.settled(job)

    async def _needs_input(self, watch: Watch) -> bool:
        job = watch.job
        now = self._clock.now()
        if job.modal_sent_at is None and job.status is Status.RUNNING:
            watch.job = job = await self._store.transition(job.id, Status.RUNNING, Status.NEEDS_INPUT, at=now)
        if job.modal_sent_at is None and job.status is Status.NEEDS_INPUT:
            if self._clock.monotonic() >= watch.overdue_at:
                return await self._patience(watch)
            self._tell.needs_input(job)
            return True
        if job.modal_sent_at is not None and watch.stale_since is None:
            end = self._moment(job.modal_sent_at + policy.MODAL_PATIENCE, policy.MODAL_PATIENCE)
            watch.stale_since = end - policy.MODAL_PATIENCE.total_seconds()
        if (
            job.status is Status.NEEDS_INPUT
            and watch.stale_since is not None
            and self._is_over(watch.stale_since, policy.MODAL_PATIENCE)
        ):
            watch.job = await self._store.transition(job.id, Status.NEEDS_INPUT, Status.UNKNOWN, at=now)
            self._tell.settled(watch.job)
            return True
        return await self._patience(watch)  # stale news: the modal was sent (contract 4.3)

    def _is_over(self, since: float, patience: timedelta) -> bool:
        return self._clock.monotonic() - since >= patience.total_seconds()

    async def _ensure_running(self, watch: Watch) -> None:
        """Bring a job whose task is beyond MODAL back to `running`."""
        if watch.job.status in (Status.NEEDS_INPUT, Status.UNKNOWN):
            watch.job = await self._store.transition(
                watch.job.id, watch.job.status, Status.RUNNING, at=self._clock.now()
            )

    async def _patience(self, watch: Watch) -> bool:
        """Call a job expired that has run too long, and stop looking for good after the sweep."""
        job, now = watch.job, self._clock.monotonic()
        if job.status in _SWEPT:
            return now < watch.let_go_at
        if now < watch.overdue_at:
            return True
        watch.job = await self._store.transition(job.id, job.status, Status.EXPIRED, at=self._clock.now())
        _log.warning("No end in sight; called expired, and looked for on", extra={"job": job.id, "action": "poll"})
        self._tell.settled(watch.job)
        return True


def _headway(watch: Watch, task: Task) -> Headway | None:
    """Return how far a job is by a look at its task; None where that is known already. It never goes back."""
    known, preview_url = watch.progress, watch.preview_url
    progress = max(task.progress or 0, known or 0) if task.progress is not None else known
    if progress == known and (preview_url is not None or task.preview_url is None):
        return None
    return Headway(watch.job.id, progress, task.preview_url or preview_url)


def _may_give_text(job: Job) -> bool:
    """Whether a task's text is its result: suggestions, also those of a button such as "Show details"."""
    return job.kind in _OF_TEXT or job.action_index is not None


def _others(video_urls: tuple[str, ...]) -> tuple[str, ...]:
    """Return where the videos after the first are; another query names the same one (contract 12.8)."""
    distinct: dict[str, str] = {}
    for url in video_urls:
        distinct.setdefault(url.partition("?")[0], url)
    return tuple(distinct.values())[1:_MOST_VIDEOS]
