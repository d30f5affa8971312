"""A sandbox of the API that is started again on its folder: jobs go on, buttons work, money stays spent."""

from __future__ import annotations

import json
import time
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from sandbox.comet import CometOptions, Fault
from sandbox.comet.keeping import KeptRun, KeptTask
from sandbox.comet.tasks import Run, Task
from sandbox.comet.timeline import Timeline
from tests.sandbox.comet_api import buttons, faces
from tests.sandbox.kept_ground import FAST, api_file, content, kept
from tests.sandbox.test_comet_hooks import receiver

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.comet_api import Payload
    from tests.sandbox.kept_ground import Ground

SLOW = CometOptions(sync_seconds=0, pace=1.0, picture_size=96)


async def over(ground: Ground, task_id: str) -> Payload:
    """Let all jobs come to their ends, and return one."""
    ground.comet.advance(60)
    return await ground.api.fetch(task_id)


async def test_nothing_that_is_kept_changes_by_a_restart(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        grid = await ground.api.done("a fox [[image-404:1]] --ar 3:2 --v 7", state="job 1")
        await ground.api.pressed(grid, "U2")
        await ground.api.submit("describe", base64="aGVsbG8=")
        window = (await ground.api.press(await ground.api.pressed(grid, "U1"), "Custom Zoom")).task_id
        await ground.api.submit("modal", taskId=window, prompt="a fox --zoom 2", maskBase64="aGk=")
        ground.comet.fail((await ground.api.submit("imagine", prompt="a hen")).task_id, "no hens")
        assert len(ground.comet.tasks) == 6
    before = content(api_file(tmp_path))
    async with kept(tmp_path) as ground:
        assert len(ground.comet.tasks) == 6
        assert before == content(api_file(tmp_path))


async def test_a_job_under_way_when_the_sandbox_ends_is_finished_when_it_comes_again(tmp_path: Path) -> None:
    async with kept(tmp_path, comet=SLOW) as ground:
        task_id = (await ground.api.submit("imagine", prompt="a fox")).task_id
        ground.comet.advance(9)
        assert (await ground.api.fetch(task_id))["progress"] == "46%"
    turn_back(api_file(tmp_path), seconds=30)
    async with kept(tmp_path, comet=SLOW) as ground:
        task = await ground.api.fetch(task_id)
        assert (task["status"], task["progress"]) == ("SUCCESS", "100%")
        assert faces(task)[:4] == ["U1", "U2", "U3", "U4"]
        finished = task["finishTime"]
        assert isinstance(finished, int)
        assert finished < time.time() * 1000 - 15_000


async def test_a_job_that_was_held_goes_on_at_the_usual_rate_from_the_end_on(tmp_path: Path) -> None:
    async with kept(tmp_path, comet=SLOW) as ground:
        ground.comet.hold()
        task_id = (await ground.api.submit("imagine", prompt="a fox")).task_id
        ground.comet.set_progress(task_id, 46)
    turn_back(api_file(tmp_path), seconds=4)
    async with kept(tmp_path, comet=SLOW) as ground:
        assert ground.comet.rate == 1.0
        assert (await ground.api.fetch(task_id))["progress"] == "62%"


def turn_back(path: Path, seconds: float) -> None:
    """Let what is kept be this much older, as if the sandbox had been down for so long."""
    whole = json.loads(path.read_text())
    whole["saved_at"] -= seconds
    whole["head"]["course"]["epoch"] -= seconds
    path.write_text(json.dumps(whole))


async def test_buttons_of_old_pictures_still_work_and_cost_once(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        grid = await ground.api.done("a fox")
        await ground.api.pressed(grid, "V1")
    async with kept(tmp_path) as ground:
        assert len(ground.comet.ledger) == 2
        styles = {str(entry["label"]): entry["style"] for entry in buttons(await ground.api.fetch(str(grid["id"])))}
        assert (styles["V1"], styles["V2"]) == (1, 2)
        single = await ground.api.pressed(grid, "U3")
        assert single["status"] == "SUCCESS"
        assert [charge.action for charge in ground.comet.ledger] == ["IMAGINE", "VARIATION", "UPSCALE"]
        assert ground.comet.tasks[str(single["id"])].parent_id == grid["id"]


async def test_pictures_come_out_the_same_at_the_same_address(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        grid = await ground.api.done("a fox")
        seen = await ground.api.picture(str(grid["imageUrl"]))
        film = await ground.api.done("a fox --video")
        moving = await ground.api.picture(str(film["imageUrl"]))
    async with kept(tmp_path) as ground:
        assert await ground.api.picture(str(grid["imageUrl"])) == seen
        assert await ground.api.picture(str(film["imageUrl"])) == moving
        assert (seen[1], moving[1]) == ("image/png", "video/mp4")


async def test_a_window_that_waits_for_its_modal_can_still_be_filled_in(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        single = await ground.api.pressed(await ground.api.done("a fox --v 7"), "U1")
        window = (await ground.api.press(single, "Custom Zoom")).task_id
    async with kept(tmp_path) as ground:
        assert (await ground.api.submit("modal", taskId=window, prompt="a fox --zoom 2")).json["code"] == 1
        ground.comet.advance(60)
        assert ground.comet.tasks[window].status == "SUCCESS"


async def test_money_is_given_back_for_a_job_that_fails_after_the_restart_and_only_once(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        ground.comet.hold()
        failing = (await ground.api.submit("imagine", prompt="a hen [[failed]]")).task_id
        assert ground.comet.ledger.spent_usd > 0
    async with kept(tmp_path) as ground:
        assert (await over(ground, failing))["status"] == "FAILURE"
        assert [charge.refunded for charge in ground.comet.ledger] == [True]
    async with kept(tmp_path) as ground:
        assert [charge.refunded for charge in ground.comet.ledger] == [True]
        assert ground.comet.ledger.spent_usd == 0


async def test_the_balance_stays_spent(tmp_path: Path) -> None:
    poor = replace(FAST, balance_usd=0.06)
    async with kept(tmp_path, comet=poor) as ground:
        await ground.api.done("a fox")
    async with kept(tmp_path, comet=poor) as ground:
        assert (await ground.api.submit("imagine", prompt="a fox")).status == 400


async def test_a_marker_that_has_struck_does_not_strike_again_and_switches_are_off(tmp_path: Path) -> None:
    async with kept(tmp_path) as ground:
        ground.comet.faults.set(Fault.UNAUTHORIZED, times=None)
        ground.comet.faults.clear(Fault.UNAUTHORIZED)
        ground.comet.faults.set(Fault.QUEUE_FULL, times=None, on="blend")
        refused = await ground.api.submit("imagine", prompt="a fox [[queue-full:1]]", state="job 1")
        assert refused.json["code"] != 1
    async with kept(tmp_path) as ground:
        assert ground.comet.faults.active == frozenset()
        taken = await ground.api.submit("imagine", prompt="a fox [[queue-full:1]]", state="job 1")
        assert taken.json["code"] == 1


async def test_hooks_of_a_job_under_way_are_called_after_the_restart_and_none_of_one_that_is_over(
    tmp_path: Path,
) -> None:
    proxy = replace(SLOW, profile="ancestor")
    async with receiver() as hook:
        async with kept(tmp_path, comet=proxy) as ground:
            over = (await ground.api.submit("imagine", "", prompt="a boat", notifyHook=hook.url)).task_id
            await hook.until(1)
            ground.comet.finish(over)
            await hook.until(2)
            under_way = (await ground.api.submit("imagine", "", prompt="a boat", notifyHook=hook.url)).task_id
        heard = len(hook.bodies)
        async with kept(tmp_path, comet=proxy) as ground:
            ground.comet.finish(under_way)
            await hook.until(heard + 1)
            assert {body["id"] for body in hook.bodies[heard:]} == {under_way}


def test_every_field_of_a_task_is_kept_or_known_to_be_something_else() -> None:
    known = {"timeline", "_buttons", "looks"}  # how often it was looked at is counted anew
    assert {field.name for field in fields(Task)} - known == {field.name for field in fields(KeptTask)}
    assert {field.name for field in fields(Run)} - {"script"} == {field.name for field in fields(KeptRun)} - {"steps"}


def test_a_timeline_goes_on_even_if_the_clock_on_the_wall_went_back() -> None:
    old = Timeline(0.0)
    old.advance(100)
    course = old.course()
    new = Timeline(0.0)
    new.go_on(replace(course, epoch=time.time() + 3600), left_at=50.0)
    assert new.now() >= 50.0
    assert new.script_time(new.now()) >= 150.0
