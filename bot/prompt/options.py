"""What a prompt is for, what people choose beside its text, and what is added to it. Values only.

Imports only the standard library and the model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, final

from bot.model import Defaults

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Preset


@final
class Purpose(StrEnum):
    """What a prompt is written for; it decides which parameters have a place in it.

    `imagine`: a picture from nothing. `zoom`: the form of Custom Zoom, which needs `--zoom`. `remix`: another prompt
    for a button that varies a picture. `region`: what to paint into a part of one. `animate`: the form of a button that
    makes a video. `video`: a video whose motion and ends are chosen beside the text. `edit`: what to change about a
    picture. `shorten`: a prompt to be analyzed.
    """

    IMAGINE = "imagine"
    ZOOM = "zoom"
    REMIX = "remix"
    REGION = "region"
    ANIMATE = "animate"
    VIDEO = "video"
    EDIT = "edit"
    SHORTEN = "shorten"


@final
class ReferenceKind(StrEnum):
    """What an uploaded picture is taken from: all of it, its style, its character, or any thing in it."""

    IMAGE = "image"
    STYLE = "style"
    CHARACTER = "character"
    OMNI = "omni"


@final
@dataclass(frozen=True, slots=True)
class Reference:
    """An uploaded picture to refer to.

    Attributes
    ----------
    link
        Where the upload can be had, as Discord said. One of kind `image` has no place in the text: it is sent beside
        it.
    """

    kind: ReferenceKind
    link: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person chose beside the text. None, empty and, but for `raw`, False: not chosen.

    Numbers are judged as if they had been typed, so a wrong one is refused with the same sentence.

    Attributes
    ----------
    aspect
        As typed.
    model
        Label or parameters of one of `MODELS`.
    negative
        What the picture should not show, words separated by commas (`--no`).
    quality
        As typed: `0.5`, `1`, `2` or `4`.
    raw
        False: chosen, and not wanted, whatever is set elsewhere.
    image_weight, style_weight, character_weight, omni_weight
        `--iw`, `--sw`, `--cw`, `--ow`.
    repeat
        How often to make each; only `compose_all` takes it.
    """

    aspect: str | None = None
    model: str | None = None
    negative: str | None = None
    stylize: int | None = None
    chaos: int | None = None
    weird: int | None = None
    seed: int | None = None
    quality: str | None = None
    raw: bool | None = None
    tile: bool = False
    image_weight: float | None = None
    style_weight: int | None = None
    character_weight: int | None = None
    omni_weight: int | None = None
    repeat: int | None = None
    references: Sequence[Reference] = ()


#: Nothing chosen.
NO_OPTIONS = Options()


@final
@dataclass(frozen=True, slots=True)
class Piece:
    """A checked part of a prompt, as a preset or a suffix holds it: words, and parameters by canonical name."""

    words: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)


#: Adds nothing.
NO_PIECE = Piece()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What is added to a prompt that does not say otherwise.

    Attributes
    ----------
    preset
        The one that was chosen for it.
    person, server
        Of whoever asks, and of where they ask.
    """

    preset: Preset | None = None
    person: Defaults = Defaults()  # noqa: RUF009 - frozen, and nothing but defaults
    server: Defaults = Defaults()  # noqa: RUF009 - frozen, and nothing but defaults


#: Nothing is added.
NO_ADDITIONS = Additions()
