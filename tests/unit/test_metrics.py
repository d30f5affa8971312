"""The numbers: few series whatever happens, and labels that nobody outside can choose."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from bot.connection.witness import Witness
from bot.jobs.ports import Outcome
from bot.metrics import Metrics
from bot.metrics.api import Answered, Call
from bot.metrics.deliveries import Reconciled
from bot.metrics.discord import Scope
from bot.metrics.storage import Refusal
from bot.model import SETTLED, DeliveryStatus, Entry, Kind, Status, Waiting
from bot.web.hooks import Fate
from tests.fakes import FakeClock
from tests.numbers import families_of, numbers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from enum import StrEnum

#: Reliability C18.
MOST_SERIES = 500


def everything() -> Metrics:
    """Return numbers of a process to which everything has happened."""
    metrics = Metrics()
    all_of: list[tuple[Callable[..., None], Iterable[StrEnum]]] = [
        (metrics.jobs.submitted, Outcome),
        (metrics.jobs.spared, Entry),
        (metrics.api.held_by, Waiting),
        (metrics.deliveries.moved, DeliveryStatus),
        (metrics.deliveries.reconciled, Reconciled),
        (metrics.discord.limited, Scope),
        (metrics.storage.refused, Refusal),
        (metrics.process.called_back, Fate),
    ]
    for count, labels in all_of:
        for label in labels:
            count(label)
    for kind, status in product(Kind, SETTLED):
        metrics.jobs.ended(kind, status)
    metrics.jobs.set_open(dict.fromkeys(Status, 1), 1)
    for call, how in product(Call, Answered):
        metrics.api.answered(f"/mj-fast/mj/submit/{call}", how, 1.0, paid=True)
    return metrics


def test_whatever_happens_there_are_few_series() -> None:
    series = numbers_of(everything())

    assert len(series) < MOST_SERIES
    assert len(series) > 300  # and they are counted at all
    assert not [name for name in series if "_created" in name]


def test_every_number_is_ours_or_the_processs() -> None:
    assert all(name.startswith(("easel_", "process_")) for name in families_of(Metrics()))


def test_what_a_path_holds_beside_its_last_word_becomes_no_label() -> None:
    metrics = Metrics()
    metrics.api.answered("/mj/task/1773314942177684/fetch", Answered.of(200), 1.0, paid=False)
    metrics.api.answered("/mj/task/1773314942177684", Answered.of(599), 1.0, paid=False)

    counted = {name: value for name, value in numbers_of(metrics).items() if "api_requests" in name}

    assert counted == {
        'easel_api_requests_total{class="2xx",route="fetch"}': 1,
        'easel_api_requests_total{class="5xx",route="other"}': 1,
    }


def test_only_a_paid_request_is_timed_as_a_submit() -> None:
    metrics = Metrics()
    metrics.api.answered("/mj/task/1/fetch", Answered.OK, 1.0, paid=False)
    assert numbers_of(metrics)["easel_submit_seconds_count"] == 0

    metrics.api.answered("/mj-fast/mj/submit/imagine", Answered.OK, 2.0, paid=True)
    assert numbers_of(metrics)["easel_submit_seconds_sum"] == 2


def test_the_gate_has_one_cause_at_a_time_and_none_when_it_is_open() -> None:
    metrics = Metrics()
    for cause in (Waiting.BAD_KEY, Waiting.NO_BALANCE, None):
        metrics.api.held_by(cause)
        causes = {name: value for name, value in numbers_of(metrics).items() if "breaker" in name}
        assert sum(causes.values()) == (cause is not None)
        if cause is not None:
            assert causes[f'easel_api_breaker_state{{cause="{cause}"}}'] == 1


def test_the_first_answer_to_an_interaction_is_timed_once_and_only_if_discord_took_it() -> None:
    metrics, clock, answered = Metrics(), FakeClock(), list[int]()
    witness = Witness(metrics.discord, clock, answered.append)
    witness.came(7)
    clock.advance(2)
    witness.saw("/api/v10/interactions/7/secret/callback", 404, None)
    assert answered == [7]  # nobody can answer it any more
    assert numbers_of(metrics)["easel_interaction_ack_seconds_count"] == 0

    for path in ("/api/v10/interactions/7/secret/callback", "/api/v10/webhooks/1/secret/messages/@original"):
        witness.saw(path, 200, None)
        witness.saw(path, 204, None)

    series = numbers_of(metrics)
    assert (series["easel_interaction_ack_seconds_count"], series["easel_interaction_ack_seconds_sum"]) == (1, 2)


def test_a_limit_is_counted_under_whose_it_is_and_never_under_what_a_header_says() -> None:
    metrics = Metrics()
    witness = Witness(metrics.discord, FakeClock(), list[int]().append)
    for scope in ("user", "shared", None, "a-word-of-their-own"):
        witness.saw("/api/v10/channels/1/messages", 429, scope)

    limited = {name: value for name, value in numbers_of(metrics).items() if "ratelimited" in name and value}

    assert limited == {
        'easel_discord_ratelimited_total{scope="user"}': 1,
        'easel_discord_ratelimited_total{scope="shared"}': 1,
        'easel_discord_ratelimited_total{scope="cloudflare"}': 2,
    }


def test_interactions_that_get_no_answer_are_forgotten() -> None:
    metrics = Metrics()
    witness = Witness(metrics.discord, FakeClock(), list[int]().append)
    for interaction_id in range(10_050):
        witness.came(interaction_id)

    for interaction_id in (49, 50):
        witness.saw(f"/api/v10/interactions/{interaction_id}/secret/callback", 204, None)

    assert numbers_of(metrics)["easel_interaction_ack_seconds_count"] == 1
