"""What Midjourney's action ids mean: one table from the beginning of a customId to what it does.

Sources: contract 3.3, 3.4, 4.2. Pure; imports nothing of this package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, final

_INDEX: Final = re.compile(r"::(\d+)(?:::|$)")


@final
class Makes(Enum):
    """What stands in a finished task."""

    GRID = "four pictures in one"
    SINGLE = "one picture out of a grid"
    UPSCALED = "one picture, larger"
    DESCRIBE = "four suggestions for a prompt"
    SHORTEN = "shorter forms of a prompt"
    VIDEO_BATCH = "some videos to choose from"
    VIDEO = "one video"


@final
class Window(Enum):
    """Whether an action waits for a modal (contract 3.3)."""

    NEVER = "never"
    REMIX = "with enableRemix, or when the account is in remix mode"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Family:
    """What a customId that begins with `prefix` does.

    Attributes
    ----------
    action, proxy_action
        What the gateway and what the proxy call it in the task object.
    keeps_code
        The gateway leaves the code 21 of this one alone (contract 3.2).
    """

    prefix: str
    action: str
    proxy_action: str
    makes: Makes
    window: Window = Window.NEVER
    keeps_code: bool = False


_GRID, _BATCH = Makes.GRID, Makes.VIDEO_BATCH
FAMILIES: Final = (
    Family("MJ::JOB::upsample::", "UPSCALE", "UPSCALE", Makes.SINGLE),
    Family("MJ::JOB::upsample_", "UPSCALE", "UPSCALE", Makes.UPSCALED),
    Family("MJ::JOB::video_virtual_upscale", "UPSCALE", "UPSCALE_HD", Makes.VIDEO),
    Family("MJ::JOB::variation::", "VARIATION", "VARIATION", _GRID, Window.REMIX),
    Family("MJ::JOB::high_variation::", "HIGH_VARIATION", "VARIATION", _GRID, Window.REMIX),
    Family("MJ::JOB::low_variation::", "LOW_VARIATION", "VARIATION", _GRID, Window.REMIX),
    Family("MJ::JOB::reroll::", "REROLL", "REROLL", _GRID, Window.REMIX),
    Family("MJ::JOB::pan_", "PAN", "PAN", _GRID, Window.REMIX),
    Family("MJ::JOB::animate_high_extend", "VIDEO", "VIDEO_EXTEND", _BATCH),
    Family("MJ::JOB::animate_low_extend", "VIDEO", "VIDEO_EXTEND", _BATCH),
    Family("MJ::JOB::animate_", "VIDEO", "VIDEO", _BATCH, Window.REMIX),
    Family("MJ::JOB::video::", "VIDEO", "VIDEO", _BATCH, Window.ALWAYS),
    Family("MJ::Outpaint::", "ZOOM", "OUTPAINT", _GRID),
    Family("MJ::CustomZoom::", "CUSTOM_ZOOM", "ZOOM", _GRID, Window.ALWAYS, keeps_code=True),
    Family("MJ::Inpaint::", "INPAINT", "VARIATION", _GRID, Window.ALWAYS, keeps_code=True),
    Family("MJ::Job::PicReader::all", "IMAGINE", "IMAGINE", _GRID),
    Family("MJ::Job::PicReader", "PIC_READER", "IMAGINE", _GRID, Window.ALWAYS),
    Family("MJ::Picread::Retry", "DESCRIBE", "DESCRIBE", Makes.DESCRIBE),
    Family("MJ::Job::PromptAnalyzer::", "PROMPT_ANALYZER", "IMAGINE", _GRID, Window.ALWAYS),
    Family("MJ::Job::PromptAnalyzerExtended", "PROMPT_ANALYZER_EXTENDED", "SHORTEN", Makes.SHORTEN),
    Family("MJ::JOB::future_thing::", "FUTURE_THING", "ACTION", _GRID),
)
"""The first that fits counts. `MJ::BOOKMARK` is missing on purpose: neither profile takes it."""

SUGGESTED: Final = frozenset({"PIC_READER", "PROMPT_ANALYZER"})
"""The actions that draw a suggestion, from a window that begins with it."""


def family_of(custom_id: str) -> Family | None:
    """Return what a customId does, or None if nobody knows it."""
    return next((family for family in FAMILIES if custom_id.lower().startswith(family.prefix.lower())), None)


def index_of(custom_id: str) -> int:
    """Return the number of the picture, video or suggestion that a customId is about, from 1; 1 when it names none."""
    match = _INDEX.search(custom_id)
    return max(int(match[1]), 1) if match else 1
