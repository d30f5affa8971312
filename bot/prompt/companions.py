"""Parameters that mean nothing without another: a weight needs what it weighs.

Pure. Imports only the standard library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The weight, what it needs, and what that is called.
_WEIGHTS: Final = (
    ("sw", "sref", "a style reference"),
    ("cw", "cref", "a character reference"),
    ("ow", "oref", "an omni reference"),
)


def missing(parameters: Mapping[str, str], *, pictures: int | None) -> str | None:
    """Return a sentence about the first weight without anything to weigh; None if there is none.

    Parameters
    ----------
    pictures
        How many image prompts there are; None where that is not known, as for a picture made from another.
    """
    for weight, needed, title in _WEIGHTS:
        if weight in parameters and needed not in parameters:
            return (
                f"`--{weight}` says how much {title} counts, and there is none. "
                f"Add one (`--{needed}` with a link), or leave `--{weight}` out."
            )
    if "iw" in parameters and pictures == 0:
        return (
            "`--iw` says how much a picture counts, and there is none. "
            "Attach one, put a link to one at the start, or leave `--iw` out."
        )
    return None
