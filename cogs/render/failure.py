"""The last word about a job that made no picture: what happened, and what to do next, in one or two plain sentences.

The API's reasons are put into plain words where they are known (contract 4.3). Of those that are not, a person sees
only what they can read: English, and who reads Chinese also Chinese. Imports the model and the text rules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.language import Language, mark, say, spoken
from bot.model import Failure, Status
from cogs.render.controls import Rendered, again_button, details_button, offer_button
from cogs.render.layout import lay_out
from cogs.render.offers import deletion, offers_after_failure
from cogs.render.origin import headline, origin
from cogs.render.text import escape, flow, mention

if TYPE_CHECKING:
    from bot.model import Job

_PROMPT: Final = 700
_REASON: Final = 300
_WORD: Final = 60

_CHINESE: Final = frozenset({Language.CHINESE, Language.CHINESE_TRADITIONAL})
#: What is neither English nor Chinese.
_FOREIGN: Final = re.compile(r"[^\x00-\x7f\u00b7\u2014-\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uff60]")
_STOPS: Final = (".", "!", "?", "…", "\u3002", "\uff01", "\uff1f")

#: What happened, and what to do next; what it cost is said in between.
_SENTENCES: Final = {
    Failure.BANNED: (mark("Midjourney's moderation refuses this prompt."), mark("Reword it and try again.")),
    Failure.INVALID: (mark("Midjourney could not make sense of this request."), mark("Correct it and try again.")),
    Failure.NO_BALANCE: (
        mark("The balance at the Midjourney API is used up."),
        mark("Only the owner of this bot can top it up. Try again after that."),
    ),
    Failure.BAD_KEY: (
        mark("The Midjourney API does not accept this bot's key."),
        mark("Only the owner of this bot can mend that. Try again later."),
    ),
    Failure.MISROUTED: (
        mark("The Midjourney API is not at the address that this bot has."),
        mark("Only the owner of this bot can mend that. Try again later."),
    ),
    Failure.QUEUE_FULL: (mark("Midjourney's queue stayed full, so this was given up."), mark("Try again later.")),
    Failure.UNREACHABLE: (
        mark("The Midjourney API could not be reached for a long time, so this was given up."),
        mark("Try again later."),
    ),
    Failure.ACTION_REFUSED: (
        mark("Midjourney no longer takes this button for this picture."),
        mark("Try another button, or *Re-run with the same prompt*, which makes the picture anew."),
    ),
    Failure.NO_PICTURE: (
        mark("Midjourney says that this is done, but there is no picture."),
        mark("Open *Details* and try `/show` with its job id later."),
    ),
    Failure.NO_ACCOUNT: (
        mark("No Midjourney account is available at the API."),
        mark("Try again later, and tell the owner of this bot if it stays so."),
    ),
    Failure.PARENT_GONE: (
        mark("The picture this should be made from is no longer known to Midjourney."),
        mark("Try *Re-run with the same prompt*, which makes it anew."),
    ),
    Failure.WORDS_GONE: (
        mark("Its prompt is gone with whoever wrote it, so it was not sent."),
        mark("Start anew with `/imagine`."),
    ),
    Failure.INPUT_GONE: (
        mark("A picture that this needs is not kept here any more, so it was not sent."),
        mark(
            "Start it again with the picture: `/imagine`, `/describe`, `/blend`, `/edit` and `/video` all take files."
        ),
    ),
    Failure.NOT_OFFERED: (
        mark("The Midjourney API behind this bot does not offer that."),
        mark("Nothing on your side can mend it. `/imagine` works."),
    ),
}

_FREE: Final = mark("Nothing was charged.")
#: Gateways of this family give the money back by themselves; CometAPI does not promise it (contract 1).
_REFUNDED: Final = mark("The API normally gives back what a failed job cost.")

_GENERAL: Final = mark("Midjourney could not make this picture. Try again, or change the prompt a little.")

#: Beginnings or parts of `failReason`, in lower case, and what they mean. The first that fits counts.
_REASONS: Final = (
    ("banned prompt", mark("Midjourney's moderation refused this prompt. Reword it and try again.")),
    ("可能包含敏感词", mark("Midjourney's moderation refused this prompt. Reword it and try again.")),
    ("output filters", mark("Midjourney's moderation stopped the picture. Reword the prompt and try again.")),
    ("image denied", mark("Midjourney's moderation stopped the picture. Reword the prompt and try again.")),
    ("invalid parameter", mark("Midjourney found a parameter of this prompt invalid. Correct it and try again.")),
    ("invalid prompt", mark("Midjourney found this prompt invalid. Correct it and try again.")),
    (
        "invalid link",
        mark("Midjourney could not open a link in this prompt. Check that it is public and leads to a picture."),
    ),
    ("queue full", mark("Midjourney's queue was full. Try again in a few minutes.")),
    (
        "pending mod message",
        mark("The account behind the API waits for a moderator of Midjourney. Tell the owner of this bot."),
    ),
    ("blocked", mark("The account behind the API is blocked for a while. Try again later.")),
    ("plan cancelled", mark("The account behind the API has no plan any more. Tell the owner of this bot.")),
    ("subscription", mark("The account behind the API has no active subscription. Tell the owner of this bot.")),
    ("internal server error", mark("Midjourney had an error of its own. Try again in a few minutes.")),
    ("超时", mark("Midjourney took too long and gave up. Try again.")),
    ("取消任务", mark("The task was canceled at the API. Try again.")),
    ("实例不可用", mark("No Midjourney account was free at the API. Try again in a few minutes.")),
    ("服务异常", mark("The API had an error of its own. Try again in a few minutes.")),
)

_CANCELLED: Final = mark("Canceled. Nothing was sent to Midjourney and nothing was charged.")
_EXPIRED: Final = mark(
    "Midjourney has not finished this for over an hour. I go on looking for a day and post the picture if it still "
    "comes. There is no need to wait: you may start another."
)
_UNKNOWN: Final = mark(
    "It is not known whether Midjourney took this request, so it was **not** sent again: it may have been charged "
    "already. Submit it again only if you accept that it may be charged twice."
)
_STILL_LOOKING: Final = mark("If its picture still turns up within a day I post it.")


def explain(job: Job) -> str:
    """Return the sentences for a settled job that made no picture."""
    if job.status is Status.CANCELLED:
        return say(_CANCELLED)
    if job.status is Status.EXPIRED:
        return say(_EXPIRED)
    if job.status is Status.UNKNOWN:
        return flow(say(_UNKNOWN), say(_STILL_LOOKING) if job.task_id is not None else "")
    cost = say(_FREE) if job.task_id is None else say(_REFUNDED)
    if job.failure is Failure.GENERATION or job.failure is None:
        return flow(reason(job.failure_detail) or say(_GENERAL), cost)
    what, next_step = _SENTENCES[job.failure]
    said = quote(job.failure_detail) if job.failure in {Failure.INVALID, Failure.ACTION_REFUSED} else ""
    return flow(_because(job) or say(what), cost, say(next_step), said)


def _because(job: Job) -> str:
    """Return the word that moderation objected to, if it named one that can be shown here; it may be their own."""
    readable = job.failure_detail if _is_readable(job.failure_detail) or job.failure_detail in job.prompt else ""
    word = escape(readable, _WORD) if job.failure is Failure.BANNED else ""
    return say("Midjourney's moderation refuses this prompt because of “{word}”.", word=word) if word else ""


def reason(said: str) -> str:
    """Return what one of the API's reasons means; for an unknown one its words, if they can be read."""
    folded = said.casefold()
    for part, sentence in _REASONS:
        if part in folded:
            return say(sentence)
    said_so = quote(said)
    return flow(say(_GENERAL), said_so) if said_so else ""


def quote(said: str) -> str:
    """Return the API's own words as a quotation, escaped; nothing where they cannot be read."""
    words = escape(said, _REASON) if _is_readable(said) else ""
    stop = "" if words.endswith(_STOPS) else "."
    return say("It said: “{words}”", words=f"{words}{stop}") if words else ""


def _is_readable(said: str) -> bool:
    """Whether the API's words can be shown: English to anybody, Chinese to those who read it, and nothing else."""
    return said.isascii() or (spoken() in _CHINESE and _FOREIGN.search(said) is None)


def render_failure(
    job: Job, parent: Job | None = None, *, emojis: bool = True, is_shown_again: bool = False
) -> Rendered:
    """Return the message of a job that ended without a picture.

    Parameters
    ----------
    is_shown_again
        Whether somebody looks at it once more, for themselves; then they may want to be rid of it.
    """
    head = " · ".join(part for part in (mention(job.user_id), origin(job, parent)) if part)
    own = [offer_button(job.id, offer) for offer in offers_after_failure(job)]
    if job.status is Status.UNKNOWN:
        own.append(again_button(job.id))
    own.append(details_button(job.id))
    if is_shown_again:
        own.append(offer_button(job.id, deletion()))
    content = "\n".join(part for part in (headline(job, _PROMPT), head, explain(job)) if part)
    return Rendered(content=content, rows=lay_out(job.id, (), own, emojis=emojis))
