"""The dashboard and the alerts: both name numbers that exist, with labels and values that they have."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot import __version__
from bot.metrics import Metrics
from tests.meta.repository import ROOT
from tests.numbers import families_of, numbers_of
from tests.unit.test_metrics import everything

if TYPE_CHECKING:
    from collections.abc import Iterator

DASHBOARD = ROOT / "deploy" / "grafana" / "easel.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"

#: What Prometheus itself adds to a target.
OF_PROMETHEUS = {"up"}
TARGET_LABELS = {"instance", "job"}

_NAME = re.compile(r"\b(?:easel|process)_[a-z0-9_]+\b")
_SELECTOR = re.compile(r"\b((?:easel|process)_[a-z0-9_]+)\{([^}]*)\}")
_LABEL = re.compile(r'(\w+)\s*(=~|=|!=|!~)\s*"([^"]*)"')
_GROUPED = re.compile(r"\bby \(([^)]*)\)")
_EXPRESSION = re.compile(r"^ +expr: (.+)$", re.MULTILINE)


def expressions() -> dict[str, list[str]]:
    """Return what both files ask Prometheus for."""
    panels = cast("list[dict[str, Any]]", json.loads(DASHBOARD.read_text())["panels"])
    drawn = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    return {"dashboard": drawn, "alerts": _EXPRESSION.findall(ALERTS.read_text())}


def labels() -> dict[str, dict[str, set[str]]]:
    """Return which labels each series can have, and with which values."""
    found: dict[str, dict[str, set[str]]] = {}
    for series in numbers_of(everything()):
        name, _, rest = series.partition("{")
        of_name = found.setdefault(name, {})
        for label, _, value in _LABEL.findall(rest):
            of_name.setdefault(label, set()).add(value)
    return found


LABELS = labels()


def selected(expression: str) -> Iterator[tuple[str, str, str]]:
    """Return each series that an expression selects by a label, with the label and what it compares with."""
    for name, selector in _SELECTOR.findall(expression):
        for label, _, value in _LABEL.findall(selector):
            yield name, label, value


@pytest.mark.parametrize("of", ["dashboard", "alerts"])
def test_every_number_that_is_named_exists(of: str) -> None:
    named = {name for expression in expressions()[of] for name in _NAME.findall(expression)}

    assert len(named) > 10
    assert named <= set(LABELS), named - set(LABELS)


@pytest.mark.parametrize("of", ["dashboard", "alerts"])
def test_every_label_that_is_named_exists_with_such_a_value(of: str) -> None:
    for expression in expressions()[of]:
        for name, label, value in selected(expression):
            if label in TARGET_LABELS:
                continue
            assert set(value.split("|")) <= LABELS[name][label], expression
        grouped = {label.strip() for group in _GROUPED.findall(expression) for label in group.split(",")}
        known = {label for name in _NAME.findall(expression) for label in LABELS[name]}
        assert grouped <= known | TARGET_LABELS, expression


def test_every_number_of_ours_is_drawn() -> None:
    drawn = " ".join(expressions()["dashboard"])

    assert not [name for name in families_of(Metrics()) if name.startswith("easel_") and name not in drawn]


def test_the_panels_lie_beside_each_other_and_have_names_and_numbers_of_their_own() -> None:
    panels = cast("list[dict[str, Any]]", json.loads(DASHBOARD.read_text())["panels"])
    places = sorted((panel["gridPos"]["y"], panel["gridPos"]["x"], panel["gridPos"]["w"]) for panel in panels)

    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["title"] for panel in panels)
    for (row, left, width), (next_row, next_left, _) in pairwise(places):
        assert row != next_row or left + width <= next_left


def test_every_alert_says_when_how_grave_it_is_and_what_to_do() -> None:
    rules = ALERTS.read_text().split("- alert: ")[1:]

    assert len(rules) == len(expressions()["alerts"])
    for rule in rules:
        assert re.match(r"Easel[A-Za-z]+\n", rule)
        assert re.search(r"labels: \{ severity: (warning|critical) \}", rule)
        assert "summary: " in rule
        assert "description: " in rule


def test_the_version_that_is_told_is_that_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text()

    assert f'\nversion = "{__version__}"\n' in project
