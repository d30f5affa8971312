"""Short private answers to a press or a command that starts nothing new.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import SETTLED, Status
from cogs.custom_ids import Verb, job_button
from cogs.render.controls import DANGER, Button, Rendered, again_button
from cogs.render.failure import explain
from cogs.render.origin import headline, job_link, noun

if TYPE_CHECKING:
    from bot.model import Job

_PROMPT: Final = 300


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


def ask_to_delete(job: Job) -> Rendered:
    """Return the question before a job is deleted: what goes, and what that does not bring back."""
    made = job.status is Status.SUCCEEDED
    goes = f"its message here, my copy of the {noun(job)} and" if made else "its message here and"
    content = (
        f"{headline(job, _PROMPT)}\nDeleting takes away {goes} its place in the history. That cannot be undone, and it "
        "gives no money back. What was made from it stays."
    )
    button = Button(custom_id=job_button(job.id, Verb.GONE), label="Delete for good", style=DANGER)
    return Rendered(content=content, rows=((button,),))


def deleted() -> Rendered:
    """Return the word that a job is deleted."""
    return Rendered(content="Deleted.")


def liked(*, on: bool) -> Rendered:
    """Return the word that a job became a favorite, or is none any more."""
    if on:
        return Rendered(content="It is one of your favorites now. The same button takes it out again.")
    return Rendered(content="It is no longer one of your favorites.")


def sent_directly(link: str) -> Rendered:
    """Return the word that a copy was sent, and the way to it."""
    return Rendered(content="I have sent it to you directly.", rows=((Button(label="Open it", url=link),),))


def cut_apart(job: Job) -> Rendered:
    """Return the text beside a grid's four pictures."""
    note = (
        "The four pictures of this grid, from the top left to the bottom right. They are cut out of it: free of charge."
    )
    return Rendered(content=f"{headline(job, _PROMPT)}\n{note}")
