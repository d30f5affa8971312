"""Pictures into files: whole, of a known type, within bounds, from nowhere inside, or not at all."""

from __future__ import annotations

import asyncio
import gzip
import io
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from aiohttp import web
from PIL import Image
from yarl import URL

from bot.cometapi.addresses import MediaRule
from bot.cometapi.media import Limits, MediaFetcher
from bot.errors import MediaError, MediaRefused, MediaUnavailable
from bot.jobs.ports import Film
from bot.model import Motion, Speed
from sandbox.comet import Fault
from tests.unit.test_comet_addresses import FakeDns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AsyncExitStack
    from pathlib import Path

    from bot.cometapi.client import CometClient
    from sandbox.comet import CometSandbox
    from tests.comet.conftest import Connect, Naps, Serve


def drawn(kind: str = "png", size: int = 64) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((size, size), 90).convert("RGB").save(file, kind)
    return file.getvalue()


PICTURE: Final = drawn()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "job.png"


@pytest.fixture(autouse=True)
def nothing_is_left_behind(tmp_path: Path, target: Path) -> Iterator[None]:
    """Allow no file but the finished one."""
    yield
    assert {path for path in tmp_path.iterdir() if path != target} == set()


def size_of(path: Path) -> int:
    return path.stat().st_size


def permissions(path: Path) -> int:
    return path.stat().st_mode


def contents(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


async def picture_url(comet: CometSandbox, client: CometClient, prompt: str = "a fox") -> str:
    accepted = await client.imagine(prompt, speed=Speed.FAST, echo="job-1")
    comet.finish(accepted.task_id)
    task = await client.fetch(accepted.task_id)
    assert task is not None
    assert task.picture_url is not None
    return task.picture_url


async def test_a_picture_is_fetched_and_is_what_it_says(comet: CometSandbox, client: CometClient, target: Path) -> None:
    media = await client.download(await picture_url(comet, client), target)
    assert (media.path, media.media_type, media.size) == (target, "image/png", size_of(target))
    with Image.open(target) as image:
        assert image.size == (128, 128)
    assert permissions(target) & 0o077 == 0


async def test_the_videos_of_a_batch_are_fetched_and_each_is_another(
    comet: CometSandbox, client: CometClient, target: Path
) -> None:
    film = Film(image="https://cdn.example.com/a.png", motion=Motion.LOW)
    accepted = await client.video(film, speed=Speed.FAST, echo="job-1")
    comet.finish(accepted.task_id)
    task = await client.fetch(accepted.task_id)
    assert task is not None
    found: set[bytes | None] = set()
    for url in task.video_urls:
        media = await client.download(url, target)
        assert media.media_type == "video/mp4"
        found.add(contents(target))
    assert len(found) == len(task.video_urls) == 4


async def test_an_older_file_is_replaced_only_by_a_whole_one(
    comet: CometSandbox, client: CometClient, target: Path
) -> None:
    url = await picture_url(comet, client)
    await client.download(url, target)
    older = contents(target)
    other = await picture_url(comet, client, "a hen")
    comet.faults.set(Fault.IMAGE_TRUNCATED, times=None)
    with pytest.raises(MediaUnavailable):
        await client.download(other, target)
    assert contents(target) == older
    comet.faults.clear()
    await client.download(other, target)
    assert contents(target) != older


@pytest.mark.parametrize(
    ("fault", "requests"),
    [(Fault.IMAGE_403, 3), (Fault.IMAGE_404, 1), (Fault.IMAGE_HTML, 3), (Fault.IMAGE_TRUNCATED, 3)],
)
async def test_a_picture_that_is_not_there_is_unavailable(
    comet: CometSandbox, client: CometClient, target: Path, naps: Naps, fault: Fault, requests: int
) -> None:
    url = await picture_url(comet, client)
    comet.faults.set(fault, times=None)
    with pytest.raises(MediaUnavailable):
        await client.download(url, target)
    assert comet.requests.images == requests
    assert len(naps.taken) == requests - 1
    assert contents(target) is None


@pytest.mark.parametrize("fault", [Fault.IMAGE_403, Fault.IMAGE_HTML, Fault.IMAGE_TRUNCATED, Fault.OUTAGE])
async def test_a_passing_trouble_is_overcome(
    comet: CometSandbox, client: CometClient, target: Path, fault: Fault
) -> None:
    url = await picture_url(comet, client)
    comet.faults.set(fault, times=2)
    assert (await client.download(url, target)).media_type == "image/png"


async def test_the_label_is_not_believed(comet: CometSandbox, client: CometClient, target: Path) -> None:
    url = await picture_url(comet, client)
    comet.faults.set(Fault.IMAGE_MISLABELED)
    assert (await client.download(url, target)).media_type == "image/png"


async def test_a_picture_without_end_is_stopped_by_counting(
    comet: CometSandbox, connect: Connect, target: Path
) -> None:
    client = connect(comet.url, media_limits=Limits(size=3_000_000))
    url = await picture_url(comet, client)
    comet.faults.set(Fault.IMAGE_HUGE)
    with pytest.raises(MediaRefused, match="larger than"):
        await client.download(url, target)


async def test_a_redirect_into_a_private_network_is_refused(
    comet: CometSandbox, client: CometClient, target: Path
) -> None:
    url = await picture_url(comet, client)
    comet.faults.set(Fault.IMAGE_REDIRECT_PRIVATE)
    with pytest.raises(MediaRefused):
        await client.download(url, target)
    assert comet.requests.images == 1


async def test_a_picture_that_takes_too_long_is_given_up(comet: CometSandbox, connect: Connect, target: Path) -> None:
    client = connect(comet.url, media_limits=Limits(total=timedelta(seconds=0.3)))
    url = await picture_url(comet, client)
    comet.faults.set(Fault.IMAGE_SLOW, times=None, seconds=30)
    with pytest.raises(MediaUnavailable, match="too long"):
        await client.download(url, target)


async def test_a_trickle_is_given_up_before_the_time_is_over(connect: Connect, serve: Serve, target: Path) -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(PICTURE[:100])
        for byte in PICTURE[100:300]:
            await response.write(bytes([byte]))
            await asyncio.sleep(0.02)
        return response

    url = await serve(handle)
    limits = Limits(grace=timedelta(seconds=0.2), speed=100_000)
    started = time.monotonic()
    with pytest.raises(MediaUnavailable, match="slowly"):
        await connect(url, media_limits=limits).download(f"{url}/a.png", target)
    assert time.monotonic() - started < 3


async def test_a_stall_is_given_up(connect: Connect, serve: Serve, target: Path) -> None:
    release = asyncio.Event()

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(PICTURE[:100])
        await release.wait()
        return response

    url = await serve(handle)
    try:
        with pytest.raises(MediaUnavailable):
            await connect(url, media_limits=Limits(stall=timedelta(seconds=0.1))).download(f"{url}/a.png", target)
    finally:
        release.set()


async def test_a_cancelled_download_leaves_nothing(connect: Connect, serve: Serve, target: Path) -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(PICTURE[:64] + bytes(3_000_000))
        begun.set()
        await release.wait()
        return response

    url = await serve(handle)
    download = asyncio.create_task(connect(url).download(f"{url}/a.png", target))
    await begun.wait()
    await asyncio.sleep(0.05)
    download.cancel()
    with pytest.raises(asyncio.CancelledError):
        await download
    release.set()
    assert contents(target) is None


async def test_the_key_and_cookies_never_go_with_a_picture(connect: Connect, serve: Serve, target: Path) -> None:
    seen: list[dict[str, str]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        if request.path == "/first.png":
            return web.Response(status=302, headers={"Location": "second.png", "Set-Cookie": "a=b"})
        return web.Response(body=PICTURE)

    url = await serve(handle)
    await connect(url).download(f"{url}/first.png", target)
    assert len(seen) == 2
    for headers in seen:
        assert not {"Authorization", "Cookie"} & headers.keys()
        assert headers["Accept-Encoding"] == "identity"
        assert headers["User-Agent"].startswith("Mozilla/5.0")
        assert "sk-" not in str(headers)


@pytest.mark.parametrize(("hops", "fetched"), [(0, True), (3, True), (4, False)])
async def test_three_redirects_are_followed_and_no_more(
    connect: Connect,
    serve: Serve,
    target: Path,
    hops: int,
    fetched: bool,  # noqa: FBT001 - a column of the table
) -> None:
    async def handle(request: web.Request) -> web.Response:
        left = int(request.path.strip("/"))
        return web.Response(status=307, headers={"Location": f"/{left - 1}"}) if left else web.Response(body=PICTURE)

    url = await serve(handle)
    download = connect(url).download(f"{url}/{hops}", target)
    if fetched:
        assert (await download).size == len(PICTURE)
    else:
        with pytest.raises(MediaRefused, match="too often"):
            await download


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest",
        "https://127.0.0.1/a.png",
        "file:///etc/passwd",
        "https://u:p@cdn.example.com/",
        "//[::1]/a",
        "http://[",
    ],
)
async def test_every_hop_is_judged(connect: Connect, serve: Serve, target: Path, location: str) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": location})

    url = await serve(handle)
    with pytest.raises(MediaRefused):
        await connect(url).download(f"{url}/a.png", target)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>no</html>",
        b'{"error": "no"}',
        b"",
        b"\xef\xbb\xbf<!DOCTYPE html>",
        PICTURE[:-30],
        drawn("jpeg")[:-9],
        drawn("webp")[:-9],
    ],
    ids=["page", "json", "empty", "page with a mark", "png", "jpeg", "webp"],
)
async def test_a_body_that_is_no_whole_picture_is_unavailable(
    connect: Connect, serve: Serve, target: Path, body: bytes
) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="image/png")

    url = await serve(handle)
    with pytest.raises(MediaUnavailable):
        await connect(url).download(f"{url}/a.png", target)


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7 and more bytes", b"BM" + bytes(40), b"\0\0\0\x1cftypavif" + bytes(30), b"just some words here"]
)
async def test_a_body_of_another_type_is_refused(connect: Connect, serve: Serve, target: Path, body: bytes) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="image/png")

    url = await serve(handle)
    with pytest.raises(MediaRefused):
        await connect(url).download(f"{url}/a.png", target)


async def test_a_compressed_body_is_not_unpacked(connect: Connect, serve: Serve, target: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000))

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip", "Content-Type": "image/png"})

    url = await serve(handle)
    with pytest.raises(MediaUnavailable):
        await connect(url).download(f"{url}/a.png", target)


async def test_a_length_beyond_the_limit_is_refused_before_it_comes(
    connect: Connect, serve: Serve, target: Path
) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=PICTURE + bytes(2_000_000))

    url = await serve(handle)
    with pytest.raises(MediaRefused):
        await connect(url, media_limits=Limits(size=1_000_000)).download(f"{url}/a.png", target)


async def test_the_wait_that_a_host_asks_for_is_taken_within_reason(
    connect: Connect, serve: Serve, target: Path, naps: Naps
) -> None:
    answers = [("2", 429), ("900", 503), ("", 200)]

    async def handle(_: web.Request) -> web.Response:
        wait, status = answers.pop(0)
        return web.Response(status=status, body=PICTURE, headers={"Retry-After": wait})

    url = await serve(handle)
    await connect(url).download(f"{url}/a.png", target)
    assert naps.taken == [2, 10]


async def test_an_address_with_a_signature_is_sent_as_it_is(connect: Connect, serve: Serve, target: Path) -> None:
    paths: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.Response(body=PICTURE)

    url = await serve(handle)
    await connect(url).download(f"{url}/a%2Fb.png?sig=a%2Bb%3D%3D&x=%7E", target)
    await connect(url).download(f"{url}/a b.png", target)
    assert paths == ["/a%2Fb.png?sig=a%2Bb%3D%3D&x=%7E", "/a%20b.png"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "not an address",
        "https://",
        "http://cdn.example.com/a.png",
        "https://10.0.0.1/a.png",
        "https://[fe80::1%25eth0]/a",
        "https://0x7f.1/a",
        "https://127.1/a",
        "https://2130706433/a",
        "https://x:99999/a",
        "\ud800",
    ],
)
async def test_an_address_that_is_not_allowed_is_never_asked(client: CometClient, target: Path, url: str) -> None:
    with pytest.raises(MediaRefused):
        await client.download(url, target)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
async def test_a_name_is_judged_by_what_it_resolves_to_when_connecting(
    stack: AsyncExitStack, target: Path, naps: Naps, address: str
) -> None:
    dns = FakeDns([address])
    fetcher = MediaFetcher(MediaRule("https://api.cometapi.com"), sleep=naps, resolver=dns)
    stack.push_async_callback(fetcher.close)
    with pytest.raises(MediaRefused, match="public"):
        await fetcher.download("https://cdn.example.com/a.png", target)


async def test_the_apis_own_name_may_lead_to_this_machine(
    stack: AsyncExitStack, serve: Serve, target: Path, naps: Naps
) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=PICTURE)

    port = URL(await serve(handle)).port
    fetcher = MediaFetcher(MediaRule(f"http://proxy.lan:{port}"), sleep=naps, resolver=FakeDns(["127.0.0.1"]))
    stack.push_async_callback(fetcher.close)
    assert (await fetcher.download(f"http://proxy.lan:{port}/a.png", target)).size == len(PICTURE)


async def test_an_unknown_name_is_unavailable_and_an_impossible_one_refused(client: CometClient, target: Path) -> None:
    with pytest.raises(MediaUnavailable):
        await client.download("https://nowhere.invalid/a.png", target)
    for host in (f"{'a' * 70}.invalid", "exa mple"):
        with pytest.raises(MediaError):
            await client.download(f"https://{host}/a.png", target)


async def test_a_disk_that_refuses_makes_the_picture_unavailable(
    comet: CometSandbox, client: CometClient, tmp_path: Path
) -> None:
    url = await picture_url(comet, client)
    with pytest.raises(MediaUnavailable):
        await client.download(url, tmp_path / "missing" / "job.png")


async def test_a_picture_of_several_megabytes_arrives_unchanged(connect: Connect, serve: Serve, target: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (900, 900), "teal").save(file, "png", compress_level=0)
    large = file.getvalue()
    assert len(large) > 2_000_000  # more than one batch

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=large)

    url = await serve(handle)
    media = await connect(url).download(f"{url}/a.png", target)
    assert contents(target) == large
    assert media.size == len(large)
