"""The way to the people, as the engine needs it. Imports only the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, final

from bot.model import Notify

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.model import Action, Batch, Export, Job, Media


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """All that is needed to show a settled job.

    Attributes
    ----------
    media
        The file to attach; None where the job has none, or where it could not be fetched (then its link is shown).
    parent
        The job this one came from, for "Variation 2 of …".
    original_url
        Set where `media` is a smaller copy: where the original can be had.
    more
        Further files of the same job: the other videos of a batch.
    notify
        Whether its message may call the person.
    """

    job: Job
    actions: tuple[Action, ...] = ()
    media: Media | None = None
    more: tuple[Media, ...] = ()
    parent: Job | None = None
    original_url: str | None = None
    notify: Notify = Notify.MENTION


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a message of ours stands."""

    channel_id: int
    message_id: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPart:
    """A part of what was put together for somebody: an archive to send, or a link to it.

    Attributes
    ----------
    number, count
        Which one it is, from 1, and how many there are.
    size
        Of the archive, in bytes.
    """

    number: int
    count: int
    size: int
    path: Path | None = None
    link: str | None = None


class Delivery(Protocol):
    """The way to the people. All methods raise `DeliveryError`.

    The adapter repeats what is safe to repeat (the same nonce, the file rewound) and tells the rest apart: a closed way
    (`ChannelGone`, `NotAllowed`, `AnswerGone`), a file too large (`TooLarge`), a passing fault (`DiscordUnavailable`).
    """

    async def show_progress(self, job: Job, parent: Job | None = None) -> None:
        """Edit the answer to the interaction so that it tells where the job stands, and what it came from."""
        ...

    async def find_answer(self, job: Job) -> int | None:
        """Look whether the interaction was answered: the message id, or None if the person saw a failure."""
        ...

    async def post(self, parcel: Parcel) -> Posted:
        """Post a new message in the job's channel, mentioning the person.

        The nonce is the job's for a result, and another deterministic one for any other word: a late success may
        follow "expired" within the minutes in which Discord drops a repeated nonce.
        """
        ...

    async def find_post(self, job: Job) -> Posted | None:
        """Look for the job's last word in its channel's messages since it was settled, by our own button on it."""
        ...

    async def edit_post(self, posted: Posted, parcel: Parcel) -> None:
        """Replace what a message of ours shows."""
        ...

    async def edit_answer(self, parcel: Parcel) -> Posted:
        """Show the parcel in the answer to the interaction instead of in a message of its own."""
        ...

    async def send_dm(self, parcel: Parcel) -> Posted:
        """Send the parcel to the person directly."""
        ...

    async def send_notice(self, job: Job, posted: Posted) -> None:
        """Tell the person directly that their picture is done, and where it stands."""
        ...

    async def show_star(self, parcel: Parcel, channel_id: int) -> Posted:
        """Show a result once more in a star channel, where it calls nobody.

        `NotAllowed`, too, where that would bring what stands in an age-restricted channel before everybody.
        """
        ...

    async def count_stars(self, job: Job) -> int:
        """Return how many stars Discord shows under the job's posted message, without one of our own."""
        ...

    async def find_showcase(self, job: Job, channel_id: int) -> Posted | None:
        """Look for a job among the newest messages of a star channel, by our own button on it."""
        ...

    async def fresh_links(self, job: Job) -> tuple[str, ...]:
        """Return where Discord has the files of the job's posted message now; its links work for some hours only."""
        ...

    async def read(self, link: str) -> bytes:
        """Return the file that one of those links leads to."""
        ...

    def alt_text(self, job: Job, part: int | None = None) -> str:
        """Return what a file shows, for those who cannot see it, in the language that is spoken just now.

        Parameters
        ----------
        part
            Which of a job's files it is, from 1; None for the only one.
        """
        ...

    async def send_export(self, export: Export, part: ExportPart) -> None:
        """Send somebody a part of their export directly, under a nonce of its own."""
        ...

    async def answer_export(self, export: Export, token: str, asked_at: datetime, link: str | None) -> None:
        """Say in the answer to the interaction with this token that the person takes no messages from us."""
        ...

    def may_show(self, job: Job, channel_id: int) -> bool:
        """Whether all in a channel may see a job: not where that would bring before everybody what is age-restricted.

        What was made in a channel that nobody knows any more is taken to be.
        """
        ...

    async def is_there(self, posted: Posted) -> bool:
        """Tell whether a message of ours is still there."""
        ...

    async def remove_answer(self, job: Job) -> None:
        """Take the progress message away; one that is gone already is no error."""
        ...

    async def redraw(self, posted: Posted, job: Job, actions: tuple[Action, ...]) -> None:
        """Replace only the buttons under a result that was posted, as when some of them are refused for good."""
        ...

    async def remove_post(self, posted: Posted) -> None:
        """Take a message of ours away; one that is gone already is no error."""
        ...

    async def find_batch(self, batch: Batch) -> int | None:
        """Look for the message of a batch in its channel, by our own controls on it: its id, or None."""
        ...

    async def show_batch(self, batch: Batch, sheet: Path | None) -> None:
        """Edit the message of a batch so that it tells how far its jobs are; with the contact sheet where there is one.

        Without `sheet` a picture that is attached already stays.
        """
        ...
