"""Jobs and actions for tests: complete by default, and the same on every run.

A number stands for everything that must differ between two jobs: `new_job(number=2)` has its own id, interaction and
second of creation. Whatever matters to a test is named in the call. Imports only the model.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypedDict

from ulid import ULID

from bot.model import Action, Kind, NewJob, Speed

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from bot.model import Order

#: When the clock of the tests starts.
START: Final = datetime(2026, 3, 12, 11, 29, 2, tzinfo=UTC)

#: How long a built job may stay queued.
PATIENCE: Final = timedelta(minutes=30)

USER_ID: Final = 80351110224678912
GUILD_ID: Final = 290926798626357999
CHANNEL_ID: Final = 290926798999357250
APPLICATION_ID: Final = 1017090000000000001

#: Where the time of Discord's ids begins (Discord, snowflakes).
_DISCORD_EPOCH: Final = datetime(2015, 1, 1, tzinfo=UTC)
_TIME_BITS: Final = 22

_MILLISECONDS_PER_SECOND: Final = 1000
_TIME_BYTES: Final = 6
_RANDOM_BYTES: Final = 10


class NewJobFields(TypedDict, total=False):
    """The fields of `NewJob` that a test may name."""

    id: str
    kind: Kind
    prompt: str
    speed: Speed
    user_id: int
    guild_id: int | None
    channel_id: int
    interaction_id: int
    interaction_token: str
    application_id: int
    attachment_size_limit: int
    locale: str
    created_at: datetime
    give_up_at: datetime
    parent_id: str | None
    action_index: int | None
    action_label: str
    quadrant: int | None
    once: bool
    retry_of: str | None
    order: Order
    batch_id: str | None
    model: str
    is_private: bool
    own_locale: str
    may_post: bool


class ActionFields(TypedDict, total=False):
    """The fields of `Action` that a test may name."""

    action_id: str
    kind: Kind
    label: str
    emoji: str
    style: int
    quadrant: int | None
    needs_input: bool
    once: bool
    remixable: bool
    is_dead: bool


def created_at(number: int) -> datetime:
    """Return when the numbered job was made: one second apart, so that numbers, ids and times sort alike."""
    return START + timedelta(seconds=number)


def job_id(number: int) -> str:
    """Return the numbered job's id: a real ULID of its time, with the number in the place of the random part."""
    milliseconds = int(created_at(number).timestamp()) * _MILLISECONDS_PER_SECOND
    return str(ULID.from_bytes(milliseconds.to_bytes(_TIME_BYTES, "big") + number.to_bytes(_RANDOM_BYTES, "big")))


def interaction_id(at: datetime, number: int = 0) -> int:
    """Return an id that Discord may have given an interaction at that time: the numbered one of its millisecond."""
    return ((at - _DISCORD_EPOCH) // timedelta(milliseconds=1) << _TIME_BITS) + number


def new_job(number: int = 1, **overrides: Unpack[NewJobFields]) -> NewJob:
    """Return the numbered job, about to be written down: an imagine in a server, unless named otherwise."""
    made_at = overrides.get("created_at", created_at(number))
    job = NewJob(
        id=job_id(number),
        kind=Kind.IMAGINE,
        prompt="a fox in the snow --ar 3:2",
        speed=Speed.FAST,
        user_id=USER_ID,
        guild_id=GUILD_ID,
        channel_id=CHANNEL_ID,
        interaction_id=interaction_id(made_at, number),
        interaction_token=f"interaction-token-{number}",
        application_id=APPLICATION_ID,
        attachment_size_limit=10 * 1024 * 1024,
        locale="en-US",
        created_at=made_at,
        give_up_at=made_at + PATIENCE,
    )
    return replace(job, **overrides)


def action(index: int = 0, **overrides: Unpack[ActionFields]) -> Action:
    """Return a stored button: one of U1–U4 by its index, unless named otherwise."""
    quadrant = index % 4 + 1
    button = Action(
        index=index,
        action_id=f"MJ::JOB::upsample::{quadrant}::4f2a6a9e-6d8b-4d0e-9a53-0c7e3a1b5d11",
        kind=Kind.UPSCALE,
        label=f"U{quadrant}",
        quadrant=quadrant,
        once=True,
    )
    return replace(button, **overrides)
