"""Every customId of contract 4.6: some finished task carries it, and pressing it is taken, in both profiles."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

import pytest
from PIL import Image

from tests.sandbox.comet_api import buttons, custom_id, faces, held, opened

if TYPE_CHECKING:
    from sandbox.comet.options import ButtonStyle, Profile
    from tests.sandbox.comet_api import Api, Payload

LINK: Final = "https://a.example/b.png"
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_UPSCALES: Final = {
    "v5_2x",
    "v5_4x",
    *(f"v{version}_2x_{way}" for version in ("6", "6r1", "7") for way in ("subtle", "creative")),
}
_SOLO: Final = {
    *("JOB::low_variation::1", "JOB::high_variation::1", "Inpaint::1", "JOB::variation::1", "JOB::reroll::0"),
    *("Outpaint::50::1", "Outpaint::75::1", "Outpaint::100::1", "JOB::animate_high::1", "JOB::animate_low::1"),
    *(f"JOB::pan_{way}::1" for way in ("left", "right", "up", "down")),
    *(f"JOB::upsample_{name}::1" for name in _UPSCALES),
    "JOB::future_thing::1",
}
_NUMBERED: Final = {
    *(f"JOB::{name}::{n}" for name in ("upsample", "variation", "video_virtual_upscale") for n in range(1, 5)),
    *("JOB::animate_high_extend::2", "JOB::animate_low_extend::2", "CustomZoom::1", "CustomZoom", "BOOKMARK"),
    "Job::PromptAnalyzerExtended",
}
#: What a press can be taken of, and BOOKMARK, which is refused.
ALL: Final = {
    *(f"MJ::{name}::U::SOLO" for name in _SOLO),
    *(f"MJ::{name}::U" for name in _NUMBERED),
    *(f"MJ::Job::PicReader::{n}" for n in (1, 2, 3, 4, "all")),
    *(f"MJ::Job::PromptAnalyzer::{n}" for n in range(1, 6)),
    "MJ::Picread::Retry",
    "MJ::JOB::video::1::U::manual",
}


async def drawn(api: Api) -> list[Payload]:
    """Return finished tasks of every kind and version."""
    tasks: list[Payload] = []
    for prompt in ("--v 4", "--v 5.2", "--niji 5", "--v 6", "--niji 6", "--v 6.1", "--v 7 --ar 16:9", "--niji 7", ""):
        grid = await api.done(f"a boat {prompt}")
        single = await api.pressed(grid, "U2")
        tasks += [grid, single]
        if "upsample_" in str(buttons(single)):
            tasks.append(await api.pressed(single, "upsample_"))
    batch = await finished(api, "video", motion="high", image=LINK)
    described = await finished(api, "describe", link=LINK)
    shortened = await finished(api, "shorten", prompt="a very long prompt about boats")
    return [*tasks, batch, await api.pressed(batch, "U2"), described, shortened]


async def finished(api: Api, kind: str, **body: object) -> Payload:
    """Submit something and let it succeed."""
    task_id = (await api.submit(kind, **body)).task_id
    api.comet.finish(task_id)
    return await api.fetch(task_id)


@pytest.mark.parametrize("profile", ["gateway", "ancestor"])
async def test_every_custom_id_is_carried_by_something_and_taken(profile: Profile) -> None:
    seen: set[str] = set()
    styles: tuple[ButtonStyle, ...] = ("discord", "official")
    for style in styles:
        options = replace(held(profile), button_style=style, manual_video=True, future_button=True)
        async with opened(options) as api:
            for task in await drawn(api):
                for button in buttons(task):
                    name = UUID.sub("U", str(button["customId"]))
                    if name in seen or button["customId"] is None:
                        continue
                    seen.add(name)
                    answer = await api.submit("action", taskId=task["id"], customId=button["customId"])
                    assert (answer.json["code"] in {1, 21}) is ("BOOKMARK" not in name), name
    assert seen == ALL


@pytest.mark.parametrize("style", ["discord", "official"])
async def test_a_button_from_the_future_is_there_only_when_it_is_switched_on(style: ButtonStyle) -> None:
    async with opened(replace(held(), button_style=style)) as api:
        assert "Future Thing" not in faces(await api.done("a boat"))
        grid = await api.done("a boat [[future-button]]")
        assert faces(grid)[-1] == "Future Thing"
        made = await api.pressed(grid, "future_thing")
        assert faces(made)[:4] == ["U1", "U2", "U3", "U4"]
        assert "Future Thing" not in faces(made)
        assert [charge.action for charge in api.comet.charges()][-1] == "FUTURE_THING"


async def test_a_manual_video_waits_for_its_prompt_and_makes_as_many_as_that_asks_for() -> None:
    async with opened(replace(held(), manual_video=True)) as api:
        seen = await api.press(await api.pressed(await api.done("a boat --v 7"), "U1"), "Manual")
        assert seen.properties["remix"] is True
        await api.submit("modal", taskId=seen.task_id, prompt="waves --bs 2")
        api.comet.finish(seen.task_id)
        api.comet.sync()
        task = await api.fetch(seen.task_id)
        assert api.comet.tasks[seen.task_id].order.given.modal_prompt == "waves --bs 2"
    assert faces(task) == ["U1", "U2", "🔄"]


async def test_the_videos_of_a_batch_differ_and_each_is_extended_by_its_own_number() -> None:
    async with opened() as api:
        batch = await finished(api, "video", motion="high", image=LINK)
        urls = [str(entry["url"]) for entry in cast("list[Payload]", batch["videoUrls"])]
        films = [(await api.picture(url))[2] for url in urls]
        third = await api.pressed(batch, "U3")
        assert (await api.picture(str(third["imageUrl"])))[2] == films[2]
        assert "::3::" in custom_id(third, "Extend (High")
        longer = await api.pressed(third, "Extend (High")
        again = await api.pressed(batch, "🔄")
    assert len(set(films)) == 4
    for more in (longer, again):
        assert len(cast("list[Payload]", more["videoUrls"])) == 4
        assert faces(more) == faces(batch)


async def test_a_loop_comes_back_to_where_it_began() -> None:
    async with opened() as api:
        plain = await finished(api, "video", motion="low", image=LINK, prompt="x")
        loop = await finished(api, "video", motion="low", image=LINK, prompt="x", loop=True)
        films = [(await api.picture(str(task["imageUrl"])))[2] for task in (plain, loop)]
    assert [film[-1000:] in film[: len(film) // 8] for film in films] == [False, True]


@pytest.mark.parametrize(("style", "separator"), [("discord", "\n\n"), ("official", "\r\n")])
async def test_another_describe_sees_other_things_in_the_same_shape(style: ButtonStyle, separator: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (48, 32)).save(out, "PNG")
    data = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    async with opened(replace(held(), button_style=style)) as api:
        told = await finished(api, "describe", base64=data)
        assert api.comet.tasks[str(told["id"])].order.given.images == ((48, 32),)
    lines = str(told["promptEn"]).split(separator)
    assert all(line.endswith("--ar 3:2") for line in lines)
    assert len(set(lines)) == len(lines) == len([face for face in faces(told) if face[0].isdigit()])


async def test_a_described_picture_can_be_described_again_for_nothing() -> None:
    async with opened() as api:
        first = await finished(api, "describe", link=LINK)
        second = await api.pressed(first, "🔄")
        assert second["action"] == "DESCRIBE"
        assert faces(second) == faces(first)
        assert not api.comet.ledger


async def test_each_suggestion_opens_a_window_that_costs_nothing_and_its_modal_is_paid() -> None:
    async with opened() as api:
        for task, label in (
            (await finished(api, "describe", link=LINK), "PicReader::4"),
            (await finished(api, "shorten", prompt="one two three four five six"), "PromptAnalyzer::5"),
        ):
            before = len(api.comet.ledger)
            seen = await api.press(task, label)
            suggestion = str(seen.properties["finalPrompt"])
            assert str(task["promptEn"]).endswith(f" {suggestion}")
            assert len(api.comet.ledger) == before
            await api.submit("modal", taskId=seen.task_id, prompt=suggestion)
            assert [charge.action for charge in api.comet.ledger[before:]] == ["MODAL"]


async def test_shorten_offers_no_more_forms_than_there_are_words() -> None:
    async with opened() as api:
        assert faces(await finished(api, "shorten", prompt="red boats --ar 3:2")) == ["1️⃣", "2️⃣", "Show details"]


@pytest.mark.parametrize(("profile", "seed"), [("gateway", None), ("ancestor", "42")])
async def test_only_the_ancestor_tells_a_seed_and_only_if_asked_to(profile: Profile, seed: str | None) -> None:
    async with opened(replace(held(profile), seeds=True)) as api:
        assert (await api.done("a boat --seed 42")).get("seed") == seed
        other = (await api.done("a boat")).get("seed")
        assert (other is None) if seed is None else str(other).isdecimal()
    async with opened(held(profile)) as api:
        assert "seed" not in await api.done("a boat --seed 42")


async def test_a_route_that_is_not_there_is_answered_as_any_unknown_path() -> None:
    async with opened(replace(held(), missing_routes=frozenset({"shorten"}))) as api:
        seen = await api.submit("shorten", prompt="a boat")
        assert (seen.status, "Invalid URL (POST /mj-fast/mj/submit/shorten)" in seen.text) == (404, True)
        assert (await api.submit("edits", prompt="a boat", image=LINK)).json["code"] == 1


async def test_what_came_with_an_edit_or_a_video_is_remembered() -> None:
    out = io.BytesIO()
    Image.new("L", (20, 10), 255).save(out, "PNG")
    mask = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    async with opened() as api:
        edited = (await api.submit("edits", prompt="a hat", image=LINK, maskBase64=mask)).task_id
        refused = await api.submit("edits", prompt="a hat", image=LINK, maskBase64="data:image/jpeg;base64,AAAA")
        filmed = (await api.submit("video", motion="low", image=mask, endImage=mask, loop=True)).task_id
        tasks = api.comet.tasks
        assert (tasks[edited].mask, tasks[edited].order.given.link) == (out.getvalue(), LINK)
        assert refused.json["description"] == "base64格式错误"
        given = tasks[filmed].order.given
        assert (given.images, given.end, given.loop, given.motion) == (((20, 10),), (20, 10), True, "low")
