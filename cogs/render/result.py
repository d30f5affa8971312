"""A finished job: its picture with prompt, person, speed, duration and origin, and the buttons that Midjourney gave.

Imports the model and the text rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.model import SETTLED, Status
from cogs.render.controls import Rendered, details_button, lay_out
from cogs.render.failure import render_failure
from cogs.render.origin import origin
from cogs.render.progress import render_progress
from cogs.render.text import bold, escape, is_web_address, mention, spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Action, Job

_PROMPT: Final = 600
_TEXT: Final = 400
_URL: Final = 500


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the message of a job that succeeded is made of.

    Attributes
    ----------
    attached
        Whether the picture is attached; if not, its link is shown.
    original_url
        Where the original can be had, if the attached picture is a smaller copy.
    shown_for
        The person to whom this result is shown again; None for its first showing.
    """

    job: Job
    actions: Sequence[Action] = ()
    parent: Job | None = None
    attached: bool = False
    original_url: str | None = None
    shown_for: int | None = None


def render_result(result: Result, *, emojis: bool = True) -> Rendered:
    """Return the message of a job that succeeded."""
    job = result.job
    lines = [
        bold(job.prompt, _PROMPT),
        _byline(job),
        escape(job.result_text, _TEXT),
        _footnote(result),
        _where(result),
    ]
    rows = lay_out(job.id, result.actions, [details_button(job.id)], emojis=emojis)
    return Rendered(content="\n".join(line for line in lines if line), rows=rows)


def render_job(job: Job, actions: Sequence[Action] = (), parent: Job | None = None, *, emojis: bool = True) -> Rendered:
    """Return the message that shows a job as it stands, whatever its status, without a file."""
    if job.status is Status.SUCCEEDED:
        return render_result(Result(job=job, actions=actions, parent=parent), emojis=emojis)
    if job.status in SETTLED:
        return render_failure(job, parent, emojis=emojis)
    return render_progress(job, parent, emojis=emojis)


def _byline(job: Job) -> str:
    took = job.duration
    late = job.finished_at is not None and job.give_up_at is not None and job.finished_at > job.give_up_at
    parts = [mention(job.user_id), str(job.speed)]
    if took is not None:
        parts.append(f"{spell(took)}, sorry for the long wait" if late else spell(took))
    return " · ".join(parts)


def _footnote(result: Result) -> str:
    again = f"shown again for {mention(result.shown_for)}, free of charge" if result.shown_for is not None else ""
    notes = " · ".join(note for note in (origin(result.job, result.parent), again) if note)
    return f"-# {notes}" if notes else ""


def _where(result: Result) -> str:
    if result.attached:
        original = result.original_url
        return f"-# Made smaller to fit here · [the original](<{original}>)" if is_web_address(original, _URL) else ""
    if is_web_address(result.job.media_url, _URL):
        return f"The picture could not be attached: [open it here]({result.job.media_url})"
    if result.job.result_text:
        return ""
    return "The picture could not be fetched just now. Try `/show` with this job's id (see *Details*) later."
