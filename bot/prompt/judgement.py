"""Judge the parameters of a prompt against the allow-list, and word what is wrong with them.

Pure. Imports only the standard library, `bot.errors` and its neighbors in `bot.prompt`.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from bot.errors import PromptInvalid
from bot.prompt.values import Unfit
from bot.prompt.wording import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.prompt.parameters import Kit, Parameter
    from bot.prompt.reading import Reading, Typed

_GLUED: Final = re.compile(r"(?P<name>[a-z]+)[=:]*(?P<value>[0-9.].*)|(?P<assigned>[a-z]+)[=:]+(?P<rest>.+)")
_CLOSE: Final = 0.7  # by difflib; below this the suggestions are a guess


def judge(reading: Reading, kit: Kit, *, needs_words: bool = True) -> dict[str, str]:
    """Return the parameters by canonical name, in the order given. Links in them are not checked.

    Parameters
    ----------
    needs_words
        Whether there must be something before the first parameter.

    Raises
    ------
    PromptInvalid
        One is unknown, belongs elsewhere, is there twice, stands before the words, or has a value that does not fit.
    """
    judged: dict[str, str] = {}
    typed_as: dict[str, str] = {}
    for typed in reading.parameters:
        parameter = _known(typed, kit)
        value = _value(reading, typed, parameter)
        meaning = "raw" if (parameter.name, value) == ("style", "raw") else parameter.name
        if meaning in typed_as:
            raise PromptInvalid(_twice(typed_as[meaning], f"--{typed.name}"))
        judged[parameter.name] = value
        typed_as[meaning] = typed_as[parameter.name] = f"--{typed.name}"
    if needs_words and judged and not reading.words:
        name, value = next(iter(judged.items()))
        raise PromptInvalid(_misplaced((), (), f"--{name} {value}".rstrip()))
    _refuse_contradictions(judged)
    return judged


def refuse_half_dashes(reading: Reading, kit: Kit) -> None:
    """Refuse `-ar 16:9`: one dash where it can only have been meant as two.

    Raises
    ------
    PromptInvalid
        With the form that works.
    """
    for words in (reading.words, *(typed.words for typed in reading.parameters)):
        for position, word in enumerate(words):
            parameter = kit.known.get(word[1:].lower()) if word.startswith("-") else None
            following = words[position + 1 : position + 2]
            if parameter and following and parameter.rule.most == 1 and isinstance(parameter.rule.read(following), str):
                form = f"-{word.lower()} {following[0]}"
                raise PromptInvalid(f"{quote(f'{word} {following[0]}')} needs two dashes: {quote(form)}.")


def unfit_sentence(shown: str, words: Sequence[str], unfit: Unfit) -> str:
    """Say what is wrong with these words after `shown`, the parameter with its dashes."""
    if not words:
        return f"{quote(shown)} needs a value: {unfit.wanted}."
    sentence = f"{quote(' '.join([shown, *words]))} does not work: {quote(shown)} takes {unfit.wanted}."
    return f"{sentence} Try {quote(f'{shown} {unfit.nearest}')}." if unfit.nearest else sentence


def _known(typed: Typed, kit: Kit) -> Parameter:
    shown = f"--{typed.name}"
    if typed.name in kit.elsewhere:
        raise PromptInvalid(kit.elsewhere[typed.name].format(shown))
    parameter = kit.known.get(typed.name)
    if parameter is None:
        raise PromptInvalid(_unknown(typed, kit))
    if typed.detached:
        form = " ".join([shown, *typed.words[: parameter.rule.most][:3]])
        raise PromptInvalid(f"There is a blank between the dashes and {quote(typed.name)}. Write {quote(form)}.")
    return parameter


def _unknown(typed: Typed, kit: Kit) -> str:
    sentence = f"{quote(f'--{typed.name}')} is not a parameter that can be used here."
    glued = _GLUED.fullmatch(typed.name)
    if glued:
        name, value = glued["name"] or glued["assigned"], glued["value"] or glued["rest"]
        parameter = kit.known.get(name)
        if parameter and parameter.rule.most:
            fit = parameter.rule.read([value])
            form = f"--{name} {fit if isinstance(fit, str) else fit.nearest or value}"
            return f"After {quote(f'--{name}')} a blank is missing. Write {quote(form)}."
    for name in get_close_matches(typed.name, [*kit.known, *kit.elsewhere], n=1, cutoff=_CLOSE):
        meant = f"{sentence} Did you mean `--{name}`?"
        return f"{meant} {kit.elsewhere[name].format(f'--{name}')}" if name in kit.elsewhere else meant
    return f"{sentence} For a dash between words put a blank on both sides of it."


def _value(reading: Reading, typed: Typed, parameter: Parameter) -> str:
    rule = parameter.rule
    shown = f"--{typed.name}"
    value = rule.read(typed.words[: rule.most])
    if isinstance(value, Unfit):
        raise PromptInvalid(unfit_sentence(shown, typed.words[: max(rule.most, 1)], value))
    extra = typed.words[rule.most :]
    if extra:
        raise PromptInvalid(_misplaced(reading.words, extra, f"{shown} {value}".rstrip()))
    return value


def _misplaced(before: Sequence[str], extra: Sequence[str], parameter: str) -> str:
    if not before and not extra:
        return f"Words come before the parameters: {quote(f'a paper boat {parameter}')}."
    start = "… " if before else ""
    form = f"{start}{' '.join(extra[:6])}{' …' if len(extra) > 6 else ''} {parameter}"  # noqa: PLR2004 - so much that the parameter still shows
    return f"Words come before the parameters: {quote(form)}."


def _refuse_contradictions(judged: Mapping[str, str]) -> None:
    if "v" in judged and "niji" in judged:
        raise PromptInvalid(f"`--v {judged['v']}` and `--niji` each choose a model. Leave one of the two out.")
    if "loop" in judged and "end" in judged:
        raise PromptInvalid("`--loop` and `--end` each say how the video ends. Leave one of the two out.")


def _twice(first: str, second: str) -> str:
    if first == second:
        return f"{quote(first)} is there twice. Leave one of the two out."
    return f"{quote(first)} and {quote(second)} mean the same. Leave one of the two out."
