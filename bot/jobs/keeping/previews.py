"""`Previews`: what is chosen of a picture, shown on a small copy of it. Knows `bot.imaging`; nothing of Discord."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.imaging.overlays import grid_overlay, mask_overlay
from bot.jobs.working import work

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from concurrent.futures import Executor
    from datetime import datetime
    from pathlib import Path

    from bot.jobs.ports import Clock, Darkroom

#: How long a preview lies about: it may be on its way to Discord when the next one is drawn.
_LIFE: Final = timedelta(hours=1)


@final
class Previews:
    """The folder of previews: a file for each draft and choice.

    Parameters
    ----------
    folder
        Created when needed. Families are drawn there too (`bot.jobs.collection.family`); nothing else may live there.
    darkroom
        Where pictures are decoded.
    worker
        The one thread for files; not shut down here.
    """

    def __init__(self, folder: Path, clock: Clock, darkroom: Darkroom, worker: Executor) -> None:
        self._folder = folder
        self._clock = clock
        self._darkroom = darkroom
        self._worker = worker

    async def of_cells(self, draft_id: str, original: Path, cells: frozenset[int]) -> Path:
        """Return the picture under a grid of named cells, the chosen ones marked.

        Raises
        ------
        PictureUnusable
            The picture cannot be read.
        """
        choice = f"{sum(1 << cell for cell in cells):x}"
        return await self._drawn(f"{draft_id}-{choice}.jpg", grid_overlay, original, cells)

    async def of_mask(self, draft_id: str, original: Path, mask: Path) -> Path:
        """Return the picture with the white parts of a mask marked.

        Raises
        ------
        PictureUnusable
            One of them cannot be read.
        """
        return await self._drawn(f"{draft_id}-{mask.stem}.jpg", mask_overlay, original, mask)

    async def _drawn(self, name: str, draw: Callable[..., None], *given: object) -> Path:
        """Draw a preview, unless there is one of the same choice, and remove the old ones."""
        preview = self._folder / name
        if not await work(self._worker, self._found, preview, self._clock.now()):
            part = preview.with_name(f"{preview.stem}-{secrets.token_hex(8)}.part")  # two may draw the same
            await self._darkroom.run(draw, *given, part)
            await work(self._worker, _finish, part, preview, self._clock.now())
        return preview

    def _found(self, preview: Path, now: datetime) -> bool:
        """Tell whether there is such a preview; then it is young again. Runs in the worker."""
        make_room(self._folder, now)
        if not preview.is_file():
            return False
        os.utime(preview, (now.timestamp(), now.timestamp()))
        return True


def _finish(part: Path, preview: Path, now: datetime) -> None:
    os.utime(part, (now.timestamp(), now.timestamp()))
    part.replace(preview)


def make_room(folder: Path, now: datetime) -> None:
    """Make the folder where it is not there, and remove old previews where it is."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove_old_previews(folder, now)


def remove_old_previews(folder: Path, now: datetime) -> None:
    """Remove what has been lying about for an hour."""
    for path in list(folder.iterdir()):
        if path.stat().st_mtime < (now - _LIFE).timestamp():
            path.unlink(missing_ok=True)


def remove_previews(folder: Path, draft_ids: Collection[str] | None) -> None:
    """Remove the previews of drafts, of all with None: they are drawn anew where somebody looks at them."""
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        if draft_ids is None or path.name.partition("-")[0] in draft_ids:
            path.unlink(missing_ok=True)
