"""Each fault switch, by switch and by marker (contract 11)."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.comet import Fault, faults
from sandbox.comet.faults import STAGES, Stage
from tests.sandbox.comet_api import held, opened

if TYPE_CHECKING:
    from tests.sandbox.comet_api import Api, Payload

CREATED = [fault for fault in Fault if STAGES[fault] is Stage.AFTER]
NOT_CREATED = [fault for fault in Fault if STAGES[fault] is Stage.BEFORE]
RESETS = {Fault.RESET_BEFORE, Fault.RESET_AFTER, Fault.HALF_BODY, Fault.HANG}


async def attempt(api: Api, prompt: str = "a boat", **body: object) -> tuple[int, str]:
    """Imagine; return status and text, or 0 and the error if there was no whole answer."""
    try:
        async with api.session.post(
            "/mj-fast/mj/submit/imagine",
            json={"prompt": prompt} | body,
            timeout=aiohttp.ClientTimeout(total=1.5),
            allow_redirects=False,
        ) as answer:
            return answer.status, await answer.text()
    except (aiohttp.ClientError, TimeoutError) as error:
        return 0, type(error).__name__


def test_the_table_names_every_fault_once() -> None:
    table = faults.__doc__ or ""
    assert [fault for fault in Fault if table.count(f"\n``{fault}`` ") != 1] == []


def test_the_table_says_of_every_fault_of_answers_whether_the_job_was_created() -> None:
    lines = {line.split("``")[1]: line.split() for line in (faults.__doc__ or "").splitlines() if line.startswith("``")}
    said = {fault: "yes" in lines[fault] for fault in [*CREATED, *NOT_CREATED]}
    assert said == dict.fromkeys(CREATED, True) | dict.fromkeys(NOT_CREATED, False)


@pytest.mark.parametrize("fault", [fault for fault in CREATED if fault is not Fault.HANG])
async def test_a_fault_after_the_fact_leaves_a_job_and_a_charge(fault: Fault) -> None:
    async with opened() as api:
        api.comet.faults.set(fault, seconds=0.01)
        status, text = await attempt(api)
        assert len(api.comet.tasks) == len(api.comet.ledger) == 1
        assert not api.comet.faults.active
        assert (await attempt(api))[0] == 200
    assert (status == 0) is (fault in RESETS)
    if status:
        assert text != "" or fault is Fault.EMPTY_BODY


@pytest.mark.parametrize("fault", [fault for fault in NOT_CREATED if fault not in {Fault.CODE_3, Fault.CODE_4}])
async def test_a_fault_before_the_fact_leaves_neither(fault: Fault) -> None:
    async with opened() as api:
        api.comet.faults.set(fault)
        status, _ = await attempt(api)
        assert not api.comet.tasks
        assert not api.comet.ledger
        assert (await attempt(api))[0] == 200
        assert len(api.comet.tasks) == 1
    assert (status == 0) is (fault in RESETS)


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (Fault.BANNED, 200, '"code":24'),
        (Fault.QUEUE_FULL, 200, '"code":9'),
        (Fault.QUEUE_REJECTED, 200, '"code":23'),
        (Fault.UNAUTHORIZED, 401, "invalid token"),
        (Fault.QUOTA, 400, "quota_not_enough "),
        (Fault.RATE_LIMITED, 429, "comet_api_error"),
        (Fault.RATE_LIMITED_BARE, 429, "comet_api_error"),
        (Fault.SERVER_ERROR, 500, "comet_api_error"),
        (Fault.INVALID_REQUEST, 500, '"code":"invalid_request"'),
        (Fault.UNAVAILABLE, 503, "comet_api_error"),
        (Fault.ACCOUNT_DISABLED, 400, "该任务所属渠道已被禁用"),
        (Fault.HTML_200, 200, "<!DOCTYPE html>"),
        (Fault.REDIRECT, 301, ""),
        (Fault.UNKNOWN_CODE, 200, '"code":77'),
        (Fault.TIMEOUT_524, 524, "<!DOCTYPE html>"),
        (Fault.NULL_BODY, 200, "null"),
        (Fault.EMPTY_BODY, 204, ""),
        (Fault.INVALID_JSON, 200, '{"code":1,"description":'),
        (Fault.NO_RESULT, 200, '"result":null'),
        (Fault.WRONG_TYPES, 200, '"code":[1]'),
        (Fault.INTEGER_RESULT, 200, '"result":1'),
        (Fault.LIST_RESULT, 200, '"result":["1'),
        (Fault.COMMA_RESULT, 200, ","),
    ],
)
async def test_the_answer_of_a_fault(fault: Fault, status: int, words: str) -> None:
    async with opened() as api:
        seen, text = await attempt(api, f"a boat [[{fault}]]")
    assert seen == status
    assert words in text


async def test_a_banned_prompt_names_the_word_the_marker_gave() -> None:
    async with opened() as api:
        _, text = await attempt(api, "a grass boat [[banned:grass]]")
    assert json.loads(text) == {
        "code": 24,
        "description": "可能包含敏感词",
        "properties": {"promptEn": "a grass boat", "bannedWord": "grass"},
    }


async def test_429_says_when_to_come_back_unless_bare() -> None:
    async with opened() as api:
        api.comet.faults.set(Fault.RATE_LIMITED, seconds=7)
        assert (await api.submit("imagine", prompt="a")).headers["Retry-After"] == "7"
        api.comet.faults.set(Fault.RATE_LIMITED_BARE)
        assert "Retry-After" not in (await api.submit("imagine", prompt="a")).headers


async def test_a_hanging_answer_outlasts_the_client_and_the_job_exists() -> None:
    async with opened() as api:
        api.comet.faults.set(Fault.HANG)
        asking = asyncio.create_task(api.submit("imagine", "", prompt="a"))
        await api.comet.ledger.reaches(1)  # only now: a busy machine may need long to hand the request over
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asking
        assert len(api.comet.ledger) == 1


async def test_hanging_answers_do_not_keep_the_sandbox_from_closing() -> None:
    async with opened() as api:
        api.comet.faults.set(Fault.HANG, times=None)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with api.session.post(
                    "/mj/submit/imagine", json={"prompt": "a"}, timeout=aiohttp.ClientTimeout(total=0.02)
                ):
                    pass
        await api.comet.stop()


@pytest.mark.parametrize(
    ("fault", "seconds", "shown"),
    [
        (Fault.BANNED_LATER, 3, "FAILURE 100% Banned prompt detected"),
        (Fault.INVALID_PARAMETER, 3, "FAILURE 100% [Invalid parameter]"),
        (Fault.FAILED, 3, "FAILURE 100% 任务失败，请重试"),
        (Fault.STUCK_SUBMITTED, 3000, "SUBMITTED 0% "),
        (Fault.STUCK_AT_100, 9000, "IN_PROGRESS 100% "),
        (Fault.PROGRESS_BACK, 9, "IN_PROGRESS 31% "),
        (Fault.NO_IMAGE, 20, "SUCCESS 100% "),
    ],
)
async def test_a_fault_of_the_job_shows_in_the_task(fault: Fault, seconds: float, shown: str) -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt=f"a boat [[{fault}]]")).task_id
        api.comet.advance(seconds)
        task = await api.fetch(task_id)
    assert f"{task['status']} {task['progress']} {task['failReason']}".startswith(shown)
    assert bool(task["imageUrl"]) is (fault in {Fault.STUCK_AT_100, Fault.PROGRESS_BACK})


async def test_progress_goes_back_and_still_ends() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat [[progress-back]]")).task_id
        seen: list[int] = []
        for _ in range(7):
            api.comet.advance(3)
            seen.append(api.comet.tasks[task_id].progress or 0)
    assert seen == [15, 46, 31, 78, 15, 93, 100]


async def test_a_lost_task_is_charged_and_unknown_until_it_is_found_again() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat [[lost]]")).task_id
        assert (await api.get(f"/mj/task/{task_id}/fetch")).status == 400
        assert await api.list(task_id) == []
        assert len(api.comet.ledger) == 1
        api.comet.finish(task_id)
        assert (await api.fetch(task_id))["status"] == "SUCCESS"


@pytest.mark.parametrize(("fault", "code"), [(Fault.CODE_3, 3), (Fault.CODE_4, 4)])
async def test_codes_3_and_4_strike_an_action_once_and_no_imagine(fault: Fault, code: int) -> None:
    async with opened() as api:
        grid = await api.done(f"a boat [[{fault}]]")
        assert (await api.press(grid, "U1", state="job-1")).json["code"] == code
        assert (await api.press(grid, "U1", state="job-1")).json["code"] == 1
        api.comet.faults.set(fault)
        assert (await api.submit("imagine", prompt="a")).json["code"] == 1
        assert (await api.press(grid, "U2", state="job-2")).json["code"] == code


async def test_a_marker_for_actions_lets_the_imagine_pass() -> None:
    async with opened() as api:
        grid = await api.done("a boat [[action:banned-later]]")
        child = (await api.press(grid, "V1")).task_id
        api.comet.advance(3)
        task = await api.fetch(child)
    assert grid["status"] == "SUCCESS"
    assert task["status"] == "FAILURE"


async def test_a_marker_of_an_imagine_does_not_follow_to_its_children() -> None:
    async with opened() as api:
        grid = await api.done("a boat [[image-404]]")
        single = await api.pressed(grid, "U1")
        assert (await api.picture(str(grid["imageUrl"])))[0] == 404
        assert (await api.picture(str(single["imageUrl"])))[0] == 200


async def test_a_marker_counts_per_state_so_that_a_retried_job_gets_through() -> None:
    async with opened() as api:
        codes = [
            (await api.submit("imagine", prompt="a boat [[queue-full]]", state=state)).json["code"]
            for state in ("1", "1", "1", "2")
        ]
        assert codes == [9, 9, 1, 9]
        many = [(await api.submit("imagine", prompt="a [[queue-full:3]]")).json["code"] for _ in range(4)]
    assert many == [9, 9, 9, 1]


async def test_times_after_and_clear() -> None:
    async with opened() as api:
        api.comet.faults.set(Fault.QUEUE_FULL, times=2, after=1)
        codes = [(await api.submit("imagine", prompt="a")).json["code"] for _ in range(4)]
        assert codes == [1, 9, 9, 1]
        api.comet.faults.set(Fault.QUEUE_FULL, times=None)
        assert {(await api.submit("imagine", prompt="a")).json["code"] for _ in range(4)} == {9}
        assert api.comet.faults.active == {Fault.QUEUE_FULL}
        api.comet.faults.clear()
        assert (await api.submit("imagine", prompt="a")).json["code"] == 1


async def test_a_fault_can_be_put_on_one_kind_of_request() -> None:
    async with opened() as api:
        grid = await api.done("a boat")
        api.comet.faults.set(Fault.UNAVAILABLE, times=None, on="action")
        assert (await api.submit("imagine", prompt="a")).status == 200
        assert (await api.press(grid, "U1")).status == 503
        api.comet.faults.clear()
        api.comet.faults.set(Fault.UNAUTHORIZED, times=None, on="any")
        assert (await api.get(f"/mj/task/{grid['id']}/fetch")).status == 401
        assert (await api.submit("imagine", prompt="a")).status == 401
        api.comet.faults.clear()
        api.comet.faults.set(Fault.NULL_BODY, on="fetch")
        assert (await api.get(f"/mj/task/{grid['id']}/fetch")).text == "null"


async def test_a_fetch_outage_leaves_submits_alone() -> None:
    async with opened() as api:
        api.comet.faults.set(Fault.FETCH_OUTAGE, times=None)
        task_id = (await api.submit("imagine", prompt="a")).task_id
        assert (await api.get(f"/mj/task/{task_id}/fetch")).status == 503
        assert (await api.post("/mj/task/list-by-condition", {"ids": [task_id]})).status == 503


async def test_lists_can_be_refused_malformed_or_short() -> None:
    async with opened() as api:
        ids = [(await api.submit("imagine", prompt="a")).task_id for _ in range(4)]
        body: Payload = {"ids": ids}
        api.comet.faults.set(Fault.LIST_REFUSED)
        assert (await api.post("/mj/task/list-by-condition", body)).json["description"] == "do_request_failed "
        api.comet.faults.set(Fault.LIST_MALFORMED)
        assert isinstance((await api.post("/mj/task/list-by-condition", body)).json, dict)
        api.comet.faults.set(Fault.LIST_MISSING_IDS)
        assert {row["id"] for row in await api.list(*ids)} == {ids[1], ids[3]}
        assert len(await api.list(*ids)) == 4


async def test_an_outage_drops_every_connection_until_it_is_over() -> None:
    async with opened() as api:
        api.comet.faults.set(Fault.OUTAGE, times=None)
        for _ in range(3):
            assert (await attempt(api))[0] == 0
        with pytest.raises(aiohttp.ClientError):
            await api.get("/mj/task/1/fetch")
        assert not api.comet.tasks
        api.comet.faults.clear(Fault.OUTAGE)
        assert (await attempt(api))[0] == 200


async def test_the_queued_code_is_rewritten_by_the_gateway_but_the_number_survives() -> None:
    async with opened() as api:
        seen = await api.submit("imagine", prompt="a [[queued]]")
    assert seen.json["code"] == 1
    assert seen.json["properties"] == {"numberOfQueues": 1, "discordInstanceId": "5e6ca8e1f40e4de6"}


async def test_an_unknown_marker_is_just_text() -> None:
    async with opened() as api:
        task = await api.done("a boat [[nonsense]] [[outage]]")
    assert task["status"] == "SUCCESS"


async def test_latency_is_waited_before_the_answer() -> None:
    async with opened(replace(held(), latency_seconds=5)) as api:
        with pytest.raises(TimeoutError):
            async with api.session.post(
                "/mj/submit/imagine", json={"prompt": "a"}, timeout=aiohttp.ClientTimeout(total=0.05)
            ):
                pass
        assert api.comet.requests.submits == 1
