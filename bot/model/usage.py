"""What somebody has had made, counted. Imports the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from bot.model.vocabulary import Kind, Speed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """So many jobs of one kind and speed that the API accepted and that did not fail."""

    kind: Kind
    speed: Speed
    count: int
