"""Where a job came from and what it is called: "Variation 2 of …", alt text, file names.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import Kind
from cogs.render.controls import action_name, kind_name
from cogs.render.text import cut, escape, message_link

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


def deed(job: Job) -> str:
    """Return what was done to the parent, escaped: `Variation 2`, `Upscale of picture 2`, `Zoom Out 2x`."""
    if job.quadrant is not None and job.kind is Kind.UPSCALE:
        return f"Upscale of picture {job.quadrant}"
    if job.quadrant is not None and job.kind is Kind.VARIATION:
        return f"Variation {job.quadrant}"
    if job.kind is Kind.REROLL:
        return "Another try"
    return escape(action_name(job.action_label, job.action_label, job.kind), _LABEL_ROOM)


def origin(job: Job, parent: Job | None) -> str:
    """Return "Variation 2 of …" with a link to the parent, or nothing for a job that has none."""
    if job.parent_id is None:
        return "Submitted again" if job.retry_of else ""
    link = job_link(parent) if parent else None
    return f"{deed(job)} of [this picture](<{link}>)" if link else f"{deed(job)} of an earlier picture"


def alt_text(job: Job) -> str:
    """Return what the picture shows, for those who cannot see it: kind, position, prompt."""
    what = kind_name(job.kind) if job.parent_id is None else action_name(job.action_label, job.action_label, job.kind)
    where = f", picture {job.quadrant} of the grid" if job.quadrant is not None else ""
    return cut(f"{what}{where}: {job.final_prompt or job.prompt}", ALT_TEXT)


def file_name(job: Job, media_type: str) -> str:
    """Return a name that leads back to the job: `easel-<job>.png`."""
    return f"easel-{job.id.lower()}.{_ENDINGS.get(media_type, 'bin')}"
