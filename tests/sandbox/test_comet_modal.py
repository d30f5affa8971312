"""Windows: which presses want one, what it takes, and the two rows that it leaves (contract 3.2, 3.3, 4.3, 4.5)."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.sandbox.comet_api import NEVER, held, opened

if TYPE_CHECKING:
    from sandbox.comet import CometOptions
    from tests.sandbox.comet_api import Api, Payload


async def single(api: Api) -> Payload:
    """Return a finished single picture."""
    return await api.pressed(await api.done("a boat --v 7"), "U1")


def mask(size: tuple[int, int], level: int) -> str:
    """Return a PNG of one gray level as a data URI."""
    out = io.BytesIO()
    Image.new("L", size, level).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


@pytest.mark.parametrize(("label", "final_prompt"), [("Custom Zoom", "a boat --v 7"), ("Vary (Region)", "")])
async def test_custom_zoom_and_region_answer_21_even_through_the_gateway(label: str, final_prompt: str) -> None:
    async with opened() as api:
        seen = await api.press(await single(api), label)
        api.comet.sync()
        task = await api.fetch(seen.task_id)
    properties = seen.properties
    assert (seen.json["code"], seen.json["description"]) == (21, "Waiting for window confirm")
    assert (properties["finalPrompt"], properties["remix"]) == (final_prompt, True)
    assert (task["status"], task["progress"]) == ("MODAL", "")


@pytest.mark.parametrize("label", ["V1", "🔄"])
async def test_a_remix_account_answers_1_through_the_gateway_and_shows_modal_at_polling(label: str) -> None:
    async with opened(replace(held(), remix_account=True)) as api:
        seen = await api.press(await api.done("a boat"), label)
        api.comet.sync()
        task = await api.fetch(seen.task_id)
    assert seen.json["code"] == 1
    assert task["status"] == "MODAL"


async def test_enable_remix_opens_a_window_where_the_action_supports_it() -> None:
    async with opened() as api:
        grid = await api.done("a boat")
        varied = await api.press(grid, "V1", enableRemix=True)
        upscaled = await api.press(grid, "U1", enableRemix=True)
        assert api.comet.tasks[varied.task_id].status == "MODAL"
        assert api.comet.tasks[upscaled.task_id].status == "NOT_START"


async def test_the_modal_answer_repeats_the_id_as_an_integer_and_the_task_goes_on() -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        seen = await api.submit("modal", taskId=task_id, prompt="a boat --v 7 --zoom 1.7")
        assert seen.json == {"code": 1, "description": "提交成功", "result": int(task_id)}
        api.comet.timeline.advance(6)
        assert api.comet.tasks[task_id].progress == 31
        assert api.comet.tasks[task_id].prompt == "a boat --v 7 --zoom 1.7"


async def test_after_a_modal_a_list_has_two_rows_and_fetch_the_stale_one() -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        api.comet.sync()
        await api.submit("modal", taskId=task_id, prompt="a boat --zoom 2")
        api.comet.advance(6)
        rows = await api.list(task_id)
        assert [(row["id"], row["status"], row["progress"]) for row in rows] == [
            (task_id, "MODAL", ""),
            (task_id, "IN_PROGRESS", "31%"),
        ]
        assert (await api.fetch(task_id))["status"] == "MODAL"
        api.comet.advance(20)
        assert [row["status"] for row in await api.list(task_id)] == ["MODAL", "SUCCESS"]
        assert (await api.picture(f"{api.comet.url}/mj/image/{task_id}"))[0] == 403
        api.comet.sync()
        assert [row["status"] for row in await api.list(task_id)] == ["SUCCESS", "SUCCESS"]
        assert (await api.fetch(task_id))["status"] == "SUCCESS"


async def test_a_row_that_was_never_copied_before_its_modal_stays_empty() -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        await api.submit("modal", taskId=task_id, prompt="a boat --zoom 2")
        api.comet.advance(6)
        assert [row["status"] for row in await api.list(task_id)] == ["", "IN_PROGRESS"]


async def test_finish_shows_the_newer_row_at_once_and_the_older_at_the_next_copy() -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        await api.submit("modal", taskId=task_id, prompt="a boat --zoom 2")
        api.comet.finish(task_id)
        assert [row["status"] for row in await api.list(task_id)] == ["", "SUCCESS"]
        api.comet.sync()
        assert [row["status"] for row in await api.list(task_id)] == ["SUCCESS", "SUCCESS"]


@pytest.mark.parametrize("options", [replace(held(), modal_rows=False), held("ancestor")], ids=["gateway", "ancestor"])
async def test_without_the_second_row_there_is_one_live_task(options: CometOptions) -> None:
    async with opened(options) as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        await api.submit("modal", taskId=task_id, prompt="a boat --zoom 2")
        api.comet.advance(6)
        assert [row["progress"] for row in await api.list(task_id)] == ["31%"]


async def test_a_second_modal_and_one_for_a_running_task_are_refused() -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        await api.submit("modal", taskId=task_id, prompt="a boat --zoom 2")
        again = await api.submit("modal", taskId=task_id, prompt="a boat --zoom 2")
        unknown = await api.submit("modal", taskId="1", prompt="x")
        charged = [charge.action for charge in api.comet.charges()]
    assert (again.status, again.json["code"], again.json["description"]) == (200, 4, "关联任务状态错误")
    assert (unknown.status, unknown.json["description"]) == (400, "task_not_found ")
    assert charged == ["IMAGINE", "UPSCALE", "MODAL"]


async def test_without_a_prompt_the_parents_is_drawn() -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        await api.submit("modal", taskId=task_id)
        assert api.comet.tasks[task_id].prompt == "a boat --v 7"


async def test_a_suggestion_waits_for_its_modal_and_draws_what_was_sent() -> None:
    async with opened() as api:
        described = (await api.submit("describe", link="https://a.example/b.png")).task_id
        api.comet.finish(described)
        seen = await api.press(await api.fetch(described), "PicReader::2")
        assert "woodcut" in str(seen.properties["finalPrompt"])
        await api.submit("modal", taskId=seen.task_id, prompt="a fox --v 7")
        assert api.comet.tasks[seen.task_id].prompt == "a fox --v 7"


@pytest.mark.parametrize(
    ("size", "level", "code"),
    [((96, 96), 255, 1), ((96, 95), 255, 4), ((96, 96), 0, 4)],
    ids=["right", "wrong size", "no white"],
)
async def test_strict_masks_have_the_pictures_size_and_some_white(size: tuple[int, int], level: int, code: int) -> None:
    async with opened(replace(held(), strict_masks=True)) as api:
        task_id = (await api.press(await single(api), "Vary (Region)")).task_id
        seen = await api.submit("modal", taskId=task_id, prompt="a hat", maskBase64=mask(size, level))
        assert seen.json["code"] == code
        assert bool(api.comet.tasks[task_id].mask) is (code == 1)


@pytest.mark.parametrize("data", ["data:image/jpeg;base64,AAAA", "data:image/png;base64,%%"])
async def test_a_mask_that_is_no_png_data_uri_is_refused(data: str) -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Vary (Region)")).task_id
        seen = await api.submit("modal", taskId=task_id, prompt="a hat", maskBase64=data)
    assert seen.json["description"] == "base64格式错误"


async def test_an_unanswered_window_stays_modal_until_the_gateway_closes_it() -> None:
    async with opened() as api:
        task_id = (await api.press(await single(api), "Custom Zoom")).task_id
        api.comet.advance(NEVER - 1)
        assert (await api.fetch(task_id))["status"] == "MODAL"
        api.comet.advance(1)
        assert (await api.fetch(task_id))["status"] == "FAILURE"
