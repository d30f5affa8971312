"""What a person filled into a form, read out of the raw interaction: texts, choices, uploads. Pure.

discord.py reads forms only for those that it keeps in memory, which are gone after a restart. A field lies in a label
(type 18) or, in old forms, in a row (type 1). Nothing that is missing or of a strange shape raises: the form it came
from may be older than this code. Imports the engine's `Upload`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from bot.jobs.keeping.inputs import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEXT: Final = 4
_FILES: Final = 19


def texts(data: object) -> dict[str, str]:
    """Return what was typed into each text field, by the field's custom_id.

    Whoever forges a form may add fields of any name to it: take those that were asked for, and never all of them.
    """
    return {name: str(field.get("value") or "") for name, field in _fields(data) if field.get("type") == _TEXT}


def choices(data: object, name: str) -> tuple[str, ...]:
    """Return what was chosen in a select, a radio group or a group of checkboxes; nothing if the field is not there."""
    field = dict(_fields(data)).get(name, {})
    chosen = field.get("values") or [field.get("value")]
    return tuple(value for value in _list(chosen) if isinstance(value, str))


def uploads(data: object, name: str) -> tuple[Upload, ...]:
    """Return the files of an upload field, in their order; nothing if the field is not there."""
    field = dict(_fields(data)).get(name, {})
    if field.get("type") != _FILES:
        return ()
    attachments = _object(_object(_object(data).get("resolved")).get("attachments"))
    found = (_object(attachments.get(str(number))) for number in _list(field.get("values")))
    return tuple(_upload(attachment) for attachment in found if attachment.get("url"))


def _fields(data: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    for top in map(_object, _list(_object(data).get("components"))):
        for field in map(_object, [top.get("component"), *_list(top.get("components"))]):
            if isinstance(field.get("custom_id"), str):
                yield str(field["custom_id"]), field


def _upload(attachment: Mapping[str, object]) -> Upload:
    return Upload(
        url=str(attachment["url"]),
        name=str(attachment.get("filename") or ""),
        media_type=str(attachment.get("content_type") or ""),
        size=_whole(attachment.get("size")) or 0,
        width=_whole(attachment.get("width")),
        height=_whole(attachment.get("height")),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _object(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
