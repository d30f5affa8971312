"""What of a job's prompt and speed came from a preset or from settings, in one line. Imports the model, the texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say
from bot.model import Source, Speed
from bot.prompt import quote

if TYPE_CHECKING:
    from bot.model import Job

_FROM: Final = {
    Source.PRESET: mark("preset {words}"),
    Source.PERSON: mark("{words} from your settings"),
    Source.SERVER: mark("{words} from this server"),
}


def additions(job: Job) -> str:
    """Return what was added to what was typed, and by whom: `--ar 16:9` from your settings; empty for nothing."""
    others = {f"--{speed}" for speed in Speed if speed is not job.speed}  # one that videos do not have
    told = [
        say(_FROM[source], words=quote(" ".join(words)))
        for source in Source
        if (words := [each.words for each in job.order.applied if each.source is source and each.words not in others])
    ]
    return " · ".join(told)
