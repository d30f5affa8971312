"""The filter's form: said in every language, within Discord's limits, with what is chosen already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.model import Kind
from cogs.components.history_forms import KINDS, MODELS, filter_fields
from cogs.places import Wanted
from cogs.render.text import size
from tests.languages import pseudo, unsaid

if TYPE_CHECKING:
    from collections.abc import Iterator


def labels(wanted: Wanted, *, in_server: bool = True) -> list[dict[str, Any]]:
    """Return the form's fields as they are sent."""
    return [cast("dict[str, Any]", field.to_component_dict()) for field in filter_fields(wanted, in_server=in_server)]


def read(fields: list[dict[str, Any]]) -> Iterator[str]:
    for field in fields:
        yield field["label"]
        yield from (option["label"] for option in field["component"].get("options", ()))


def test_nothing_in_it_is_left_in_english_and_it_has_room_for_longer_words() -> None:
    with pseudo(stretch=2.0):
        fields = labels(Wanted())
    assert [left for text in read(fields) for left in unsaid(text, "Midjourney", "Niji")] == []
    assert len(fields) == 5
    assert all(size(field["label"]) <= 45 for field in fields)
    options = [field["component"].get("options", []) for field in fields]
    assert all(len(each) <= 25 for each in options)
    assert all(size(option["label"]) <= 100 for each in options for option in each)


def test_every_kind_and_every_model_can_be_chosen_and_what_is_chosen_is_shown() -> None:
    for kind in KINDS:
        kinds = labels(Wanted(kind=kind))[0]["component"]["options"]
        assert [option["value"] for option in kinds if option.get("default")] == [kind.value]
    for model in MODELS:
        models = labels(Wanted(model=model))[1]["component"]["options"]
        assert [option["value"] for option in models if option.get("default")] == [model or "none"]
    assert Kind.BOOKMARK not in KINDS


def test_a_server_can_be_chosen_in_one_only() -> None:
    offered = [
        [option["value"] for option in labels(Wanted(), in_server=here)[2]["component"]["options"]]
        for here in (True, False)
    ]
    assert offered == [["favorites", "here", "successes"], ["favorites", "successes"]]
