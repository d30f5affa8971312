"""The panel on which somebody chooses what of a picture is to be repainted, and the forms that it opens. Pure.

Imports the model, the engine's values, the names of the cells and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.imaging.masks import SIDE, cell_name
from bot.language import mark, say, say_list
from bot.prompt import Purpose, prefilled, price
from cogs.custom_ids import region_item
from cogs.render.controls import PRIMARY, SECONDARY, Button, Option, Rendered, Select
from cogs.render.forms import Form, with_price
from cogs.render.text import brief, cut, escape, flow

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.jobs.asking.regions import Region
    from bot.jobs.requests import Question

#: The name of the upload in its forms.
MASK: Final = "mask"
UPLOAD_TITLE: Final = mark("Upload a mask")
UPLOAD_LABEL: Final = mark("A black picture, white where to repaint")
UPLOAD_ABOUT: Final = mark(
    "PNG, JPEG or WEBP of any size. Parts that were rubbed out, and so see-through, count as white."
)
OPTIONAL_LABEL: Final = mark("Or upload a mask now: white where to repaint")
OPTIONAL_ABOUT: Final = mark("It counts in the place of the cells. Leave it out if you have chosen already.")

NOT_DRAWN: Final = mark(
    "No drawing has arrived yet. Press *Draw it*, draw on the page that opens, and press *Use this* there. Then come "
    "back and press *Use my drawing*."
)

_WAYS: Final = mark(
    "Choose what is to be painted anew: pick cells below, upload a mask, or draw on a page. "
    "All the rest stays as it is."
)
_WAYS_WITHOUT_PAGE: Final = mark(
    "Choose what is to be painted anew: pick cells below or upload a mask. All the rest stays as it is."
)
_PROMPT: Final = 200
_ALT_TEXT: Final = 1024
_ROWS: Final = (mark("top"), mark("upper"), mark("middle"), mark("lower"), mark("bottom"))
_COLUMNS: Final = (mark("far left"), mark("left"), mark("center"), mark("right"), mark("far right"))
_CELLS: Final = range(SIDE * SIDE)
_ALL_BUT: Final = len(_CELLS) // 2


def render_region(region: Region) -> Rendered:
    """Return the panel under the picture with what is chosen."""
    name = escape(brief(region.job.prompt), _PROMPT)
    heading = say("**Vary (Region)** of {prompt}", prompt=name) if name else "**Vary (Region)**"
    ways = _WAYS if region.draw_url else _WAYS_WITHOUT_PAGE
    content = f"{heading}\n{say(ways)}\n{_chosen(region)}"
    return Rendered(content=content, rows=(_cells(region), _buttons(region)))


def describe_region(region: Region) -> str:
    """Return the alt text of the panel's picture."""
    if region.has_mask:
        shown = say("The picture with your mask over it.")
    else:
        shown = say("The picture under a grid of cells, A1 at the top left to E5.")
    return cut(flow(shown, _chosen(region)), _ALT_TEXT)


def render_region_form(question: Question, text: str | None = None) -> Form:
    """Return the form that asks for the words; `text` is what it begins with in the place of the picture's own."""
    cost = price(question.action.kind, question.speed)
    words = prefilled(question.prompt, Purpose.REGION) if text is None else text
    return Form(title=say("Repaint"), about=with_price(say("What is to be seen there."), cost), text=words)


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
        placeholder=say("Choose cells, several at once …"),
        options=options,
        most=len(options),
    )


def _buttons(region: Region) -> tuple[Button, ...]:
    def button(verb: str, label: str, style: int = SECONDARY) -> Button:
        return Button(custom_id=region_item(region.draft_id, verb), label=label, style=style)

    drawing = (
        (Button(url=region.draw_url, label=say("Draw it")), button("look", say("Use my drawing")))
        if region.draw_url
        else ()
    )
    return (
        button("go", say("Repaint …"), PRIMARY),
        button("upload", say("Upload a mask …")),
        *drawing,
        button("clear", say("Clear")),
    )


def _chosen(region: Region) -> str:
    if region.has_mask:
        return say("Chosen: your mask.")
    if not region.cells:
        return say("Nothing is chosen yet.")
    if len(region.cells) == len(_CELLS):
        return say("Chosen: the whole picture.")
    names = [cell_name(cell) for cell in sorted(region.cells)]
    if len(region.cells) <= _ALL_BUT:
        return say("Chosen: {cells}.", cells=say_list(names))
    left = [cell_name(cell) for cell in _CELLS if cell not in region.cells]
    return say("Chosen: all but {cells}.", cells=say_list(left))


def _place(cell: int) -> str:
    row, column = divmod(cell, SIDE)
    if row == column == SIDE // 2:
        return say("in the middle")
    return say("{row} {column}", row=say(_ROWS[row]), column=say(_COLUMNS[column]))
