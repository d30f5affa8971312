"""Jobs and actions of every kind, for the tests of what they look like."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from bot.model import (
    Action,
    DeliveryRow,
    DeliveryStatus,
    Failure,
    Job,
    Kind,
    Order,
    Route,
    Speed,
    Status,
    Waiting,
)

START: Final = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
JOB_ID: Final = "01KA0000000000000000000000"
PARENT_ID: Final = "01K90000000000000000000000"

_JOB: Final = Job(
    id=JOB_ID,
    kind=Kind.IMAGINE,
    status=Status.QUEUED,
    prompt="a fox in the snow --ar 3:2",
    speed=Speed.FAST,
    user_id=80351110224678912,
    guild_id=290926798626357999,
    channel_id=290926798999357250,
    interaction_id=846462639134605312,
    created_at=START,
    updated_at=START,
    delivery=DeliveryRow(
        status=DeliveryStatus.WAITING,
        nonce="01KA0000000000000000-0",
        locale="en-US",
        attachment_size_limit=10 * 1024 * 1024,
        application_id=1017090000000000001,
        interaction_token="interaction-token",  # noqa: S106 - no secret, a test's token
    ),
)


def job(**changes: Any) -> Job:  # noqa: ANN401 - any field
    """Return a queued imagine with these fields changed."""
    return replace(_JOB, **changes)


def delivery(**changes: Any) -> DeliveryRow:  # noqa: ANN401 - any field
    """Return the delivery row of such a job with these fields changed."""
    return replace(_JOB.delivery, **changes)


def action(
    index: int,
    label: str = "",
    emoji: str = "",
    kind: Kind = Kind.OTHER,
    quadrant: int | None = None,
    **changes: Any,  # noqa: ANN401 - any field
) -> Action:
    """Return a stored button."""
    made = Action(index=index, action_id=f"MJ::JOB::{index}", kind=kind, label=label, emoji=emoji, quadrant=quadrant)
    return replace(made, **changes)


def grid() -> list[Action]:
    """Return the nine buttons of a grid (contract 4.6 A)."""
    upscales = [action(n, f"U{n + 1}", kind=Kind.UPSCALE, quadrant=n + 1) for n in range(4)]
    variations = [action(5 + n, f"V{n + 1}", kind=Kind.VARIATION, quadrant=n + 1, remixable=True) for n in range(4)]
    return [*upscales, action(4, emoji="🔄", kind=Kind.REROLL), *variations]


ACTIONS = st.lists(
    st.builds(
        action,
        index=st.just(0),
        label=st.sampled_from(["", "U1", "Vary (Strong)", "Zoom Out 2x"]) | st.text(max_size=120),
        emoji=st.sampled_from(["", "🔄", "⬅️", "🔍", "❤️", "1️⃣"]),
        kind=st.sampled_from(Kind),
        quadrant=st.none() | st.integers(1, 9),
        style=st.integers(0, 9),
        is_dead=st.booleans(),
        remixable=st.booleans(),
        needs_input=st.booleans(),
    ),
    max_size=100,  # as many as are read of one task
).map(lambda made: [replace(one, index=number, action_id=f"MJ::JOB::{number}") for number, one in enumerate(made)])

_LONG_LINK: Final = "https://cdn.example/" + "x" * 480

JOBS = st.builds(
    job,
    prompt=st.text(max_size=3000),
    final_prompt=st.text(max_size=3000),
    result_text=st.text(max_size=3000)
    | st.lists(st.text(max_size=600), max_size=12).map(
        lambda lines: "\n\n".join(f"{n}\ufe0f\u20e3 {line}" for n, line in enumerate(lines, start=1))
    ),
    failure_detail=st.text(max_size=3000) | st.sampled_from(["可能包含敏感词", "Banned prompt detected, x"]),
    action_label=st.text(max_size=200),
    media_url=st.none() | st.just(_LONG_LINK),
    media_type=st.none() | st.sampled_from(["image/png", "video/mp4"]),
    more_urls=st.just(()) | st.just((_LONG_LINK, "https://cdn.example/2.mp4", "https://cdn.example/3.mp4")),
    seed=st.none() | st.just("636646138"),
    batch_id=st.none() | st.just(PARENT_ID),
    action_index=st.none() | st.just(3),
    modal_sent_at=st.none() | st.just(START),
    order=st.builds(
        Order,
        route=st.sampled_from(Route),
        images=st.just(()) | st.just(("a.png", "b.png", "c.png")),
        remix=st.booleans(),
    ),
    preview_url=st.none() | st.text(max_size=50) | st.just("https://cdn.example/p.webp?rand=1"),
    progress=st.none() | st.integers(0, 100),
    queue_ahead=st.none() | st.integers(0, 50),
    quadrant=st.none() | st.integers(1, 9),
    parent_id=st.none() | st.just(PARENT_ID),
    retry_of=st.none() | st.just(PARENT_ID),
    kind=st.sampled_from(Kind),
    status=st.sampled_from(Status),
    speed=st.sampled_from(Speed),
    failure=st.none() | st.sampled_from(Failure),
    waiting=st.none() | st.sampled_from(Waiting),
    submitted_at=st.none() | st.just(START + timedelta(seconds=2)),
    finished_at=st.none() | st.just(START + timedelta(minutes=80)),
    give_up_at=st.none() | st.just(START + timedelta(minutes=75)),
    delivery=st.builds(
        delivery,
        message_id=st.none() | st.just(2**63),
        channel_id=st.none() | st.just(2**63),
        answer_message_id=st.none() | st.just(2**63 + 1),
    ),
)
