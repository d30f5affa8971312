"""The rules for what one chooses from: selects, radio groups, groups of checkboxes (docs, components reference).

Checks a request and returns the component as Discord keeps it, without its `type`, `id` and `custom_id`. Knows no
storage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fields import as_id, as_list
from .messages import CHANNEL_SELECT, MENTIONABLE_SELECT, ROLE_SELECT, STRING_SELECT, USER_SELECT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .fields import Form
    from .refusals import Json

    Emoji = Callable[[Form], Json | None]

CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16)
DEFAULT_TYPES: Mapping[int, tuple[str, ...]] = {
    USER_SELECT: ("user",),
    ROLE_SELECT: ("role",),
    MENTIONABLE_SELECT: ("user", "role"),
    CHANNEL_SELECT: ("channel",),
}


def check_select(form: Form, kind: int, emoji: Emoji) -> Json:
    """Check a select, of a message or of a modal; `emoji` checks that of an option."""
    least, most = form.whole("min_values", 0, 25, 1), form.whole("max_values", 1, 25, 1)
    _in_order(form, least, most)
    node: Json = {"min_values": least, "max_values": most, "disabled": form.flag("disabled")}
    placeholder = form.text("placeholder", 0, 150)
    if placeholder:
        node["placeholder"] = placeholder
    if kind == STRING_SELECT:
        node["options"] = _options(form, 1, 25, emoji)
        _fits(form, node["options"], most)
    elif form.get("options"):
        form.fail("options", "COMPONENT_INVALID", "Only a string select has options")
    defaults = _default_values(form, kind, least, most)
    types = _channel_types(form, kind)
    return node | ({"default_values": defaults} if defaults else {}) | ({"channel_types": types} if types else {})


def check_radio_group(form: Form) -> Json:
    """Check a radio group: 2 to 10 options, one of them the default at most."""
    options = _options(form, 2, 10)
    _fits(form, options, 1, counted=False)
    return {"options": options}


def check_checkbox_group(form: Form, *, required: bool) -> Json:
    """Check a group of checkboxes: 1 to 10 options, of which all may be ticked unless it says otherwise."""
    options = _options(form, 1, 10)
    least, most = form.whole("min_values", 0, 10, 1), form.whole("max_values", 1, 10, len(options) or 1)
    _in_order(form, least, most)
    _fits(form, options, most)
    if required and least == 0 and form.get("min_values") is not None:
        form.fail("min_values", "COMPONENT_REQUIRED_WITHOUT_VALUES", "Must be 1 or more where the field is required")
    return {"options": options, "min_values": least, "max_values": most}


def _options(form: Form, least: int, most: int, emoji: Emoji | None = None) -> list[Json]:
    seen: set[str] = set()
    kept: list[Json] = []
    for option in form.each("options", least, most):
        label, value = option.text("label", 1, 100, required=True), option.text("value", 1, 100, required=True)
        entry: Json = {"label": label, "value": value, "default": option.flag("default")}
        description, face = option.text("description", 0, 100), emoji(option) if emoji is not None else None
        if value is not None and value in seen:
            option.fail("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is used")
        seen.add(value or "")
        kept.append(entry | ({"description": description} if description else {}) | ({"emoji": face} if face else {}))
    return kept


def _in_order(form: Form, least: int, most: int) -> None:
    if least > most:
        form.fail("min_values", "SELECT_COMPONENT_MIN_VALUES", "Must not be above the maximum")


def _fits(form: Form, options: list[Json], most: int, *, counted: bool = True) -> None:
    if counted and options and most > len(options):
        form.fail("max_values", "SELECT_COMPONENT_MAX_VALUES", "More values than there are options")
    if sum(bool(entry["default"]) for entry in options) > most:
        form.fail("options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Too many default options")


def _default_values(form: Form, kind: int, least: int, most: int) -> list[Json]:
    allowed = DEFAULT_TYPES.get(kind, ())
    if not allowed and form.get("default_values"):
        form.fail("default_values", "COMPONENT_INVALID", "A string select has its defaults in its options")
        return []
    kept: list[Json] = []
    for entry in form.each("default_values", 0, 25):
        key, what = as_id(entry.get("id")), entry.get("type")
        if key is None:
            entry.fail("id", "NUMBER_TYPE_COERCE", f'Value "{entry.get("id")}" is not snowflake.')
        if what not in allowed:
            entry.fail("type", "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")
        kept.append({"id": str(key), "type": what})
    if kept and not least <= len(kept) <= most:
        form.fail("default_values", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    return kept


def _channel_types(form: Form, kind: int) -> list[int]:
    types = as_list(form.get("channel_types"))
    if types and kind != CHANNEL_SELECT:
        form.fail("channel_types", "COMPONENT_INVALID", "Only a channel select has channel types")
    for number, one in enumerate(types):
        if one not in CHANNEL_TYPES:
            form.below("channel_types").fail(number, "BASE_TYPE_CHOICES", f"Value must be one of {CHANNEL_TYPES}.")
    return types
