"""Every fault has words, and what the catalog offers can be switched."""

from __future__ import annotations

import re

import pytest

from sandbox.comet import Fault
from sandbox.discord import DiscordFault, Permission
from sandbox.page.panel.catalog import catalog
from tests.sandbox.discord_ground import bare

CATALOG = catalog()


def test_every_fault_of_the_api_is_described_once() -> None:
    assert sorted(fault["name"] for fault in CATALOG["faults"]) == sorted(Fault)


def test_every_fault_of_discord_is_described_once() -> None:
    assert sorted(fault["name"] for fault in CATALOG["discord_faults"]) == sorted(DiscordFault)


@pytest.mark.parametrize("fault", CATALOG["faults"] + CATALOG["discord_faults"], ids=lambda fault: fault["name"])
def test_a_fault_is_described_in_a_few_words_and_whole_sentences(fault: dict[str, object]) -> None:
    title, text = str(fault["title"]), str(fault["text"])
    assert 2 <= len(title.split()) <= 5
    assert title[0].isupper() or title[0].isdigit()
    assert text.endswith((".", "?"))
    assert len(text) < 120


def test_no_two_faults_have_the_same_title() -> None:
    for faults in (CATALOG["faults"], CATALOG["discord_faults"]):
        titles = [fault["title"] for fault in faults]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("fault", CATALOG["faults"], ids=lambda fault: fault["name"])
def test_a_fault_of_the_api_tells_what_it_costs(fault: dict[str, object]) -> None:
    assert any(word in str(fault["text"]).lower() for word in ("charged", "charges", "refunded"))


@pytest.mark.parametrize("fault", [fault for fault in CATALOG["faults"] + CATALOG["discord_faults"] if fault["timed"]])
def test_a_fault_that_takes_time_says_so(fault: dict[str, object]) -> None:
    assert "seconds" in str(fault["text"])


def test_permissions_are_called_as_discord_calls_them() -> None:
    for entry in CATALOG["permissions"]:
        assert Permission[entry["name"]]
        assert entry["title"].upper().replace(" ", "_") == entry["name"]


ROUTES = [entry["route"] for entry in CATALOG["routes"] if entry["route"] is not None]


@pytest.mark.parametrize("route", ROUTES)
async def test_a_fault_on_a_route_strikes_the_request_of_that_name(route: str) -> None:
    async with bare() as api:
        armed = api.sandbox.faults.set(DiscordFault.UNAVAILABLE, route)
        method, _, path = re.sub(r"\{\w+\}", "1", route).partition(" ")
        assert (await api.call(method, path)).status == 503
        assert armed.is_spent


def test_any_request_is_offered_first() -> None:
    assert CATALOG["routes"][0]["route"] is None
