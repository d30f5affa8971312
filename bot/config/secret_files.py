"""Secrets that lie in files of their own, as systemd and Docker hand them out: `DISCORD_TOKEN_FILE` and the like.

Imports only the standard library and its neighbors.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.config.env_file import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_SUFFIX: Final = "_FILE"
#: In bytes; a token has a hundred, and whatever else somebody names here is not read into memory.
_LONGEST: Final = 4096


def read_secret_files(environment: Mapping[str, str], secrets: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    """Return the secrets whose files the environment names, by the name of the setting, and the problems of others.

    Who may read such a file is up to whoever hands it out; a `.env` is looked at more closely.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name in secrets:
        place = environment.get(f"{name}{_SUFFIX}", "").strip()
        if not place:
            continue
        if environment.get(name, "").strip():
            problems.append(Problem(name, f"is set, and {name}{_SUFFIX} too", "Keep one of them."))
            continue
        value, reason = _read(Path(place))
        if reason:
            problems.append(Problem(f"{name}{_SUFFIX}", reason, f"Name a file that holds {name} and nothing else."))
        values[name] = value
    return values, problems


def _read(path: Path) -> tuple[str, str]:
    """Return what a file holds, or why that is not known."""
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
        value = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return "", "names a file that is not text"
    except OSError as error:
        return "", f"names a file that cannot be read ({error.strerror})"
    if not value or len(content) > _LONGEST:
        return "", "names a file that is empty" if not value else "names a file that is too long"
    return value, ""
