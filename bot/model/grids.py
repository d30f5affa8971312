"""Which pictures show four. Imports the vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model.jobs import Job
    from bot.model.tasks import Action

_EACH: Final = frozenset({1, 2, 3, 4})
#: Their numbered buttons stand for something else: suggestions, or the videos of a batch.
_NO_GRIDS: Final = frozenset({Kind.DESCRIBE, Kind.SHORTEN, Kind.ANIMATE})
_VIDEO: Final = "video/"


def is_grid(job: Job, actions: Sequence[Action]) -> bool:
    """Tell whether a job's picture shows four: it has a button of the same kind for each of them (contract 4.6 A)."""
    if job.kind in _NO_GRIDS or (job.media_type or "").startswith(_VIDEO):
        return False
    return any(
        {action.quadrant for action in actions if action.kind is kind} >= _EACH
        for kind in (Kind.UPSCALE, Kind.VARIATION)
    )
