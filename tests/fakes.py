"""Fakes with behavior for the engine's ports: an API that keeps tasks and a Discord that keeps messages.

They follow the ports' docstrings, so a test says what the world does and reads what came of it. Time is driven by hand.
Imports only the model, the errors and the ports.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from typing_extensions import override

from bot.errors import AnswerGone, CometNotOffered, CometUnreachable, MediaUnavailable
from bot.jobs.ports import Clock, Darkroom, Delivery, Midjourney, Parcel, Posted
from bot.model import Accepted, Action, Kind, Media, Phase, Route, Status, Task
from cogs.render.origin import alt_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.errors import CometError, DeliveryError, MediaError
    from bot.jobs.ports import ExportPart, Film
    from bot.model import Batch, Dimensions, Export, Job, Speed

P = ParamSpec("P")
T = TypeVar("T")

GRID = tuple(
    Action(
        index=n,
        action_id=f"MJ::JOB::upsample::{n + 1}::u",
        kind=Kind.UPSCALE,
        label=f"U{n + 1}",
        quadrant=n + 1,
        once=True,
    )
    for n in range(4)
) + tuple(
    Action(
        index=4 + n, action_id=f"MJ::JOB::variation::{n + 1}::u", kind=Kind.VARIATION, label=f"V{n + 1}", quadrant=n + 1
    )
    for n in range(4)
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


class FakeClock(Clock):
    """A clock that moves only when told to; waiting moves it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 12, 11, 29, 2, tzinfo=UTC)
        self._monotonic = 1000.0

    @override
    def now(self) -> datetime:
        return self._now

    @override
    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """Set the wall clock forwards or back, as the owner or a time server may, while no time passes."""
        self._now += timedelta(seconds=seconds)

    @override
    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        await asyncio.sleep(0)
        if not event.is_set():
            self.advance(seconds)
        return event.is_set()


@dataclass(frozen=True)
class Charge:
    """One accepted submit: what the owner pays for. `echo` is the job in its mark, without the signature."""

    task_id: str
    echo: str
    what: str
    speed: Speed


def _job_of(echo: str) -> str:
    return echo.partition(".")[0]


class FakeDarkroom(Darkroom):
    """Decodes pictures in this process, one at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    @override
    async def run(self, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._turn:
            return await asyncio.to_thread(do, *args, **kwargs)


class FakeMidjourney(Midjourney):
    """An API that keeps its tasks in a dict and its charges in a list."""

    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.charges: list[Charge] = []
        self.modals: list[tuple[str, str]] = []
        self.refusals: list[CometError] = []  # the next submits raise these, uncharged
        self.lost_answers: list[CometError] = []  # the next submits are charged, then raise these
        self.accept_as: list[Accepted] = []  # the next submits answer like this (task id filled in)
        self.modal_refusals: list[CometError] = []
        self.lost_modals: list[CometError] = []  # the next modals are taken and do not look so, then raise these
        self.look_errors: list[CometError] = []
        self.list_errors: list[CometError] = []
        self.media_errors: list[MediaError] = []
        self.key_errors: list[CometError] = []
        self.is_down = False  # whether no connection can be made
        self.hidden: set[str] = set()  # tasks that the API does not mention
        self.lists: list[list[str]] = []
        self.fetches: list[str] = []
        self.downloads: list[str] = []
        self.picture = PNG  # what is downloaded …
        self.files: dict[str, bytes] = {}  # … but from these addresses
        self.handed_in: dict[str, tuple[str, ...]] = {}  # by job: the names of the pictures that came with a submit
        self.remixed: set[str] = set()  # the jobs of actions that were to ask for a prompt
        self.films: dict[str, Film] = {}  # by job
        self.masks: dict[str, bytes] = {}  # by task
        self.not_offered: set[Route] = set()  # routes that this API does not have …
        self.learned: set[Route] = set()  # … and those of which the bot has found out
        self.charged = asyncio.Event()
        self.answering = asyncio.Event()
        self.answering.set()

    def hold(self) -> None:
        """Let submits hang until `answering` is set again."""
        self.answering.clear()

    async def until_charged(self, times: int) -> None:
        """Wait until so many submits have been charged."""
        while len(self.charges) < times:
            self.charged.clear()
            await self.charged.wait()

    def _reach(self) -> None:
        if self.is_down:
            raise CometUnreachable

    async def _submit(self, what: str, speed: Speed, echo: str, *, asks: bool = False) -> Accepted:
        self._reach()
        if self.refusals:
            raise self.refusals.pop(0)
        task_id = f"17733149421776{len(self.charges):02d}"
        self.charges.append(Charge(task_id, _job_of(echo), what, speed))
        self.charged.set()
        self.tasks[task_id] = Task(task_id=task_id, phase=Phase.QUEUED, echo=echo)
        await self.answering.wait()
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        accepted = self.accept_as.pop(0) if self.accept_as else Accepted(task_id="", needs_input=asks)
        if accepted.needs_input:
            self.change(task_id, phase=Phase.NEEDS_INPUT)
        return replace(accepted, task_id=task_id)

    def change(
        self, task_id: str, *, phase: Phase, progress: int | None = None, preview_url: str | None = None
    ) -> None:
        """Move a task on."""
        self.tasks[task_id] = replace(self.tasks[task_id], phase=phase, progress=progress, preview_url=preview_url)

    def finish(self, task_id: str, *, picture_url: str | None = "https://cdn.example/grid.png") -> None:
        """End a task well."""
        self.tasks[task_id] = replace(
            self.tasks[task_id],
            phase=Phase.SUCCEEDED,
            progress=100,
            picture_url=picture_url,
            final_prompt="a fox",
            actions=GRID,
        )

    def fail(self, task_id: str, reason: str) -> None:
        """End a task badly."""
        self.tasks[task_id] = replace(self.tasks[task_id], phase=Phase.FAILED, progress=100, fail_reason=reason)

    @override
    async def imagine(self, prompt: str, *, images: Sequence[Path] = (), speed: Speed, echo: str) -> Accepted:
        self.handed_in[_job_of(echo)] = tuple(image.name for image in images)
        return await self._submit(prompt, speed, echo)

    @override
    async def act(self, task_id: str, action_id: str, *, remix: bool = False, speed: Speed, echo: str) -> Accepted:
        if remix:
            self.remixed.add(_job_of(echo))
        return await self._submit(f"{task_id} {action_id}", speed, echo, asks=remix)

    @override
    async def blend(self, images: Sequence[Path], dimensions: Dimensions, *, speed: Speed, echo: str) -> Accepted:
        self.handed_in[_job_of(echo)] = tuple(image.name for image in images)
        return await self._submit(f"blend {dimensions}", speed, echo)

    @override
    async def describe(self, image: Path, *, speed: Speed, echo: str) -> Accepted:
        self.handed_in[_job_of(echo)] = (image.name,)
        return await self._submit("describe", speed, echo)

    @override
    async def shorten(self, prompt: str, *, speed: Speed, echo: str) -> Accepted:
        self._refuse_if_missing(Route.SHORTEN)
        return await self._submit(f"shorten {prompt}", speed, echo)

    @override
    async def edit(self, prompt: str, image: Path, mask: Path | None, *, speed: Speed, echo: str) -> Accepted:
        self._refuse_if_missing(Route.EDIT)
        self.handed_in[_job_of(echo)] = (image.name, *([mask.name] if mask else []))
        return await self._submit(f"edit {prompt}", speed, echo)

    @override
    async def video(self, film: Film, *, speed: Speed, echo: str) -> Accepted:
        self.films[_job_of(echo)] = film
        return await self._submit("video", speed, echo)

    @override
    def offers(self, route: Route) -> bool:
        return route not in self.learned

    def _refuse_if_missing(self, route: Route) -> None:
        if route in self.not_offered:
            self.learned.add(route)
            raise CometNotOffered

    @override
    async def answer_modal(self, task_id: str, prompt: str, *, mask: Path | None = None, speed: Speed) -> Accepted:
        self._reach()
        if self.modal_refusals:
            raise self.modal_refusals.pop(0)
        if mask is not None:
            self.masks[task_id] = await asyncio.to_thread(mask.read_bytes)
        self.modals.append((task_id, prompt))
        if self.lost_modals:
            raise self.lost_modals.pop(0)
        self.change(task_id, phase=Phase.QUEUED)
        return Accepted(task_id=task_id)

    @override
    async def fetch(self, task_id: str) -> Task | None:
        self.fetches.append(task_id)
        self._reach()
        if self.look_errors:
            raise self.look_errors.pop(0)
        return None if task_id in self.hidden else self.tasks.get(task_id)

    @override
    async def list_tasks(self, task_ids: Sequence[str]) -> dict[str, Task]:
        self.lists.append(list(task_ids))
        self._reach()
        for errors in (self.list_errors, self.look_errors):
            if errors:
                raise errors.pop(0)
        return {
            task_id: self.tasks[task_id] for task_id in task_ids if task_id in self.tasks and task_id not in self.hidden
        }

    @override
    async def download(self, url: str, destination: Path) -> Media:
        self.downloads.append(url)
        if self.media_errors:
            raise self.media_errors.pop(0)
        if self.is_down or "gone" in url:
            raise MediaUnavailable(url)
        content = self.files.get(url, self.picture)
        await asyncio.to_thread(destination.write_bytes, content)
        media_type = "video/mp4" if content[4:8] == b"ftyp" else "image/png"
        return Media(path=destination, media_type=media_type, size=len(content))

    @override
    async def check_key(self) -> None:
        self._reach()
        if self.key_errors:
            raise self.key_errors.pop(0)


@dataclass
class FakeMessage:
    """A message of the bot's in a channel."""

    message_id: int
    channel_id: int
    job: Job
    parcel: Parcel
    nonce: str
    edits: list[Parcel] = field(default_factory=list[Parcel])


class FakeDelivery(Delivery):
    """A Discord that keeps what was posted. Ways can be closed, and faults put before or after an effect."""

    def __init__(self) -> None:
        self.messages: list[FakeMessage] = []
        self.dms: list[Parcel] = []
        self.stars: list[FakeMessage] = []
        self.stars_shown: dict[str, int] = {}
        self.stars_asked: list[str] = []
        self.shared: set[int] = set()  # messages that somebody showed something by
        self.for_adults: set[int] = set()  # channels
        self.notices: list[tuple[str, Posted]] = []
        self.progress: dict[str, list[Job]] = defaultdict(list)
        self.words: dict[str, list[Parcel]] = defaultdict(list)
        self.removed: list[str] = []
        self.exports: list[tuple[Export, ExportPart, bytes]] = []
        self.export_answers: list[tuple[Export, str, str | None]] = []
        self.redrawn: list[tuple[Posted, Job, tuple[Action, ...]]] = []
        self.batches: dict[str, list[tuple[Batch, bytes | None]]] = defaultdict(list)
        self.answers: dict[str, int | None] = {}
        self.nonces_remembered = True
        self.before: dict[str, list[DeliveryError]] = defaultdict(list)  # by method: raised before any effect
        self.after: dict[str, list[DeliveryError]] = defaultdict(list)  # by method: raised after the effect
        self.closed: dict[str, DeliveryError] = {}  # by method: always raised
        self.searches = 0
        self.links_asked = 0
        self.files: dict[str, bytes] = {}  # by link

    def _enter(self, method: str) -> None:
        if self.before[method]:
            raise self.before[method].pop(0)
        if method in self.closed:
            raise self.closed[method]

    def _leave(self, method: str) -> None:
        if self.after[method]:
            raise self.after[method].pop(0)

    @override
    async def show_progress(self, job: Job, parent: Job | None = None) -> None:
        self._enter("show_progress")
        assert (parent and parent.id) == job.parent_id
        self.progress[job.id].append(job)

    @override
    async def find_answer(self, job: Job) -> int | None:
        self._enter("find_answer")
        return self.answers.get(job.id)

    @override
    async def post(self, parcel: Parcel) -> Posted:
        self._enter("post")
        job = parcel.job
        nonce = job.delivery.nonce if job.status is Status.SUCCEEDED else f"w{job.delivery.nonce[1:]}"
        earlier = next((m for m in self.messages if m.nonce == nonce and self.nonces_remembered), None)
        message = earlier or FakeMessage(9000 + len(self.messages), job.channel_id, job, parcel, nonce)
        if earlier is None:
            self.messages.append(message)
        self._leave("post")
        return Posted(channel_id=message.channel_id, message_id=message.message_id)

    @override
    async def find_post(self, job: Job) -> Posted | None:
        self.searches += 1
        self._enter("find_post")
        found = next((m for m in self.messages if m.job.id == job.id), None)
        return found and Posted(channel_id=found.channel_id, message_id=found.message_id)

    @override
    async def edit_post(self, posted: Posted, parcel: Parcel) -> None:
        self._enter("edit_post")
        message = next((m for m in self.messages if m.message_id == posted.message_id), None)
        if message is None:
            raise AnswerGone
        message.edits.append(parcel)

    @override
    async def edit_answer(self, parcel: Parcel) -> Posted:
        self._enter("edit_answer")
        self.words[parcel.job.id].append(parcel)
        self._leave("edit_answer")
        return Posted(channel_id=parcel.job.channel_id, message_id=parcel.job.delivery.answer_message_id or 1)

    @override
    async def send_dm(self, parcel: Parcel) -> Posted:
        self._enter("send_dm")
        self.dms.append(parcel)
        return Posted(channel_id=77, message_id=7700 + len(self.dms))

    @override
    async def send_notice(self, job: Job, posted: Posted) -> None:
        self._enter("send_notice")
        self.notices.append((job.id, posted))

    @override
    async def show_star(self, parcel: Parcel, channel_id: int) -> Posted:
        self._enter("show_star")
        message = FakeMessage(9500 + len(self.stars), channel_id, parcel.job, parcel, "star")
        self.stars.append(message)
        self._leave("show_star")
        return Posted(channel_id=channel_id, message_id=message.message_id)

    @override
    async def count_stars(self, job: Job) -> int:
        self.stars_asked.append(job.id)
        self._enter("count_stars")
        return self.stars_shown.get(job.id, 0)

    @override
    async def find_showcase(self, job: Job, channel_id: int) -> Posted | None:
        self._enter("find_showcase")
        found = next((m for m in self.stars if m.job.id == job.id and m.channel_id == channel_id), None)
        return found and Posted(channel_id=channel_id, message_id=found.message_id)

    @override
    async def fresh_links(self, job: Job) -> tuple[str, ...]:
        self._enter("fresh_links")
        self.links_asked += 1
        found = next((m for m in self.messages if m.message_id == job.delivery.message_id), None)
        if found is None:
            raise AnswerGone
        return (f"https://cdn.discord.example/{job.id}.png?ex=now",) if found.parcel.media else ()

    @override
    async def read(self, link: str) -> bytes:
        self._enter("read")
        if link not in self.files:
            raise AnswerGone
        return self.files[link]

    @override
    def alt_text(self, job: Job, part: int | None = None) -> str:
        return alt_text(job, part)

    @override
    async def send_export(self, export: Export, part: ExportPart) -> None:
        self._enter("send_export")
        content = await asyncio.to_thread(part.path.read_bytes) if part.path is not None else b""
        self.exports.append((export, part, content))
        self._leave("send_export")

    @override
    async def answer_export(self, export: Export, token: str, asked_at: datetime, link: str | None) -> None:
        self._enter("answer_export")
        self.export_answers.append((export, token, link))

    @override
    def may_show(self, job: Job, channel_id: int) -> bool:
        return channel_id == job.channel_id or job.channel_id not in self.for_adults or channel_id in self.for_adults

    @override
    async def is_there(self, posted: Posted) -> bool:
        self._enter("is_there")
        return posted.message_id in {*self.shared, *(message.message_id for message in (*self.messages, *self.stars))}

    @override
    async def remove_answer(self, job: Job) -> None:
        self._enter("remove_answer")
        self.removed.append(job.id)

    @override
    async def redraw(self, posted: Posted, job: Job, actions: tuple[Action, ...]) -> None:
        self._enter("redraw")
        self.redrawn.append((posted, job, actions))

    @override
    async def remove_post(self, posted: Posted) -> None:
        self._enter("remove_post")
        self.messages = [message for message in self.messages if message.message_id != posted.message_id]
        self.stars = [message for message in self.stars if message.message_id != posted.message_id]
        self.shared.discard(posted.message_id)

    @override
    async def find_batch(self, batch: Batch) -> int | None:
        self._enter("find_batch")
        return self.answers.get(batch.id)

    @override
    async def show_batch(self, batch: Batch, sheet: Path | None) -> None:
        self._enter("show_batch")
        self.batches[batch.id].append((batch, await asyncio.to_thread(sheet.read_bytes) if sheet else None))
