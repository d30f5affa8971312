"""What was asked for, as it stands in a task: made at a submit, changed by a modal. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.comet.families import Makes
    from sandbox.comet.parameters import Reading
    from sandbox.comet.pictures import Picture
    from sandbox.comet.switches import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What came with a submit besides its prompt, for whoever wants to know what the API was sent.

    Attributes
    ----------
    images
        Width and height in pixels of each picture, in their order; (0, 0) of one that cannot be read.
    link
        The address that was sent in the place of a picture.
    enable_remix
        As an action said (contract 2.1).
    dimensions
        Of a blend.
    motion, loop, end, extends, index
        Of a video: how much moves, whether it ends as it began, the last frame's size, and which task and which of its
        videos it goes on from.
    modal_prompt
        What the window was filled in with; None before that.
    """

    images: tuple[tuple[int, int], ...] = ()
    link: str = ""
    enable_remix: bool = False
    dimensions: str = ""
    motion: str = ""
    loop: bool = False
    end: tuple[int, int] | None = None
    extends: str = ""
    index: int | None = None
    modal_prompt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for.

    Attributes
    ----------
    action, proxy_action
        What the gateway and the proxy call it.
    uuid
        The job id inside the customIds of its buttons.
    choices
        How many suggestions or videos there are.
    has_manual_video, has_future_button
        Which of the buttons in `CometOptions` its picture carries.
    source
        Bytes that the task shows instead of a drawing (describe shows what it was given).
    scene
        Whose fault markers act on the task's picture and hooks.
    """

    action: str
    proxy_action: str
    makes: Makes
    prompt: str
    reading: Reading
    picture: Picture
    uuid: str
    speed: str
    scene: Scene
    custom_id: str = ""
    bot_type: str = "MID_JOURNEY"
    echo: str = ""
    notify_hook: str = ""
    parent_id: str = ""
    choices: int = 4
    is_official: bool = False
    has_picture: bool = True
    has_manual_video: bool = False
    has_future_button: bool = False
    source: bytes = b""
    given: Given = Given()


def with_prompt(order: Order, prompt: str, reading: Reading) -> Order:
    """Return an order whose modal supplied a prompt."""
    return replace(order, prompt=prompt, reading=reading, picture=replace(order.picture, caption=reading.text))
