"""What a form brought, read out of the raw interaction; whatever shape it has, reading it does not fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.keeping.inputs import Upload
from cogs.components.modal_values import choices, texts, uploads

if TYPE_CHECKING:
    from collections.abc import Mapping


def labeled(*fields: Mapping[str, object], **more: object) -> dict[str, object]:
    """Return the data of a submit whose fields stand in labels, as Discord sends them."""
    return {"custom_id": "form", "components": [{"type": 18, "id": 1, "component": field} for field in fields]} | more


TEXT = {"type": 4, "id": 2, "custom_id": "prompt", "value": "a fox\nin snow"}
OLD = {"custom_id": "form", "components": [{"type": 1, "components": [TEXT]}]}


@pytest.mark.parametrize("data", [labeled(TEXT), OLD])
def test_texts_are_read_from_labels_and_from_old_rows(data: object) -> None:
    assert texts(data) == {"prompt": "a fox\nin snow"}


def test_an_empty_text_is_there_and_empty() -> None:
    assert texts(labeled(TEXT | {"value": ""}, TEXT | {"custom_id": "note", "value": None})) == {
        "prompt": "",
        "note": "",
    }


def test_choices_are_those_of_selects_radio_groups_and_checkboxes() -> None:
    data = labeled(
        {"type": 3, "custom_id": "cells", "values": ["7", "8"]},
        {"type": 21, "custom_id": "radio", "value": "style"},
        {"type": 22, "custom_id": "group", "values": []},
        {"type": 23, "custom_id": "box", "value": True},
        {"type": 10},
    )
    assert choices(data, "cells") == ("7", "8")
    assert choices(data, "radio") == ("style",)
    assert [choices(data, name) for name in ("group", "box", "missing")] == [(), (), ()]
    assert texts(data) == {}


def test_uploads_come_in_the_order_of_the_field_with_what_discord_says_of_them() -> None:
    picture = {
        "filename": "m.png",
        "content_type": "image/png",
        "size": 9,
        "width": 4,
        "height": 5,
        "url": "https://x/m",
    }
    document = {"filename": "a.txt", "size": 3, "url": "https://x/a"}
    data = labeled(
        {"type": 19, "custom_id": "files", "values": ["12", "11", "99"]},
        resolved={"attachments": {"11": picture, "12": document}},
    )
    assert uploads(data, "files") == (
        Upload(url="https://x/a", name="a.txt", media_type="", size=3),
        Upload(url="https://x/m", name="m.png", media_type="image/png", size=9, width=4, height=5),
    )


def test_what_is_no_upload_field_brings_no_files() -> None:
    data = labeled({"type": 3, "custom_id": "files", "values": ["11"]}, resolved={"attachments": {"11": {"url": "u"}}})
    assert uploads(data, "files") == ()
    assert uploads(labeled(), "files") == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["components", "component", "custom_id", "type", "value", "values", "resolved", "attachments"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_no_shape_makes_reading_fail(data: object) -> None:
    assert all(isinstance(text, str) for text in texts(data).values())
    assert all(isinstance(choice, str) for choice in choices(data, ""))
    assert uploads(data, "") == ()
