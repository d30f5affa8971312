"""Midjourney's buttons, as the API lists them, into `Action`s: what each means, how it is labeled, in which order.

The one place that knows Midjourney's `customId`s (contract 4.6). Pure; imports only the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple, final

import emoji as emoji_table

from bot.cometapi.jsontext import items, mapping, text, whole
from bot.model import Action, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import TypeGuard

#: Discord's limit for a label, and ours for Midjourney's ids (81 characters were seen) and for buttons of one task.
LABEL_LIMIT: Final = 80
ID_LIMIT: Final = 500
BUTTON_LIMIT: Final = 100
_MOST_LOOKED_AT: Final = 500  # usable or not: a megabyte of nothing must not hold up the event loop

_GRAY: Final = 2
_STYLES: Final = range(1, 5)
_ID: Final = re.compile(r"[\x21-\x7e]+")


@final
class _Group(IntEnum):
    """The order in which buttons are drawn: contract 12.7, but 🔄 beside what is one of several, as in 4.6 A, E, G."""

    CHOSEN = 0
    REROLL = 1
    VARIED = 2
    UPSCALE = 3
    VARY = 4
    ZOOM = 5
    PAN = 6
    ANIMATE = 7
    OTHER = 8


@final
@dataclass(frozen=True, slots=True)
class _Family:
    """Buttons that mean the same.

    Attributes
    ----------
    pattern
        Matched from the start of the customId, in any case. A group named `quadrant` is one picture of a grid or one
        suggestion of several, one named `n` just a number or word for the label.
    label
        Used where the API sends neither a label nor a real emoji.
    needs_input, remixable, once
        As in `Action`.
    """

    pattern: re.Pattern[str]
    kind: Kind
    group: _Group
    label: str
    needs_input: bool = False
    remixable: bool = False

    @property
    def once(self) -> bool:
        """An upscale is made once, for everybody."""
        return self.kind is Kind.UPSCALE


def _family(pattern: str, kind: Kind, group: _Group, label: str) -> _Family:
    return _Family(re.compile(pattern, re.IGNORECASE), kind, group, label)


def _asking(pattern: str, kind: Kind, group: _Group, label: str) -> _Family:
    """Make a family that opens a window (contract 3.3)."""
    return replace(_family(pattern, kind, group, label), needs_input=True)


def _remixed(pattern: str, kind: Kind, group: _Group, label: str) -> _Family:
    """Make a family that opens a window if it is asked to (contract 3.3)."""
    return replace(_family(pattern, kind, group, label), remixable=True)


class _Button(NamedTuple):
    """A button that can be pressed: as it was sent, and what its customId says it is."""

    action_id: str
    fields: Mapping[str, object]
    family: _Family
    named: Mapping[str, str]

    @property
    def quadrant(self) -> int | None:
        return int(self.named["quadrant"]) if "quadrant" in self.named else None


#: The first that matches wins. A number followed by `SOLO` is no quadrant: that picture stands alone.
_FAMILIES: Final = (
    _family(r"MJ::JOB::upsample::(?P<quadrant>[1-4])(?:::|$)", Kind.UPSCALE, _Group.CHOSEN, "U{quadrant}"),
    _family(r"MJ::JOB::video_virtual_upscale::(?P<quadrant>[1-4])(?:::|$)", Kind.UPSCALE, _Group.CHOSEN, "U{quadrant}"),
    _family(r"MJ::JOB::video_virtual_upscale", Kind.UPSCALE, _Group.CHOSEN, "Upscale"),
    _family(r"MJ::JOB::upsample_.*subtle", Kind.UPSCALE, _Group.UPSCALE, "Upscale (Subtle)"),
    _family(r"MJ::JOB::upsample_.*creative", Kind.UPSCALE, _Group.UPSCALE, "Upscale (Creative)"),
    _family(r"MJ::JOB::upsample_[^:]*?(?P<n>\d+)x", Kind.UPSCALE, _Group.UPSCALE, "Upscale ({n}x)"),
    _family(r"MJ::JOB::upsample", Kind.UPSCALE, _Group.UPSCALE, "Upscale"),
    _remixed(r"MJ::JOB::variation::.*::SOLO$", Kind.VARIATION, _Group.VARY, "Make Variations"),
    _remixed(r"MJ::JOB::variation::(?P<quadrant>[1-4])(?:::|$)", Kind.VARIATION, _Group.VARIED, "V{quadrant}"),
    _remixed(r"MJ::JOB::variation", Kind.VARIATION, _Group.VARY, "Make Variations"),
    _remixed(r"MJ::JOB::low_variation", Kind.VARIATION, _Group.VARY, "Vary (Subtle)"),
    _remixed(r"MJ::JOB::high_variation", Kind.VARIATION, _Group.VARY, "Vary (Strong)"),
    _asking(r"MJ::Inpaint", Kind.REGION, _Group.VARY, "Vary (Region)"),
    _remixed(r"MJ::JOB::reroll", Kind.REROLL, _Group.REROLL, "Reroll"),
    _family(r"MJ::Picread::Retry", Kind.DESCRIBE, _Group.REROLL, "Describe again"),
    _family(r"MJ::Outpaint::100(?:::|$)", Kind.ZOOM, _Group.ZOOM, "Make Square"),
    _family(r"MJ::Outpaint::75(?:::|$)", Kind.ZOOM, _Group.ZOOM, "Zoom Out 1.5x"),
    _family(r"MJ::Outpaint::50(?:::|$)", Kind.ZOOM, _Group.ZOOM, "Zoom Out 2x"),
    _family(r"MJ::Outpaint", Kind.ZOOM, _Group.ZOOM, "Zoom Out"),
    _asking(r"MJ::CustomZoom", Kind.ZOOM, _Group.ZOOM, "Custom Zoom"),
    _remixed(r"MJ::JOB::pan_(?P<n>left|right|up|down)", Kind.PAN, _Group.PAN, "Pan {n}"),
    _remixed(r"MJ::JOB::pan", Kind.PAN, _Group.PAN, "Pan"),
    _asking(r"MJ::JOB::(?:video|animate).*manual", Kind.ANIMATE, _Group.ANIMATE, "Animate (Manual)"),
    _family(r"MJ::JOB::animate_high_extend", Kind.ANIMATE, _Group.ANIMATE, "Extend (High motion)"),
    _family(r"MJ::JOB::animate_low_extend", Kind.ANIMATE, _Group.ANIMATE, "Extend (Low motion)"),
    _family(r"MJ::JOB::\w*extend(?:::|$)", Kind.ANIMATE, _Group.ANIMATE, "Extend"),
    _remixed(r"MJ::JOB::animate_high", Kind.ANIMATE, _Group.ANIMATE, "Animate (High motion)"),
    _remixed(r"MJ::JOB::animate_low", Kind.ANIMATE, _Group.ANIMATE, "Animate (Low motion)"),
    _remixed(r"MJ::JOB::(?:animate|video(?:::|$))", Kind.ANIMATE, _Group.ANIMATE, "Animate"),
    _asking(r"MJ::JOB::PicReader::(?P<quadrant>[1-9])(?:::|$)", Kind.IMAGINE, _Group.CHOSEN, "Imagine {quadrant}"),
    _asking(r"MJ::JOB::PicReader::all", Kind.IMAGINE, _Group.OTHER, "Imagine all"),
    _asking(r"MJ::JOB::PromptAnalyzer::(?P<quadrant>[1-9])(?:::|$)", Kind.IMAGINE, _Group.CHOSEN, "Imagine {quadrant}"),
    _asking(r"MJ::JOB::PromptAnalyzer(?:::|$)", Kind.IMAGINE, _Group.OTHER, "Imagine"),
    _family(r"MJ::JOB::PromptAnalyzerExtended", Kind.SHORTEN, _Group.OTHER, "Show details"),
    _family(r"MJ::BOOKMARK", Kind.BOOKMARK, _Group.OTHER, "Favorite"),
)

_UNHEARD_OF: Final = _family(r"", Kind.OTHER, _Group.OTHER, "{name}")

_SUGGESTIONS: Final = re.compile(r"MJ::JOB::(?:PicReader|PromptAnalyzer)|MJ::Picread", re.IGNORECASE)
_OF_VIDEOS: Final = re.compile(r"MJ::JOB::video_virtual_upscale", re.IGNORECASE)


def read_actions(buttons: object) -> tuple[Action, ...]:
    """Turn the `buttons` of a task into actions, in the order to draw them.

    Dropped are buttons that cannot be pressed (no customId: the `Web` link) and repeats of one customId.
    """
    if not buttons:  # as long as the task runs, and then it is looked at again and again
        return ()
    usable: dict[str, _Button] = {}
    for button in items(buttons)[:_MOST_LOOKED_AT]:
        if len(usable) == BUTTON_LIMIT:
            break
        fields = mapping(button)
        action_id = fields.get("customId")
        if _is_id(action_id) and action_id not in usable:
            usable[action_id] = _Button(action_id, fields, *_recognize(action_id))
    is_of_videos = any(map(_OF_VIDEOS.match, usable))
    return tuple(
        _action(index, button, is_of_videos=is_of_videos) for index, button in enumerate(_ordered(usable.values()))
    )


def gives_suggestions(actions: Iterable[Action]) -> bool:
    """Tell whether these are the buttons of a describe or a shorten, whose result is text."""
    return any(_SUGGESTIONS.match(action.action_id) for action in actions)


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= ID_LIMIT and _ID.fullmatch(value) is not None


def _recognize(action_id: str) -> tuple[_Family, dict[str, str]]:
    for family in _FAMILIES:
        found = family.pattern.match(action_id)
        if found is not None:
            return family, {name: value.lower() for name, value in found.groupdict().items()}
    return _UNHEARD_OF, {"name": _name_of(action_id)}


def _name_of(action_id: str) -> str:
    """Name a button that was invented after this was written: `MJ::JOB::make_tile::1::…` is "Make tile"."""
    for part in action_id.split("::"):
        words = part.replace("_", " ").replace("-", " ").strip()
        if part.upper() not in {"MJ", "JOB"} and words and not words.isdigit():
            return (words[0].upper() + words[1:])[:LABEL_LIMIT].rstrip()
    return "More"


def _emoji(value: object) -> str:
    """Return a Unicode emoji in the fully qualified form, which Discord wants, or an empty text."""
    fields = mapping(value)  # Discord's own form: {"name": "🔄", "id": null}
    character = text(fields.get("name") if fields and not fields.get("id") else value, 40).strip()
    if not emoji_table.is_emoji(character):
        return ""
    qualified = character + "\N{VARIATION SELECTOR-16}"
    return qualified if len(character) == 1 and emoji_table.is_emoji(qualified) else character


def _ordered(buttons: Collection[_Button]) -> list[_Button]:
    is_grid = any(button.family.group is _Group.CHOSEN for button in buttons)

    def place(button: _Button) -> tuple[int, int]:
        group = button.family.group
        after = _Group.ANIMATE if group is _Group.REROLL and not is_grid else group  # under one picture it comes late
        return after, button.quadrant or 0

    return sorted(buttons, key=place)


def _action(index: int, button: _Button, *, is_of_videos: bool) -> Action:
    family, fields = button.family, button.fields
    emoji = _emoji(fields.get("emoji"))
    label = " ".join(text(fields.get("label"), 4 * LABEL_LIMIT).split())[:LABEL_LIMIT].rstrip()
    style = whole(fields.get("style")) or _GRAY
    return Action(
        index=index,
        action_id=button.action_id,
        kind=family.kind,
        label=label or ("" if emoji else family.label.format(**button.named)),
        emoji=emoji,
        style=style if style in _STYLES else _GRAY,
        quadrant=button.quadrant,
        needs_input=family.needs_input,
        once=family.once,
        # 🔄 under videos and 🔄 under pictures have customIds of one form (contract 4.6 A, G).
        remixable=family.remixable and not (is_of_videos and family.kind is Kind.REROLL),
    )
