"""Files of ours that outlive the links they came from. Imports only the standard library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file of a job's below the picture folder.

    Attributes
    ----------
    part
        0 is the job's picture or first video, 1 and up are its further videos.
    name
        After its content, so several jobs may have one file: `<sha256>.<ending>`.
    size
        In bytes.
    kept_at
        When it was fetched for this job.
    """

    job_id: str
    part: int
    name: str
    media_type: str
    size: int
    kept_at: datetime
