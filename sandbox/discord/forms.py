"""What a person's client does with a modal or a select: check what was filled in, and write it as the wire wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .calls import CHECKBOX, FILE_UPLOAD, RADIO_GROUP
from .fields import as_object, objects
from .messages import ROW, SELECTS, STRING_SELECT, TEXT_INPUT
from .modals import LABEL
from .refusals import ClientRefused
from .uploads import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .calls import Field, Modal
    from .messages import Select
    from .refusals import Json
    from .resolving import Resolving

FieldValue = str | bool | list[str] | list[Upload] | None
"""A text or the value of a radio group; a truth value for a checkbox; a list for all others; None for nothing."""


def fill_modal(modal: Modal, values: Mapping[str, FieldValue], resolving: Resolving) -> list[Json]:
    """Return a modal's components with what a person put in; what is not in `values` stays as the bot filled it in.

    Raises
    ------
    ClientRefused
        A field is unknown, missing, out of its range, or of another kind.
    """
    known = {entry.custom_id: entry for entry in modal.fields()}
    unknown = [name for name in values if name not in known]
    if unknown:
        raise ClientRefused(f"There is no field {unknown[0]!r} in this form.")

    def filled(node: Json) -> Json:
        entry = known[node["custom_id"]]
        value = values[entry.custom_id] if entry.custom_id in values else _beginning(entry)
        shape: Json = {"type": entry.kind, "id": node["id"], "custom_id": entry.custom_id}
        return shape | _answer(entry, value, resolving)

    sent: list[Json] = []
    for top in modal.components:
        shape: Json = {"type": top["type"], "id": top["id"]}
        if top["type"] == ROW:
            shape["components"] = [filled(node) for node in objects(top["components"])]
        elif top["type"] == LABEL:
            shape["component"] = filled(as_object(top["component"]))
        sent.append(shape)
    return sent


def _beginning(entry: Field) -> FieldValue:
    """Return what a field holds before anybody touches it."""
    if entry.kind == TEXT_INPUT:
        return entry.value
    if entry.kind == CHECKBOX:
        return entry.checked
    chosen = list(entry.select.chosen) if entry.select is not None else []
    return next(iter(chosen), None) if entry.kind == RADIO_GROUP else chosen


def _answer(entry: Field, value: FieldValue, resolving: Resolving) -> Json:
    if entry.kind == TEXT_INPUT:
        return {"value": _typed(entry, value)}
    if entry.kind == CHECKBOX:
        return {"value": _ticked(entry, value)}
    if entry.kind == FILE_UPLOAD:
        return {"values": [resolving.upload(item) for item in _files(entry, value)]}
    chosen = _chosen(entry, value)
    if entry.select is not None and chosen:
        check_choice(entry.select, chosen, resolving)
    return {"value": next(iter(chosen), None)} if entry.kind == RADIO_GROUP else {"values": chosen}


def _name(entry: Field) -> str:
    return repr(entry.label or entry.custom_id)


def _typed(entry: Field, value: FieldValue) -> str:
    text = "" if value is None else value
    if not isinstance(text, str) or ("\n" in text and not entry.is_long):
        raise ClientRefused(f"{_name(entry)} takes {'a text' if entry.is_long else 'one line of text'}.")
    if not text and not entry.required:
        return ""
    least = max(entry.min_length, 1)
    if not least <= len(text) <= entry.max_length:
        raise ClientRefused(f"{_name(entry)} takes {least} to {entry.max_length} characters.")
    return text


def _ticked(entry: Field, value: FieldValue) -> bool:
    if not isinstance(value, bool | None):
        raise ClientRefused(f"{_name(entry)} takes yes or no.")
    return bool(value)


def _files(entry: Field, value: FieldValue) -> list[Upload]:
    given = value if isinstance(value, list) else []
    files = [item for item in given if isinstance(item, Upload)]
    if len(files) != len(given) or not isinstance(value, list | None):
        raise ClientRefused(f"{_name(entry)} takes files.")
    _count(entry, len(files), "files")
    return files


def _chosen(entry: Field, value: FieldValue) -> list[str]:
    given = value if isinstance(value, list) else [] if value is None else [value]
    chosen = [item for item in given if isinstance(item, str)]
    if len(chosen) != len(given):
        raise ClientRefused(f"{_name(entry)} takes a choice.")
    _count(entry, len(chosen), "choices")
    return chosen


def _count(entry: Field, number: int, what: str) -> None:
    """Check how many there are; a field that is not required may stay empty, however many it wants otherwise."""
    if not number and not entry.required:
        return
    least = max(entry.min_values, 1) if entry.required else entry.min_values
    if not least <= number <= entry.max_values:
        raise ClientRefused(f"{_name(entry)} takes {least} to {entry.max_values} {what}.")


def check_choice(select: Select, values: Sequence[str], resolving: Resolving) -> None:
    """Check what a person picked, and name the people, roles and channels among it in `resolving`.

    Raises
    ------
    ClientRefused
        Not an option here, picked twice, or too few or many.
    """
    if len(set(values)) != len(values):
        raise ClientRefused("Nothing can be picked twice.")
    if not select.min_values <= len(values) <= select.max_values:
        raise ClientRefused(f"Pick {select.min_values} to {select.max_values}.")
    if select.kind in SELECTS and select.kind != STRING_SELECT:
        for value in values:
            resolving.pick(select, value)
        return
    offered = [option.value for option in select.options]
    if any(value not in offered for value in values):
        raise ClientRefused(f"{list(values)} is not among {offered}.")
