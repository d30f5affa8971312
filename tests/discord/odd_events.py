"""`OddEvents`: interactions and reactions that Discord would never send, made of some that it did (reliability D5, C9).

The same for the same seed. Used by the test and by `benchmarks/fuzz.py`.
"""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Event: TypeAlias = tuple[str, dict[str, object]]

ODDITIES: Final[list[object]] = [
    None, True, 0, 1, 2, 3, 5, -1, 17, 2**63, 1.5, 1e308, "", "17", "a fox", "\x00", "\u202e@everyone", "0" * 4000,
    [], {},
    [[]], [None], {"id": None}, {"id": "17"}, ["17"], "999999999999999999", "-5", {"value": {"value": "x"}},
]  # fmt: skip
#: Ids of ours that nobody was given, and such as never were: `{job}` is one that exists.
FORGED: Final = [
    "mj1:{job}:0", "mj1:{job}:99", "mj1:{job}:999", "mj1:{job}:r4", "mj1:{job}:try3", "mj1:{job}:cancel",
    "mj1:{job}:again", "mj1:{job}:rerun", "mj1:{job}:delete", "mj1:{job}:gone", "mj1:{job}:more", "mj1:{job}:more7",
    "mj1:{job}:quarters", "mj1:{job}:family", "mj1:{job}:like", "mj1:{job}:dm", "mj1:{job}:tryall", "mj1:{job}:edit",
    "mj1:01KA0000000000000000000000:0", "mj1:01KA0000000000000000000000:rerun", "mj1:{job}:0 ", "mj1:{job}:0\n",
    "mj1:{job}:\u0663", "mj1:{job}", "mj1:::", "mj2:{job}:0", "MJ1:{job}:0", "mj1:{job}:0" * 20,
    "MJ::JOB::upsample::1::u",
    "mjf1:act:{job}.0", "mjf1:act:{job}.999", "mjf1:try:{job}.1", "mjf1:edit:{job}", "mjf1:region:{job}",
    "mjf1:mask:{job}", "mjf1:ref:{job}", "mjf1:draft:{job}", "mjf1:leave", "mjd1:{job}:go", "mjd1:{job}:fix",
    "mjd1:{job}:drop", "mjr1:{job}:go", "mjr1:{job}:cells", "mjb1:{job}:cancel", "mjb1:{job}:open0",
    "mjl1:{job}:open", "mjs1:speed:turbo", "mjs1:nothing:at", "mjs1:server.all:on", "mjs1:speed:form", "mjh1:open",
    "mjh2:open:{job}", "mjh1:older:{job}", "mjv1:export", "mjv1:delete", "mjp1:topic", "", "x",
]  # fmt: skip
_KEPT: Final = 3  # of ten: how often the id stays, so that the interaction is one that was answered already


class OddEvents:
    """Makes events.

    Parameters
    ----------
    templates
        Names and data of events that were real.
    job_id
        Of a job that exists.
    """

    def __init__(self, seed: int, templates: Sequence[Event], job_id: str) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - nothing is guarded by it
        self._templates = templates
        self._job_id = job_id
        self._ids = 900_000_000_000_000_000

    def event(self) -> Event:
        """Return the next event. What could be an honest request has a token that Discord does not know."""
        name, template = self._chance.choice(self._templates)
        data = copy.deepcopy(template)
        if "token" in data:
            data["token"] = f"odd-{self._chance.getrandbits(60)}"
            self._ids += 1
            if self._chance.randrange(10) >= _KEPT:
                data["id"] = str(self._ids)
        if self._chance.random() < 0.4:
            self._forge(data)
        ways: list[Callable[[object], None]] = [self._swap, self._swap, self._swap, self._drop, self._add]
        for _ in range(self._chance.randrange(4)):
            self._chance.choice(ways)(data)
        return name, data

    def _forge(self, data: dict[str, object]) -> None:
        inner = data.get("data")
        if isinstance(inner, dict) and "custom_id" in inner:
            cast("dict[str, object]", inner)["custom_id"] = self._chance.choice(FORGED).replace("{job}", self._job_id)

    def _place(self, value: object) -> list[object] | dict[str, object] | None:
        """Return some object or list within a value: the further in, the rarer."""
        while isinstance(value, (dict, list)) and value:
            place = cast("list[object] | dict[str, object]", value)
            members = list(place.values()) if isinstance(place, dict) else place
            within = [number for number, member in enumerate(members) if isinstance(member, (dict, list)) and member]
            if not within or self._chance.random() < 0.4:
                return place
            value = members[self._chance.choice(within)]
        return None

    def _member(self, place: dict[str, object]) -> str:
        """Return the name of a member, but not of the token: by that the answer goes nowhere, whatever the rest is."""
        return self._chance.choice([name for name in place if name != "token"] or ["more"])

    def _oddity(self) -> object:
        return copy.deepcopy(self._chance.choice(ODDITIES))

    def _swap(self, data: object) -> None:
        place = self._place(data)
        if isinstance(place, dict):
            place[self._member(place)] = self._oddity()
        elif place is not None:
            place[self._chance.randrange(len(place))] = self._oddity()

    def _drop(self, data: object) -> None:
        place = self._place(data)
        if isinstance(place, dict):
            place.pop(self._member(place), None)
        elif place is not None:
            del place[self._chance.randrange(len(place))]

    def _add(self, data: object) -> None:
        place = self._place(data)
        if isinstance(place, dict):
            place["unheard_of"] = self._oddity()
        elif place is not None:
            place.append(self._oddity())
