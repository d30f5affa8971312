"""One ask of the page: its fields, read with bounds.

Knows nothing of Discord or of the API. What is wrong becomes a `ValueError` whose text is a sentence.
"""

from __future__ import annotations

import json
from typing import Any, cast, final

Json = dict[str, Any]

MOST_TEXT = 8000
MOST_WORD = 128
MOST_ITEMS = 100
_MOST_DIGITS = 20


@final
class Ask:
    """What the page asked: a verb, its number, and fields."""

    def __init__(self, number: int, verb: str, fields: Json) -> None:
        self.number = number
        self.verb = verb
        self.fields = fields

    @classmethod
    def parse(cls, text: str) -> Ask:
        """Read one message of the page.

        Raises
        ------
        ValueError
            It is no ask; nobody can be answered then.
        """
        try:
            data: object = json.loads(text)
        except (ValueError, RecursionError):
            raise _wrong("message") from None
        fields = cast("Json", data) if isinstance(data, dict) else {}
        number, verb = fields.pop("ask", None), fields.pop("verb", None)
        if isinstance(number, bool) or not isinstance(number, int) or not isinstance(verb, str):
            raise _wrong("message")
        return cls(number, verb, fields)

    def text(self, name: str, most: int = MOST_TEXT) -> str:
        """Return a text of at most `most` characters; one that was not sent is empty."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise _wrong(name)
        if len(value) > most:
            raise ValueError(f"This is too long: at most {most} characters fit.")
        return value

    def word(self, name: str, most: int = MOST_WORD) -> str:
        """Return a text that has to be there."""
        value = self.text(name, most)
        if not value:
            raise _wrong(name)
        return value

    def id(self, name: str) -> int:
        """Return an id that has to be there."""
        found = self.maybe_id(name)
        if found is None:
            raise _wrong(name)
        return found

    def maybe_id(self, name: str) -> int | None:
        """Return an id, or None where there is none."""
        value = self.fields.get(name)
        return None if value is None else read_id(value, name)

    def whole(self, name: str, least: int, most: int, default: int) -> int:
        """Return a whole number, moved into its bounds."""
        value = self.fields.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise _wrong(name)
        return min(max(value, least), most)

    def flag(self, name: str) -> bool:
        """Return a truth value that has to be there."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise _wrong(name)
        return value

    def texts(self, name: str) -> list[str]:
        """Return a list of texts; one that was not sent is empty."""
        value = self.fields.get(name)
        return [] if value is None else read_texts(value, name)

    def object(self, name: str) -> Json:
        """Return an object; one that was not sent is empty."""
        value = self.fields.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or len(cast("Json", value)) > MOST_ITEMS:
            raise _wrong(name)
        return cast("Json", value)


def read_id(value: object, name: str) -> int:
    """Read an id, which is text as on Discord's wire.

    Raises
    ------
    ValueError
        It is none.
    """
    if isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) <= _MOST_DIGITS:
        return int(value)
    raise _wrong(name)


def read_texts(value: object, name: str) -> list[str]:
    """Read a list of texts.

    Raises
    ------
    ValueError
        It is none, or too long.
    """
    if not isinstance(value, list):
        raise _wrong(name)
    items = cast("list[object]", value)
    if len(items) > MOST_ITEMS:
        raise _wrong(name)
    if not all(isinstance(item, str) and len(item) <= MOST_TEXT for item in items):
        raise _wrong(name)
    return cast("list[str]", items)


def _wrong(name: str) -> ValueError:
    return ValueError(f"The page sent something that the sandbox does not understand ({name}). Reload the page.")
