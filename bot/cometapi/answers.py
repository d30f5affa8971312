"""An answer of the API as it came off the wire, and what its headers say. Pure; imports nothing of aiohttp."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, final

from bot.cometapi.jsontext import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

#: No service means a wait longer than this; a longer one is taken as this.
LONGEST_WAIT: Final = timedelta(hours=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one request.

    Attributes
    ----------
    retry_after
        The wait that the API asked for, at most an hour; None if it asked for none.
    request_id
        From the headers; error messages may carry another, which is preferred.
    """

    status: int
    body: bytes = field(repr=False)
    retry_after: timedelta | None = None
    request_id: str = ""


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Read `Retry-After`, which is seconds or a date; a date counts from the answer's own `Date` where it has one."""
    value = headers.get("Retry-After", "").strip()
    seconds = whole(value)
    if seconds is None:
        until = _date(value)
        if until is None:
            return None
        seconds = (until - (_date(headers.get("Date", "")) or datetime.now(UTC))).total_seconds()
    return timedelta(seconds=min(max(seconds, 0), LONGEST_WAIT.total_seconds()))


def request_id(headers: Mapping[str, str]) -> str:
    """Return the id that the provider gave the request, or an empty text."""
    return (headers.get("X-Oneapi-Request-Id") or headers.get("X-Request-Id") or "")[:100]


def _date(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
