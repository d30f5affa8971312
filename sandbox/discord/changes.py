"""What happens, told to whoever wants to know: waiting without polling, and events as plain dicts for a client.

Every event has `type` and the keys named here; ids are text, as on the wire:

* `message_create`, `message_update`: `message` (as on the wire, and `user_ids` in each reaction), `message_id`,
  `channel_id`, `ephemeral_to`
* `message_delete`: `message_id`, `channel_id`, `ephemeral_to`
* `interaction`: `interaction_id`, `kind`, `user_id`, `channel_id`, `name`
* `interaction_answer`: `interaction_id`, `user_id`, `callback`, `seconds`; `modal` or `choices` where there are some
* `interaction_failed`: `interaction_id`, `user_id`, `channel_id`, `text`
* `commands`: `guild_id` (None for global ones), `names`
* `bot`: `online`
* `channel_update`, `channel_delete`, `typing`: `channel_id`
* `world`: (none) the bot came into a guild or left one, or somebody installed it, or did so no longer
* `reaction`: as `message_update`, and `emoji`, `added`, `user_id`
* `fault`: `fault`, `route`
* `request`: `route`, `status` (not shown to people; for a log)
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar, final

if TYPE_CHECKING:
    from collections.abc import Callable

    from .refusals import Json

T = TypeVar("T")


@final
class Changes:
    """Tells subscribers and wakes up waiters. Lives in one event loop."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Json], None]] = []
        self._waiters: set[asyncio.Event] = set()

    def publish(self, event: Json) -> None:
        """Tell everybody about one change; all state must be in place already."""
        for subscriber in tuple(self._subscribers):
            subscriber(event)
        for waiter in self._waiters:
            waiter.set()

    def subscribe(self, callback: Callable[[Json], None]) -> Callable[[], None]:
        """Call `callback` with every event from now on; return what ends that."""
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def until(self, look: Callable[[], T | None], timeout: float, what: str) -> T:  # noqa: ASYNC109 - the interface of every wait here
        """Return what `look` returns, once that is true; it is called at every change.

        Raises
        ------
        TimeoutError
            It did not come within `timeout` seconds; names `what` was waited for.
        """
        woken = asyncio.Event()
        self._waiters.add(woken)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    found = look()
                    if found:
                        return found
                    await woken.wait()
                    woken.clear()
        except TimeoutError as error:
            raise TimeoutError(f"{what}: not within {timeout:g} s") from error
        finally:
            self._waiters.discard(woken)
