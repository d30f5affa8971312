"""Where a job came from and what it is called: "Variation 2 of …", titles, alt text, file names.

What a job makes is never a field of a sentence: articles and endings go by it, so there is a sentence for each.
Imports the model and the text rules.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

from bot.language import mark, say, say_many
from bot.model import Kind
from cogs.render.controls import action_name, kind_name
from cogs.render.text import bold, brief, cut, escape, message_link

if TYPE_CHECKING:
    from bot.model import Job

ALT_TEXT: Final = 1024
_LABEL_ROOM: Final = 60

_ENDINGS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
}
_VIDEO: Final = "video/"

#: What a job is labeled that began at another without a button of Midjourney's. Kept with the job in English, and said
#: when it is shown; those that the engine gives stand in `_OWN_LABELS` alone.
EXTEND: Final = mark("Extend")
ANIMATE: Final = mark("Animate")
#: With the number of the suggestion behind it.
SUGGESTION: Final = "Suggestion"
_AGAIN: Final = mark("Run again")
_EDITED: Final = mark("Edited")
_OWN_LABELS: Final = frozenset({EXTEND, ANIMATE, _AGAIN, _EDITED})
#: How the labels of videos begin that came from a video; all others are made from a picture.
_OF_ITS_KIND: Final = (EXTEND, _AGAIN, _EDITED)
_SUGGESTED: Final = re.compile(rf"{SUGGESTION} (?P<number>[0-9]+)")


@final
class Thing(StrEnum):
    """What a job makes, or what its numbered parts are together."""

    PICTURE = "picture"
    VIDEO = "video"
    DESCRIPTION = "description"
    PROMPT = "prompt"
    GRID = "grid"
    VIDEOS = "videos"


#: What jobs are whose pictures say everything.
_WORDLESS: Final = {
    Kind.DESCRIBE: mark("Description of a picture"),
    Kind.REROLL: mark("Another try"),
    Kind.ANIMATE: mark("Video of a picture"),
    Kind.EDIT: mark("Edit of a picture"),
}

_THINGS: Final = {Kind.DESCRIBE: Thing.DESCRIPTION, Kind.SHORTEN: Thing.PROMPT}

#: What was done to a parent by one of its buttons: with a link to it, and without one.
_DONE_TO: Final = {
    Thing.PICTURE: (mark("{deed} of [this picture](<{link}>)"), mark("{deed} of an earlier picture")),
    Thing.VIDEO: (mark("{deed} of [this video](<{link}>)"), mark("{deed} of an earlier video")),
    Thing.DESCRIPTION: (mark("{deed} of [this description](<{link}>)"), mark("{deed} of an earlier description")),
    Thing.PROMPT: (mark("{deed} of [this prompt](<{link}>)"), mark("{deed} of an earlier prompt")),
    Thing.GRID: (mark("{deed} of [this grid](<{link}>)"), mark("{deed} of an earlier grid")),
    Thing.VIDEOS: (mark("{deed} of [these videos](<{link}>)"), mark("{deed} of earlier videos")),
}
#: What came from no button of Midjourney's was not done to the parent: it only began there ("Run again").
_BEGAN_AT: Final = {
    Thing.PICTURE: (mark("{deed}, from [this picture](<{link}>)"), mark("{deed}, from an earlier picture")),
    Thing.VIDEO: (mark("{deed}, from [this video](<{link}>)"), mark("{deed}, from an earlier video")),
    Thing.DESCRIPTION: (mark("{deed}, from [this description](<{link}>)"), mark("{deed}, from an earlier description")),
    Thing.PROMPT: (mark("{deed}, from [this prompt](<{link}>)"), mark("{deed}, from an earlier prompt")),
}


def job_link(job: Job) -> str | None:
    """Return the address of the message that shows the job best: its result, else our answer; None without either.

    An ephemeral answer has none that could be followed: it goes with the person's session.
    """
    delivery = job.delivery
    if job.is_ephemeral and delivery.channel_id in {None, job.channel_id}:
        return None
    if delivery.message_id is not None:
        channel_id = delivery.channel_id or job.channel_id
        guild_id = job.guild_id if channel_id == job.channel_id else None
        return message_link(guild_id, channel_id, delivery.message_id)
    if delivery.answer_message_id is not None:
        return message_link(job.guild_id, job.channel_id, delivery.answer_message_id)
    return None


def link_for_all(job: Job, guild_id: int | None) -> str | None:
    """Return that address where it may be shown to all in a server.

    They need not be in the other server, or in the conversation, where a job was made.
    """
    is_open = not job.is_private and job.guild_id is not None and job.guild_id == guild_id
    return job_link(job) if is_open else None


def is_video(job: Job) -> bool:
    """Whether what the job made is a video, or will be."""
    return job.kind is Kind.ANIMATE if job.media_type is None else job.media_type.startswith(_VIDEO)


def thing(job: Job) -> Thing:
    """Return what a job makes: a picture, most of the time."""
    return Thing.VIDEO if is_video(job) else _THINGS.get(job.kind, Thing.PICTURE)


def headline(job: Job, limit: int) -> str:
    """Return the prompt in bold, or what the job is where pictures say everything; `limit` units at most."""
    return bold(brief(job.prompt), limit) or f"**{title(job, limit - 4)}**"


def title(job: Job, limit: int) -> str:
    """Return the prompt, or what the job is where pictures say everything, for a place without markup."""
    return cut(brief(job.prompt), limit) or cut(_wordless(job), limit)


def _wordless(job: Job) -> str:
    count, named = len(job.order.images), _WORDLESS.get(job.kind)
    if named is not None:
        return say(named)
    if count and job.kind is Kind.BLEND:
        return say_many("Blend of {count} picture", "Blend of {count} pictures", count)
    if count and job.kind is Kind.IMAGINE:
        return say_many("Imagine from a picture", "Imagine from {count} pictures", count)
    return kind_name(job.kind)


def deed(job: Job, parent: Job | None = None) -> str:
    """Return what was done to the parent, escaped: `Variation 2`, `Upscale of picture 2`, `Zoom Out 2x`."""
    return _own_deed(job, parent) or escape(_label(job), _LABEL_ROOM)


def _own_deed(job: Job, parent: Job | None) -> str:
    """Return what was done to the parent where that has a name of ours; else nothing."""
    if job.quadrant is not None and job.kind is Kind.UPSCALE:
        if is_video(parent or job):
            return say("Upscale of video {number}", number=job.quadrant)
        return say("Upscale of picture {number}", number=job.quadrant)
    if job.quadrant is not None and job.kind is Kind.VARIATION:
        return say("Variation {number}", number=job.quadrant)
    if job.quadrant is not None and job.kind is Kind.IMAGINE:
        return say("Suggestion {number}", number=job.quadrant)
    if job.kind is Kind.REROLL or (job.kind is Kind.DESCRIBE and job.action_index is not None):
        return say("Another try")
    return ""


def _label(job: Job) -> str:
    """Return what stood on the button that this job came from, or what we call its beginning."""
    if job.action_index is None and job.action_label in _OWN_LABELS:
        return say(job.action_label)
    suggested = _SUGGESTED.fullmatch(job.action_label) if job.action_index is None else None
    if suggested is not None:
        return say("Suggestion {number}", number=suggested["number"])
    return action_name(job.action_label, job.action_label, job.kind)


def origin(job: Job, parent: Job | None) -> str:
    """Return "Variation 2 of …" with a link to the parent, or nothing for a job that has none."""
    if job.parent_id is None:
        return say("Submitted again") if job.retry_of else ""
    link = job_link(parent) if parent else None
    source = thing(parent) if parent else Thing.PICTURE
    if job.action_index is None:
        linked, unlinked = _BEGAN_AT[source]
    else:
        linked, unlinked = _DONE_TO[_parts(job, parent) or source]
    done = deed(job, parent)
    return say(linked, deed=done, link=link) if link else say(unlinked, deed=done)


def _parts(job: Job, parent: Job | None) -> Thing | None:
    """Return what the parent's numbered parts are together, where something was done to one of them."""
    if job.quadrant is None or job.kind not in {Kind.UPSCALE, Kind.VARIATION}:
        return None
    return Thing.VIDEOS if is_video(parent or job) else Thing.GRID


def alt_text(job: Job, part: int | None = None) -> str:
    """Return what a file shows, for those who cannot see it: what it is and came from, which of several, its prompt.

    Parameters
    ----------
    part
        Which of a job's files it is, from 1: a quarter of a grid, or a video of a batch. None for the only one.
    """
    if job.kind is Kind.DESCRIBE and job.result_text:
        return cut(say("The picture that was described: {text}", text=job.result_text), ALT_TEXT)
    what = _positioned(_made(job), job, part)
    prompt = brief(job.final_prompt) or brief(job.prompt)
    return cut(say("{what}: {prompt}", what=what, prompt=prompt) if prompt else what, ALT_TEXT)


def _made(job: Job) -> str:
    """Return what a job made, and from what, for a place without markup."""
    if job.parent_id is None and not job.action_label:
        return _wordless(job)
    number = _suggestion(job)
    if number is not None:
        return say("Imagine, suggestion {number}", number=number)
    if job.kind is Kind.IMAGINE and job.action_index is not None:
        return _wordless(job)
    source = _source(job)
    if job.action_index is None:
        return say(_BEGAN_AT[source][1], deed=_label(job))
    done = _own_deed(job, None) or cut(_label(job), _LABEL_ROOM)
    if job.quadrant is not None and job.kind is Kind.VARIATION:  # a grid of its own, and no picture of that one
        done = say("Four variations of picture {number}", number=job.quadrant)
    return say(_DONE_TO[_parts(job, None) or source][1], deed=done)


def _suggestion(job: Job) -> str | int | None:
    """Return the number of the suggestion that was imagined, whichever way that was asked for."""
    if job.kind is not Kind.IMAGINE:
        return None
    named = _SUGGESTED.fullmatch(job.action_label) if job.action_index is None else None
    return job.quadrant if named is None else named["number"]


def _source(job: Job) -> Thing:
    """Return what a job came from, as far as it tells that by itself."""
    if job.kind is Kind.ANIMATE and not job.action_label.startswith(_OF_ITS_KIND):
        return Thing.PICTURE
    return thing(job)


def _positioned(what: str, job: Job, part: int | None) -> str:
    """Return what a file is, with its place among the others of its job."""
    if part is None:
        return what
    if is_video(job):
        return say("{what}, video {number} of the batch", what=what, number=part)
    return say("{what}, picture {number} of the grid", what=what, number=part)


def file_name(job: Job, media_type: str, part: int | None = None) -> str:
    """Return a name that leads back to the job: `easel-<job>.png`, or `easel-<job>-2.png` for a part of it."""
    number = "" if part is None else f"-{part}"
    return f"easel-{job.id.lower()}{number}.{_ENDINGS.get(media_type, 'bin')}"
