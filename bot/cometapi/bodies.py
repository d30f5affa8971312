"""What is sent: the route and the JSON body of every submit (contract 2.1).

Reads the pictures that it is given, and nothing else. They are large and prompts are private: nothing here may be
logged.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, final

from bot.cometapi.jsontext import items
from bot.cometapi.pictures import sniff
from bot.cometapi.rules import Asked
from bot.errors import CometInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.jobs.ports import Film
    from bot.model import Dimensions

_NIJI: Final = re.compile(r"(?:^|\s)--niji\b", re.IGNORECASE)
_BLENDED: Final = range(2, 6)
_EXTENDED: Final = range(4)
_PNG: Final = "image/png"


@final
@dataclass(frozen=True, slots=True)
class Picture:
    """A file of ours that stands in a body as a data URI; read when the body is made."""

    path: Path = field(repr=False)
    is_mask: bool = False

    def encode(self) -> bytes:
        """Return the data URI, typed by the file's magic numbers.

        Raises
        ------
        CometInvalid
            The file is gone or no picture; or a mask that is no PNG, the only form that back ends read (contract 4.5).
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            msg = "a picture that was to be sent is not there any more"
            raise CometInvalid(msg) from error
        media_type = sniff(content) or ""
        if self.is_mask and media_type != _PNG:
            msg = "the mask is not a PNG"
            raise CometInvalid(msg)
        if not media_type.startswith("image/"):
            msg = "not a picture that Midjourney reads"
            raise CometInvalid(msg)
        return f"data:{media_type};base64,".encode("ascii") + base64.b64encode(content)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """One paid request, without its speed.

    Attributes
    ----------
    route
        The last part of the path.
    fields
        Plain values, pictures, and lists of pictures.
    known_id
        The task whose id the answer repeats; empty where the answer brings a new one.
    """

    route: str
    fields: Mapping[str, object] = field(repr=False)
    asked: Asked = Asked.NEW
    known_id: str = ""

    @property
    def has_pictures(self) -> bool:
        """Whether its body is large."""
        return any(isinstance(part, Picture) for value in self.fields.values() for part in (value, *items(value)))

    def calling(self, notify_hook: str) -> Submit:
        """Return this with an address to call; as it is where no new task is made, which has one already."""
        return replace(self, fields={**self.fields, "notifyHook": notify_hook}) if "state" in self.fields else self

    def encode(self) -> bytes:
        """Return the body. Reads its pictures, and takes some milliseconds per megabyte of them.

        Raises
        ------
        CometInvalid
            A picture cannot be sent.
        """
        # Written by hand around the pictures: as one string each, they would be in memory five times.
        return b"".join(self._written())

    def _written(self) -> Iterator[bytes]:
        for number, (name, value) in enumerate(self.fields.items()):
            yield b"," if number else b"{"
            yield _plain(name)
            yield b":"
            yield from _value(value)
        yield b"}"


def imagine(prompt: str, images: Sequence[Path], echo: str) -> Submit:
    """Make a picture from words, and from pictures where there are some. Niji is another bot (contract 7)."""
    bot_type = "NIJI_JOURNEY" if _NIJI.search(prompt) else "MID_JOURNEY"
    fields: dict[str, object] = {"prompt": prompt, "botType": bot_type, "state": echo}
    if images:
        fields["base64Array"] = [Picture(image) for image in images]
    return Submit(route="imagine", fields=fields)


def act(task_id: str, action_id: str, echo: str, *, remix: bool) -> Submit:
    """Press a button; with `remix` the task is to wait for a prompt of its own."""
    fields: dict[str, object] = {"taskId": task_id, "customId": action_id, "state": echo}
    if remix:
        fields["enableRemix"] = True
    return Submit(route="action", fields=fields, asked=Asked.FOLLOW_UP)


def answer_modal(task_id: str, prompt: str, mask: Path | None) -> Submit:
    """Fill in the window that a task waits for. The prompt is always sent (contract 4.5)."""
    fields: dict[str, object] = {"taskId": task_id, "prompt": prompt}
    if mask is not None:
        fields["maskBase64"] = Picture(mask, is_mask=True)
    return Submit(route="modal", fields=fields, asked=Asked.FOLLOW_UP, known_id=task_id)


def blend(images: Sequence[Path], dimensions: Dimensions, echo: str) -> Submit:
    """Blend 2 to 5 pictures.

    Raises
    ------
    CometInvalid
        Fewer or more.
    """
    if len(images) not in _BLENDED:
        msg = "blend takes 2 to 5 pictures"
        raise CometInvalid(msg)
    pictures = [Picture(image) for image in images]
    return Submit(route="blend", fields={"base64Array": pictures, "dimensions": dimensions.value, "state": echo})


def describe(image: Path, echo: str) -> Submit:
    """Ask for prompts that fit a picture. `base64` alone is sent, never a `link` beside it (contract 9, number 6)."""
    return Submit(route="describe", fields={"base64": Picture(image), "state": echo})


def video(film: Film, echo: str) -> Submit:
    """Animate a picture, or go on from a finished video.

    Raises
    ------
    CometInvalid
        An index beyond 3, or a loop that is to end with another picture.
    """
    if film.loop and film.end is not None:
        msg = "a video ends as it began or with a picture of its own, not both"
        raise CometInvalid(msg)
    image = film.image if isinstance(film.image, str) else Picture(film.image)
    fields: dict[str, object] = {"motion": film.motion.value, "image": image, "state": echo}
    if film.prompt:
        fields["prompt"] = film.prompt
    if film.end is not None:
        fields["endImage"] = Picture(film.end)
    if film.loop:
        fields["loop"] = True
    if film.extend is None:
        return Submit(route="video", fields=fields)
    if film.index not in _EXTENDED:
        msg = "the index of a video is 0 to 3"
        raise CometInvalid(msg)
    fields |= {"action": "extend", "index": film.index, "taskId": film.extend}
    return Submit(route="video", fields=fields, asked=Asked.FOLLOW_UP)


def shorten(prompt: str, echo: str) -> Submit:
    """Ask which words of a prompt matter."""
    return Submit(route="shorten", fields={"prompt": prompt, "botType": "MID_JOURNEY", "state": echo})


def edit(prompt: str, image: Path, mask: Path | None, echo: str) -> Submit:
    """Edit any picture by words."""
    fields: dict[str, object] = {"prompt": prompt, "image": Picture(image), "state": echo}
    if mask is not None:
        fields["maskBase64"] = Picture(mask, is_mask=True)
    return Submit(route="edits", fields=fields)


def _value(value: object) -> Iterator[bytes]:
    if isinstance(value, Picture):
        yield b'"' + value.encode() + b'"'
        return
    pictures = items(value)
    if not any(isinstance(part, Picture) for part in pictures):
        yield _plain(value)
        return
    for number, part in enumerate(pictures):
        yield b"," if number else b"["
        yield from _value(part)
    yield b"]"


def _plain(value: object) -> bytes:
    # ASCII throughout: a lone surrogate in a prompt then reaches the API as an escape instead of failing here.
    return json.dumps(value, separators=(",", ":")).encode("ascii")
