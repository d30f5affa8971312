"""Pieces of prompts: what a preset, a suffix or a setting holds, checked on its own before any prompt is given it.

Pure. Imports only the standard library, `bot.errors`, `bot.language` and its neighbors.
"""

from __future__ import annotations

from typing import Final

from bot.errors import PromptInvalid
from bot.language import mark, say
from bot.prompt.characters import clean
from bot.prompt.composition import normalize, put_together
from bot.prompt.judgement import judge, refuse_half_dashes, unfit_sentence
from bot.prompt.links import check_links, looks_like_link
from bot.prompt.models import clash
from bot.prompt.options import Piece, Purpose
from bot.prompt.parameters import KITS
from bot.prompt.reading import read
from bot.prompt.values import Unfit

#: Room enough for a style in words, and it leaves most of a prompt to whoever types one.
LONGEST_PIECE: Final = 1000
_LONGEST_NUMBER: Final = 40

_EMPTY: Final = mark("There is nothing in it. Write words, parameters or both, such as `soft light --s 250`.")
_PICTURE: Final = mark(
    "A link to a picture comes at the start of a prompt, and this is put at its end. "
    "Use `--sref` with the link for its style, or give the picture to `/imagine`."
)


def read_piece(text: str) -> Piece:
    """Take apart and check what is put behind the words and the parameters of a prompt.

    A weight needs nothing to weigh in here: the prompt may have it.

    Raises
    ------
    PromptInvalid
        With the reason and the nearest valid form, ready to be shown.
    """
    kit = KITS[Purpose.IMAGINE]
    reading = read(normalize(text), kit.names)
    refuse_half_dashes(reading, kit)
    if any(map(looks_like_link, reading.words)):
        raise PromptInvalid(say(_PICTURE))
    judged = judge(reading, kit, needs_words=False)
    parameters = {name: " ".join(check_links(value.split(" "), ())) for name, value in judged.items()}
    sentence = clash(parameters)
    if sentence:
        raise PromptInvalid(sentence)
    piece = Piece(tuple(reading.words), parameters)
    length = len(put_together(piece.words, parameters).text)
    if not length:
        raise PromptInvalid(say(_EMPTY))
    if length > LONGEST_PIECE:
        raise PromptInvalid(
            say(
                "It has {length} characters, and {most} is the most. Make it shorter.",
                length=length,
                most=LONGEST_PIECE,
            )
        )
    return piece


def parse_stylize(typed: str) -> int:
    """Return what a person typed as the value of `--stylize`, 0 to 1000.

    Raises
    ------
    PromptInvalid
        It is no such number.
    """
    words = clean(typed[:_LONGEST_NUMBER]).split(" ")[:1]
    value = KITS[Purpose.IMAGINE].known["stylize"].rule.read(words)
    if isinstance(value, Unfit):
        raise PromptInvalid(unfit_sentence("--stylize", words, value))
    return int(value)


def spell_piece(piece: Piece) -> str:
    """Return a piece as it is kept and shown. Reading it again yields the same."""
    return put_together(piece.words, piece.parameters).text
