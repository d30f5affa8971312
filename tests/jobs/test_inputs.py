"""Pictures that people hand in: checked, bounded, kept by their content, and cleared away when nobody needs them."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.errors import MediaRefused, MediaUnavailable, PictureInvalid
from bot.jobs.keeping.inputs import Upload
from bot.jobs.requests import Wish
from bot.model import Draft, Kind, Order, Speed, Status
from tests.drawings import encoded, gradient, noise, opened, plain, whites, with_box

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.jobs.keeping.inputs import Input, Inputs
    from tests.jobs.conftest import House

MEBIBYTE = 1024 * 1024
TWO_DAYS = timedelta(days=2).total_seconds()
#: As Discord describes it.
FOX = Upload(url="https://cdn.example/a.png", name="fox.png", media_type="image/png", size=1000)


@pytest.fixture
def inputs(house: House) -> Inputs:
    return house.engine.inputs


def giving(content: bytes) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        return content

    return read


def kept(house: House) -> set[str]:
    folder = house.folder / "inputs"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def file_of(inputs: Inputs, taken: Input) -> Path:
    path = inputs.path(taken.name)
    assert path is not None
    return path


async def test_an_upload_is_kept_under_the_name_of_its_content(house: House, inputs: Inputs) -> None:
    content = plain((300, 200))

    taken = await inputs.take(FOX, giving(content))

    assert (taken.width, taken.height) == (300, 200)
    path = file_of(inputs, taken)
    assert path.read_bytes() == content
    assert kept(house) == {taken.name}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_the_same_picture_is_kept_once(house: House, inputs: Inputs) -> None:
    content = plain((300, 200))

    taken = await asyncio.gather(*(inputs.take(FOX, giving(content)) for _ in range(5)))

    assert kept(house) == {one.name for one in taken} == {taken[0].name}


async def test_a_large_picture_is_kept_smaller(inputs: Inputs) -> None:
    content = encoded(gradient((3000, 1500)), "JPEG")

    taken = await inputs.take(FOX, giving(content))

    assert (taken.width, taken.height) == opened(file_of(inputs, taken)).size == (2048, 1024)


async def test_however_many_come_at_once_only_three_are_in_memory(inputs: Inputs) -> None:
    reading = most = 0
    turn = asyncio.Event()

    async def one(number: int) -> Input:
        async def read() -> bytes:
            nonlocal reading, most
            reading += 1
            most = max(most, reading)
            await turn.wait()
            return plain((64 + number, 64))

        taken = await inputs.take(FOX, read)
        nonlocal reading
        reading -= 1
        return taken

    uploads = [asyncio.create_task(one(number)) for number in range(50)]
    for _ in range(10):
        await asyncio.sleep(0)
    assert reading == 3
    turn.set()
    taken = await asyncio.gather(*uploads)

    assert most == 3
    assert [one.width for one in taken] == list(range(64, 114))


async def test_a_failed_read_gives_its_place_back(inputs: Inputs) -> None:
    async def refused() -> bytes:
        raise PictureInvalid("It is gone.")

    for _ in range(10):
        with pytest.raises(PictureInvalid, match="It is gone"):
            await inputs.take(FOX, refused)

    content = plain((64, 64))
    assert (await inputs.take(FOX, giving(content))).width == 64


@pytest.mark.parametrize(
    ("upload", "reason"),
    [
        (
            replace(FOX, media_type="video/mp4", name="fox.mp4"),
            "`fox.mp4` cannot be used: it is not a PNG, JPEG, WEBP or GIF picture.",
        ),
        (
            replace(FOX, size=26 * MEBIBYTE),
            "`fox.png` cannot be used: it has 26.0 MiB, and 20 MiB is the most that I take.",
        ),
        (
            replace(FOX, width=8000, height=6000),
            "`fox.png` cannot be used: it has 8000 × 6000 pixels, and 40 million is the most that I take.",
        ),
        (
            replace(FOX, width=63, height=100, name="a`b\n@everyone.png"),
            "`a'b @everyone.png` cannot be used: it has only 63 × 100 pixels.",
        ),
    ],
)
async def test_what_discord_says_is_enough_to_refuse(house: House, inputs: Inputs, upload: Upload, reason: str) -> None:
    async def never() -> bytes:
        raise AssertionError("it was read all the same")

    with pytest.raises(PictureInvalid) as refused:
        inputs.check(upload)
    assert refused.value.reply.startswith(f"{reason} Please ")
    with pytest.raises(PictureInvalid):
        await inputs.take(upload, never)
    assert kept(house) == set()


@pytest.mark.parametrize("media_type", ["", "image/png", "image/jpg", "IMAGE/WEBP", "image/gif; charset=binary"])
def test_what_may_be_a_picture_passes(inputs: Inputs, media_type: str) -> None:
    inputs.check(replace(FOX, media_type=media_type, size=20 * MEBIBYTE, width=64, height=64))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF? no", "it is not a PNG, JPEG, WEBP or GIF picture"),
        (encoded(noise((90, 90)))[:4000], "it is damaged or cut short"),
        (bytes(20 * MEBIBYTE + 1), "it has 20.0 MiB, and 20 MiB is the most that I take"),
        (plain((20, 20)), "it has only 20 × 20 pixels"),
    ],
)
async def test_what_its_bytes_give_away_is_refused_too(
    house: House, inputs: Inputs, content: bytes, reason: str
) -> None:
    with pytest.raises(PictureInvalid) as refused:
        await inputs.take(FOX, giving(content))

    assert refused.value.reply.startswith(f"`fox.png` cannot be used: {reason}. ")
    assert kept(house) == set()


async def test_a_disk_that_refuses_is_told_as_that(house: House, inputs: Inputs) -> None:
    (house.folder / "inputs").write_bytes(b"in the way")

    with pytest.raises(PictureInvalid, match=r"`fox\.png` could not be kept: the bot's disk refused it"):
        await inputs.take(FOX, giving(plain((64, 64))))


async def test_a_link_is_fetched_and_kept(house: House, inputs: Inputs) -> None:
    house.api.picture = plain((300, 200))

    taken = await inputs.take_link("https://example.com/fox.png")

    assert opened(file_of(inputs, taken)).size == (300, 200)
    assert house.api.downloads == ["https://example.com/fox.png"]
    assert kept(house) == {taken.name}


async def test_a_link_that_cannot_be_used_is_refused_and_leaves_nothing_behind(house: House, inputs: Inputs) -> None:
    link = "https://example.com/fox"
    house.api.files = {f"{link}.mp4": b"\0\0\0\x18ftypmp42" + bytes(50), f"{link}.png": bytes(21 * MEBIBYTE)}
    house.api.media_errors = [
        MediaUnavailable("the picture's host answered HTTP 404"),
        MediaRefused("its host is ours"),
    ]

    for ending, reason in (
        (".gif", "the picture's host answered HTTP 404. Please check the link, or attach the picture itself."),
        (".webp", "its host is ours. Please check the link, or attach the picture itself."),
        (".mp4", "it is not a PNG, JPEG, WEBP or GIF picture. Please give me a picture of one of these types."),
        (".png", "it has 21.0 MiB, and 20 MiB is the most that I take. Please give me a smaller copy."),
    ):
        with pytest.raises(PictureInvalid) as refused:
            await inputs.take_link(link + ending)
        assert refused.value.reply == f"`{link}{ending}` cannot be used: {reason}"
    assert kept(house) == set()


async def test_a_file_of_ours_is_copied(house: House, inputs: Inputs, tmp_path: Path) -> None:
    ours = tmp_path / "ours.png"
    ours.write_bytes(plain((100, 100)))

    taken = await inputs.take_file(ours)

    assert ours.exists()
    assert kept(house) == {taken.name}
    with pytest.raises(PictureInvalid, match="That picture cannot be used: it is not there any more"):
        await inputs.take_file(tmp_path / "gone.png")


async def test_what_we_made_is_kept_as_it_is_whatever_its_size(inputs: Inputs) -> None:
    mask = encoded(Image.new("L", (2500, 3), 255))

    taken = await inputs.keep(mask)

    assert file_of(inputs, taken).read_bytes() == mask
    with pytest.raises(PictureInvalid, match="it is no PNG"):
        await inputs.keep(plain((80, 80), form="JPEG"))


async def test_an_upload_becomes_a_mask(inputs: Inputs) -> None:
    content = encoded(with_box((50, 50), (0, 0, 25, 50), ground="black", ink="white"), "JPEG", quality=100)

    taken = await inputs.mask_from(replace(FOX, width=50, height=50), giving(content), (1456, 816))

    box = whites(file_of(inputs, taken))
    assert box is not None
    assert (taken.width, taken.height, box[:2], box[3]) == (1456, 816, (0, 0), 816)


async def test_a_mask_with_nothing_white_is_refused(house: House, inputs: Inputs) -> None:
    content = plain((500, 500), "black")

    with pytest.raises(PictureInvalid) as refused:
        await inputs.mask_from(FOX, giving(content), (1456, 816))

    assert refused.value.reply == (
        "`fox.png` cannot be used: nothing in it is white, so nothing would be repainted. "
        "Please paint white what is to be repainted, and the rest black."
    )
    assert kept(house) == set()


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../easel.db",
        "/etc/passwd",
        "a" * 32,
        f"{'a' * 32}.gif",
        f"{'a' * 32}.png.part",
        f"x/{'a' * 32}.png",
        f"{'A' * 32}.png",
    ],
)
async def test_no_other_name_leads_anywhere(house: House, inputs: Inputs, name: str) -> None:
    content = plain((64, 64))
    taken = await inputs.take(FOX, giving(content))
    for stranger in ("a" * 32, f"{'a' * 32}.gif", f"{'a' * 32}.png.part"):
        (house.folder / "inputs" / stranger).write_bytes(content)

    assert inputs.path(name) is None
    assert inputs.path(taken.name + "\n") is None
    assert inputs.path("0" * 32 + ".png") is None


async def test_what_nobody_needs_goes_after_two_days(house: House, inputs: Inputs) -> None:
    old, needed, again = [await inputs.keep(plain((64 + n, 64))) for n in range(3)]
    unfinished = house.folder / "inputs" / ".0123.part"
    unfinished.write_bytes(b"of a process that died")
    long_ago = house.clock.now().timestamp()
    os.utime(unfinished, (long_ago, long_ago))
    house.clock.advance(TWO_DAYS - 10)
    assert await inputs.clear(set()) == 0

    await inputs.keep(plain((66, 64)))
    house.clock.advance(20)

    assert await inputs.clear({needed.name}) == 2
    assert kept(house) == {needed.name, again.name}
    assert inputs.path(old.name) is None


async def test_there_may_be_nothing_to_clear(inputs: Inputs) -> None:
    assert await inputs.clear(set()) == 0


async def test_the_pictures_of_open_jobs_and_of_drafts_are_never_removed(house: House, inputs: Inputs) -> None:
    pictures = [await inputs.keep(plain((64 + n, 64))) for n in range(6)]
    queued, running, done, masked, drafted, unneeded = (picture.name for picture in pictures)

    async def imagined(order: Order) -> str:
        wish = Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST, order=order)
        receipt = await house.engine.services.jobs.begin(house.origin(), wish)
        await house.engine.services.jobs.answered(receipt.job.id, 1)
        return receipt.job.id

    succeeded = await imagined(Order(images=(done,)))
    await house.settle()
    house.api.finish((await house.job(succeeded)).task_id or "")
    await house.pass_time(12)
    assert (await house.job(succeeded)).status is Status.SUCCEEDED
    runs = await imagined(Order(images=(running,), mask=masked))
    await house.settle()
    assert (await house.job(runs)).status is Status.RUNNING
    await imagined(Order(images=(queued,)))
    await house.memory.drafts.put(
        Draft(id="D", user_id=1, form="any", created_at=house.clock.now(), fields={"pictures": f"{drafted} {drafted}"})
    )
    house.clock.advance(TWO_DAYS + 10)

    needed = await house.memory.needed_inputs()

    assert needed == {queued, running, masked, drafted}
    assert await inputs.clear(needed) == 2
    assert kept(house) == needed
    assert {done, unneeded}.isdisjoint(needed)


@pytest.mark.parametrize("step", ["submitting", "unknown"])
async def test_a_picture_is_needed_while_its_job_may_still_be_sent_with_it(
    house: House, inputs: Inputs, step: str
) -> None:
    picture = await inputs.keep(plain((64, 64)))
    wish = Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST, order=Order(images=(picture.name,)))
    receipt = await house.engine.services.jobs.begin(house.origin(), wish)
    await house.engine.services.jobs.answered(receipt.job.id, 1)
    house.api.hold()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    if step == "unknown":
        await house.engine.submitter.stop(0)
        await house.restart()
    assert (await house.job(receipt.job.id)).status == step

    assert await house.memory.needed_inputs() == {picture.name}
    house.api.answering.set()
    await house.engine.submitter.drain()
