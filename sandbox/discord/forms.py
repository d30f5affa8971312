"""What a person's client does with a modal or a select: check what was filled in, and write it as the wire wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .calls import FILE_UPLOAD
from .fields import as_object, objects
from .messages import ROW, STRING_SELECT, TEXT_INPUT
from .modals import LABEL
from .refusals import ClientRefused
from .uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .calls import Field, Modal
    from .messages import Select
    from .refusals import Json

FieldValue = str | list[str] | list[Upload]


def fill_modal(modal: Modal, values: Mapping[str, FieldValue], upload: Callable[[Upload], str]) -> list[Json]:
    """Return a modal's components with what a person put in; `upload` stores a file and returns its id.

    Raises
    ------
    ClientRefused
        A field is unknown, missing, or too short or long.
    """
    known = {entry.custom_id: entry for entry in modal.fields()}
    unknown = [name for name in values if name not in known]
    if unknown:
        raise ClientRefused(f"no such field: {unknown}; there are {list(known)}")
    given = {name: _stored(known[name], value, upload) for name, value in values.items()}
    sent: list[Json] = []
    for top in modal.components:
        shape: Json = {"type": top["type"], "id": top["id"]}
        if top["type"] == ROW:
            shape["components"] = [_filled(node, known, given) for node in objects(top["components"])]
        elif top["type"] == LABEL:
            shape["component"] = _filled(as_object(top["component"]), known, given)
        sent.append(shape)
    return sent


def _stored(entry: Field, value: FieldValue, upload: Callable[[Upload], str]) -> str | list[str]:
    if isinstance(value, str):
        return value
    stored = [upload(item) if isinstance(item, Upload) else item for item in value]
    if any(isinstance(item, Upload) for item in value) != (entry.kind == FILE_UPLOAD and bool(value)):
        raise ClientRefused(f"{entry.custom_id!r} takes something else")
    return stored


def _filled(node: Json, known: Mapping[str, Field], values: Mapping[str, str | list[str]]) -> Json:
    entry = known[node["custom_id"]]
    shape: Json = {"type": node["type"], "id": node["id"], "custom_id": entry.custom_id}
    value = values.get(entry.custom_id)
    if entry.kind == TEXT_INPUT:
        return shape | {"value": _typed(entry, value)}
    chosen = [value] if isinstance(value, str) else value or []
    if entry.select is not None and (chosen or entry.required):
        check_choice(entry.select, chosen)
    if entry.kind == FILE_UPLOAD and (chosen or entry.required):
        least, most = int(node["min_values"]), int(node["max_values"])
        if not least <= len(chosen) <= most:
            raise ClientRefused(f"{entry.custom_id!r} takes {least} to {most} files")
    return shape | {"values": chosen}


def _typed(entry: Field, value: str | list[str] | None) -> str:
    text = (entry.value or "") if value is None else value
    if not isinstance(text, str):
        raise ClientRefused(f"{entry.custom_id!r} takes a text")
    if not text and not entry.required:
        return ""
    least = max(entry.min_length, 1)
    if not least <= len(text) <= entry.max_length:
        raise ClientRefused(f"{entry.custom_id!r} takes {least} to {entry.max_length} characters")
    return text


def check_choice(select: Select, values: Sequence[str]) -> None:
    """Check what a person picked in a select.

    Raises
    ------
    ClientRefused
        Not an option of this select, or too few or many.
    """
    if select.kind == STRING_SELECT:
        offered = [option.value for option in select.options]
        if any(value not in offered for value in values):
            raise ClientRefused(f"{list(values)} is not among {offered}")
    if not select.min_values <= len(values) <= select.max_values:
        raise ClientRefused(f"this select takes {select.min_values} to {select.max_values} values")
