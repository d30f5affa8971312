"""The submits that act on a finished task: action (a button) and modal (what a window asked for)."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, final

from PIL import Image

from sandbox.comet import phrases
from sandbox.comet.answers import INSTANCE, Answer, unknown_action
from sandbox.comet.desk import new_uuid
from sandbox.comet.families import SUGGESTED, Makes, Window, family_of, index_of
from sandbox.comet.fields import decoded_png
from sandbox.comet.orders import Given, with_prompt
from sandbox.comet.pictures import film, first_grid, from_afar, larger, like, panned, squared, tile_of
from sandbox.comet.script import SUCCESS
from sandbox.comet.suggestions import suggested
from sandbox.comet.switches import Scene
from sandbox.comet.tasks import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.comet.desk import Desk, Submit
    from sandbox.comet.families import Family
    from sandbox.comet.orders import Order
    from sandbox.comet.pictures import Picture
    from sandbox.comet.tasks import Task

_WHITE: Final = 255
_ZOOMS: Final = {"50": 2.0, "75": 1.5}


@final
class Presses:
    """Take button presses and what is filled into their windows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def action(self, submit: Submit) -> Answer:
        """Press a button of a finished task.

        Raises
        ------
        Refused
            When the task or the button is unknown, or the task unfinished.
        """
        desk, body = self._desk, submit.body
        custom_id, task_id = body.text("customId"), body.text("taskId")
        if not custom_id:
            raise desk.refused("no custom id")
        if not task_id:
            raise desk.refused("no task id")
        family = family_of(custom_id)
        if family is None:
            raise unknown_action(custom_id, gateway=desk.is_gateway)
        parent = desk.book.get(task_id)
        if parent is None:
            raise desk.refused("unknown task")
        if not parent.buttons:
            raise desk.refused("unfinished task")
        if custom_id not in {button["customId"] for button in parent.buttons}:
            raise desk.refused("foreign button")
        desk.check_common(body)
        parent.pressed.add(custom_id)
        return self._press(submit, parent, family)

    def _press(self, submit: Submit, parent: Task, family: Family) -> Answer:
        if family.action == "VIDEO" and submit.speed == "turbo":  # not offered (contract 1)
            raise self._desk.refused("bad parameter")
        if family.prefix.endswith("::all"):
            return self._imagine_all(submit, parent, family)
        if self._desk.options.knows_upscales and family.makes is Makes.SINGLE:
            earlier = self._earlier(parent, submit.body.text("customId"))
            if earlier is not None:
                return self._desk.accept_again(earlier)
        order = self._order(submit, parent, family)
        wants_window = family.window is Window.ALWAYS or (
            family.window is Window.REMIX and (submit.body.flag("enableRemix") or self._desk.options.remix_account)
        )
        if wants_window:
            return self._desk.open_window(order, keeps_code=family.keeps_code)[0]
        return self._desk.accept(submit, order)[0]

    def _earlier(self, parent: Task, custom_id: str) -> Task | None:
        """Return the finished task that the same button made before."""
        made = (task for task in self._desk.book.values() if task.parent_id == parent.id)
        return next((task for task in made if task.custom_id == custom_id and task.status == SUCCESS), None)

    def _imagine_all(self, submit: Submit, parent: Task, family: Family) -> Answer:
        """Answer one id per suggestion, joined by commas; `state` gets a number each (contract 3.3)."""
        ids: list[str] = []
        for number, prompt in enumerate(suggested(parent.order), start=1):
            order = self._order(submit, parent, family)
            echo = f"{order.echo}::{number}"
            order = replace(with_prompt(order, prompt, self._desk.read(prompt, order.bot_type)), echo=echo)
            ids.append(self._desk.accept(submit, order)[1].id)
        properties = {"discordInstanceId": INSTANCE, "discordChannelId": INSTANCE}
        return Answer(
            {"code": 1, "description": phrases.ACCEPTED, "result": ",".join(ids), "properties": properties},
        )

    def _order(self, submit: Submit, parent: Task, family: Family) -> Order:
        body, old = submit.body, parent.order
        custom_id, uuid = body.text("customId"), new_uuid()
        prompt = self._prompt(parent, family, custom_id)
        reading = self._desk.read(prompt, old.bot_type)
        makes = old.makes if family.action == "REROLL" and old.makes is Makes.VIDEO_BATCH else family.makes
        is_batch = makes is Makes.VIDEO_BATCH
        return replace(
            old,
            action=family.action,
            proxy_action=self._proxy_action(old, family),
            makes=makes,
            prompt=prompt,
            reading=reading,
            picture=film(old.picture, 1) if is_batch else _picture(old.picture, family, custom_id, reading.text, uuid),
            uuid=old.uuid if makes in {Makes.SINGLE, Makes.UPSCALED} else uuid,
            speed=self._desk.speed(submit, reading),
            scene=Scene(frozenset({"image", "hook"}), old.scene.prompt, on_action=True),
            custom_id=custom_id,
            echo=body.text("state"),
            notify_hook=body.text("notifyHook"),
            parent_id=parent.id,
            choices=reading.batch if is_batch else old.choices,
            has_picture=True,
            has_future_button=False,
            given=Given(enable_remix=body.flag("enableRemix")),
            source=old.source if makes is Makes.DESCRIBE else b"",
        )

    @staticmethod
    def _prompt(parent: Task, family: Family, custom_id: str) -> str:
        if family.action not in SUGGESTED:
            return parent.order.prompt
        return suggested(parent.order)[index_of(custom_id) - 1]

    @staticmethod
    def _proxy_action(old: Order, family: Family) -> str:
        """Return the proxy's loose word: a reroll keeps the parent's, except of an upscale (contract 4.2)."""
        if family.action != "REROLL":
            return family.proxy_action
        return "IMAGINE" if old.proxy_action == "UPSCALE" else old.proxy_action

    def modal(self, submit: Submit) -> Answer:
        """Supply what a task in MODAL waits for; the answer repeats its id.

        Raises
        ------
        Refused
            When the task is unknown or does not wait, or the mask is bad.
        """
        desk, body = self._desk, submit.body
        if not body.text("taskId"):
            raise desk.refused("no task id")
        task = desk.book.get(body.text("taskId"))
        if task is None:
            raise desk.refused("unknown task")
        if not task.awaits_modal:
            raise desk.refused("wrong state")
        prompt = body.text("prompt") or self._fallback_prompt(task)
        if not prompt.strip() and task.order.action == "INPAINT":
            raise desk.refused("no modal prompt")
        mask = self._mask(body.text("maskBase64"), task)
        order = self._filled(task, prompt, has_prompt=bool(body.text("prompt")))
        plan = desk.planner.plan(submit.names, order)
        desk.charge_modal(task, order)
        task.mask = mask
        if desk.is_gateway and desk.options.modal_rows:
            task.rows.append(Row("MODAL", prompt, phrases.ACCEPTED, desk.timeline.now()))
        task.answer_modal(plan.order, plan.script)
        result = int(task.id) if desk.is_gateway else task.id
        return Answer({"code": 1, "description": phrases.ACCEPTED, "result": result})

    def _fallback_prompt(self, task: Task) -> str:
        """Return what is drawn when no prompt was sent: the parent's, not the suggestion (contract 4.5)."""
        parent = self._desk.book.get(task.order.parent_id)
        return parent.order.prompt if parent else task.order.prompt

    def _filled(self, task: Task, prompt: str, *, has_prompt: bool) -> Order:
        order = with_prompt(task.order, prompt, self._desk.read(prompt, task.order.bot_type))
        if has_prompt:
            given = replace(order.given, modal_prompt=prompt)
            order = replace(order, scene=Scene(order.scene.names, prompt), given=given)
        if order.makes is Makes.VIDEO_BATCH:
            order = replace(order, choices=order.reading.batch)
        if order.action in SUGGESTED:
            return replace(order, picture=first_grid(order.reading.text, order.reading.aspect, order.uuid))
        return order

    def _mask(self, data: str, task: Task) -> bytes:
        """Return the mask's bytes, checked as the options say.

        Raises
        ------
        Refused
            When it does not decode, or does not fit in the strict setting.
        """
        try:
            mask = decoded_png(data)
        except ValueError as error:
            raise self._desk.refused("bad base64") from error
        if self._desk.options.strict_masks and task.order.action == "INPAINT":
            parent = self._desk.book[task.order.parent_id]
            self._check_mask(mask, parent.order.picture.size(self._desk.options.picture_size))
        return mask

    def _check_mask(self, mask: bytes, size: tuple[int, int]) -> None:
        try:
            with Image.open(io.BytesIO(mask), formats=("PNG",)) as image:
                fits = image.size == size and image.convert("L").getextrema()[1] == _WHITE
        except (OSError, ValueError) as error:
            raise self._desk.refused("bad base64") from error
        if not fits:
            raise self._desk.refused("bad parameter")


def _picture(old: Picture, family: Family, custom_id: str, caption: str, salt: str) -> Picture:
    """Return what the new task shows, from what the old one showed."""
    index = index_of(custom_id)
    makers: dict[str, Callable[[], Picture]] = {
        "UPSCALE": lambda: _chosen(old, family.makes, index),
        "VARIATION": lambda: like(old, index, 0.6, salt),
        "HIGH_VARIATION": lambda: like(old, index, 0.6, salt),
        "LOW_VARIATION": lambda: like(old, index, 0.2, salt),
        "INPAINT": lambda: like(old, index, 0.2, salt),
        "PAN": lambda: panned(old, custom_id.split("pan_", 1)[1].split("::", 1)[0]),
        "ZOOM": lambda: _zoomed(old, custom_id.split("::")[2]),
        "CUSTOM_ZOOM": lambda: _zoomed(old, ""),
    }
    anew = partial(first_grid, caption or old.caption, old.aspect, salt)
    return makers.get(family.action, anew)()


def _chosen(old: Picture, makes: Makes, index: int) -> Picture:
    """Return what U1-U4 and the upscales make, of pictures and of videos."""
    if makes is Makes.VIDEO:
        return replace(old, number=index - 1)
    return larger(old) if makes is Makes.UPSCALED else tile_of(old, index)


def _zoomed(old: Picture, amount: str) -> Picture:
    return squared(old) if amount == "100" else from_afar(old, _ZOOMS.get(amount, 1.8))
