"""`Witness`: how long people wait for the first answer to what they did, and which limits Discord holds against us.

Told of interactions by the client and of replies by `bot.connection.tracing`; changes nothing itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from bot.metrics.discord import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.jobs.ports import Clock
    from bot.metrics.discord import DiscordMetrics

_CALLBACK: Final = re.compile(r"/interactions/(\d+)/[^/]+/callback")
#: Interactions whose answer is waited for. Those that get none are forgotten, oldest first.
_MOST: Final = 10_000
_TOO_MANY: Final = 429
_ACCEPTED: Final = range(200, 300)


@final
class Witness:
    """Sees what comes from Discord and what goes there.

    Parameters
    ----------
    answered
        Called with the id of each interaction whose first answer Discord has taken or refused.
    """

    def __init__(self, metrics: DiscordMetrics, clock: Clock, answered: Callable[[int], None]) -> None:
        self._metrics = metrics
        self._answered = answered
        self._clock = clock
        self._arrived: dict[int, float] = {}

    def came(self, interaction_id: int) -> None:
        """See an interaction arrive."""
        self._arrived[interaction_id] = self._clock.monotonic()
        if len(self._arrived) > _MOST:
            del self._arrived[next(iter(self._arrived))]

    def saw(self, path: str, status: int, scope: str | None) -> None:
        """See Discord's reply to a request.

        Parameters
        ----------
        scope
            `X-RateLimit-Scope`.
        """
        found = _CALLBACK.search(path)
        if found is not None:
            self._answered(int(found[1]))
        if status == _TOO_MANY:
            self._metrics.limited(Scope(scope))
        elif status in _ACCEPTED and found is not None:
            arrived = self._arrived.pop(int(found[1]), None)
            if arrived is not None:
                self._metrics.acknowledged(self._clock.monotonic() - arrived)
