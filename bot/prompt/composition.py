"""Compose the text that is sent from what a person typed and chose, or say what is wrong with it.

Nothing is stripped or corrected silently: what cannot be sent as it stands is refused with the reason and, where there
is one, the nearest form that works. Pure. Imports only the standard library, `bot.errors`, `bot.language` and its
neighbors.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, final

from bot.errors import PromptInvalid
from bot.language import mark, say
from bot.prompt.characters import is_emoji_part
from bot.prompt.choices import add_options
from bot.prompt.companions import missing
from bot.prompt.judgement import judge, refuse_half_dashes
from bot.prompt.links import check_links, links_of, looks_like_link
from bot.prompt.models import clash
from bot.prompt.options import NO_OPTIONS, NO_PIECE, Purpose
from bot.prompt.parameters import KITS, matter
from bot.prompt.reading import read
from bot.prompt.wording import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.language import Phrase
    from bot.model import Applied
    from bot.prompt.options import Options, Piece
    from bot.prompt.parameters import Kit

#: The most characters that are sent. Discord takes 6000 in an option but 4000 in a modal, where every prompt must be
#: editable later; the API's own texts end at 4000 too (contract 4.3).
LONGEST_PROMPT: Final = 4000

_LONGEST_TYPED: Final = 6000  # Discord's limit for an option
_ENOUGH_PICTURES: Final = 2  # to go without words (contract 7)

_NOTHING_TO_SEE: Final = mark("Write what the picture should show, such as `a paper boat at sunrise`.")
_NOTHING_TO_DO: Final[Mapping[Purpose, str]] = {
    Purpose.REGION: mark("Write what to paint there, such as `a red balloon`."),
    Purpose.EDIT: mark("Write what should be different, such as `make it night`."),
    Purpose.SHORTEN: mark("Write the prompt that should become shorter."),
}


@final
@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that may be sent.

    Attributes
    ----------
    text
        What is sent: links, words, parameters. Composing it again yields the same.
    parameters
        By canonical name without dashes, in the order given; an empty value for a flag.
    model
        The version named, such as `8.1` or `niji 7`; None where the API's default decides.
    applied
        What of it came from a preset or from settings, the highest rank first.
    """

    text: str
    parameters: Mapping[str, str] = field(hash=False)
    model: str | None
    applied: tuple[Applied, ...] = ()

    @property
    def is_niji(self) -> bool:
        """Whether it is for the niji bot (`botType` in the API)."""
        return "niji" in self.parameters


@final
@dataclass(frozen=True, slots=True)
class Occasion:
    """What a text is examined for. Meanings as in `compose`.

    Attributes
    ----------
    known
        Links that may be sent again.
    addition
        What belongs to the text beside what was typed: its words come behind those, and its parameters count where
        neither text nor options name one.
    """

    purpose: Purpose
    kit: Kit
    images: int
    known: frozenset[str]
    addition: Piece = NO_PIECE


def compose(
    text: str,
    options: Options = NO_OPTIONS,
    *,
    purpose: Purpose = Purpose.IMAGINE,
    images: int = 0,
    known: str = "",
) -> Prompt:
    """Normalize, parse and check a prompt and return it as it is sent.

    Parameters
    ----------
    options
        What was chosen beside the text.
    purpose
        What it is written for.
    images
        How many pictures are handed in beside the text, those of kind `image` among `options.references` included.
        With one of them a few words are enough, with two there need be none.
    known
        The prompt of the job that a form began with: links in it may be sent again, those of uploads included.

    Raises
    ------
    PromptInvalid
        With the reason and the nearest valid form, ready to be shown.
    """
    occasion = Occasion(purpose, KITS[purpose], images, links_of(known))
    words, parameters = examine(normalize(text), options, occasion)
    return put_together(words, parameters)


def normalize(text: str) -> str:
    """Return a text in the one form of its characters (NFKC).

    Raises
    ------
    PromptInvalid
        It is longer than anything that can be typed.
    """
    normal = unicodedata.normalize("NFKC", text[: _LONGEST_TYPED + 1])  # may make eighteen characters of one
    if len(normal) > _LONGEST_TYPED:
        raise PromptInvalid(
            say("The prompt is too long: {most} characters are the most. Make it shorter.", most=LONGEST_PROMPT)
        )
    return normal


def examine(text: str, options: Options, occasion: Occasion) -> tuple[list[str], dict[str, str]]:
    """Take a normalized text apart, add options and addition and check all; return its words and its parameters.

    Raises
    ------
    PromptInvalid
        With the reason and the nearest valid form, ready to be shown.
    """
    kit, purpose = occasion.kit, occasion.purpose
    reading = read(text, kit.names)
    refuse_half_dashes(reading, kit)
    links = list(takewhile(looks_like_link, reading.words))
    pictures = occasion.images + len(links)
    may_be_wordless = purpose in {Purpose.ANIMATE, Purpose.VIDEO} or pictures >= _ENOUGH_PICTURES
    added = occasion.addition
    parameters = judge(reading, kit, needs_words=not may_be_wordless and not added.words)
    words = [*check_links(reading.words, occasion.known), *added.words]
    prose = words[len(links) :]
    _refuse_late_link(prose)
    if not may_be_wordless and not _says_something(prose):
        raise PromptInvalid(_wordless(purpose, pictures))
    parameters = {name: " ".join(check_links(value.split(" "), occasion.known)) for name, value in parameters.items()}
    add_options(parameters, options, kit)
    decided = matters(parameters, options)
    parameters |= {name: value for name, value in added.parameters.items() if matter(name) not in decided}
    # What a picture was made from is not known here once it is made: its weight may be about something.
    sentence = clash(parameters) or missing(parameters, pictures=pictures if purpose is Purpose.IMAGINE else None)
    if sentence:
        raise PromptInvalid(sentence)
    if purpose is Purpose.ZOOM and "zoom" not in parameters:
        raise PromptInvalid(say("Say how far to zoom out, from 1 to 2: add `--zoom 2` at the end."))
    return words, parameters


def matters(parameters: Mapping[str, str], options: Options) -> frozenset[str]:
    """Return what is decided by parameters, by canonical name, and by options, also by those that add no parameter."""
    decided = {matter(name) for name in parameters}
    decided |= {matter("v")} if options.model else set()
    decided |= {matter("raw")} if options.raw is not None else set()
    return frozenset(decided)


def put_together(words: Sequence[str], parameters: Mapping[str, str]) -> Prompt:
    """Return examined words and parameters as they are sent.

    Raises
    ------
    PromptInvalid
        It is too long, or stands for several.
    """
    sent = " ".join([*words, *(f"--{name} {value}".rstrip() for name, value in parameters.items())])
    if "{" in sent or "}" in sent:
        raise PromptInvalid(
            say(
                "{opening} and {closing} make several jobs of one prompt, and this one makes one. Leave them out; "
                "`/imagine` can make several at once.",
                opening="`{`",
                closing="`}`",
            )
        )
    if len(sent) > LONGEST_PROMPT:
        raise PromptInvalid(
            say(
                "The prompt has {length} characters, and {most} is the most. Make it shorter.",
                length=len(sent),
                most=LONGEST_PROMPT,
            )
        )
    return Prompt(sent, MappingProxyType(dict(parameters)), _named_model(parameters))


def _refuse_late_link(prose: Sequence[str]) -> None:
    late = next(filter(looks_like_link, prose), None)
    if late:
        raise PromptInvalid(say("Links to pictures come first: {form} …", form=quote(f"{late} {' '.join(prose[:3])}")))


def _says_something(prose: Sequence[str]) -> bool:
    return any(character.isalnum() or is_emoji_part(character) for character in "".join(prose))


def _wordless(purpose: Purpose, pictures: int) -> Phrase:
    if purpose in _NOTHING_TO_DO:
        return say(_NOTHING_TO_DO[purpose])
    if pictures:
        return say("One picture alone is not enough: add a few words about it, or a second picture.")
    return say(_NOTHING_TO_SEE)


def _named_model(parameters: Mapping[str, str]) -> str | None:
    if "niji" in parameters:
        return f"niji {parameters['niji']}".rstrip()
    return parameters.get("v")
