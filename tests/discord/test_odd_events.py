"""Events that make no sense, or that forge what we write: nobody pays, nothing breaks, and the bot goes on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tests.discord.odd_events import OddEvents
from tests.discord.odd_ground import Surprises, paid_for, pour, real_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.discord.conftest import Bot

import pytest


@pytest.fixture
def surprises() -> Iterator[Surprises]:
    """Return whoever listens to all logs."""
    handler = Surprises()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


async def test_odd_events_cost_nothing_and_leave_the_bot_at_work(bot: Bot, surprises: Surprises) -> None:
    templates, job_id = await real_events(bot)
    before = await paid_for(bot)
    await pour(bot, OddEvents(1, templates, job_id), 300)
    assert surprises.seen == []
    assert surprises.unreadable, "some were odd beyond reading"
    assert await paid_for(bot) == before
    assert len(bot.api.charges) == 1
    await bot.imagine("a clear fox")
    await bot.submitted(2)
