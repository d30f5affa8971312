"""Buttons and selects as values, within Discord's limits; the buttons that are ours.

Imports the model, the custom ids and the text rules. How they are laid out is in `cogs.render.layout`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, final

from bot.language import mark, say
from bot.model import Speed
from bot.prompt import kind_name
from cogs.custom_ids import SHARE_REMOVE, Verb, job_button
from cogs.render.text import cut

if TYPE_CHECKING:
    from bot.model import Kind

ROWS: Final = 5
ROW_WIDTH: Final = 5
OPTIONS: Final = 25
LABEL: Final = 80
OPTION_TEXT: Final = 100
LINK: Final = 512
#: What a message's text may hold.
CONTENT: Final = 2000

PRIMARY: Final = 1
SECONDARY: Final = 2
DANGER: Final = 4

_SPEED_NAMES: Final = {Speed.FAST: mark("fast"), Speed.TURBO: mark("turbo"), Speed.RELAX: mark("relax")}
#: Names for buttons whose whole face is an emoji (contract 4.6).
_EMOJI_NAMES: Final = {"⬅": mark("Pan left"), "➡": mark("Pan right"), "⬆": mark("Pan up"), "⬇": mark("Pan down")}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. Exactly one of `custom_id` and `url` is not empty; at least one of `label` and `emoji`."""

    label: str = ""
    emoji: str = ""
    style: int = SECONDARY
    custom_id: str = ""
    url: str = ""
    disabled: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A line of a select. `chosen` ones are so from the beginning."""

    value: str
    label: str
    description: str = ""
    emoji: str = ""
    chosen: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """A select that takes at least one of its options, and at most `most`."""

    custom_id: str
    placeholder: str
    options: tuple[Option, ...]
    most: int = 1


Row: TypeAlias = tuple[Button, ...] | Select


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something of ours to do with a job. `slot` is what its custom_id says; `description`, for a line of a select."""

    slot: str
    label: str
    description: str = ""
    style: int = SECONDARY


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What we offer under a job's message besides Midjourney's buttons.

    Attributes
    ----------
    buttons
        After Midjourney's own, and treated like them: what has no room becomes a line of a select.
    lines
        Always lines of a select.
    """

    buttons: tuple[Offer, ...] = ()
    lines: tuple[Offer, ...] = ()


NO_OFFERS: Final = Offers()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message as it will be: text, rows, and a picture to embed from the web, if any."""

    content: str
    rows: tuple[Row, ...] = ()
    image_url: str | None = None


def speed_name(speed: Speed) -> str:
    """Return what people call this speed."""
    return say(_SPEED_NAMES[speed])


def action_name(label: str, emoji: str, kind: Kind) -> str:
    """Return a name in letters for a button, also where its face is only an emoji."""
    words = cut(label, LABEL)
    named = _EMOJI_NAMES.get((words or emoji).rstrip("\ufe0f"))
    if named:
        return say(named)
    return words if any(map(str.isalnum, words)) else kind_name(kind)


def details_button(job_id: str) -> Button:
    """Return the button that every message about a job carries, so that it can be found again (design 6)."""
    return Button(custom_id=job_button(job_id, Verb.DETAILS), label=say("Details"))


def remove_button() -> Button:
    """Return the button under what somebody showed to others, which takes it away again."""
    return Button(custom_id=SHARE_REMOVE, label=say("Remove"))


def cancel_button(job_id: str) -> Button:
    """Return the button that cancels a queued job."""
    return Button(custom_id=job_button(job_id, Verb.CANCEL), label=say("Cancel"), style=DANGER)


def again_button(job_id: str) -> Button:
    """Return the button that submits a job of unknown outcome again. Its label is the warning."""
    label = cut(say("Submit again (may be charged twice)"), LABEL)
    return Button(custom_id=job_button(job_id, Verb.AGAIN), label=label, style=DANGER)


def offer_button(job_id: str, offer: Offer) -> Button:
    """Return the button that does what we offer."""
    return Button(custom_id=job_button(job_id, offer.slot), label=cut(offer.label, LABEL), style=offer.style)
