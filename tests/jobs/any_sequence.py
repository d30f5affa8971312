"""`AnySequence`: hypothesis tells stories, and looks for one in which something goes wrong (reliability D12).

Each example has a world, a database and an event loop of its own. Used by the test and by `benchmarks/fuzz.py`.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from typing_extensions import override

from bot.errors import (
    AnswerGone,
    ChannelGone,
    CometAuth,
    CometBanned,
    CometBusy,
    CometInvalid,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometUncertain,
    CometUnreachable,
    DiscordUnavailable,
    MediaRefused,
    MediaUnavailable,
    NotAllowed,
)
from bot.fault_points import Point
from bot.model import Accepted, Phase, Status
from tests.jobs.stories import ACTIONS, DISCORD, ENDED, REROLL, Story

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.errors import DeliveryError

people = st.integers(1, 3)
picks = st.integers(0, 1000)


#: What the API may do to the next submit or modal, to the next look, and to the next picture: which of the fake's lists
#: is to have which error. What lies in `lost_…` is raised after the request was taken and charged.
SUBMIT_FAULTS: Final[tuple[tuple[str, type[Exception]], ...]] = (
    *[("lost_answers", CometUncertain)] * 4,
    *(
        ("refusals", error)
        for error in (CometQueueFull, CometBusy, CometUnreachable, CometNotReady, CometBanned, CometAuth, CometQuota)
    ),
    *[("lost_modals", CometUncertain)] * 4,
    *(
        ("modal_refusals", error)
        for error in (CometUncertain, CometUnreachable, CometBusy, CometNotReady, CometInvalid)
    ),
)
LOOK_FAULTS: Final[tuple[tuple[str, type[Exception]], ...]] = (
    *(("look_errors", error) for error in (CometUnreachable, CometUncertain, CometBusy)),
    ("list_errors", CometUncertain),
    ("media_errors", MediaUnavailable),
    ("media_errors", MediaRefused),
)
#: What Discord may raise before a call has an effect. Not `AnswerGone` for a post, which says that it was there before;
#: and a channel whose history may not be read is the documented exception from "posted once".
DISCORD_FAULTS: Final[list[tuple[str, type[DeliveryError]]]] = [
    (method, error)
    for method in DISCORD
    for error in (DiscordUnavailable, NotAllowed, ChannelGone, AnswerGone)
    if error is DiscordUnavailable or not (method == "find_post" or (method == "post" and error is AnswerGone))
]
#: Not those inside the database's own thread and of the end of a process: the crash tests kill there for good.
POINTS: Final = [
    point for point in Point if not point.startswith(("B11", "B17", "B01", "B02.recovering", "B04.answering"))
]


class AnySequence(RuleBasedStateMachine):
    """All that people, the API, Discord, the machine and its clock may do, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="easel-story-")
        self._runner = asyncio.Runner()
        self.story = Story(Path(self._folder.name))
        self._has_receiver = False
        self._is_broken = False
        self._do(self.story.begin())

    def _do(self, *steps: Coroutine[None, None, object]) -> None:
        """Take these steps, and check what must hold after them."""
        self._is_broken = True
        for step in steps:
            self._runner.run(step)
        self._runner.run(self.story.check())
        self._is_broken = False

    @override
    def teardown(self) -> None:
        try:
            if not self._is_broken:
                self._do(self.story.rest(called_back=self._has_receiver))
        finally:
            self._runner.run(self.story.end())
            self._runner.close()
            self._folder.cleanup()

    def _job(self, pick: int, *statuses: Status) -> str | None:
        """Return a job by a number, of those that were last seen so; None if there are none."""
        found = [job_id for job_id in self.story.job_ids if self.story.seen.get(job_id) in statuses]
        return found[pick % len(found)] if found else None

    def _task(self, pick: int) -> str | None:
        """Return an open task by a number; None if there are none."""
        tasks = self.story.house.api.tasks
        found = [task_id for task_id, task in tasks.items() if task.phase not in ENDED]
        return found[pick % len(found)] if found else None

    @initialize(has_receiver=st.booleans())
    def begin(self, *, has_receiver: bool) -> None:
        """Begin with a picture that has buttons, and with a job that runs."""
        self._has_receiver = has_receiver
        self._do(self.story.imagine(user_id=1), self.story.work())
        self.story.finish_all()
        self._do(self.story.work(12, steps=3), self.story.imagine(user_id=2), self.story.work())

    # People ----------------------------------------------------------------------------------------------------------

    @rule(user_id=people, answered=st.sampled_from([True, True, True, False]))
    def imagine(self, user_id: int, *, answered: bool) -> None:
        self._do(self.story.imagine(user_id=user_id, answered=answered), self.story.work())

    @precondition(lambda self: self._job(0, Status.SUCCEEDED))
    @rule(pick=picks, index=st.integers(0, len(ACTIONS) - 1), user_id=people, times=st.integers(1, 3))
    def press(self, pick: int, index: int, user_id: int, times: int) -> None:
        job_id = self._job(pick, Status.SUCCEEDED)
        assert job_id is not None
        self._do(self.story.press(job_id, index, user_id=user_id, times=times), self.story.work())

    @precondition(lambda self: self._job(0, Status.SUCCEEDED))
    @rule(pick=picks, user_id=people, prompt=st.sampled_from(["a fox", "a wolf"]))
    def press_with_words(self, pick: int, user_id: int, prompt: str) -> None:
        job_id = self._job(pick, Status.SUCCEEDED)
        assert job_id is not None
        self._do(self.story.press(job_id, REROLL.index, user_id=user_id, prompt=prompt), self.story.work())

    @precondition(lambda self: self._job(0, Status.UNKNOWN))
    @rule(pick=picks, times=st.integers(1, 2))
    def submit_again(self, pick: int, times: int) -> None:
        job_id = self._job(pick, Status.UNKNOWN)
        assert job_id is not None
        self._do(self.story.submit_again(job_id, times=times), self.story.work())

    @rule(pick=picks, deletes=st.booleans())
    def take_back(self, pick: int, *, deletes: bool) -> None:
        job_id = self.story.job_ids[pick % len(self.story.job_ids)]
        self._do((self.story.delete if deletes else self.story.cancel)(job_id))

    # The world -------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self._task(0))
    @rule(
        pick=picks,
        percent=st.integers(0, 100),
        phase=st.sampled_from([Phase.QUEUED, Phase.RUNNING, Phase.RUNNING, Phase.NEEDS_INPUT]),
    )
    def get_on(self, pick: int, percent: int, phase: Phase) -> None:
        task_id = self._task(pick)
        assert task_id is not None
        url = f"https://cdn.example/preview.png?rand={percent}" if phase is Phase.RUNNING else None
        self.story.house.api.change(task_id, phase=phase, progress=percent, preview_url=url)
        self._do(self.story.work(5))

    @precondition(lambda self: self._task(0))
    @rule(pick=picks, well=st.sampled_from([True, True, True, False]), seconds=st.sampled_from([0, 6, 12]))
    def end(self, pick: int, seconds: int, *, well: bool) -> None:
        task_id = self._task(pick)
        assert task_id is not None
        if well:
            self.story.finish(task_id)
        else:
            self.story.house.api.fail(task_id, "Banned prompt detected")
        self._do(self.story.work(seconds, steps=2))

    @precondition(lambda self: self._task(0))
    @rule(pick=picks)
    def hide_or_show(self, pick: int) -> None:
        self.story.house.api.hidden ^= {self._task(pick) or ""}

    @rule(fault=st.sampled_from(SUBMIT_FAULTS))
    def spoil_a_submit(self, fault: tuple[str, type[Exception]]) -> None:
        self._spoil(*fault)

    @rule(fault=st.sampled_from(LOOK_FAULTS))
    def spoil_a_look(self, fault: tuple[str, type[Exception]]) -> None:
        self._spoil(*fault)

    def _spoil(self, name: str, error: type[Exception]) -> None:
        cast("list[Exception]", getattr(self.story.house.api, name)).append(error())

    @rule(shows_old_rows=st.booleans())
    def ask_for_a_prompt(self, *, shows_old_rows: bool) -> None:
        """Have the next task ask for a prompt, or those that have theirs ask as if they had not (contract 4.3)."""
        api = self.story.house.api
        if not shows_old_rows:
            api.accept_as.append(Accepted(task_id="", needs_input=True))
            return
        for task_id, _ in api.modals:
            if api.tasks[task_id].phase not in ENDED:
                api.change(task_id, phase=Phase.NEEDS_INPUT)

    @rule(pick=picks, other=st.none() | picks)
    def call_back(self, pick: int, other: int | None) -> None:
        """Have the API tell of a task, or somebody who gives it the mark of another; early, late, again."""
        tasks = list(self.story.house.api.tasks)
        about = None if other is None else tasks[other % len(tasks)]
        self.story.call_back(tasks[pick % len(tasks)], about=about)
        self._do(self.story.work())

    @rule(fault=st.sampled_from(DISCORD_FAULTS))
    def spoil_a_message(self, fault: tuple[str, type[DeliveryError]]) -> None:
        method, error = fault
        self.story.house.discord.before[method].append(error())

    @rule(method=st.sampled_from(["post", "edit_answer"]))
    def lose_an_answer_of_discord(self, method: str) -> None:
        self.story.house.discord.after[method].append(DiscordUnavailable())

    @rule(of_discord=st.booleans())
    def begin_or_end_an_outage(self, *, of_discord: bool) -> None:
        api, closed = self.story.house.api, self.story.house.discord.closed
        if not of_discord:
            api.is_down = not api.is_down
        elif closed:
            closed.clear()
        else:
            closed.update((method, DiscordUnavailable()) for method in DISCORD)

    # The machine and its clock ---------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from((1, 12, 60, 600, 3600, 5 * 3600, 30 * 3600)))
    def pass_time(self, seconds: int) -> None:
        self._do(self.story.work(seconds, steps=4))

    @rule(seconds=st.sampled_from((-86_400, -3600, -60, 60, 3600, 86_400)))
    def set_the_clock(self, seconds: int) -> None:
        self._do(self.story.set_the_clock(seconds))

    @rule(user_id=people)
    def crash_in_flight(self, user_id: int) -> None:
        self._do(self.story.imagine(user_id=user_id), self.story.crash_in_flight())

    @rule(point=st.sampled_from(POINTS), seconds=st.sampled_from([3, 12, 30]), user_id=people, pick=picks)
    def crash_at(self, point: Point, seconds: int, user_id: int, pick: int) -> None:
        """Die at a place, with a new job on the way and, where there is one, a task that has just ended."""
        task_id = self._task(pick)
        if task_id is not None and pick % 2:
            self.story.finish(task_id)
        self._do(self.story.crash_at(point, seconds, user_id))

    @rule(in_order=st.booleans())
    def restart(self, *, in_order: bool) -> None:
        self._do(self.story.restart() if in_order else self.story.crash())
