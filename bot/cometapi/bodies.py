"""What is sent: the route and the JSON body of every submit (contract 2.1).

Pure. Pictures are large and prompts are private: nothing here may be logged.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, final

from bot.cometapi.pictures import sniff
from bot.cometapi.rules import Asked
from bot.errors import CometInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A picture to send: its bytes, or text that is a data URI or an https link.
Image: TypeAlias = "bytes | str"
Dimensions = Literal["PORTRAIT", "SQUARE", "LANDSCAPE"]
Motion = Literal["low", "high"]

_NIJI: Final = re.compile(r"(?:^|\s)--niji\b", re.IGNORECASE)
_BLENDED: Final = range(2, 6)
_EXTENDED: Final = range(4)
_PNG: Final = "image/png"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """One paid request, without its speed.

    Attributes
    ----------
    route
        The last part of the path.
    known_id
        The task whose id the answer repeats; empty where the answer brings a new one.
    """

    route: str
    fields: Mapping[str, object] = field(repr=False)
    asked: Asked = Asked.NEW
    known_id: str = ""

    def encode(self) -> bytes:
        """Return the body. Takes some milliseconds per megabyte of pictures."""
        # ASCII throughout: a lone surrogate in a prompt then reaches the API as an escape instead of failing here.
        return json.dumps(self.fields, separators=(",", ":")).encode("ascii")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video to make.

    Attributes
    ----------
    image
        The first frame. A public https link is the safe choice (contract 2.1).
    extend
        Id of a finished video task to go on from, with `index`, 0-3, saying which of its videos.
    """

    image: Image = field(repr=False)
    motion: Motion = "low"
    prompt: str = ""
    extend: str | None = None
    index: int = 0


def imagine(prompt: str, echo: str) -> Submit:
    """Make a picture from words. Niji is another bot, chosen by the prompt (contract 7)."""
    bot_type = "NIJI_JOURNEY" if _NIJI.search(prompt) else "MID_JOURNEY"
    return Submit(route="imagine", fields={"prompt": prompt, "botType": bot_type, "state": echo})


def act(task_id: str, action_id: str, echo: str) -> Submit:
    """Press a button."""
    return Submit(
        route="action",
        fields={"taskId": task_id, "customId": action_id, "state": echo},
        asked=Asked.FOLLOW_UP,
    )


def answer_modal(task_id: str, prompt: str, mask: bytes | None) -> Submit:
    """Fill in the window that a task waits for. The prompt is always sent (contract 4.5).

    Raises
    ------
    CometInvalid
        The mask is not a PNG, the only form that back ends read.
    """
    fields = {"taskId": task_id, "prompt": prompt}
    if mask is not None:
        fields["maskBase64"] = _mask(mask)
    return Submit(route="modal", fields=fields, asked=Asked.FOLLOW_UP, known_id=task_id)


def blend(images: Sequence[Image], dimensions: Dimensions, echo: str) -> Submit:
    """Blend 2 to 5 pictures.

    Raises
    ------
    CometInvalid
        Fewer, more, or bytes that are no picture.
    """
    if len(images) not in _BLENDED:
        msg = "blend takes 2 to 5 pictures"
        raise CometInvalid(msg)
    pictures = [data_uri(image) for image in images]
    return Submit(route="blend", fields={"base64Array": pictures, "dimensions": dimensions, "state": echo})


def describe(image: Image, echo: str) -> Submit:
    """Ask for prompts that fit a picture. Exactly one of `link` and `base64` is sent (contract 9, number 6).

    Raises
    ------
    CometInvalid
        Bytes that are no picture.
    """
    is_link = isinstance(image, str) and not image.startswith("data:")
    source = {"link": image} if is_link else {"base64": data_uri(image)}
    return Submit(route="describe", fields={**source, "state": echo})


def video(video: Video, echo: str) -> Submit:
    """Animate a picture, or go on from a finished video.

    Raises
    ------
    CometInvalid
        Bytes that are no picture, or an index beyond 3.
    """
    fields: dict[str, object] = {"motion": video.motion, "image": data_uri(video.image), "state": echo}
    if video.prompt:
        fields["prompt"] = video.prompt
    if video.extend is None:
        return Submit(route="video", fields=fields)
    if video.index not in _EXTENDED:
        msg = "the index of a video is 0 to 3"
        raise CometInvalid(msg)
    fields |= {"action": "extend", "index": video.index, "taskId": video.extend}
    return Submit(route="video", fields=fields, asked=Asked.FOLLOW_UP)


def shorten(prompt: str, echo: str) -> Submit:
    """Ask which words of a prompt matter."""
    return Submit(route="shorten", fields={"prompt": prompt, "botType": "MID_JOURNEY", "state": echo})


def edit(prompt: str, image: Image, mask: bytes | None, echo: str) -> Submit:
    """Edit any picture by words.

    Raises
    ------
    CometInvalid
        Bytes that are no picture, or a mask that is not a PNG.
    """
    fields: dict[str, object] = {"prompt": prompt, "image": data_uri(image), "state": echo}
    if mask is not None:
        fields["maskBase64"] = _mask(mask)
    return Submit(route="edits", fields=fields)


def data_uri(image: Image) -> str:
    """Return bytes as a data URI, typed by their magic numbers; text is passed through.

    Raises
    ------
    CometInvalid
        Bytes that are no picture.
    """
    if isinstance(image, str):
        return image
    media_type = sniff(image)
    if media_type is None or not media_type.startswith("image/"):
        msg = "not a picture that Midjourney reads"
        raise CometInvalid(msg)
    return f"data:{media_type};base64,{base64.b64encode(image).decode('ascii')}"


def _mask(mask: bytes) -> str:
    if sniff(mask) != _PNG:
        msg = "the mask is not a PNG"
        raise CometInvalid(msg)
    return data_uri(mask)
