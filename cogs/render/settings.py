"""What a person has set for themselves, as texts with a button each; `cogs.commands.settings` makes a panel of it.

Imports the model and the custom ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from cogs.custom_ids import setting
from cogs.render.controls import PRIMARY, Button

if TYPE_CHECKING:
    from bot.model import Person

REMIX: Final = "remix"
ON: Final = "on"
OFF: Final = "off"

_REMIX: Final = (
    "V1–V4, 🔄, *Vary*, the pan arrows and *Animate* open a form with the prompt first, so that you can change it. "
    "Left as it is, they do what they always do."
)
_NO_REMIX: Final = "V1–V4, 🔄, *Vary*, the pan arrows and *Animate* start at once, with the prompt of the picture."
_ONCE: Final = "To change the prompt for once, choose *Remix* under *More …*; that works either way."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPanel:
    """A heading, and each setting with the button that changes it."""

    heading: str
    settings: tuple[tuple[str, Button], ...]


def render_settings(person: Person) -> SettingsPanel:
    """Return a person's settings."""
    state, words = ("on", _REMIX) if person.remix else ("off", _NO_REMIX)
    turn = (
        Button(label="Turn off", custom_id=setting(REMIX, OFF))
        if person.remix
        else Button(label="Turn on", style=PRIMARY, custom_id=setting(REMIX, ON))
    )
    text = f"**Remix mode is {state}**\n{words}\n-# {_ONCE}"
    return SettingsPanel(heading="### Your settings\nThey are yours alone, on every server.", settings=((text, turn),))
