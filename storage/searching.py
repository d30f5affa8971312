"""Prompts as they are searched: folded, so that case, width and the form of accents make no difference in any script.

Functions of one transaction: they get the connection, and neither begin nor commit. Imports nothing of Easel.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def fold(text: str) -> str:
    """Return a text as it is compared in a search."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def enter(connection: sqlite3.Connection, user_id: int, job_id: str, prompt: str) -> None:
    """Let a job be found by its prompt."""
    connection.execute(
        "INSERT INTO searches (user_id, job_id, folded) VALUES (?, ?, ?)",
        (user_id, job_id, fold(prompt.encode("utf-8", "replace").decode("utf-8"))),
    )


def remove(connection: sqlite3.Connection, user_id: int, job_id: str) -> None:
    """Let a job be found no more."""
    connection.execute("DELETE FROM searches WHERE user_id = ? AND job_id = ?", (user_id, job_id))
