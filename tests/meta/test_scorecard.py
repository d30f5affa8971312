"""The scorecard names every promise, and no test or script that does not exist."""

from __future__ import annotations

import re

from tests.meta.repository import ROOT

CARD = (ROOT / "docs" / "scorecard.md").read_text(encoding="utf-8")
PROMISES = 36


def rows() -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in CARD.splitlines() if re.match(r"\| \d+ \|", line)]


def test_every_promise_has_its_row_in_order() -> None:
    assert [int(row[0]) for row in rows()] == list(range(1, PROMISES + 1))


def test_every_test_that_is_named_is_in_the_file_that_is_named_with_it() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", CARD)
    assert len(named) > PROMISES
    missing = [f"{path}::{test}" for path, test in named if f"def {test}(" not in (ROOT / path).read_text("utf-8")]
    assert missing == []


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:tests|benchmarks|deploy)/[\w/.-]+?\.\w+)", CARD)
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_each_row_says_whether_it_is_reached() -> None:
    assert {row[-1].split(":")[0].split(",")[0].strip() for row in rows()} <= {"yes", "no", "in part", "waits"}
