"""What comes of the text that a person filled into a form: checked for the place it is meant for.

Pure: imports the engine's values and `bot.prompt`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.errors import ActionUnavailable
from bot.jobs.requests import Ask, Filled
from bot.language import mark, say
from bot.model import Kind, Route
from bot.prompt import Purpose, compose, prefilled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.jobs.requests import Question
    from bot.model import Job

#: The questions that a form with a text answers, and what that text is for.
PURPOSES: Final[Mapping[Ask, Purpose]] = MappingProxyType(
    {
        Ask.ZOOM: Purpose.ZOOM,
        Ask.REMIX: Purpose.REMIX,
        Ask.ANIMATE: Purpose.ANIMATE,
        Ask.SUGGESTION: Purpose.IMAGINE,
    }
)

#: What the prompt of a job is for when it is run again; of the others there is none to edit. What came from a button
#: becomes an imagine.
_ROUTES: Final[Mapping[Route, Purpose]] = {
    Route.IMAGINE: Purpose.IMAGINE,
    Route.ACTION: Purpose.IMAGINE,
    Route.VIDEO: Purpose.VIDEO,
    Route.EDIT: Purpose.EDIT,
    Route.SHORTEN: Purpose.SHORTEN,
}

_NO_WORDS: Final = mark("That was made without words, so there is nothing to edit. *Re-run* makes it once more.")


def fill(question: Question, typed: str) -> Filled:
    """Return what was filled into the form of a button, checked.

    Raises
    ------
    PromptInvalid
        With the reason and the nearest form that works.
    """
    if question.action.remixable and typed.strip() == question.prompt.strip():
        return Filled(prompt=question.job.prompt)  # left as it was: the ordinary button, which asks the API for nothing
    return Filled(prompt=compose(typed, purpose=PURPOSES[question.ask], known=question.job.prompt).text)


def editable(job: Job) -> str:
    """Return the prompt of a job as the form that runs it again begins with it.

    Raises
    ------
    ActionUnavailable
        It has none.
    """
    if not job.prompt:
        raise ActionUnavailable(say(_NO_WORDS))
    return prefilled(job.prompt, _purpose(job))


def edited(job: Job, typed: str) -> str:
    """Return the prompt that a job is to be run again with, checked.

    Raises
    ------
    PromptInvalid
        With the reason and the nearest form that works.
    ActionUnavailable
        Its prompt is not for changing.
    """
    return compose(typed, purpose=_purpose(job), images=len(job.order.images), known=job.prompt).text


def edited_kind(job: Job) -> Kind:
    """Return what comes of running a job again."""
    return Kind.IMAGINE if job.order.route is Route.ACTION else job.kind


def _purpose(job: Job) -> Purpose:
    purpose = _ROUTES.get(job.order.route)
    if purpose is None:
        raise ActionUnavailable(say(_NO_WORDS))
    return purpose
