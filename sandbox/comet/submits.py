"""The submits that start something new: imagine, blend, describe, video, edits, shorten (contract 2.1)."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

from PIL import Image

from sandbox.comet.desk import new_uuid
from sandbox.comet.families import Makes
from sandbox.comet.fields import decoded, decoded_png
from sandbox.comet.orders import Given, Order
from sandbox.comet.pictures import film, first_grid, reduced
from sandbox.comet.switches import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.comet.answers import Answer
    from sandbox.comet.desk import Desk, Submit
    from sandbox.comet.fields import Fields
    from sandbox.comet.parameters import Reading

_DIMENSIONS: Final = {"PORTRAIT": (2, 3), "SQUARE": (1, 1), "LANDSCAPE": (3, 2), "": (1, 1)}
_BOTS: Final = frozenset({"", "MID_JOURNEY", "NIJI_JOURNEY"})
_BLEND: Final = range(2, 6)
_EXTEND: Final = range(4)
_CHOICES: Final = 4
_OFFICIAL_CHOICES: Final = 2
_FORMS: Final = 5


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a submit asks for, once it is found to be in order."""

    action: str
    makes: Makes
    prompt: str
    aspect: tuple[int, int]
    given: Given
    choices: int = _CHOICES
    source: bytes = b""
    mask: bytes = b""


@final
class Submits:
    """Take the submits that stand for themselves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> dict[str, Callable[[Submit], Answer]]:
        """Return what handles each kind of submit."""
        return {
            "imagine": self.imagine,
            "blend": self.blend,
            "describe": self.describe,
            "video": self.video,
            "edits": self.edits,
            "shorten": self.shorten,
        }

    def imagine(self, submit: Submit) -> Answer:
        """Draw a prompt.

        Raises
        ------
        Refused
            When the prompt is missing or a picture is not base64.
        """
        prompt = self._prompt(submit.body)
        given = Given(images=self._sizes(submit.body.texts("base64Array")))
        reading = self._reading(submit, prompt)
        makes = Makes.VIDEO_BATCH if reading.is_video else Makes.GRID
        action = "VIDEO" if reading.is_video else "IMAGINE"
        return self._take(submit, _Wish(action, makes, prompt, reading.aspect, given, choices=reading.batch))

    def blend(self, submit: Submit) -> Answer:
        """Mix two to five pictures.

        Raises
        ------
        Refused
            When their number, encoding or the dimensions are wrong.
        """
        pictures = submit.body.texts("base64Array")
        if len(pictures) not in _BLEND:
            raise self._desk.refused("picture count")
        dimensions = submit.body.text("dimensions")
        given = Given(images=self._sizes(pictures), dimensions=dimensions)
        aspect = _DIMENSIONS.get(dimensions)
        if aspect is None:
            raise self._desk.refused("bad parameter")
        return self._take(submit, _Wish("BLEND", Makes.GRID, "", aspect, given))

    def describe(self, submit: Submit) -> Answer:
        """Find prompts for a picture.

        Raises
        ------
        Refused
            Unless there is exactly one picture.
        """
        data, link = submit.body.text("base64"), submit.body.text("link")
        if bool(data) == bool(link):
            raise self._desk.refused("bad parameter")
        given = self._picture(data or link)
        choices = _OFFICIAL_CHOICES if self._desk.options.button_style == "official" else _CHOICES
        source = self._decoded(data) if data else b""
        return self._take(
            submit, _Wish("DESCRIBE", Makes.DESCRIBE, "", _aspect(given), given, choices=choices, source=source)
        )

    def video(self, submit: Submit) -> Answer:
        """Let a picture move, or let a video go on.

        Raises
        ------
        Refused
            When a required member is missing, or with turbo, which is not offered (contract 1).
        """
        body = submit.body
        extends = body.text("action") == "extend"
        is_complete = bool(body.text("image")) and body.text("motion") in {"low", "high"}
        if extends:
            is_complete = is_complete and body.number("index") in _EXTEND and bool(body.text("taskId"))
        if not is_complete or submit.speed == "turbo":
            raise self._desk.refused("bad parameter")
        if extends and body.text("taskId") not in self._desk.book:
            raise self._desk.refused("unknown task")
        end = body.text("endImage")
        given = replace(
            self._picture(body.text("image")),
            motion=body.text("motion"),
            loop=body.flag("loop"),
            end=self._size(end) if end else None,
            extends=body.text("taskId") if extends else "",
            index=body.number("index") if extends else None,
        )
        prompt = body.text("prompt")
        choices = self._reading(submit, prompt).batch
        return self._take(submit, _Wish("VIDEO", Makes.VIDEO_BATCH, prompt, _aspect(given), given, choices=choices))

    def edits(self, submit: Submit) -> Answer:
        """Change a picture by words.

        Raises
        ------
        Refused
            When the prompt or the picture is missing, or the mask is no PNG.
        """
        prompt = self._prompt(submit.body)
        image = submit.body.text("image")
        if not image:
            raise self._desk.refused("bad parameter")
        try:
            mask = decoded_png(submit.body.text("maskBase64"))
        except ValueError as error:
            raise self._desk.refused("bad base64") from error
        aspect = self._reading(submit, prompt).aspect
        return self._take(submit, _Wish("EDITS", Makes.GRID, prompt, aspect, self._picture(image), mask=mask))

    def shorten(self, submit: Submit) -> Answer:
        """Find shorter forms of a prompt: as many as it has words, at most five.

        Raises
        ------
        Refused
            When the prompt is missing.
        """
        prompt = self._prompt(submit.body)
        choices = max(1, min(_FORMS, len(self._reading(submit, prompt).text.split())))
        return self._take(submit, _Wish("SHORTEN", Makes.SHORTEN, prompt, (1, 1), Given(), choices=choices))

    def _take(self, submit: Submit, wish: _Wish) -> Answer:
        desk, body = self._desk, submit.body
        if body.text("botType") not in _BOTS:
            raise desk.refused("bad parameter")
        desk.check_common(body)
        reading = self._reading(submit, wish.prompt)
        uuid = new_uuid()
        picture = first_grid(reading.text or wish.action.lower(), wish.aspect, uuid)
        order = Order(
            action=wish.action,
            proxy_action="EDIT" if wish.action == "EDITS" else wish.action,
            makes=wish.makes,
            prompt=wish.prompt,
            reading=reading,
            picture=film(picture, 1) if wish.makes is Makes.VIDEO_BATCH else picture,
            uuid=uuid,
            speed=desk.speed(submit, reading),
            scene=Scene(frozenset({"image", "hook"}), wish.prompt),
            bot_type=body.text("botType") or "MID_JOURNEY",
            echo=body.text("state"),
            notify_hook=body.text("notifyHook"),
            choices=wish.choices,
            is_official=desk.options.button_style == "official",
            has_manual_video=desk.options.manual_video,
            source=wish.source,
            given=wish.given,
        )
        answer, task = desk.accept(submit, order)
        task.mask = wish.mask
        return answer

    def _picture(self, image: str) -> Given:
        """Return what is known of a picture that is an address or base64."""
        is_link = image.startswith(("http://", "https://"))
        return Given(link=image) if is_link else Given(images=self._sizes([image]))

    def _sizes(self, pictures: list[str]) -> tuple[tuple[int, int], ...]:
        return tuple(self._size(data) for data in pictures)

    def _size(self, data: str) -> tuple[int, int]:
        """Return a picture's size in pixels; (0, 0) if Pillow cannot read it."""
        try:
            with Image.open(io.BytesIO(self._decoded(data))) as image:
                return image.size
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return 0, 0

    def _prompt(self, body: Fields) -> str:
        prompt = body.text("prompt")
        if not prompt.strip():
            raise self._desk.refused("no prompt")
        return prompt

    def _reading(self, submit: Submit, prompt: str) -> Reading:
        return self._desk.read(prompt, submit.body.text("botType"))

    def _decoded(self, data: str) -> bytes:
        try:
            return decoded(data)
        except ValueError as error:
            raise self._desk.refused("bad base64") from error


def _aspect(given: Given) -> tuple[int, int]:
    """Return the shape of the first picture that came with a submit; a square where it is not known."""
    return reduced(*given.images[0]) if given.images and all(given.images[0]) else (1, 1)
