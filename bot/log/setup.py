"""Set logging up: one handler, the levels of our own loggers and of those of the libraries.

Imports only the standard library and its neighbors in `bot.log`.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TextIO, final

from typing_extensions import override

from bot.log.formatters import JsonFormatter, TextFormatter
from bot.log.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Collection

_OURS: Final = ("bot", "cogs", "storage", "__main__")

#: Loggers that must not go below INFO whatever is asked for: discord.py prints whole payloads at DEBUG, with the tokens
#: of interactions in them, and aiosqlite every statement with its values; Pillow's say nothing about us.
_CAPPED: Final = ("discord", "aiosqlite", "PIL")

#: What discord.py says where it cannot hand over suggestions: by logger, start of the message, and Discord's code.
_LATE_SUGGESTIONS: Final = ("discord.app_commands.tree", "Ignoring exception in autocomplete", 10062)


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether a record is for anybody: suggestions that came after Discord's 3 s are for nobody.

    Whoever typed has typed on by then, and discord.py would write a traceback for every letter.
    """
    logger, start, code = _LATE_SUGGESTIONS
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    is_late = record.name == logger and getattr(error, "code", None) == code
    return not (is_late and str(record.msg).startswith(start))


@final
class SafeHandler(logging.StreamHandler[TextIO]):
    """Writes records to a stream; a record or a stream that fails costs that record, never the caller."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        try:
            text = super().format(record)
        except Exception:  # noqa: BLE001 - a log call must not fail, and logging's own fallback would print raw arguments
            text = (
                f"{record.levelname} {record.name} a record could not be formatted ({record.pathname}:{record.lineno})"
            )
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        return text.encode(encoding, "backslashreplace").decode(encoding)

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        # logging's own version prints the raw arguments, secrets included
        if sys.__stderr__ is not None:
            with suppress(OSError, ValueError):
                sys.__stderr__.write(f"log: a record of {record.name} could not be written\n")


def configure(
    level: str = "INFO",
    log_format: str = "text",
    *,
    secrets: Collection[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send all records to one stream, free of secrets. May be called again; the last call counts.

    Parameters
    ----------
    level
        Of our own records. Libraries are heard from WARNING on, or, at DEBUG, from DEBUG on unless that leaks.
    log_format
        `text` or `json`.
    secrets
        Values that must never be written.
    stream
        The standard error stream if None. Not closed here.

    Raises
    ------
    ValueError
        No such level or format.
    """
    formatters = {"text": TextFormatter, "json": JsonFormatter}
    if log_format not in formatters or level not in logging.getLevelNamesMapping():
        raise ValueError("no such level or format")
    handler = SafeHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(formatters[log_format](Redactor(secrets)))
    handler.addFilter(is_news)
    root = logging.getLogger()
    for former in [former for former in root.handlers if isinstance(former, SafeHandler)]:
        root.removeHandler(former)
    root.addHandler(handler)
    _set_levels(logging.getLevelNamesMapping()[level])
    logging.captureWarnings(capture=True)


def _set_levels(wanted: int) -> None:
    libraries = wanted if wanted <= logging.DEBUG else max(wanted, logging.WARNING)
    logging.getLogger().setLevel(libraries)
    for name in _OURS:
        logging.getLogger(name).setLevel(wanted)
    for name in _CAPPED:
        logging.getLogger(name).setLevel(max(libraries, logging.INFO))
