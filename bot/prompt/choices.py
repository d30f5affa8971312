"""Add what was chosen as options to the parameters that were typed.

A choice is judged like a typed value, and never overrules one. Pure. Imports only the standard library, `bot.errors`,
`bot.language` and its neighbors.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bot.errors import PromptInvalid
from bot.language import Phrase, say, say_list
from bot.prompt.aspects import parse_aspect
from bot.prompt.judgement import refuse_half_dashes, unfit_sentence
from bot.prompt.links import upload_link
from bot.prompt.models import API_DEFAULT, MODELS
from bot.prompt.options import ReferenceKind
from bot.prompt.parameters import SEVERAL
from bot.prompt.reading import read
from bot.prompt.values import Unfit
from bot.prompt.wording import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.prompt.models import Model
    from bot.prompt.options import Options, Reference
    from bot.prompt.parameters import Kit

_REFERENCES: Final[Mapping[ReferenceKind, str]] = {
    ReferenceKind.STYLE: "sref",
    ReferenceKind.CHARACTER: "cref",
    ReferenceKind.OMNI: "oref",
}


def add_options(parameters: dict[str, str], options: Options, kit: Kit) -> None:
    """Add the chosen options to `parameters`, by canonical name.

    Raises
    ------
    PromptInvalid
        One is typed as well, does not fit, or has no place here.
    """
    _add_aspect(parameters, options.aspect)
    _add_model(parameters, options.model)
    for name, words in _chosen(options, kit):
        _add(parameters, name, words, kit)
    _add_references(parameters, options.references)


def spell_out(text: str, options: Options) -> str:
    """Return the text with what was chosen beside it as parameters, right or wrong: so that all can be corrected.

    References are left out.
    """
    aspect, model, negative = ((choice or "").strip() for choice in (options.aspect, options.model, options.negative))
    known = _model(model)
    others = _chosen(replace(options, negative=None), SEVERAL)
    parameters = [
        f"--ar {aspect}" if aspect else "",
        known.parameters if known else "",
        *(" ".join([f"--{name}", *words]) for name, words in others),
        f"--no {negative}" if negative else "",
    ]
    return " ".join([text, *filter(None, parameters)])


def _add_aspect(parameters: dict[str, str], aspect: str | None) -> None:
    if not aspect or not aspect.strip():
        return
    chosen = parse_aspect(aspect)
    if "ar" in parameters:
        raise PromptInvalid(
            say(
                "The aspect ratio is set twice: `--ar {typed}` in the prompt and `{chosen}` as option. "
                "Leave one of the two out.",
                typed=parameters["ar"],
                chosen=chosen,
            )
        )
    parameters["ar"] = chosen


def _add_model(parameters: dict[str, str], model: str | None) -> None:
    wanted = (model or "").strip().lower()
    if not wanted:
        return
    choice = _model(wanted)
    if choice is None:
        labels = [f"`{known.label}`" for known in MODELS if known.parameters]
        default = say(API_DEFAULT)
        raise PromptInvalid(
            say(
                "{typed} is not one of the models: {models}.",
                typed=quote(wanted),
                models=say_list([*labels, Phrase.of(f"`{default}`", f"`{default.english}`")]),
            )
        )
    if not choice.parameters:
        return
    typed = next((name for name in ("v", "niji") if name in parameters), None)
    if typed:
        raise PromptInvalid(
            say(
                "The model is set twice: `{typed}` in the prompt and `{chosen}` as option. Leave one of the two out.",
                typed=f"--{typed} {parameters[typed]}".rstrip(),
                chosen=choice.label,
            )
        )
    name, _, version = choice.parameters.removeprefix("--").partition(" ")
    parameters[name] = version


def _model(wanted: str) -> Model | None:
    return next((known for known in MODELS if wanted.lower() in {known.label.lower(), known.parameters}), None)


def _chosen(options: Options, kit: Kit) -> Iterator[tuple[str, list[str]]]:
    """Yield name and words of every other option that was chosen, as if they had been typed."""
    negative = (options.negative or "").strip()
    if negative:
        yield "no", _plain_words(negative, kit)
    for name, number in (
        ("stylize", options.stylize),
        ("chaos", options.chaos),
        ("weird", options.weird),
        ("seed", options.seed),
        ("iw", options.image_weight),
        ("sw", options.style_weight),
        ("cw", options.character_weight),
        ("ow", options.omni_weight),
        ("repeat", options.repeat),
    ):
        if number is not None:
            yield name, [f"{Decimal(str(number)):f}"]
    quality = (options.quality or "").strip()
    if quality:
        yield "quality", [quality]
    for name, is_on in (("raw", options.raw), ("tile", options.tile)):
        if is_on:
            yield name, []


def _plain_words(negative: str, kit: Kit) -> list[str]:
    reading = read(negative, kit.names)
    if reading.parameters:
        raise PromptInvalid(
            say(
                "The option `negative` takes words only, such as `text, blur`. "
                "{parameter} belongs in the prompt itself.",
                parameter=quote(f"--{reading.parameters[0].name}"),
            )
        )
    if any(brace in word for word in reading.words for brace in "{}"):
        raise PromptInvalid(say("`{a, b}` works in the prompt itself, not in the option `negative`."))
    refuse_half_dashes(reading, kit)
    return reading.words


def _add(parameters: dict[str, str], name: str, words: Sequence[str], kit: Kit) -> None:
    shown = f"--{name}"
    parameter = kit.known.get(name)
    if parameter is None:
        raise PromptInvalid(say(kit.elsewhere[name], parameter=shown))
    value = parameter.rule.read(words)
    if isinstance(value, Unfit):
        raise PromptInvalid(unfit_sentence(shown, words, value))
    typed = _typed(parameters, name)
    if typed is not None:
        raise PromptInvalid(_twice(shown, quote(typed), value))
    parameters[name] = value


def _twice(shown: str, typed: str, value: str) -> Phrase:
    if not value:
        return say(
            "`{parameter}` is set twice: {typed} in the prompt and as option. Leave one of the two out.",
            parameter=shown,
            typed=typed,
        )
    return say(
        "`{parameter}` is set twice: {typed} in the prompt and {chosen} as option. Leave one of the two out.",
        parameter=shown,
        typed=typed,
        chosen=quote(value),
    )


def _typed(parameters: Mapping[str, str], name: str) -> str | None:
    """Return what was typed that means the same as this parameter."""
    if name == "raw" and parameters.get("style") == "raw":
        return "--style raw"
    return f"--{name} {parameters[name]}".rstrip() if name in parameters else None


def _add_references(parameters: dict[str, str], references: Sequence[Reference]) -> None:
    for kind, name in _REFERENCES.items():
        links = [upload_link(reference.link) for reference in references if reference.kind is kind]
        if links:
            parameters[name] = " ".join([parameters[name], *links] if name in parameters else links)
