"""The prompts that a describe or a shorten offers, and how they are written down (contract 4.6 E, F).

Pure; knows orders, no tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.comet.families import Makes

if TYPE_CHECKING:
    from sandbox.comet.orders import Order

_SUBJECTS: Final = (
    "a lighthouse above a calm bay",
    "an old sailing boat at anchor",
    "a valley with a winding river",
    "low hills under a wide sky",
    "a lonely farmhouse in the fields",
)
_DETAILS: Final = ("in soft morning light", "as a woodcut", "seen from far above", "in the style of a travel poster")
_KEYCAPS: Final = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣")


def suggested(order: Order) -> list[str]:
    """Return the prompts that a describe or shorten offers; another describe of the same picture sees it anew."""
    if order.makes is Makes.DESCRIBE:
        ratio = f"--ar {order.picture.aspect[0]}:{order.picture.aspect[1]}"
        first = int(order.uuid[:8], 16)
        subjects = [_SUBJECTS[(first + number) % len(_SUBJECTS)] for number in range(order.choices)]
        return [f"{subject} {detail} {ratio}" for subject, detail in zip(subjects, _DETAILS, strict=False)]
    words = order.reading.text.split() or ["nothing"]
    return [" ".join(words[: len(words) - cut]) for cut in range(order.choices)]


def suggestions(order: Order) -> str:
    """Return them as one text, in the form of the account."""
    found = suggested(order)
    if order.is_official:
        return "\r\n".join(found)
    return "\n\n".join(f"{cap} {line}" for cap, line in zip(_KEYCAPS, found, strict=False))
