"""Midjourney prompts: normalize, check, compose and price them.

Pure: no clock, no network, no settings. Imports only the standard library, `bot.language`, `bot.errors` and
`bot.model`. In the order of its work: `permutations` and `braces` make single prompts of a text, `characters` makes it
uniform, `reading` takes it apart, `parameters` and `values` are the allow-list, `judgement` and `links` hold it against
that, `choices` adds the `options`, `models` and `companions` know what goes with which version and with what else,
`composition` puts it together; `pieces` are what is added to that, and `defaults` says who decides. `difference`
tells what was changed, `suggestions` reads what the API proposes and begins forms, `recent` is about autocomplete,
`prices` about money, `kinds` about what people call what is made.
"""

from bot.prompt.aspects import parse_aspect, suggest_aspects
from bot.prompt.choices import spell_out
from bot.prompt.composition import LONGEST_PROMPT, Prompt, compose
from bot.prompt.defaults import Overlap, first_set, overlaps
from bot.prompt.difference import Fate, Run, difference
from bot.prompt.kinds import kind_name
from bot.prompt.links import fleeting_links
from bot.prompt.models import MODELS, Model, model_label, model_of
from bot.prompt.options import NO_ADDITIONS, Additions, Options, Purpose, Reference, ReferenceKind
from bot.prompt.parameters import LARGEST_BATCH
from bot.prompt.permutations import compose_all
from bot.prompt.pieces import LONGEST_PIECE, parse_stylize, read_piece, spell_piece
from bot.prompt.prices import price, remix_price, spell_price, total
from bot.prompt.recent import job_reference, value_of
from bot.prompt.suggestions import prefilled, read_suggestions, zoomed
from bot.prompt.wording import quote

__all__ = [
    "LARGEST_BATCH",
    "LONGEST_PIECE",
    "LONGEST_PROMPT",
    "MODELS",
    "NO_ADDITIONS",
    "Additions",
    "Fate",
    "Model",
    "Options",
    "Overlap",
    "Prompt",
    "Purpose",
    "Reference",
    "ReferenceKind",
    "Run",
    "compose",
    "compose_all",
    "difference",
    "first_set",
    "fleeting_links",
    "job_reference",
    "kind_name",
    "model_label",
    "model_of",
    "overlaps",
    "parse_aspect",
    "parse_stylize",
    "prefilled",
    "price",
    "quote",
    "read_piece",
    "read_suggestions",
    "remix_price",
    "spell_out",
    "spell_piece",
    "spell_price",
    "suggest_aspects",
    "total",
    "value_of",
    "zoomed",
]
