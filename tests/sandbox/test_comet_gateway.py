"""The gateway profile by the table of contract 11."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.sandbox.comet_api import buttons, custom_id, faces, held, opened


async def test_an_accepted_imagine_looks_as_documented_and_is_labeled_plain_text() -> None:
    async with opened() as api:
        seen = await api.submit("imagine", prompt="a paper boat --v 6.1")
    assert seen.status == 200
    assert seen.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert seen.json["code"] == 1
    assert seen.json["description"] == "提交成功"
    assert re.fullmatch(r"\d{16}", seen.task_id)
    assert seen.json["properties"] == {
        "discordChannelId": "5e6ca8e1f40e4de6",
        "discordInstanceId": "5e6ca8e1f40e4de6",
    }


@pytest.mark.parametrize("key", ["", "sk-sandbox-key", "Bearer wrong"])
async def test_a_missing_bare_or_wrong_key_gets_the_401_envelope(key: str) -> None:
    async with opened() as api, api.session.get("/mj/task/1/fetch", headers={"Authorization": key}) as answer:
        error = (await answer.json())["error"]
    assert answer.status == 401
    assert error["type"] == "comet_api_error"
    assert "request id" in error["message"]


async def test_the_first_fetch_is_empty_until_the_gateway_has_copied() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat", state="job-42")).task_id
        first = await api.fetch(task_id)
        api.comet.sync()
        second = await api.fetch(task_id)
    assert (first["status"], first["progress"], first["state"]) == ("", "0%", "")
    assert (first["startTime"], first["finishTime"], first["buttons"], first["properties"]) == (0, 0, None, None)
    assert (second["status"], second["progress"], second["state"]) == ("NOT_START", "0%", "job-42")
    assert second["properties"] == {"finalPrompt": "", "finalZhPrompt": ""}


async def test_a_fetch_shows_the_last_copy_and_not_the_truth() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        api.comet.sync()
        api.comet.timeline.advance(9)
        stale = await api.fetch(task_id)
        assert api.comet.tasks[task_id].progress == 46
        api.comet.sync()
        fresh = await api.fetch(task_id)
    assert stale["status"] == "NOT_START"
    assert (fresh["status"], fresh["progress"]) == ("IN_PROGRESS", "46%")


async def test_the_gateway_copies_by_itself_every_sync_seconds() -> None:
    async with opened(replace(held(), sync_seconds=0)) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        assert (await api.fetch(task_id))["status"] == "NOT_START"
        api.comet.timeline.advance(1)
        assert (await api.fetch(task_id))["status"] == "SUBMITTED"


async def test_the_script_goes_through_the_documented_steps() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        steps: list[object] = []
        for _ in range(20):
            api.comet.advance(1)
            row = await api.fetch(task_id)
            step = f"{row['status']} {row['progress']}"
            steps += [step] if step not in steps else []
    assert steps == ["SUBMITTED 0%", *(f"IN_PROGRESS {n}%" for n in (15, 31, 46, 62, 78, 93)), "SUCCESS 100%"]


@pytest.mark.parametrize(("prefix", "seconds"), [("/mj-turbo", 10), ("/mj-fast", 20), ("", 20), ("/mj-relax", 100)])
async def test_the_speed_of_the_path_sets_how_long_a_job_takes(prefix: str, seconds: float) -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prefix, prompt="a boat --relax" if prefix else "a boat")).task_id
        api.comet.advance(seconds - 0.1)
        assert (await api.fetch(task_id))["status"] == "IN_PROGRESS"
        api.comet.advance(0.1)
        assert (await api.fetch(task_id))["status"] == "SUCCESS"


async def test_without_a_prefix_filter_and_flag_choose_the_speed_in_this_order() -> None:
    async with opened() as api:
        flagged = await api.submit("imagine", "", prompt="a boat --turbo")
        body = {"prompt": "a boat --turbo", "accountFilter": {"modes": ["RELAX"]}}
        filtered = await api.post("/mj/submit/imagine", body)
        assert api.comet.tasks[flagged.task_id].speed == "turbo"
        assert api.comet.tasks[filtered.task_id].speed == "relax"


async def test_job_seconds_gives_every_job_that_length() -> None:
    async with opened(replace(held(), job_seconds=30)) as api:
        task_id = (await api.submit("imagine", "/mj-relax", prompt="a boat")).task_id
        api.comet.advance(29.9)
        assert (await api.fetch(task_id))["progress"] == "93%"
        api.comet.advance(0.1)
        assert (await api.fetch(task_id))["status"] == "SUCCESS"


async def test_a_running_task_has_a_new_preview_address_at_each_fetch_and_a_done_one_a_lasting_one() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        api.comet.set_progress(task_id, 46)
        first, second = (await api.fetch(task_id))["imageUrl"], (await api.fetch(task_id))["imageUrl"]
        api.comet.finish(task_id)
        last = (await api.fetch(task_id))["imageUrl"]
    assert str(first).startswith(f"{api.comet.url}/mj/image/{task_id}?rand=")
    assert first != second
    assert last == f"{api.comet.url}/mj/image/{task_id}"


async def test_a_finished_grid_has_nine_buttons_times_and_the_final_prompt() -> None:
    async with opened() as api:
        task = await api.done("a boat --v 7", state="job-42")
    assert faces(task) == ["U1", "U2", "U3", "U4", "🔄", "V1", "V2", "V3", "V4"]
    assert buttons(task)[0]["style"] == 1
    assert buttons(task)[4]["label"] == ""
    assert str(custom_id(task, "🔄")).endswith("::SOLO")
    assert len(custom_id(task, "U1")) == 58
    assert int(str(task["finishTime"])) >= int(str(task["submitTime"])) > 1_700_000_000_000
    assert task["properties"] == {"finalPrompt": "a boat --v 7", "finalZhPrompt": ""}
    assert (task["customId"], task["botType"], task["description"]) == ("", "", "提交成功")


async def test_a_failure_shows_100_percent_no_picture_and_an_empty_list_of_buttons() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        api.comet.fail(task_id, "Image denied")
        task = await api.fetch(task_id)
    assert (task["status"], task["progress"], task["failReason"]) == ("FAILURE", "100%", "Image denied")
    assert (task["imageUrl"], task["buttons"]) == ("", [])
    assert task["finishTime"]


async def test_an_unknown_task_is_400_at_fetch_and_missing_in_a_list() -> None:
    async with opened() as api:
        seen = await api.get("/mj/task/123/fetch")
        known = (await api.submit("imagine", prompt="a boat")).task_id
        assert [row["id"] for row in await api.list("123", known)] == [known]
    assert seen.status == 400
    assert seen.json == {"description": "task_no_found ", "type": "upstream_error", "code": 4}


@pytest.mark.parametrize(
    ("task", "button", "words"),
    [
        ("unknown", "MJ::JOB::upsample::1::x", "task_not_found"),
        ("running", "MJ::JOB::upsample::1::x", "task_status_not_success"),
        ("done", "MJ::BOOKMARK::x", "unknown_action:MJ::BOOKMARK::x"),
        ("done", "", "custom_id_is_required"),
        ("", "MJ::JOB::upsample::1::x", "task_id_is_required"),
    ],
)
async def test_a_bad_press_is_a_400_of_the_gateway(task: str, button: str, words: str) -> None:
    async with opened() as api:
        ids = {
            "unknown": "123",
            "": "",
            "running": (await api.submit("imagine", prompt="a boat")).task_id,
            "done": str((await api.done("a boat"))["id"]),
        }
        seen = await api.submit("action", taskId=ids[task], customId=button)
    assert seen.status == 400
    assert seen.json["description"] == f"{words} "


async def test_a_button_that_is_not_on_that_task_is_refused_with_code_4() -> None:
    async with opened() as api:
        first, second = await api.done("a boat"), await api.done("a fox")
        seen = await api.submit("action", taskId=second["id"], customId=custom_id(first, "U1"))
        charges = len(api.comet.ledger)
    assert (seen.status, seen.json["code"]) == (200, 4)
    assert charges == 2


@pytest.mark.parametrize("path", ["/mj/task/1/cancel", "/mj/task/query", "/mj/submit/change", "/mj/insight-face/swap"])
async def test_what_comet_does_not_route_is_404(path: str) -> None:
    async with opened() as api:
        assert (await api.post(path, {})).status == 404


async def test_a_path_outside_mj_is_a_web_page() -> None:
    async with opened() as api:
        seen = await api.get("/v2/mj")
    assert seen.status == 404
    assert seen.headers["Content-Type"].startswith("text/html")


async def test_a_task_that_never_ends_is_failed_by_the_gateway_after_an_hour() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat [[stuck]]")).task_id
        api.comet.advance(3599)
        assert (await api.fetch(task_id))["status"] == "SUBMITTED"
        api.comet.advance(1)
        task = await api.fetch(task_id)
    assert (task["status"], task["failReason"]) == ("FAILURE", "上游任务超时（超过1小时）")


async def test_requests_over_the_rate_limit_get_429() -> None:
    async with opened(replace(held(), rate_limit=2)) as api:
        statuses = [(await api.get("/mj/task/1/fetch")).status for _ in range(4)]
    assert statuses == [400, 400, 429, 429]


async def test_requests_are_counted_by_kind_and_route_whatever_the_prefix() -> None:
    async with opened() as api:
        task = await api.done("a boat")
        await api.submit("imagine", "/mj-turbo", prompt="")
        await api.list(str(task["id"]))
        counted = api.comet.requests
        assert (counted.submits, counted.fetches, counted.lists, counted.images) == (2, 1, 1, 0)
        assert counted.by_route["POST /mj/submit/imagine"] == 2
        counted.reset()
        assert (counted.submits, counted.by_route.total()) == (0, 0)


async def test_after_stop_listening_connections_are_refused_and_listen_again_takes_the_same_port() -> None:
    async with opened() as api:
        url = api.comet.url
        await api.comet.stop_listening()
        with pytest.raises(OSError, match=r"refused|Cannot connect"):
            await api.picture(f"{url}/mj/image/1")
        await api.comet.listen_again()
        assert api.comet.url == url
        assert (await api.picture(f"{url}/mj/image/1"))[0] == 400
