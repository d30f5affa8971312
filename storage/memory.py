"""`SqliteMemory`: all the stores on one open database, and what is asked of several. Imports its neighbors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from storage import queries
from storage.rows import milliseconds
from storage.stores.batches import SqliteBatchStore
from storage.stores.drafts import SqliteDraftStore
from storage.stores.erasure import SqlitePrivacyStore
from storage.stores.exports import SqliteExportStore
from storage.stores.files import SqliteFileStore
from storage.stores.history import SqliteHistoryStore
from storage.stores.jobs import SqliteJobStore
from storage.stores.people import SqlitePeopleStore
from storage.stores.presets import SqlitePresetStore
from storage.stores.shares import SqliteShareStore
from storage.stores.stars import SqliteStarStore
from storage.stores.takedowns import SqliteTakedownStore
from storage.stores.usage import SqliteUsageStore

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

#: A name in the input folder (`bot.jobs.keeping.inputs`).
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
        self.files = SqliteFileStore(database)
        self.history = SqliteHistoryStore(database)
        self.people = SqlitePeopleStore(database)
        self.presets = SqlitePresetStore(database)
        self.exports = SqliteExportStore(database)
        self.privacy = SqlitePrivacyStore(database)
        self.shares = SqliteShareStore(database)
        self.stars = SqliteStarStore(database)
        self.takedowns = SqliteTakedownStore(database)
        self.usage = SqliteUsageStore(database)
        self._database = database

    async def needed_inputs(self, since: datetime | None = None) -> set[str]:
        """Return the names of the inputs that an open or unknown job, or a draft, may still be sent with.

        With `since`, also those of all jobs that were made from then on: they may be run again.

        They are found by their form alone: what a draft's fields mean is the business of each form.
        """
        rows = await self._database.read(queries.NAMED_INPUTS, ())
        if since is not None:
            rows += await self._database.read(queries.INPUTS_SINCE, (milliseconds(since),))
        return {name for row in rows for name in _INPUT.findall(row["named"])}
