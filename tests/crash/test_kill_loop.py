"""The kill loop, short: `benchmarks/kill_loop.py` goes on with it for hundreds of kills."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest

from bot.fault_points import Deed, Point
from tests.crash.killing import STOPPED_WITHIN, Fate, open_loop

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(120)

#: Of all places those where most is at stake, and once at random.
FATES: Final = (
    Fate(Deed.KILL, Point.ANSWERING, nth=2),
    Fate(Deed.KILL, Point.MODAL),
    Fate(Deed.KILL, Point.POSTED, nth=2),
    Fate(Deed.KILL),
    Fate(Deed.KILL, Point.RECOVERING),
    Fate(Deed.TERM, Point.SUBMITTING),
    Fate(Deed.TERM, Point.POSTING),
)


async def test_a_bot_that_is_killed_again_and_again_pays_once_shows_once_and_loses_nothing(tmp_path: Path) -> None:
    async with open_loop(tmp_path, random.Random(7)) as loop:  # noqa: S311 - to be thrown again
        for fate in FATES:
            assert await loop.cycle(fate) == [], fate
        assert await loop.settle() == []
        found, tally = loop.checker.count(), loop.tally
    assert not tally.missed
    assert found.jobs > len(FATES)
    assert (found.duplicate_charges, found.duplicate_posts, found.lost_pictures) == (0, 0, 0)
    assert found.unknown_charged >= 1
    assert found.unknown_told == found.unknown_charged + found.unknown_not_charged
    assert max(tally.stopped_after) < STOPPED_WITHIN
    assert set(tally.exits) == {0}
