"""How the buttons of a job are laid out in the five rows that Discord gives.

Midjourney's buttons come first, in their order; families stay together where there is room (U1–U4 and 🔄, then V1–V4,
as Midjourney does it); *Details* is always there; what has no room goes into selects, before what we offer ourselves,
so that nothing is lost. Imports the model and the custom ids.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar, final

from bot.language import say
from bot.model import Kind
from cogs.custom_ids import job_button, job_select
from cogs.render.controls import (
    LABEL,
    NO_OFFERS,
    OPTION_TEXT,
    OPTIONS,
    ROW_WIDTH,
    ROWS,
    SECONDARY,
    Button,
    Option,
    Select,
    action_name,
    offer_button,
)
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Action
    from cogs.render.controls import Offer, Offers, Row

_STYLES: Final = range(1, 5)

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Face:
    """What can be a button or, where there is no room, a line of a select. Neighbors of one `family` stay together."""

    button: Button
    option: Option
    family: Kind | None = None


def lay_out(
    job_id: str,
    actions: Sequence[Action],
    own: Sequence[Button],
    offers: Offers = NO_OFFERS,
    *,
    emojis: bool = True,
) -> tuple[Row, ...]:
    """Return the rows of a message: the actions, then our own buttons, then selects for what had no room and for more.

    A dead action is drawn as a button that cannot be pressed; among the lines of a select it is left out.

    Parameters
    ----------
    own
        Always buttons; at most four.
    emojis
        False if Discord refused one: then every face is made of letters.
    """
    faces = [_action_face(job_id, action, emojis=emojis) for action in actions]
    faces += [_offer_face(job_id, offer) for offer in offers.buttons]
    lines = tuple(map(_line, offers.lines))
    selects = _count_selects(faces, len(own), len(lines))
    split = _split(selects, len(own))
    families = [
        [face.button for face in family] for _, family in itertools.groupby(faces[:split], key=lambda face: face.family)
    ]
    families.append([button if emojis else replace(button, emoji="") for button in own])
    overflow = _pressable(faces[split:])
    return (*_pack(families, ROWS - selects), *_selects(job_id, overflow, lines, selects))


def _split(selects: int, own: int) -> int:
    """Return how many faces are buttons beside so many selects and buttons of our own."""
    return (ROWS - selects) * ROW_WIDTH - own


def _count_selects(faces: Sequence[_Face], own: int, lines: int) -> int:
    """Return the least number of selects that hold what has no room as a button."""
    for selects in range(ROWS):
        if len(_pressable(faces[_split(selects, own) :])) + lines <= selects * OPTIONS:
            return selects
    return ROWS - 1


def _pressable(faces: Iterable[_Face]) -> tuple[Option, ...]:
    return tuple(face.option for face in faces if not face.button.disabled)


def _selects(job_id: str, overflow: tuple[Option, ...], lines: tuple[Option, ...], limit: int) -> list[Select]:
    """Return the selects: one for everything if that fits, else Midjourney's before ours."""
    batches = _chunks(overflow + lines, OPTIONS)
    apart = [*_chunks(overflow, OPTIONS), *_chunks(lines, OPTIONS)]
    if len(batches) > 1 and len(apart) <= limit:
        batches = apart
    last = min(len(batches), limit) - 1
    return [
        Select(
            custom_id=job_select(job_id, number),
            placeholder=say("More …") if number == last else say("More buttons …"),
            options=tuple(batch),
        )
        for number, batch in enumerate(batches[:limit])
    ]


def _pack(families: Iterable[list[Button]], limit: int) -> list[tuple[Button, ...]]:
    """Put families side by side where they fit a row together; if that takes too many rows, fill row after row."""
    rows: list[list[Button]] = []
    buttons: list[Button] = []
    for family in filter(None, families):
        buttons += family
        if rows and len(rows[-1]) + len(family) <= ROW_WIDTH:
            rows[-1] += family
        else:
            rows += _chunks(family, ROW_WIDTH)
    return [tuple(row) for row in (rows if len(rows) <= limit else _chunks(buttons, ROW_WIDTH))]


def _chunks(things: Sequence[T], length: int) -> list[list[T]]:
    return [list(things[start : start + length]) for start in range(0, len(things), length)]


def _action_face(job_id: str, action: Action, *, emojis: bool) -> _Face:
    emoji = action.emoji if emojis else ""
    name = _action_name(action)
    button = Button(
        custom_id=job_button(job_id, action.index),
        label=cut(action.label, LABEL) if emoji else cut(name, LABEL),
        emoji=emoji,
        style=action.style if action.style in _STYLES else SECONDARY,
        disabled=action.is_dead,
    )
    option = Option(value=str(action.index), label=cut(name, OPTION_TEXT), emoji=emoji)
    return _Face(button=button, option=option, family=action.kind)


def _action_name(action: Action) -> str:
    """Return a name in letters; those of a describe's buttons are emojis, which say nothing by themselves."""
    if action.kind is Kind.IMAGINE and action.needs_input and not action.label:
        return say("Imagine {number}", number=action.quadrant) if action.quadrant else say("Imagine all")
    return action_name(action.label, action.emoji, action.kind)


def _offer_face(job_id: str, offer: Offer) -> _Face:
    return _Face(button=offer_button(job_id, offer), option=_line(offer))


def _line(offer: Offer) -> Option:
    return Option(
        value=offer.slot, label=cut(offer.label, OPTION_TEXT), description=cut(offer.description, OPTION_TEXT)
    )
