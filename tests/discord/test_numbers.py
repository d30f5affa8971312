"""The numbers of Discord's side, moved by the real client against a Discord of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.jobs.clock import SystemClock
from bot.jobs.ports import Parcel
from bot.metrics import Metrics
from bot.watch.numbers import Numbers
from cogs.messages.delivery import DiscordDelivery
from sandbox.discord import DiscordFault
from tests.discord.bad_days import ShortClock
from tests.discord.conftest import Bot
from tests.discord.places import POST
from tests.numbers import numbers_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from sandbox.discord import DiscordSandbox


class Unasked:
    """A database whose numbers are another test's affair."""

    async def look(self, unknown_since: datetime) -> None:
        """Set nothing."""


@pytest.fixture
async def counted(world: DiscordSandbox, tmp_path: Path) -> AsyncIterator[tuple[Bot, Metrics]]:
    """Return a bot that is connected, and its numbers."""
    bot, metrics = Bot(world, tmp_path), Metrics()
    bot.options["metrics"] = metrics
    await bot.start()
    yield bot, metrics
    await bot.stop()


async def test_answers_are_timed_and_the_session_and_refusals_counted(counted: tuple[Bot, Metrics]) -> None:
    bot, metrics = counted
    numbers = Numbers(
        metrics=metrics,
        database=Unasked(),
        line=bot.client.line,
        restraint=bot.client.restraint,
        backups=bot.engine.backups,
        clock=SystemClock(),
    )
    await bot.asked()
    bot.discord.faults.set(DiscordFault.RATE_LIMITED, POST, seconds=0.01)
    await bot.asked()
    bot.api.finish(await bot.submitted(2))
    await bot.picture("a fox")
    for _ in range(2):
        await numbers.look()

    series = numbers_of(metrics)
    assert series["easel_interaction_ack_seconds_count"] == 2
    assert 0 < series["easel_interaction_ack_seconds_sum"] < 6
    assert series["easel_gateway_up"] == 1
    assert series["easel_gateway_identify_total"] == 1
    assert series["easel_gateway_identify_1d"] == 1
    assert series['easel_discord_ratelimited_total{scope="user"}'] == 1
    assert series["easel_discord_invalid_requests_10m"] == 1
    assert series["easel_backup_age_seconds"] == float("inf")


async def test_a_session_that_is_lost_shows_as_down(counted: tuple[Bot, Metrics]) -> None:
    bot, metrics = counted
    bot.client.line.down_since = SystemClock().monotonic() - 7
    numbers = Numbers(
        metrics=metrics,
        database=Unasked(),
        line=bot.client.line,
        restraint=bot.client.restraint,
        backups=bot.engine.backups,
        clock=SystemClock(),
    )

    await numbers.look()

    assert bot.client.line.was_up
    assert 7 <= (bot.client.line.down_s or 0) < 9
    assert numbers_of(metrics)["easel_gateway_up"] == 0


async def test_a_post_that_discord_knew_by_its_nonce_is_counted_and_a_new_one_is_not(bot: Bot) -> None:
    clock, metrics = ShortClock(), Metrics()
    delivery = DiscordDelivery(bot.client, clock, metrics=metrics.deliveries)
    _, job = await bot.asked()
    first = await delivery.post(Parcel(job=job))
    assert numbers_of(metrics)["easel_nonce_replay_total"] == 0

    clock.advance(10)
    again = await delivery.post(Parcel(job=job))

    assert again == first
    assert numbers_of(metrics)["easel_nonce_replay_total"] == 1
