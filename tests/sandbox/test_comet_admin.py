"""The sandbox's own routes: state, faults, ledger, clock, tasks."""

from __future__ import annotations

import pytest

from sandbox.comet import Fault
from tests.sandbox.comet_api import opened


async def test_the_state_needs_no_key_and_tells_tasks_faults_and_money() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        status, _, body = await api.picture(f"{api.comet.url}/_sandbox/state")
        state = (await api.get("/_sandbox/state")).json
        (charge,) = (await api.get("/_sandbox/ledger")).rows
    assert status == 200
    assert task_id.encode() in body
    assert (state["profile"], state["charges"], state["spent_usd"]) == ("gateway", 1, 0.056)
    assert charge["task_id"] == task_id


async def test_faults_are_switched_over_http_even_in_an_outage() -> None:
    async with opened() as api:
        on = await api.post("/_sandbox/faults", {"fault": "outage"})
        assert on.json["active"] == ["outage"]
        assert on.json["all"] == list(Fault)
        async with api.session.delete("/_sandbox/faults", params={"fault": "outage"}) as answer:
            assert (await answer.json())["active"] == []
        await api.post("/_sandbox/faults", {"fault": "queue-full", "times": 1, "on": "imagine"})
        codes = [(await api.submit("imagine", prompt="a")).json["code"] for _ in range(2)]
    assert codes == [9, 1]


async def test_the_clock_and_tasks_are_steered_over_http() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        for body, shown in (
            ({"do": "progress", "percent": 46}, "IN_PROGRESS"),
            ({"do": "fail", "reason": "no"}, "FAILURE"),
            ({"do": "finish"}, "SUCCESS"),
        ):
            await api.post(f"/_sandbox/tasks/{task_id}", body)
            assert (await api.fetch(task_id))["status"] == shown
        other = (await api.submit("imagine", prompt="a fox")).task_id
        await api.post("/_sandbox/clock", {"do": "advance", "seconds": 6})
        assert (await api.fetch(other))["progress"] == "31%"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("faults", {"fault": "nonsense"}, 400),
        ("clock", {"do": "nonsense"}, 400),
        ("clock", [], 400),
        ("tasks/1", {"do": "finish"}, 404),
    ],
)
async def test_nonsense_is_refused(path: str, body: object, status: int) -> None:
    async with opened() as api:
        assert (await api.post(f"/_sandbox/{path}", body)).status == status
