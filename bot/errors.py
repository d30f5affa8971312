"""Every exception that Easel raises on purpose, in one tree.

::

    EaselError
    ├── ConfigurationInvalid    carries `.problems`, all of them: the owner must act before Easel can start
    ├── UserFacing              carries `.reply`, one sentence for the person; logged without a traceback
    │   ├── PromptInvalid       the prompt cannot be sent as it stands
    │   ├── ActionUnavailable   this button cannot be pressed (any more, yet, here)
    │   ├── JobUnknown          no such job, or not one that this person may see
    │   ├── PresetUnknown       no such preset, or not one that this person may use here
    │   ├── NotPermitted        somebody else's to cancel or to submit again
    │   ├── PictureInvalid      a picture that was given cannot be used
    │   ├── CannotCancel        too late: Midjourney has it already
    │   └── NotAccepted         we could not write the job down; nothing was sent
    ├── CometError              carries `.sent`: was the request perhaps accepted, and so perhaps charged?
    │   ├── CometUnreachable    never sent
    │   ├── CometUncertain      sent, and no usable answer came back: perhaps charged
    │   └── CometRefused        answered, and proved not accepted
    │       ├── CometAuth · CometQuota · CometMisrouted     the owner must act
    │       ├── CometBusy · CometQueueFull · CometNotReady  worth another try later
    │       └── CometBanned · CometInvalid · CometTaskMissing · CometNotOffered · CometActionRefused
    ├── MediaError              a picture could not be had
    │   ├── MediaUnavailable    worth another try
    │   └── MediaRefused        breaks our own rules: host, address, size, type
    ├── PictureUnusable         a file is no picture that we can work with; carries `.advice`
    ├── StorageError            carries `.explanation`: what the owner can do
    │   ├── SchemaTooNew · DatabaseInUse · DatabaseDamaged
    │   └── TransitionLost      somebody else moved the row first
    └── DeliveryError           Discord would not take it
        ├── ChannelGone · NotAllowed · AnswerGone   this way is closed
        ├── TooLarge            the file exceeds what this place takes
        └── DiscordUnavailable  worth another try

The docstring of a class is its default message. What a person may read of an error was said in their language
(`bot.language`); `str(error)` is for the log and English. Imports only `bot.language`.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ClassVar, Literal, final

from bot.language import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

Sent = Literal["no", "yes", "unknown"]


class EaselError(Exception):
    """Something went wrong in Easel.

    Parameters
    ----------
    detail
        What exactly; where a person may read it, in their language.
    """

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        in_english = detail.english if isinstance(detail, Phrase) else detail
        super().__init__(in_english or inspect.cleandoc(type(self).__doc__ or "").split("\n", maxsplit=1)[0])


@final
class ConfigurationInvalid(EaselError):
    """Easel cannot start with these settings.

    Parameters
    ----------
    problems
        Key, reason and fix of each, never a value: any of them may be a secret in the wrong place.
    """

    def __init__(self, problems: Sequence[tuple[str, str, str]]) -> None:
        self.problems = tuple(problems)
        lines = [f"  {key} {reason}. {fix}" for key, reason, fix in self.problems]
        super().__init__("\n".join([f"Easel cannot start with these settings ({len(lines)} to mend):", *lines]))


class UserFacing(EaselError):
    """That did not work.

    Parameters
    ----------
    reply
        One plain sentence with the next step, shown to the person as it is (said in their language, markup escaped).
    """

    def __init__(self, reply: str) -> None:
        self.reply = reply
        super().__init__(reply)


@final
class PromptInvalid(UserFacing):
    """The prompt cannot be sent as it stands."""


@final
class PictureInvalid(UserFacing):
    """A picture that was given cannot be used."""


@final
class ActionUnavailable(UserFacing):
    """The button cannot be pressed here."""


@final
class JobUnknown(UserFacing):
    """No such job, or not one that this person may see."""


@final
class PresetUnknown(UserFacing):
    """No such preset, or not one that this person may use here."""


@final
class NotPermitted(UserFacing):
    """Only its author or a moderator may do that."""


@final
class CannotCancel(UserFacing):
    """The job is no longer waiting."""


@final
class NotAccepted(UserFacing):
    """The job could not be written down; nothing was sent."""


class CometError(EaselError):
    """The Midjourney API did not do what was asked."""

    sent: ClassVar[Sent] = "unknown"


@final
class CometUnreachable(CometError):
    """The API could not be reached; nothing was sent."""

    sent = "no"


@final
class CometUncertain(CometError):
    """The request was sent and no usable answer came back."""


class CometRefused(CometError):
    """The API refused the request; nothing was charged.

    Parameters
    ----------
    detail
        The API's own words, shortened and free of secrets. May be Chinese.
    request_id
        The provider's id of the request, for support; empty if none was given.
    """

    sent = "no"

    def __init__(self, detail: str = "", *, request_id: str = "") -> None:
        self.request_id = request_id
        super().__init__(detail)


@final
class CometAuth(CometRefused):
    """The API does not accept the key."""


@final
class CometQuota(CometRefused):
    """The balance at the API is used up."""


@final
class CometMisrouted(CometRefused):
    """The API address answered with a redirect or a web page: it is probably wrong."""


@final
class CometBusy(CometRefused):
    """Too many requests at the moment.

    Parameters
    ----------
    retry_after
        How long the API asks us to wait; None if it did not say.
    """

    def __init__(self, detail: str = "", *, request_id: str = "", retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(detail, request_id=request_id)


@final
class CometQueueFull(CometRefused):
    """Midjourney's queue is full at the moment."""


@final
class CometNotReady(CometRefused):
    """The parent task is not ready for this action yet (codes 3 and 4 soon after SUCCESS)."""


@final
class CometBanned(CometRefused):
    """The prompt was refused by moderation.

    Parameters
    ----------
    word
        The word that was objected to; empty if the API did not name one.
    """

    def __init__(self, detail: str = "", *, request_id: str = "", word: str = "") -> None:
        self.word = word
        super().__init__(detail, request_id=request_id)


@final
class CometInvalid(CometRefused):
    """The API found a parameter invalid."""


@final
class CometTaskMissing(CometRefused):
    """The API does not know this task."""


@final
class CometNotOffered(CometRefused):
    """The API has no such route."""


@final
class CometActionRefused(CometRefused):
    """The API does not take this button, now or ever."""


class MediaError(EaselError):
    """A picture could not be fetched."""


@final
class MediaUnavailable(MediaError):
    """The picture cannot be fetched at the moment."""


@final
class MediaRefused(MediaError):
    """The picture's address, size or type is not allowed."""


@final
class PictureUnusable(EaselError):
    """The file is no picture that Easel can work with.

    Parameters
    ----------
    reason
        The end of a sentence about the picture: "it is damaged or cut short". In the language of its person.
    advice
        The next step, a sentence of its own, in the same language.
    """

    def __init__(self, reason: str, advice: str) -> None:
        self.reason = reason
        self.advice = advice
        super().__init__(reason)


class StorageError(EaselError):
    """The database could not be used.

    Parameters
    ----------
    explanation
        What the owner can do about it, in one or two sentences.
    """

    def __init__(self, detail: str = "", *, explanation: str = "") -> None:
        self.explanation = explanation
        super().__init__(detail)


@final
class SchemaTooNew(StorageError):
    """The database was written by a newer Easel."""


@final
class DatabaseInUse(StorageError):
    """Another instance holds the database."""


@final
class DatabaseDamaged(StorageError):
    """The database file is damaged or belongs to another program."""


@final
class TransitionLost(StorageError):
    """The row was not in the expected status any more."""


class DeliveryError(EaselError):
    """Discord did not take the message."""


@final
class ChannelGone(DeliveryError):
    """The channel no longer exists."""


@final
class NotAllowed(DeliveryError):
    """The bot may not post there."""


@final
class AnswerGone(DeliveryError):
    """The interaction's answer is out of reach: deleted, or its token has expired."""


@final
class TooLarge(DeliveryError):
    """The file exceeds what this place takes."""


@final
class DiscordUnavailable(DeliveryError):
    """Discord cannot be reached at the moment."""
