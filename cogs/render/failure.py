"""The last word about a job that made no picture: what happened, and what to do next, in one or two plain sentences.

The API's reasons are put into plain English where they are known (contract 4.3); Chinese is never shown raw.
Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import Failure, Status
from cogs.render.controls import Rendered, again_button, details_button, offer_button
from cogs.render.layout import lay_out
from cogs.render.offers import offers_after_failure
from cogs.render.origin import headline, origin
from cogs.render.text import escape, mention

if TYPE_CHECKING:
    from bot.model import Job

_PROMPT: Final = 700
_REASON: Final = 300
_WORD: Final = 60

#: What happened, and what to do next; what it cost is said in between.
_SENTENCES: Final = {
    Failure.BANNED: ("Midjourney's moderation refuses this prompt{because}.", "Reword it and try again."),
    Failure.INVALID: ("Midjourney could not make sense of this request.", "Correct it and try again."),
    Failure.NO_BALANCE: (
        "The balance at the Midjourney API is used up.",
        "Only the owner of this bot can top it up. Try again after that.",
    ),
    Failure.BAD_KEY: (
        "The Midjourney API does not accept this bot's key.",
        "Only the owner of this bot can mend that. Try again later.",
    ),
    Failure.MISROUTED: (
        "The Midjourney API is not where this bot looks for it.",
        "Only the owner of this bot can mend that. Try again later.",
    ),
    Failure.QUEUE_FULL: ("Midjourney's queue stayed full, so this was given up.", "Try again later."),
    Failure.UNREACHABLE: (
        "The Midjourney API could not be reached for a long time, so this was given up.",
        "Try again later.",
    ),
    Failure.ACTION_REFUSED: (
        "Midjourney no longer takes this button for this picture.",
        "Try another button, or *Re-run with the same prompt*, which makes the picture anew.",
    ),
    Failure.NO_PICTURE: (
        "Midjourney says that this is done, but there is no picture.",
        "Open *Details* and try `/show` with its job id later.",
    ),
    Failure.NO_ACCOUNT: (
        "No Midjourney account is available at the API.",
        "Try again later, and tell the owner of this bot if it stays so.",
    ),
    Failure.PARENT_GONE: (
        "The picture this should be made from is no longer known to Midjourney.",
        "Try *Re-run with the same prompt*, which makes it anew.",
    ),
    Failure.INPUT_GONE: (
        "A picture that this needs is not kept here any more, so it was not sent.",
        "Start it again with the picture: `/imagine`, `/describe`, `/blend`, `/edit` and `/video` all take files.",
    ),
    Failure.NOT_OFFERED: (
        "The Midjourney API behind this bot does not offer that.",
        "Nothing on your side can mend it. `/imagine` works.",
    ),
}

_FREE: Final = "Nothing was charged."
#: Gateways of this family give the money back by themselves; CometAPI does not promise it (contract 1).
_REFUNDED: Final = "The API normally gives back what a failed job cost."

_GENERAL: Final = "Midjourney could not make this picture. Try again, or change the prompt a little."

#: Beginnings or parts of `failReason`, in lower case, and what they mean. The first that fits counts.
_REASONS: Final = (
    ("banned prompt", "Midjourney's moderation refused this prompt. Reword it and try again."),
    ("可能包含敏感词", "Midjourney's moderation refused this prompt. Reword it and try again."),
    ("output filters", "Midjourney's moderation stopped the picture. Reword the prompt and try again."),
    ("image denied", "Midjourney's moderation stopped the picture. Reword the prompt and try again."),
    ("invalid parameter", "Midjourney found a parameter of this prompt invalid. Correct it and try again."),
    ("invalid prompt", "Midjourney found this prompt invalid. Correct it and try again."),
    (
        "invalid link",
        "Midjourney could not open a link in this prompt. Check that it is public and leads to a picture.",
    ),
    ("queue full", "Midjourney's queue was full. Try again in a few minutes."),
    ("pending mod message", "The account behind the API waits for a moderator. Tell the owner of this bot."),
    ("blocked", "The account behind the API is blocked for a while. Try again later."),
    ("plan cancelled", "The account behind the API has no plan any more. Tell the owner of this bot."),
    ("subscription", "The account behind the API has no active subscription. Tell the owner of this bot."),
    ("internal server error", "Midjourney had an error of its own. Try again in a few minutes."),
    ("超时", "Midjourney took too long and gave up. Try again."),
    ("取消任务", "The task was canceled at the API. Try again."),
    ("实例不可用", "No Midjourney account was free at the API. Try again in a few minutes."),
    ("服务异常", "The API had an error of its own. Try again in a few minutes."),
)

_CANCELLED: Final = "Canceled. Nothing was sent to Midjourney and nothing was charged."
_EXPIRED: Final = (
    "Midjourney has not finished this for over an hour. I go on looking for a day and post the picture if it still "
    "comes. There is no need to wait: you may start another."
)
_UNKNOWN: Final = (
    "It is not known whether Midjourney took this request, so it was **not** sent again: it may have been charged "
    "already. Submit it again only if you accept that it may be charged twice."
)
_STILL_LOOKING: Final = " If its picture still turns up within a day I post it."


def explain(job: Job) -> str:
    """Return the sentences for a settled job that made no picture."""
    if job.status is Status.CANCELLED:
        return _CANCELLED
    if job.status is Status.EXPIRED:
        return _EXPIRED
    if job.status is Status.UNKNOWN:
        return _UNKNOWN + (_STILL_LOOKING if job.task_id is not None else "")
    cost = _FREE if job.task_id is None else _REFUNDED
    if job.failure is Failure.GENERATION or job.failure is None:
        return f"{reason(job.failure_detail) or _GENERAL} {cost}"
    what, next_step = _SENTENCES[job.failure]
    said = quote(job.failure_detail) if job.failure in {Failure.INVALID, Failure.ACTION_REFUSED} else ""
    return f"{what.format(because=_because(job))} {cost} {next_step}{said}"


def _because(job: Job) -> str:
    """Return the word that moderation objected to, if it named one in a script that can be shown here."""
    word = escape(job.failure_detail, _WORD) if job.failure_detail.isascii() else ""
    return f" because of “{word}”" if word else ""


def reason(said: str) -> str:
    """Return what one of the API's reasons means; for an unknown one its words, if they are English."""
    folded = said.casefold()
    for part, sentence in _REASONS:
        if part in folded:
            return sentence
    said_so = quote(said)
    return _GENERAL + said_so if said_so else ""


def quote(said: str) -> str:
    """Return the API's own words as a quotation, escaped; nothing where they are not English."""
    words = escape(said, _REASON)
    stop = "" if words.endswith((".", "!", "?", "…")) else "."
    return f" It said: “{words}{stop}”" if words and said.isascii() else ""


def render_failure(job: Job, parent: Job | None = None, *, emojis: bool = True) -> Rendered:
    """Return the message of a job that ended without a picture."""
    head = " · ".join(part for part in (mention(job.user_id), origin(job, parent)) if part)
    own = [offer_button(job.id, offer) for offer in offers_after_failure(job)]
    if job.status is Status.UNKNOWN:
        own.append(again_button(job.id))
    own.append(details_button(job.id))
    content = "\n".join(part for part in (headline(job, _PROMPT), head, explain(job)) if part)
    return Rendered(content=content, rows=lay_out(job.id, (), own, emojis=emojis))
