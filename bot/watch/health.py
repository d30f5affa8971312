"""`Health`: what keeps the process from being called alive, and what from being called ready (reliability E).

Asks; changes nothing. What is missing is said in words that hold no secret, no id and nothing that a person wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum

#: A loop that is later than this does not answer people inside Discord's three seconds.
_MOST_LAG_S: Final = 5.0
#: The oldest write that still says that writing works.
_WRITE_LIFE_S: Final = 60.0
#: discord.py resumes a lost session within seconds, and nothing is missed.
_GATEWAY_GRACE_S: Final = 5.0


class Engine(Protocol):
    """What is asked of the engine."""

    @property
    def late_parts(self) -> Sequence[str]:
        """The parts that should have come round again by now, by name."""
        ...

    @property
    def is_stopping(self) -> bool:
        """Whether nothing new is taken on any more."""
        ...

    @property
    def api_fault(self) -> StrEnum | None:
        """Why nothing is sent to the API at all, where something is known to be wrong."""
        ...


class Database(Protocol):
    """What is asked of the database."""

    @property
    def holds_lock(self) -> bool:
        """Whether it is ours alone."""
        ...

    @property
    def write_age_s(self) -> float:
        """Seconds since something was last safely written."""
        ...

    @property
    def has_room(self) -> bool:
        """Whether the disk has room enough for new jobs."""
        ...


class Connection(Protocol):
    """What is asked of the connection to Discord."""

    @property
    def down_s(self) -> float | None:
        """How many seconds no events have come in for; None while they do."""
        ...

    @property
    def was_up(self) -> bool:
        """Whether there has been a session at all."""
        ...


class Loop(Protocol):
    """What is asked of the event loop."""

    @property
    def lag_s(self) -> float:
        """How late it is."""
        ...


@final
class Health:
    """Puts together what the parts say of themselves."""

    def __init__(self, *, engine: Engine, database: Database, connection: Connection, loop: Loop) -> None:
        self._engine = engine
        self._database = database
        self._connection = connection
        self._loop = loop

    def faults(self) -> dict[str, str]:
        """Return why the process should be started anew, by what it is about; empty while it is alive."""
        faults: dict[str, str] = {}
        lag_s = self._loop.lag_s
        if lag_s >= _MOST_LAG_S:
            faults["event_loop"] = f"{lag_s:.1f} s late"
        late = self._engine.late_parts
        if late and not self._engine.is_stopping:
            faults["engine"] = f"stuck: {', '.join(late)}"
        return faults

    def hindrances(self) -> dict[str, str]:
        """Return why people should not count on the bot now, by what it is about; empty while they may."""
        hindrances = self.faults()
        if self._engine.is_stopping:
            hindrances["process"] = "stopping"
        hindrances.update(self._of_database())
        gateway = self._of_gateway()
        if gateway:
            hindrances["gateway"] = gateway
        if self._engine.api_fault is not None:
            hindrances["api"] = self._engine.api_fault.value
        return hindrances

    def _of_database(self) -> dict[str, str]:
        hindrances: dict[str, str] = {}
        if not self._database.holds_lock:
            hindrances["lock"] = "not held"
        if self._database.write_age_s >= _WRITE_LIFE_S:
            hindrances["database"] = f"last write {self._database.write_age_s:.0f} s ago"
        if not self._database.has_room:
            hindrances["disk"] = "nearly full"
        return hindrances

    def _of_gateway(self) -> str:
        down_s = self._connection.down_s
        if not self._connection.was_up:
            return "not connected yet"
        return f"lost {down_s:.0f} s ago" if down_s is not None and down_s >= _GATEWAY_GRACE_S else ""
