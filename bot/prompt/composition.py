"""Compose the text that is sent from what a person typed and chose, or say what is wrong with it.

Nothing is stripped or corrected silently: what cannot be sent as it stands is refused with the reason and, where there
is one, the nearest form that works. Pure. Imports only the standard library, `bot.errors` and its neighbors.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, final

from bot.errors import PromptInvalid
from bot.prompt.aspects import parse_aspect
from bot.prompt.characters import is_emoji_part
from bot.prompt.judgement import judge, refuse_half_dashes
from bot.prompt.links import check_link, looks_like_link
from bot.prompt.models import MODELS, clash
from bot.prompt.parameters import BY_NAME, ELSEWHERE
from bot.prompt.reading import read
from bot.prompt.wording import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The most characters that are sent. Discord takes 6000 in an option but 4000 in a modal, where every prompt must be
#: editable later; the API's own texts end at 4000 too (contract 4.3).
LONGEST_PROMPT: Final = 4000

_LONGEST_TYPED: Final = 6000  # Discord's limit for an option
_NAMES: Final = BY_NAME.keys() | ELSEWHERE.keys()


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
    """

    text: str
    parameters: Mapping[str, str] = field(hash=False)
    model: str | None

    @property
    def is_niji(self) -> bool:
        """Whether it is for the niji bot (`botType` in the API)."""
        return "niji" in self.parameters


def compose(text: str, *, aspect: str | None = None, model: str | None = None) -> Prompt:
    """Normalize, parse and check a prompt and return it as it is sent.

    Parameters
    ----------
    aspect
        The aspect option as typed; None or blank: not chosen.
    model
        The model option: label or parameters of one of `MODELS`; None or blank: not chosen.

    Raises
    ------
    PromptInvalid
        With the reason and the nearest valid form, ready to be shown.
    """
    text = unicodedata.normalize("NFKC", text[: _LONGEST_TYPED + 1])  # may make eighteen characters of one
    if len(text) > _LONGEST_TYPED:
        raise PromptInvalid(f"The prompt is too long: {LONGEST_PROMPT} characters are the most. Make it shorter.")
    reading = read(text, _NAMES)
    refuse_half_dashes(reading)
    parameters = judge(reading)
    words = _check_words(reading.words)
    _add_aspect(parameters, aspect)
    _add_model(parameters, model)
    sentence = clash(parameters)
    if sentence:
        raise PromptInvalid(sentence)
    sent = " ".join([*words, *(f"--{name} {value}".rstrip() for name, value in parameters.items())])
    if "{" in sent or "}" in sent:
        raise PromptInvalid("`{` and `}` make several jobs of one prompt. Use `/imagine` once for each of them.")
    if len(sent) > LONGEST_PROMPT:
        raise PromptInvalid(
            f"The prompt has {len(sent)} characters, and {LONGEST_PROMPT} is the most. Make it shorter.",
        )
    return Prompt(sent, MappingProxyType(parameters), _named_model(parameters))


def _check_words(words: Sequence[str]) -> list[str]:
    """Check that links come first and that there is something to draw."""
    images = 0
    while images < len(words) and looks_like_link(words[images]):
        images += 1
    links = [check_link(word) for word in words[:images]]
    prose = list(words[images:])
    late = next(filter(looks_like_link, prose), None)
    if late:
        raise PromptInvalid(f"Links to pictures come first: {quote(check_link(late) + ' ' + ' '.join(prose[:3]))} …")
    if any(character.isalnum() or is_emoji_part(character) for character in "".join(prose)):
        return links + prose
    if images == 0:
        raise PromptInvalid("Write what the picture should show, such as `a paper boat at sunrise`.")
    if images == 1:
        raise PromptInvalid("One picture alone is not enough: add a few words after the link, or a second link.")
    return links + prose


def _add_aspect(parameters: dict[str, str], aspect: str | None) -> None:
    if not aspect or not aspect.strip():
        return
    chosen = parse_aspect(aspect)
    if "ar" in parameters:
        raise PromptInvalid(
            f"The aspect ratio is set twice: `--ar {parameters['ar']}` in the prompt and `{chosen}` as option. "
            "Leave one of the two out.",
        )
    parameters["ar"] = chosen


def _add_model(parameters: dict[str, str], model: str | None) -> None:
    wanted = (model or "").strip().lower()
    if not wanted:
        return
    choice = next((known for known in MODELS if wanted in {known.label.lower(), known.parameters}), None)
    if choice is None:
        labels = ", ".join(f"`{known.label}`" for known in MODELS)
        raise PromptInvalid(f"{quote(wanted)} is not one of the models: {labels}.")
    if not choice.parameters:
        return
    typed = next((name for name in ("v", "niji") if name in parameters), None)
    if typed:
        raise PromptInvalid(
            f"The model is set twice: `{f'--{typed} {parameters[typed]}'.rstrip()}` in the prompt and "
            f"`{choice.label}` as option. Leave one of the two out.",
        )
    name, _, version = choice.parameters.removeprefix("--").partition(" ")
    parameters[name] = version


def _named_model(parameters: Mapping[str, str]) -> str | None:
    if "niji" in parameters:
        return f"niji {parameters['niji']}".rstrip()
    return parameters.get("v")
