"""What the Discord surface asks of the engine and gets back. Frozen values; imports the model and the ports."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, final

from bot.model import Order

if TYPE_CHECKING:
    from bot.jobs.ports import Posted
    from bot.model import Action, Entry, Job, Kind, Media, Speed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who asked, where, and through which interaction. Ids are Discord's.

    Attributes
    ----------
    attachment_size_limit
        In bytes, as the interaction said.
    locale
        The language of all who can read there.
    own_locale
        The language of this person; empty: not known.
    may_moderate
        Whether this person has Manage Messages in that channel.
    private
        Whether the result is to be shown to this person alone.
    may_post
        Whether the bot itself is in that channel; where it is not, it can only answer.
    """

    user_id: int
    guild_id: int | None
    channel_id: int
    interaction_id: int
    interaction_token: str = field(repr=False)
    application_id: int
    attachment_size_limit: int
    locale: str
    own_locale: str = ""
    may_moderate: bool = False
    private: bool = False
    may_post: bool = True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Something to make that comes from no button of Midjourney's.

    Attributes
    ----------
    prompt
        Through `bot.prompt`; empty where pictures say everything.
    parent_id, label
        The job it is made from, where there is one (run again, a suggestion), and what that is called.
    """

    kind: Kind
    prompt: str
    speed: Speed
    order: Order = Order()  # noqa: RUF009 - frozen, and nothing but defaults
    parent_id: str | None = None
    label: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a person filled into the form that a button opened.

    Attributes
    ----------
    prompt
        Through `bot.prompt`.
    mask
        Name of an input, for a region.
    """

    prompt: str
    mask: str | None = None


@final
class Ask(StrEnum):
    """What the press of a button needs before a job can come of it."""

    ZOOM = "zoom"
    REMIX = "remix"
    SUGGESTION = "suggestion"
    ANIMATE = "animate"
    REGION = "region"
    EVERY_SUGGESTION = "every_suggestion"
    FAVORITE = "favorite"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be asked, decided from what is stored alone.

    Attributes
    ----------
    job
        The one whose button was pressed.
    prompt
        What the form begins with.
    speed
        Of the job that may come of it.
    """

    ask: Ask
    job: Job
    action: Action
    prompt: str
    speed: Speed


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
    more
        Further files of the same job: the other videos of a batch.
    children
        What was made from it, oldest first, where that was asked for.
    is_favorite
        Of the person who asks.
    """

    job: Job
    actions: tuple[Action, ...] = ()
    parent: Job | None = None
    media: Media | None = None
    more: tuple[Media, ...] = ()
    children: tuple[Job, ...] = ()
    is_favorite: bool = False
    original_url: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shareable:
    """What of several jobs somebody may show to others in a place.

    Attributes
    ----------
    private
        How many others there are that are for this person alone.
    elsewhere
        How many others there are that somebody else made, and that are shown somewhere else only.
    restricted
        How many others there are that come from an age-restricted channel, while this is none.
    """

    jobs: tuple[Job, ...]
    private: int = 0
    elsewhere: int = 0
    restricted: int = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where something is shown to all; `is_new` unless it stood there already."""

    posted: Posted
    is_new: bool = False
