"""What Discord takes of a classic message, and how its controls read: for the tests of what things look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.custom_ids import LONGEST
from cogs.render.controls import Select
from cogs.render.text import size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cogs.render.controls import Button, Rendered, Row


def labels(rows: Sequence[Row]) -> list[list[str]]:
    """Return what stands on the controls, row by row."""
    return [
        [row.placeholder] if isinstance(row, Select) else [button.label or button.emoji for button in row]
        for row in rows
    ]


def custom_ids(rendered: Rendered) -> list[str]:
    """Return the custom_ids of all controls."""
    rows = [(row,) if isinstance(row, Select) else row for row in rendered.rows]
    return [item.custom_id for row in rows for item in row if item.custom_id]


def check_limits(rendered: Rendered) -> None:
    """Check a message and all its controls."""
    assert 0 < size(rendered.content) <= 2000
    assert len(rendered.rows) <= 5
    assert sum(1 if isinstance(row, Select) else len(row) for row in rendered.rows) <= 25
    ids = custom_ids(rendered)
    assert len(ids) == len(set(ids))
    assert all(len(custom_id) <= LONGEST for custom_id in ids)
    for row in rendered.rows:
        if isinstance(row, Select):
            check_select(row)
        else:
            assert 1 <= len(row) <= 5
            for button in row:
                check_button(button)


def check_button(button: Button) -> None:
    assert size(button.label) <= 80
    assert button.label or button.emoji
    assert bool(button.custom_id) != bool(button.url)
    assert button.style in range(1, 5)
    assert len(button.url) <= 512


def check_select(select: Select) -> None:
    assert 1 <= len(select.options) <= 25
    assert size(select.placeholder) <= 150
    assert len({option.value for option in select.options}) == len(select.options)
    for option in select.options:
        assert 1 <= size(option.label) <= 100
        assert size(option.description) <= 100
