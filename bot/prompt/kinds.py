"""What people call the kinds of jobs. Imports the vocabulary and the languages."""

from __future__ import annotations

from typing import Final

from bot.language import mark, say
from bot.model import Kind

_KIND_NAMES: Final = {
    Kind.IMAGINE: mark("Imagine"),
    Kind.UPSCALE: mark("Upscale"),
    Kind.VARIATION: mark("Variations"),
    Kind.REROLL: mark("Again"),
    Kind.ZOOM: mark("Zoom out"),
    Kind.PAN: mark("Pan"),
    Kind.ANIMATE: mark("Video"),
    Kind.BLEND: mark("Blend"),
    Kind.DESCRIBE: mark("Describe"),
    Kind.SHORTEN: mark("Shorten"),
    Kind.EDIT: mark("Edit"),
    Kind.REGION: mark("Region"),
    Kind.BOOKMARK: mark("Favorite"),
    Kind.OTHER: mark("Other"),
}


def kind_name(kind: Kind) -> str:
    """Return what people call this kind of job."""
    return say(_KIND_NAMES[kind])
