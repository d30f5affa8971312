"""Reading the body of a request without trusting its types. Pure; imports nothing of this package."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Final, cast, final

if TYPE_CHECKING:
    from collections.abc import Mapping

_PNG_PREFIX: Final = "data:image/png;base64,"


@final
class NotAnObject(ValueError):
    """A body is JSON, but not an object."""


@final
class Fields:
    """A JSON object; a member that is missing or of another type reads as empty."""

    def __init__(self, members: Mapping[str, object]) -> None:
        self._members = members

    @classmethod
    def parse(cls, body: bytes) -> Fields:
        """Read a body.

        Raises
        ------
        ValueError
            When it is not a JSON object.
        """
        value: object = json.loads(body.decode())
        if not isinstance(value, dict):
            raise NotAnObject(body[:80])
        return cls(cast("dict[str, object]", value))

    def text(self, name: str) -> str:
        """Return a string; integers count, since some clients send ids so."""
        value = self._members.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return the strings of an array; integers count as in `text`."""
        value = self._members.get(name)
        if not isinstance(value, list):
            return []
        items = cast("list[object]", value)
        return [str(item) for item in items if isinstance(item, (str, int)) and not isinstance(item, bool)]

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        return self._members.get(name) is True

    def number(self, name: str) -> int | None:
        """Return an integer, or None."""
        value = self._members.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def decimal(self, name: str) -> float | None:
        """Return a number, or None."""
        value = self._members.get(name)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        return self._members.get(name) is not None

    def inner(self, name: str) -> Fields:
        """Return an object inside, empty if there is none."""
        value = self._members.get(name)
        return Fields(cast("dict[str, object]", value) if isinstance(value, dict) else {})


def decoded(data: str) -> bytes:
    """Return the bytes of a data URI or of bare base64.

    Raises
    ------
    ValueError
        When it is neither.
    """
    _, comma, tail = data.partition(";base64,") if data.startswith("data:") else ("", "", data)
    if data.startswith("data:") and not comma:
        raise ValueError(data[:40])
    return _base64(tail)


def decoded_png(data: str) -> bytes:
    """Return the bytes of a mask; only the prefix of a PNG data URI is understood (contract 4.5).

    Raises
    ------
    ValueError
        When it does not decode.
    """
    return _base64(data.removeprefix(_PNG_PREFIX))


def _base64(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise ValueError(data[:40]) from error
