"""How a record looks: one line for people, or one JSON object for machines.

What comes from outside cannot break a line, color a terminal or turn the direction of writing (reliability C18).
Imports only the standard library and its neighbors in `bot.log`.
"""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.log.entries import read_record

if TYPE_CHECKING:
    from bot.log.entries import Entry
    from bot.log.redaction import Redactor

_PLAIN_WORD: Final = re.compile(r"[^\s\"=\[\]]+")
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@final
class TextFormatter(logging.Formatter):
    """`<UTC time> LEVEL logger [job=… key=…] message`, tracebacks indented below."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    @override
    def format(self, record: logging.LogRecord) -> str:
        entry = read_record(record, self._redact)
        fields = " ".join(f"{escape(name)}={_field(value)}" for name, value in entry.fields.items())
        start = f"{_time(entry)} {entry.level:<7} {escape(entry.logger)}"
        lines = [" ".join(filter(None, [start, fields and f"[{fields}]", escape(entry.message)]))]
        lines += [f"    {escape(line)}" for line in entry.trace.split("\n") if line]
        return "\n".join(lines)


@final
class JsonFormatter(logging.Formatter):
    """One JSON object a line: `ts`, `level`, `logger`, `message`, `job` and other extras, `exception`."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    @override
    def format(self, record: logging.LogRecord) -> str:
        entry = read_record(record, self._redact)
        body: dict[str, object] = {
            **entry.fields,
            "ts": _time(entry),
            "level": entry.level,
            "logger": entry.logger,
            "message": entry.message,
        }
        if entry.trace:
            body["exception"] = entry.trace
        return json.dumps(body, ensure_ascii=True)


def escape(text: str) -> str:
    """Write what a terminal or a reader would act on (controls, turns of direction) as a backslash and its number."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escaped(character) if unicodedata.category(character) in _UNSAFE else character for character in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _field(value: object) -> str:
    text = str(value)
    return escape(text if _PLAIN_WORD.fullmatch(text) else json.dumps(text, ensure_ascii=False))


def _time(entry: Entry) -> str:
    return entry.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
