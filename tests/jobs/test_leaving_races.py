"""Whoever leaves has left, whatever is under way in that moment; and whoever comes back has not."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import NotAllowed
from bot.jobs.requests import Wish
from bot.model import Kind, Order, Phase, Speed, Status
from tests.jobs.test_leaving import CANARY, ME, YOU, drawn, finished, traces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pytest

    from tests.jobs.conftest import House


async def test_settings_that_are_looked_up_meanwhile_are_not_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, read = house.engine.services, house.database.read
    await services.preferences.change(ME, lambda person: replace(person, remix=True))
    services.preferences.forget(ME)
    has_read, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[sqlite3.Row]:
        rows = await read(sql, parameters)
        if "FROM people" in sql and not has_read.is_set():
            has_read.set()
            await goes_on.wait()
        return rows

    monkeypatch.setattr(house.database, "read", slow)
    looking = asyncio.create_task(services.preferences.person(ME))
    await has_read.wait()
    await services.privacy.erase(ME)
    goes_on.set()
    await looking

    assert not (await services.preferences.person(ME)).remix


async def test_no_word_about_a_job_follows_its_person(house: House) -> None:
    job_id = await house.imagine(CANARY, user_id=ME)
    await house.settle()
    house.api.change(house.api.charges[0].task_id, phase=Phase.RUNNING, progress=40)
    house.clock.advance(20)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    house.discord.closed["remove_answer"] = NotAllowed("no")

    await house.engine.services.privacy.erase(ME)
    house.clock.advance(20)
    await house.engine.reporter.step()
    await house.engine.reporter.drain()

    assert house.discord.progress[job_id] == []


async def test_drawings_that_a_kill_left_behind_go_with_the_next_start(house: House) -> None:
    await finished(house, CANARY, ME)
    for folder, name in (("sheets", "01KKGWX91GS2BQ5879PCK3W7S3.jpg"), ("regions", f"{'ab' * 12}.png")):
        (house.folder / folder).mkdir(exist_ok=True)
        (house.folder / folder / name).write_bytes(drawn("red"))

    await house.restart()

    assert [path for folder in ("sheets", "regions") for path in (house.folder / folder).glob("*")] == []


async def test_who_comes_back_before_the_last_byte_has_gone_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await finished(house, CANARY, ME)
    monkeypatch.setattr("storage.database._READER_TRIES", 2)
    reader = sqlite3.connect(house.folder / "easel.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM jobs").fetchone()
    await house.engine.services.privacy.erase(ME)
    reader.close()
    house.clock.advance(1)
    await house.engine.services.preferences.change(ME, lambda person: replace(person, remix=True))

    await house.restart()
    await house.engine.services.privacy.leaving.step()

    assert (await house.engine.services.preferences.person(ME)).remix
    assert [stone.is_finished for stone in await house.memory.privacy.tombstones()] == [True]
    assert not any(CANARY in trace for trace in traces(house.folder))


async def test_what_others_handed_in_too_stays_as_long_as_they_may_run_that_again(house: House) -> None:
    name = await house.picture("red")
    wish = Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST, order=Order(images=(name,)))
    await house.begin(wish, user_id=ME)
    theirs = await house.begin(wish, user_id=YOU)
    await house.settle()
    for charge in house.api.charges:
        house.api.finish(charge.task_id)
    await house.pass_time(12)

    await house.engine.services.privacy.erase(ME)
    again = await house.engine.services.again.run(house.origin(YOU), theirs)
    await house.engine.services.jobs.answered(again.job.id, 9000)
    await house.settle()
    assert (await house.job(again.job.id)).status is Status.RUNNING

    await house.engine.services.privacy.erase(YOU)
    assert house.engine.inputs.path(name) is None
