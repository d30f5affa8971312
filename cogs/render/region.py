"""The panel on which somebody chooses what of a picture is to be repainted, and the forms that it opens. Pure.

Imports the model, the engine's values, the names of the cells and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.imaging.masks import SIDE, cell_name
from bot.prompt import Purpose, prefilled, price, spell_price
from cogs.custom_ids import region_item
from cogs.render.controls import PRIMARY, SECONDARY, Button, Option, Rendered, Select
from cogs.render.forms import Form
from cogs.render.text import brief, cut, escape

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.jobs.regions import Region
    from bot.jobs.requests import Question

#: The name of the upload in its forms.
MASK: Final = "mask"
UPLOAD_TITLE: Final = "Upload a mask"
UPLOAD_LABEL: Final = "A black picture, white where to repaint"
UPLOAD_ABOUT: Final = "PNG, JPEG or WEBP of any size. Parts that were rubbed out, and so see-through, count as white."
OPTIONAL_LABEL: Final = "Or upload a mask now: white where to repaint"
OPTIONAL_ABOUT: Final = "It counts in the place of the cells. Leave it out if you have chosen already."

NOT_DRAWN: Final = (
    "No drawing has arrived yet. Press *Draw it*, draw on the page that opens, and press *Use this* there. Then come "
    "back and press *Use my drawing*."
)

_PROMPT: Final = 200
_ALT_TEXT: Final = 1024
_ROWS: Final = ("top", "upper", "middle", "lower", "bottom")
_COLUMNS: Final = ("far left", "left", "center", "right", "far right")
_CELLS: Final = range(SIDE * SIDE)
_ALL_BUT: Final = len(_CELLS) // 2


def render_region(region: Region) -> Rendered:
    """Return the panel under the picture with what is chosen."""
    ways = "pick cells below" + (", upload a mask, or draw on a page" if region.draw_url else " or upload a mask")
    name = escape(brief(region.job.prompt), _PROMPT)
    heading = f"**Vary (Region)** of {name}" if name else "**Vary (Region)**"
    content = f"{heading}\nChoose what is to be painted anew: {ways}. All the rest stays as it is.\n{_chosen(region)}"
    return Rendered(content=content, rows=(_cells(region), _buttons(region)))


def describe_region(region: Region) -> str:
    """Return the alt text of the panel's picture."""
    grid = "with your mask over it" if region.has_mask else "under a grid of cells, A1 at the top left to E5"
    return cut(f"The picture {grid}. {_chosen(region)}", _ALT_TEXT)


def render_region_form(question: Question, text: str | None = None) -> Form:
    """Return the form that asks for the words; `text` is what it begins with in the place of the picture's own."""
    cost = price(question.action.kind, question.speed)
    costs = "Its price is not known." if cost is None else f"It costs {spell_price(cost)}."
    words = prefilled(question.prompt, Purpose.REGION) if text is None else text
    return Form(title="Repaint", about=f"What is to be seen there. {costs}", text=words)


def cells_of(values: Collection[str]) -> frozenset[int]:
    """Return the cells that were chosen in the select."""
    return frozenset(int(value) for value in values if value.isdecimal() and int(value) in _CELLS)


def _cells(region: Region) -> Select:
    options = tuple(
        Option(value=str(cell), label=f"{cell_name(cell)} · {_place(cell)}", chosen=cell in region.cells)
        for cell in _CELLS
    )
    return Select(
        custom_id=region_item(region.draft_id, "cells"),
        placeholder="Choose cells, several at once …",
        options=options,
        most=len(options),
    )


def _buttons(region: Region) -> tuple[Button, ...]:
    def button(verb: str, label: str, style: int = SECONDARY) -> Button:
        return Button(custom_id=region_item(region.draft_id, verb), label=label, style=style)

    drawing = (
        (Button(url=region.draw_url, label="Draw it"), button("look", "Use my drawing")) if region.draw_url else ()
    )
    return (button("go", "Repaint …", PRIMARY), button("upload", "Upload a mask …"), *drawing, button("clear", "Clear"))


def _chosen(region: Region) -> str:
    if region.has_mask:
        return "Chosen: your mask."
    if not region.cells:
        return "Nothing is chosen yet."
    if len(region.cells) == len(_CELLS):
        return "Chosen: the whole picture."
    names = [cell_name(cell) for cell in sorted(region.cells)]
    if len(region.cells) <= _ALL_BUT:
        return f"Chosen: {', '.join(names)}."
    left = [cell_name(cell) for cell in _CELLS if cell not in region.cells]
    return f"Chosen: all but {', '.join(left)}."


def _place(cell: int) -> str:
    row, column = divmod(cell, SIDE)
    if row == column == SIDE // 2:
        return "in the middle"
    return f"{_ROWS[row]} {_COLUMNS[column]}"
