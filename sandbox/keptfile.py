"""One file that keeps a server's state: JSON with a version, written so that a crash leaves the old state or the new.

Knows no server; `sandbox.discord.keeping` and `sandbox.comet.keeping` say what is kept. pydantic reads and writes the
records: it checks every field of a file that somebody may have edited, and it is here anyway, for the bot's settings.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar, final

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

T = TypeVar("T")
_AT_A_TIME: Final = 200
"""Records; encoding so many takes a few milliseconds."""
Item = TypeVar("Item")

EXACT: Final = ConfigDict(
    extra="forbid",
    strict=True,
    ser_json_bytes="base64",
    val_json_bytes="base64",
    ser_json_inf_nan="constants",
    defer_build=True,
)
"""For every record of a kept file: nothing more, nothing less, nothing of another type. Made at the first use."""


@final
class KeepingFailed(Exception):
    """A folder cannot be used to keep the state in. The text is for a person and says what to do."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What every kept file says about itself.

    Attributes
    ----------
    saved_at
        Seconds since 1970.
    ended
        Whether nothing happened after this: it was saved at a clean end.
    """

    version: int
    saved_at: float
    ended: bool


_ENVELOPE: Final = TypeAdapter(Envelope)


@dataclass(frozen=True)
class Snapshot:
    """A server's state at one moment, as JSON already: one object, and lists of records by name."""

    head: bytes
    lists: Mapping[str, list[bytes]]


class Keeper(Protocol):
    """Saves one server and loads it again."""

    version: int

    @property
    def path(self) -> Path:
        """The file."""
        ...

    def load(self) -> None:
        """Take up what is kept; for a server that does not listen yet.

        Raises
        ------
        KeepingFailed
            The file is damaged or of another version.
        """
        ...

    async def prepare(self) -> None:
        """Do what takes long, without holding up the event loop; a snapshot should follow soon."""
        ...

    def snapshot(self, *, anew: bool = False) -> Snapshot:
        """Return the state now; `anew` trusts nothing that was encoded before."""
        ...


@final
class Lines(Generic[Item]):
    """Records as JSON, encoded again only when they have changed, so that a save costs what has happened since.

    Parameters
    ----------
    mark
        Returns something that differs whenever the record would.
    """

    def __init__(self, encode: Callable[[Item], bytes], mark: Callable[[Item], object]) -> None:
        self._encode = encode
        self._mark = mark
        self._known: dict[int, tuple[Item, object, bytes]] = {}

    def of(self, items: Iterable[Item], *, anew: bool = False) -> list[bytes]:
        """Return the records of these items, in their order."""
        known = {} if anew else self._known
        self._known = {id(item): self._entry(item, known) for item in items}
        return [entry[2] for entry in self._known.values()]

    async def prepare(self, items: Iterable[Item]) -> None:
        """Encode ahead what is new, a few records at a time, so that `of` finds little to do."""
        fresh = [item for item in items if id(item) not in self._known]
        for number, item in enumerate(fresh, start=1):
            self._known[id(item)] = self._entry(item, self._known)
            if number % _AT_A_TIME == 0:
                await asyncio.sleep(0)

    def _entry(self, item: Item, known: Mapping[int, tuple[Item, object, bytes]]) -> tuple[Item, object, bytes]:
        """Return the item with its mark and its record; the item too, so that no other one gets its identity."""
        mark, entry = self._mark(item), known.get(id(item))
        if entry is None or entry[1] != mark:
            return item, mark, self._encode(item)
        return entry


def encode(adapter: TypeAdapter[T], record: T) -> bytes:
    """Return a record as JSON in UTF-8; half a character (a lone surrogate), which no such file can hold, as "?"."""
    try:
        return adapter.dump_json(record)
    except PydanticSerializationError:
        plain = adapter.dump_python(record, mode="json")
        return json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")


def write(path: Path, version: int, snapshot: Snapshot, *, ended: bool) -> None:
    """Save a snapshot. Takes as long as the disk does: call it in a thread."""
    about = json.dumps({"version": version, "saved_at": time.time(), "ended": ended})
    parts = [about.removesuffix("}").encode(), b',\n"head": ', snapshot.head]
    for name, records in snapshot.lists.items():
        parts += [b',\n"', name.encode(), b'": [\n', b",\n".join(records), b"\n]"]
    write_whole(path, [*parts, b"}\n"])


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file for its owner only, so that whatever happens it holds all of it or what it held before."""
    fresh = path.with_name(f"{path.name}.new")
    with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else the new name might not survive a power cut
    finally:
        os.close(folder)


def read(path: Path, adapter: TypeAdapter[T], version: int) -> T:
    """Read a kept file.

    Raises
    ------
    KeepingFailed
        It cannot be read, is of another version, or is damaged.
    """
    try:
        text = path.read_bytes()
        found = _ENVELOPE.validate_json(text)
        if found.version != version:
            raise KeepingFailed(
                f"{path} was kept by another version of the sandbox (format {found.version}, not {version}): "
                "use that version, or move the whole folder away to begin anew."
            )
        return adapter.validate_json(text)
    except OSError as error:
        raise KeepingFailed(f"{path} cannot be read ({error.strerror}): {WAY_OUT}.") from error
    except ValidationError as error:
        raise damaged(path, _first(error)) from error


def damaged(path: Path, why: str) -> KeepingFailed:
    """Return the refusal of a file that does not hold what it should."""
    return KeepingFailed(f"{path} is damaged ({why}): {WAY_OUT}.")


WAY_OUT: Final = "put back a copy of it, or move the whole folder away to begin anew"


def _first(error: ValidationError) -> str:
    """Return the first thing that is wrong, without what the file holds there: that may be secret."""
    entry = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, entry["loc"]))
    return f"{place}: {entry['msg']}" if place else entry["msg"]
