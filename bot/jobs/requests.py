"""What the Discord surface asks of the engine and gets back. Frozen values; imports only the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from bot.model import Action, Entry, Job, Media


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who asked, where, and through which interaction. Ids are Discord's.

    Attributes
    ----------
    attachment_size_limit
        In bytes, as the interaction said.
    may_moderate
        Whether this person has Manage Messages in that channel.
    """

    user_id: int
    guild_id: int | None
    channel_id: int
    interaction_id: int
    interaction_token: str = field(repr=False)
    application_id: int
    attachment_size_limit: int
    locale: str
    may_moderate: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a request.

    Attributes
    ----------
    entry
        `new`: answer with the progress message, then call `answered` (or `withdraw` if the answer failed); nothing is
        sent to the API before that. Anything else: `job` is the one that exists already.
    """

    entry: Entry
    job: Job
    parent: Job | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A job with what is needed to show it again.

    Attributes
    ----------
    media
        None where the job has no file that can be shown here.
    original_url
        Set where `media` is a smaller copy: where the original can be had.
    """

    job: Job
    actions: tuple[Action, ...] = ()
    parent: Job | None = None
    media: Media | None = None
    original_url: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of somebody's history, newest first. `older` is the id to pass as `before` for the next, or None."""

    jobs: tuple[Job, ...]
    older: str | None
