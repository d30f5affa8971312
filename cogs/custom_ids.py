"""The strings on our own Discord components: written here, matched here.

`mj1:<job>:<slot>` names a job and what to do with it: the number of one of its stored actions, or one of our own verbs.
`mjh1:…` turns the pages of `/history`. They outlive restarts and releases, so a form that was ever posted must stay
readable. Midjourney's own ids stay in the database. Imports nothing of Easel.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, final

#: A custom_id holds 100 characters (Discord, components).
LONGEST: Final = 100
#: So many page marks of 26 characters fit into one custom_id.
LONGEST_TRAIL: Final = 3

_JOB: Final = "[0-9A-HJKMNP-TV-Z]{26}"

#: Buttons under a job's messages.
JOB_BUTTON: Final = re.compile(rf"mj1:(?P<job>{_JOB}):(?P<slot>[0-9]{{1,3}}|details|cancel|again)")
#: The selects that hold the actions for which there was no room as buttons.
JOB_SELECT: Final = re.compile(rf"mj1:(?P<job>{_JOB}):more(?P<number>[0-9]?)")
#: Buttons that turn the pages of `/history`; the last mark is the page to show, those before it lead back.
HISTORY_BUTTON: Final = re.compile(rf"mjh1:(?P<turn>newest|newer|older):(?P<trail>(?:{_JOB})?(?:\.{_JOB}){{0,2}})")
#: The select that opens a job of the page.
HISTORY_OPEN: Final = "mjh1:open"
HISTORY_SELECT: Final = re.compile(HISTORY_OPEN)

_ANYWHERE: Final = re.compile(rf"(?<![0-9A-Z])({_JOB})(?![0-9A-Z])", re.IGNORECASE)


@final
class Verb(StrEnum):
    """What a button of ours does; Midjourney's are numbers."""

    DETAILS = "details"
    CANCEL = "cancel"
    AGAIN = "again"


def job_button(job_id: str, slot: int | Verb) -> str:
    """Return the custom_id of a button under a job's message."""
    return f"mj1:{job_id}:{slot}"


def job_select(job_id: str, number: int) -> str:
    """Return the custom_id of a job's `number`-th overflow select, from 0."""
    return f"mj1:{job_id}:more{number or ''}"


def job_prefix(job_id: str) -> str:
    """Return what every custom_id of a job begins with."""
    return f"mj1:{job_id}:"


def history_button(turn: str, trail: tuple[str, ...]) -> str:
    """Return the custom_id of a page turn; of a long trail only the last marks fit."""
    return f"mjh1:{turn}:{'.'.join(trail[-LONGEST_TRAIL:])}"


def find_job_id(text: str) -> str | None:
    """Return the job id in what a person pasted: an id, a custom_id, a file name or the link to a file."""
    found = _ANYWHERE.search(text)
    return found[1].upper() if found else None
