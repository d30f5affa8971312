"""Requests that bring more than words: pictures, masks, remix, videos, and routes that not every API has."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.errors import CometInvalid, CometMisrouted, CometNotOffered
from bot.jobs.ports import Film
from bot.model import Dimensions, Kind, Motion, Phase, Route, Speed
from sandbox.comet import CometSandbox
from tests.comet.conftest import ANCESTOR, GATEWAY, finished, picture_in

if TYPE_CHECKING:
    from contextlib import AsyncExitStack
    from pathlib import Path

    from bot.cometapi.client import CometClient
    from sandbox.comet import CometOptions
    from tests.comet.conftest import Connect, Serve

LINK = "https://cdn.example.com/a.png"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return picture_in(tmp_path / "a.png", (60, 40))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return picture_in(tmp_path / "b.jpg", (30, 90))


async def single(comet: CometSandbox, client: CometClient) -> str:
    """Return the task of a finished single picture."""
    grid = await client.imagine("a fox --v 7", speed=Speed.FAST, echo="grid")
    parent = await finished(comet, client, grid.task_id)
    upscaled = await client.act(grid.task_id, parent.actions[0].action_id, speed=Speed.FAST, echo="single")
    await finished(comet, client, upscaled.task_id)
    return upscaled.task_id


async def button(client: CometClient, task_id: str, label: str) -> str:
    task = await client.fetch(task_id)
    assert task is not None
    return next(action.action_id for action in task.actions if action.label == label)


async def test_image_prompts_arrive_whole_and_in_their_order(
    either: CometSandbox, connect: Connect, image: Path, photo: Path
) -> None:
    client = connect(either.url)
    accepted = await client.imagine("a fox", images=[photo, image], speed=Speed.FAST, echo="job-1")
    assert either.tasks[accepted.task_id].order.given.images == ((30, 90), (60, 40))
    assert len(either.charges(echo="job-1")) == 1


async def test_a_large_picture_is_sent_too(comet: CometSandbox, client: CometClient, tmp_path: Path) -> None:
    large = await asyncio.to_thread(picture_in, tmp_path / "large.bmp", (1400, 1000))
    await asyncio.to_thread(large.write_bytes, b"\x89PNG\r\n\x1a\n" + large.read_bytes())  # 4 MB under a PNG's name
    accepted = await client.describe(large, speed=Speed.FAST, echo="job-1")
    assert comet.tasks[accepted.task_id].order.source == large.read_bytes()


async def test_a_region_goes_through_its_window_with_a_mask(
    comet: CometSandbox, client: CometClient, tmp_path: Path
) -> None:
    parent = await single(comet, client)
    window = await client.act(parent, await button(client, parent, "Vary (Region)"), speed=Speed.FAST, echo="job-3")
    assert window.needs_input
    comet.sync()
    waiting = await client.fetch(window.task_id)
    assert waiting is not None
    assert waiting.phase is Phase.NEEDS_INPUT
    mask = picture_in(tmp_path / "mask.png")
    answered = await client.answer_modal(window.task_id, "a hat", mask=mask, speed=Speed.FAST)
    assert (answered.task_id, answered.needs_input) == (window.task_id, False)
    task = comet.tasks[window.task_id]
    assert (task.mask, task.order.given.modal_prompt) == (mask.read_bytes(), "a hat")


async def test_after_a_modal_the_list_shows_the_task_that_runs(comet: CometSandbox, client: CometClient) -> None:
    parent = await single(comet, client)
    window = await client.act(parent, await button(client, parent, "Custom Zoom"), speed=Speed.FAST, echo="job-3")
    await client.answer_modal(window.task_id, "a fox --zoom 2", speed=Speed.FAST)
    comet.set_progress(window.task_id, 46)
    listed = await client.list_tasks([window.task_id])
    assert (listed[window.task_id].phase, listed[window.task_id].progress) == (Phase.RUNNING, 46)


async def test_a_window_opens_when_remix_is_asked_for_and_only_then(either: CometSandbox, connect: Connect) -> None:
    client = connect(either.url)
    grid = await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    await finished(either, client, grid.task_id)
    vary = await button(client, grid.task_id, "V1")
    plain = await client.act(grid.task_id, vary, speed=Speed.FAST, echo="job-2")
    remixed = await client.act(grid.task_id, vary, remix=True, speed=Speed.FAST, echo="job-3")
    assert (plain.needs_input, remixed.needs_input) == (False, True)
    tasks = [either.tasks[accepted.task_id] for accepted in (plain, remixed)]
    assert [task.order.given.enable_remix for task in tasks] == [False, True]


async def test_a_blend_arrives_with_its_pictures_and_its_shape(
    comet: CometSandbox, client: CometClient, image: Path, photo: Path
) -> None:
    blended = await client.blend([image, photo], Dimensions.LANDSCAPE, speed=Speed.FAST, echo="job-1")
    assert len((await finished(comet, client, blended.task_id)).actions) == 9
    given = comet.tasks[blended.task_id].order.given
    assert (given.images, given.dimensions) == (((60, 40), (30, 90)), "LANDSCAPE")


async def test_a_described_picture_has_suggestions_in_its_own_shape(
    either: CometSandbox, connect: Connect, image: Path
) -> None:
    client = connect(either.url)
    described = await client.describe(image, speed=Speed.FAST, echo="job-1")
    task = await finished(either, client, described.task_id)
    assert task.text.count("--ar 3:2") == 4
    assert [action.quadrant for action in task.actions] == [1, 2, 3, 4, None, None]
    assert [action.kind for action in task.actions] == [*[Kind.IMAGINE] * 4, Kind.DESCRIBE, Kind.IMAGINE]


async def test_a_video_arrives_with_all_that_was_chosen(
    either: CometSandbox, connect: Connect, image: Path, photo: Path
) -> None:
    client = connect(either.url)
    first = Film(image=image, motion=Motion.HIGH, prompt="wind", end=photo)
    filmed = await client.video(first, speed=Speed.FAST, echo="job-1")
    film = await finished(either, client, filmed.task_id)
    assert len(set(film.video_urls)) == 4
    given = either.tasks[filmed.task_id].order.given
    assert (given.images, given.motion, given.end, given.loop) == (((60, 40),), "high", (30, 90), False)
    longer = Film(image=LINK, motion=Motion.LOW, loop=True, extend=filmed.task_id, index=1)
    extended = await client.video(longer, speed=Speed.FAST, echo="job-2")
    assert len((await finished(either, client, extended.task_id)).video_urls) == 4
    given = either.tasks[extended.task_id].order.given
    assert (given.link, given.loop, given.extends, given.index) == (LINK, True, filmed.task_id, 1)
    assert [len(either.charges(echo=echo)) for echo in ("job-1", "job-2")] == [1, 1]


async def test_a_video_is_never_asked_for_in_turbo(comet: CometSandbox, client: CometClient) -> None:
    with pytest.raises(CometInvalid) as caught:
        await client.video(Film(image=LINK, motion=Motion.LOW), speed=Speed.TURBO, echo="job-1")
    assert (caught.value.sent, comet.requests.submits) == ("no", 0)


async def test_a_file_that_is_gone_or_no_picture_costs_nothing(
    comet: CometSandbox, client: CometClient, image: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.png"
    await asyncio.to_thread(text.write_text, "not a picture")
    for bad in (tmp_path / "gone.png", text):
        with pytest.raises(CometInvalid) as caught:
            await client.imagine("a fox", images=[image, bad], speed=Speed.FAST, echo="job-1")
        assert caught.value.sent == "no"
    assert comet.requests.submits == 0


async def test_what_the_api_may_not_offer_is_used_where_it_does(
    comet: CometSandbox, client: CometClient, image: Path, tmp_path: Path
) -> None:
    shortened = await client.shorten("a very very red fox", speed=Speed.FAST, echo="job-1")
    assert (await finished(comet, client, shortened.task_id)).text.startswith("1️⃣ a very very red fox")
    mask = picture_in(tmp_path / "mask.png")
    edited = await client.edit("a hat", image, mask, speed=Speed.FAST, echo="job-2")
    assert (await finished(comet, client, edited.task_id)).picture_url
    task = comet.tasks[edited.task_id]
    assert (task.order.given.images, task.mask) == (((60, 40),), mask.read_bytes())
    assert all(client.offers(route) for route in Route)


@pytest.mark.parametrize("options", [GATEWAY, ANCESTOR], ids=["gateway", "ancestor"])
async def test_a_route_that_an_api_does_not_have_is_asked_for_once(
    stack: AsyncExitStack, connect: Connect, options: CometOptions, image: Path
) -> None:
    bare = replace(options, missing_routes=frozenset({"shorten", "edits"}))
    comet = await stack.enter_async_context(CometSandbox(bare))
    client = connect(comet.url)
    for _ in range(2):
        with pytest.raises(CometNotOffered) as caught:
            await client.shorten("a fox", speed=Speed.FAST, echo="job-1")
        with pytest.raises(CometNotOffered):
            await client.edit("a hat", image, None, speed=Speed.FAST, echo="job-2")
        assert caught.value.sent == "no"
    assert sum(comet.requests.by_route.values()) == 2
    assert [route for route in Route if not client.offers(route)] == [Route.SHORTEN, Route.EDIT]


@pytest.mark.parametrize("options", [GATEWAY, ANCESTOR], ids=["gateway", "ancestor"])
async def test_what_every_api_has_is_missing_only_where_something_else_was_found(
    stack: AsyncExitStack, connect: Connect, options: CometOptions, image: Path
) -> None:
    comet = await stack.enter_async_context(CometSandbox(replace(options, missing_routes=frozenset({"describe"}))))
    client = connect(comet.url)
    with pytest.raises(CometMisrouted):  # perhaps the address is wrong: nobody has found anything there yet
        await client.describe(image, speed=Speed.FAST, echo="job-1")
    assert client.offers(Route.DESCRIBE)
    await client.imagine("a fox", speed=Speed.FAST, echo="job-2")
    for _ in range(2):
        with pytest.raises(CometNotOffered):
            await client.describe(image, speed=Speed.FAST, echo="job-3")
    assert [route for route in Route if not client.offers(route)] == [Route.DESCRIBE]


@pytest.mark.parametrize("status", [404, 405, 301])
async def test_a_route_is_missing_in_whatever_way_it_is_said(connect: Connect, serve: Serve, status: int) -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, text="404 page not found")

    client = connect(await serve(handle))
    for _ in range(3):
        with pytest.raises(CometNotOffered):
            await client.shorten("a fox", speed=Speed.FAST, echo="job-1")
    assert asked == ["/mj-fast/mj/submit/shorten"]
    assert not client.offers(Route.SHORTEN)
    assert client.offers(Route.EDIT)


async def test_a_passing_failure_does_not_count_as_not_offered(connect: Connect, serve: Serve) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=403, text="<html>checking your browser</html>")

    client = connect(await serve(handle))
    with pytest.raises(CometMisrouted):
        await client.shorten("a fox", speed=Speed.FAST, echo="job-1")
    assert client.offers(Route.SHORTEN)


async def test_only_a_few_requests_with_pictures_are_under_way_at_once_and_words_need_not_wait(
    connect: Connect, serve: Serve, image: Path
) -> None:
    under_way: list[str] = []
    most = 0
    answer = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        nonlocal most
        under_way.append(request.path)
        most = max(most, len(under_way))
        if request.path.endswith("describe"):
            await answer.wait()
        under_way.remove(request.path)
        return web.Response(text='{"code":1,"result":"17"}')

    client = connect(await serve(handle))
    waiting = [asyncio.create_task(client.describe(image, speed=Speed.FAST, echo=f"job-{n}")) for n in range(9)]
    while most < 4:  # noqa: ASYNC110 - the server tells nobody
        await asyncio.sleep(0.01)
    await client.imagine("a fox", speed=Speed.FAST, echo="words")
    assert under_way == ["/mj-fast/mj/submit/describe"] * 4
    answer.set()
    await asyncio.gather(*waiting)
    assert most == 5
