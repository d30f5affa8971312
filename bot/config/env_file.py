"""Read `.env`: its values, and what is wrong with the file itself.

Imports only the standard library and python-dotenv.
"""

from __future__ import annotations

import io
import os
import re
import stat
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple, final

from dotenv.parser import parse_stream

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_CLOSE: Final = 0.8  # by difflib: one or two letters off
_HARMLESS_NAME: Final = re.compile(r"[A-Za-z_]{3,40}")  # anything else might be a secret without its name


@final
class Problem(NamedTuple):
    """One thing to mend: what it is about, why, and what to do."""

    key: str
    reason: str
    fix: str


def read_env_file(path: Path, known: Collection[str], secret: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    """Return the values of `path` by name, and its problems. A file that does not exist is empty.

    Parameters
    ----------
    known
        The names of all settings, for "did you mean".
    secret
        Those that hold secrets: with one of them the file must be its owner's alone.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        status = path.stat()
    except FileNotFoundError:
        return {}, []
    except UnicodeDecodeError:
        return {}, [Problem(str(path), "is not a text file in UTF-8", "Save it anew as UTF-8.")]
    except OSError as error:
        return {}, [Problem(str(path), f"cannot be read ({error.strerror})", "Check the file and its permissions.")]
    values, problems = _parse(path, text, known)
    if any(values.get(name) for name in secret):
        problems += check_permissions(path, status)
    return values, problems


def _parse(path: Path, text: str, known: Collection[str]) -> tuple[dict[str, str], list[Problem]]:
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            where = f"{path} line {binding.original.line}"
            problems.append(Problem(where, "cannot be read", "Write NAME=value, or put a # before it."))
        elif binding.key is not None:
            values[binding.key] = (binding.value or "").strip()
    problems += [problem for name in values if (problem := _misspelled(name, known))]
    return values, problems


def _misspelled(name: str, known: Collection[str]) -> Problem | None:
    if name in known or not _HARMLESS_NAME.fullmatch(name):
        return None
    match = get_close_matches(name.upper(), known, n=1, cutoff=_CLOSE)
    return Problem(name, "is not a setting", f"Did you mean {match[0]}?") if match else None


def check_permissions(path: Path, status: os.stat_result) -> list[Problem]:
    """Refuse a file of secrets that others can read (reliability C13), where the system knows owners at all."""
    if os.name != "posix":
        return []
    if status.st_uid not in {os.geteuid(), 0}:
        return [Problem(str(path), "belongs to another user", f"Run: chown $(id -un) {path}")]
    if stat.S_IMODE(status.st_mode) & 0o077:
        return [Problem(str(path), "holds secrets and can be read by others", f"Run: chmod 600 {path}")]
    return []
