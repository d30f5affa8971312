"""A panel as a value: texts, pictures, sections and rows of controls, within the limits of Components V2.

`cogs.messages.panels` makes a message of it. Imports the controls and the text rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, final

from cogs.render.controls import Row, Select
from cogs.render.text import size

if TYPE_CHECKING:
    from pathlib import Path

    from cogs.render.controls import Button

#: In one message, nested ones included (Discord, components).
MOST_COMPONENTS: Final = 40
#: Characters of all texts of one message together.
MOST_TEXT: Final = 4000
#: Pictures in one gallery.
MOST_PICTURES: Final = 10


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in a panel.

    Attributes
    ----------
    source
        A file of ours, sent along under `name`; or an address that Discord can fetch.
    about
        Alt text, at most 1024 characters.
    """

    source: Path | str
    name: str = ""
    about: str = ""


@final
@dataclass(frozen=True, slots=True)
class Text:
    """A text with Discord's markup; what people typed in it is escaped."""

    content: str


@final
@dataclass(frozen=True, slots=True)
class Section:
    """A text with a button or a picture beside it."""

    content: str
    beside: Button | Picture


@final
@dataclass(frozen=True, slots=True)
class Gallery:
    """Up to ten pictures together."""

    pictures: tuple[Picture, ...]


@final
@dataclass(frozen=True, slots=True)
class Rule:
    """A line between two parts."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSelect:
    """A select that takes one of the text channels of the server. `chosen` is so from the beginning."""

    custom_id: str
    placeholder: str
    chosen: int | None = None


Part: TypeAlias = Text | Section | Gallery | Rule | ChannelSelect | Row


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What stands in a panel, from the top.

    Raises
    ------
    ValueError
        It holds more than Discord takes. Whoever renders one keeps the limits; this is where a mistake shows.
    """

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        components = 1 + sum(map(_components, self.parts))
        texts = sum(size(part.content) for part in self.parts if isinstance(part, Text | Section))
        if components > MOST_COMPONENTS or texts > MOST_TEXT:
            raise ValueError(f"a panel of {components} components and {texts} characters")

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in the order in which they stand there."""
        found: list[Picture] = []
        for part in self.parts:
            if isinstance(part, Gallery):
                found += part.pictures
            elif isinstance(part, Section) and isinstance(part.beside, Picture):
                found.append(part.beside)
        return tuple(found)


def text_left(parts: tuple[Part, ...]) -> int:
    """Return how many characters a panel with these parts still takes."""
    return MOST_TEXT - sum(size(part.content) for part in parts if isinstance(part, Text | Section))


def _components(part: Part) -> int:
    match part:
        case Section():
            return 3
        case Select() | ChannelSelect():
            return 2
        case tuple():
            return 1 + len(part)
        case _:
            return 1
