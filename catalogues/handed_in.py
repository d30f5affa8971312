"""Reads what a translator hands in: JSON, in one of two shapes.

`{"12": text}` names messages by the ids that `untranslated` gave. A list of `{"message": …, "context": …, "text": …}`
names them by their English words, and so outlives a change of the code. A text is one string, or the list of all plural
forms. Imports only `catalogues.entries`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalogues.entries import Entry
    from catalogues.files import Forms

_SHAPES: Final = 'Hand in {"<id>": text} or [{"message": …, "context": …, "text": …}]; a text is a string or a list.'


def handed_in(document: str, wanted: Sequence[Entry]) -> Iterator[tuple[str, Entry | None, Forms]]:
    """Find the messages that translations are for: how each is called, the message or None, and the translation.

    Raises
    ------
    ValueError
        It has another shape.
    """
    given: object = json.loads(document)
    if isinstance(given, dict):
        by_id = {str(number): entry for number, entry in enumerate(wanted, 1)}
        for number, text in cast("dict[str, object]", given).items():
            yield number, by_id.get(number), _forms(text)
    elif isinstance(given, list):
        by_key = {entry.key: entry for entry in wanted}
        for row in cast("list[object]", given):
            context, message, text = _row(row)
            yield f"{context} {message!r}".strip(), by_key.get((context, message)), _forms(text)
    else:
        raise ValueError(_SHAPES)  # noqa: TRY004 - the document is wrong, not a call


def _row(row: object) -> tuple[str, str, object]:
    if not isinstance(row, dict):
        raise ValueError(_SHAPES)  # noqa: TRY004 - the document is wrong, not a call
    fields = cast("dict[str, object]", row)
    context, message = fields.get("context") or "", fields.get("message")
    if not isinstance(context, str) or not isinstance(message, str):
        raise ValueError(_SHAPES)  # noqa: TRY004 - the document is wrong, not a call
    return context, message, fields.get("text")


def _forms(text: object) -> Forms:
    forms = [text] if isinstance(text, str) else cast("list[object]", text) if isinstance(text, list) else []
    if not forms or not all(isinstance(form, str) for form in forms):
        raise ValueError(_SHAPES)
    return tuple(cast("list[str]", forms))
