"""The chronicle: one line in the log, and one count, for each move of each job.

Read in order, the lines with `action=move` are a job's whole history, from nothing to its last status (reliability E,
Logs). Written after the commit, so that they say nothing that a crash took back. Imports the model.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, final

from bot.model import SETTLED, Entry, Status

if TYPE_CHECKING:
    from bot.metrics.jobs import JobMetrics
    from bot.model import Job
    from storage.transactions.moves import Move

_log = logging.getLogger(__name__)


@final
class Chronicle:
    """Tells what the stores have written down about jobs."""

    def __init__(self, metrics: JobMetrics) -> None:
        self._metrics = metrics

    def entered(self, entry: Entry, job: Job) -> None:
        """Tell that somebody asked for a job."""
        if entry is Entry.NEW:
            self._tell(job, None)
        else:
            self._metrics.spared(entry)

    def moved(self, move: Move, job: Job) -> None:
        """Tell that a job has moved."""
        self._tell(job, move.source)
        if move.source is Status.SUBMITTING and move.outcome is not None:
            self._metrics.submitted(move.outcome)

    def recovered(self, job: Job) -> None:
        """Tell that a job was found being sent by a former process."""
        self._tell(job, Status.SUBMITTING)

    def _tell(self, job: Job, source: Status | None) -> None:
        former, now = "nothing" if source is None else source.value, job.status.value
        about = {"job": job.id, "action": "move", "kind": job.kind.value, "from": former, "to": now}
        _log.info("Moved from %s to %s", former, now, extra=about)
        if job.status in SETTLED:
            self._metrics.ended(job.kind, job.status)
