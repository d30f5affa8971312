"""Short private answers to a press or a command that starts nothing new.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import SETTLED, Status
from cogs.render.controls import Button, Rendered, again_button
from cogs.render.failure import explain
from cogs.render.origin import job_link

if TYPE_CHECKING:
    from bot.model import Job


def already_there(job: Job) -> Rendered:
    """Return the answer to a request that has its job already: one sentence, and the way to it."""
    if job.status is Status.UNKNOWN:
        return Rendered(content=explain(job), rows=((again_button(job.id),),))
    if job.status is Status.EXPIRED or (job.status in SETTLED and job.status is not Status.SUCCEEDED):
        sentence = explain(job)
    elif job.status is Status.SUCCEEDED:
        sentence = "This has been made already."
    else:
        sentence = "This is on its way already; nothing was charged twice."
    link = job_link(job)
    return Rendered(content=sentence, rows=((Button(label="Show me", url=link),),) if link else ())
