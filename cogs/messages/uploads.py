"""Pictures that come through Discord: what people attach to a command or a form, and how their bytes are read.

Discord's addresses of such files are signed and expire, so the bytes are copied before a job is written down. Limits
are the engine's (`bot.jobs.keeping.inputs`). Translates; decides nothing about pictures.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, TypeAlias

import discord

from bot.errors import PictureInvalid
from bot.jobs.keeping.inputs import Upload
from bot.language import mark, say
from bot.prompt import quote
from cogs.messages.sending import CONNECTION_ERRORS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.client import EaselClient
    from bot.jobs.keeping.inputs import Input

#: What somebody gives: a file that Discord has, or the address of a picture on the web.
Picture: TypeAlias = "Upload | str"

_log = logging.getLogger(__name__)

#: For one file. Discord's files are large at most, never slow; whoever asked sees "thinking …" meanwhile.
_READ_S: Final = 60.0
_GONE: Final = mark(
    "Discord does not give me {file} any more: its files stay for a while only. Nothing was sent; attach the picture "
    "again."
)
_UNREADABLE: Final = mark("{file} could not be read from Discord just now. Nothing was sent; try again in a minute.")


def upload_of(attachment: discord.Attachment) -> Upload:
    """Return what Discord says of an attached file."""
    return Upload(
        url=attachment.url,
        name=attachment.filename,
        media_type=attachment.content_type or "",
        size=attachment.size,
        width=attachment.width,
        height=attachment.height,
    )


def upload_of_media(media: discord.UnfurledMediaItem) -> Upload:
    """Return what Discord says of a file of its own that a layout shows; not how large it is."""
    return Upload(
        url=media.url,
        name=media.url.partition("?")[0].rpartition("/")[2],
        media_type=media.content_type or "",
        size=0,
        width=media.width or None,
        height=media.height or None,
    )


def is_discords(url: str) -> bool:
    """Tell whether a file is one that somebody gave Discord, and not one on the web."""
    return url.startswith(f"{discord.Asset.BASE}/")


def reader(interaction: discord.Interaction[EaselClient], upload: Upload) -> Callable[[], Awaitable[bytes]]:
    """Return what reads an upload's bytes when its turn has come; it raises `PictureInvalid` with a sentence."""

    async def read() -> bytes:
        try:
            async with asyncio.timeout(_READ_S):
                return await interaction.client.http.get_from_cdn(upload.url)
        except (discord.NotFound, discord.Forbidden) as error:
            _log.info("an upload is gone: %s", error)
            raise PictureInvalid(say(_GONE, file=quote(upload.name))) from error
        except (discord.HTTPException, TimeoutError, *CONNECTION_ERRORS) as error:
            _log.warning("an upload could not be read: %s", type(error).__name__)
            raise PictureInvalid(say(_UNREADABLE, file=quote(upload.name))) from error

    return read


async def take_pictures(
    interaction: discord.Interaction[EaselClient], pictures: Sequence[Picture]
) -> tuple[Input, ...]:
    """Read pictures and keep them, in their order. It may take long: await it within `take_in` or `patiently`.

    Raises
    ------
    PictureInvalid
        With the sentence to show. What is plain from Discord's description is refused before anything is read.
    """
    inputs = interaction.client.services.inputs
    for picture in pictures:
        if not isinstance(picture, str):
            inputs.check(picture)
    return tuple([await _take(interaction, picture) for picture in pictures])


async def take_picture(interaction: discord.Interaction[EaselClient], picture: Picture) -> Input:
    """Read one picture and keep it; as `take_pictures`.

    Raises
    ------
    PictureInvalid
        With the sentence to show.
    """
    (taken,) = await take_pictures(interaction, (picture,))
    return taken


async def _take(interaction: discord.Interaction[EaselClient], picture: Picture) -> Input:
    inputs = interaction.client.services.inputs
    if isinstance(picture, str):
        return await inputs.take_link(picture)
    return await inputs.take(picture, reader(interaction, picture))


def address_of(picture: Picture) -> str:
    """Return where a picture can be had from outside; for an upload, for some hours."""
    return picture if isinstance(picture, str) else picture.url


def pack(picture: Picture) -> str:
    """Return a picture as text, for a field of a draft."""
    return picture if isinstance(picture, str) else json.dumps(asdict(picture))


def unpack(text: str) -> Picture:
    """Return the picture that `pack` made a text of."""
    return unpack_upload(text) if text.startswith("{") else text


def unpack_upload(text: str) -> Upload:
    """Return the upload that `pack` made a text of."""
    return Upload(**json.loads(text))
