"""Short private answers to a press or a command that starts nothing new.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say
from bot.model import SETTLED, Status
from cogs.custom_ids import Verb, history_open, job_button
from cogs.render.controls import DANGER, PRIMARY, Button, Rendered, again_button
from cogs.render.failure import explain
from cogs.render.origin import Thing, headline, job_link, thing
from cogs.render.text import flow, message_link

if TYPE_CHECKING:
    from bot.model import Job

_PROMPT: Final = 300

_GOES: Final = {
    Thing.PICTURE: mark("Deleting takes away its message here, my copy of the picture and its place in the history."),
    Thing.VIDEO: mark("Deleting takes away its message here, my copy of the video and its place in the history."),
    Thing.DESCRIPTION: mark(
        "Deleting takes away its message here, my copy of the description and its place in the history."
    ),
    Thing.PROMPT: mark("Deleting takes away its message here, my copy of the prompt and its place in the history."),
}
_GOES_UNMADE: Final = mark("Deleting takes away its message here and its place in the history.")
_FOR_ALL: Final = mark("Everybody here will see it and can use its buttons.")
_NO_LONGER: Final = mark("It is for you alone until then, and not any more afterwards.")
_ITS_WORDS: Final = mark("Its words go too.")
_NO_WAY_BACK: Final = mark("That cannot be undone, and it gives no money back. What was made from it stays.")


def already_there(job: Job) -> Rendered:
    """Return the answer to a request that has its job already: one sentence, and the way to it."""
    if job.status is Status.UNKNOWN:
        return Rendered(content=explain(job), rows=((again_button(job.id),),))
    if job.status is Status.EXPIRED or (job.status in SETTLED and job.status is not Status.SUCCEEDED):
        sentence = explain(job)
    elif job.status is Status.SUCCEEDED:
        sentence = say("This has been made already.")
    else:
        sentence = say("This is on its way already; nothing was charged twice.")
    link = job_link(job)
    return Rendered(content=sentence, rows=((Button(label=say("Show me"), url=link),),) if link else ())


def ask_to_delete(job: Job) -> Rendered:
    """Return the question before a job is deleted: what goes, and what that does not bring back."""
    goes = _GOES[thing(job)] if job.status is Status.SUCCEEDED else _GOES_UNMADE
    button = Button(custom_id=job_button(job.id, Verb.GONE), label=say("Delete for good"), style=DANGER)
    return Rendered(
        content=f"{headline(job, _PROMPT)}\n{flow(say(goes), say(_ITS_WORDS), say(_NO_WAY_BACK))}",
        rows=((button,),),
    )


def deleted() -> Rendered:
    """Return the word that a job is deleted."""
    return Rendered(content=say("It is deleted."))


def ask_to_show(job: Job) -> Rendered:
    """Return the question before others are shown a job that is for its author alone."""
    button = Button(custom_id=job_button(job.id, Verb.PUBLISH), label=say("Show it to everybody"), style=PRIMARY)
    return Rendered(content=f"{headline(job, _PROMPT)}\n{flow(say(_FOR_ALL), say(_NO_LONGER))}", rows=((button,),))


def shown_here(link: str, *, is_new: bool) -> Rendered:
    """Return the word that something stands here for all to see, and the way to it."""
    sentence = say("Everybody here sees it now.") if is_new else say("It is shown here already.")
    return Rendered(content=sentence, rows=((Button(label=say("Show me"), url=link),),))


def liked(*, on: bool) -> Rendered:
    """Return the word that a job became a favorite, or is none any more."""
    if on:
        return Rendered(content=say("It is one of your favorites now. The same button takes it out again."))
    return Rendered(content=say("It is no longer one of your favorites."))


def sent_directly(link: str) -> Rendered:
    """Return the word that a copy was sent, and the way to it."""
    return Rendered(content=say("I have sent it to you directly."), rows=((Button(label=say("Open it"), url=link),),))


def render_notice(job: Job, channel_id: int, message_id: int) -> Rendered:
    """Return the word that a person's picture is done, for their direct messages.

    No link leads for long to what only one person sees, so there the button brings the picture.
    """
    if job.is_private:
        button = Button(custom_id=history_open(job.id), label=say("Show me"))
    else:
        button = Button(label=say("Show me"), url=message_link(job.guild_id, channel_id, message_id))
    return Rendered(content=f"{say('It is done.')}\n{headline(job, _PROMPT)}", rows=((button,),))


def cut_apart(job: Job) -> Rendered:
    """Return the text beside a grid's four pictures."""
    note = say(
        "The four pictures of this grid, from the top left to the bottom right. They are cut out of it: free of charge."
    )
    return Rendered(content=f"{headline(job, _PROMPT)}\n{note}")
