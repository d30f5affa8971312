"""The probe's book: what one run has sent is not forgotten by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from bot.jobs.clock import SystemClock
from bot.owner.probe.book import Book
from bot.owner.probe.findings import Card, Place

if TYPE_CHECKING:
    from pathlib import Path

CARD = Card(name="picture", place=Place.API, question="Is it charged?", price=None, submits=1)


def open_book(path: Path) -> Book:
    return Book(path, {Place.API: "https://api", Place.DISCORD: "https://discord"}, SystemClock())


def test_of_two_probes_at_once_the_second_sends_nothing_and_what_the_first_sent_is_known(tmp_path: Path) -> None:
    path = tmp_path / "probe.json"
    first, second = open_book(path), open_book(path)
    first.send(CARD)
    with pytest.raises(StorageError, match="somebody else"):
        second.send(CARD)
    assert open_book(path).unsettled(CARD) is not None
    first.settle("accepted", "177")
    assert open_book(path).unsettled(CARD) is None
