"""`Packer`: gathers everything that is kept of a person, slice by slice, and has it written into archives.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, final

from bot.jobs.privacy.parts import Item, PartWriter
from bot.language import language_of, speaking

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.jobs.keeper import Keeper
    from bot.jobs.ports import Memory
    from bot.model import Export, Job, Media

#: Jobs that are written in one go: at most some hundred megabytes copied from disk to disk.
_SLICE: Final = 25
#: No job id is greater.
_LAST: Final = "~"
_COUNT: Final = "parts.json"


@final
class Packer:
    """Puts exports together, each in a folder of its own."""

    def __init__(self, *, memory: Memory, keeper: Keeper, folder: Path) -> None:
        self._memory = memory
        self._keeper = keeper
        self._folder = folder

    def part(self, export_id: str, number: int) -> Path:
        """Return where an archive lies."""
        return self._folder / export_id / f"part-{number}.zip"

    async def size(self, export_id: str, number: int) -> int:
        """Return how many bytes an archive has."""
        return (await asyncio.to_thread(self.part(export_id, number).stat)).st_size

    async def count(self, export_id: str) -> int | None:
        """Return how many archives an export has; None while it is not finished."""
        return await asyncio.to_thread(self._read_count, export_id)

    async def pack(self, export: Export, limit: int | None, goes_on: Callable[[], bool]) -> int | None:
        """Put an export together, anew if it was begun before; return how many archives that makes.

        Parameters
        ----------
        limit
            In bytes, for each archive; None for a single one.
        goes_on
            Asked between two slices; None is returned once it says no.
        """
        with speaking(language_of(export.locale)):
            folder = self._folder / export.id
            await asyncio.to_thread(_make_anew, folder)
            writer = await asyncio.to_thread(PartWriter, folder, limit, await self._texts(export.user_id))
            before = _LAST
            while goes_on() and (jobs := await self._memory.privacy.jobs(export.user_id, before, _SLICE)):
                await asyncio.to_thread(writer.add, [await self._item(job) for job in jobs])
                before = jobs[-1].id
            await asyncio.to_thread(writer.close)
            if not goes_on():
                return None
            await asyncio.to_thread((folder / _COUNT).write_text, json.dumps(writer.count))
        return writer.count

    async def remove(self, export_id: str) -> None:
        """Remove what there is of an export."""
        await asyncio.to_thread(shutil.rmtree, self._folder / export_id, ignore_errors=True)

    async def folders(self) -> list[str]:
        """Return the ids of all exports of which there is something."""
        return await asyncio.to_thread(_names_in, self._folder)

    async def _texts(self, user_id: int) -> dict[str, str]:
        """Return what is kept of a person besides jobs, by file name."""
        exports, person = self._memory.exports, await self._memory.people.get(user_id)
        drafts = await self._memory.privacy.drafts(user_id)
        return {
            "settings.json": _json(asdict(person)),
            "presets.json": _json([asdict(preset) for preset in await exports.presets(user_id)]),
            "favorites.json": _json(_since(await exports.favorites(user_id))),
            "stars.json": _json(_since(await exports.stars(user_id))),
            "batches.json": _json(
                [{"id": id_, "prompt": typed, "since": at} for id_, typed, at in await exports.batches(user_id)]
            ),
            "drafts.json": _json([{**asdict(draft), "fields": dict(draft.fields)} for draft in drafts]),
        }

    async def _item(self, job: Job) -> Item:
        """Return a job with everything that is kept of it."""
        found: list[tuple[int, Media]] = []
        for number in range(1 + len(job.more_urls)):
            media = await self._keeper.kept(job, number) if job.deleted_at is None else None
            if media is not None:
                found.append((number, media))
        record = asdict(job)
        record["delivery"].pop("interaction_token")  # it is no data about anybody, and opens a way to their messages
        record["buttons"] = [asdict(action) for action in await self._memory.jobs.actions(job.id)]
        return Item(job=job, record=_json(record, indent=None), media=tuple(found))

    def _read_count(self, export_id: str) -> int | None:
        path = self._folder / export_id / _COUNT
        return int(json.loads(path.read_text())) if path.exists() else None


def _make_anew(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def _names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def _since(things: list[tuple[str, datetime]]) -> list[dict[str, object]]:
    return [{"job": job_id, "since": at} for job_id, at in things]


def _json(value: object, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)


def _plain(value: Any) -> object:  # noqa: ANN401 - as `json` calls it
    return value.isoformat() if isinstance(value, datetime) else list(value)
