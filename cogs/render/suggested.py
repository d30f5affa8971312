"""Suggested prompts as a numbered list: each on a line of its own, all of them within the room there is.

Imports the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cogs.render.text import escape, size

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARK: Final = "{}\ufe0f\u20e3 "  # a digit in a keycap, as on Midjourney's own buttons
_LONGEST: Final = 2000
_SHORTEST: Final = 8


def numbered(suggestions: Sequence[str], room: int) -> str:
    """Return the list, escaped, `room` units at most. Long ones are cut so that all have a place."""
    marks = [_MARK.format(number) for number in range(1, len(suggestions) + 1)]
    left = room - sum(size(mark) + 1 for mark in marks)
    texts = [escape(suggestion, _LONGEST) for suggestion in suggestions]
    most = max(_share([size(text) for text in texts], left), _SHORTEST)
    return "\n".join(mark + escape(text, most) for mark, text in zip(marks, suggestions, strict=True))


def _share(sizes: Sequence[int], room: int) -> int:
    """Return the most that each may have so that all fit: what the short ones do not need goes to the long ones."""
    for done, amount in enumerate(sorted(sizes)):
        waiting = len(sizes) - done
        if amount * waiting > room:
            return room // waiting
        room -= amount
    return _LONGEST
