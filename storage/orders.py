"""How a job is sent, as JSON in one column: only ever read as a whole, so no query needs its parts.

Imports the model.
"""

from __future__ import annotations

import json
from typing import Any, Final, cast

from bot.model import Applied, Dimensions, Motion, Order, Route, Source

#: What a row has that needs nothing but its prompt or its button, as every row of the first version.
PLAIN: Final = ""


def order_text(order: Order) -> str:
    """Return an order as it is stored: only what differs from the defaults."""
    fields: dict[str, object] = {
        "images": list(order.images),
        "mask": order.mask,
        "remix": order.remix,
        "end": order.end,
        "loop": order.loop,
        "index": order.index,
        "dimensions": order.dimensions,
        "motion": order.motion,
        "applied": [[each.source, each.words] for each in order.applied],
    }
    if order.route not in (Route.IMAGINE, Route.ACTION):
        fields["route"] = order.route
    # By identity: the first video of a batch has the index 0, which equals False.
    told = {name: value for name, value in fields.items() if value is not None and value is not False and value != []}
    return json.dumps(told, ensure_ascii=True) if told else PLAIN


def order_of(text: str, *, is_action: bool) -> Order:
    """Return a stored order. A field that this version does not know is left out."""
    fields = cast("dict[str, Any]", json.loads(text)) if text else {}
    return Order(
        route=Route.ACTION if is_action else Route(fields.get("route", Route.IMAGINE)),
        images=tuple(fields.get("images", ())),
        mask=fields.get("mask"),
        remix=bool(fields.get("remix", False)),
        end=fields.get("end"),
        loop=bool(fields.get("loop", False)),
        index=fields.get("index"),
        dimensions=Dimensions(fields["dimensions"]) if "dimensions" in fields else None,
        motion=Motion(fields["motion"]) if "motion" in fields else None,
        applied=tuple(Applied(source=Source(source), words=words) for source, words in fields.get("applied", ())),
    )
