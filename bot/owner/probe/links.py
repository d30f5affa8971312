"""Where a finished picture lies: whether its address wants the key, and how long it lives. Free."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, final

from yarl import URL

from bot.cometapi.transport import Request
from bot.errors import CometError, MediaError
from bot.owner.probe.findings import Card, Check, Finding, Place, Skipped

if TYPE_CHECKING:
    from bot.cometapi.media import MediaFetcher
    from bot.cometapi.transport import Transport
    from bot.jobs.ports import Clock
    from bot.owner.probe.book import Book
    from bot.owner.probe.findings import Result
    from bot.owner.probe.looking import Looker
    from bot.owner.probe.picture import Evidence

_LIMIT: Final = 64 * 1024 * 1024
_OK: Final = 200
_HOURS = 3600


@final
class Gallery:
    """Fetches pictures as Easel does, without the key; and, to tell why that failed, with it.

    Parameters
    ----------
    base_url
        The key goes nowhere else.
    """

    def __init__(self, fetcher: MediaFetcher, transport: Transport, base_url: str) -> None:
        self._fetcher = fetcher
        self._transport = transport
        self._base = URL(base_url)

    def is_at_the_api(self, url: str) -> bool:
        """Tell whether a picture lies at the API's own address."""
        return URL(url).origin() == self._base.origin()

    async def refusal(self, url: str) -> str:
        """Fetch without a key and throw it away; return why it could not be had, or nothing."""
        folder = await asyncio.to_thread(TemporaryDirectory[str])
        try:
            await self._fetcher.download(url, Path(folder.name) / "picture")
        except MediaError as error:
            return str(error)
        finally:
            await asyncio.to_thread(folder.cleanup)
        return ""

    async def opens_with_key(self, url: str) -> bool:
        """Tell whether the API gives it out to who has the key; nobody else is shown the key."""
        if not self.is_at_the_api(url):
            return False
        path = URL(url).raw_path_qs.removeprefix(self._base.raw_path.rstrip("/"))
        try:
            answer = await self._transport.look(Request(method="GET", path=path, limit=_LIMIT))
        except CometError:
            return False
        return answer.status == _OK


@final
class ImageLink(Check):
    """Whether the picture's address can be opened without the key."""

    def __init__(self, gallery: Gallery, evidence: Evidence) -> None:
        self.card = Card(
            name="image-link",
            place=Place.API,
            question="Where does the picture lie, and does its address want the key?",
            needs=("picture",),
        )
        self._gallery = gallery
        self._evidence = evidence

    async def run(self) -> Result:
        """Fetch it without the key, then with it if that was refused."""
        url = self._evidence.grid.picture_url if self._evidence.grid else None
        if not url:
            return Skipped("the task has no picture")
        where = "at the API itself" if self._gallery.is_at_the_api(url) else f"at {URL(url).host}"
        facts = {"host": URL(url).host, "at_the_api": self._gallery.is_at_the_api(url), "needs_key": False}
        refusal = await self._gallery.refusal(url)
        if not refusal:
            advice = "Run again with --again after a day, a week and a month, to see how long it lives."
            return Finding(f"It lies {where} and opens without the key.", advice, facts)
        if await self._gallery.opens_with_key(url):
            facts["needs_key"] = True
            return Finding(
                f"It lies {where} and opens only with the key ({refusal}).",
                "Easel sends the key to no picture address and cannot fetch pictures here: report this.",
                facts,
            )
        return Finding(
            f"It lies {where} and could not be had: {refusal}.",
            f"Try MEDIA_HOSTS= (empty), or MEDIA_HOSTS={URL(url).host} if that is how it is written.",
            facts | {"needs_key": None},
        )


@final
class ImageAge:
    """Whether the picture that was made in an earlier run is still there."""

    def __init__(self, gallery: Gallery, looker: Looker, book: Book, clock: Clock) -> None:
        self.card = Card(
            name="image-age",
            place=Place.API,
            question="Is the picture of the last run still there, and its task still known?",
            needs=("unknown-id",),
        )
        self._gallery = gallery
        self._looker = looker
        self._book = book
        self._clock = clock

    def obstacle(self) -> str:
        """Ask for a picture of an earlier run."""
        return "" if self._book.picture(Place.API) else "no picture was made at this address yet"

    async def run(self) -> Result:
        """Fetch its address, then its task.

        Raises
        ------
        CometError
            The task could not be looked at.
        """
        kept = self._book.picture(Place.API)
        if kept is None or not kept["url"]:
            return Skipped("the picture's address was not kept")
        hours = (self._clock.now() - datetime.fromisoformat(kept["at"])).total_seconds() / _HOURS
        refusal = await self._gallery.refusal(kept["url"])
        task = await self._looker.fetch(kept["task_id"])
        facts = {
            "hours": round(hours, 1),
            "opens": not refusal,
            "task_known": task is not None,
            "same_address": task is not None and task.picture_url == kept["url"],
        }
        link = f"cannot be had any more ({refusal})" if refusal else "still opens"
        known = "still known" if task is not None else "not known any more"
        moved = ", with another address" if task is not None and not facts["same_address"] else ""
        return Finding(f"After {hours:.1f} hours the address {link}; its task is {known}{moved}.", "", facts)
