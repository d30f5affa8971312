"""The answer to an interaction while its job is under way: how far it is, why it waits, what it looks like so far.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say, say_many
from bot.model import Status, Waiting
from cogs.render.additions import additions
from cogs.render.controls import Rendered, cancel_button, details_button, speed_name
from cogs.render.layout import lay_out
from cogs.render.origin import Thing, headline, origin, thing
from cogs.render.text import ago, clock, flow, is_web_address, mention

if TYPE_CHECKING:
    from bot.model import Job

_PROMPT: Final = 1000
_BAR: Final = 10
_FULL: Final = 100
_EMBED_URL: Final = 2048

_WAITING: Final = {
    Waiting.QUEUE_FULL: mark("Midjourney's queue is full; I keep trying."),
    Waiting.BUSY: mark("Midjourney is busy; I keep trying."),
    Waiting.UNREACHABLE: mark("The Midjourney API cannot be reached; I keep trying. Nothing is charged so far."),
    Waiting.BAD_KEY: mark("The Midjourney API refuses this bot's key. Only its owner can mend that; I keep trying."),
    Waiting.MISROUTED: mark(
        "The API is not at the address that this bot has. Only its owner can mend that; I keep trying."
    ),
    Waiting.NO_BALANCE: mark("The balance at the API is used up. Only this bot's owner can top it up; I keep trying."),
    Waiting.PARENT_NOT_READY: mark("Midjourney is not ready to go on from that picture yet; I try again in a moment."),
}

_TAKEN: Final = mark("Midjourney has it")
_ON_ITS_WAY: Final = {
    Thing.PICTURE: mark("the picture is on its way"),
    Thing.VIDEO: mark("the video is on its way"),
    Thing.DESCRIPTION: mark("the description is on its way"),
    Thing.PROMPT: mark("the prompt is on its way"),
}


def bar(progress: int) -> str:
    """Return a progress of 0–100 as ten boxes; the last one fills only at the end."""
    full = min(max(progress, 0), _FULL) * _BAR // _FULL
    return "▰" * full + "▱" * (_BAR - full)


def standing(job: Job) -> str:
    """Return the line that tells where the job stands."""
    if job.status is Status.QUEUED:
        return _queued(job)
    if job.status is Status.SUBMITTING:
        return say("Handing over to Midjourney")
    if job.status is Status.NEEDS_INPUT:
        return say("Midjourney asks for the prompt once more; I answer with the one above.")
    if job.status is Status.SUCCEEDED:
        return f"{bar(_FULL)} 100 % · {say(_ON_ITS_WAY[thing(job)])}"
    return _running(job)


def _queued(job: Job) -> str:
    if job.waiting is None:
        return say("Waiting to start")
    until = (
        say("If it is not through by {time}, I stop. Canceling is free.", time=clock(job.give_up_at))
        if job.give_up_at
        else ""
    )
    return flow(say(_WAITING[job.waiting]), until)


def _running(job: Job) -> str:
    if job.progress:
        return f"{bar(job.progress)} {min(job.progress, _FULL)} %"
    if job.queue_ahead:
        ahead = say_many(
            "in Midjourney's queue, {count} ahead", "in Midjourney's queue, {count} ahead", job.queue_ahead
        )
        return f"{bar(0)} {ahead}"
    return f"{bar(0)} {say(_TAKEN)}"


def render_progress(job: Job, parent: Job | None = None, *, emojis: bool = True) -> Rendered:
    """Return the progress message. The age in it keeps itself up to date in the clients, without edits."""
    started = say("started {when}", when=ago(job.created_at))
    head = [mention(job.user_id), speed_name(job.speed), started, origin(job, parent)]
    added = additions(job)
    lines = [headline(job, _PROMPT), " · ".join(part for part in head if part), standing(job)]
    lines.append(f"-# {added}" if added else "")
    own = [details_button(job.id)]
    if job.status is Status.QUEUED:
        own.insert(0, cancel_button(job.id))
    return Rendered(
        content="\n".join(line for line in lines if line),
        rows=lay_out(job.id, (), own, emojis=emojis),
        image_url=job.preview_url if is_web_address(job.preview_url, _EMBED_URL) else None,
    )
