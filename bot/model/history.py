"""What somebody wants to see of the jobs they made, and a page of it. Imports the vocabulary and the jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model.jobs import Job
    from bot.model.vocabulary import Kind


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """Which jobs somebody wants to see: those that are all of this. With all the defaults, everything they made.

    Attributes
    ----------
    model
        As `Job.model` has it: `v 7`; empty: that named none; None: whichever.
    guild_id
        Only what was made in that server; None: everywhere.
    favorites
        Only what this person made a favorite, whoever made it.
    failures
        Whether those are shown that came to nothing: failed, cancelled, expired, unknown.
    since, until
        Made at that time or later, and before that time.
    text
        Words that all occur in the prompt, anywhere in it, in any order, in any case and width; of more than 32 the
        longest count.
    """

    kind: Kind | None = None
    model: str | None = None
    guild_id: int | None = None
    favorites: bool = False
    failures: bool = True
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of somebody's history, newest first.

    Attributes
    ----------
    newer, older
        The job id to pass as `after`, or as `before`, for the page on that side of this one; None: there is nothing.
    searched_to
        Set where looking for more took too long and was stopped: how far it got. `older` (`newer`, if that was the way
        it looked) goes on from there.
    """

    jobs: tuple[Job, ...]
    newer: str | None = None
    older: str | None = None
    searched_to: datetime | None = None
