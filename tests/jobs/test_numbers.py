"""What happens to jobs moves the numbers, leaves a line for every move, and puts nothing of anybody into either."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot import log
from bot.errors import CometAuth, CometBanned, CometUncertain, DiscordUnavailable, NotAccepted, NotAllowed
from bot.model import TRANSITIONS, Speed, Status
from tests.numbers import numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.jobs.conftest import House

PROMPT = "a canary-7f3a in a coal mine"


def moved(house: House, name: str) -> dict[str, float]:
    """Return the series of a name that are not 0, by their labels."""
    series = numbers_of(house.metrics)
    return {key.removeprefix(name): value for key, value in series.items() if key.startswith(name) and value}


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Return what the log writes, as for machines."""
    root = logging.getLogger()
    stream, level = StringIO(), root.level
    log.configure("INFO", "json", stream=stream)
    yield stream
    for handler in [handler for handler in root.handlers if isinstance(handler, log.SafeHandler)]:
        root.removeHandler(handler)
    for name in ("", "bot", "cogs", "storage", "__main__", "discord", "aiosqlite", "PIL"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    root.setLevel(level)
    logging.captureWarnings(capture=False)


# The numbers ---------------------------------------------------------------------------------------------------------


async def test_a_job_that_succeeds_is_counted_from_its_submit_to_its_delivery(house: House) -> None:
    await house.finished()

    assert moved(house, "easel_jobs_total") == {'{action="imagine",outcome="succeeded"}': 1}
    assert moved(house, "easel_submit_outcome_total") == {'{class="accepted"}': 1}
    assert moved(house, "easel_delivery_total") == {'{result="delivered"}': 1}
    assert moved(house, "easel_delivery_seconds_count") == {"": 1}
    assert moved(house, "easel_poll_lag_seconds_count")[""] >= 1
    assert moved(house, "easel_delivery_put_off_total") == {}


async def test_how_long_a_finish_went_unseen_is_timed_by_the_api_s_own_clock(house: House) -> None:
    _, task_id = await house.running()
    house.api.finish(task_id)
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], finished_at=house.clock.now())
    house.clock.advance(30)
    await house.settle()

    assert moved(house, "easel_finish_to_seen_seconds_sum") == {"": 30}


async def test_a_job_that_is_refused_and_one_of_unknown_outcome_are_told_apart(house: House) -> None:
    house.api.refusals.append(CometBanned("no", word="canary-7f3a"))
    await house.imagine()
    await house.settle()
    house.api.lost_answers.append(CometUncertain("lost"))
    await house.imagine()
    await house.settle()

    assert moved(house, "easel_jobs_total") == {
        '{action="imagine",outcome="failed"}': 1,
        '{action="imagine",outcome="unknown"}': 1,
    }
    assert moved(house, "easel_submit_outcome_total") == {'{class="refused"}': 1, '{class="unknown"}': 1}


async def test_a_submit_that_a_kill_interrupted_is_counted_as_unknown_when_it_is_found(house: House) -> None:
    house.api.hold()
    job_id = await house.imagine()
    await house.engine.submitter.step()
    await house.api.until_charged(1)

    await house.restart()

    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert moved(house, "easel_jobs_total") == {'{action="imagine",outcome="unknown"}': 1}


async def test_a_second_press_that_makes_no_second_job_is_counted(house: House) -> None:
    job_id = await house.finished()
    for _ in range(2):
        await house.press(job_id, 0)

    assert moved(house, "easel_duplicate_prevented_total") == {'{kind="shared"}': 1}


async def test_the_gate_says_what_is_wrong_once_that_is_known_and_when_it_is_over(house: House) -> None:
    assert house.engine.api_fault is None  # nothing has been asked yet
    house.api.key_errors.append(CometAuth("bad key"))
    await house.imagine()
    await house.settle()
    assert house.engine.api_fault == "bad_key"
    assert moved(house, "easel_api_breaker_state") == {'{cause="bad_key"}': 1}

    await house.pass_time(31)

    assert house.engine.api_fault is None
    assert moved(house, "easel_api_breaker_state") == {}


async def test_a_delivery_that_fails_and_one_that_is_found_in_its_channel_are_counted(house: House) -> None:
    house.discord.after["post"].append(DiscordUnavailable("lost on the way back"))
    await house.finished()
    await house.pass_time(30)

    assert moved(house, "easel_delivery_put_off_total") == {"": 1}
    assert moved(house, "easel_history_reconcile_total") == {'{result="found"}': 1}
    assert moved(house, "easel_delivery_total") == {'{result="delivered"}': 1}


@pytest.mark.parametrize(("may_look", "result"), [(True, "not_found"), (False, "forbidden")])
async def test_a_look_into_a_channel_that_finds_nothing_is_counted(
    house: House, *, may_look: bool, result: str
) -> None:
    house.discord.before["post"].append(DiscordUnavailable("gone"))
    if not may_look:
        house.discord.closed["find_post"] = NotAllowed("50001")
    await house.finished()
    await house.pass_time(30)

    assert moved(house, "easel_history_reconcile_total") == {f'{{result="{result}"}}': 1}


async def test_without_room_on_the_disk_nobody_is_charged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.room.LEAST_FREE", 2**80)

    with pytest.raises(NotAccepted, match="nothing was sent"):
        await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    await house.pass_time(5)

    assert house.api.charges == []


# The log -------------------------------------------------------------------------------------------------------------


async def test_every_move_leaves_a_line_and_the_lines_are_the_whole_history(house: House, written: StringIO) -> None:
    done = await house.finished(PROMPT)
    house.api.lost_answers.append(CometUncertain("lost"))
    lost = await house.imagine(PROMPT)
    await house.settle()
    answers = await house.engine.services.jobs.imagine(house.origin(), PROMPT, Speed.FAST)
    await house.engine.services.jobs.withdraw(answers.job.id)

    records = [json.loads(line) for line in written.getvalue().splitlines()]
    moves = [record for record in records if record.get("action") == "move"]
    assert {record["level"] for record in moves} == {"INFO"}
    for job_id in (done, lost, answers.job.id):
        path = [(record["from"], record["to"]) for record in moves if record["job"] == job_id]
        assert path[0] == ("nothing", "queued")
        assert path[-1][1] == (await house.job(job_id)).status
        for (_, reached), (source, target) in pairwise(path):
            assert source == reached
            assert Status(target) in TRANSITIONS[Status(source)]
    assert {record["kind"] for record in moves} == {"imagine"}
    assert all("ts" in record and "logger" in record and record["message"] for record in records)


async def test_a_kill_is_a_move_too(house: House, written: StringIO) -> None:
    house.api.hold()
    job_id = await house.imagine()
    await house.engine.submitter.step()
    await house.api.until_charged(1)

    await house.restart()

    moves = [record for line in written.getvalue().splitlines() if (record := json.loads(line)).get("action") == "move"]
    path = [record["to"] for record in moves if record["job"] == job_id]
    assert path == ["queued", "submitting", "unknown"]


async def test_nothing_that_a_person_wrote_or_that_is_secret_gets_into_numbers_or_lines(
    house: House, written: StringIO
) -> None:
    await house.finished(PROMPT)
    house.api.refusals.append(CometBanned("no", word="canary-7f3a"))
    await house.imagine(PROMPT)
    await house.settle()
    failing = await house.running(PROMPT)
    house.api.fail(failing[1], "blocked")
    await house.pass_time(12)

    text = house.metrics.text().decode()
    moves = [line for line in written.getvalue().splitlines() if '"move"' in line]
    for canary in ("canary-7f3a", "token-1", failing[1], house.origin().interaction_token):
        assert canary not in text
        assert not [line for line in moves if canary in line]
    assert failing[0] not in text
