"""Discord's bad moments: the picture is posted once, or the next way is taken; what nobody saw begin costs nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from sandbox.discord import DiscordFault
from tests.crash.conftest import WITHIN
from tests.process.studio import job_of, open_studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord import Message
    from tests.process.studio import Asked, Studio

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(60)]

POST = "POST /channels/{channel_id}/messages"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
EDIT_ANSWER = "PATCH /webhooks/{application_id}/{interaction_token}/messages/@original"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    async with open_studio(tmp_path_factory.mktemp("discord")) as studio:
        yield studio
        studio.check_promises()


@pytest_asyncio.fixture(loop_scope="module")
async def studio(shared: Studio) -> AsyncIterator[Studio]:
    yield shared
    shared.discord.faults.clear()
    shared.comet.release()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rough(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """A process for what changes the time or the connection for everybody, or leaves a call unanswered."""
    async with open_studio(tmp_path_factory.mktemp("rough")) as studio:
        yield studio
        studio.check_money()


async def withdrawn(studio: Studio, number: int) -> None:
    """Wait until the bot has said so many times that it withdrew a job; a log file has no event to wait for."""
    async with asyncio.timeout(WITHIN):
        while studio.log().count("Withdrawn") < number:  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)


def all_about(studio: Studio, prompt: str) -> list[Message]:
    """Return all messages there ever were with a picture for this prompt, deleted ones included."""
    messages = studio.discord.messages(studio.world.general, deleted=True)
    return [message for message in messages if prompt in message.text() and message.attachments]


async def test_each_picture_is_posted_exactly_once_whatever_discord_says_at_first(studio: Studio) -> None:
    faults = (
        DiscordFault.UNAVAILABLE,
        DiscordFault.ERROR_BEFORE,
        DiscordFault.ERROR_AFTER,
        DiscordFault.DROP_BEFORE,
        DiscordFault.DROP_AFTER,
        DiscordFault.RATE_LIMITED,
    )
    struck = [studio.discord.faults.set(fault, route=POST, seconds=0.5) for fault in faults]
    prompts = [f"a fox through {fault}" for fault in faults]
    jobs = await asyncio.gather(*(studio.ask(prompt) for prompt in prompts))
    for prompt, asked in zip(prompts, jobs, strict=True):
        post = await studio.picture(asked)
        assert post.mentions == [studio.world.member.id]
        assert all_about(studio, prompt) == [post]
        assert len(studio.charges(asked)) == 1
    assert all(armed.is_spent for armed in struck)


async def test_an_outage_of_discord_while_the_picture_is_ready_is_outlasted(studio: Studio) -> None:
    struck = studio.discord.faults.set(DiscordFault.UNAVAILABLE, route=POST, times=None)
    asked = await studio.ask("a fox in an outage")
    await studio.until(lambda: struck.hits > 2)
    studio.discord.faults.clear()
    post = await studio.picture(asked)
    assert all_about(studio, "a fox in an outage") == [post]


async def test_where_the_bot_may_not_post_the_answer_itself_becomes_the_result(studio: Studio) -> None:
    asked = await studio.ask("a fox behind a lock", by=studio.world.owner, channel=studio.world.locked)
    await studio.until(lambda: bool(asked.answer.attachments))
    assert {"U1", "Details"} <= {button.label for button in asked.answer.buttons()}
    assert studio.posts(asked.job_id) == []
    up = await studio.accepted(await studio.click(asked.answer, "U1"))
    await studio.until(lambda: bool(up.answer.attachments))
    assert [len(studio.charges(job)) for job in (asked, up)] == [1, 1]


async def test_permission_taken_away_during_the_job_changes_only_the_way(studio: Studio) -> None:
    studio.comet.hold()
    asked = await studio.ask("a fox that lost its voice", channel=studio.world.gallery)
    await studio.task_of(asked)
    studio.discord.deny(studio.world.gallery, "SEND_MESSAGES")
    studio.comet.release()
    await studio.until(lambda: bool(asked.answer.attachments))
    studio.discord.allow(studio.world.gallery, "SEND_MESSAGES")
    assert studio.posts(asked.job_id) == []


async def test_where_the_channel_is_gone_the_picture_comes_as_a_direct_message(studio: Studio) -> None:
    studio.comet.hold()
    asked = await studio.ask("a homeless fox", channel=studio.world.nsfw)
    await studio.task_of(asked)
    studio.discord.delete_channel(studio.world.nsfw)
    studio.comet.release()
    post = await studio.post(asked)
    assert post.channel is studio.world.dm(studio.world.member)
    assert post.attachments


async def test_what_ends_after_the_token_has_expired_is_told_all_the_same(rough: Studio) -> None:
    rough.comet.hold()
    late = await rough.ask("a late fox")
    failed = await rough.ask("a late fox [[failed]]")
    for asked in (late, failed):
        await rough.task_of(asked)
    rough.discord.advance(3600)
    rough.comet.release()
    post = await rough.picture(late)
    assert post.mentions == [rough.world.member.id]
    await rough.says(failed.answer, "could not make this picture")


async def test_an_answer_that_comes_too_late_withdraws_the_job(rough: Studio) -> None:
    submits, before = rough.comet.requests.submits, rough.log().count("Withdrawn")
    call = await rough.slash("imagine", {"prompt": "an unseen fox"})
    rough.discord.advance(10)  # past the three seconds: whatever the bot answers now meets 10062
    assert call.failed
    await withdrawn(rough, before + 1)
    await rough.made("a seen fox")  # what would have been sent has been sent before this
    assert rough.comet.requests.submits == submits + 1


async def test_an_answer_that_discord_refuses_withdraws_the_job_and_says_so(rough: Studio) -> None:
    submits, before = rough.comet.requests.submits, rough.log().count("Withdrawn")
    rough.discord.faults.set(DiscordFault.FORBIDDEN, route=CALLBACK)
    call = await rough.slash("imagine", {"prompt": "a refused fox"})
    assert "went wrong" in await rough.refused(call)  # in the second callback, which is let through
    await withdrawn(rough, before + 1)
    await rough.made("a fox at the second try")
    assert rough.comet.requests.submits == submits + 1
    assert rough.anonymous_tracebacks() == []


async def test_an_answer_whose_fate_was_unclear_starts_its_job_once(studio: Studio) -> None:
    jobs: list[Asked] = []
    for fault in (DiscordFault.ERROR_AFTER, DiscordFault.DROP_AFTER, DiscordFault.DROP_BEFORE):
        struck = studio.discord.faults.set(fault, route=CALLBACK)  # after the effect, a second try meets 40060
        jobs.append(await studio.ask(f"a fox answered through {fault}"))
        assert struck.is_spent
    for asked in jobs:
        await studio.picture(asked)
    assert [len(studio.charges(asked)) for asked in jobs] == [1] * 3


async def test_an_interaction_that_discord_repeats_makes_one_job(studio: Studio) -> None:
    call = await studio.slash("imagine", {"prompt": "a repeated fox"})
    studio.discord.replay(call)
    asked = await studio.accepted(call)
    studio.discord.replay(call)
    post = await studio.picture(asked)
    pressed = await studio.click(post, "V4")
    studio.discord.replay(pressed)
    variation = await studio.picture(await studio.accepted(pressed))
    assert all_about(studio, "a repeated fox") == [post, variation]
    assert len([charge for charge in studio.comet.ledger if "a repeated fox" in charge.prompt]) == 2


async def test_trouble_with_the_gateway_during_a_job_changes_nothing(rough: Studio) -> None:
    counters = rough.discord.counters
    rough.comet.hold()
    asked = await rough.ask("a fox on the line")
    await rough.task_of(asked)
    for code in (None, 4000, "reconnect"):
        connections = counters.resumes + counters.identifies
        if isinstance(code, str):
            rough.discord.reconnect_request()
        else:
            await rough.discord.disconnect(code)
        await rough.until(lambda before=connections: counters.resumes + counters.identifies > before)
    await rough.discord.disconnect()
    rough.comet.release()
    post = await rough.picture(asked)  # REST needs no gateway
    await rough.discord.ready(timeout=WITHIN)
    await rough.picture(await rough.press(post, "U1"))


async def test_a_file_that_is_too_large_for_the_place_becomes_a_smaller_one_with_a_link(studio: Studio) -> None:
    guild = studio.world.other_guild
    whole = (await studio.made("a large fox")).attachments[0]
    room = 64 * 1024  # what the bot leaves for the rest of the request
    limit = guild.attachment_size_limit = room + len(whole.data) * 3 // 4
    asked = await studio.ask("a large fox", channel=studio.world.other_channel)
    post = await studio.picture(asked)
    (file,) = post.attachments
    (charge,) = studio.charges(asked)
    assert file.filename == f"easel-{asked.job_id.lower()}.jpg"
    assert file.data.startswith(b"\xff\xd8\xff")
    assert len(file.data) <= limit - room
    assert f"[the original](<{studio.comet.url}/mj/image/{charge.task_id}" in post.text()


async def test_a_file_that_discord_refuses_as_too_large_after_all_becomes_a_smaller_one(studio: Studio) -> None:
    struck = studio.discord.faults.set(DiscordFault.TOO_LARGE, route=POST)
    post = await studio.made("a fox above the limit")
    (file,) = post.attachments
    assert struck.is_spent
    assert file.content_type == "image/jpeg"
    assert "[the original]" in post.text()


async def test_a_progress_message_that_somebody_deleted_does_not_stop_the_picture(studio: Studio) -> None:
    studio.comet.hold()
    asked = await studio.ask("a fox whose progress is gone")
    task_id = await studio.task_of(asked)
    studio.discord.delete_message(asked.answer)
    studio.comet.set_progress(task_id, 46)
    studio.comet.release()
    post = await studio.picture(asked)
    assert post.mentions == [studio.world.member.id]


async def test_a_progress_edit_that_fails_does_not_stop_the_picture(studio: Studio) -> None:
    studio.comet.hold()
    asked = await studio.ask("a fox without news")
    struck = studio.discord.faults.set(DiscordFault.ERROR_BEFORE, route=EDIT_ANSWER)
    await studio.until(lambda: struck.hits > 0)
    studio.comet.release()
    await studio.picture(asked)


async def test_buttons_that_nobody_knows_any_more_are_answered(studio: Studio) -> None:
    post = await studio.made("a fox with old buttons")
    job_id = job_of(post)
    assert job_id is not None
    texts = {f"mj0:{job_id}:up2": "do not know this button", f"mj1:{'0' * 26}:3": "no such job", f"mj1:{job_id}:99": ""}
    for custom_id, sentence in texts.items():
        node = next(n for row in post.components for n in row["components"] if n.get("custom_id"))
        node["custom_id"] = custom_id
        call = await studio.discord.person(studio.world.owner).click(post, custom_id=custom_id)
        assert sentence in await studio.refused(call)
