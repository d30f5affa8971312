"""The rules for modals: what may stand in one (docs, components reference). Knows no storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .calls import FILE_UPLOAD
from .components import TEXT_DISPLAY, ComponentCheck
from .fields import Form
from .messages import ROW, SELECTS, TEXT_INPUT

if TYPE_CHECKING:
    from .refusals import Json

LABEL = 18


def check_modal(data: object, emojis: frozenset[int]) -> Json:
    """Check the `data` of callback type 9 and return it as Discord keeps it.

    Raises
    ------
    Refusal
        50035, with the tree of errors.
    """
    form = Form(data, ("data",))
    check = ComponentCheck((), emojis)
    modal: Json = {
        "title": form.text("title", 1, 45, required=True),
        "custom_id": form.text("custom_id", 1, 100, required=True),
        "components": [_top(top, check, number) for number, top in enumerate(form.each("components", 1, 5))],
    }
    form.check()
    return modal


def _top(form: Form, check: ComponentCheck, number: int) -> Json:
    kind = form.choice("type", (ROW, TEXT_DISPLAY, LABEL))
    node: Json = {"type": kind, "id": number * 2 + 1}
    if kind == ROW:
        node["components"] = [_field(child, check, (TEXT_INPUT,), number) for child in form.each("components", 1, 1)]
    elif kind == TEXT_DISPLAY:
        node["content"] = form.text("content", 1, 4000, required=True)
    elif kind == LABEL:
        node["label"] = form.text("label", 1, 45, required=True)
        node["description"] = form.text("description", 0, 100)
        kinds = (TEXT_INPUT, FILE_UPLOAD, *SELECTS)
        node["component"] = _field(form.below("component"), check, kinds, number, labeled=True)
    return node


def _field(form: Form, check: ComponentCheck, kinds: tuple[int, ...], number: int, *, labeled: bool = False) -> Json:
    kind = form.choice("type", kinds)
    node: Json = {"type": kind, "id": number * 2 + 2, "required": form.flag("required", default=True)}
    if kind == TEXT_INPUT:
        node |= _text_input(form, check, labeled=labeled)
    elif kind == FILE_UPLOAD:
        node |= {
            "custom_id": check.custom_id(form),
            "min_values": form.whole("min_values", 0, 10, 1),
            "max_values": form.whole("max_values", 1, 10, 1),
        }
    elif kind is not None:
        node |= check.select(form, kind)
    return node


def _text_input(form: Form, check: ComponentCheck, *, labeled: bool) -> Json:
    least, most = form.whole("min_length", 0, 4000, 0), form.whole("max_length", 1, 4000, 4000)
    if least > most:
        form.fail("min_length", "TEXT_INPUT_COMPONENT_MIN_LENGTH", "Must not be above the maximum length")
    return {
        "custom_id": check.custom_id(form),
        "style": form.choice("style", (1, 2)),
        "label": None if labeled else form.text("label", 1, 45, required=True),
        "min_length": least,
        "max_length": most,
        "placeholder": form.text("placeholder", 0, 100),
        "value": form.text("value", 0, most),
    }
