"""Midjourney prompts: normalize, check, compose and price them.

Pure: no clock, no network, no settings. Imports only the standard library, `bot.errors` and `bot.model`. In the order
of its work: `characters` makes text uniform, `reading` takes it apart, `parameters` and `values` are the allow-list,
`judgement` and `links` hold it against that, `models` knows what goes with which version, `composition` puts it
together.
"""

from bot.prompt.aspects import parse_aspect, suggest_aspects
from bot.prompt.composition import LONGEST_PROMPT, Prompt, compose
from bot.prompt.models import MODELS, Model
from bot.prompt.prices import price
from bot.prompt.wording import quote

__all__ = [
    "LONGEST_PROMPT",
    "MODELS",
    "Model",
    "Prompt",
    "compose",
    "parse_aspect",
    "price",
    "quote",
    "suggest_aspects",
]
