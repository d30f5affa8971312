from __future__ import annotations

import os
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from sandbox.comet import Fault
from sandbox.discord import DiscordFault
from tests.crash.conftest import WITHIN

if TYPE_CHECKING:
    from sandbox.discord.refusals import Json
    from sandbox.scenario import Scenario
    from tests.crash.conftest import Watcher

pytestmark = pytest.mark.timeout(60)

POST = "POST /channels/{channel_id}/messages"


async def one_job_at_every_stage(scenario: Scenario, watch: Watcher) -> None:
    """Leave one job finished and not posted, one running, one submitting and one queued."""
    scenario.discord.faults.set(DiscordFault.UNAVAILABLE, route=POST, times=None)
    await watch.imagine("a finished fox")
    await watch.until(lambda: scenario.discord.counters.requests[POST] > 1)
    scenario.comet.hold()
    await watch.imagine("a running fox")
    await scenario.comet.ledger.reaches(3, within=WITHIN)
    await watch.imagine("a submitting fox [[hang]]")
    await scenario.comet.ledger.reaches(4, within=WITHIN)
    scenario.comet.faults.set(Fault.QUEUE_FULL, times=None)
    await watch.imagine("a queued fox")
    await watch.message("a queued fox", "queue is full")


async def test_killed_with_a_job_at_every_stage_each_ends_as_promised(scenario: Scenario, watch: Watcher) -> None:
    await scenario.start_bot()
    await watch.imagine("a posted fox")
    posted = await watch.result("a posted fox")
    await one_job_at_every_stage(scenario, watch)

    await scenario.bot.kill()
    scenario.comet.faults.clear()
    scenario.discord.faults.clear()
    scenario.comet.release()
    await scenario.start_bot()

    for prompt in ("a finished fox", "a running fox", "a queued fox"):
        await watch.result(prompt)
    unknown = await watch.message("a submitting fox", "charged")
    assert unknown.button("Submit again (may be charged twice)")
    await watch.click(posted, "U2")
    await watch.until(lambda: len(watch.results("a posted fox")) == 2)

    charges_by_job = Counter(charge.echo for charge in scenario.comet.ledger)
    assert set(charges_by_job.values()) == {1}
    assert len(charges_by_job) == 6
    posts = {prompt: len(watch.results(f"a {prompt} fox")) for prompt in ("posted", "finished", "running", "queued")}
    assert posts == {"posted": 2, "finished": 1, "running": 1, "queued": 1}
    history = await watch.history()
    for prompt in ("posted", "finished", "running", "submitting", "queued"):
        assert f"a {prompt} fox" in history.text()


async def test_killed_at_the_moment_of_posting_nothing_is_posted_twice(scenario: Scenario, watch: Watcher) -> None:
    await scenario.start_bot()
    killed = False

    def kill_at_once(event: Json) -> None:
        nonlocal killed
        if event["type"] == "message_create" and event["message"].get("attachments") and not killed:
            killed = True
            os.kill(scenario.bot.pid, signal.SIGKILL)

    scenario.discord.subscribe(kill_at_once)
    await watch.imagine("a fox")
    await scenario.bot.wait()
    assert killed
    scenario.discord.advance(3600)  # beyond the minutes in which Discord drops a repeated nonce
    await scenario.start_bot()
    await watch.logged("Found in the channel")
    assert len(watch.results("a fox")) == 1
    assert len(scenario.comet.ledger) == 1


async def test_killed_before_the_answer_reached_the_person_nothing_is_spent(scenario: Scenario, watch: Watcher) -> None:
    await scenario.start_bot()
    scenario.discord.faults.set(DiscordFault.SLOW, route="POST /interactions/{id}/{token}/callback", seconds=30)
    person = scenario.discord.person(scenario.discord.world.member)
    await person.slash("imagine", {"prompt": "a fox"}, channel=scenario.discord.world.general)
    await watch.logged("new: imagine")
    await scenario.bot.kill()
    await scenario.start_bot()
    await watch.logged("its answer never reached the person")
    assert len(scenario.comet.ledger) == 0


async def test_sigterm_during_a_job_stops_cleanly_and_the_job_goes_on_after_the_restart(
    scenario: Scenario, watch: Watcher
) -> None:
    await scenario.start_bot()
    scenario.comet.hold()
    await watch.imagine("a fox")
    await scenario.comet.ledger.reaches(1, within=WITHIN)
    assert await scenario.bot.terminate() == 0
    scenario.comet.release()
    await scenario.start_bot()
    await watch.result("a fox")
    assert len(scenario.comet.ledger) == 1


async def test_sigterm_waits_for_the_answer_to_a_submit_under_way(scenario: Scenario, watch: Watcher) -> None:
    await scenario.start_bot()
    await watch.imagine("a fox [[slow:2]]")
    await scenario.comet.ledger.reaches(1, within=WITHIN)
    assert await scenario.bot.terminate() == 0
    await scenario.start_bot()
    await watch.result("a fox")
    assert "now unknown" not in watch.log()


async def test_secrets_are_nowhere_in_a_log_at_debug_level(scenario: Scenario, watch: Watcher) -> None:
    await scenario.start_bot()
    tokens = [await watch.imagine("a fox")]
    await watch.result("a fox")
    scenario.comet.faults.set(Fault.UNAUTHORIZED, times=1)
    tokens.append(await watch.imagine("a refused fox"))
    await watch.message("a refused fox", "key")
    await scenario.bot.terminate()
    log = watch.log()
    assert "Delivered" in log
    for secret in (scenario.discord.token, scenario.comet.key, *tokens):
        assert secret not in log
