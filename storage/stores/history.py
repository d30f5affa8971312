"""`SqliteHistoryStore`: what a person has made, page by page, however much that is.

A page is found by an index that has nothing but it. Where jobs have to be looked at one by one (words in a prompt,
failures to be left out), that is done slice by slice, so that others get their turn with the database in between, and
ends after a time. Imports the model, and of the engine only types.
"""

from __future__ import annotations

import re
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override
from ulid import ULID

from bot.model import HistoryFilter, HistoryPage
from storage.rows import first_id
from storage.stores.jobs import jobs_of
from storage.stores.looks import Span, look_for

if TYPE_CHECKING:
    from datetime import datetime

    from bot.jobs.ports import HistoryStore
    from bot.model import Job
    from storage.database import Database
    from storage.stores.looks import Look
else:
    HistoryStore = object

#: No id is less than the first, none is greater than the last.
_FIRST: Final = ""
_LAST: Final = "~"

#: The first slice has what nearly everybody has made in all; each further one is twice as large, up to some ten
#: milliseconds' worth of words.
_FIRST_SLICE: Final = 500
_LARGEST_SLICE: Final = 8_000
_BUDGET: Final = timedelta(milliseconds=180)

#: Of a person's jobs, for suggestions while they type: an answer is due before the next letter.
_LOOKED_AT: Final = 10_000
#: An id, or enough of its beginning to be no word: by eight characters the time of day is known to the second.
_ID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{7,25}")


@final
class SqliteHistoryStore(HistoryStore):
    """Histories from an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    first_slice
        How many jobs are looked at in one go at first.
    budget
        After that time no further slice is begun.
    looked_at
        How many of somebody's newest jobs are searched for suggestions.
    """

    def __init__(
        self,
        database: Database,
        *,
        first_slice: int = _FIRST_SLICE,
        budget: timedelta = _BUDGET,
        looked_at: int = _LOOKED_AT,
    ) -> None:
        self._database = database
        self._first_slice = first_slice
        self._budget = budget.total_seconds()
        self._looked_at = looked_at

    @override
    async def page(
        self, user_id: int, chosen: HistoryFilter, *, before: str | None = None, after: str | None = None, limit: int
    ) -> HistoryPage:
        look = look_for(user_id, chosen)
        if after is not None:
            return await self._newer(look, _newer_than(after, chosen), after, limit)
        return await self._older(look, _older_than(before, chosen), before, limit)

    @override
    async def newest(self, user_id: int, text: str, limit: int) -> list[Job]:
        named = text.strip().upper()
        if _ID.fullmatch(named):
            span = Span(named, f"{named}{_LAST}", is_newest_first=True)
            jobs = await self._jobs(look_for(user_id, HistoryFilter()), span, limit)
            if jobs:
                return jobs
        look = look_for(user_id, HistoryFilter(text=text))
        span = Span(_FIRST, _LAST, is_newest_first=True)
        jobs, _ = await self._find(look, span, limit, most=self._looked_at)
        return jobs

    async def _older(self, look: Look, span: Span, before: str | None, limit: int) -> HistoryPage:
        jobs, reached = await self._find(look, span, limit + 1)
        shown = tuple(jobs[:limit])
        newer = None
        if before is not None:
            newer = shown[0].id if shown else _beside(before, -1)  # so that it has what is before this page
        return HistoryPage(
            jobs=shown,
            newer=newer,
            older=shown[-1].id if len(jobs) > limit else reached,
            searched_to=_time_of(reached) if len(shown) < limit else None,
        )

    async def _newer(self, look: Look, span: Span, after: str, limit: int) -> HistoryPage:
        jobs, reached = await self._find(look, span, limit + 1)
        shown = tuple(reversed(jobs[:limit]))
        return HistoryPage(
            jobs=shown,
            newer=shown[0].id if len(jobs) > limit else reached,
            older=shown[-1].id if shown else _beside(after, 1),
            searched_to=_time_of(reached) if len(shown) < limit else None,
        )

    async def _find(
        self, look: Look, span: Span, wanted: int, *, most: int = sys.maxsize
    ) -> tuple[list[Job], str | None]:
        """Return the first jobs of a span, and how far the search got if it was stopped before there were enough.

        Parameters
        ----------
        most
            How many are looked at, where that has to be done one by one.
        """
        if not look.checked:
            return await self._jobs(look, span, wanted), None
        found: list[Job] = []
        rows, end = min(self._first_slice, most), time.monotonic() + self._budget
        while True:
            edge = await self._edge(look, span, rows)
            if edge is None:
                return found + await self._jobs(look, span, wanted - len(found)), None
            found += await self._jobs(look, span.until(edge), wanted - len(found))
            if len(found) == wanted:
                return found, None
            most -= rows
            if time.monotonic() >= end or not most:
                return found, edge
            span, rows = span.beyond(edge), min(2 * rows, _LARGEST_SLICE, most)

    async def _edge(self, look: Look, span: Span, rows: int) -> str | None:
        parameters = {**look.parameters, **span.parameters, "rows": rows}
        found = await self._database.read(look.edge(span), parameters)
        return found[0]["id"] if len(found) > 1 else None

    async def _jobs(self, look: Look, span: Span, wanted: int) -> list[Job]:
        parameters = {**look.parameters, **span.parameters, "wanted": wanted}
        return await jobs_of(await self._database.read(look.jobs(span), parameters))


def _older_than(before: str | None, chosen: HistoryFilter) -> Span:
    low = _FIRST if chosen.since is None else first_id(chosen.since)
    high = _LAST if chosen.until is None else first_id(chosen.until)
    return Span(low, min(high, before or _LAST), is_newest_first=True)


def _newer_than(after: str, chosen: HistoryFilter) -> Span:
    low = _FIRST if chosen.since is None else _beside(first_id(chosen.since), -1)
    high = _LAST if chosen.until is None else _beside(first_id(chosen.until), -1)
    return Span(max(low, after), high, is_newest_first=False)


def _beside(job_id: str, step: int) -> str:
    """Return the id that is so many after this one, of all that there could be."""
    return str(ULID.from_int(int(ULID.from_str(job_id)) + step))


def _time_of(job_id: str | None) -> datetime | None:
    return None if job_id is None else ULID.from_str(job_id).datetime
