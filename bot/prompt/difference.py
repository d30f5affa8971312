"""What was changed between two prompts: words that came and words that went, parameters as a whole.

Scripts that set no blanks between words are compared character by character. Pure; imports only the standard library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Words that are kept beside a change, so that one sees where it is.
_AROUND: Final = 3
#: So many pieces are compared one by one, what begins and ends alike left aside: the time goes with their square.
_MOST: Final = 600

#: What is compared: a parameter with its value, a link, a character of a script without blanks, a word, a sign.
_PIECE: Final = re.compile(
    r"--\S+(?:[ ]+(?!--)\S+)*"
    r"|https?://\S+"
    r"|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
    r"(?:['’-]\w+)*"
    r"|\S"
)


@final
class Fate(StrEnum):
    """What became of a part of a prompt."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"
    SKIPPED = "skipped"


@final
@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that share their fate.

    Attributes
    ----------
    text
        As it was typed; empty where it was skipped: words that both have, too far from any change.
    is_apart
        Whether there is a blank before it.
    """

    fate: Fate
    text: str
    is_apart: bool


@final
@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_apart: bool


def difference(before: str, after: str) -> tuple[Run, ...]:
    """Return what has to be done to one prompt to get the other, with a few words around each change.

    Empty where there is no difference but in blanks.
    """
    old, new = _pieces(before), _pieces(after)
    alike = _alike(old, new)
    alike_at_end = _alike(old[alike:][::-1], new[alike:][::-1])
    end, new_end = len(old) - alike_at_end, len(new) - alike_at_end
    if alike == end and alike == new_end:
        return ()
    runs = _kept(new[:alike], is_first=True) if alike else []
    for is_alike, start, stop, new_start, new_stop in _steps(old[alike:end], new[alike:new_end]):
        if is_alike:
            runs += _kept(new[alike + new_start : alike + new_stop])
        else:
            runs += _run(Fate.REMOVED, old[alike + start : alike + stop])
            runs += _run(Fate.ADDED, new[alike + new_start : alike + new_stop])
    return (*runs, *_kept(new[new_end:], is_last=True))


def _alike(old: Sequence[_Piece], new: Sequence[_Piece]) -> int:
    """Return with how many pieces both begin."""
    pairs = zip(old, new, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one.text != other.text), min(len(old), len(new)))


def _steps(old: Sequence[_Piece], new: Sequence[_Piece]) -> list[tuple[bool, int, int, int, int]]:
    """Return which parts of the two are alike and which stand in the place of each other, in their order."""
    if max(len(old), len(new)) > _MOST:
        return [(False, 0, len(old), 0, len(new))]
    texts = ([piece.text for piece in old], [piece.text for piece in new])
    steps = SequenceMatcher(None, *texts, autojunk=False).get_opcodes()
    return [(tag == "equal", start, stop, new_start, new_stop) for tag, start, stop, new_start, new_stop in steps]


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    end = 0
    for match in _PIECE.finditer(text):
        pieces.append(_Piece(match[0], match.start() > end or not pieces))
        end = match.end()
    return pieces


def _kept(pieces: Sequence[_Piece], *, is_first: bool = False, is_last: bool = False) -> list[Run]:
    """Return what both have, shortened to what stands beside a change."""
    before, after = 0 if is_first else _AROUND, 0 if is_last else _AROUND
    if len(pieces) <= before + after + 1:
        return _run(Fate.KEPT, pieces)
    skipped = Run(Fate.SKIPPED, "", pieces[before].is_apart)
    end = pieces[len(pieces) - after :]
    return [*_run(Fate.KEPT, pieces[:before]), skipped, *_run(Fate.KEPT, end)]


def _run(fate: Fate, pieces: Sequence[_Piece]) -> list[Run]:
    if not pieces:
        return []
    text = "".join(f" {piece.text}" if piece.is_apart else piece.text for piece in pieces)
    return [Run(fate, text.removeprefix(" "), pieces[0].is_apart)]
