"""The language of messages that nobody is waiting for: those that the engine has delivered, and what all may read.

Imports the model and the engine's `Parcel`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from bot.jobs.ports import Parcel
from bot.language import language_of, speaking
from bot.model import Batch, Export, Job

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from types import CoroutineType

    from bot.language import Language

P = ParamSpec("P")
T = TypeVar("T")


def in_its_language(method: Callable[P, Awaitable[T]]) -> Callable[P, CoroutineType[Any, Any, T]]:
    """Let a method speak the language of the job, the parcel, the batch or the export that it is given."""

    @functools.wraps(method)
    async def speaks(*args: P.args, **kwargs: P.kwargs) -> T:
        with speaking(language_for(_subject_among([*args, *kwargs.values()]))):
            return await method(*args, **kwargs)

    return speaks


def in_their_language(method: Callable[P, Awaitable[T]]) -> Callable[P, CoroutineType[Any, Any, T]]:
    """Let a method speak the language of the author of the job or the parcel among its arguments, until it is done."""

    @functools.wraps(method)
    async def speaks(*args: P.args, **kwargs: P.kwargs) -> T:
        about = _subject_among([*args, *kwargs.values()])
        with speaking(own_language(about) if isinstance(about, Job) else language_for(about)):
            return await method(*args, **kwargs)

    return speaks


def language_for(about: Job | Batch | Export) -> Language:
    """Return the language in which the messages about something are written: that of those who can read them."""
    if isinstance(about, Batch | Export):
        return language_of(about.locale)
    return own_language(about) if about.is_private else language_of(about.delivery.locale)


def own_language(job: Job) -> Language:
    """Return the language of a job's author, as it was when they asked; where it is not known, that of the place."""
    return language_of(job.delivery.own_locale or job.delivery.locale)


def _subject_among(given: Iterable[object]) -> Job | Batch | Export:
    jobs = (one.job if isinstance(one, Parcel) else one for one in given)
    return next(one for one in jobs if isinstance(one, Job | Batch | Export))
