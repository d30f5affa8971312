"""Sending: which call of the Midjourney port makes a job, and with which pictures.

Everything that a call needs is found before the job is marked as being sent, so that whatever is gone by then fails it
free of charge. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, final

from bot.errors import CometError
from bot.jobs.ports import Film, Step
from bot.model import Dimensions, Failure, Motion, Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    from bot.jobs.adopting.echoes import Echoes
    from bot.jobs.keeping.inputs import Inputs
    from bot.jobs.ports import JobStore, Midjourney
    from bot.model import Accepted, Action, Job

    _Call = Callable[[], Awaitable[Accepted]]

_log = logging.getLogger(__name__)

_OF_PICTURES: Final = frozenset({Route.BLEND, Route.DESCRIBE, Route.EDIT})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A job ready to be sent.

    Attributes
    ----------
    parent
        The job whose task it goes on from: with a button, or as the extension of a video.
    action
        The button.
    send
        Makes the paid request. To be called once. Raises `CometError`.
    """

    step: Step
    send: _Call
    parent: Job | None = None
    action: Action | None = None


@final
class Sender:
    """Makes jobs ready to be sent."""

    def __init__(self, store: JobStore, midjourney: Midjourney, inputs: Inputs, echoes: Echoes) -> None:
        self._store = store
        self._midjourney = midjourney
        self._inputs = inputs
        self._echoes = echoes
        self._fresh_actions: dict[str, Action] = {}

    async def prepare(self, job: Job) -> Shipment | Failure:
        """Find what sending a job needs. Where something is gone, return what the job fails of: nothing is sent."""
        # By its index and not by its parent: an action that lost its parent must not go out as a prompt.
        if job.action_index is not None:
            return await self._press(job)
        if job.words_gone and not job.prompt:
            return Failure.WORDS_GONE
        return await self._film(job) if job.order.route is Route.VIDEO else self._words_or_pictures(job)

    async def refresh(self, job: Job, shipment: Shipment) -> None:
        """Look at the parent again: its buttons' own ids are documented as unstable (contract 2.1, action)."""
        parent, stored = shipment.parent, shipment.action
        if parent is None or parent.task_id is None or stored is None:
            return
        try:
            task = await self._midjourney.fetch(parent.task_id)
        except CometError as error:
            _log.debug("Parent not refreshed: %s", error, extra={"job": job.id})
            return
        alike = [action for action in task.actions if _face(action) == _face(stored)] if task is not None else []
        if len(alike) == 1:  # of several, nobody could say which was pressed
            self._fresh_actions[job.id] = alike[0]

    def forget(self, job_id: str) -> None:
        """Drop what is known of a job that is sent or has failed."""
        self._fresh_actions.pop(job_id, None)

    # Buttons ---------------------------------------------------------------------------------------------------------

    async def _press(self, job: Job) -> Shipment | Failure:
        parent, stored = await self._parent(job), await self._stored_action(job)
        if parent is None or parent.task_id is None or stored is None:
            return Failure.PARENT_GONE
        if stored.is_dead:  # found out since it was pressed
            return Failure.ACTION_REFUSED
        if self._found(job.order.inputs) is None:  # a mask: the step that needs it comes after the paid one
            return Failure.INPUT_GONE
        action = self._fresh_actions.get(job.id, stored)
        send = partial(
            self._midjourney.act,
            parent.task_id,
            action.action_id,
            remix=job.order.remix,
            speed=job.speed,
            echo=self._echoes.of(job.id),
        )
        return Shipment(step=Step.ACTION, send=send, parent=parent, action=stored)

    async def _stored_action(self, job: Job) -> Action | None:
        actions = await self._store.actions(job.parent_id) if job.parent_id is not None else ()
        return next((action for action in actions if action.index == job.action_index), None)

    # Everything else -------------------------------------------------------------------------------------------------

    def _words_or_pictures(self, job: Job) -> Shipment | Failure:
        api, order, echo = self._midjourney, job.order, self._echoes.of(job.id)
        images, mask = self._found(order.images), self._found(_named(order.mask))
        if images is None or mask is None or (order.route in _OF_PICTURES and not images):
            return Failure.INPUT_GONE
        match order.route:
            case Route.BLEND:
                dimensions = order.dimensions or Dimensions.SQUARE  # as the API does (contract 2.1)
                send = partial(api.blend, images, dimensions, speed=job.speed, echo=echo)
            case Route.DESCRIBE:
                send = partial(api.describe, images[0], speed=job.speed, echo=echo)
            case Route.SHORTEN:
                send = partial(api.shorten, job.prompt, speed=job.speed, echo=echo)
            case Route.EDIT:
                send = partial(api.edit, job.prompt, images[0], next(iter(mask), None), speed=job.speed, echo=echo)
            case _:
                send = partial(api.imagine, job.prompt, images=images, speed=job.speed, echo=echo)
        return Shipment(step=Step.SUBMIT, send=send)

    async def _film(self, job: Job) -> Shipment | Failure:
        order = job.order
        extended = await self._parent(job) if order.index is not None else None
        if order.index is not None and (extended is None or extended.task_id is None):
            return Failure.PARENT_GONE
        link = extended.media_url if extended is not None else None
        images, end = self._found(() if link else order.images), self._found(_named(order.end))
        if images is None or end is None or not (link or images):
            return Failure.INPUT_GONE
        film = Film(
            image=link or images[0],
            motion=order.motion or Motion.LOW,  # as the API does (contract 2.1)
            prompt=job.prompt,
            end=next(iter(end), None),
            loop=order.loop,
            extend=extended.task_id if extended is not None else None,
            index=order.index or 0,
        )
        send = partial(self._midjourney.video, film, speed=job.speed, echo=self._echoes.of(job.id))
        return Shipment(step=Step.SUBMIT, send=send, parent=extended)

    async def _parent(self, job: Job) -> Job | None:
        return await self._store.get(job.parent_id) if job.parent_id is not None else None

    def _found(self, names: Iterable[str]) -> tuple[Path, ...] | None:
        """Return where these inputs lie, or None if one of them is there no more."""
        paths = tuple(self._inputs.path(name) for name in names)
        return None if None in paths else tuple(path for path in paths if path is not None)


def _face(action: Action) -> tuple[object, ...]:
    """Return what tells a button from the others of its task: the arrows differ in nothing but their emoji."""
    return (action.kind, action.quadrant, action.label, action.emoji)


def _named(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)
