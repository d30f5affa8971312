"""A person who leaves: nothing of theirs is kept anywhere, nothing is paid for them, and no backup brings them back."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest
from PIL import Image

from bot.errors import NotAllowed, StorageError
from bot.jobs.privacy import leaving
from bot.jobs.requests import Wish
from bot.model import Accepted, Entry, Kind, Order, Phase, Speed, Status
from tests.fakes import GRID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.model import Job
    from tests.jobs.conftest import House

ME: Final = 80351110224678912
YOU: Final = 80351110224678913
CANARY: Final = "canary in the coal mine"


def drawn(color: str) -> bytes:
    """Return a picture of one color."""
    file = BytesIO()
    Image.new("RGB", (64, 64), color).save(file, "PNG")
    return file.getvalue()


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def traces(folder: Path, *more: str) -> list[str]:
    """Return where a person still is, in any file or in its name."""
    wanted = [CANARY.encode(), ME.to_bytes(8), str(ME).encode(), *(text.encode() for text in more)]
    return [
        f"{path.relative_to(folder)}: {text!r}"
        for path in files(folder)
        for text in wanted
        if text in path.read_bytes() or text in path.name.encode()
    ]


async def finished(house: House, prompt: str, user_id: int, color: str = "red") -> Job:
    """Have somebody make a picture and see it."""
    house.api.picture = drawn(color)
    job_id = await house.imagine(prompt, user_id=user_id)
    await house.settle()
    task_id = (await house.job(job_id)).task_id
    assert task_id is not None
    house.api.finish(task_id, picture_url=f"https://cdn.example/{prompt.replace(' ', '_')}.png")
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], final_prompt=prompt, actions=GRID)
    await house.pass_time(12)
    job = await house.job(job_id)
    await house.engine.pictures.thumbnail(job)
    return job


async def live(house: House) -> list[str]:
    """Have a person do whatever leaves traces; return the names that must be nowhere afterwards."""
    job = await finished(house, CANARY, ME)
    shared = await finished(house, f"{CANARY} again", ME, "blue")
    yours = await finished(house, "a fox", YOU, "blue")
    services = house.engine.services
    for person, job_id in ((ME, yours.id), (ME, job.id), (YOU, job.id)):
        await services.library.like(house.origin(person), job_id)
    await services.deletions.delete(house.origin(ME), (await finished(house, f"{CANARY} no more", ME, "green")).id)
    name = await house.picture("yellow")
    await services.forms.keep(ME, "imagine", {"prompt": CANARY, "image": name})
    await services.preferences.change(ME, lambda person: replace(person, remix=True))
    previews = house.folder / "regions"
    previews.mkdir(exist_ok=True)
    draft = await services.forms.keep(ME, "region", {"job": job.id})
    (previews / f"{draft.id}-0.jpg").write_bytes(drawn("red"))
    assert job.picture is not None
    assert shared.picture == yours.picture
    return [job.id, shared.id, job.picture, name, draft.id]


async def test_after_somebody_has_left_they_are_in_no_file_and_others_have_what_is_theirs(house: House) -> None:
    names = await live(house)
    assert len({trace.split(":")[0] for trace in traces(house.folder, *names)}) > 3

    assert await house.engine.services.privacy.erase(ME) == 3

    assert traces(house.folder, *names) == []
    kept = [path.suffix for path in files(house.folder / "pictures")]
    assert sorted(kept) == [".jpg", ".png"], "the picture that somebody else has too, and its thumbnail"
    [yours] = await house.memory.privacy.jobs(YOU, "~", 10)
    assert await house.engine.pictures.obtain(yours) is not None
    assert not (await house.engine.services.preferences.person(ME)).remix
    await house.pass_time(60, every=5)
    assert traces(house.folder, *names) == [], "nothing comes back out of anybody's memory"


async def test_a_program_that_goes_on_reading_only_delays_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    names = await live(house)
    monkeypatch.setattr("storage.database._READER_TRIES", 2)
    reader = sqlite3.connect(house.folder / "easel.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM jobs").fetchone()
    assert await house.engine.services.privacy.erase(ME) == 3
    assert traces(house.folder)
    assert [stone.is_finished for stone in await house.memory.privacy.tombstones()] == [False]
    reader.close()
    await house.engine.services.privacy.leaving.step()
    assert traces(house.folder, *names) == []
    assert [stone.is_finished for stone in await house.memory.privacy.tombstones()] == [True]


async def test_readers_in_the_way_only_delay_it(house: House) -> None:
    names = await live(house)
    reader = sqlite3.connect(house.folder / "easel.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM jobs").fetchone()
    erasing = asyncio.create_task(house.engine.services.privacy.erase(ME))
    await asyncio.wait([erasing], timeout=0.3)
    assert not erasing.done()
    reader.execute("COMMIT")
    await erasing
    assert traces(house.folder, *names) == []
    reader.close()


async def test_what_waits_is_cancelled_free_of_charge_and_its_message_goes(house: House) -> None:
    job_id = await house.imagine(CANARY, user_id=ME)
    await house.engine.services.privacy.erase(ME)
    assert house.discord.removed == [job_id]
    await house.pass_time(30)
    assert house.api.charges == []
    await house.engine.services.privacy.leaving.step()
    assert await house.store.get(job_id) is None
    assert traces(house.folder, job_id) == []


async def test_what_runs_ends_as_nobodys_and_is_shown_to_nobody(house: House) -> None:
    job_id = await house.imagine(CANARY, user_id=ME)
    await house.settle()
    task_id = house.api.charges[0].task_id
    house.discord.closed["remove_answer"] = NotAllowed("no")

    await house.engine.services.privacy.erase(ME)

    running = await house.job(job_id)
    assert (running.status, running.user_id, running.prompt) == (Status.RUNNING, 0, "")
    assert traces(house.folder) == []
    house.api.change(task_id, phase=Phase.RUNNING, progress=40, preview_url=f"https://a.b/{CANARY}.png")
    await house.pass_time(20)
    shown = len(house.discord.progress[job_id])
    house.api.finish(task_id)
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], final_prompt=CANARY)
    await house.pass_time(20)
    assert (house.discord.messages, house.discord.dms, len(house.discord.progress[job_id])) == ([], [], shown)
    assert (await house.job(job_id)).status is Status.SUCCEEDED
    await house.engine.services.privacy.leaving.step()
    assert traces(house.folder, job_id) == []
    assert len(house.api.charges) == 1


async def test_what_is_being_sent_in_that_moment_is_sent_once_and_is_nobodys(house: House) -> None:
    job_id = await house.imagine(CANARY, user_id=ME)
    house.api.hold()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    await house.engine.services.privacy.erase(ME)
    house.api.answering.set()
    await house.engine.submitter.drain()
    job = await house.job(job_id)
    assert (job.status, job.user_id, job.task_id) == (Status.RUNNING, 0, house.api.charges[0].task_id)
    assert traces(house.folder) == []


async def test_a_modal_that_the_api_asks_for_is_not_paid_for_once_its_person_has_left(house: House) -> None:
    job_id = await house.imagine(CANARY, user_id=ME)
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    house.api.hold()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    await house.engine.services.privacy.erase(ME)
    house.api.answering.set()
    await house.engine.submitter.drain()
    await house.pass_time(30)
    assert house.api.modals == []
    await house.engine.services.privacy.leaving.step()
    await house.pass_time(30)
    assert await house.store.get(job_id) is None
    assert house.api.modals == []


async def test_a_picture_on_its_way_is_taken_back(house: House) -> None:
    job_id = await house.imagine(CANARY, user_id=ME)
    await house.settle()
    house.api.finish(house.api.charges[0].task_id)
    post = house.discord.post

    async def slow(parcel: object) -> object:
        posted = await post(parcel)  # pyright: ignore[reportArgumentType] - handed on as it came
        await house.engine.services.privacy.erase(ME)
        return posted

    house.discord.post = slow  # pyright: ignore[reportAttributeAccessIssue] - the same but for what happens meanwhile
    await house.pass_time(12)
    assert house.discord.messages == []
    assert traces(house.folder, job_id) == []


@pytest.mark.parametrize("step", ["remove", "part", "scrub", "finish"])
async def test_a_kill_between_two_steps_is_made_up_for(
    house: House, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "_SLICE", 1)
    names = await live(house)
    do, calls = getattr(house.memory.privacy, step), 0

    async def die(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if step != "remove" or calls > 1:
            raise StorageError("killed")
        return await do(*arguments, **options)

    monkeypatch.setattr(house.memory.privacy, step, die)
    with pytest.raises(StorageError, match="killed"):
        await house.engine.services.privacy.erase(ME)
    await house.restart()
    await house.engine.services.privacy.leaving.step()
    assert traces(house.folder, *names) == []
    assert [stone.is_finished for stone in await house.memory.privacy.tombstones()] == [True]
    assert [job.user_id for job in await house.memory.privacy.jobs(YOU, "~", 10)] == [YOU]


async def test_a_backup_does_not_bring_anybody_back(house: House) -> None:
    names = await live(house)
    waiting = await house.imagine(f"{CANARY} waits", user_id=ME)
    await house.end()
    shutil.copy(house.folder / "easel.db", house.folder.parent / "backup")
    await house.start()
    await house.engine.services.privacy.erase(ME)
    charged = len(house.api.charges)
    await house.end()
    shutil.copy(house.folder.parent / "backup", house.folder / "easel.db")
    assert traces(house.folder)

    await house.start()
    await house.pass_time(5)
    await house.engine.services.privacy.leaving.step()

    assert traces(house.folder, waiting, *names) == []
    assert len(house.api.charges) == charged
    assert [job.user_id for job in await house.memory.privacy.jobs(YOU, "~", 10)] == [YOU]


async def test_who_comes_back_is_welcome_and_stays(house: House) -> None:
    await live(house)
    await house.engine.services.privacy.erase(ME)
    house.clock.advance(1)
    await finished(house, "a new fox", ME)
    await house.engine.services.preferences.change(ME, lambda person: replace(person, remix=True))
    await house.restart()
    await house.engine.services.privacy.leaving.step()
    assert [job.prompt for job in await house.memory.privacy.jobs(ME, "~", 10)] == ["a new fox"]
    assert (await house.engine.services.preferences.person(ME)).remix


async def test_the_mark_names_nobody_and_a_torn_line_harms_nothing(house: House) -> None:
    await house.engine.services.privacy.erase(ME)
    path = house.folder / "tombstones.txt"
    whole = path.read_text()
    assert whole.count("\n") == 1
    path.write_text(whole + "0123 cut o")
    await house.engine.services.privacy.erase(YOU)
    await house.restart()
    assert len(await house.memory.privacy.tombstones()) == 2
    assert len({line for line in path.read_text().splitlines() if len(line) > 64}) == 2


async def test_jobs_are_kept_no_longer_than_the_owner_wants(house: House) -> None:
    old = await finished(house, CANARY, ME)
    house.clock.advance(2 * 24 * 3600)
    new = await finished(house, "a fox", ME, "blue")
    running = await house.imagine("a running fox", user_id=ME)
    await house.settle()
    house.clock.advance(3600)
    retention = house.engine.services.privacy.retention
    await retention.step()
    assert await house.store.get(old.id) is not None, "kept for ever unless the owner says otherwise"

    retention.life = timedelta(days=1)
    await retention.step()

    assert await house.store.get(old.id) is None
    assert traces(house.folder, old.id, old.picture or "") == [
        trace for trace in traces(house.folder) if CANARY not in trace
    ]
    retention.life = timedelta()
    house.clock.advance(1)
    await retention.step()
    assert await house.store.get(new.id) is None
    assert (await house.job(running)).status is Status.RUNNING


async def test_inputs_go_unless_somebody_else_still_needs_them(house: House) -> None:
    mine, ours = await house.picture("red"), await house.picture("blue")
    order = Order(images=(mine, ours))
    await house.begin(Wish(kind=Kind.IMAGINE, prompt=CANARY, speed=Speed.FAST, order=order), user_id=ME)
    await house.engine.services.forms.keep(YOU, "imagine", {"image": ours})
    await house.engine.services.privacy.erase(ME)
    assert (house.engine.inputs.path(mine), house.engine.inputs.path(ours) is not None) == (None, True)


async def test_leaving_without_ever_having_been_here_is_fine(house: House) -> None:
    assert await house.engine.services.privacy.erase(ME) == 0
    assert (await house.engine.services.privacy.show(ME)).holdings.jobs == 0
    receipt = await house.engine.services.jobs.imagine(house.origin(ME), "a fox", Speed.FAST)
    assert receipt.entry is Entry.NEW
