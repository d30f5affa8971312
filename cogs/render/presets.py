"""What people keep under names: the list, one of them, and the words after a change. Imports the text rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.jobs.people.presets import MOST_PRESETS
from bot.language import say, say_many
from cogs.render.controls import CONTENT, Rendered
from cogs.render.panels import Panel, Text
from cogs.render.text import cut, escape, flow, mention, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.jobs.people.presets import Usable
    from bot.model import KeptPreset, Preset
    from cogs.render.panels import Part

_TEXT: Final = 120
_FENCE: Final = "```"
#: A preset has fewer characters; what was kept by another release is cut.
_WHOLE: Final = 1500
#: Of a panel's 4000 characters, for each of its two lists.
_ROOM: Final = 1800


def render_presets(usable: Usable) -> Panel:
    """Return the list of the presets that somebody may use in a place."""
    own = [_line(preset, say("shared here") if preset.name in usable.shared_names else "") for preset in usable.own]
    heading = say_many(
        "You have {count} preset of {most}", "You have {count} presets of {most}", len(own), most=MOST_PRESETS
    )
    nothing = say("Keep one with `/preset set`, and use it with `/imagine preset:`.")
    parts: list[Part] = [Text(f"### {heading}\n{_fitting(own) or nothing}")]
    if usable.shared:
        shared = [_line(each.preset, say("by {owner}", owner=mention(each.preset.user_id))) for each in usable.shared]
        parts.append(Text(f"### {say('Shared here by others')}\n{_fitting(shared)}"))
    return Panel(parts=tuple(parts))


def render_preset(preset: Preset) -> Rendered:
    """Return one preset, all of it, to be read and copied."""
    return Rendered(content=f"**{escape(preset.name, _TEXT)}**\n{_fenced(preset.text)}")


def kept(came: KeptPreset) -> Rendered:
    """Return the word that a preset is kept; where it took the place of another text, with all of that."""
    preset, before = came.preset, came.before
    if before is None or before.text == preset.text:
        told = say("Kept as `{name}`. Use it with `/imagine preset:`.", name=preset.name)
        return Rendered(content=f"{told}\n{_fenced(preset.text)}")
    told = say("Replaced `{name}`. Use it with `/imagine preset:`.", name=preset.name)
    if came.is_shared:
        told = flow(told, say("Where you share it, everybody gets the new text from now on."))
    was = f"{say('It was:')}\n{_fenced(before.text)}"
    room = CONTENT - size(f"{told}\n\n{was}") - size(_fenced(""))
    return Rendered(content=f"{told}\n{_fenced(preset.text, min(room, _WHOLE))}\n{was}")


def deleted(preset: Preset) -> Rendered:
    """Return the word that a preset is gone, with what it was."""
    told = say("Deleted `{name}`, wherever it was shared. It was:", name=preset.name)
    return Rendered(content=f"{told}\n{_fenced(preset.text)}")


def shared(preset: Preset) -> Rendered:
    """Return the word that others can use a preset."""
    return Rendered(
        content=say(
            "Everybody here can use `{name}` now, also as you change it. `/preset unshare` takes that back.",
            name=preset.name,
        )
    )


def unshared(preset: Preset, *, is_own: bool) -> Rendered:
    """Return the word that only its owner can use a preset any more."""
    if is_own:
        return Rendered(content=say("`{name}` is yours alone here.", name=preset.name))
    return Rendered(
        content=say(
            "Nobody but {owner} can use `{name}` here now. They keep it, and I have not told them.",
            owner=mention(preset.user_id),
            name=preset.name,
        )
    )


def _line(preset: Preset, about: str) -> str:
    line = f"- `{preset.name}` {escape(preset.text, _TEXT)}"
    return f"{line} · {about}" if about else line


def _fitting(lines: Sequence[str]) -> str:
    """Return as many lines as there is room for; the rest is counted."""
    room, shown = _ROOM, list[str]()
    for line in lines:
        room -= size(line) + 1
        if room < 0:
            break
        shown.append(line)
    left = len(lines) - len(shown)
    more = [say_many("… and {count} more preset", "… and {count} more presets", left)] if left else []
    return "\n".join([*shown, *more])


def _fenced(text: str, room: int = _WHOLE) -> str:
    shown = cut(text, room).replace(_FENCE, "'''")
    return f"{_FENCE}\n{shown}\n{_FENCE}"
