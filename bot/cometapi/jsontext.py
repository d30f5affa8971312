"""Bytes from the network to JSON values that cannot surprise anybody afterwards.

Whatever the API's body holds, this module either returns a value or raises `CometUncertain`; the accessors never raise.
Pure; imports only the error tree.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from bot.errors import CometUncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What `decode` returns. Objects and lists hold the same again; `object` keeps every reader honest about checking.
Json: TypeAlias = "bool | int | float | str | list[object] | dict[str, object] | None"

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_NUMBER_DIGITS: Final = 18
_ENDLESS: Final = 10**200  # thousands of digits take long to write out
_INTEGER: Final = re.compile(rf"\s*[+-]?[0-9]{{1,{_NUMBER_DIGITS}}}\s*", re.ASCII)
_KEYS: Final = re.compile(r"(?i)\b(sk-|bearer\s+)[A-Za-z0-9._~+/=-]{6,}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{80,}={0,2}")


def _no_number(_name: str) -> None:
    """Read `NaN` and the infinities, which are not JSON, as null."""


def decode(body: bytes) -> Json:
    """Decode an answer, whatever its content type says (contract 1: submits may be labeled text/plain).

    Raises
    ------
    CometUncertain
        Not UTF-8, not JSON, nested too deeply, or with a number of thousands of digits.
    """
    try:
        return cast("Json", json.loads(body.decode("utf-8-sig"), parse_constant=_no_number))
    except (ValueError, RecursionError) as unreadable:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        msg = "the answer is not readable JSON"
        raise CometUncertain(msg) from unreadable


def looks_like_page(body: bytes) -> bool:
    """Tell whether the body is a web page rather than an API's answer."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def mapping(value: object) -> Mapping[str, object]:
    """Return an object's members; empty for anything that is not an object."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """Return a list's elements; empty for anything that is not a list."""
    return cast("list[object]", value) if isinstance(value, list) else []


def text(value: object, limit: int = 8000) -> str:
    """Return a string that SQLite, Discord and a log can all take; empty for anything that is not text.

    Parameters
    ----------
    limit
        In characters; what is longer is cut.
    """
    if not isinstance(value, str):
        return ""
    cut = value[:limit]
    if not cut.isascii():  # lone surrogates cannot be encoded
        cut = cut.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", cut)


def whole(value: object) -> int | None:
    """Return a whole number given as such or as digits; None for anything else, booleans included."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def digits(value: object) -> str:
    """Return the digits of a whole number, which may be an id; empty for anything else, and for endless ones."""
    number = whole(value)
    return str(number) if number is not None and abs(number) < _ENDLESS else ""


def plain(words: str, limit: int = 300) -> str:
    """Make a message of the API safe to store, log and show: one line, short, without keys or pictures in base64."""
    line = " ".join(text(words, 4 * limit).split())
    redacted = _BASE64.sub("…", _KEYS.sub(r"\1…", line))
    return redacted if len(redacted) <= limit else redacted[: limit - 1].rstrip() + "…"
