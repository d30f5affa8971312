"""`probe.json` in the data folder: what was found, and which paid requests were sent.

A paid request is written down before it is sent, so that a crash in the middle is seen by the next run. Holds neither
keys nor tokens; the address of the last picture, which is all that one needs to look at it, makes it a private file.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypedDict, cast, final

from bot.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.jobs.ports import Clock
    from bot.owner.probe.findings import Card, Fact, Finding, Place

NAME: Final = "probe.json"
_OWNER_ONLY: Final = 0o600
_UNKNOWN: Final = "unknown"


class FoundEntry(TypedDict):
    """An answer, as it is kept; `where` is an address."""

    name: str
    where: str
    at: str
    answer: str
    advice: str
    facts: Mapping[str, Fact]


class SentEntry(TypedDict):
    """A paid request: `outcome` is accepted, refused, not sent, or unknown."""

    name: str
    where: str
    at: str
    outcome: str
    task_id: str


class PictureEntry(TypedDict):
    """The picture that was made last."""

    where: str
    at: str
    task_id: str
    url: str


class _Content(TypedDict):
    found: list[FoundEntry]
    sent: list[SentEntry]
    picture: PictureEntry | None


@final
class Book:
    """What is kept from run to run. Written anew at each change.

    Parameters
    ----------
    path
        Where it lies; need not exist.
    addresses
        Of the API and of Discord, without secrets: an answer holds for one address.

    Raises
    ------
    StorageError
        There is a file, and it cannot be read: what it says of money must not be lost.
    """

    def __init__(self, path: Path, addresses: Mapping[Place, str], clock: Clock) -> None:
        self._path = path
        self._addresses = addresses
        self._clock = clock
        self._content, self._on_disk = _read(path)

    def find(self, card: Card, finding: Finding) -> None:
        """Keep an answer, in the place of an earlier one of the same address.

        Raises
        ------
        StorageError
            As for all that writes: the file cannot be written.
        """
        where = self._addresses[card.place]
        others = [entry for entry in self._content["found"] if (entry["name"], entry["where"]) != (card.name, where)]
        entry = FoundEntry(
            name=card.name,
            where=where,
            at=self._now(),
            answer=finding.answer,
            advice=finding.advice,
            facts=dict(finding.facts),
        )
        self._content["found"] = [*others, entry]
        self._write()

    def send(self, card: Card) -> None:
        """Write down that a paid request is about to leave, and that its outcome is not known."""
        where = self._addresses[card.place]
        self._content["sent"].append(
            SentEntry(name=card.name, where=where, at=self._now(), outcome=_UNKNOWN, task_id="")
        )
        self._write()

    def settle(self, outcome: str, task_id: str = "") -> None:
        """Write down what became of the request that was sent last."""
        self._content["sent"][-1].update(outcome=outcome, task_id=task_id)
        self._write()

    def unsettled(self, card: Card) -> datetime | None:
        """Return when this check last sent something whose outcome nobody knows; None if its last outcome is known."""
        where = self._addresses[card.place]
        mine = [entry for entry in self._content["sent"] if (entry["name"], entry["where"]) == (card.name, where)]
        return datetime.fromisoformat(mine[-1]["at"]) if mine and mine[-1]["outcome"] == _UNKNOWN else None

    def keep_picture(self, place: Place, task_id: str, url: str) -> None:
        """Keep where the picture is, for a later look."""
        self._content["picture"] = PictureEntry(where=self._addresses[place], at=self._now(), task_id=task_id, url=url)
        self._write()

    def picture(self, place: Place) -> PictureEntry | None:
        """Return the last picture that was made at this address."""
        picture = self._content["picture"]
        return picture if picture and picture["where"] == self._addresses[place] else None

    def lines(self) -> list[str]:
        """Return everything for the terminal, newest last."""
        lines: list[str] = []
        for entry in sorted(self._content["found"], key=lambda entry: entry["at"]):
            lines.append(f"{entry['name']} ({entry['where']}, {entry['at'][:16]}): {entry['answer']}")
            lines += [f"    -> {entry['advice']}"] if entry["advice"] else []
        for entry in self._content["sent"]:
            if entry["outcome"] == _UNKNOWN:
                lines.append(f"{entry['name']}: sent at {entry['at'][:16]}, outcome unknown; it may have been charged.")
        return lines

    def _now(self) -> str:
        return self._clock.now().astimezone(UTC).isoformat(timespec="seconds")

    def _write(self) -> None:
        part, text = self._path.with_name(f".{NAME}.part"), json.dumps(self._content, indent=1, ensure_ascii=False)
        if _text(self._path) != self._on_disk:
            raise StorageError(
                f"{NAME} was written by somebody else meanwhile.",
                explanation="Run one probe at a time: what one has sent must not be forgotten by the other.",
            )
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
            self._on_disk = text
        except OSError as error:
            raise StorageError(
                f"{NAME} cannot be written: {error.strerror or error}.",
                explanation="Nothing that costs money is sent without it. See to the data folder, then try again.",
            ) from error


def _text(path: Path) -> str | None:
    """Return what is in the file; None if there is none or it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return None


def _read(path: Path) -> tuple[_Content, str | None]:
    """Return what the file says, and its text."""
    text = _text(path)
    if text is None and not path.exists():
        return _Content(found=[], sent=[], picture=None), None
    try:
        value: object = json.loads(text or "")
    except ValueError:
        value = None
    if not (isinstance(value, dict) and _Content.__required_keys__ <= cast("dict[str, object]", value).keys()):
        raise StorageError(
            f"{NAME} cannot be read.",
            explanation="It says which paid requests were sent. Look at it; move it away to start anew.",
        )
    return cast("_Content", value), text
