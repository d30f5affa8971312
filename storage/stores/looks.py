"""Where and how the jobs that a filter lets through are looked for: the statements behind a history.

Each set of filters has an index of its own, which every statement names: SQLite, left alone, takes whichever it likes
where nobody has counted for it. Text and numbers only; imports the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from storage.queries import SELECT_JOB
from storage.rows import stored
from storage.searching import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import HistoryFilter
    from storage.rows import Stored

#: The columns that have indexes, with what they are called in the names of those.
_INDEXED: Final = {"kind": "kind", "model": "model", "guild_id": "server"}
_FAVORITES: Final = (
    "favorites AS h CROSS JOIN jobs AS j ON j.id = h.job_id AND (j.is_private = 0 OR j.user_id = h.user_id)"
)
_SEARCHES: Final = "searches AS h CROSS JOIN jobs AS j ON j.id = h.job_id"
_SUCCESSES: Final = "j.status NOT IN ('failed', 'cancelled', 'expired', 'unknown')"


@final
@dataclass(frozen=True, slots=True)
class Span:
    """Job ids between which to look.

    Attributes
    ----------
    is_newest_first
        Then `low` belongs to it and `high` does not; oldest first, it is the other way round. So what was reached can
        always be where the next look begins.
    """

    low: str
    high: str
    is_newest_first: bool

    @property
    def parameters(self) -> dict[str, Stored]:
        """The bounds by name."""
        return {"low": self.low, "high": self.high}

    def until(self, edge: str) -> Span:
        """Return the part that is looked at first, up to that id."""
        if self.is_newest_first:
            return Span(edge, self.high, self.is_newest_first)
        return Span(self.low, edge, self.is_newest_first)

    def beyond(self, edge: str) -> Span:
        """Return the part that is left after that."""
        if self.is_newest_first:
            return Span(self.low, edge, self.is_newest_first)
        return Span(edge, self.high, self.is_newest_first)

    def of(self, key: str) -> str:
        """Return the condition on a column of job ids."""
        return f"{key} >= :low AND {key} < :high" if self.is_newest_first else f"{key} > :low AND {key} <= :high"

    @property
    def order(self) -> str:
        """Which way the ids go."""
        return "DESC" if self.is_newest_first else "ASC"


@final
@dataclass(frozen=True, slots=True)
class Look:
    """A way to the jobs of a filter.

    Attributes
    ----------
    source
        Tables; the first one's index has the jobs in the order of their ids.
    key
        The column of that index that holds them.
    given
        What the first table answers at once.
    checked
        What has to be looked at job by job; empty: every job that is found is shown.
    parameters
        By name.
    """

    source: str
    key: str
    given: str
    checked: Sequence[str]
    parameters: Mapping[str, Stored]

    def jobs(self, span: Span) -> str:
        """Return the statement that finds jobs, at most `:wanted`."""
        conditions = " AND ".join((self.given, span.of(self.key), *self.checked))
        found = f"SELECT {self.key} FROM {self.source} WHERE {conditions}"  # noqa: S608 - put together from constants
        return f"""{SELECT_JOB}
            WHERE j.id IN ({found} ORDER BY {self.key} {span.order} LIMIT :wanted) ORDER BY j.id {span.order}
        """

    def edge(self, span: Span) -> str:
        """Return the statement that finds up to which id `:rows` jobs have to be looked at, and the next id."""
        table = self.source.partition(" CROSS ")[0]
        conditions = f"{self.given} AND {span.of(self.key)}"
        return f"""SELECT {self.key} AS id FROM {table}
            WHERE {conditions} ORDER BY {self.key} {span.order} LIMIT 2 OFFSET :rows - 1
        """  # noqa: S608 - put together from constants


def look_for(user_id: int, chosen: HistoryFilter) -> Look:
    """Return the way to what a filter lets through of a person's history."""
    values = {name: stored(getattr(chosen, name)) for name in _INDEXED if getattr(chosen, name) is not None}
    words = words_of(chosen.text)
    parameters = {"user": user_id, **values, **{f"word{n}": word for n, word in enumerate(words)}}
    successes = () if chosen.failures else (_SUCCESSES,)
    if words and not values and not chosen.favorites:
        return Look(_SEARCHES, "h.job_id", "h.user_id = :user", (*_has(words), *successes), parameters)
    further = (*successes, *_found(words))
    if chosen.favorites:
        given = " AND ".join(("h.user_id = :user", *_equal("h", values)))
        return Look(_FAVORITES, "h.job_id", given, further, parameters)
    index = "_".join(("jobs_history", *(_INDEXED[name] for name in values)))
    given = " AND ".join(("j.user_id = :user", *_equal("j", values), "j.deleted_at IS NULL"))
    return Look(f"jobs AS j INDEXED BY {index}", "j.id", given, further, parameters)


def _equal(table: str, values: Mapping[str, Stored]) -> list[str]:
    return [f"{table}.{name} = :{name}" for name in values]


def _has(words: Sequence[str]) -> list[str]:
    return [f"instr(h.folded, :word{number}) > 0" for number in range(len(words))]


def _found(words: Sequence[str]) -> list[str]:
    """Return the condition that a job of any author has these words."""
    if not words:
        return []
    has = " AND ".join(_has(words))
    found = "SELECT 1 FROM searches AS h WHERE h.user_id = j.user_id AND h.job_id = j.id"
    return [f"EXISTS ({found} AND {has})"]
