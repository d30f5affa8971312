"""Prompts and descriptions as they are searched: folded, so that width, case and accents are the same in any script.

Functions of one transaction: they get the connection, and neither begin nor commit. Imports nothing of Easel.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

#: More words than anybody remembers of a prompt, and fewer than SQLite has a limit for.
_WORDS: Final = 32


def fold(text: str) -> str:
    """Return a text as it is compared in a search."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words_of(text: str) -> list[str]:
    """Return the words of a search, folded, each once; of more than 32 the longest."""
    return sorted(dict.fromkeys(_folded(text).split()), key=len, reverse=True)[:_WORDS]


def enter(connection: sqlite3.Connection, user_id: int, job_id: str, prompt: str) -> None:
    """Let a job be found by its prompt."""
    connection.execute(
        "INSERT INTO searches (user_id, job_id, folded) VALUES (?, ?, ?)",
        (user_id, job_id, _folded(prompt)),
    )


def add(connection: sqlite3.Connection, user_id: int, job_id: str, text: str) -> None:
    """Let a job that is found be found by a further text too."""
    connection.execute(
        "UPDATE searches SET folded = folded || char(10) || ? WHERE user_id = ? AND job_id = ?",
        (_folded(text), user_id, job_id),
    )


def remove(connection: sqlite3.Connection, user_id: int, job_id: str) -> None:
    """Let a job be found no more."""
    connection.execute("DELETE FROM searches WHERE user_id = ? AND job_id = ?", (user_id, job_id))


def _folded(text: str) -> str:
    # Half a surrogate pair can come out of anybody's JSON and cannot be written as UTF-8.
    return fold(text.encode("utf-8", "replace").decode("utf-8"))
