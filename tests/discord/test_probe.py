"""`python -m bot probe` and Discord: what it finds with these options and with those, and that it cleans up."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest
from typing_extensions import override

from bot.client import point_at
from bot.owner.probe.findings import Finding, Skipped
from bot.owner.probe.line import DiscordLine
from bot.owner.probe.nonces import NonceWindow
from bot.owner.probe.places import AnswerEdit, AttachmentLimit, DirectMessage, SessionLimit
from sandbox.discord import DiscordOptions, DiscordSandbox
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.owner.probe.findings import Check, Fact
    from sandbox.discord import Message


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


class Place:
    """A Discord, and the probe's line to it."""

    def __init__(self, sandbox: DiscordSandbox, clock: FakeClock) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.channel_id = sandbox.world.general.id
        self.line = DiscordLine(sandbox.token)

    def messages(self, *, deleted: bool = False) -> list[Message]:
        return self.sandbox.messages(self.sandbox.world.general, deleted=deleted)


class Places:
    """Starts them."""

    def __init__(self, stack: AsyncExitStack, clock: FakeClock) -> None:
        self._stack = stack
        self._clock = clock

    async def __call__(self, options: DiscordOptions | None = None) -> Place:
        timed = replace(options or DiscordOptions(), clock=lambda: self._clock.now().timestamp())
        sandbox = await self._stack.enter_async_context(DiscordSandbox(timed))
        point_at(sandbox.api_url)
        place = Place(sandbox, self._clock)
        self._stack.push_async_callback(place.line.close)
        return place


@pytest.fixture
async def places(clock: FakeClock) -> AsyncIterator[Places]:
    async with AsyncExitStack() as stack:
        yield Places(stack, clock)


async def found(check: Check) -> Mapping[str, Fact]:
    assert check.obstacle() == ""
    result = await check.run()
    assert isinstance(result, Finding), result
    return result.facts


@pytest.mark.parametrize(("seconds", "held", "lost"), [(180, 120, 300), (60, 60, 120), (3600, 600, None), (5, 0, 30)])
async def test_the_nonce_window_is_found_and_nothing_is_left_behind(
    places: Places, seconds: float, held: int, lost: int | None
) -> None:
    place = await places(DiscordOptions(nonce_seconds=seconds))
    started = place.clock.monotonic()
    facts = await found(NonceWindow(place.line, place.channel_id, place.clock))
    assert facts == {"held_s": held, "lost_s": lost}
    assert place.clock.monotonic() - started == 600
    assert place.messages() == []
    sent = place.messages(deleted=True)
    assert len(sent) == 10 - [30, 60, 120, 300, 600].index(held) - 1 if held else len(sent) == 10
    assert {message.channel.id for message in sent} == {place.channel_id}


async def test_messages_are_taken_away_when_it_is_stopped_in_the_middle(places: Places) -> None:
    place = await places()

    class Stopped(FakeClock):
        @override
        async def wait(self, event: asyncio.Event, seconds: float) -> bool:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await NonceWindow(place.line, place.channel_id, Stopped()).run()
    assert len(place.messages(deleted=True)) == 5
    assert place.messages() == []


@pytest.mark.parametrize("limit", [1000, 150])
async def test_the_starts_of_the_day_are_told_and_used_by_nobody(places: Places, limit: int) -> None:
    place = await places(DiscordOptions(identify_limit=limit))
    result = await SessionLimit(place.line).run()
    assert isinstance(result, Finding)
    assert (result.facts["total"], result.facts["remaining"]) == (limit, limit)
    assert bool(result.advice) is (limit < 200)
    assert not place.sandbox.is_bot_online


@pytest.mark.parametrize(
    ("limit", "takes_it", "takes_more"),
    [(10 * 1024 * 1024, True, False), (1024, False, False), (50 * 1024 * 1024, True, True)],
)
async def test_file_sizes_are_tried_out(places: Places, limit: int, takes_it: bool, takes_more: bool) -> None:  # noqa: FBT001 - a table
    place = await places(DiscordOptions(attachment_size_limit=limit))
    facts = await found(AttachmentLimit(place.line, place.channel_id))
    assert facts == {"documented": 10 * 1024 * 1024, "takes_it": takes_it, "takes_more": takes_more}
    assert place.messages() == []


async def answered(place: Place) -> str:
    """Have somebody use a command that is answered at once, and return the answer's link."""
    sandbox = place.sandbox
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        command = {"name": "hello", "description": "Says hello"}
        async with session.post(
            f"{sandbox.api_url}/applications/{sandbox.application_id}/commands", json=command
        ) as made:
            assert made.status == 201
        call = await sandbox.person(sandbox.world.member).slash("hello", channel=sandbox.world.general)
        body = {"type": 4, "data": {"content": "hello"}}
        async with session.post(f"{sandbox.api_url}/interactions/{call.id}/{call.token}/callback", json=body) as done:
            assert done.status in {200, 204}
    (message,) = place.messages()
    return f"https://discord.com/channels/{sandbox.world.guild.id}/{place.channel_id}/{message.id}"


async def test_an_old_answer_is_edited_with_the_bots_own_token(places: Places) -> None:
    place = await places()
    check = AnswerEdit(place.line, await answered(place), place.clock)
    young = await check.run()
    assert isinstance(young, Skipped)
    assert "its own token still lives" in young.reason
    place.clock.advance(16 * 60)
    assert await found(check) == {"minutes": 16, "edited": True, "error": 0}
    (message,) = place.messages()
    assert (message.content, message.edited_at is not None) == ("hello", True)


async def test_only_an_answer_to_a_person_counts(places: Places) -> None:
    place = await places()
    channel = await place.line.channel(place.channel_id)
    message = await channel.send("by itself")
    place.clock.advance(16 * 60)
    link = f"https://discord.com/channels/@me/{place.channel_id}/{message.id}"
    result = await AnswerEdit(place.line, link, place.clock).run()
    assert isinstance(result, Skipped)
    assert "no answer to an interaction" in result.reason
    assert "wait 16 minutes" in AnswerEdit(place.line, "https://example.com/", place.clock).obstacle()


async def test_a_person_can_be_written_to_or_not(places: Places) -> None:
    place = await places()
    member = place.sandbox.world.member
    assert await found(DirectMessage(place.line, member.id)) == {"possible": True}
    assert place.sandbox.messages(place.sandbox.world.dm(member)) == []
    place.sandbox.close_dms(member)
    assert await found(DirectMessage(place.line, member.id)) == {"possible": False}


async def test_nothing_is_posted_where_no_place_was_named(places: Places) -> None:
    place = await places()
    checks = (
        AttachmentLimit(place.line, None),
        NonceWindow(place.line, None, place.clock),
        DirectMessage(place.line, None),
        AnswerEdit(place.line, None, place.clock),
    )
    for check in checks:
        assert check.obstacle()
        assert isinstance(await check.run(), Skipped)
    assert place.messages(deleted=True) == []
