"""Where a job came from and what it is called: "Variation 2 of …", titles, alt text, file names.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
_NOUNS: Final = {Kind.DESCRIBE: "description", Kind.SHORTEN: "prompt", Kind.ANIMATE: "video"}


def job_link(job: Job) -> str | None:
    """Return the address of the message that shows the job best: its result, else our answer; None without either."""
    delivery = job.delivery
    if delivery.message_id is not None:
        channel_id = delivery.channel_id or job.channel_id
        guild_id = job.guild_id if channel_id == job.channel_id else None
        return message_link(guild_id, channel_id, delivery.message_id)
    if delivery.answer_message_id is not None:
        return message_link(job.guild_id, job.channel_id, delivery.answer_message_id)
    return None


def is_video(job: Job) -> bool:
    """Whether what the job made is a video, or will be."""
    return job.kind is Kind.ANIMATE if job.media_type is None else job.media_type.startswith(_VIDEO)


def noun(job: Job) -> str:
    """Return what a job makes: a picture, most of the time."""
    return "video" if is_video(job) else _NOUNS.get(job.kind, "picture")


def headline(job: Job, limit: int) -> str:
    """Return the prompt in bold, or what the job is where pictures say everything; `limit` units at most."""
    return bold(brief(job.prompt), limit) or f"**{title(job, limit - 4)}**"


def title(job: Job, limit: int) -> str:
    """Return the prompt, or what the job is where pictures say everything, for a place without markup."""
    return cut(brief(job.prompt), limit) or _wordless(job)


def _wordless(job: Job) -> str:
    count = len(job.order.images)
    pictures = f"{count} pictures" if count > 1 else "a picture"
    if job.kind is Kind.BLEND:
        return f"Blend of {count} pictures" if count else "Blend"
    if job.kind is Kind.DESCRIBE:
        return "Description of a picture"
    if job.kind is Kind.REROLL:
        return "Another try"
    if job.kind is Kind.ANIMATE:
        return "Video of a picture"
    return f"{kind_name(job.kind)} from {pictures}" if count else kind_name(job.kind)


def deed(job: Job, parent: Job | None = None) -> str:
    """Return what was done to the parent, escaped: `Variation 2`, `Upscale of picture 2`, `Zoom Out 2x`."""
    if job.quadrant is not None and job.kind is Kind.UPSCALE:
        of_video = is_video(job) if parent is None else is_video(parent)
        return f"Upscale of {'video' if of_video else 'picture'} {job.quadrant}"
    if job.quadrant is not None and job.kind is Kind.VARIATION:
        return f"Variation {job.quadrant}"
    if job.quadrant is not None and job.kind is Kind.IMAGINE:
        return f"Suggestion {job.quadrant}"
    if job.kind is Kind.REROLL or (job.kind is Kind.DESCRIBE and job.action_index is not None):
        return "Another try"
    return escape(action_name(job.action_label, job.action_label, job.kind), _LABEL_ROOM)


def origin(job: Job, parent: Job | None) -> str:
    """Return "Variation 2 of …" with a link to the parent, or nothing for a job that has none."""
    if job.parent_id is None:
        return "Submitted again" if job.retry_of else ""
    link = job_link(parent) if parent else None
    it, what = _source(job, parent)
    # What came from no button of Midjourney's was not done to the parent: it only began there ("Run again").
    joint = " of" if job.action_index is not None else ", from"
    return f"{deed(job, parent)}{joint} " + (f"[{it} {what}](<{link}>)" if link else _earlier(what))


def _source(job: Job, parent: Job | None) -> tuple[str, str]:
    """Return what the parent is called: what has numbered parts by all of them together."""
    if job.quadrant is not None and job.kind in {Kind.UPSCALE, Kind.VARIATION}:
        return ("these", "videos") if is_video(parent or job) else ("this", "grid")
    return "this", noun(parent) if parent else "picture"


def _earlier(what: str) -> str:
    return f"earlier {what}" if what.endswith("s") else f"an earlier {what}"


def alt_text(job: Job, part: int | None = None) -> str:
    """Return what a file shows, for those who cannot see it: kind, position, prompt.

    Parameters
    ----------
    part
        Which of a job's files it is, from 1: a quarter of a grid, or a video of a batch. None for the only one.
    """
    if job.kind is Kind.DESCRIBE:
        return cut(f"The picture that was described: {job.result_text}", ALT_TEXT)
    what = kind_name(job.kind) if job.parent_id is None else action_name(job.action_label, job.action_label, job.kind)
    return cut(f"{what}{_position(job, part)}: {brief(job.final_prompt) or title(job, ALT_TEXT)}", ALT_TEXT)


def _position(job: Job, part: int | None) -> str:
    number = job.quadrant if part is None else part
    if number is None:
        return ""
    if part is None and job.kind is Kind.IMAGINE:
        return f", suggestion {number}"
    return f", video {number} of the batch" if is_video(job) else f", picture {number} of the grid"


def file_name(job: Job, media_type: str, part: int | None = None) -> str:
    """Return a name that leads back to the job: `easel-<job>.png`, or `easel-<job>-2.png` for a part of it."""
    number = "" if part is None else f"-{part}"
    return f"easel-{job.id.lower()}{number}.{_ENDINGS.get(media_type, 'bin')}"
