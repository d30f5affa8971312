"""Turn a log record into plain facts that are safe to write: no secret, no exception on the way.

Imports only the standard library and `bot.log.redaction`.
"""

from __future__ import annotations

import logging
import math
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from traceback import format_exception, format_exception_only
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from bot.log.redaction import Redactor

#: The one piece of module state: the standard library keeps context nowhere else.
_current_job: Final[ContextVar[str | None]] = ContextVar("easel_job", default=None)

#: What every record has; anything beyond was given as `extra`.
_ORDINARY: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "job"}

#: discord.py writes a whole traceback each time that its connection is lost. By logger and start of the message.
_RECONNECTS: Final = (
    ("discord.client", "Attempting a reconnect"),
    ("discord.shard", "Attempting a reconnect"),
    ("discord.shard", "Failed to connect for shard_id"),
)


@contextmanager
def job_context(job_id: str) -> Generator[None]:
    """Make every record of this block, and of the tasks started in it, carry `job=<job_id>`."""
    token = _current_job.set(job_id)
    try:
        yield
    finally:
        _current_job.reset(token)


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """What a record says, free of secrets.

    Attributes
    ----------
    fields
        `job` first if there is one, then the record's other extras.
    trace
        Empty, or a traceback with line breaks.
    """

    at: datetime
    level: str
    logger: str
    message: str
    fields: Mapping[str, object]
    trace: str


def read_record(record: logging.LogRecord, redact: Redactor) -> Entry:
    """Read a record without changing it; other handlers may want it as it was."""
    message = _message(record)
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if error is not None and any(record.name == name and message.startswith(start) for name, start in _RECONNECTS):
        message = f"{message} ({''.join(format_exception_only(error)).strip()})"
        trace = ""
    else:
        trace = "".join(format_exception(error)) if error is not None else record.exc_text or ""
    if record.stack_info:
        trace = f"{trace}\n{record.stack_info}".lstrip("\n")
    return Entry(
        at=datetime.fromtimestamp(record.created, UTC),
        level=record.levelname,
        logger=record.name,
        message=redact(message),
        fields=_fields(record, redact),
        trace=redact(trace).rstrip("\n"),
    )


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - whatever `__str__` or a wrong `%d` raises, the record itself must not be lost
        return f"{_text(record.msg)} (its arguments did not fit)"


def _fields(record: logging.LogRecord, redact: Redactor) -> dict[str, object]:
    job: object = vars(record).get("job") or _current_job.get()
    extras = {name: value for name, value in vars(record).items() if name not in _ORDINARY}
    given = {**({} if job is None else {"job": job}), **extras}
    return {name: value if _is_plain(value) else redact(_text(value)) for name, value in given.items()}


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value))


def _text(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - see `_message`
        return f"<{type(value).__name__} without a text>"
