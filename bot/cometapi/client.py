"""`CometClient`: the Midjourney API behind the engine's port. Puts bodies, transport and protocol together.

Nothing here retries a submit, and nothing here decides what an answer means.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar, final
from urllib.parse import quote

from typing_extensions import override

from bot.cometapi import bodies
from bot.cometapi.addresses import MediaRule
from bot.cometapi.bodies import Submit
from bot.cometapi.media import MediaFetcher
from bot.cometapi.protocol import read_fetch, read_list, read_submit
from bot.cometapi.retrying import retrying
from bot.cometapi.transport import Request, Transport
from bot.errors import (
    CometInvalid,
    CometMisrouted,
    CometNotOffered,
    CometTaskMissing,
    CometUncertain,
    CometUnreachable,
)
from bot.model import Route, Speed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from bot.cometapi.answers import Answer
    from bot.cometapi.media import Limits
    from bot.jobs.ports import Film, Midjourney
    from bot.metrics.api import ApiMetrics
    from bot.model import Accepted, Dimensions, Media, Task
else:
    # The port stands above this package (style: imports go one way), so only the type checker sees it.
    Midjourney = object

_Looked = TypeVar("_Looked")

_ONE: Final = 1024 * 1024
_MANY: Final = 16 * _ONE
#: Submits with pictures whose bodies are in memory at the same time; the others wait, and are not sent before.
_LARGE_AT_ONCE: Final = 4
_LOOK_TRIES: Final = 2
_LONGEST_PAUSE: Final = timedelta(seconds=1)
#: No back end gives out this id.
_NO_TASK: Final = "0000000000000000"
#: Routes outside the reference (contract 9, number 12).
_OPTIONAL: Final = frozenset({Route.SHORTEN, Route.EDIT})
_NO_ROUTE: Final = frozenset({301, 302, 307, 308, 404, 405})


@final
class CometClient(Midjourney):
    """A client for CometAPI, or any service that speaks its contract. Use it as a context manager, or close it.

    Parameters
    ----------
    base_url
        Without a path for the official service (contract 1).
    key
        Secret; sent to the API's host only, and in no log, error or repr.
    submit_timeout
        Must be longer than the gateway's own 60 s (reliability 0.4).
    media_hosts
        See `MediaRule`.
    notify_hook
        Secret; the address that the API is to call when a task changes (contract 5). None for none.
    metrics
        Where requests are counted and timed; None for nowhere.
    sleep
        Waits between tries of looks and downloads, in seconds.

    Raises
    ------
    ValueError
        The address or the key cannot be used.
    """

    def __init__(  # noqa: PLR0913 - keywords with defaults, set in one place
        self,
        *,
        base_url: str,
        key: str,
        submit_timeout: timedelta = timedelta(seconds=90),
        look_timeout: timedelta = timedelta(seconds=30),
        media_hosts: Collection[str] = (),
        media_limits: Limits | None = None,
        notify_hook: str | None = None,
        metrics: ApiMetrics | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._base_url = base_url
        self._notify_hook = notify_hook
        self._sleep = sleep
        self._transport = Transport(
            base_url=base_url,
            key=key,
            submit_timeout=submit_timeout,
            look_timeout=look_timeout,
            metrics=metrics,
        )
        self._media = MediaFetcher(MediaRule(base_url, media_hosts), sleep=sleep, limits=media_limits)
        self._not_offered: set[Route] = set()
        self._is_there = False  # whether any submit was ever accepted at this address
        self._with_pictures = asyncio.Semaphore(_LARGE_AT_ONCE)

    @override
    def __repr__(self) -> str:
        return f"CometClient({self._base_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.close()
        await self._media.close()

    @override
    async def imagine(self, prompt: str, *, images: Sequence[Path] = (), speed: Speed, echo: str) -> Accepted:
        """Submit a prompt, and pictures as image prompts.

        Raises
        ------
        CometError
            As for every submit: with `sent == "no"` it cost nothing.
        """
        return await self._submit(bodies.imagine(prompt, images, echo), speed)

    @override
    async def act(self, task_id: str, action_id: str, *, remix: bool = False, speed: Speed, echo: str) -> Accepted:
        """Press a button of a finished task; with `remix` the task is to wait for a prompt of its own.

        Raises
        ------
        CometError
            As for every submit; `CometNotReady` if the parent is not known or not finished yet, `CometActionRefused`
            if there is no such button.
        """
        return await self._submit(bodies.act(task_id, action_id, echo, remix=remix), speed)

    @override
    async def answer_modal(self, task_id: str, prompt: str, *, mask: Path | None = None, speed: Speed) -> Accepted:
        """Give a waiting task its input. The answer never asks for input again.

        Raises
        ------
        CometError
            As for every submit.
        """
        return await self._submit(bodies.answer_modal(task_id, prompt, mask), speed)

    @override
    async def blend(self, images: Sequence[Path], dimensions: Dimensions, *, speed: Speed, echo: str) -> Accepted:
        """Blend 2 to 5 pictures.

        Raises
        ------
        CometNotOffered
            There is no such route, at an address where others are. Asked once, then remembered.
        CometError
            As for every submit.
        """
        return await self._submit_if_offered(Route.BLEND, bodies.blend(images, dimensions, echo), speed)

    @override
    async def describe(self, image: Path, *, speed: Speed, echo: str) -> Accepted:
        """Ask for prompts that fit a picture.

        Raises
        ------
        CometNotOffered
            As `blend`.
        CometError
            As for every submit.
        """
        return await self._submit_if_offered(Route.DESCRIBE, bodies.describe(image, echo), speed)

    @override
    async def shorten(self, prompt: str, *, speed: Speed, echo: str) -> Accepted:
        """Ask which words of a prompt matter, where the API offers that.

        Raises
        ------
        CometNotOffered
            There is no such route. Asked once, then remembered.
        CometError
            As for every submit.
        """
        return await self._submit_if_offered(Route.SHORTEN, bodies.shorten(prompt, echo), speed)

    @override
    async def edit(self, prompt: str, image: Path, mask: Path | None, *, speed: Speed, echo: str) -> Accepted:
        """Edit any picture, where the API offers that. A mask is a PNG, white where to repaint.

        Raises
        ------
        CometNotOffered
            There is no such route. Asked once, then remembered.
        CometError
            As for every submit.
        """
        return await self._submit_if_offered(Route.EDIT, bodies.edit(prompt, image, mask, echo), speed)

    @override
    async def video(self, film: Film, *, speed: Speed, echo: str) -> Accepted:
        """Animate a picture, or go on from a finished video.

        Raises
        ------
        CometInvalid
            Also for turbo, which is not sold for videos (contract 1): nothing is sent.
        CometNotOffered
            As `blend`.
        CometError
            As for every submit.
        """
        if speed is Speed.TURBO:
            msg = "there is no turbo for videos"
            raise CometInvalid(msg)
        return await self._submit_if_offered(Route.VIDEO, bodies.video(film, echo), speed)

    @override
    def offers(self, route: Route) -> bool:
        """Tell whether this API has a route, as far as has been learned."""
        return route not in self._not_offered

    @override
    async def fetch(self, task_id: str) -> Task | None:
        """Look at one task; None where the API does not know it.

        Raises
        ------
        CometError
            No answer about a task; `CometBusy` at once, so that the caller can pause everything.
        """
        request = Request(method="GET", path=f"/mj/task/{quote(task_id, safe='')}/fetch", limit=_ONE)
        return await self._look(request, lambda answer: read_fetch(answer, task_id))

    @override
    async def list_tasks(self, task_ids: Sequence[str]) -> dict[str, Task]:
        """Look at up to 100 tasks at once; unknown ones are missing. Of two rows the most advanced is returned.

        Raises
        ------
        CometError
            No list came back; `CometBusy` at once.
        """
        if not task_ids:
            return {}
        body = Submit(route="list", fields={"ids": list(task_ids)}).encode()
        request = Request(method="POST", path="/mj/task/list-by-condition", body=body, limit=_MANY)
        return await self._look(request, lambda answer: read_list(answer, task_ids))

    @override
    async def download(self, url: str, destination: Path) -> Media:
        """Fetch a picture or video into a new file, whole or not at all.

        Raises
        ------
        MediaUnavailable, MediaRefused
            It could not be had, or may not be.
        """
        return await self._media.download(url, destination)

    @override
    async def check_key(self) -> None:
        """Ask for a task that does not exist: free of charge, and a wrong key is told before a wrong id.

        Raises
        ------
        CometAuth
            The key was not accepted.
        CometError
            There was no answer from which to tell.
        """
        try:
            await self.fetch(_NO_TASK)
        except (CometInvalid, CometTaskMissing):
            return

    async def _submit(self, submit: Submit, speed: Speed) -> Accepted:
        accepted = _accepted(submit, await self._post(submit, speed))
        self._is_there = True
        return accepted

    async def _submit_if_offered(self, route: Route, submit: Submit, speed: Speed) -> Accepted:
        if route in self._not_offered:
            raise CometNotOffered
        answer = await self._post(submit, speed)
        try:
            return _accepted(submit, answer)
        except CometMisrouted as missing:
            # What every such service is said to have is missing only where something else was found at this address.
            if answer.status not in _NO_ROUTE or not (self._is_there or route in _OPTIONAL):
                raise
            self._not_offered.add(route)
            raise CometNotOffered(missing.detail, request_id=missing.request_id) from missing

    async def _post(self, submit: Submit, speed: Speed) -> Answer:
        if self._notify_hook is not None:
            submit = submit.calling(self._notify_hook)
        async with self._with_pictures if submit.has_pictures else nullcontext():
            body = await asyncio.to_thread(submit.encode)
            path = f"/mj-{speed.value}/mj/submit/{submit.route}"
            return await self._transport.submit(Request(method="POST", path=path, body=body, limit=_ONE))

    async def _look(self, request: Request, read: Callable[[Answer], _Looked]) -> _Looked:
        async def once() -> _Looked:
            return read(await self._transport.look(request))

        return await retrying(_LOOK_TRIES, sleep=self._sleep, again=_again, longest=_LONGEST_PAUSE)(once)


def _accepted(submit: Submit, answer: Answer) -> Accepted:
    return read_submit(answer, submit.asked, submit.known_id)


def _again(failure: BaseException) -> timedelta | None:
    """Repeat a look once after a broken connection or a server error; not after a time-out, which took long enough."""
    broken = isinstance(failure, (CometUnreachable, CometUncertain))
    return timedelta() if broken and not isinstance(failure.__cause__, TimeoutError) else None
