"""Everything a person may want to know about one job, for their eyes only. No task ids: they can be guessed.

Imports the model, the text rules and the prices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import Status
from bot.prompt import price
from cogs.render.controls import Rendered, kind_name
from cogs.render.origin import deed, job_link
from cogs.render.text import ago, escape, mention, spell

if TYPE_CHECKING:
    from bot.model import Job

_PROMPT: Final = 600

STATUS_NAMES: Final = {
    Status.QUEUED: "waiting",
    Status.SUBMITTING: "being sent",
    Status.RUNNING: "under way",
    Status.NEEDS_INPUT: "needs input",
    Status.UNKNOWN: "outcome unknown",
    Status.SUCCEEDED: "done",
    Status.FAILED: "failed",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "overdue",
}


def render_details(job: Job, parent: Job | None = None) -> Rendered:
    """Return what is known about a job, one fact a line."""
    facts = [
        ("Prompt", escape(job.prompt, _PROMPT)),
        ("Final prompt", escape(job.final_prompt, _PROMPT) if job.final_prompt != job.prompt else ""),
        ("What", kind_name(job.kind) if job.parent_id is None else deed(job)),
        ("Made from", _made_from(job, parent)),
        ("Submitted again after", f"`{job.retry_of}`" if job.retry_of else ""),
        ("Status", STATUS_NAMES[job.status]),
        ("Asked by", f"{mention(job.user_id)} {ago(job.created_at)}"),
        ("Speed", str(job.speed)),
        ("Duration", spell(job.duration) if job.duration is not None else ""),
        ("Price", _price(job)),
        ("Message", job_link(job) or ""),
        ("Job id", f"`{job.id}`"),
    ]
    return Rendered(content="\n".join(f"**{name}:** {fact}" for name, fact in facts if fact))


def _made_from(job: Job, parent: Job | None) -> str:
    if job.parent_id is None:
        return ""
    link = job_link(parent) if parent else None
    return f"[this picture](<{link}>) `{job.parent_id}`" if link else f"`{job.parent_id}`"


def _price(job: Job) -> str:
    """Return the documented price (contract 1); it is the API's list price, not a bill."""
    if job.status in {Status.FAILED, Status.CANCELLED}:
        return ""
    known = price(job.kind, job.speed)
    if known is None:
        return "not known"
    return f"about ${known}" if known else "free"
