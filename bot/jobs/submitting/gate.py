"""The gate before paid submits: closed while the key, the balance or the API itself is known to be bad.

Kept in memory only: a fresh process begins by asking the API something free that needs the key (design 6). Knows the
ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, final

from bot.errors import CometAuth, CometError, CometMisrouted, CometQuota, CometUnreachable
from bot.model import Waiting

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, Midjourney
    from bot.metrics.api import ApiMetrics

_log = logging.getLogger(__name__)

_PROBE_EVERY: Final = 30.0  # seconds
_QUOTA_TRY_EVERY: Final = 300.0  # seconds
_FAILURES_TO_CLOSE: Final = 5
_OWNERS_CAUSE: Final = {CometAuth: Waiting.BAD_KEY, CometMisrouted: Waiting.MISROUTED}


@final
class Gate:
    """Tells whether a submit may go out now, and why not."""

    def __init__(self, midjourney: Midjourney, clock: Clock, metrics: ApiMetrics) -> None:
        self._midjourney = midjourney
        self._clock = clock
        self._metrics = metrics
        self._is_known = False
        self._closed_by: Waiting | None = Waiting.UNREACHABLE
        self._next_try = clock.monotonic()
        self._unreachable = 0

    @property
    def closed_by(self) -> Waiting | None:
        """Why no submit goes out, or None while the gate is open."""
        return self._closed_by

    @property
    def fault(self) -> Waiting | None:
        """What is known to be wrong; None also while nothing has been asked yet."""
        return self._closed_by if self._is_known else None

    async def allows(self) -> int | None:
        """Say how many submits may start now: None for any number, 0 for none, 1 to try the balance again.

        Asks the API, free of charge, when it is time to find out whether the cause has gone.
        """
        if self._closed_by is None:
            return None
        if self._clock.monotonic() < self._next_try:
            return 0
        if self._closed_by is Waiting.NO_BALANCE:
            self._next_try = self._clock.monotonic() + _QUOTA_TRY_EVERY
            return 1
        return None if await self._probe() else 0

    async def _probe(self) -> bool:
        self._next_try = self._clock.monotonic() + _PROBE_EVERY
        try:
            await self._midjourney.check_key()
        except (CometAuth, CometMisrouted) as error:
            self._close(_OWNERS_CAUSE[type(error)], error)
            return False
        except CometError as error:
            self._close(Waiting.UNREACHABLE, error)
            return False
        self._open()
        return True

    def note(self, error: CometError | None) -> None:
        """Learn from a submit: None for an accepted one, else what it raised."""
        if isinstance(error, (CometAuth, CometMisrouted)):
            self._next_try = self._clock.monotonic() + _PROBE_EVERY
            self._close(_OWNERS_CAUSE[type(error)], error)
        elif isinstance(error, CometQuota):
            self._next_try = self._clock.monotonic() + _QUOTA_TRY_EVERY
            self._close(Waiting.NO_BALANCE, error)
        elif isinstance(error, CometUnreachable):
            self._unreachable += 1
            if self._unreachable >= _FAILURES_TO_CLOSE and self._closed_by is None:
                self._next_try = self._clock.monotonic() + _PROBE_EVERY
                self._close(Waiting.UNREACHABLE, error)
        else:
            self._unreachable = 0
            if error is None and self._closed_by is not None:
                self._open()

    def _close(self, cause: Waiting, error: CometError) -> None:
        if self._closed_by is not cause or cause in _OWNERS_CAUSE.values():
            _log.error("No submits for now (%s): %s", cause.value, error)
        self._learn(cause)

    def _open(self) -> None:
        _log.info("The Midjourney API answers and accepts the key; submits go out")
        self._learn(None)
        self._unreachable = 0

    def _learn(self, cause: Waiting | None) -> None:
        self._closed_by = cause
        self._is_known = True
        self._metrics.held_by(cause)
