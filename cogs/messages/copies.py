"""Copies of a result for somebody's direct messages: its files, its prompt, the way back to where it is.

Imports the engine's services; decides nothing about jobs.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.errors import ActionUnavailable, DeliveryError, NotAllowed, TooLarge
from bot.language import mark, say
from bot.model import Status, is_grid
from cogs.messages.delivery import DiscordDelivery
from cogs.messages.parcels import no_files
from cogs.messages.views import open_parts
from cogs.render.controls import Button
from cogs.render.origin import job_link
from cogs.render.result import Result, render_result

if TYPE_CHECKING:
    from bot.client import EaselClient
    from bot.jobs.ports import Posted
    from bot.jobs.requests import Origin, Shown
    from bot.model import Media
    from cogs.render.controls import Rendered

_log = logging.getLogger(__name__)

_MIB: Final = 1024 * 1024
#: What a direct message takes, wherever the picture came from (discord-platform 3): of a file, and of all together.
FILE_LIMIT: Final = 10 * _MIB - 64 * 1024
_REQUEST_LIMIT: Final = 25 * _MIB - 64 * 1024

_NOT_DONE: Final = mark("There is nothing to send yet. Try again once it is done.")
_CLOSED: Final = mark(
    "Discord does not let me write to you. Allow direct messages in the *Privacy Settings* of this server's menu, and "
    "try again."
)
_UNREACHABLE: Final = mark("Discord did not take the message just now. Please try again in a minute.")

Parts = list[tuple[int | None, "Media"]]


async def send_copy(client: EaselClient, origin: Origin, job_id: str) -> Posted:
    """Send a person a job's result directly, a grid also in its four pictures; return where that stands.

    Only its author gets the buttons with it: nobody else could press them there.

    Raises
    ------
    JobUnknown, ActionUnavailable
        With the sentence to show: no such job for this person, nothing to send, or no way to them.
    """
    library = client.services.library
    origin = replace(origin, attachment_size_limit=min(origin.attachment_size_limit, FILE_LIMIT))
    shown = await library.open(origin, job_id)
    if shown.job.status is not Status.SUCCEEDED:
        raise ActionUnavailable(say(_NOT_DONE))
    delivery, parts = DiscordDelivery(client), await _parts(client, origin, shown)
    try:
        try:
            return await delivery.hand_over(
                origin.user_id, partial(_render, shown, parts, origin.user_id), partial(open_parts, shown.job, parts)
            )
        except TooLarge as error:
            _log.info("sent without its files: %s", error, extra={"job": job_id})
            return await delivery.hand_over(origin.user_id, partial(_render, shown, [], origin.user_id), no_files)
    except NotAllowed as error:
        raise ActionUnavailable(say(_CLOSED)) from error
    except DeliveryError as error:
        _log.warning("not sent directly: %s", error, extra={"job": job_id})
        raise ActionUnavailable(say(_UNREACHABLE)) from error


async def _parts(client: EaselClient, origin: Origin, shown: Shown) -> Parts:
    """Return the files that fit one message, each with its number: a grid and its quarters, or all videos."""
    if shown.media is None:
        return []
    parts: Parts = [(None, shown.media)]
    if shown.more:
        parts = [*enumerate((shown.media, *shown.more), start=1)]
    elif is_grid(shown.job, shown.actions):
        try:
            parts += enumerate((await client.services.library.quarters(origin, shown.job.id))[1], start=1)
        except ActionUnavailable as error:
            _log.info("sent whole only: %s", error, extra={"job": shown.job.id})
    room = _REQUEST_LIMIT
    return [part for part in parts if (room := room - part[1].size) >= 0]


def _render(shown: Shown, parts: Parts, user_id: int, *, emojis: bool) -> Rendered:
    result = Result(
        job=shown.job,
        actions=shown.actions,
        parent=shown.parent,
        attached=bool(parts),
        more=max(len(parts) - 1, 0),
        original_url=shown.original_url,
        is_copy=True,
    )
    rendered = render_result(result, emojis=emojis)
    if shown.job.user_id == user_id:
        return rendered
    link = job_link(shown.job)
    return replace(rendered, rows=((Button(label=say("Show me"), url=link),),) if link else ())
