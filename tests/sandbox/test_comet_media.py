"""Pictures and videos are real, and can be fetched badly (contract 2.1, 4.4)."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest
from PIL import Image

from sandbox.comet import Fault
from sandbox.comet.drawing import legible, wrapped
from sandbox.comet.pixels import font_of, resized
from tests.sandbox.comet_api import held, opened

if TYPE_CHECKING:
    from tests.sandbox.comet_api import Api, Payload


async def image(api: Api, task: Payload) -> Image.Image:
    """Return the picture of a task."""
    _, _, body = await api.picture(str(task["imageUrl"]))
    return Image.open(io.BytesIO(body)).convert("RGB")


def average(image: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, ...]:
    """Return the mean color of the sky in a box, which no caption covers."""
    left, top, right, bottom = box
    part = image.crop((left + (right - left) // 2, top + 4, right - 4, top + (bottom - top) // 3))
    mean = resized(part, (1, 1), averaged=True).getpixel((0, 0))
    assert isinstance(mean, tuple)
    return tuple(round(value) for value in mean)


def distance(first: tuple[int, ...], second: tuple[int, ...]) -> int:
    return max(abs(one - other) for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize(("ratio", "size"), [("1:1", (96, 96)), ("3:2", (96, 64)), ("9:16", (54, 96))])
@pytest.mark.parametrize("form", ["png", "webp"])
async def test_a_grid_opens_in_pillow_with_the_aspect_of_the_prompt(
    ratio: str, size: tuple[int, int], form: str
) -> None:
    async with opened(replace(held(), picture_format="webp" if form == "webp" else "png")) as api:
        task = await api.done(f"a boat --ar {ratio}")
        status, kind, body = await api.picture(str(task["imageUrl"]))
    assert (status, kind) == (200, f"image/{form}")
    with Image.open(io.BytesIO(body)) as picture:
        picture.load()
        assert picture.size == size


async def test_the_tiles_differ_in_tint_and_a_u_shows_its_own_tile() -> None:
    async with opened(replace(held(), picture_size=256)) as api:
        grid = await api.done("a boat --v 7")
        whole = await image(api, grid)
        corners = [average(whole, (x, y, x + 128, y + 128)) for y in (0, 128) for x in (0, 128)]
        single = average(await image(api, await api.pressed(grid, "U3")), (0, 0, 256, 256))
    assert all(distance(corners[a], corners[b]) > 25 for a in range(4) for b in range(a))
    assert min(range(4), key=lambda n: distance(corners[n], single)) == 2
    assert distance(corners[2], single) < 8


async def test_the_picture_shows_its_prompt() -> None:
    async with opened(replace(held(), picture_size=256)) as api:
        one = await image(api, await api.pressed(await api.done("a boat"), "U1"))
    band = one.crop((0, 200, 256, 256)).convert("L")
    assert band.getextrema() == (band.getextrema()[0], 250)


async def test_an_upscaled_picture_has_twice_the_size() -> None:
    async with opened() as api:
        single = await api.pressed(await api.done("a boat --v 7 --ar 3:2"), "U1")
        large = await api.pressed(single, "Upscale (Subtle)")
        assert (await image(api, single)).size == (96, 64)
        assert (await image(api, large)).size == (192, 128)


@pytest.mark.parametrize(("label", "size"), [("pan_left", (96, 64)), ("pan_up", (64, 96)), ("Zoom Out 2x", (96, 96))])
async def test_a_pan_changes_the_aspect(label: str, size: tuple[int, int]) -> None:
    async with opened() as api:
        single = await api.pressed(await api.done("a boat --v 7"), "U1")
        assert (await image(api, await api.pressed(single, label))).size == size


async def test_a_running_job_shows_a_small_webp_to_anybody() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        url = f"{api.comet.url}/mj/image/{task_id}"
        assert (await api.picture(url))[0] == 403
        api.comet.set_progress(task_id, 46)
        status, kind, body = await api.picture(str((await api.fetch(task_id))["imageUrl"]))
    assert (status, kind) == (200, "image/webp")
    with Image.open(io.BytesIO(body)) as picture:
        assert max(picture.size) <= 96


async def test_the_same_picture_has_the_same_bytes() -> None:
    async with opened() as api:
        url = str((await api.done("a boat"))["imageUrl"])
        assert (await api.picture(url))[2] == (await api.picture(url))[2]


async def test_an_unknown_picture_is_400() -> None:
    async with opened() as api:
        status, _, body = await api.picture(f"{api.comet.url}/mj/image/1")
    assert (status, body) == (400, b'{"error": "midjourney_task_not_found"}')


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault.IMAGE_403, 403, "application/json"),
        (Fault.IMAGE_404, 404, "application/json"),
        (Fault.IMAGE_HTML, 200, "text/html"),
        (Fault.IMAGE_MISLABELED, 200, "image/jpeg"),
        (Fault.IMAGE_REDIRECT_PRIVATE, 302, "application/octet-stream"),
        (Fault.IMAGE_SLOW, 200, "image/png"),
    ],
)
async def test_a_picture_can_be_fetched_badly(fault: Fault, status: int, kind: str) -> None:
    async with opened() as api:
        url = str((await api.done("a boat"))["imageUrl"])
        api.comet.faults.set(fault, seconds=0.01)
        assert (await api.picture(url))[:2] == (status, kind)
        assert (await api.picture(url))[:2] == (200, "image/png")


async def test_a_redirect_leads_to_a_private_address() -> None:
    async with opened() as api:
        task = await api.done("a boat [[image-redirect-private]]")
        seen = await api.get(str(task["imageUrl"]).removeprefix(api.comet.url))
    assert seen.headers["Location"].startswith("http://10.")


async def test_a_truncated_picture_breaks_off() -> None:
    async with opened() as api:
        task = await api.done("a boat [[image-truncated]]")
        with pytest.raises(aiohttp.ClientPayloadError):
            await api.picture(str(task["imageUrl"]))


async def test_a_huge_picture_goes_on_until_the_client_leaves() -> None:
    async with opened() as api:
        task = await api.done("a boat [[image-huge]]")
        async with aiohttp.request("GET", str(task["imageUrl"])) as answer:
            assert len(await answer.content.readexactly(3_000_000)) == 3_000_000


def boxes(data: bytes) -> dict[bytes, bytes]:
    """Return the boxes of an MP4 at one level, by name; their sizes must add up."""
    found: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        assert 8 <= size <= len(data) - at
        found[data[at + 4 : at + 8]] = data[at + 8 : at + size]
        at += size
    return found


async def test_a_video_is_an_mp4_whose_boxes_and_samples_fit() -> None:
    async with opened() as api:
        task_id = (await api.submit("video", motion="low", image="https://a.example/b.png")).task_id
        api.comet.finish(task_id)
        status, kind, body = await api.picture(str((await api.fetch(task_id))["videoUrl"]))
    assert (status, kind) == (200, "video/mp4")
    assert body[4:8] == b"ftyp"
    top = boxes(body)
    assert list(top) == [b"ftyp", b"moov", b"mdat"]
    table = boxes(boxes(boxes(boxes(boxes(top[b"moov"])[b"trak"])[b"mdia"])[b"minf"])[b"stbl"])
    assert table[b"stsd"][12:16] == b"avc1"
    count = struct.unpack_from(">I", table[b"stsz"], 8)[0]
    sizes = struct.unpack_from(f">{count}I", table[b"stsz"], 12)
    offset = struct.unpack_from(">I", table[b"stco"], 8)[0]
    assert count == 30
    assert offset + sum(sizes) == len(body)
    assert sum(sizes) == len(top[b"mdat"])
    for size in sizes:
        (length,) = struct.unpack_from(">I", body, offset)
        unit = body[offset + 4 : offset + 4 + length]
        assert length == size - 4
        assert unit[0] == 0x65
        assert b"\0\0\0" not in unit
        assert b"\0\0\1" not in unit
        offset += size


@pytest.mark.parametrize(
    ("text", "written"),
    [("Märchenwald, Öl", "Marchenwald, Ol"), ("夜の tower", " tower"), ("東京", ""), ("a boat", "a boat")],
)
def test_captions_have_only_letters_that_the_font_has(text: str, written: str) -> None:
    assert legible(text) == written


@pytest.mark.parametrize("text", ["a boat", "a boat " * 40, "x" * 300, ""])
def test_captions_are_wrapped_to_three_lines_that_fit(text: str) -> None:
    font = font_of(12)
    lines = wrapped(text, font, 100)
    assert len(lines) <= 3
    assert all(font.getlength(line) <= 100 for line in lines)
    if font.getlength(text) > 300:
        assert lines[-1].endswith("…")
