"""Judge the parameters of a prompt against the allow-list, and word what is wrong with them.

Pure. Imports only the standard library, `bot.errors`, `bot.language` and its neighbors in `bot.prompt`.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from bot.errors import PromptInvalid
from bot.language import say
from bot.prompt.values import Unfit
from bot.prompt.wording import inline, quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.language import Phrase
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
                typed = quote(f"{word} {following[0]}")
                raise PromptInvalid(say("{typed} needs two dashes: {form}.", typed=typed, form=quote(form)))


def unfit_sentence(shown: str, words: Sequence[str], unfit: Unfit) -> Phrase:
    """Say what is wrong with these words after `shown`, the parameter with its dashes."""
    if not words:
        return say("{parameter} needs a value: {wanted}.", parameter=quote(shown), wanted=unfit.wanted)
    typed = quote(" ".join([shown, *words]))
    if not unfit.nearest:
        return say(
            "{typed} does not work: {parameter} takes {wanted}.",
            typed=typed,
            parameter=quote(shown),
            wanted=unfit.wanted,
        )
    return say(
        "{typed} does not work: {parameter} takes {wanted}. Try {form}.",
        typed=typed,
        parameter=quote(shown),
        wanted=unfit.wanted,
        form=quote(f"{shown} {unfit.nearest}"),
    )


def _known(typed: Typed, kit: Kit) -> Parameter:
    shown = f"--{typed.name}"
    if typed.name in kit.elsewhere:
        raise PromptInvalid(say(kit.elsewhere[typed.name], parameter=shown))
    parameter = kit.known.get(typed.name)
    if parameter is None:
        raise PromptInvalid(_unknown(typed, kit))
    if typed.detached:
        form = " ".join([shown, *typed.words[: parameter.rule.most][:3]])
        raise PromptInvalid(
            say(
                "There is a blank between the dashes and {parameter}. Write {form}.",
                parameter=quote(typed.name),
                form=quote(form),
            )
        )
    return parameter


def _unknown(typed: Typed, kit: Kit) -> Phrase:
    shown = quote(f"--{typed.name}")
    glued = _GLUED.fullmatch(typed.name)
    if glued:
        name, value = glued["name"] or glued["assigned"], glued["value"] or glued["rest"]
        parameter = kit.known.get(name)
        if parameter and parameter.rule.most:
            fit = parameter.rule.read([value])
            form = quote(f"--{name} {fit if isinstance(fit, str) else fit.nearest or value}")
            return say("After {parameter} a blank is missing. Write {form}.", parameter=quote(f"--{name}"), form=form)
    near = get_close_matches(typed.name, [*kit.known, *kit.elsewhere], n=1, cutoff=_CLOSE)
    if near:
        return _meant(shown, near[0], kit)
    return say(
        "{parameter} is not a parameter that can be used here. "
        "For a dash between words put a blank on both sides of it.",
        parameter=shown,
    )


def _meant(shown: str, name: str, kit: Kit) -> Phrase:
    if name not in kit.elsewhere:
        return say(
            "{parameter} is not a parameter that can be used here. Did you mean `--{name}`?",
            parameter=shown,
            name=name,
        )
    return say(
        "{parameter} is not a parameter that can be used here. Did you mean `--{name}`? {reason}",
        parameter=shown,
        name=name,
        reason=say(kit.elsewhere[name], parameter=f"--{name}"),
    )


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


def _misplaced(before: Sequence[str], extra: Sequence[str], parameter: str) -> Phrase:
    if not before and not extra:
        return say("Words come before the parameters: `a paper boat {parameter}`.", parameter=inline(parameter))
    start = "… " if before else ""
    form = f"{start}{' '.join(extra[:6])}{' …' if len(extra) > 6 else ''} {parameter}"  # noqa: PLR2004 - so much that the parameter still shows
    return say("Words come before the parameters: {form}.", form=quote(form))


def _refuse_contradictions(judged: Mapping[str, str]) -> None:
    if "v" in judged and "niji" in judged:
        raise PromptInvalid(
            say("`--v {version}` and `--niji` each choose a model. Leave one of the two out.", version=judged["v"])
        )
    if "loop" in judged and "end" in judged:
        raise PromptInvalid(say("`--loop` and `--end` each say how the video ends. Leave one of the two out."))


def _twice(first: str, second: str) -> Phrase:
    if first == second:
        return say("{parameter} is there twice. Leave one of the two out.", parameter=quote(first))
    return say(
        "{first} and {second} mean the same. Leave one of the two out.", first=quote(first), second=quote(second)
    )
