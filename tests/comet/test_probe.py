"""`python -m bot probe` against the API in both profiles and with its switches: it tells them apart, and asks first."""

from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pytest
from typing_extensions import override

from bot.config import ExitCode, Listen, Settings
from bot.errors import StorageError
from bot.owner.probe.assembly import Probe, Wishes
from bot.owner.probe.command import main
from bot.owner.probe.consent import Consent, quote
from bot.owner.probe.findings import Card, Finding, Place, Skipped
from sandbox.comet import CometOptions, CometSandbox, Fault
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AsyncExitStack
    from pathlib import Path

    from bot.owner.probe.findings import Fact, Result

Results: TypeAlias = "Mapping[str, Result]"

QUOTA_KEY = "sk-query-only-key"
BOT = "MTA5MjQxNjUzNzcyMDgzMjA0MQ.Gabcde.abcdefghijklmnopqrstuvwxyzabcdefghijkl"
GATEWAY = CometOptions(quota_key=QUOTA_KEY, sync_seconds=15, picture_size=64)
ANCESTOR = replace(GATEWAY, profile="ancestor")
#: Everything about the API that one picture answers.
ON_THE_PICTURE = ("state-kept", "refresh-period", "finish-to-seen", "image-link", "hook-honored")
UPSCALES = ("picture", "upscale-billed", "second-press")


class Time(FakeClock):
    """Time that passes only when somebody waits.

    Attributes
    ----------
    breath
        What a wait really takes: the API's own watch for changes needs a moment to see one.
    """

    breath = 0.0

    @override
    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        was_set = await super().wait(event, seconds)
        await asyncio.sleep(self.breath)
        return was_set


class Owner:
    """Somebody at the terminal: what they were asked, what they said, what they read."""

    def __init__(self, answer: Callable[[str], bool]) -> None:
        self.questions: list[str] = []
        self.lines: list[str] = []
        self._answer = answer

    def ask(self, question: str) -> bool:
        self.questions.append(question)
        return self._answer(question)


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """How the probe is started: what the owner answers, and what they give it."""

    answer: Callable[[str], bool] = lambda _: True
    budget: str | None = None
    hooks: bool = False
    quota_key: str = QUOTA_KEY
    again: bool = False


WARY = Sitting(answer=lambda question: "may have been charged" not in question)
SAYS_NO = Sitting(answer=lambda _: False)
SAYS_YES_TO_A_DOLLAR = Sitting(budget="1")
WITH_HOOKS = Sitting(hooks=True)


class Bench:
    """The probe, its owner, and the last API that it was run against."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self.time = Time()
        self.folder = folder
        self.owner = Owner(lambda _: True)
        self.probe: Probe | None = None
        self.comet: CometSandbox | None = None
        self._stack = stack

    @property
    def api(self) -> CometSandbox:
        assert self.comet is not None
        return self.comet

    @property
    def kept(self) -> str:
        return (self.folder / "probe.json").read_text(encoding="utf-8")

    @property
    def settings(self) -> Settings:
        return Settings.load(
            None,
            {
                "DISCORD_TOKEN": BOT,
                "COMETAPI_KEY": self.api.key,
                "COMETAPI_BASE_URL": self.api.url,
                "DATABASE_URL": f"sqlite:///{self.folder}/easel.db",
            },
        )

    async def start(self, options: CometOptions) -> CometSandbox:
        self.comet = await self._stack.enter_async_context(CometSandbox(replace(options, clock=self.time.monotonic)))
        self.time.advance(2)  # nobody comes just when the gateway copies
        return self.comet

    async def ask(self, options: CometOptions | None, *only: str, sitting: Sitting | None = None) -> Results:
        """Run it, against the same API as before if there are no options."""
        if options is not None:
            await self.start(options)
        how = sitting or Sitting()
        self.time.breath = 0.015 if how.hooks else 0.0
        self.owner = Owner(how.answer)
        wishes = Wishes(
            only=only,
            again=how.again,
            quota_key=how.quota_key,
            quota_url=self.api.url,
            hook_listen=Listen("127.0.0.1", 0) if how.hooks else None,
        )
        budget = None if how.budget is None else Decimal(how.budget)
        consent = Consent(self.owner.ask, says_yes=budget is not None, budget=budget)
        probe = Probe(self.settings, wishes, consent=consent, clock=self.time, tell=self.owner.lines.append)
        self.probe = probe
        try:
            for check in probe.walk.due():
                await probe.walk.run(check)
        finally:
            await probe.close()
        return probe.walk.results


@pytest.fixture
def bench(tmp_path: Path, stack: AsyncExitStack) -> Bench:
    return Bench(tmp_path, stack)


API_CHECKS = ("unknown-id", "list-limit", *ON_THE_PICTURE, *UPSCALES, "refund", "relax-accepted")


def facts(results: Results, name: str) -> Mapping[str, Fact]:
    found = results[name]
    assert isinstance(found, Finding), found
    return found.facts


def reason(results: Results, name: str) -> str:
    found = results[name]
    assert isinstance(found, Skipped), found
    return found.reason


async def test_the_gateway_is_told_from_the_proxy_behind_it(bench: Bench) -> None:
    gateway = await bench.ask(GATEWAY, *ON_THE_PICTURE, sitting=WITH_HOOKS)
    proxy = await bench.ask(ANCESTOR, *ON_THE_PICTURE, sitting=WITH_HOOKS)
    assert [facts(found, "unknown-id")["gateway"] for found in (gateway, proxy)] == [True, False]
    assert [facts(found, "unknown-id")["status"] for found in (gateway, proxy)] == [400, 200]
    assert [facts(found, "hook-honored")["honored"] for found in (gateway, proxy)] == [False, True]
    assert [facts(found, "refresh-period")["live"] for found in (gateway, proxy)] == [False, True]
    assert facts(gateway, "refresh-period")["period"] == pytest.approx(15, abs=1)
    state = [facts(found, "state-kept")["seconds"] for found in (gateway, proxy)]
    assert 2 < float(state[0] or 0) <= 15
    assert state[1] == 0
    assert [facts(found, "image-link")["needs_key"] for found in (gateway, proxy)] == [False, False]
    lag = [float(facts(found, "finish-to-seen")["seconds"] or 0) for found in (gateway, proxy)]
    assert lag[0] > 5
    assert lag[1] < 1.5


@pytest.mark.parametrize("period", [5, 15, 30])
async def test_the_refresh_period_is_found_with_the_setting_that_fits_it(bench: Bench, period: int) -> None:
    results = await bench.ask(replace(GATEWAY, sync_seconds=period, job_seconds=100), "refresh-period")
    assert facts(results, "refresh-period")["period"] == pytest.approx(period, abs=0.6)
    found = results["refresh-period"]
    assert isinstance(found, Finding)
    assert found.advice == f"POLL_INTERVAL_SECONDS={ {5: 2, 15: 5, 30: 10}[period] }"


async def test_callbacks_are_counted_and_a_second_try_is_seen(bench: Bench) -> None:
    honored = replace(GATEWAY, hooks=True)
    once = facts(await bench.ask(honored, "hook-honored", sitting=WITH_HOOKS), "hook-honored")
    assert (once["honored"], once["retried"]) == (True, False)
    assert once["calls"] == once["with_state"] == 9  # as many as the job has states
    assert float(once["end_ahead"] or 0) > 5  # the proxy calls before the gateway has copied
    comet = await bench.start(honored)
    comet.faults.set(Fault.HOOK_DUPLICATE, times=None)
    assert facts(await bench.ask(None, "hook-honored", sitting=WITH_HOOKS), "hook-honored")["retried"] is True


async def test_no_callback_is_asked_for_where_none_could_arrive(bench: Bench) -> None:
    results = await bench.ask(replace(GATEWAY, hooks=True), "hook-honored")
    assert "--hook-listen and --hook-url" in reason(results, "hook-honored")
    (task,) = bench.api.tasks.values()
    assert task.order.notify_hook == ""


async def test_what_a_u_costs_is_read_from_the_balance(bench: Bench) -> None:
    billed = await bench.ask(GATEWAY, *UPSCALES)
    assert facts(billed, "upscale-billed") == {"code": 1, "charged": True, "usd": 0.056}
    assert facts(billed, "second-press") == {"code": 1, "charged": True, "usd": 0.056, "same_task": False}
    assert len(bench.api.charges()) == bench.api.requests.submits == 3
    free = await bench.ask(replace(GATEWAY, charge_upscale=False), *UPSCALES)
    assert facts(free, "upscale-billed")["charged"] is False
    knowing = await bench.ask(replace(GATEWAY, knows_upscales=True), *UPSCALES)
    assert facts(knowing, "second-press") == {"code": 1, "charged": True, "usd": 0.056, "same_task": True}


async def test_a_failed_job_is_paid_back_or_not(bench: Bench) -> None:
    refunded = facts(await bench.ask(GATEWAY, "refund"), "refund")
    assert (refunded["refused_at"], refunded["charged"], refunded["refunded"]) == ("task", True, True)
    assert bench.api.ledger.spent_usd == 0
    kept = facts(await bench.ask(replace(GATEWAY, refunds=False), "refund"), "refund")
    assert (kept["charged"], kept["refunded"]) == (True, False)
    comet = await bench.start(GATEWAY)
    comet.faults.set(Fault.BANNED)
    refused = facts(await bench.ask(None, "refund"), "refund")
    assert (refused["refused_at"], refused["charged"]) == ("submit", False)


async def test_relax_is_asked_for_apart_and_told_with_its_price(bench: Bench) -> None:
    results = await bench.ask(GATEWAY, "relax-accepted")
    assert facts(results, "relax-accepted") == {"code": 1, "accepted": True, "charged": True, "usd": 0.028}
    assert "a price that nobody lists" in bench.owner.questions[0]
    (charge,) = bench.api.charges()
    assert charge.speed == "relax"


async def test_the_largest_list_and_a_cut_one_are_found(bench: Bench) -> None:
    results = await bench.ask(GATEWAY, "list-limit")
    assert facts(results, "list-limit") == {"largest": 500, "finds_last": None}
    comet = await bench.start(GATEWAY)
    comet.faults.set(Fault.LIST_REFUSED, times=None, after=1)
    assert facts(await bench.ask(None, "list-limit"), "list-limit")["largest"] == 100
    comet.faults.clear()
    results = await bench.ask(None, "picture", "list-limit")
    assert facts(results, "list-limit") == {"largest": 500, "finds_last": True}
    comet.faults.set(Fault.FETCH_OUTAGE, times=None, on="list")
    assert facts(await bench.ask(None, "list-limit"), "list-limit")["largest"] == 0


async def test_a_picture_that_wants_the_key_and_one_that_is_gone_are_told_apart(bench: Bench) -> None:
    results = await bench.ask(replace(GATEWAY, image_needs_key=True), "image-link")
    assert facts(results, "image-link")["needs_key"] is True
    comet = await bench.start(GATEWAY)
    comet.faults.set(Fault.IMAGE_404, times=None)
    assert facts(await bench.ask(None, "image-link"), "image-link")["needs_key"] is None


async def test_the_kept_picture_is_looked_at_again_for_nothing(bench: Bench) -> None:
    await bench.ask(GATEWAY, "image-link")
    bench.time.advance(3 * 3600)
    there = facts(await bench.ask(None, sitting=Sitting(again=True)), "image-age")
    assert (there["opens"], there["task_known"], there["same_address"]) == (True, True, True)
    assert float(there["hours"] or 0) == pytest.approx(3, abs=0.1)
    bench.api.faults.set(Fault.IMAGE_404, times=None)
    assert facts(await bench.ask(None, sitting=Sitting(again=True)), "image-age")["opens"] is False
    assert bench.api.requests.submits == 1


async def test_without_a_yes_nothing_is_sent(bench: Bench) -> None:
    results = await bench.ask(GATEWAY, *API_CHECKS, sitting=SAYS_NO)
    paid = ["picture", "refund", "relax-accepted"]
    assert {name: reason(results, name) for name in paid} == dict.fromkeys(paid, "not wanted")
    assert len(bench.owner.questions) == 3  # what needs the picture is not even asked for
    assert facts(results, "list-limit")["largest"] == 500
    assert (bench.api.requests.submits, len(bench.api.ledger)) == (0, 0)


def test_nobody_who_is_not_there_is_asked() -> None:
    card = Card(name="picture", place=Place.API, question="?", price=Decimal("0.056"), submits=1)
    consent = Consent(None, says_yes=False, budget=None)
    assert "nobody is at the terminal" in consent.refusal(card, None)
    assert consent.refusal(replace(card, submits=0), None) == ""
    assert consent.spent == 0


async def test_a_yes_to_everything_needs_a_budget(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    await bench.start(GATEWAY)
    assert main(bench.settings, Namespace(show=False, yes=True, budget=None)) is ExitCode.USAGE
    assert "--yes needs --budget" in capsys.readouterr().err


@pytest.mark.parametrize(("budget", "submits"), [("0", 0), ("0.055", 0), ("0.056", 1), ("0.12", 2), ("0.25", 4)])
async def test_a_budget_is_never_exceeded(bench: Bench, budget: str, submits: int) -> None:
    results = await bench.ask(GATEWAY, *API_CHECKS, sitting=Sitting(budget=budget))
    assert bench.owner.questions == []
    assert bench.api.requests.submits == submits
    assert sum(charge.amount_usd for charge in bench.api.ledger) <= float(budget)
    assert facts(results, "unknown-id")["status"] == 400
    assert "nobody lists its price" in reason(results, "relax-accepted")


async def test_all_of_it_costs_what_was_announced(bench: Bench) -> None:
    await bench.ask(GATEWAY, *API_CHECKS)
    assert bench.probe is not None
    assert quote(bench.probe.cards).startswith(
        "All paid checks together cost at most $0.232 by the price list, and relax"
    )
    assert bench.probe.consent.spent == Decimal("0.232")
    assert bench.api.requests.submits == sum(card.submits for card in bench.probe.cards) == 5


async def test_without_a_balance_nothing_is_sent_to_learn_what_it_costs(bench: Bench) -> None:
    results = await bench.ask(GATEWAY, "upscale-billed", "refund", sitting=Sitting(quota_key=""))
    assert all("--quota-key" in reason(results, name) for name in ("upscale-billed", "refund"))
    results = await bench.ask(
        None, "picture", "upscale-billed", "refund", sitting=Sitting(quota_key="sk-some-other-key")
    )
    assert "did not answer" in reason(results, "refund")
    assert bench.api.requests.submits == 1  # the picture
    results = await bench.ask(ANCESTOR, "refund")  # a proxy has no money, and no such service
    assert "did not answer" in reason(results, "refund")
    assert bench.api.requests.submits == 0


async def test_a_submit_without_an_answer_is_not_sent_again_by_itself(bench: Bench) -> None:
    comet = await bench.start(GATEWAY)
    comet.faults.set(Fault.RESET_AFTER, times=1)
    results = await bench.ask(None, "picture", "state-kept", sitting=SAYS_YES_TO_A_DOLLAR)
    assert reason(results, "picture").endswith("it may have been charged")
    assert "picture" in reason(results, "state-kept")
    results = await bench.ask(None, "picture", sitting=SAYS_YES_TO_A_DOLLAR)
    assert "may have been charged" in reason(results, "picture")
    assert len(comet.ledger) == 1
    await bench.ask(None, "picture", sitting=WARY)
    assert len(comet.ledger) == 1
    await bench.ask(None, "picture")
    assert len(comet.ledger) == 2
    await bench.ask(None, "picture", sitting=SAYS_YES_TO_A_DOLLAR)  # the last outcome is known again
    assert len(comet.ledger) == 3


async def test_what_cannot_be_written_down_is_not_sent(bench: Bench) -> None:
    (bench.folder / ".probe.json.part").mkdir()
    comet = await bench.start(GATEWAY)
    with pytest.raises(StorageError, match="cannot be written"):
        await bench.ask(None, "picture")
    assert len(comet.ledger) == 0


@pytest.mark.parametrize("content", ["", "[]", '{"found": []}', "\x00"])
async def test_a_damaged_book_stops_everything(bench: Bench, content: str) -> None:
    (bench.folder / "probe.json").write_text(content, encoding="utf-8")
    comet = await bench.start(GATEWAY)
    with pytest.raises(StorageError, match="cannot be read"):
        await bench.ask(None, "picture")
    assert comet.requests.submits == 0


async def test_what_was_found_is_shown_again(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    comet = await bench.start(GATEWAY)
    shown = Namespace(show=True)
    assert main(bench.settings, shown) is ExitCode.OK
    assert capsys.readouterr().out == "Nothing was found yet.\n"
    await bench.ask(None, "refresh-period")
    comet.faults.set(Fault.RESET_AFTER, times=1)
    await bench.ask(None, "refund")
    requests = comet.requests.submits
    assert main(bench.settings, shown) is ExitCode.OK
    said = capsys.readouterr().out
    assert f"refresh-period ({comet.url}, 2026-03-12T11:" in said
    assert "\n    -> POLL_INTERVAL_SECONDS=5\n" in said
    assert "refund: sent at 2026-03-12T11:" in said
    assert "outcome unknown" in said
    assert comet.requests.submits == requests


async def test_a_refused_key_ends_it_before_anything_is_asked(bench: Bench) -> None:
    comet = await bench.start(GATEWAY)
    comet.faults.set(Fault.UNAUTHORIZED, on="fetch")
    results = await bench.ask(None, *API_CHECKS)
    assert "refused COMETAPI_KEY" in reason(results, "unknown-id")
    assert bench.owner.questions == []
    assert comet.requests.submits == 0


async def test_answers_are_kept_by_address_and_hold_no_secret(bench: Bench) -> None:
    await bench.ask(replace(GATEWAY, hooks=True), *API_CHECKS, sitting=WITH_HOOKS)
    first, hook = bench.api.url, next(task.order.notify_hook for task in bench.api.tasks.values())
    await bench.ask(ANCESTOR, "unknown-id")
    kept = json.loads(bench.kept)
    assert {entry["where"] for entry in kept["found"] if entry["name"] == "unknown-id"} == {first, bench.api.url}
    assert [entry["outcome"] for entry in kept["sent"]] == ["accepted"] * 5
    assert (bench.folder / "probe.json").stat().st_mode & 0o777 == 0o600
    everything = bench.kept + "\n".join(bench.owner.lines)
    for secret in (bench.api.key, QUOTA_KEY, BOT, hook.rpartition("/")[2]):
        assert secret
        assert secret not in everything
