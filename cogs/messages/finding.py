"""Which job a person means, by what they pasted or by a message they point at; and what a message shows.

Imports discord.py's messages and components only; decides nothing about jobs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

import discord

from cogs.custom_ids import HISTORY_BUTTON, JOB_BUTTON, JOB_SELECT, find_job_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MESSAGE_LINK: Final = re.compile(
    r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(?:@me|[0-9]{1,20})/[0-9]{1,20}/(?P<message>[0-9]{1,20})"
)
#: Of Discord, and of the database: 63 bits.
_LARGEST_ID: Final = 2**63 - 1
#: Our files carry their job (`cogs.render.origin.file_name`), wherever they are posted again.
_FILE: Final = re.compile(r"easel-(?P<job>[0-9A-HJKMNP-TV-Z]{26})(?![0-9A-Z])", re.IGNORECASE)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What names a job: its id, or a message that may be about one. Both None: nothing does."""

    job_id: str | None = None
    message_id: int | None = None


def find_in_text(text: str) -> Found:
    """Return what a pasted id, custom_id, file name or link names."""
    link = _MESSAGE_LINK.search(text)
    if link is not None and int(link["message"]) <= _LARGEST_ID:
        return Found(message_id=int(link["message"]))
    return Found(job_id=find_job_id(text))


def find_in_message(message: discord.Message) -> Found:
    """Return what a message is about: a job by its buttons, or by the name of a file of ours; else the message itself.

    It may be anybody's: pictures are saved and posted again, and forwarded.
    """
    for custom_id in custom_ids(message.components):
        matched = JOB_BUTTON.fullmatch(custom_id) or JOB_SELECT.fullmatch(custom_id)
        if matched is not None:
            return Found(job_id=matched["job"], message_id=message.id)
    opened = [opener["job"] for opener in map(HISTORY_BUTTON.fullmatch, custom_ids(message.components)) if opener]
    if len(opened) == 1:  # a page of several jobs is about none of them
        return Found(job_id=opened[0], message_id=message.id)
    for name in _file_names(message):
        file = _FILE.search(name)
        if file is not None:
            return Found(job_id=file["job"].upper(), message_id=message.id)
    return Found(message_id=message.id)


def custom_ids(components: Iterable[object]) -> Iterator[str]:
    """Yield the custom_ids of components, nested ones included."""
    for component in components:
        custom_id: object = getattr(component, "custom_id", None)
        if isinstance(custom_id, str):
            yield custom_id
        yield from custom_ids(getattr(component, "children", ()))
        yield from custom_ids(filter(None, [getattr(component, "accessory", None)]))  # of a section


def media_in(components: Iterable[object]) -> Iterator[discord.UnfurledMediaItem]:
    """Yield what a layout shows, from the top: galleries, the thumbnails of sections, files; nested ones included."""
    for component in components:
        match component:
            case discord.MediaGalleryComponent():
                yield from (item.media for item in component.items)
            case discord.ThumbnailComponent() | discord.FileComponent():
                yield component.media
            case discord.SectionComponent():
                yield from media_in(component.children)
                yield from media_in([component.accessory])
            case discord.Container():
                yield from media_in(component.children)
            case _:
                pass


def _file_names(message: discord.Message) -> Iterator[str]:
    """Yield the names of attached files, forwarded ones too, then links to files in the text and in what they show."""
    for holder in (message, *message.message_snapshots):
        yield from (attachment.filename for attachment in holder.attachments)
        shown = [media.url for media in media_in(holder.components)]
        yield from shown if len(shown) == 1 else ()  # see above
        yield from (embed.url or "" for embed in holder.embeds)
        yield holder.content
