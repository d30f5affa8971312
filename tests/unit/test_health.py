"""What keeps the process from being called alive or ready, each with its reason and no other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.model import Waiting
from bot.watch.health import Health

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Body:
    """All parts at once, sound unless a test says otherwise."""

    late_parts: list[str] = field(default_factory=list[str])
    is_stopping: bool = False
    api_fault: Waiting | None = None
    holds_lock: bool = True
    write_age_s: float = 59.9
    has_room: bool = True
    down_s: float | None = None
    was_up: bool = True
    lag_s: float = 4.9


def health_of(body: Body) -> Health:
    return Health(engine=body, database=body, connection=body, loop=body)


def test_a_sound_process_is_alive_and_ready() -> None:
    health = health_of(Body())

    assert (health.faults(), health.hindrances()) == ({}, {})


FAULTS: dict[str, Callable[[], Body]] = {
    "event_loop: 5.0 s late": lambda: Body(lag_s=5.0),
    "engine: stuck: tracker, courier": lambda: Body(late_parts=["tracker", "courier"]),
}
HINDRANCES: dict[str, Callable[[], Body]] = {
    "process: stopping": lambda: Body(is_stopping=True),
    "lock: not held": lambda: Body(holds_lock=False),
    "database: last write 61 s ago": lambda: Body(write_age_s=61),
    "disk: nearly full": lambda: Body(has_room=False),
    "gateway: not connected yet": lambda: Body(was_up=False, down_s=2),
    "gateway: lost 5 s ago": lambda: Body(down_s=5),
    "api: bad_key": lambda: Body(api_fault=Waiting.BAD_KEY),
}


@pytest.mark.parametrize("reason", FAULTS)
def test_what_calls_for_a_new_start_is_named(reason: str) -> None:
    health = health_of(FAULTS[reason]())

    assert [": ".join(fault) for fault in health.faults().items()] == [reason]
    assert health.hindrances() == health.faults()


@pytest.mark.parametrize("reason", HINDRANCES)
def test_what_people_should_not_count_on_is_named_and_calls_for_no_new_start(reason: str) -> None:
    health = health_of(HINDRANCES[reason]())

    assert [": ".join(hindrance) for hindrance in health.hindrances().items()] == [reason]
    assert health.faults() == {}


def test_a_session_that_was_lost_just_now_is_resumed_before_anybody_need_know() -> None:
    assert health_of(Body(down_s=4.9)).hindrances() == {}


def test_parts_that_have_ended_because_they_were_to_are_not_stuck() -> None:
    assert health_of(Body(is_stopping=True, late_parts=["tracker"])).faults() == {}
