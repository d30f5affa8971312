"""What a job asks of the API besides its prompt, and what a person has filled in so far. Imports the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from bot.model.vocabulary import Route

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.model.settings import Applied
    from bot.model.vocabulary import Dimensions, Motion


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a job is sent, and with what. Pictures are named as in the input folder (`bot.jobs.keeping.inputs`).

    Attributes
    ----------
    route
        `action` for everything that came from a button of Midjourney's.
    images
        In their order: image prompts, the pictures to blend, the one to describe, to edit or to animate.
    mask
        A PNG, white where to repaint, of exactly the parent picture's size.
    remix
        The person gave a prompt of their own: the API is told to ask for it (contract 2.1, `enableRemix`).
    end
        The last frame of a video.
    loop
        A video that ends as it began.
    index
        Which video of the parent to extend, 0–3.
    dimensions
        Of a blend.
    motion
        Of a video.
    applied
        What of its prompt and its speed came from a preset or from settings, the highest rank first; to be told.
    """

    route: Route = Route.IMAGINE
    images: tuple[str, ...] = ()
    mask: str | None = None
    remix: bool = False
    end: str | None = None
    loop: bool = False
    index: int | None = None
    dimensions: Dimensions | None = None
    motion: Motion | None = None
    applied: tuple[Applied, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of all pictures that sending this needs."""
        return tuple(name for name in (*self.images, self.mask, self.end) if name is not None)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a person has filled in or chosen, kept until they confirm or correct it; a day at most.

    Attributes
    ----------
    id
        ULID text, 26 characters; on our buttons. It opens nothing for anybody but `user_id`.
    form
        Which form or question it belongs to, such as `imagine` or `region`.
    fields
        By name; what they mean is the form's own business.
    """

    id: str
    user_id: int
    form: str
    created_at: datetime
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
