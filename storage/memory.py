"""`SqliteMemory`: all the stores on one open database. Imports nothing but them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from storage import queries
from storage.batches import SqliteBatchStore
from storage.drafts import SqliteDraftStore
from storage.jobs import SqliteJobStore
from storage.people import SqlitePeopleStore

if TYPE_CHECKING:
    from storage.database import Database

#: A name in the input folder (`bot.jobs.inputs`).
_INPUT: Final = re.compile(r"\b[0-9a-f]{32}\.[a-z]{3,4}\b")


@final
class SqliteMemory:
    """Everything that Easel remembers.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self.jobs = SqliteJobStore(database)
        self.batches = SqliteBatchStore(database)
        self.drafts = SqliteDraftStore(database)
        self.people = SqlitePeopleStore(database)
        self._database = database

    async def needed_inputs(self) -> set[str]:
        """Return the names of the inputs that an open or unknown job, or a draft, may still be sent with.

        They are found by their form alone: what a draft's fields mean is the business of each form.
        """
        rows = await self._database.read(queries.NAMED_INPUTS, ())
        return {name for row in rows for name in _INPUT.findall(row["named"])}
