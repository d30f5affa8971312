"""The side panel against a real API and a real Discord, without the bot's process: what it shows and switches."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any, final

import aiohttp
import pytest

from sandbox.comet import CometOptions, Fault
from sandbox.discord import DiscordFault, Permission
from sandbox.discord.permissions import in_channel
from sandbox.page.panel import Panel
from sandbox.scenario import Scenario, ScenarioOptions
from tests.sandbox import comet_api, discord_ground
from tests.sandbox.discord_ground import button, row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

Json = dict[str, Any]
POST = "POST /channels/{channel_id}/messages"


@final
class Bench:
    """A panel, and somebody who does at the API and at Discord what a bot would do."""

    def __init__(self, scenario: Scenario, session: aiohttp.ClientSession) -> None:
        self.scenario = scenario
        self.comet, self.discord = scenario.comet, scenario.discord
        self.panel = Panel(scenario)
        self.api = comet_api.Api(scenario.comet, session)
        self.bot = discord_ground.Api(session, scenario.discord)
        self.events: list[Json] = []
        self.heard = asyncio.Event()

    async def task(self, job: str = "", prompt: str = "a boat") -> str:
        """Submit a job and return its task's id."""
        return (await self.api.submit("imagine", prompt=prompt, state=job)).task_id

    async def message(self, *custom_ids: str, **fields: object) -> str:
        """Post a message with buttons of these custom_ids and return its id."""
        buttons = [button(custom_id=custom_id, label=f"B{number}") for number, custom_id in enumerate(custom_ids)]
        reply = await self.bot.send({"content": "a boat", "components": [row(*buttons)]} | fields)
        return str(reply.body["id"])

    def first(self) -> Json:
        """Return the newest task."""
        return self.panel.state()["tasks"][0]

    async def told(self, event: str, count: int = 1) -> list[Json]:
        """Wait until so many events of a kind were told, and return all of them."""
        async with asyncio.timeout(5):
            while len(self.events_of(event)) < count:
                self.heard.clear()
                await self.heard.wait()
        return self.events_of(event)

    def events_of(self, event: str) -> list[Json]:
        """Return all events of a kind so far."""
        return [one for one in self.events if one["event"] == event]

    def hear(self, event: Json) -> None:
        """Take an event of the panel."""
        self.events.append(event)
        self.heard.set()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    options = ScenarioOptions(comet=CometOptions(sync_seconds=0, picture_size=96), folder=tmp_path)
    async with Scenario(options) as scenario:
        scenario.comet.hold()
        headers = {"Authorization": f"Bearer {scenario.comet.key}"}
        async with aiohttp.ClientSession(scenario.comet.url, headers=headers) as session:
            yield Bench(scenario, session)


# What it shows ---------------------------------------------------------------------------------------------------


async def test_a_task_is_shown_with_what_it_does_and_what_it_cost(bench: Bench) -> None:
    first = await bench.task("job-1")
    await bench.task("job-2", prompt="a fox")
    bench.comet.set_progress(first, 50)
    newest, oldest = bench.panel.state()["tasks"]
    assert (newest["prompt"], oldest["id"]) == ("a fox", first)
    assert (oldest["status"], oldest["progress"], oldest["job"]) == ("IN_PROGRESS", 50, "job-1")
    assert (oldest["action"], oldest["speed"], oldest["charged_usd"]) == ("IMAGINE", "fast", 0.056)
    assert 0 <= oldest["age_seconds"] < 5


async def test_what_failed_is_shown_as_refunded(bench: Bench) -> None:
    kept, lost = await bench.task(), await bench.task()
    bench.comet.fail(lost, "no paint")
    state = bench.panel.state()
    assert (state["spent_usd"], state["refunded_usd"], state["charges"]) == (0.056, 0.056, 2)
    shown = {task["id"]: (task["charged_usd"], task["refunded_usd"], task["reason"]) for task in state["tasks"]}
    assert shown == {kept: (0.056, 0.0, ""), lost: (0.056, 0.056, "no paint")}


async def test_only_the_newest_hundred_tasks_are_shown_but_all_charges_count(bench: Bench) -> None:
    await bench.task()
    template = next(iter(bench.comet.tasks.values()))
    for _ in range(150):
        bench.comet.tasks.add(template.order, template.runs[0].script, "")
    newest = await bench.task()
    state = bench.panel.state()
    assert len(state["tasks"]) == 100
    assert state["tasks"][0]["id"] == newest
    assert state["charges"] == 2


async def test_a_task_is_joined_with_the_newest_message_that_carries_its_job(bench: Bench) -> None:
    await bench.task("job-1")
    assert bench.first()["message"] is None
    before = await bench.message("stop:job-1", "else")
    assert bench.first()["message"] == {
        "channel_id": str(bench.discord.world.general.id),
        "message_id": before,
    }
    after = await bench.message("up:job-1:U1")
    assert bench.first()["message"]["message_id"] == after
    message = bench.discord.message(int(after))
    assert message is not None
    bench.discord.delete_message(message)
    assert bench.first()["message"]["message_id"] == before


async def test_a_message_that_was_edited_is_about_what_it_says_now(bench: Bench) -> None:
    await bench.task("job-1")
    message_id = await bench.message("stop:job-1")
    path = f"/channels/{bench.discord.world.general.id}/messages/{message_id}"
    await bench.bot.patch(path, {"components": []})
    assert bench.first()["message"] is None
    await bench.bot.patch(path, {"components": [row(button(custom_id="again job-1"))]})
    assert bench.first()["message"]["message_id"] == message_id


async def test_messages_from_before_the_panel_are_found_too(bench: Bench) -> None:
    await bench.task("job-1")
    message_id = await bench.message("stop:job-1")
    later = Panel(bench.scenario)
    assert later.state()["tasks"][0]["message"]["message_id"] == message_id


async def test_what_only_one_person_sees_is_not_shown_to_all(bench: Bench) -> None:
    await bench.task("job-1")
    call = await bench.bot.slash()
    components = [row(button(custom_id="details:job-1"))]
    reply = await bench.bot.respond(call, {"type": 4, "data": {"content": "x", "flags": 64, "components": components}})
    assert reply.status == 200
    assert bench.first()["message"] is None


async def test_a_job_without_a_text_of_its_own_has_no_message(bench: Bench) -> None:
    await bench.task("")
    await bench.message("anything")
    assert bench.first()["message"] is None


async def test_a_bot_that_was_never_started_is_stopped(bench: Bench) -> None:
    assert bench.panel.bot_state() == {
        "online": False,
        "state": "stopped",
        "pid": None,
        "exit_code": None,
        "starts": 0,
        "trouble": None,
    }
    assert bench.panel.log() == []


# What it switches ------------------------------------------------------------------------------------------------


async def test_a_fault_of_the_api_strikes_as_often_as_it_was_set(bench: Bench) -> None:
    await bench.panel.do("fault", {"name": "queue-full", "times": 2, "seconds": None})
    assert bench.panel.state()["faults"] == [{"name": "queue-full", "left": 2}]
    await bench.api.submit("imagine", prompt="a boat")
    assert bench.panel.state()["faults"] == [{"name": "queue-full", "left": 1}]
    await bench.api.submit("imagine", prompt="a boat")
    assert bench.panel.state()["faults"] == []


async def test_faults_are_switched_off_one_by_one_and_all_at_once(bench: Bench) -> None:
    for name in ("outage", "image-404", "stuck"):
        await bench.panel.do("fault", {"name": name, "times": None})
    assert {fault["left"] for fault in bench.panel.state()["faults"]} == {None}
    await bench.panel.do("fault_off", {"name": "outage"})
    assert [fault["name"] for fault in bench.panel.state()["faults"]] == ["image-404", "stuck"]
    await bench.panel.do("fault_off", {"name": None})
    assert bench.comet.faults.active == set()


@pytest.mark.parametrize("fault", Fault)
async def test_every_fault_of_the_api_can_be_switched_on(bench: Bench, fault: Fault) -> None:
    await bench.panel.do("fault", {"name": fault.value, "times": 3, "seconds": 2})
    assert bench.comet.faults.left == {fault: 3}


async def test_a_fault_of_discord_strikes_its_route_and_is_calmed(bench: Bench) -> None:
    wish = {"name": "unavailable", "route": POST, "times": 1, "seconds": None, "status": None}
    await bench.panel.do("discord_fault", wish)
    await bench.panel.do("discord_fault", wish | {"name": "slow", "route": None, "times": None, "seconds": 0})
    assert bench.panel.state()["discord_faults"] == [
        {"name": "unavailable", "route": POST, "left": 1},
        {"name": "slow", "route": None, "left": None},
    ]
    assert (await bench.bot.send({"content": "hello"})).status == 503
    assert [fault["name"] for fault in bench.panel.state()["discord_faults"]] == ["slow"]
    await bench.panel.do("discord_calm", {})
    assert bench.panel.state()["discord_faults"] == []


@pytest.mark.parametrize("fault", DiscordFault)
async def test_every_fault_of_discord_can_be_armed(bench: Bench, fault: DiscordFault) -> None:
    await bench.panel.do("discord_fault", {"name": fault.value, "times": 1, "seconds": 1, "status": 503})
    (armed,) = bench.discord.faults.armed
    assert (armed.fault, armed.times, armed.seconds, armed.status) == (fault, 1, 1, 503)


async def test_permissions_are_taken_and_given_back(bench: Bench) -> None:
    general, bot = bench.discord.world.general, bench.discord.world.bot
    wish = {"channel_id": str(general.id), "name": "SEND_MESSAGES"}
    await bench.panel.do("permission", wish | {"allowed": False})
    assert not in_channel(general, bot) & Permission.SEND_MESSAGES
    assert (await bench.bot.send({"content": "hello"})).refusal == (403, 50013)
    await bench.panel.do("permission", wish | {"allowed": True})
    assert (await bench.bot.send({"content": "hello"})).status == 200


async def test_the_speed_is_switched_and_shown(bench: Bench) -> None:
    await bench.panel.do("speed", {"rate": 2.5})
    assert (bench.comet.rate, bench.panel.state()["rate"]) == (2.5, 2.5)
    await bench.panel.do("speed", {"rate": 0})
    assert bench.panel.state()["rate"] == 0


async def test_tasks_are_ended_by_hand_but_only_once(bench: Bench) -> None:
    good, bad = await bench.task(), await bench.task()
    await bench.panel.do("finish", {"task_id": good})
    await bench.panel.do("fail", {"task_id": bad, "reason": "no paint"})
    assert bench.comet.tasks[good].status == "SUCCESS"
    assert (bench.comet.tasks[bad].status, bench.comet.tasks[bad].fail_reason) == ("FAILURE", "no paint")
    for verb in ("finish", "fail"):
        with pytest.raises(ValueError, match=r"^This job is over already\.$"):
            await bench.panel.do(verb, {"task_id": good})


async def test_discords_clock_jumps(bench: Bench) -> None:
    call = await bench.bot.slash()
    await bench.panel.do("pass_time", {"seconds": 3600})
    assert call.failed


WRONG: list[tuple[str, Json]] = [
    ("dance", {}),
    ("fault", {"name": "no-such-fault", "times": 1}),
    ("fault", {"name": "banned", "times": 0}),
    ("fault", {"name": "banned", "times": 1.5}),
    ("fault", {"name": "banned", "times": True}),
    ("fault", {"name": "banned", "times": "often"}),
    ("fault", {"name": "slow", "times": 1, "seconds": -1}),
    ("fault", {"name": "slow", "times": 1, "seconds": float("inf")}),
    ("fault_off", {"name": "no-such-fault"}),
    ("discord_fault", {"name": "no-such-fault"}),
    ("discord_fault", {"name": "slow", "route": "GET /nowhere", "times": 1}),
    ("discord_fault", {"name": "slow", "route": ["a", "list"], "times": 1}),
    ("discord_fault", {"name": "error-before", "times": 1, "status": 200}),
    ("permission", {"channel_id": "1", "name": "SEND_MESSAGES", "allowed": True}),
    ("permission", {"channel_id": "general", "name": "SEND_MESSAGES", "allowed": True}),
    ("permission", {"channel_id": "1", "name": "ADMINISTRATOR", "allowed": True}),
    ("permission", {"channel_id": "1", "name": "SEND_MESSAGES"}),
    ("speed", {}),
    ("speed", {"rate": -1}),
    ("speed", {"rate": 11}),
    ("speed", {"rate": float("nan")}),
    ("speed", {"rate": 10**400}),
    ("finish", {"task_id": "1"}),
    ("fail", {}),
    ("disconnect", {}),
    ("pass_time", {}),
    ("pass_time", {"seconds": -60}),
    ("pass_time", {"seconds": 10**400}),
    ("bot", {"how": "dance"}),
]


@pytest.mark.parametrize(("verb", "fields"), WRONG)
async def test_what_cannot_be_is_refused_in_a_sentence(bench: Bench, verb: str, fields: Json) -> None:
    before = bench.panel.state()
    with pytest.raises((ValueError, LookupError)) as refused:
        await bench.panel.do(verb, fields)
    assert type(refused.value) in (ValueError, LookupError)
    assert str(refused.value)[0].isupper()
    assert str(refused.value).endswith(".")
    assert bench.panel.state() == before


async def test_in_a_direct_message_there_is_no_permission_to_take(bench: Bench) -> None:
    dm = bench.discord.world.dm(bench.discord.world.member)
    with pytest.raises(ValueError, match="Direct messages"):
        await bench.panel.do("permission", {"channel_id": str(dm.id), "name": "EMBED_LINKS", "allowed": False})


UNDERSTOOD: dict[str, Json] = {
    "fault": {"name": "banned"},
    "discord_fault": {"name": "slow"},
    "permission": {"channel_id": "1043217765409632457", "name": "EMBED_LINKS", "allowed": True},
    "bot": {"how": "stop"},
}


async def test_every_verb_that_is_announced_is_understood(bench: Bench) -> None:
    for verb in Panel.VERBS - {"finish", "fail"}:  # need a task
        with suppress(ValueError):
            await bench.panel.do(verb, UNDERSTOOD.get(verb, {}))
    with pytest.raises(LookupError, match="no such switch"):
        await bench.panel.do("slash", {})


# What it tells ---------------------------------------------------------------------------------------------------


async def test_however_much_changes_it_is_told_at_most_twice_a_second(bench: Bench) -> None:
    at: list[float] = []
    unsubscribe = bench.panel.subscribe(
        lambda event: at.append(time.monotonic()) if event["event"] == "panel" else None
    )
    bench.panel.subscribe(bench.hear)
    for number in range(60):
        await bench.panel.do("speed", {"rate": 1 + number / 100})
        await asyncio.sleep(0.02)
    last = (await bench.told("panel", 3))[-1]
    unsubscribe()
    assert all(later - earlier >= 0.49 for earlier, later in pairwise(at))
    assert last["panel"]["rate"] > 1.3


async def test_progress_is_told_although_nothing_happens(bench: Bench) -> None:
    await bench.task()
    bench.panel.subscribe(bench.hear)
    bench.comet.set_rate(6)
    told = await bench.told("panel", 3)
    progress = [event["panel"]["tasks"][0]["progress"] for event in told]
    assert progress == sorted(set(progress))


async def test_nothing_is_told_while_nothing_changes(bench: Bench) -> None:
    await bench.task()
    bench.panel.subscribe(bench.hear)
    await asyncio.sleep(1.2)  # two looks
    assert bench.events == []
    assert bench.first()["age_seconds"] >= 1.2  # growing older alone is no news


async def test_who_has_left_is_told_nothing_more_and_who_comes_again_is(bench: Bench) -> None:
    leave = bench.panel.subscribe(bench.hear)
    leave()
    leave()
    await bench.panel.do("speed", {"rate": 3})
    await asyncio.sleep(0.7)
    assert bench.events == []
    bench.panel.subscribe(bench.hear)
    await bench.panel.do("speed", {"rate": 4})
    (event,) = await bench.told("panel")
    assert event["panel"]["rate"] == 4
