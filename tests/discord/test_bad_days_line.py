"""A line to Discord that does not hold: the bot comes back by itself, nothing is lost and nothing is done twice."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
import pytest

from sandbox.discord import Call, DiscordFault, DiscordOptions, DiscordSandbox
from tests.discord.bad_days import ShortClock
from tests.discord.conftest import Bot, eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


ME, BUDGET = "GET /users/@me", "GET /gateway/bot"
FLAPS = ("reconnect", "invalid", "resumable", "cut", "4000", "zombie")
MOMENTS = 1000
"""So many times shorter are the line's waits."""

QUIET_S = 0.3
"""How long a line may be silent before it counts as dead; half of it between two heartbeats."""


@pytest.fixture
async def world() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(DiscordOptions(heartbeat_seconds=QUIET_S / 2)) as sandbox:
        yield sandbox


@pytest.fixture
async def patient(world: DiscordSandbox, tmp_path: Path) -> AsyncIterator[Bot]:
    """Return a bot that is not started, for which waits are short."""
    bot = Bot(world, tmp_path)
    bot.line_clock, bot.options = ShortClock(MOMENTS), {"dead_after_s": QUIET_S}
    yield bot
    await bot.stop()


def lines(caplog: pytest.LogCaptureFixture, start: str) -> list[str]:
    """Return what the owner was told that begins so."""
    return [text for record in caplog.records if (text := record.getMessage()).startswith(start)]


async def flap(bot: Bot, how: str) -> None:
    """Have the line fail in one way, and wait until that is noticed and mended."""
    world, counters = bot.discord, bot.discord.counters
    before = counters.identifies + counters.resumes
    match how:
        case "reconnect":
            world.reconnect_request()
        case "invalid" | "resumable":
            world.invalidate_session(resumable=how == "resumable")
        case "zombie":
            world.faults.set(DiscordFault.GATEWAY_ZOMBIE)
            world.speak("de" if world.world.guild.locale != "de" else "fr")  # any event
        case _:
            await world.disconnect(None if how == "cut" else int(how))
    await world.wait_until(lambda: counters.identifies + counters.resumes > before and world.is_bot_online)


@pytest.mark.parametrize("fault", [DiscordFault.UNAVAILABLE, DiscordFault.DROP_BEFORE, DiscordFault.CLOUDFLARE])
async def test_a_discord_that_is_away_at_the_start_is_waited_for(
    patient: Bot, fault: DiscordFault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    patient.discord.faults.set(fault, ME, times=6)
    starting = asyncio.create_task(patient.start())
    if fault is DiscordFault.CLOUDFLARE:
        await patient.discord.wait_until(lambda: patient.discord.counters.invalid_requests == 1)
        patient.discord.faults.clear()
        assert isinstance(patient.line_clock, ShortClock)
        patient.line_clock.advance(60)
    await starting
    await eventually(lambda: is_up(patient))
    assert lines(caplog, "Discord cannot be reached (")


async def test_a_gateway_that_takes_nobody_at_the_start_is_waited_for_at_most_a_minute_at_a_time(
    patient: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    refused = patient.discord.faults.set(DiscordFault.GATEWAY_REFUSED, times=9)
    await patient.start()
    assert refused.is_spent
    await eventually(lambda: is_up(patient))
    assert isinstance(patient.line_clock, ShortClock)
    pauses = patient.line_clock.waits
    assert len((patient.folder / "sessions.txt").read_text().split()) == 1  # only what was asked for costs a session
    assert len(pauses) == len(lines(caplog, "Discord cannot be reached (its gateway answered 503)")) == 9
    assert [1 <= pauses[0] <= 2, 30 <= pauses[-1] <= 60, max(pauses) <= 60] == [True] * 3
    assert [record.levelname for record in caplog.records if "cannot be reached" in record.message].count(
        "WARNING"
    ) == 1


async def test_who_is_stopped_while_waiting_for_discord_leaves_at_once(patient: Bot) -> None:
    await patient.start()
    patient.discord.faults.set(DiscordFault.GATEWAY_REFUSED, times=None)
    await patient.discord.disconnect()
    await eventually(lambda: is_waiting(patient))
    async with asyncio.timeout(1):
        await patient.client.close()


async def is_up(bot: Bot) -> bool:
    return bot.client.line.is_up


async def is_waiting(bot: Bot) -> bool:
    return not bot.client.line.is_up


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4014])
async def test_what_discord_refuses_for_good_is_not_asked_for_again(patient: Bot, code: int) -> None:
    await patient.start()
    connection, patient.connection = patient.connection, None
    assert connection is not None
    await patient.discord.disconnect(code)
    with pytest.raises(discord.ConnectionClosed) as closed:
        await connection
    assert closed.value.code == code
    assert patient.discord.counters.identifies + patient.discord.counters.resumes == 1


async def test_a_token_that_is_refused_ends_the_line_even_before_the_gateway_is_asked(patient: Bot) -> None:
    await patient.start()
    connection, patient.connection = patient.connection, None
    assert connection is not None
    patient.discord.faults.set(DiscordFault.UNAUTHORIZED, BUDGET, times=None)
    patient.discord.invalidate_session()
    with pytest.raises(discord.LoginFailure):
        await connection


async def test_through_all_kinds_of_flaps_each_interaction_makes_one_job(patient: Bot) -> None:
    await patient.start()
    asked, counters = dict[str, Call](), patient.discord.counters
    for number, how in enumerate(FLAPS):
        before = asyncio.create_task(patient.imagine(f"fox {number} before"))
        await flap(patient, how)
        for call in (await before, await patient.imagine(f"fox {number} after")):
            patient.discord.replay(call)
            asked[f"fox {number} {'before' if call is before.result() else 'after'}"] = call
            await call.answer()
            patient.discord.replay(call)
    await patient.submitted(len(asked))
    for charge in patient.api.charges:
        patient.api.finish(charge.task_id)
    for prompt in asked:
        await patient.picture(prompt)
    assert sorted(charge.what for charge in patient.api.charges) == sorted(asked)
    posts = [m for m in patient.discord.messages(patient.discord.world.general) if m.attachments]
    assert len(posts) == len(asked) == 2 * len(FLAPS)
    assert patient.client.line.identifies == counters.identifies == 1 + 1  # only an invalid session costs one


async def test_what_was_asked_while_the_line_was_down_comes_too_late_and_costs_nothing(
    patient: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await patient.start()
    patient.discord.faults.set(DiscordFault.GATEWAY_REFUSED, times=3)
    await patient.discord.disconnect()
    call = await patient.imagine("a stale fox")
    patient.discord.advance(4)
    await patient.discord.ready()
    assert patient.discord.counters.resumes == 1

    async def is_withdrawn() -> bool:
        return "Withdrawn" in caplog.text

    await eventually(is_withdrawn)
    assert call.failed
    patient.discord.replay(call)  # and once more
    await patient.imagine("a fresh fox")
    await patient.submitted()
    assert [charge.what for charge in patient.api.charges] == ["a fresh fox"]


async def test_an_event_that_cannot_be_read_is_left_out_and_the_line_holds(
    patient: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await patient.start()
    for garbage in ({}, {"id": "nobody"}, {"id": None, "type": "x"}):
        patient.discord.dispatch("INTERACTION_CREATE", garbage)
    await patient.imagine("a clear fox")
    await patient.submitted()
    assert caplog.text.count("could not be read; it is left out") == 3
    assert (patient.discord.counters.identifies, patient.discord.counters.resumes) == (1, 0)


async def test_a_session_that_cannot_go_on_is_followed_by_another_without_alarm(
    patient: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await patient.start()
    patient.discord.forget_session()
    await patient.discord.disconnect()
    await patient.discord.wait_until(lambda: patient.discord.counters.identifies == 2)
    await patient.imagine("a fox of the second session")
    await patient.submitted()
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == []


async def test_a_stream_of_nothing_but_garbage_is_given_up_for_a_fresh_session(patient: Bot) -> None:
    await patient.start()
    for _ in range(10):
        patient.discord.dispatch("INTERACTION_CREATE", {})
    await patient.discord.wait_until(lambda: patient.discord.counters.identifies == 2)
    await patient.imagine("a clear fox")
    await patient.submitted()


async def test_a_session_whose_own_address_is_gone_is_given_up_for_a_fresh_one(patient: Bot) -> None:
    await patient.start()
    patient.discord.faults.set(DiscordFault.GATEWAY_REFUSED, times=6)
    await patient.discord.disconnect()
    await patient.discord.wait_until(lambda: patient.discord.counters.identifies == 2)
    assert patient.discord.counters.resumes == 0


async def test_the_last_sessions_of_a_day_are_spread_and_the_owner_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with DiscordSandbox(DiscordOptions(identify_limit=201)) as world:
        bot = Bot(world, tmp_path)
        bot.line_clock = ShortClock(MOMENTS)
        await bot.start()  # two hundred are left: no reason to wait
        world.invalidate_session()
        await world.wait_until(lambda: world.counters.identifies == 2)
        assert lines(caplog, "Waiting") == []
        world.invalidate_session()
        await eventually(lambda: has_told(caplog))
        (told,) = lines(caplog, "Waiting")
        assert told.startswith("Waiting 0:07:1")  # a day divided by 199
        assert "has connected 2 times within a day" in told
        assert "allows 199 more" in told
        async with asyncio.timeout(1):
            await bot.stop()
        assert world.counters.identifies == 2


async def has_told(caplog: pytest.LogCaptureFixture) -> bool:
    return bool(lines(caplog, "Waiting"))


@pytest.mark.parametrize("fault", [DiscordFault.UNAVAILABLE, DiscordFault.DROP_BEFORE])
async def test_where_discord_does_not_say_what_is_left_the_record_decides(
    patient: Bot, fault: DiscordFault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    patient.discord.faults.set(fault, BUDGET, times=None)
    await patient.start()
    await flap(patient, "invalid")
    assert patient.client.line.identifies == 2
    assert len((patient.folder / "sessions.txt").read_text().split()) == 2
    assert len(lines(caplog, "Discord does not say how many sessions are left")) == 2
