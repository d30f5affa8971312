"""The submits that start something new: imagine, blend, describe, video, edits, shorten (contract 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from sandbox.comet.desk import new_uuid
from sandbox.comet.families import Makes
from sandbox.comet.fields import decoded
from sandbox.comet.orders import Order
from sandbox.comet.pictures import film, first_grid
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
_OFFICIAL_CHOICES: Final = 2


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
        for data in submit.body.texts("base64Array"):
            self._decoded(data)
        reading = self._reading(submit, prompt)
        makes = Makes.VIDEO_BATCH if reading.is_video else Makes.GRID
        return self._take(submit, "VIDEO" if reading.is_video else "IMAGINE", makes, prompt, reading.aspect)

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
        for data in pictures:
            self._decoded(data)
        aspect = _DIMENSIONS.get(submit.body.text("dimensions"))
        if aspect is None:
            raise self._desk.refused("bad parameter")
        return self._take(submit, "BLEND", Makes.GRID, "", aspect)

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
        source = self._decoded(data) if data else b""
        return self._take(submit, "DESCRIBE", Makes.DESCRIBE, "", (1, 1), source=source)

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
        return self._take(submit, "VIDEO", Makes.VIDEO_BATCH, body.text("prompt"), (1, 1))

    def edits(self, submit: Submit) -> Answer:
        """Change a picture by words.

        Raises
        ------
        Refused
            When the prompt or the picture is missing.
        """
        prompt = self._prompt(submit.body)
        image = submit.body.text("image")
        if not image:
            raise self._desk.refused("bad parameter")
        if not image.startswith(("http://", "https://")):
            self._decoded(image)
        return self._take(submit, "EDITS", Makes.GRID, prompt, self._reading(submit, prompt).aspect)

    def shorten(self, submit: Submit) -> Answer:
        """Find shorter forms of a prompt.

        Raises
        ------
        Refused
            When the prompt is missing.
        """
        return self._take(submit, "SHORTEN", Makes.SHORTEN, self._prompt(submit.body), (1, 1))

    def _take(
        self,
        submit: Submit,
        action: str,
        makes: Makes,
        prompt: str,
        aspect: tuple[int, int],
        *,
        source: bytes = b"",
    ) -> Answer:
        desk, body = self._desk, submit.body
        if body.text("botType") not in _BOTS:
            raise desk.refused("bad parameter")
        desk.check_common(body)
        reading = self._reading(submit, prompt)
        uuid = new_uuid()
        picture = first_grid(reading.text or action.lower(), aspect, uuid)
        is_official = desk.options.button_style == "official"
        order = Order(
            action=action,
            proxy_action="EDIT" if action == "EDITS" else action,
            makes=makes,
            prompt=prompt,
            reading=reading,
            picture=film(picture, 1) if makes is Makes.VIDEO_BATCH else picture,
            uuid=uuid,
            speed=desk.speed(submit, reading),
            scene=Scene(frozenset({"image", "hook"}), prompt),
            bot_type=body.text("botType") or "MID_JOURNEY",
            echo=body.text("state"),
            notify_hook=body.text("notifyHook"),
            choices=_OFFICIAL_CHOICES if is_official and makes is Makes.DESCRIBE else reading.batch,
            is_official=is_official,
            source=source,
        )
        return desk.accept(submit, order)[0]

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
