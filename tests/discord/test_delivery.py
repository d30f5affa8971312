"""`DiscordDelivery` on the wire: every way it takes, every way that is closed, and never two messages for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import AnswerGone, ChannelGone, DiscordUnavailable, NotAllowed, TooLarge
from bot.jobs.ports import Parcel, Posted
from bot.model import Kind, Media, Status
from sandbox.discord import DiscordFault
from tests.discord.conftest import eventually
from tests.fakes import GRID, PNG
from tests.unit.render_builders import action, job

if TYPE_CHECKING:
    from pathlib import Path

    from bot.errors import DeliveryError
    from bot.model import Action, Job
    from sandbox.discord import Call, Message
    from tests.discord.conftest import Bot

POST = "POST /channels/{channel_id}/messages"
EDIT_ANSWER = "PATCH /webhooks/{application_id}/{token}/messages/@original"


@pytest.fixture
def picture(tmp_path: Path) -> Media:
    path = tmp_path / "picture.png"
    path.write_bytes(PNG)
    return Media(path=path, media_type="image/png", size=len(PNG))


def finished(bot: Bot) -> Job:
    """Return a job of the member's in #general that has just succeeded, unknown to the engine."""
    world = bot.discord.world
    now = datetime.now(UTC)
    return job(
        status=Status.SUCCEEDED,
        user_id=world.member.id,
        guild_id=world.guild.id,
        channel_id=world.general.id,
        created_at=now,
        finished_at=now,
    )


def parcel(bot: Bot, picture: Media | None, actions: tuple[Action, ...] = GRID) -> Parcel:
    return Parcel(job=finished(bot), actions=actions, media=picture)


def messages(bot: Bot) -> list[Message]:
    return bot.discord.messages(bot.discord.world.general)


async def answered(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> tuple[Call, Job]:
    """Return an interaction whose job stays as it is, so that the test alone moves its answer."""

    async def never_due(*_: object) -> list[Job]:
        return []

    monkeypatch.setattr(bot.store, "due_submits", never_due)
    call, made = await bot.asked()

    async def recorded() -> Job | None:
        found = await bot.job(made.id)
        return found if found.answered_at else None

    return call, await eventually(recorded)


async def test_a_post_mentions_only_its_author_and_carries_file_and_nonce(bot: Bot, picture: Media) -> None:
    sent = parcel(bot, picture)
    nasty = replace(sent, job=replace(sent.job, prompt=f"@everyone <@{bot.discord.world.guest.id}> fox"))
    posted = await bot.delivery.post(nasty)
    (message,) = messages(bot)
    assert (posted.channel_id, posted.message_id) == (message.channel.id, message.id)
    assert message.mentions == [bot.discord.world.member.id]
    assert not message.mention_everyone
    assert message.nonce == sent.job.delivery.nonce
    assert message.attachments[0].data == PNG
    assert message.attachments[0].description == "Imagine: @everyone <@991340278452031588> fox"


@pytest.mark.parametrize(
    ("fault", "tries"),
    [(DiscordFault.DROP_AFTER, 2), (DiscordFault.DROP_BEFORE, 2), (DiscordFault.UNAVAILABLE, 2)],
)
async def test_a_fault_on_the_way_makes_neither_no_message_nor_two(
    bot: Bot, picture: Media, fault: DiscordFault, tries: int
) -> None:
    bot.discord.faults.set(fault, POST, times=tries)
    posted = await bot.delivery.post(parcel(bot, picture))
    (message,) = messages(bot)
    assert message.id == posted.message_id
    assert message.attachments[0].data == PNG
    assert bot.pauses == [0.5, 2.0]


@pytest.mark.parametrize("fault", [DiscordFault.DROP_BEFORE, DiscordFault.UNAVAILABLE, DiscordFault.CLOUDFLARE])
async def test_a_fault_that_stays_is_worth_another_try_later(bot: Bot, picture: Media, fault: DiscordFault) -> None:
    bot.discord.faults.set(fault, POST, times=None)
    with pytest.raises(DiscordUnavailable):
        await bot.delivery.post(parcel(bot, picture))
    assert messages(bot) == []


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (DiscordFault.FORBIDDEN, NotAllowed),
        (DiscordFault.NO_ACCESS, NotAllowed),
        (DiscordFault.TOO_LARGE, TooLarge),
    ],
)
async def test_a_closed_way_is_told_apart_at_once(
    bot: Bot, picture: Media, fault: DiscordFault, meaning: type[DeliveryError]
) -> None:
    bot.discord.faults.set(fault, POST, times=1)
    with pytest.raises(meaning):
        await bot.delivery.post(parcel(bot, picture))
    assert bot.pauses == []


async def test_a_deleted_channel_is_gone(bot: Bot, picture: Media) -> None:
    bot.discord.delete_channel(bot.discord.world.general)
    with pytest.raises(ChannelGone):
        await bot.delivery.post(parcel(bot, picture))


async def test_a_file_beyond_the_limit_is_too_large(bot: Bot, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(PNG + bytes(11 * 1024 * 1024))
    with pytest.raises(TooLarge):
        await bot.delivery.post(parcel(bot, Media(path=path, media_type="image/png", size=path.stat().st_size)))


async def test_an_emoji_that_discord_refuses_is_put_into_letters(bot: Bot, picture: Media) -> None:
    strange = (action(0, emoji="upscale_1", kind=Kind.UPSCALE), action(1, emoji="🔄", kind=Kind.REROLL))
    await bot.delivery.post(parcel(bot, picture, strange))
    (message,) = messages(bot)
    assert [(button.label, button.emoji) for button in message.buttons()] == [
        ("Upscale", None),
        ("Again", None),
        ("Details", None),
    ]


async def test_a_word_that_was_posted_does_not_stand_in_the_way_of_a_late_picture(bot: Bot, picture: Media) -> None:
    late = parcel(bot, picture)
    await bot.delivery.post(replace(late, job=replace(late.job, status=Status.EXPIRED), media=None))
    await bot.delivery.post(late)
    assert [len(message.attachments) for message in messages(bot)] == [0, 1]


async def test_a_post_is_found_again_by_its_button(bot: Bot, picture: Media) -> None:
    sent = parcel(bot, picture)
    assert await bot.delivery.find_post(sent.job) is None
    posted = await bot.delivery.post(sent)
    world = bot.discord.world
    await bot.discord.person(world.member).say(world.general, f"mj1:{sent.job.id}:0")
    assert await bot.delivery.find_post(sent.job) == posted
    other = replace(sent.job, id="01KB0000000000000000000000")
    assert await bot.delivery.find_post(other) is None


async def test_neither_the_answer_nor_a_result_shown_again_is_taken_for_the_post(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = await answered(bot, monkeypatch)
    forgotten = replace(made, delivery=replace(made.delivery, answer_message_id=None))
    assert await bot.delivery.find_post(made) is None
    assert await bot.delivery.find_post(forgotten) is None


async def test_a_post_is_replaced_with_its_picture(bot: Bot, picture: Media) -> None:
    linked = parcel(bot, None)
    linked = replace(linked, job=replace(linked.job, media_url="https://cdn.example/a.png"))
    posted = await bot.delivery.post(linked)
    (message,) = messages(bot)
    assert "https://cdn.example/a.png" in message.content
    await bot.delivery.edit_post(posted, replace(linked, media=picture))
    assert "https://cdn.example/a.png" not in message.content
    assert len(message.attachments) == 1


async def test_a_deleted_post_is_gone(bot: Bot, picture: Media) -> None:
    posted = Posted(channel_id=bot.discord.world.general.id, message_id=1)
    with pytest.raises(AnswerGone):
        await bot.delivery.edit_post(posted, parcel(bot, picture))


async def test_a_direct_message_reaches_the_person_or_is_not_allowed(bot: Bot, picture: Media) -> None:
    world = bot.discord.world
    posted = await bot.delivery.send_dm(parcel(bot, picture))
    assert posted.channel_id == world.dm(world.member).id
    bot.discord.close_dms(world.member)
    sent = parcel(bot, picture)
    with pytest.raises(NotAllowed):
        await bot.delivery.send_dm(replace(sent, job=replace(sent.job, id="01KB0000000000000000000000")))


async def test_the_answer_is_found_by_its_token(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    call, made = await answered(bot, monkeypatch)
    assert call.message is not None
    assert await bot.delivery.find_answer(made) == call.message.id
    bot.discord.delete_message(call.message)
    assert await bot.delivery.find_answer(made) is None


async def test_an_answer_of_an_expired_token_cannot_be_looked_for(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    _, made = await answered(bot, monkeypatch)
    bot.discord.advance(901)
    with pytest.raises(AnswerGone):
        await bot.delivery.find_answer(made)
    erased = replace(made, delivery=replace(made.delivery, interaction_token=None))
    with pytest.raises(AnswerGone):
        await bot.delivery.find_answer(erased)


@pytest.mark.parametrize("we_know", [True, False])
async def test_after_the_token_the_answer_is_edited_with_the_bots_own(
    bot: Bot,
    monkeypatch: pytest.MonkeyPatch,
    picture: Media,
    we_know: bool,  # noqa: FBT001 - a table's column
) -> None:
    call, made = await answered(bot, monkeypatch)
    bot.discord.advance(901)
    if we_know:
        made = replace(made, created_at=made.created_at - timedelta(minutes=15))
    await bot.delivery.show_progress(replace(made, status=Status.RUNNING, progress=62))
    assert call.message is not None
    assert "62 %" in call.message.content
    posted = await bot.delivery.edit_answer(
        Parcel(job=replace(made, status=Status.SUCCEEDED), actions=GRID, media=picture)
    )
    assert posted.message_id == call.message.id
    assert len(call.message.attachments) == 1
    by_token = [route for route in bot.discord.counters.requests if route.startswith("PATCH /webhooks")]
    assert bool(by_token) is not we_know
    await bot.delivery.remove_answer(made)
    assert call.message is None


async def test_an_answer_out_of_reach_is_gone(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    _, made = await answered(bot, monkeypatch)
    bot.discord.advance(901)
    nowhere = replace(made, delivery=replace(made.delivery, answer_message_id=None))
    with pytest.raises(AnswerGone):
        await bot.delivery.show_progress(nowhere)
    with pytest.raises(AnswerGone):
        await bot.delivery.remove_answer(nowhere)


async def test_a_deleted_answer_is_gone_but_removing_it_is_no_error(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    call, made = await answered(bot, monkeypatch)
    assert call.message is not None
    bot.discord.delete_message(call.message)
    with pytest.raises(AnswerGone):
        await bot.delivery.show_progress(made)
    await bot.delivery.remove_answer(made)


async def test_the_last_word_takes_the_preview_and_the_cancel_button_away(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, made = await answered(bot, monkeypatch)
    await bot.delivery.show_progress(replace(made, preview_url="https://cdn.example/p.webp"))
    assert call.message is not None
    assert len(call.message.embeds) == 1
    assert "Cancel" in [button.label for button in call.message.buttons()]
    await bot.delivery.edit_answer(Parcel(job=replace(made, status=Status.CANCELLED)))
    assert call.message.embeds == []
    assert [button.label for button in call.message.buttons()] == ["Details"]


async def test_an_edit_survives_a_lost_connection(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    call, made = await answered(bot, monkeypatch)
    bot.discord.faults.set(DiscordFault.DROP_BEFORE, EDIT_ANSWER, times=2)
    await bot.delivery.show_progress(replace(made, status=Status.RUNNING, progress=31))
    assert call.message is not None
    assert "31 %" in call.message.content


async def test_a_token_that_discord_refuses_for_a_while_loses_no_picture(bot: Bot) -> None:
    _, made = await bot.asked()
    fault = bot.discord.faults.set(DiscordFault.ERROR_BEFORE, POST, times=1, status=401)
    bot.api.finish(await bot.submitted())
    assert await bot.picture("a fox")
    assert fault.is_spent
    assert made.delivery.nonce in [message.nonce for message in messages(bot)]


async def test_a_way_that_is_not_there_is_not_taken_for_a_post_that_was_deleted(bot: Bot) -> None:
    call, _ = await bot.asked()
    bot.discord.faults.set(DiscordFault.ERROR_BEFORE, POST, times=None, status=404)
    bot.api.finish(await bot.submitted())
    assert await bot.picture("a fox") is call.message


async def test_a_dm_is_found_again_where_the_channel_is_closed(bot: Bot, picture: Media) -> None:
    sent = parcel(bot, picture)
    bot.discord.deny(bot.discord.world.general, "VIEW_CHANNEL")
    posted = await bot.delivery.send_dm(sent)
    assert await bot.delivery.find_post(sent.job) == posted
