"""`/describe`, `/blend`, `/shorten` and `/edit`: what is sent, and what is refused free of charge."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from bot.model import Dimensions, Kind, Route, Speed, Status
from sandbox.discord import Upload
from tests.discord.given import answered, picture, png, refused, used

if TYPE_CHECKING:
    from sandbox.discord import Call
    from tests.discord.conftest import Bot


async def test_a_picture_is_described_whether_attached_or_linked(bot: Bot) -> None:
    link = "https://example.com/fox.png"
    bot.api.files[link] = png("gold")
    assert not (await answered(bot, "describe", image=picture("red"))).ephemeral
    await bot.submitted()
    await used(bot, "describe", link=link)
    await bot.submitted(2)
    newest, older = await bot.jobs()
    for job, content in ((newest, png("gold")), (older, png("red"))):
        assert (job.kind, job.prompt, job.order.route) == (Kind.DESCRIBE, "", Route.DESCRIBE)
        (name,) = bot.api.handed_in[job.id]
        assert await asyncio.to_thread((bot.folder / "inputs" / name).read_bytes) == content


async def test_describe_takes_exactly_one_picture(bot: Bot) -> None:
    assert "Give me one picture" in await refused(bot, "describe")
    assert "Give me one picture" in await refused(bot, "describe", image=picture(), link="https://example.com/a.png")
    assert "cannot be used" in await refused(bot, "describe", link="https://example.com/gone.png")
    assert bot.api.charges == []


async def test_pictures_are_blended_in_their_order_and_shape(bot: Bot) -> None:
    await used(
        bot,
        "blend",
        image1=picture("red"),
        image2=picture("green"),
        image4=picture("blue"),
        dimensions="landscape 3:2",
        speed="turbo",
    )
    await bot.submitted()
    (job,) = await bot.jobs()
    assert (job.kind, job.order.route, job.order.dimensions) == (Kind.BLEND, Route.BLEND, Dimensions.LANDSCAPE)
    names = bot.api.handed_in[job.id]
    kept = [await asyncio.to_thread((bot.folder / "inputs" / name).read_bytes) for name in names]
    assert kept == [png("red"), png("green"), png("blue")]
    assert bot.api.charges[0].speed is Speed.TURBO


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (Upload("notes.txt", b"hello"), "not a PNG, JPEG, WEBP or GIF"),
        (Upload("large.png", png() + b"\0" * 21 * 1024 * 1024), "MiB"),
        (Upload("broken.png", png()[:60]), "`broken.png` cannot be used"),
        (Upload("tiny.png", png(size=(8, 8))), "8 × 8 pixels"),
    ],
    ids=["no picture", "too large", "broken", "too small"],
)
async def test_a_picture_that_cannot_be_used_is_named_and_costs_nothing(bot: Bot, bad: Upload, words: str) -> None:
    assert words in await refused(bot, "blend", image1=picture(), image2=bad)
    assert await bot.made() == []


async def test_an_upload_that_discord_no_longer_has_is_told(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    read = bot.client.http.get_from_cdn

    async def unsigned(url: str) -> bytes:
        return await read(url.partition("?")[0])

    monkeypatch.setattr(bot.client.http, "get_from_cdn", unsigned)
    assert "attach the picture again" in await refused(bot, "describe", image=picture())
    assert bot.api.charges == []


async def test_a_picture_that_is_slow_to_read_is_waited_for_in_public(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, arrived = bot.client.http.get_from_cdn, asyncio.Event()

    async def slow(url: str) -> bytes:
        await arrived.wait()
        return await read(url)

    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.05)
    monkeypatch.setattr(bot.client.http, "get_from_cdn", slow)
    call = await used(bot, "describe", image=picture())
    answer = await call.answer()
    assert (answer.type, answer.ephemeral) == (5, False)
    arrived.set()
    await bot.submitted()
    assert call.message is not None
    assert "Waiting to start" in call.message.content or "Describe" in call.message.content


async def test_a_late_refusal_takes_the_place_of_thinking(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(url: str) -> bytes:
        await asyncio.sleep(0.2)
        raise OSError(url)

    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.05)
    monkeypatch.setattr(bot.client.http, "get_from_cdn", slow)
    call = await used(bot, "describe", image=picture())
    assert (await call.answer()).type == 5
    await bot.discord.wait_until(lambda: call.message is not None and "try again in a minute" in call.message.content)
    assert call.followups == []
    assert bot.api.charges == []


async def test_a_prompt_is_shortened_where_the_api_can_and_that_is_learned_once(bot: Bot) -> None:
    call = await used(bot, "shorten", prompt="a very red fox  --ar 3:2")
    await bot.submitted()
    assert bot.api.charges[0].what == "shorten a very red fox --ar 3:2"
    (job,) = await bot.jobs()
    assert (job.kind, job.order.route) == (Kind.SHORTEN, Route.SHORTEN)
    assert not (await call.answer()).ephemeral
    bot.api.not_offered.add(Route.EDIT)
    await answered(bot, "edit", image=picture(), prompt="make it night")
    (edit, _) = await bot.jobs()
    await bot.until(edit.id, Status.FAILED)
    words = await refused(bot, "edit", image=picture(), prompt="make it night")
    assert "does not offer" in words
    assert len(bot.api.charges) == 1


async def test_a_picture_is_edited_where_its_mask_is_white(bot: Bot) -> None:
    mask = Upload("mask.png", png("white", size=(80, 80)))
    await used(bot, "edit", image=picture("red"), prompt="make it night", mask=mask)
    await bot.submitted()
    (job,) = await bot.jobs()
    assert (job.kind, job.order.route, job.prompt) == (Kind.EDIT, Route.EDIT, "make it night")
    assert bot.api.handed_in[job.id] == (*job.order.images, job.order.mask)
    assert job.order.mask is not None


async def test_a_mask_without_white_is_refused_and_the_text_comes_back(bot: Bot) -> None:
    words = await refused(
        bot, "edit", image=picture("red"), prompt="make it night", mask=Upload("mask.png", png("black"))
    )
    assert "white" in words
    assert "make it night" in words
    assert bot.api.charges == []


async def test_a_refused_edit_is_corrected_with_its_picture(bot: Bot) -> None:
    answer = await answered(bot, "edit", image=picture(), prompt="make it night --fast")
    assert answer.ephemeral
    assert answer.message is not None
    person = bot.discord.person(bot.discord.world.member)
    form = (await (await person.click(answer.message, label="Edit it")).answer()).modal
    assert form is not None
    await person.submit_modal(form, {"prompt": "make it night"})
    await bot.submitted()
    assert bot.api.charges[0].what == "edit make it night"


async def test_a_field_that_no_form_of_ours_has_is_not_taken_for_the_picture(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, urls = bot.client.http.get_from_cdn, list[str]()

    async def noted(url: str) -> bytes:
        urls.append(url)
        return await read(url)

    monkeypatch.setattr(bot.client.http, "get_from_cdn", noted)
    answer = await answered(bot, "edit", image=picture(), prompt="make it night --fast")
    assert answer.message is not None
    person = bot.discord.person(bot.discord.world.member)
    form = (await (await person.click(answer.message, label="Edit it")).answer()).modal
    assert form is not None
    (label,) = form.components
    inside = json.dumps({"url": "http://127.0.0.1:9/", "name": "", "media_type": "image/png", "size": 1})
    form.components.append(label | {"component": label["component"] | {"custom_id": "image", "value": inside}})
    await person.submit_modal(form, {"prompt": "make it night"})
    await bot.submitted()
    assert [url for url in urls if "127.0.0.1:9/" in url] == []


async def test_fifty_uploads_at_once_all_get_their_jobs(bot: Bot) -> None:
    async def describe(number: int) -> Call:
        return await used(bot, "describe", image=picture(f"#{number:02x}0000"))

    calls = await asyncio.gather(*map(describe, range(50)))
    for call in calls:
        assert not (await call.answer()).ephemeral
    await bot.submitted(50)
    assert len(set(bot.api.handed_in.values())) == 50
