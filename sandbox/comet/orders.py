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
class Order:
    """What was asked for.

    Attributes
    ----------
    action, proxy_action
        What the gateway and the proxy call it.
    uuid
        The job id inside the customIds of its buttons.
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
    source: bytes = b""


def with_prompt(order: Order, prompt: str, reading: Reading) -> Order:
    """Return an order whose modal supplied a prompt."""
    return replace(order, prompt=prompt, reading=reading, picture=replace(order.picture, caption=reading.text))
