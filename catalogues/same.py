"""Messages that a language writes as English does. Each is one that a person looked at; anything else was forgotten.

Imports nothing of Easel but the languages.
"""

from __future__ import annotations

from typing import Final

from bot.language import Language

#: In all languages: names, and Midjourney's own words that its users know in no other form.
_EVERYWHERE: Final = frozenset({"raw", "Easel", "Midjourney", "Discord"})

_SAME: Final = {
    Language.JAPANESE: frozenset({"niji {version}", "Remix", "Remix V{number}", "Remix {button}"}),
    Language.CHINESE: frozenset({"niji {version}", "Remix", "Remix V{number}", "Remix {button}"}),
    Language.CHINESE_TRADITIONAL: frozenset({"niji {version}", "Remix", "Remix V{number}", "Remix {button}"}),
    Language.GERMAN: frozenset(
        {
            "prompt",
            "Prompt",
            "link",
            "loop",
            "seed",
            "Seed",
            "video",
            "Video",
            "imagine",
            "Imagine",
            "Imagine {number}",
            "Upscale",
            "Variation {number}",
            "preset",
            "Preset",
            "info",
            "name",
            "text",
            "export",
            "Export",
            "server",
            "Lasso",
            "Filter",
            "Details",
            "Status",
            "Raw",
            "niji {version}",
            "Remix",
            "Remix: {button}",
            "Remix {button}",
            "Remix V{number}",
        }
    ),
    Language.FRENCH: frozenset(
        {
            "prompt",
            "Prompt",
            "image",
            "image1",
            "image2",
            "image3",
            "image4",
            "image5",
            "dimensions",
            "portrait 2:3",
            "chaos",
            "seed",
            "Seed",
            "seed {seed}",
            "imagine",
            "Imagine",
            "Imagine {number}",
            "Upscale",
            "Variations",
            "Variation {number}",
            "Suggestion {number}",
            "Lasso",
            "Rectangle",
            "version",
            "version {version}",
            "niji {version}",
            "turbo",
            "relax",
            "Message",
            "[message](<{link}>)",
            "Raw",
            "Remix",
            "Remix {button}",
            "Remix V{number}",
            "{hours} h {minutes} min",
            "{minutes} min {seconds} s",
        }
    ),
    Language.SPANISH: frozenset(
        {"prompt", "preset", "video", "Prompt", "Preset", "Video", "turbo", "relax", "no", "niji {version}"}
        | {"Remix", "Remix: {button}", "Remix V{number}", "Remix {button}"}
        | {"{hours} h {minutes} min", "{minutes} min {seconds} s"}
    ),
    Language.PORTUGUESE: frozenset(
        {"prompt", "preset", "link", "loop", "seed", "Prompt", "Preset", "Seed", "Status", "turbo", "relax"}
        | {"niji {version}", "Remix", "Remix: {button}", "Remix V{number}", "Remix {button}"}
        | {"{hours} h {minutes} min", "{minutes} min {seconds} s"}
    ),
}


def is_same(message: str, language: Language) -> bool:
    """Whether a language may say a message as English does."""
    return message in _EVERYWHERE or message in _SAME.get(language, frozenset())


def same() -> dict[Language, frozenset[str]]:
    """Return the messages that are written alike, for the languages that have some of their own."""
    return dict(_SAME)
