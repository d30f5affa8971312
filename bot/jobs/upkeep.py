"""Upkeep: what people filled in or handed in and nobody needs any more goes away.

Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, final

from bot.jobs import policy

if TYPE_CHECKING:
    from bot.jobs.inputs import Inputs
    from bot.jobs.ports import Clock, Memory

_log = logging.getLogger(__name__)


@final
class Upkeep:
    """Forgets old drafts, and removes pictures that no job will be sent with."""

    def __init__(self, memory: Memory, inputs: Inputs, clock: Clock) -> None:
        self._memory = memory
        self._inputs = inputs
        self._clock = clock

    async def step(self) -> None:
        """Clear away once."""
        drafts = await self._memory.drafts.forget(self._clock.now() - policy.DRAFT_LIFE)
        pictures = await self._inputs.clear(await self._memory.needed_inputs())
        if drafts or pictures:
            _log.info("Forgot %d drafts and %d pictures that were handed in", drafts, pictures)
