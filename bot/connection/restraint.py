"""`Restraint`: what may be sent to Discord now, so that it never shuts us out.

Ten thousand refusals (401, 403, 429) in ten minutes have Cloudflare ban the address (discord-platform 3, Rates); we
stop at a tenth of that. Pure decisions on a clock: `bot.connection.tracing` sees and holds back what would be sent.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Generator

    from bot.jobs.ports import Clock

_log = logging.getLogger(__name__)

WINDOW_S: Final = 600.0
#: Waits up to this long are discord.py's own affair: it sleeps and tries again. Longer ones would hold up what else is
#: to be done, so the place is left alone and its requests are refused here.
LONGEST_SLEEP_S: Final = 30.0

#: Of a ban that does not say how long it lasts: twice as long each time, if it goes on.
_FIRST_BAN_S: Final = 30.0
_LONGEST_BAN_S: Final = 600.0
#: Whatever Discord says, we look again after a day.
_LONGEST_REST_S: Final = 86_400.0

_TOO_MANY: Final = 429
_INVALID: Final = frozenset({401, 403, _TOO_MANY})
_ANSWERS: Final = "/interactions/"
_LATER_IDS: Final = re.compile(r"(?<=/)\d+(?=/|$)")
_EVERYWHERE: Final = "*"

#: Whether what the current task asks of Discord may be left out: nobody loses anything by it. Kept here because a
#: request passes through discord.py on its way, which hands nothing on.
_is_dispensable: Final[ContextVar[bool]] = ContextVar("easel_dispensable", default=False)


@contextmanager
def dispensable() -> Generator[None]:
    """Mark what is asked of Discord in this block, and in tasks started in it, as the first to be left out."""
    token = _is_dispensable.set(True)
    try:
        yield
    finally:
        _is_dispensable.reset(token)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Refusals within ten minutes from which on less is sent.

    Attributes
    ----------
    alert
        The owner is told, and what is dispensable is left out: progress, redrawn buttons, suggestions while typing.
    deliveries
        What can be put off is put off; only the first answers to people still go out.
    everything
        Nothing is sent at all.
    """

    alert: int = 500
    deliveries: int = 900
    everything: int = 3000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is to be known of a reply of Discord's.

    Attributes
    ----------
    retry_after_s
        None where it does not say.
    is_from_discord
        Whether Discord itself wrote it, and not what stands in front of it.
    is_shared
        Whether the limit is everybody's; such a refusal does not count.
    """

    status: int
    retry_after_s: float | None = None
    is_from_discord: bool = True
    is_shared: bool = False
    is_global: bool = False


@final
class Restraint:
    """Counts refusals and says what is to be left out.

    Attributes
    ----------
    under_way
        Requests that were let out and have no reply yet.
    """

    def __init__(self, clock: Clock, thresholds: Thresholds | None = None) -> None:
        self._clock = clock
        self._thresholds = thresholds or Thresholds()
        self._invalid: deque[float] = deque()
        self._rests: dict[str, float] = {}
        self._next_ban_s = _FIRST_BAN_S
        self._told_of = 0
        self.under_way = 0

    @property
    def invalid_requests(self) -> int:
        """Refusals within the last ten minutes that count towards Discord's ban."""
        oldest = self._clock.monotonic() - WINDOW_S
        while self._invalid and self._invalid[0] <= oldest:
            self._invalid.popleft()
        return len(self._invalid)

    @property
    def is_banned(self) -> bool:
        """Whether Discord has shut us out, or asked for silence everywhere."""
        return self._clock.monotonic() < self._rests.get(_EVERYWHERE, 0.0)

    @property
    def is_strained(self) -> bool:
        """Whether what is dispensable had better not even be tried."""
        return self.is_banned or self.invalid_requests >= self._thresholds.alert

    def objection(self, method: str, path: str) -> str | None:
        """Say why a request is not to be sent now; None if it may go.

        What is under way counts as refused already once refusals are many: else a burst would jump the fence.
        """
        now = self._clock.monotonic()
        for key in (_EVERYWHERE, place(method, path)):
            left = self._rests.get(key, now) - now
            if left > 0:
                return f"Discord asked us to wait {left:.0f} s more"
        refused, limits = self.invalid_requests, self._thresholds
        if refused < limits.alert:
            return None
        expected = refused + self.under_way
        most = limits.everything if _ANSWERS in path else limits.deliveries
        if _is_dispensable.get():
            most = limits.alert
        return f"Discord refused {refused} requests within ten minutes" if expected >= most else None

    def note(self, method: str, path: str, reply: Reply) -> str | None:
        """Take a reply in; say why nobody should wait for another try, where that is so."""
        if reply.status in _INVALID and not reply.is_shared:
            self._invalid.append(self._clock.monotonic())
        self._tell()
        if reply.status != _TOO_MANY:
            self._next_ban_s = _FIRST_BAN_S if reply.is_from_discord else self._next_ban_s
            return None
        if not reply.is_from_discord:
            return self._note_ban(reply.retry_after_s)
        wait_s = min(reply.retry_after_s or 0.0, _LONGEST_REST_S)
        if wait_s <= LONGEST_SLEEP_S:
            return None
        self._rest(_EVERYWHERE if reply.is_global else place(method, path), wait_s)
        return f"Discord asked us to wait {wait_s:.0f} s"

    def _note_ban(self, retry_after_s: float | None) -> str:
        said = "Discord shut us out"
        if self.is_banned and retry_after_s is None:  # sent before we knew
            return said
        wait_s = min(retry_after_s or self._next_ban_s, _LONGEST_REST_S)
        if not self.is_banned:
            self._next_ban_s = min(2 * self._next_ban_s, _LONGEST_BAN_S)
            _log.error(
                "Discord has shut this machine's address out for a while (429 by Cloudflare). Nothing is sent for "
                "%.0f s; pictures that are done wait and are posted afterwards.",
                wait_s,
            )
        self._rest(_EVERYWHERE, wait_s)
        return f"{said} for {wait_s:.0f} s"

    def _rest(self, key: str, seconds: float) -> None:
        now = self._clock.monotonic()
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        self._rests[key] = max(self._rests.get(key, now), now + seconds)

    def _tell(self) -> None:
        """Tell the owner about every threshold that is passed, and when it is over."""
        refused, limits = self.invalid_requests, self._thresholds
        passed = sum(refused >= most for most in (limits.alert, limits.deliveries, limits.everything))
        if passed > self._told_of:
            left_out = ("progress messages", "all but first answers to people", "everything")[passed - 1]
            _log.error(
                "Discord refused %d requests within ten minutes and bans at 10000; left out until it is less: %s. "
                "Look above for 401, 403 and 429: a lost permission, or too many bots behind one address.",
                refused,
                left_out,
            )
            self._told_of = passed
        elif self._told_of and refused < limits.alert // 2:
            _log.warning("Discord refuses less again (%d within ten minutes); everything is sent as usual", refused)
            self._told_of = 0


def place(method: str, path: str) -> str:
    """Return what shares a limit: the route, with only the first id of it, which names the channel or the webhook."""
    first = _LATER_IDS.search(path)
    end = first.end() if first else len(path)
    return f"{method} {path[:end]}{_LATER_IDS.sub('-', path[end:])}"
