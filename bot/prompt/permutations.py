"""One text that stands for several prompts: `{a, b}` and `--repeat`.

Pure. Imports only the standard library, `bot.errors`, `bot.language` and its neighbors.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.errors import PromptInvalid
from bot.language import say
from bot.prompt.braces import read_braces
from bot.prompt.characters import clean
from bot.prompt.composition import Occasion, examine, normalize
from bot.prompt.defaults import fill_in
from bot.prompt.links import links_of
from bot.prompt.options import NO_ADDITIONS, NO_OPTIONS, Purpose
from bot.prompt.parameters import LARGEST_BATCH, SEVERAL
from bot.prompt.pieces import read_piece
from bot.prompt.wording import quote

if TYPE_CHECKING:
    from bot.language import Phrase
    from bot.prompt.composition import Prompt
    from bot.prompt.options import Additions, Options

_TOLD: Final = 1_000_000  # beyond that the number says no more


def compose_all(
    text: str,
    options: Options = NO_OPTIONS,
    *,
    images: int = 0,
    known: str = "",
    additions: Additions = NO_ADDITIONS,
) -> tuple[Prompt, ...]:
    """Expand `{a, b}` and `--repeat`, and return every prompt as it is sent, in the order of reading.

    A text with neither is one prompt. What is repeated is there as often, one after the other. Parameters as of
    `compose`.

    Parameters
    ----------
    additions
        For each of them (`bot.prompt.defaults`).

    Raises
    ------
    PromptInvalid
        With the reason and the nearest valid form, ready to be shown; where there are several, it names the one.
    """
    pattern = read_braces(clean(normalize(text)))
    count = pattern.count
    if count > LARGEST_BATCH:
        raise PromptInvalid(_too_many(count))
    occasion = Occasion(Purpose.IMAGINE, SEVERAL, images, links_of(known))
    prompts: list[Prompt] = []
    for number, single in enumerate(pattern.texts(), start=1):
        try:
            prompts += _repeated(single, options, additions, occasion)
        except PromptInvalid as invalid:
            if count == 1:
                raise
            raise PromptInvalid(
                say(
                    "Prompt {number} of {count}, {prompt}: {reason}",
                    number=number,
                    count=count,
                    prompt=quote(single),
                    reason=invalid.reply,
                )
            ) from None
    if len(prompts) > LARGEST_BATCH:
        raise PromptInvalid(_too_many(len(prompts)))
    return tuple(prompts)


def _repeated(text: str, options: Options, additions: Additions, occasion: Occasion) -> list[Prompt]:
    if "{" in text or "}" in text:
        raise PromptInvalid(
            say(
                "A {opening} or {closing} cannot be part of a prompt, with a backslash neither: Midjourney would make "
                "several of it. Use other brackets, such as `( )`.",
                opening="`{`",
                closing="`}`",
            )
        )
    if additions.preset is None:
        return _examined(text, options, additions, occasion)
    try:
        with_preset = replace(occasion, addition=read_piece(additions.preset.text))
        return _examined(text, options, additions, with_preset)
    except PromptInvalid as invalid:
        _examined(text, options, replace(additions, preset=None), occasion)  # where that is refused, it says why itself
        reason = invalid.reply
    raise PromptInvalid(say("With the preset `{name}`: {reason}", name=additions.preset.name, reason=reason))


def _examined(text: str, options: Options, additions: Additions, occasion: Occasion) -> list[Prompt]:
    words, parameters = examine(text, options, occasion)
    repeat = int(parameters.pop("repeat", "1"))
    return [fill_in(words, parameters, options, additions, occasion)] * repeat


def _too_many(count: int) -> Phrase:
    if count > _TOLD:
        return say(
            "This stands for more than a million prompts, and {most} at once are the most. "
            "Take some of the choices in braces out, or make `--repeat` smaller.",
            most=LARGEST_BATCH,
        )
    return say(
        "This stands for {count} prompts, and {most} at once are the most. "
        "Take some of the choices in braces out, or make `--repeat` smaller.",
        count=f"{count:,}",
        most=LARGEST_BATCH,
    )
