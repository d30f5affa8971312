"""Trying again what may be repeated: reads only. A submit must never come through here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tenacity

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import timedelta


def retrying(
    tries: int,
    *,
    sleep: Callable[[float], Awaitable[None]],
    again: Callable[[BaseException], timedelta | None],
    longest: timedelta,
) -> tenacity.AsyncRetrying:
    """Make a retry loop with exponential back-off and jitter; after the last try the error itself comes out.

    Parameters
    ----------
    again
        Tells the least wait before another try after this error, or None if another would not help.
    longest
        No wait is longer, whatever `again` asks for.
    """
    jitter = tenacity.wait_random_exponential(multiplier=0.25, max=longest.total_seconds())

    def wait(state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        least = again(failure) if failure else None
        return min(max(jitter(state), least.total_seconds() if least else 0), longest.total_seconds())

    return tenacity.AsyncRetrying(
        stop=tenacity.stop_after_attempt(tries),
        wait=wait,
        retry=tenacity.retry_if_exception(lambda failure: again(failure) is not None),
        sleep=sleep,
        reraise=True,
    )
