"""Reads what `/metrics` says, as Prometheus would."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.metrics import Metrics


def numbers_of(metrics: Metrics | str) -> dict[str, float]:
    """Return all series with their values, by name and labels as they are written."""
    text = metrics if isinstance(metrics, str) else metrics.text().decode()
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {series: float(value) for series, _, value in lines}


def families_of(metrics: Metrics) -> set[str]:
    """Return the names of all numbers, with and without a value."""
    lines = metrics.text().decode().splitlines()
    return {line.split()[2] for line in lines if line.startswith("# TYPE ")}
