"""Every benchmark can be started: nothing that it imports has moved away, and it tells what it is for."""

from __future__ import annotations

import re
import runpy
import sys
from typing import TYPE_CHECKING

import pytest

from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SCRIPTS = [path for path in sorted((ROOT / "benchmarks").glob("*.py")) if "__main__" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_benchmark_can_be_started_and_tells_what_it_is_for(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.path", [*sys.path])
    monkeypatch.setattr("sys.argv", [str(path), "--help"])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(path), run_name="__main__")
    assert not left.value.code
    assert "--help" in capsys.readouterr().out


def test_make_bench_runs_benchmarks_that_exist() -> None:
    (named,) = re.findall(
        r"^bench:.*\n\t.*for name in ([a-z_ ]+);", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    assert set(named.split()) <= {path.stem for path in SCRIPTS}
