"""The ancestor profile by the table of contract 11: the proxy without the gateway."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.comet_api import buttons, custom_id, held, opened

if TYPE_CHECKING:
    from tests.sandbox.comet_api import Payload

ANCESTOR = held("ancestor")


async def test_submits_are_labeled_json() -> None:
    async with opened(ANCESTOR) as api:
        seen = await api.submit("imagine", prompt="a boat")
    assert seen.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("header", ["Authorization", "mj-api-secret"])
async def test_either_header_carries_the_raw_key(header: str) -> None:
    async with (
        opened(ANCESTOR) as api,
        api.session.get("/mj/task/1/fetch", headers={"Authorization": "", header: api.comet.key}) as answer,
    ):
        assert answer.status == 200


async def test_a_wrong_key_gets_401_in_plain_text() -> None:
    async with opened(ANCESTOR) as api, api.session.get("/mj/task/1/fetch", headers={"Authorization": "no"}) as answer:
        assert (answer.status, answer.content_type) == (401, "text/plain")


async def test_the_state_is_live_with_all_fields_and_null_times() -> None:
    async with opened(ANCESTOR) as api:
        task_id = (await api.submit("imagine", prompt="a boat", state="job-42", notifyHook="http://x/")).task_id
        task = await api.fetch(task_id)
    assert (task["status"], task["progress"], task["state"]) == ("NOT_START", "0%", "job-42")
    assert (task["startTime"], task["finishTime"], task["failReason"]) == (None, None, None)
    assert (task["botType"], task["description"]) == ("MID_JOURNEY", "/imagine a boat")
    properties = task["properties"]
    assert isinstance(properties, dict)
    assert properties["notifyHook"] == "http://x/"


async def test_a_failure_has_no_progress() -> None:
    async with opened(ANCESTOR) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        api.comet.fail(task_id, "no")
        task = await api.fetch(task_id)
    assert (task["status"], task["progress"], task["failReason"]) == ("FAILURE", "", "no")


async def test_pictures_have_a_direct_address() -> None:
    async with opened(ANCESTOR) as api:
        task = await api.done("a boat")
        status, kind, _ = await api.picture(str(task["imageUrl"]))
    assert "/mj/image/" not in str(task["imageUrl"])
    assert (status, kind) == (200, "image/png")


async def test_an_unknown_task_is_null_at_fetch_and_404_with_code_3_at_a_press() -> None:
    async with opened(ANCESTOR) as api:
        fetched = await api.get("/mj/task/123/fetch")
        pressed = await api.submit("action", taskId="123", customId="MJ::JOB::upsample::1::x")
    assert (fetched.status, fetched.text) == (200, "null")
    assert (pressed.status, pressed.json["code"]) == (404, 3)


async def test_a_bookmark_or_an_unknown_button_is_code_4() -> None:
    async with opened(ANCESTOR) as api:
        single = await api.pressed(await api.done("a boat --v 7"), "U1")
        assert custom_id(single, "BOOKMARK")
        seen = await api.press(single, "BOOKMARK")
    assert (seen.status, seen.json["code"], seen.json["description"]) == (200, 4, "未知的 Action 类型")


async def test_a_press_on_an_unfinished_task_is_code_4() -> None:
    async with opened(ANCESTOR) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        seen = await api.submit("action", taskId=task_id, customId="MJ::JOB::upsample::1::x")
    assert (seen.status, seen.json["code"], seen.json["description"]) == (200, 4, "关联任务状态错误")


async def test_queued_and_window_codes_are_passed_as_they_are() -> None:
    async with opened(replace(ANCESTOR, remix_account=True)) as api:
        queued = await api.submit("imagine", prompt="a boat [[queued]]")
        window = await api.press(await api.done("a boat"), "V1")
    assert queued.json["code"] == 22
    assert window.json["code"] == 21


async def test_the_proxy_can_cancel() -> None:
    async with opened(ANCESTOR) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        seen = await api.post(f"/mj/task/{task_id}/cancel", {})
        task = await api.fetch(task_id)
    assert (seen.status, seen.text) == (200, "")
    assert (task["status"], task["failReason"]) == ("FAILURE", "取消任务")


@pytest.mark.parametrize(
    ("label", "action"),
    [("U1", "UPSCALE"), ("V2", "VARIATION"), ("🔄", "IMAGINE")],
)
async def test_actions_have_the_loose_names_of_the_proxy(label: str, action: str) -> None:
    async with opened(ANCESTOR) as api:
        grid = await api.done("a boat")
        child = await api.pressed(grid, label)
    assert child["action"] == action
    assert child["customId"] == custom_id(grid, label)
    assert child["parentId"] == grid["id"]


async def test_official_accounts_make_up_their_own_buttons() -> None:
    async with opened(replace(ANCESTOR, button_style="official")) as api:
        single: Payload = await api.pressed(await api.done("a boat --v 6.1"), "U1")
    ids = [str(button["customId"]) for button in buttons(single)]
    assert "None" not in ids
    assert not any("BOOKMARK" in name for name in ids)
    assert ids[0].startswith("MJ::JOB::upsample_v6r1_2x_subtle::1::")
