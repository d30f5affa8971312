"""`DiscordDelivery` on the wire: every way it takes, every way that is closed, and never two messages for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from bot.errors import AnswerGone, ChannelGone, DiscordUnavailable, NotAllowed, TooLarge
from bot.jobs.ports import Parcel, Posted
from bot.model import Batch, Kind, Media, Status
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
ONE_MESSAGE = "GET /channels/{channel_id}/messages/{message_id}"
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


@pytest.mark.parametrize("minutes", [-90, -5, 5, 90])
async def test_a_post_is_found_again_by_a_bot_whose_clock_is_wrong(bot: Bot, picture: Media, minutes: int) -> None:
    sent = parcel(bot, picture)
    now = datetime.now(UTC)
    taken_in, finished = now + timedelta(minutes=minutes), now + timedelta(minutes=minutes, seconds=30)
    job = replace(sent.job, created_at=taken_in, finished_at=finished, interaction_id=discord.utils.time_snowflake(now))
    bot.discord.advance(35)
    posted = await bot.delivery.post(replace(sent, job=job))
    assert await bot.delivery.find_post(job) == posted


async def test_a_post_is_found_in_a_channel_where_people_talk_without_end(bot: Bot, picture: Media) -> None:
    world = bot.discord.world
    sent = parcel(bot, picture)
    for _ in range(205):
        await bot.discord.person(world.member).say(world.general, "and another thing")
    posted = await bot.delivery.post(sent)
    assert await bot.delivery.find_post(sent.job) == posted


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


async def test_a_redraw_changes_nothing_but_the_buttons(bot: Bot, picture: Media) -> None:
    sent = parcel(bot, picture)
    posted = await bot.delivery.post(sent)
    (message,) = messages(bot)
    words, files = message.content, list(message.attachments)
    dead = tuple(replace(one, is_dead=one.label == "U1") for one in GRID)
    await bot.delivery.redraw(posted, sent.job, dead)
    assert [button.label for button in message.buttons() if button.disabled] == ["U1"]
    assert (message.content, message.attachments) == (words, files)


async def test_a_redraw_reaches_a_result_that_is_an_answer_by_its_token(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, picture: Media
) -> None:
    call, made = await answered(bot, monkeypatch)
    done = replace(made, status=Status.SUCCEEDED)
    posted = await bot.delivery.edit_answer(Parcel(job=done, actions=GRID, media=picture))
    bot.discord.deny(bot.discord.world.general, "VIEW_CHANNEL")
    await bot.delivery.redraw(posted, done, tuple(replace(one, is_dead=True) for one in GRID))
    assert call.message is not None
    assert [button.label for button in call.message.buttons() if not button.disabled] == ["Details"]
    assert len(call.message.attachments) == 1


async def test_a_post_is_taken_away_and_that_it_is_gone_is_no_error(bot: Bot, picture: Media) -> None:
    posted = await bot.delivery.post(parcel(bot, picture))
    await bot.delivery.remove_post(posted)
    assert messages(bot) == []
    await bot.delivery.remove_post(posted)
    bot.discord.delete_channel(bot.discord.world.general)
    await bot.delivery.remove_post(posted)


async def test_a_channel_that_shows_us_nothing_is_asked_once_until_it_lets_us_in(bot: Bot, picture: Media) -> None:
    general, asked = bot.discord.world.general, bot.discord.counters.requests
    sent = finished(bot)
    posted = await bot.delivery.post(Parcel(job=sent, actions=GRID, media=picture))
    done = replace(sent, delivery=replace(sent.delivery, message_id=posted.message_id))

    bot.discord.deny(general, "VIEW_CHANNEL")
    await eventually(lambda: sees(bot, is_let_in=False))
    for _ in range(3):
        with pytest.raises(NotAllowed):
            await bot.delivery.fresh_links(done)
    assert (asked[ONE_MESSAGE], bot.discord.counters.invalid_requests) == (1, 1)

    bot.discord.allow(general, "VIEW_CHANNEL")
    await eventually(lambda: sees(bot, is_let_in=True))
    (link,) = await bot.delivery.fresh_links(done)
    assert await bot.client.http.get_from_cdn(link) == PNG


async def sees(bot: Bot, *, is_let_in: bool) -> bool:
    """Tell whether the bot knows by now whether it may see #general."""
    channel = bot.client.get_channel(bot.discord.world.general.id)
    assert isinstance(channel, discord.TextChannel)
    return channel.permissions_for(channel.guild.me).view_channel is is_let_in


async def test_somebody_elses_message_stays(bot: Bot) -> None:
    world = bot.discord.world
    words = await bot.discord.person(world.member).say(world.general, "mine")
    with pytest.raises(NotAllowed):
        await bot.delivery.remove_post(Posted(channel_id=world.general.id, message_id=words.id))


@pytest.fixture
def films(tmp_path: Path) -> tuple[Media, ...]:
    return tuple(film(tmp_path / f"{number}.mp4", number) for number in range(1, 5))


def film(path: Path, number: int) -> Media:
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes([number]) * 50)
    return Media(path=path, media_type="video/mp4", size=path.stat().st_size)


async def test_all_videos_of_a_batch_are_attached_each_by_its_name(bot: Bot, films: tuple[Media, ...]) -> None:
    one = replace(finished(bot), kind=Kind.ANIMATE, media_type="video/mp4", more_urls=("a", "b", "c"))
    sent = Parcel(job=one, media=films[0], more=films[1:])
    bot.discord.faults.set(DiscordFault.DROP_BEFORE, POST, times=1)
    posted = await bot.delivery.post(sent)
    (message,) = messages(bot)
    assert [file.filename for file in message.attachments] == [f"easel-{one.id.lower()}-{n}.mp4" for n in (1, 2, 3, 4)]
    assert [file.data for file in message.attachments] == [film.path.read_bytes() for film in films]
    assert message.attachments[2].description == "Video of a picture, video 3 of the batch: a fox in the snow --ar 3:2"
    await bot.delivery.edit_post(posted, replace(sent, more=films[1:2]))
    assert len(message.attachments) == 2
    other = replace(one.delivery, nonce="another")
    await bot.delivery.send_dm(replace(sent, job=replace(one, delivery=other)))
    world = bot.discord.world
    assert len(bot.discord.messages(world.dm(world.member))[0].attachments) == 4


async def test_no_more_files_than_a_message_holds(bot: Bot, films: tuple[Media, ...]) -> None:
    await bot.delivery.post(Parcel(job=finished(bot), media=films[0], more=films * 3))
    (message,) = messages(bot)
    assert len(message.attachments) == 10


async def test_a_file_that_is_gone_leaves_none_open(bot: Bot, films: tuple[Media, ...]) -> None:
    films[1].path.unlink()
    with pytest.raises(DiscordUnavailable):
        await bot.delivery.post(Parcel(job=finished(bot), media=films[0], more=films[1:2]))
    assert messages(bot) == []


async def batch_of(bot: Bot) -> tuple[Message, Batch]:
    """Return a batch with the message that tells about it: it followed an answer."""
    call, made = await bot.asked()
    webhook = discord.Webhook.partial(bot.discord.application_id, call.token, client=bot.client)
    sent = await webhook.send("Good.", wait=True)
    message = bot.discord.message(sent.id)
    assert message is not None
    return message, Batch(
        id="01KC0000000000000000000000",
        user_id=made.user_id,
        guild_id=made.guild_id,
        channel_id=made.channel_id,
        prompt="a {red, green} fox",
        locale="en-US",
        attachment_size_limit=10 * 1024 * 1024,
        application_id=bot.discord.application_id,
        created_at=made.created_at,
        interaction_token=call.token,
        answer_message_id=message.id,
        jobs=(replace(made, status=Status.RUNNING, progress=46, answered_at=None), made),
    )


@pytest.mark.parametrize("late", [False, True])
async def test_a_batch_is_told_in_its_one_message_and_keeps_its_sheet(
    bot: Bot,
    picture: Media,
    late: bool,  # noqa: FBT001 - a table's column
) -> None:
    message, batch = await batch_of(bot)
    if late:
        bot.discord.advance(901)
    await bot.delivery.show_batch(batch, picture.path)
    assert "0 of 2 done" in message.content
    assert [file.filename for file in message.attachments] == ["easel-batch-01kc0000000000000000000000.png"]
    assert "a {red, green} fox" in (message.attachments[0].description or "")
    await bot.delivery.show_batch(replace(batch, jobs=batch.jobs[:1]), None)
    assert "0 of 1 done" in message.content
    assert len(message.attachments) == 1
    bot.discord.delete_message(message)
    with pytest.raises(AnswerGone):
        await bot.delivery.show_batch(batch, None)


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
