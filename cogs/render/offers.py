"""What we offer under a job's message besides Midjourney's own buttons: which of our verbs make sense for which job.

Imports the model, `bot.prompt` and the custom ids.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.language import mark, say
from bot.model import Failure, Kind, Route, Status, is_grid
from bot.prompt import price, read_suggestions, spell_price
from cogs.custom_ids import Verb, remix_slot, suggestion_slot
from cogs.render.controls import NO_OFFERS, PRIMARY, Offer, Offers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import Action, Job

#: Suggestions that a slot can name (`cogs.custom_ids`); the API makes four or five.
MOST_SUGGESTIONS: Final = 9
_MOST_REMIXES: Final = 8
_IN_BRACKETS: Final = re.compile(r"\([^()]+\)$")

_SUGGESTING: Final = frozenset({Kind.DESCRIBE, Kind.SHORTEN})
#: What fails again the same way, however often it is tried.
_HOPELESS: Final = frozenset(
    {Failure.BANNED, Failure.INVALID, Failure.INPUT_GONE, Failure.WORDS_GONE, Failure.NOT_OFFERED}
)
#: What no other words would mend.
_WORDS_DO_NOT_HELP: Final = frozenset({Failure.INPUT_GONE, Failure.NOT_OFFERED})
#: What is never sent the same way again, but can be made anew from its prompt.
LOST: Final = frozenset({Failure.ACTION_REFUSED, Failure.PARENT_GONE})

RERUN_ANEW: Final = mark("Re-run with the same prompt")

#: Those that never differ, in English; `_said` says them.
_EDIT: Final = Offer(
    slot=Verb.EDIT, label=mark("Edit & re-run"), description=mark("Change the prompt, then make it anew")
)
_QUARTERS: Final = Offer(
    slot=Verb.QUARTERS, label=mark("All four"), description=mark("The four pictures as files, free of charge")
)
_FAMILY: Final = Offer(
    slot=Verb.FAMILY, label=mark("Family"), description=mark("One picture of what it came from and what came of it")
)
_LIKE: Final = Offer(
    slot=Verb.LIKE, label=mark("Favorite"), description=mark("Keep it among your favorites, or take it out again")
)
_SEND: Final = Offer(slot=Verb.SEND, label=mark("Send to me"), description=mark("As a direct message, with its prompt"))
_SHOW: Final = Offer(
    slot=Verb.SHOW, label=mark("Show here"), description=mark("To everybody in this channel, with its buttons")
)
_DELETE: Final = Offer(
    slot=Verb.DELETE, label=mark("Delete"), description=mark("For its author and moderators; asks first")
)
_TRY_ALL: Final = Offer(
    slot=Verb.TRY_ALL, label=mark("Imagine all"), description=mark("Tells the price and asks first")
)


def _said(offer: Offer) -> Offer:
    return replace(offer, label=say(offer.label), description=say(offer.description))


def suggestions(job: Job) -> tuple[str, ...]:
    """Return the prompts that a describe or a shorten suggests; nothing for any other job."""
    return read_suggestions(job.result_text)[:MOST_SUGGESTIONS] if job.kind in _SUGGESTING else ()


def offers_for(job: Job, actions: Sequence[Action], *, can_show: bool = False) -> Offers:
    """Return what we offer under the message of a job that succeeded.

    Parameters
    ----------
    can_show
        Whether this person could show it to others where they are.
    """
    if job.status is not Status.SUCCEEDED:
        return NO_OFFERS
    lines = [_said(_QUARTERS)] if is_grid(job, actions) else []
    lines += _remixes(actions)
    if actions or job.parent_id is not None:  # what has no buttons has no children
        lines.append(_said(_FAMILY))
    if not any(action.kind is Kind.BOOKMARK and not action.is_dead for action in actions):  # it does the same
        lines.append(_said(_LIKE))
    if can_rerun(job):
        lines.append(_rerun(job))
    if job.prompt:
        lines.append(_said(_EDIT))
    lines += [_said(_SHOW)] if can_show else []
    return Offers(buttons=tuple(_tries(job, actions)), lines=(*lines, _said(_SEND), _said(_DELETE)))


def offers_after_failure(job: Job) -> tuple[Offer, ...]:
    """Return the buttons that let a person go on from a job that failed."""
    if job.status is not Status.FAILED or job.failure in _WORDS_DO_NOT_HELP or not can_rerun(job):
        return ()
    if job.failure in LOST:
        return (Offer(slot=Verb.RERUN, label=say(RERUN_ANEW), style=PRIMARY),)
    rerun = () if job.failure in _HOPELESS else (_rerun(job),)
    return (*rerun, _said(_EDIT)) if job.prompt else rerun


def deletion() -> Offer:
    """Return the offer to delete a job."""
    return _said(_DELETE)


def can_rerun(job: Job) -> bool:
    """Whether the job can be made once more; what came from a button of Midjourney's needs a prompt for that."""
    return bool(job.prompt) or (job.order.route is not Route.ACTION and bool(job.order.images))


def _rerun(job: Job) -> Offer:
    """Return the offer that makes it once more; what came from a button becomes an imagine of its prompt."""
    is_action = job.order.route is Route.ACTION
    cost = price(Kind.IMAGINE if is_action else job.kind, job.speed)
    costs = say("its price is not known") if cost is None else spell_price(cost)
    if is_action:
        description = say("A new picture from its prompt, {price}", price=costs)
    else:
        description = say("The same once more, {price}", price=costs)
    return Offer(slot=Verb.RERUN, label=say("Re-run"), description=description)


def _remixes(actions: Sequence[Action]) -> list[Offer]:
    varying = [action for action in actions if action.remixable and not action.is_dead]
    return [
        Offer(
            slot=remix_slot(action.index),
            label=_remix_label(action),
            description=say("The same with another prompt; the form tells the price"),
        )
        for action in varying
        if action.kind is Kind.VARIATION
    ][:_MOST_REMIXES]


def _remix_label(action: Action) -> str:
    if action.quadrant is not None:
        return say("Remix V{number}", number=action.quadrant)
    how = _IN_BRACKETS.search(action.label)
    return say("Remix {button}", button=how[0]) if how else say("Remix")


def _tries(job: Job, actions: Sequence[Action]) -> Iterator[Offer]:
    """Yield a button for each suggestion that has none of Midjourney's, and one for all of them together."""
    theirs = {action.quadrant for action in actions if action.kind is Kind.IMAGINE and not action.is_dead}
    suggested = suggestions(job)
    for number in range(1, len(suggested) + 1):
        if number not in theirs:
            yield Offer(slot=suggestion_slot(number), label=say("Imagine {number}", number=number))
    if len(suggested) > 1 and None not in theirs:
        yield _said(_TRY_ALL)
