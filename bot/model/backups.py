"""A copy of the database that can be put back. Imports only the standard library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A file that was looked through and found whole.

    Attributes
    ----------
    made_at
        When; None for a copy that Easel has not made itself.
    version
        Of the schema.
    size
        In bytes.
    rows
        How many, by table.
    """

    path: Path
    made_at: datetime | None
    version: int
    size: int
    rows: Mapping[str, int]
