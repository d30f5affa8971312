"""What the doctor finds, as lines. Imports only the standard library."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import final


@final
class Mark(StrEnum):
    """How things stand; the sign that is printed."""

    WELL = "✓"
    """As it should be."""
    NOTE = "·"
    """Works, and is worth knowing."""
    ILL = "✗"
    """Has to be mended."""


@final
@dataclass(frozen=True, slots=True)
class Note:
    """One finding.

    Attributes
    ----------
    about
        What was looked at, in a word or two.
    text
        What was found: one sentence without its full stop.
    fix
        What to do; only where there is something to do.
    """

    mark: Mark
    about: str
    text: str
    fix: str = ""

    def __str__(self) -> str:
        """Return it as one line, whatever names from outside are in it."""
        line = f"{self.mark} {self.about}: {self.text}." + (f" {self.fix}" if self.fix else "")
        return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def well(about: str, text: str) -> Note:
    """Return a finding that all is well."""
    return Note(Mark.WELL, about, text)


def note(about: str, text: str, fix: str = "") -> Note:
    """Return a finding that is worth knowing."""
    return Note(Mark.NOTE, about, text, fix)


def ill(about: str, text: str, fix: str) -> Note:
    """Return a finding that has to be mended."""
    return Note(Mark.ILL, about, text, fix)
