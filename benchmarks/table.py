"""The one way in which benchmarks print: the machine's facts, then a table; beside a figure its gate, if it has one.

A gate is what CONTRIBUTING or the documentation promises. A missed one is always marked; it fails the run only with
`--gate`, since another machine, or a busy one, has other figures. Imports nothing of Easel.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from benchmarks.machine import facts

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADS: Final = ("", "Easel", "gate", "", "usual way", "÷ Easel")


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows below their heads: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in (heads, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)


def cuts(values: Sequence[float]) -> tuple[float, float]:
    """Return p50 and p99 of at least one value."""
    if len(values) == 1:
        return values[0], values[0]
    hundredths = statistics.quantiles(values, n=100, method="inclusive")
    return hundredths[49], hundredths[98]


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of command lines that knows what all benchmarks do."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--gate", action="store_true", help="exit with 1 where a gate is missed")
    return made


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A bound that a figure has to keep: below `most`, or at least `least`.

    Attributes
    ----------
    text
        As it is printed.
    """

    text: str
    most: float = float("inf")
    least: float = float("-inf")

    def holds(self, value: float) -> bool:
        """Tell whether a figure keeps it."""
        return self.least <= value <= self.most


def at_most(bound: float, unit: str = "") -> Gate:
    """Return the gate of a figure that must not be greater."""
    return Gate(text=f"≤ {bound:,g}{unit}", most=bound)


def at_least(bound: float, unit: str = "") -> Gate:
    """Return the gate of a figure that must not be smaller."""
    return Gate(text=f"≥ {bound:,g}{unit}", least=bound)


@final
class Table:
    """Figures under a title, some with a gate, some beside what the usual way needs for the same.

    Parameters
    ----------
    title
        What is measured; printed at once, with the machine's facts as they are before it.
    """

    def __init__(self, title: str) -> None:
        self._rows: list[tuple[str, ...]] = []
        self._missed: list[str] = []
        print(f"\n{title}\n{facts()}\n", flush=True)

    def head(self, text: str) -> None:
        """Begin a group of figures."""
        self._rows.append((text, "", "", "", "", ""))

    def add(
        self,
        name: str,
        value: float,
        unit: str = "",
        *,
        digits: int = 0,
        gate: Gate | None = None,
        usual: float | None = None,
    ) -> None:
        """Add a figure.

        Parameters
        ----------
        unit
            Stands behind the figure, after a space of its own if there is to be one.
        usual
            The same figure of the usual way, on the same machine.
        """
        is_met = gate is None or gate.holds(value)
        if gate is not None and not is_met:
            self._missed.append(f"{name}: {value:,.{digits}f}{unit}, gate {gate.text}")
        verdict = "" if gate is None else "met" if is_met else "MISSED"
        beside = "" if usual is None else f"{usual:,.{digits}f}{unit}"
        ratio = "" if usual is None else "∞" if not value else f"{usual / value:,.1f} ×"
        self._rows.append(
            (f"  {name}", f"{value:,.{digits}f}{unit}", gate.text if gate else "", verdict, beside, ratio)
        )

    def close(self, *, gate: bool) -> None:
        """Print the table; with `gate`, exit with 1 where one was missed."""
        print(aligned(_HEADS, self._rows), flush=True)
        if gate and self._missed:
            sys.exit("gates missed: " + "; ".join(self._missed))
