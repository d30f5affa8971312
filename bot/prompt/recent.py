"""Recent prompts as values of Discord's autocomplete, which may have 100 characters: a longer one is named by its job.

Pure. Imports only the standard library.
"""

from __future__ import annotations

import re
from typing import Final

#: Discord's limit for the value of a choice.
LONGEST_VALUE: Final = 100

_REFERENCE: Final = re.compile(r"\s*easel:(?P<job>[0-7][0-9A-HJKMNP-TV-Z]{25})\s*")  # a ULID, in Crockford's alphabet


def value_of(prompt: str, job_id: str) -> str:
    """Return what an autocomplete choice for the prompt of a job holds: the prompt itself, or `easel:<job id>`."""
    return prompt if 0 < len(prompt) <= LONGEST_VALUE else f"easel:{job_id}"


def job_reference(text: str) -> str | None:
    """Return the job id if `text` is what `value_of` writes for a long prompt; else None."""
    match = _REFERENCE.fullmatch(text)
    return match["job"] if match else None
