"""What the words after `python -m sandbox` mean. Imports only the standard library: who mistypes is told at once."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_PORT: Final = 8090
"""Fixed, so that a bookmark, and a page that is open, find the sandbox again."""

_UNNAMEABLE: Final = re.compile(r"[?#\x00-\x1f]")
"""What no address of the bot's database may contain."""

_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_MOST_PORT: Final = 65_535


@final
@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the flags say."""

    port: int
    discord_port: int
    comet_port: int
    keep: Path | None
    opens: bool
    has_page: bool
    log_level: str | None
    """From which level on the bot's log is shown in the terminal too; None shows it on the page alone."""


def read_flags(words: Sequence[str]) -> Wishes:
    """Read the command line; ends the process with how to use it if it cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Try Easel in a browser, without any key: the real bot, a local Discord and a local API.",
    )
    parser.add_argument("--port", type=_port, default=PAGE_PORT, help=f"of the page (default: {PAGE_PORT})")
    parser.add_argument("--discord-port", type=_port, default=0, help="of the local Discord (default: a free one)")
    parser.add_argument("--comet-port", type=_port, default=0, help="of the local API (default: a free one)")
    parser.add_argument("--keep", type=_folder, metavar="DIR", help="keep everything in DIR (default: thrown away)")
    parser.add_argument("--open", action="store_true", help="open the page in your browser")
    parser.add_argument("--no-page", action="store_true", help="only the servers; print what points a bot at them")
    parser.add_argument(
        "--log-level", type=str.upper, choices=_LEVELS, help="show the bot's log here too (default: only on the page)"
    )
    flags = parser.parse_args(words)
    return Wishes(
        port=flags.port,
        discord_port=flags.discord_port,
        comet_port=flags.comet_port,
        keep=flags.keep,
        opens=flags.open,
        has_page=not flags.no_page,
        log_level=flags.log_level,
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1024 to {_MOST_PORT}")
    return int(text)


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("it needs the name of a folder")
    try:
        path = Path(text).expanduser().resolve()
    except (OSError, RuntimeError) as error:  # nobody has this home; links that lead in a circle
        raise argparse.ArgumentTypeError(f"{text!r} leads nowhere: {error}") from None
    if _UNNAMEABLE.search(str(path)):
        raise argparse.ArgumentTypeError(f"{str(path)!r} cannot be used: choose a path without ? and #")
    return path
