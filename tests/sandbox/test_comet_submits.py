"""What each submit requires and what it makes (contract 2.1, 3.4, 4.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.comet_api import buttons, custom_id, faces, held, opened

if TYPE_CHECKING:
    from tests.sandbox.comet_api import Payload

PICTURE = "data:image/png;base64,iVBORw0KGgo="
BOAT: Payload = {"prompt": "a boat"}


@pytest.mark.parametrize(
    ("kind", "body", "gateway", "ancestor"),
    [
        ("imagine", {}, "prompt_is_required ", "prompt不能为空"),
        ("imagine", {"prompt": "  "}, "prompt_is_required ", "prompt不能为空"),
        ("imagine", BOAT | {"base64Array": ["%%%"]}, "base64格式错误", "base64格式错误"),
        ("imagine", BOAT | {"botType": "OTHER"}, "参数错误", "参数错误"),
        ("imagine", BOAT | {"state": "x" * 256}, "state长度不能超过255", "state长度不能超过255"),
        ("imagine", BOAT | {"notifyHook": "x" * 2001}, "notifyHook长度不能超过2000", "notifyHook长度不能超过2000"),
        ("blend", {"base64Array": [PICTURE]}, "图片参数错误，2~5张图片", "图片参数错误，2~5张图片"),
        ("blend", {"base64Array": [PICTURE] * 6}, "图片参数错误，2~5张图片", "图片参数错误，2~5张图片"),
        ("blend", {"base64Array": [PICTURE] * 2, "dimensions": "ROUND"}, "参数错误", "参数错误"),
        ("describe", {}, "参数错误", "参数错误"),
        ("describe", {"base64": PICTURE, "link": "https://a.example/b.png"}, "参数错误", "参数错误"),
        ("video", {"motion": "low"}, "参数错误", "参数错误"),
        ("video", {"motion": "wild", "image": PICTURE}, "参数错误", "参数错误"),
        ("video", {"motion": "low", "image": PICTURE, "action": "extend"}, "参数错误", "参数错误"),
        ("edits", BOAT, "参数错误", "参数错误"),
        ("shorten", {}, "prompt_is_required ", "prompt不能为空"),
        ("modal", {}, "task_id_is_required ", "taskId不能为空"),
    ],
)
async def test_what_is_missing_or_wrong_is_refused_and_free(
    kind: str, body: Payload, gateway: str, ancestor: str
) -> None:
    for options, words in ((held(), gateway), (held("ancestor"), ancestor)):
        async with opened(options) as api:
            seen = await api.post(f"/mj-fast/mj/submit/{kind}", body)
            assert seen.json["description"] == words
            assert seen.json["code"] == 4
            assert not api.comet.ledger
            assert not api.comet.tasks


async def test_turbo_is_not_offered_for_video() -> None:
    async with opened() as api:
        assert (await api.submit("video", "/mj-turbo", motion="low", image=PICTURE)).json["code"] == 4
        assert (await api.submit("video", motion="low", image=PICTURE)).json["code"] == 1
        single = await api.pressed(await api.done("a boat --v 7"), "U1")
        animate = custom_id(single, "animate_high")
        for prefix, code in (("/mj-turbo", 4), ("/mj-fast", 1)):
            seen = await api.submit("action", prefix, taskId=single["id"], customId=animate)
            assert seen.json["code"] == code


async def test_a_body_that_is_not_json_is_400() -> None:
    async with opened() as api, api.session.post("/mj/submit/imagine", data=b"{") as answer:
        assert answer.status == 400
        assert "bind_request_body_failed" in await answer.text()


@pytest.mark.parametrize("form", ["plain", "numbered"])
async def test_describe_offers_prompts_in_the_form_of_the_account(form: str) -> None:
    style = "official" if form == "plain" else "discord"
    async with opened(replace(held(), button_style=style)) as api:
        task_id = (await api.submit("describe", base64=PICTURE)).task_id
        api.comet.finish(task_id)
        task = await api.fetch(task_id)
        free = len(api.comet.ledger) == 0
    english = str(task["promptEn"])
    assert free
    if form == "plain":
        assert len(english.split("\r\n")) == 2
        assert faces(task) == ["1️⃣", "2️⃣"]
    else:
        assert [part[:3] for part in english.split("\n\n")] == ["1️⃣", "2️⃣", "3️⃣", "4️⃣"]
        assert faces(task) == ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "🔄", "Imagine all"]


async def test_describe_shows_the_picture_it_was_given() -> None:
    async with opened() as api:
        task_id = (await api.submit("describe", base64=PICTURE)).task_id
        api.comet.finish(task_id)
        _, _, body = await api.picture(str((await api.fetch(task_id))["imageUrl"]))
    assert body == b"\x89PNG\r\n\x1a\n"


async def test_imagine_all_makes_one_task_per_suggestion_with_numbered_states() -> None:
    async with opened() as api:
        task_id = (await api.submit("describe", base64=PICTURE)).task_id
        api.comet.finish(task_id)
        seen = await api.press(await api.fetch(task_id), "PicReader::all", state="job-42")
        ids = seen.task_id.split(",")
        assert seen.json["code"] == 1
        assert [api.comet.tasks[each].echo for each in ids] == [f"job-42::{n}" for n in (1, 2, 3, 4)]
        assert len({api.comet.tasks[each].prompt for each in ids}) == 4
        assert len(api.comet.ledger) == 4


async def test_a_video_has_videos_and_after_its_u_button_extends() -> None:
    async with opened() as api:
        task_id = (await api.submit("video", motion="high", image=PICTURE, prompt="waves")).task_id
        api.comet.finish(task_id)
        batch = await api.fetch(task_id)
        larger = await api.pressed(batch, "U2")
        longer = await api.press(larger, "Extend (Low")
    assert batch["videoUrl"] == str(batch["imageUrl"])
    assert batch["videoUrls"] == [{"url": f"{api.comet.url}/cdn/video/{task_id}/0_{n}.mp4"} for n in range(4)]
    assert faces(batch) == ["U1", "U2", "U3", "U4", "🔄"]
    assert (larger["videoUrl"], larger["videoUrls"]) == ("", None)
    assert str(larger["imageUrl"]).endswith("0_1.mp4")
    assert longer.json["code"] == 1


async def test_a_video_can_be_only_in_the_image_address() -> None:
    async with opened(replace(held(), video_urls=False)) as api:
        task_id = (await api.submit("video", motion="high", image=PICTURE)).task_id
        api.comet.finish(task_id)
        task = await api.fetch(task_id)
    assert (task["videoUrl"], task["videoUrls"]) == ("", None)
    assert str(task["imageUrl"]).endswith("0_0.mp4")


async def test_a_video_can_be_extended_by_its_id() -> None:
    async with opened() as api:
        task_id = (await api.submit("video", motion="low", image=PICTURE)).task_id
        api.comet.finish(task_id)
        body: Payload = {"motion": "low", "image": PICTURE, "action": "extend", "index": 0}
        assert (await api.submit("video", **body, taskId=task_id)).json["code"] == 1
        assert (await api.submit("video", **body, taskId="1")).status == 400


async def test_an_imagine_with_video_flags_makes_as_many_videos_as_asked() -> None:
    async with opened() as api:
        task = await api.done("https://a.example/b.png waves --video 1 --bs 2")
    assert task["action"] == "VIDEO"
    assert faces(task) == ["U1", "U2", "🔄"]


async def test_shorten_offers_five_forms() -> None:
    async with opened() as api:
        task_id = (await api.submit("shorten", "/mj-turbo", prompt="a very long prompt about boats")).task_id
        api.comet.finish(task_id)
        task = await api.fetch(task_id)
    assert faces(task)[-1] == "Show details"
    assert len(buttons(task)) == 6
    assert str(task["promptEn"]).startswith("1️⃣ a very long")


async def test_edits_and_blend_make_grids() -> None:
    async with opened() as api:
        for kind, body in (
            ("edits", BOAT | {"image": PICTURE, "maskBase64": PICTURE}),
            ("blend", {"base64Array": [PICTURE] * 3, "dimensions": "PORTRAIT"}),
        ):
            task_id = (await api.post(f"/mj-fast/mj/submit/{kind}", body)).task_id
            api.comet.finish(task_id)
            task = await api.fetch(task_id)
            assert task["action"] == kind.upper()
            assert len(buttons(task)) == 9


@pytest.mark.parametrize(
    ("version", "upscale", "zooms", "regions"),
    [
        ("--v 4", None, False, False),
        ("--v 5.2", "upsample_v5_4x", True, True),
        ("--niji 5", "upsample_v5_4x", True, True),
        ("--v 6", "upsample_v6_2x_subtle", True, True),
        ("--niji 6", "upsample_v6_2x_subtle", True, True),
        ("--v 6.1", "upsample_v6r1_2x_creative", True, True),
        ("--v 7", "upsample_v7_2x_subtle", True, True),
        ("--niji 7", "upsample_v7_2x_creative", True, True),
        ("--v 8.1", None, False, True),
        ("", None, False, True),
    ],
)
async def test_a_single_picture_has_the_buttons_of_its_version(
    version: str, upscale: str | None, *, zooms: bool, regions: bool
) -> None:
    async with opened() as api:
        single = await api.pressed(await api.done(f"a boat {version}"), "U3")
    ids = " ".join(str(button["customId"]) for button in buttons(single))
    assert (upscale in ids) if upscale else ("upsample_" not in ids)
    assert ("Outpaint" in ids and "pan_left" in ids and "CustomZoom" in ids) is zooms
    assert ("Inpaint" in ids) is regions


async def test_a_v7_single_on_a_discord_account_has_the_sixteen_captured_buttons_and_more_if_not_square() -> None:
    async with opened() as api:
        square = await api.pressed(await api.done("a boat --v 7"), "U1")
        wide = await api.pressed(await api.done("a boat --v 7 --ar 16:9"), "U1")
    assert len(buttons(square)) == 16
    assert buttons(square)[0]["emoji"] == "upscale_1"
    assert buttons(square)[-1] == {"customId": None, "emoji": "", "label": "Web", "style": 5, "type": 2}
    assert "Make Square" in faces(wide)


async def test_singles_of_one_grid_carry_equal_custom_ids() -> None:
    async with opened() as api:
        grid = await api.done("a boat --v 7")
        first, second = await api.pressed(grid, "U1"), await api.pressed(grid, "U2")
    assert first["id"] != second["id"]
    assert custom_id(first, "Vary (Subtle)") == custom_id(second, "Vary (Subtle)")


async def test_an_upscaled_picture_offers_the_upscales_again() -> None:
    async with opened() as api:
        single = await api.pressed(await api.done("a boat --v 7"), "U1")
        task = await api.pressed(single, "Upscale (Subtle)")
    assert faces(task)[:2] == ["Redo Upscale (Subtle)", "Redo Upscale (Creative)"]
    assert "Custom Zoom" not in faces(task)


@pytest.mark.parametrize("label", ["Vary (Strong)", "Zoom Out 2x", "pan_left", "Vary (Subtle)"])
async def test_vary_zoom_and_pan_make_grids_again(label: str) -> None:
    async with opened() as api:
        single = await api.pressed(await api.done("a boat --v 7"), "U1")
        task = await api.pressed(single, label)
    assert faces(task)[:4] == ["U1", "U2", "U3", "U4"]


async def test_a_pressed_button_is_primary_afterwards() -> None:
    async with opened() as api:
        grid = await api.done("a boat")
        await api.press(grid, "U3")
        again = await api.fetch(str(grid["id"]))
    assert [button["style"] for button in buttons(again)][2] == 1
    assert [button["style"] for button in buttons(grid)][2] == 2


async def test_an_official_upscale_can_be_done_at_once() -> None:
    async with opened(replace(held("ancestor"), instant_upscale=True)) as api:
        seen = await api.press(await api.done("a boat"), "U1")
        assert (await api.fetch(seen.task_id))["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "prompt",
    ["a boat --foo", "a boat --ar 3:0", "a boat --s 1001", "a boat --v 9", "a boat --chaos many"],
)
async def test_a_bad_parameter_fails_the_job_as_midjourney_does(prompt: str) -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt=prompt)).task_id
        api.comet.advance(3)
        task = await api.fetch(task_id)
    assert task["status"] == "FAILURE"
    assert str(task["failReason"]).startswith("[Invalid parameter]")
