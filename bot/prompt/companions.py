"""Parameters that mean nothing without another: a weight needs what it weighs.

Pure. Imports only `bot.language`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.language import Phrase

#: The weight, what it needs, and what that is called.
_WEIGHTS: Final = (
    ("sw", "sref", mark("a style reference")),
    ("cw", "cref", mark("a character reference")),
    ("ow", "oref", mark("an omni reference")),
)


def missing(parameters: Mapping[str, str], *, pictures: int | None) -> Phrase | None:
    """Return a sentence about the first weight without anything to weigh; None if there is none.

    Parameters
    ----------
    pictures
        How many image prompts there are; None where that is not known, as for a picture made from another.
    """
    for weight, needed, title in _WEIGHTS:
        if weight in parameters and needed not in parameters:
            return say(
                "`--{weight}` says how much {reference} counts, and there is none. "
                "Add one (`--{parameter}` with a link), or leave `--{weight}` out.",
                weight=weight,
                parameter=needed,
                reference=say(title),
            )
    if "iw" in parameters and pictures == 0:
        return say(
            "`--iw` says how much a picture counts, and there is none. "
            "Attach one, put a link to one at the start, or leave `--iw` out."
        )
    return None
