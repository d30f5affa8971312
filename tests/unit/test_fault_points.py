"""Fault points do nothing, and can be armed only by a test between sandboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import Settings, load_fault_plan
from bot.config.fault_plan import PLAN, SWITCH, SWITCH_ON
from bot.errors import ConfigurationInvalid
from bot.fault_points import Deed, FaultPlan, Point, armed, reach

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = {"DISCORD_TOKEN": "a.b.c", "COMETAPI_KEY": "sk-1"}
SANDBOX = {"DISCORD_API_URL": "http://127.0.0.1:8090/api/v10", "COMETAPI_BASE_URL": "http://127.0.0.1:8091"}
KILL = {PLAN: "B03.submitting:1:kill"}
ALLOWED = {SWITCH: SWITCH_ON}


def load(environment: Mapping[str, str]) -> FaultPlan | None:
    return load_fault_plan(Settings.load(None, {**KEYS, **environment}), environment)


def test_without_a_plan_a_place_is_just_passed() -> None:
    for point in Point:
        reach(point)


def test_a_plan_comes_true_once_at_the_time_that_it_names() -> None:
    with armed(FaultPlan(Point.POSTED, Deed.RAISE, nth=2)):
        reach(Point.POSTED)
        reach(Point.POSTING)
        with pytest.raises(RuntimeError, match=r"B07\.posted"):
            reach(Point.POSTED)
        reach(Point.POSTED)
    reach(Point.POSTED)


def test_a_test_between_sandboxes_may_name_one() -> None:
    assert load({**SANDBOX, **ALLOWED, **KILL}) == FaultPlan(Point.SUBMITTING, Deed.KILL)
    assert load({**SANDBOX, **ALLOWED}) is None


@pytest.mark.parametrize(
    "environment",
    [
        {**SANDBOX, **KILL},
        {**SANDBOX, **KILL, SWITCH: "yes"},
        {**KILL, **ALLOWED},
        {**SANDBOX, **KILL, **ALLOWED, "DISCORD_API_URL": ""},
        {**SANDBOX, **KILL, **ALLOWED, "COMETAPI_BASE_URL": "https://api.cometapi.com"},
        {**SANDBOX, **ALLOWED, PLAN: "B03.nowhere:1:kill"},
        {**SANDBOX, **ALLOWED, PLAN: "B03.submitting:0:kill"},
        {**SANDBOX, **ALLOWED, PLAN: "kill"},
    ],
)
def test_nobody_else_may_and_the_bot_then_does_not_start(environment: Mapping[str, str]) -> None:
    with pytest.raises(ConfigurationInvalid, match=PLAN):
        load(environment)


def test_the_switch_is_no_setting_that_an_owner_is_told_of() -> None:
    assert not {PLAN, SWITCH} & set(Settings.names())
