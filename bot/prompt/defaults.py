"""Who decides what a prompt says. In this order; whoever comes first counts, for each thing by itself.

1. the option chosen in the command,
2. the parameter typed in the prompt,
3. the preset chosen for it,
4. what the person has set (`/settings`), their suffix after the rest,
5. what the moderators have set for the server (`/server`), its suffix after the rest,
6. the owner (`DEFAULT_SPEED`) or Midjourney itself.

Of 4 and of 5 each, a parameter in the suffix counts only where the other settings say nothing about the same thing. The
words of a suffix come behind those of the prompt, unless they stand there already, as in a prompt that is asked for
once more; the server's suffix counts where the person has none of their own. A preset was asked for, so what does not
go with it is refused. Settings were not: what of them does not go with the prompt is left out, and they never make a
prompt that is refused without them go, nor one that goes be refused.

Pure. Imports only the standard library, `bot.errors`, the model and its neighbors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final, TypeVar, final

from bot.errors import PromptInvalid
from bot.model import Applied, Source
from bot.prompt.companions import missing
from bot.prompt.composition import examine, matters, put_together
from bot.prompt.links import links_of, looks_like_link
from bot.prompt.models import MODELS, clash
from bot.prompt.options import NO_OPTIONS, NO_PIECE
from bot.prompt.parameters import matter
from bot.prompt.pieces import read_piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.model import Defaults
    from bot.prompt.composition import Occasion, Prompt
    from bot.prompt.options import Additions, Options, Piece

T = TypeVar("T")

#: They mean nothing without another parameter, which has to be there first (`companions`).
_WEIGHTS: Final = frozenset({"sw", "cw", "ow", "iw"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A setting and a parameter of the suffix that are about the same thing, so that only one of them ever counts.

    Attributes
    ----------
    setting
        The name of its field in `Defaults`.
    words
        What the suffix says: `--ar 3:2`.
    suffix_counts
        Whether it is the suffix that counts: a person's comes before what is set for the server.
    """

    setting: str
    words: str
    suffix_counts: bool


def overlaps(person: Defaults, server: Defaults) -> tuple[Overlap, ...]:
    """Return where settings say the same thing twice, for one who asks without naming it; in the order of the suffix.

    Parameters
    ----------
    person
        Empty, to look at what is set for a server by itself.
    """
    suffix, source = first_set(person.suffix, server.suffix)
    if source is None:
        return ()
    found: list[Overlap] = []
    for name, value in _read(suffix).parameters.items():
        for owner, defaults in ((Source.PERSON, person), (Source.SERVER, server)):
            same = [single for single in _single(defaults) if matter(single[1]) == matter(name)]
            if same and same[0][1:] != (name, value):
                words, suffix_counts = f"--{name} {value}".rstrip(), (source, owner) == (Source.PERSON, Source.SERVER)
                found.append(Overlap(setting=same[0][0], words=words, suffix_counts=suffix_counts))
            if same:
                break
    return tuple(found)


def first_set(person: T | None, server: T | None) -> tuple[T | None, Source | None]:
    """Return a setting that counts and whose it is; None twice where neither the person nor the server has set it."""
    if person is not None:
        return person, Source.PERSON
    return server, None if server is None else Source.SERVER


def fill_in(
    words: Sequence[str], parameters: Mapping[str, str], options: Options, additions: Additions, occasion: Occasion
) -> Prompt:
    """Return an examined prompt with what is set for whoever asks, as far as it goes with it.

    Parameters
    ----------
    words, parameters
        As `examine` returned them for these options and this occasion.

    Raises
    ------
    PromptInvalid
        It cannot be sent even without what is set.
    """
    preset = additions.preset
    chosen = () if preset is None else (Applied(words=preset.name, source=Source.PRESET),)
    plain = replace(put_together(words, parameters), applied=chosen)
    if preset is not None:
        _read_again(plain, occasion)
    try:
        full = _filled(words, parameters, options, additions, occasion)
        is_sound = _read_again(full, occasion) == full.text
    except PromptInvalid:
        return plain
    return replace(full, applied=(*chosen, *full.applied)) if is_sound else plain


def _filled(
    words: Sequence[str], parameters: Mapping[str, str], options: Options, additions: Additions, occasion: Occasion
) -> Prompt:
    pictures = occasion.images + len(list(takewhile(looks_like_link, words)))
    decided = set(matters(parameters, options))
    longer = dict(parameters)
    suffix, owner = first_set(additions.person.suffix, additions.server.suffix)
    tail = _read(suffix).words
    if tuple(words[-len(tail) :]) == tail:
        tail = ()
    applied = [Applied(words=" ".join(tail), source=owner)] if tail and owner is not None else []
    for source, name, value in _set(additions):
        if matter(name) in decided:
            continue
        if value is not None:
            tried = {**longer, name: value}
            if clash(tried) or missing(tried, pictures=pictures):
                continue
            longer = tried
            applied.append(Applied(words=f"--{name} {value}".rstrip(), source=source))
        decided.add(matter(name))
    applied.sort(key=lambda each: each.source is Source.SERVER)
    return replace(put_together([*words, *tail], longer), applied=tuple(applied))


def _set(additions: Additions) -> Iterator[tuple[Source, str, str | None]]:
    """Yield what is set, by rank: whose it is, the parameter, and its value; None for that it is not wanted."""
    for source, defaults in ((Source.PERSON, additions.person), (Source.SERVER, additions.server)):
        for _, name, value in _single(defaults):
            yield source, name, value
        if defaults.suffix is not None and not (source is Source.SERVER and additions.person.suffix is not None):
            piece = _read(defaults.suffix)
            for name in sorted(piece.parameters, key=_WEIGHTS.__contains__):
                yield source, name, piece.parameters[name]


def _single(defaults: Defaults) -> Iterator[tuple[str, str, str | None]]:
    """Yield the settings that stand for one parameter each, with that; its value is None for that it is not wanted."""
    model = next((known for known in MODELS if known.label == defaults.model), None)
    if model is not None:
        name, _, version = model.parameters.removeprefix("--").partition(" ")
        yield "model", name or "v", version or None
    if defaults.aspect is not None:
        yield "aspect", "ar", defaults.aspect
    if defaults.stylize is not None:
        yield "stylize", "stylize", str(defaults.stylize)
    if defaults.raw is not None:
        yield "raw", "raw", "" if defaults.raw else None


def _read(suffix: str | None) -> Piece:
    """Return what a suffix holds; nothing if it was kept by a release that took what this one does not."""
    if not suffix:
        return NO_PIECE
    try:
        return read_piece(suffix)
    except PromptInvalid:
        return NO_PIECE


def _read_again(prompt: Prompt, occasion: Occasion) -> str:
    """Return a finished prompt as it is read again: words that go each by themselves may not go side by side.

    Raises
    ------
    PromptInvalid
        It would be refused.
    """
    again = replace(occasion, known=links_of(prompt.text), addition=NO_PIECE)
    return put_together(*examine(prompt.text, NO_OPTIONS, again)).text
