"""The prompts that a describe or a shorten suggests, and the texts that forms begin with.

Pure. Imports only the standard library and its neighbors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.prompt.characters import clean
from bot.prompt.composition import LONGEST_PROMPT
from bot.prompt.options import Purpose
from bot.prompt.parameters import KITS

if TYPE_CHECKING:
    from collections.abc import Sequence

#: As many as there are keycaps, and buttons of ours for them.
_MOST: Final = 9

_LONGEST_READ: Final = 4 * LONGEST_PROMPT
_ZOOM: Final = "--zoom 2"

_HEADING: Final = re.compile(r"[\s#*_>]*shortened prompts[\s*_:]*", re.IGNORECASE)
_LINE_ENDS: Final = re.compile(r"\r\n|\r|\n")
_KEYCAP: Final = re.compile(r"\s*(?P<number>[1-9])\ufe0f?\u20e3(?P<text>.*)", re.DOTALL)
_LISTED: Final = re.compile(r"\s*(?P<number>[1-9])[.)](?:\s(?P<text>.*)|$)", re.DOTALL)
_PARAMETER: Final = re.compile(r"(?:^|\s+)(?=--[^\s-])")


def read_suggestions(text: str) -> tuple[str, ...]:
    """Return the suggested prompts in their order: at most nine, none empty, each at most 4000 characters.

    They come with keycaps and blank lines between them, with `1.` or `1)`, or one a line; those of a shorten below a
    heading (contract 4.6 E, F). One goes on in the next line only where numbers show that it does.
    """
    lines = _LINE_ENDS.split(text)
    headings = [position for position, line in enumerate(lines) if _HEADING.fullmatch(line)]
    if headings:
        lines = lines[headings[-1] + 1 :]
    found = _numbered(lines, _KEYCAP) or _listed(lines) or lines
    suggestions = (clean(suggestion[:_LONGEST_READ])[:LONGEST_PROMPT].strip() for suggestion in found)
    return tuple(suggestion for suggestion in suggestions if suggestion)[:_MOST]


def prefilled(prompt: str, purpose: Purpose) -> str:
    """Return the prompt of a finished job as a form begins with it: without parameters that have no place there."""
    head, *parameters = _PARAMETER.split(" ".join(prompt.split()))
    elsewhere = KITS[purpose].elsewhere
    kept = [parameter for parameter in parameters if _name(parameter) not in elsewhere]
    return " ".join(part for part in (head, *kept) if part)


def zoomed(prompt: str) -> str:
    """Return a prompt as the form of Custom Zoom begins with it: as it is, with `--zoom 2` at the end.

    A prompt that fills a whole form already loses the end of its words: Discord takes no more than 4000 characters.
    """
    head, *parameters = _PARAMETER.split(prefilled(prompt, Purpose.ZOOM))
    kept = " ".join(parameter for parameter in parameters if _name(parameter) != "zoom")
    tail = f"{kept[: LONGEST_PROMPT - len(_ZOOM) - 1]} {_ZOOM}".strip()
    head = head[: max(LONGEST_PROMPT - len(tail) - 1, 0)].rstrip()
    return f"{head} {tail}".strip()


def _listed(lines: Sequence[str]) -> list[str]:
    """Return what stands behind `1.`, `2.` …; empty if that is no list but a prompt that happens to begin so."""
    written = [line for line in lines if line.strip()]
    if not written or not _LISTED.fullmatch(written[0]):
        return []
    found = _numbered(lines, _LISTED)
    return found if len(found) > 1 or len(written) == 1 else []


def _numbered(lines: Sequence[str], mark: re.Pattern[str]) -> list[str]:
    """Return what stands behind numbers that rise from 1, each with the lines right below it."""
    found: list[list[str]] = []
    last = 0
    is_open = False
    for line in lines:
        match = mark.fullmatch(line)
        if match and (int(match["number"]) > last if last else match["number"] == "1"):
            found.append([match["text"] or ""])
            last = int(match["number"])
            is_open = True
        else:
            is_open = is_open and bool(line.strip())
            if is_open:
                found[-1].append(line)
    return [" ".join(parts) for parts in found]


def _name(parameter: str) -> str:
    return parameter.split(maxsplit=1)[0].removeprefix("--").lower()
