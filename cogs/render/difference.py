"""What was changed in a prompt: words that came in bold, words that went struck through.

Imports `bot.prompt` and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.prompt import Fate, difference
from cogs.render.text import ELLIPSIS, brief, escape, size

if TYPE_CHECKING:
    from bot.model import Job
    from bot.prompt import Run

_MARKS: Final = {Fate.ADDED: "**", Fate.REMOVED: "~~", Fate.KEPT: ""}
#: Of one run, in units: one long addition must not push out everything else.
_LONGEST_RUN: Final = 160


def prompt_change(job: Job, parent: Job | None, limit: int) -> str:
    """Return how a job's prompt differs from its parent's, at most `limit` units long; empty where it does not."""
    if parent is None or not parent.prompt or not job.prompt:
        return ""
    said = ""
    for run in difference(parent.prompt, job.prompt):
        blank = " " if run.is_apart and said else ""
        longer = f"{said}{blank}{_dressed(run)}"
        if size(longer) > limit - len(ELLIPSIS) - 1:
            return f"{said} {ELLIPSIS}".strip()
        said = longer
    return said


def _dressed(run: Run) -> str:
    if run.fate is Fate.SKIPPED:
        return ELLIPSIS
    mark = _MARKS[run.fate]
    text = escape(brief(run.text), _LONGEST_RUN)
    return f"{mark}{text}{mark}" if text else ""
