"""What people asked for: our durable rows, and requests on the way to become one.

Imports the vocabulary and the orders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from bot.model.orders import Order

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.model.vocabulary import DeliveryStatus, Failure, Kind, Speed, Status, Waiting


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """What is known about where and how a job's answer and result are shown.

    Attributes
    ----------
    nonce
        At most 25 characters, the same for every send of this job's result: Discord drops a repeat for some minutes.
    channel_id, message_id
        The posted result; the channel differs from the job's when it went to a DM.
    answer_message_id
        The progress message: the answer to the interaction.
    interaction_token
        Secret; None once it has expired (15 minutes) and been erased.
    attachment_size_limit
        Bytes one file may have in this place, from the interaction.
    attempts
        Sends tried so far.
    due_at
        Not to be tried before this time.
    locale
        The language of all who can read in the job's channel.
    own_locale
        The language of its author; empty: not known.
    may_post
        Whether the bot itself is in that channel; where it is not, only its answers are.
    look_first
        Whether the message may stand in its channel already, as after a backup was put back.
    """

    status: DeliveryStatus
    nonce: str
    locale: str
    attachment_size_limit: int
    attempts: int = 0
    due_at: datetime | None = None
    channel_id: int | None = None
    message_id: int | None = None
    answer_message_id: int | None = None
    interaction_token: str | None = field(default=None, repr=False)
    application_id: int = 0
    own_locale: str = ""
    may_post: bool = True
    look_first: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing that a person asked for: our durable row.

    Attributes
    ----------
    id
        ULID text, 26 characters. Not a secret and not a capability.
    prompt
        The text sent to the API, parameters included; for an action that asked for none, that of the parent. Empty
        where pictures say everything.
    parent_id, action_index, action_label, quadrant
        Of the button this job came from; None and empty for `/imagine`. A job made from another without a button of
        Midjourney's (run again, a suggestion) has a parent and a label but no index.
    order
        How it is sent, and with which pictures.
    batch_id
        The batch it belongs to; such a job has no answer of its own.
    single_key
        `<parent id>:<action index>` while this job is the one result of a once-only action, else None. With `:` and its
        author behind it while it is that for them alone.
    retry_of
        The `unknown` job that a person chose to submit again.
    answered_at
        When the person saw our answer. A queued job is not sent before that.
    due_at
        A queued job is not sent before this time.
    give_up_at
        When a queued job fails, or a running one expires.
    progress
        0–100, the highest seen in this run, or None.
    modal_sent_at
        When the API's modal step was sent; from then on a MODAL status is stale (contract 4.3).
    picture
        File name below the picture folder once the picture is safe on our disk, else None.
    failure_detail
        The banned word, or the API's reason, shortened; never a secret.
    seed
        Of the picture, where the API told it.
    more_urls
        Of a batch of videos: where those after the first can be had.
    deleted_at
        When somebody deleted it: it is shown to nobody any more.
    model
        Which Midjourney its prompt names, such as `v 7` or `niji 7`; empty where it names none.
    is_private
        Whether it is shown to its author alone.
    words_gone
        Whether it had a prompt that was taken away with its author: it is never sent as if it had none.
    """

    id: str
    kind: Kind
    status: Status
    prompt: str
    speed: Speed
    user_id: int
    guild_id: int | None
    channel_id: int
    interaction_id: int
    created_at: datetime
    updated_at: datetime
    delivery: DeliveryRow
    parent_id: str | None = None
    action_index: int | None = None
    action_label: str = ""
    quadrant: int | None = None
    single_key: str | None = None
    retry_of: str | None = None
    answered_at: datetime | None = None
    due_at: datetime | None = None
    give_up_at: datetime | None = None
    waiting: Waiting | None = None
    submitted_at: datetime | None = None
    task_id: str | None = None
    queue_ahead: int | None = None
    progress: int | None = None
    preview_url: str | None = None
    modal_sent_at: datetime | None = None
    finished_at: datetime | None = None
    final_prompt: str = ""
    result_text: str = ""
    media_url: str | None = None
    picture: str | None = None
    media_type: str | None = None
    failure: Failure | None = None
    failure_detail: str = ""
    order: Order = Order()  # noqa: RUF009 - frozen, and nothing but defaults
    batch_id: str | None = None
    seed: str | None = None
    more_urls: tuple[str, ...] = ()
    deleted_at: datetime | None = None
    model: str = ""
    is_private: bool = False
    words_gone: bool = False

    @property
    def duration(self) -> timedelta | None:
        """Time from the accepted submit to the end, as we saw it; None while either is missing."""
        if self.submitted_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.submitted_at

    @property
    def is_direct(self) -> bool:
        """Whether it was asked for in a conversation with the bot, where nobody else is."""
        return self.guild_id is None and self.delivery.may_post

    @property
    def is_ephemeral(self) -> bool:
        """Whether its answer is to be for its author's eyes only, since others are there."""
        return self.is_private and not self.is_direct

    @property
    def may_post(self) -> bool:
        """Whether messages about it may stand in its channel by themselves, and not only in answers."""
        return self.delivery.may_post and not self.is_ephemeral


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job about to be written down, with where its answer goes. Field meanings as in `Job` and `DeliveryRow`."""

    id: str
    kind: Kind
    prompt: str
    speed: Speed
    user_id: int
    guild_id: int | None
    channel_id: int
    interaction_id: int
    interaction_token: str = field(repr=False)
    application_id: int
    attachment_size_limit: int
    locale: str
    created_at: datetime
    give_up_at: datetime
    parent_id: str | None = None
    action_index: int | None = None
    action_label: str = ""
    quadrant: int | None = None
    once: bool = False
    retry_of: str | None = None
    order: Order = Order()  # noqa: RUF009 - frozen, and nothing but defaults
    batch_id: str | None = None
    model: str = ""
    is_private: bool = False
    words_gone: bool = False
    own_locale: str = ""
    may_post: bool = True
