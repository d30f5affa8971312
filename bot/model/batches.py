"""Several jobs that were asked for at once. Imports the jobs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model.jobs import Job


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Several jobs that were asked for at once, and the one message that tells about all of them.

    Attributes
    ----------
    prompt
        As typed, with its `{a, b}` and `--repeat`.
    answer_message_id
        The message with the progress line and, in the end, the contact sheet.
    interaction_token
        Secret; None once it has expired (15 minutes) and been erased.
    closed_at
        When the last word was shown: nothing about it changes after that.
    jobs
        In the order they were asked for.
    """

    id: str
    user_id: int
    guild_id: int | None
    channel_id: int
    prompt: str
    locale: str
    attachment_size_limit: int
    application_id: int
    created_at: datetime
    interaction_token: str | None = field(default=None, repr=False)
    answer_message_id: int | None = None
    closed_at: datetime | None = None
    jobs: tuple[Job, ...] = ()
