"""The rules for modals: what may stand in one (docs, components reference). Knows no storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .calls import CHECKBOX, CHECKBOX_GROUP, FIELDS, FILE_UPLOAD, RADIO_GROUP
from .components import TEXT_DISPLAY, ComponentCheck
from .fields import Form
from .messages import ROW, TEXT_INPUT
from .selects import check_checkbox_group, check_radio_group, check_select

if TYPE_CHECKING:
    from collections.abc import Callable

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
    check.reserve(form)
    modal: Json = {
        "title": form.text("title", 1, 45, required=True),
        "custom_id": form.text("custom_id", 1, 100, required=True),
        "components": [_top(top, check) for top in form.each("components", 1, 5)],
    }
    form.check()
    return modal


def _top(form: Form, check: ComponentCheck) -> Json:
    kind = form.choice("type", (ROW, TEXT_DISPLAY, LABEL))
    node: Json = {"type": kind, "id": check.node_id(form)}
    if kind == ROW:
        node["components"] = [_field(child, check, (TEXT_INPUT,)) for child in form.each("components", 1, 1)]
    elif kind == TEXT_DISPLAY:
        node["content"] = form.text("content", 1, 4000, required=True)
    elif kind == LABEL:
        node["label"] = form.text("label", 1, 45, required=True)
        node["description"] = form.text("description", 0, 100)
        node["component"] = _field(form.below("component"), check, FIELDS, labeled=True)
    return node


def _field(form: Form, check: ComponentCheck, kinds: tuple[int, ...], *, labeled: bool = False) -> Json:
    kind = form.choice("type", kinds)
    node: Json = {"type": kind, "id": check.node_id(form)}
    if kind is None:
        return node
    node["custom_id"] = check.custom_id(form)
    if kind == CHECKBOX:
        return node | {"default": form.flag("default")}
    required = form.flag("required", default=True)
    makers: dict[int, Callable[[], Json]] = {
        TEXT_INPUT: lambda: _text_input(form, labeled=labeled),
        FILE_UPLOAD: lambda: _file_upload(form),
        RADIO_GROUP: lambda: check_radio_group(form),
        CHECKBOX_GROUP: lambda: check_checkbox_group(form, required=required),
    }
    make = makers.get(kind, lambda: _select(form, kind, check))
    return node | {"required": required} | make()


def _select(form: Form, kind: int, check: ComponentCheck) -> Json:
    if form.flag("disabled"):
        form.fail("disabled", "COMPONENT_INVALID", "A select in a modal cannot be disabled")
    return check_select(form, kind, check.emoji)


def _text_input(form: Form, *, labeled: bool) -> Json:
    least, most = form.whole("min_length", 0, 4000, 0), form.whole("max_length", 1, 4000, 4000)
    if least > most:
        form.fail("min_length", "TEXT_INPUT_COMPONENT_MIN_LENGTH", "Must not be above the maximum length")
    return {
        "style": form.choice("style", (1, 2)),
        "label": None if labeled else form.text("label", 1, 45, required=True),
        "min_length": least,
        "max_length": most,
        "placeholder": form.text("placeholder", 0, 100),
        "value": form.text("value", 0, most),
    }


def _file_upload(form: Form) -> Json:
    least, most = form.whole("min_values", 0, 10, 1), form.whole("max_values", 1, 10, 1)
    if least > most:
        form.fail("min_values", "FILE_UPLOAD_COMPONENT_MIN_VALUES", "Must not be above the maximum")
    return {"min_values": least, "max_values": most}
