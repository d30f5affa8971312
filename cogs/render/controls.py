"""Buttons and selects as values, and how a job's own are laid out in the five rows that Discord gives.

Midjourney's buttons come first, in their order; families stay together where there is room (U1–U4 and 🔄, then V1–V4,
as Midjourney does it); *Details* is always there; what has no room goes into selects, so that nothing is lost.
Imports the model and the custom ids.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias, final

from bot.model import Kind
from cogs.custom_ids import Verb, job_button, job_select
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Action

ROWS: Final = 5
ROW_WIDTH: Final = 5
OPTIONS: Final = 25
LABEL: Final = 80
OPTION_TEXT: Final = 100
LINK: Final = 512

PRIMARY: Final = 1
SECONDARY: Final = 2
DANGER: Final = 4
_STYLES: Final = range(1, 5)

_KIND_NAMES: Final = {
    Kind.IMAGINE: "Imagine",
    Kind.UPSCALE: "Upscale",
    Kind.VARIATION: "Variations",
    Kind.REROLL: "Again",
    Kind.ZOOM: "Zoom out",
    Kind.PAN: "Pan",
    Kind.ANIMATE: "Animate",
    Kind.BLEND: "Blend",
    Kind.DESCRIBE: "Describe",
    Kind.SHORTEN: "Shorten",
    Kind.EDIT: "Edit",
    Kind.REGION: "Region",
    Kind.BOOKMARK: "Like",
    Kind.OTHER: "Action",
}
#: Names for buttons whose whole face is an emoji (contract 4.6).
_EMOJI_NAMES: Final = {"⬅": "Pan left", "➡": "Pan right", "⬆": "Pan up", "⬇": "Pan down"}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. Exactly one of `custom_id` and `url` is not empty; at least one of `label` and `emoji`."""

    label: str = ""
    emoji: str = ""
    style: int = SECONDARY
    custom_id: str = ""
    url: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A line of a select."""

    value: str
    label: str
    description: str = ""
    emoji: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A select that takes one of its options."""

    custom_id: str
    placeholder: str
    options: tuple[Option, ...]


Row: TypeAlias = tuple[Button, ...] | Select


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message as it will be: text, rows, and a picture to embed from the web, if any."""

    content: str
    rows: tuple[Row, ...] = ()
    image_url: str | None = None


def kind_name(kind: Kind) -> str:
    """Return what people call this kind of job."""
    return _KIND_NAMES[kind]


def action_name(label: str, emoji: str, kind: Kind) -> str:
    """Return a name in letters for a button, also where its face is only an emoji."""
    words = cut(label, LABEL)
    named = _EMOJI_NAMES.get((words or emoji).rstrip("\ufe0f"))
    return named or (words if any(map(str.isalnum, words)) else kind_name(kind))


def details_button(job_id: str) -> Button:
    """Return the button that every message about a job carries, so that it can be found again (design 6)."""
    return Button(custom_id=job_button(job_id, Verb.DETAILS), label="Details")


def cancel_button(job_id: str) -> Button:
    """Return the button that cancels a queued job."""
    return Button(custom_id=job_button(job_id, Verb.CANCEL), label="Cancel", style=DANGER)


def again_button(job_id: str) -> Button:
    """Return the button that submits a job of unknown outcome again. Its label is the warning."""
    return Button(custom_id=job_button(job_id, Verb.AGAIN), label="Submit again (may be charged twice)", style=DANGER)


def lay_out(job_id: str, actions: Sequence[Action], own: Sequence[Button], *, emojis: bool = True) -> tuple[Row, ...]:
    """Return the rows of a message: the actions, then our own buttons, then selects for what had no room.

    Parameters
    ----------
    own
        At most four.
    emojis
        False if Discord refused one: then every face is made of letters.
    """
    selects = next((n for n in range(ROWS) if _room(n, len(own)) >= len(actions)), ROWS - 1)
    split = len(actions) if not selects else (ROWS - selects) * ROW_WIDTH - len(own)
    families = [
        [_action_button(job_id, action, emojis=emojis) for action in family]
        for _, family in itertools.groupby(actions[:split], key=lambda action: action.kind)
    ]
    families.append([button if emojis else replace(button, emoji="") for button in own])
    batches = [actions[start : start + OPTIONS] for start in range(split, len(actions), OPTIONS)][:selects]
    overflow = [_overflow(job_id, number, batch, emojis=emojis) for number, batch in enumerate(batches)]
    return (*_pack(families, ROWS - selects), *overflow)


def _room(selects: int, own: int) -> int:
    return (ROWS - selects) * ROW_WIDTH - own + selects * OPTIONS


def _pack(families: Iterable[list[Button]], limit: int) -> list[tuple[Button, ...]]:
    """Put families side by side where they fit a row together; if that takes too many rows, fill row after row."""
    rows: list[list[Button]] = []
    buttons: list[Button] = []
    for family in filter(None, families):
        buttons += family
        if rows and len(rows[-1]) + len(family) <= ROW_WIDTH:
            rows[-1] += family
        else:
            rows += _chunks(family)
    return [tuple(row) for row in (rows if len(rows) <= limit else _chunks(buttons))]


def _chunks(buttons: list[Button]) -> list[list[Button]]:
    return [buttons[start : start + ROW_WIDTH] for start in range(0, len(buttons), ROW_WIDTH)]


def _action_button(job_id: str, action: Action, *, emojis: bool) -> Button:
    emoji = action.emoji if emojis else ""
    label = cut(action.label, LABEL) if emoji else action_name(action.label, action.emoji, action.kind)
    style = action.style if action.style in _STYLES else SECONDARY
    return Button(custom_id=job_button(job_id, action.index), label=label, emoji=emoji, style=style)


def _overflow(job_id: str, number: int, actions: Sequence[Action], *, emojis: bool) -> Select:
    options = tuple(
        Option(
            value=str(action.index),
            label=cut(action_name(action.label, action.emoji, action.kind), OPTION_TEXT),
            emoji=action.emoji if emojis else "",
        )
        for action in actions
    )
    return Select(custom_id=job_select(job_id, number), placeholder="More …", options=options)
