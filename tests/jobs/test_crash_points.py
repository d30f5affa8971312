"""A kill at every named place of reliability B.4, and around every commit: what is on the disk then is gone on from.

One life of a picture and of a variation of it is lived once. Wherever it passes a place, the files are copied as they
are, and with them the API and Discord as they stand: what a kill at that moment would leave behind. Each of these
wrecks is then started from. The same with real processes: `test_kill.py`, `benchmarks/kill_loop.py`.
"""

from __future__ import annotations

import copy
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pytest

from bot.fault_points import Point
from bot.model import Accepted, DeliveryStatus, Phase, Speed, Status
from tests.fakes import GRID
from tests.jobs.conftest import House

if TYPE_CHECKING:
    from pathlib import Path

    from bot.model import Job
    from tests.fakes import FakeClock, FakeDelivery, FakeMidjourney

#: Of the wire to the API, and of what a callback names: tried with real processes.
ELSEWHERE: Final = frozenset({Point.ANSWERING, Point.ADOPTED})
OF_THE_COURIER: Final = frozenset({Point.POSTING, Point.POSTED, Point.NOTED, Point.CLEARED})
#: Seconds for which Discord drops a repeated nonce.
NONCES_LAST: Final = 180
#: Seconds within which everything that nothing holds up has ended; what waits for nothing but time is looked at rarely.
SOON: Final = 15
#: How the job ends after a kill there, where that is not with its picture: nothing was sent, or nobody can know.
ENDS: Final = {
    Point.BEFORE_ENTRY: None,
    Point.ENTERED: Status.CANCELLED,
    Point.SUBMITTING: Status.UNKNOWN,
    Point.ANSWER_READ: Status.UNKNOWN,
}
#: What is charged by then, where that is not the one submit.
CHARGES: Final = {Point.BEFORE_ENTRY: 0, Point.ENTERED: 0, Point.SUBMITTING: 0}


@dataclass(frozen=True)
class Wreck:
    """What a kill leaves behind."""

    point: Point
    folder: Path
    clock: FakeClock
    api: FakeMidjourney
    discord: FakeDelivery

    async def start(self, house: House | None = None) -> House:
        """Start another process on it, a moment later."""
        house = house or House(self.folder)
        house.clock, house.api, house.discord = self.clock, self.api, self.discord
        self.clock.advance(1)
        await house.start()
        return house


class Recorder:
    """Stands in the place of a fault plan, and takes a copy of everything wherever a place is passed."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house = house
        self._folder = folder
        self.wrecks: list[Wreck] = []

    def reach(self, point: Point) -> None:
        folder = self._folder / f"{len(self.wrecks):03d}"
        shutil.copytree(self._house.folder, folder, ignore=shutil.ignore_patterns("*.lock", "*-shm"))
        outside = copy.deepcopy((self._house.clock, self._house.api, self._house.discord))
        self.wrecks.append(Wreck(point, folder, *outside))

    def first(self, point: Point) -> Wreck:
        return next(wreck for wreck in self.wrecks if wreck.point is point)


async def live(house: House) -> None:
    """Have somebody ask for a picture that is made and posted."""
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    house.discord.answers[receipt.job.id] = 8001  # from here on they see it, whether we know or not
    await house.engine.services.jobs.answered(receipt.job.id, 8001)
    await house.settle()
    finish(house)
    await house.pass_time(12)


async def vary(house: House, grid: str) -> None:
    """Have somebody ask for a variation, for which the API wants its modal step."""
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    receipt = await house.engine.services.jobs.act(house.origin(), grid, 4)
    house.discord.answers[receipt.job.id] = 8002
    await house.engine.services.jobs.answered(receipt.job.id, 8002)
    await house.settle()
    finish(house)
    await house.pass_time(12)


def finish(house: House) -> None:
    """Let every task end that waits for nothing."""
    for task_id, task in list(house.api.tasks.items()):
        if task.phase in (Phase.QUEUED, Phase.RUNNING):
            house.api.finish(task_id)
            house.api.tasks[task_id] = replace(house.api.tasks[task_id], actions=GRID)


async def go_on(wreck: Wreck, seconds: float = SOON) -> tuple[House, list[Job]]:
    """Start again, let everything come to its end, and return the jobs that there are, oldest first."""
    house = await wreck.start()
    await house.settle()
    finish(house)
    await house.pass_time(min(seconds, SOON), every=3)
    await house.pass_time(max(0, seconds - SOON), every=30)
    rows = await house.database.read("SELECT id FROM jobs ORDER BY id")
    return house, [await house.job(str(row["id"])) for row in rows]


def promises_are_kept(house: House, jobs: list[Job]) -> None:
    """Check what holds wherever the process was killed: I1, I2, I3, I5, I6 and that nobody is left without a word."""
    charges = Counter(charge.echo for charge in house.api.charges)
    assert set(charges.values()) <= {1}
    assert charges.keys() <= {job.id for job in jobs}
    assert max(Counter(task_id for task_id, _ in house.api.modals).values(), default=0) <= 1
    posts = Counter(message.job.id for message in house.discord.messages)
    assert set(posts.values()) <= {1}
    for job in jobs:
        assert job.delivery.status in (DeliveryStatus.DELIVERED, DeliveryStatus.KEPT), job.status
        if job.status is Status.SUCCEEDED:
            assert job.task_id is not None
            assert (posts[job.id], job.picture is not None) == (1, True)
            assert job.id in house.discord.removed
        else:
            assert job.status in (Status.UNKNOWN, Status.CANCELLED)
            assert job.status is not Status.CANCELLED or charges[job.id] == 0
            assert job.answered_at is None or house.discord.words[job.id]


async def all_go_on(wrecks: list[Wreck], seconds: float = SOON) -> None:
    for wreck in wrecks:
        house, jobs = await go_on(wreck, seconds)
        promises_are_kept(house, jobs)
        await house.end()


async def ends_as_it_must(wreck: Wreck, seconds: float = SOON) -> None:
    """Go on from a wreck of a picture's life and check how just this job ends, and what it has cost."""
    house, jobs = await go_on(wreck, seconds)
    promises_are_kept(house, jobs)
    end = ENDS.get(wreck.point, Status.SUCCEEDED)
    assert [job.status for job in jobs] == ([] if end is None else [end])
    assert len(house.api.charges) == CHARGES.get(wreck.point, 1)
    await house.end()


@pytest.fixture
async def recorder(house: House, tmp_path_factory: pytest.TempPathFactory) -> Recorder:
    return Recorder(house, tmp_path_factory.mktemp("wrecks"))


@pytest.fixture
async def lived(house: House, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Live the life of a picture, with a wreck for every place it passed."""
    monkeypatch.setattr("bot.fault_points._plan", recorder)
    await live(house)
    monkeypatch.setattr("bot.fault_points._plan", None)
    return recorder


async def test_b01_b02_killed_before_it_is_sent_a_job_is_sent_once_or_nothing_was_seen_and_nothing_is(
    lived: Recorder,
) -> None:
    for point in (Point.BEFORE_ENTRY, Point.ENTERED, Point.ANSWERED):
        await ends_as_it_must(lived.first(point))


async def test_b03_b04_killed_while_it_is_sent_a_job_is_never_sent_again_and_its_person_is_told(
    lived: Recorder,
) -> None:
    for point in (Point.SUBMITTING, Point.ANSWER_READ):
        await ends_as_it_must(lived.first(point))


async def test_b04_killed_once_the_task_is_in_the_journal_its_picture_comes(lived: Recorder) -> None:
    for point in (Point.JOURNALED, Point.RECORDED):
        await ends_as_it_must(lived.first(point))


async def test_b05_killed_while_it_is_followed_a_job_is_followed_on(lived: Recorder) -> None:
    await ends_as_it_must(lived.first(Point.LOOKED))


@pytest.mark.parametrize("is_link_dead", [False, True])
async def test_b06_killed_between_success_and_post_the_picture_is_posted_from_the_disk_where_it_is_there(
    lived: Recorder,
    is_link_dead: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    for point in (Point.SUCCESS_SEEN, Point.SUCCEEDED, Point.FETCHED, Point.SHELVED, Point.KEPT):
        wreck = lived.first(point)
        if is_link_dead and point not in (Point.SHELVED, Point.KEPT):
            continue  # it is not on the disk yet: the link is what there is
        for task_id in list(wreck.api.tasks) if is_link_dead else ():
            wreck.api.finish(task_id, picture_url="https://cdn.example/gone.png")
        await ends_as_it_must(wreck)


@pytest.mark.parametrize("seconds", [1, 120, 600, 10_800])
async def test_b07_killed_around_the_post_there_is_one_message_however_long_it_takes_to_start(
    lived: Recorder, seconds: int
) -> None:
    for point in (Point.POSTING, Point.POSTED, Point.NOTED, Point.CLEARED):
        wreck = lived.first(point)
        wreck.clock.advance(seconds)
        wreck.discord.nonces_remembered = seconds < NONCES_LAST
        await ends_as_it_must(wreck, seconds=40)


async def test_b11_killed_before_or_after_any_commit_every_promise_holds(lived: Recorder) -> None:
    commits = [wreck for wreck in lived.wrecks if wreck.point in (Point.BEFORE_COMMIT, Point.COMMITTED)]
    assert len(commits) >= 16
    await all_go_on(commits)


async def test_killed_again_while_it_recovers_every_promise_holds(
    lived: Recorder, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wreck in lived.wrecks[::3]:  # there are two dozen places, and a commit beside most of them
        house = House(wreck.folder)
        again = Recorder(house, tmp_path_factory.mktemp("again"))
        monkeypatch.setattr("bot.fault_points._plan", again)
        await wreck.start(house)
        monkeypatch.setattr("bot.fault_points._plan", None)
        await house.end()
        await all_go_on([again.first(Point.RECOVERING)])


async def test_b03_killed_around_the_modal_step_it_is_sent_once_or_never_and_the_end_is_told(
    house: House, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = await house.finished()
    monkeypatch.setattr("bot.fault_points._plan", recorder)
    await vary(house, grid)
    monkeypatch.setattr("bot.fault_points._plan", None)
    modal = recorder.wrecks.index(recorder.first(Point.MODAL))
    around = [wreck for wreck in recorder.wrecks[modal - 3 :] if wreck.point not in OF_THE_COURIER]
    assert Point.RECORDED in {wreck.point for wreck in around}
    await all_go_on(around, seconds=11 * 60)
    unsent, (_, variation) = await go_on(recorder.first(Point.MODAL), seconds=11 * 60)
    assert (variation.status, unsent.api.modals) == (Status.UNKNOWN, [])
    await unsent.end()


async def test_b17_killed_while_it_stops_a_job_under_way_is_gone_on_with(
    house: House, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.running()
    monkeypatch.setattr("bot.fault_points._plan", recorder)
    await house.engine.stop()
    for point in (Point.STOPPING, Point.DRAINED):
        monkeypatch.setattr("bot.fault_points._plan", None)
        await ends_as_it_must(recorder.first(point))


async def test_a_life_passes_every_place_there_is_but_those_that_are_tried_elsewhere(lived: Recorder) -> None:
    passed = {wreck.point for wreck in lived.wrecks}
    assert set(Point) - passed == {Point.RECOVERING, Point.MODAL, Point.STOPPING, Point.DRAINED} | ELSEWHERE
