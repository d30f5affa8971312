"""`Packer`: gathers everything that is kept of a person, slice by slice, and has it written into archives.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast, final

from bot.jobs.keeping.shelf import media_type_of
from bot.jobs.privacy.leaving import named_inputs
from bot.jobs.privacy.parts import Item, PartWriter
from bot.language import language_of, speaking
from bot.model import Media

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from bot.jobs.keeping.inputs import Inputs
    from bot.jobs.keeping.keeper import Keeper
    from bot.jobs.ports import Memory
    from bot.model import Batch, Draft, Export, Job

#: Jobs that are written in one go: at most some hundred megabytes copied from disk to disk.
_SLICE: Final = 25
#: No job id is greater.
_LAST: Final = "~"
_COUNT: Final = "parts.json"


@final
class Packer:
    """Puts exports together, each in a folder of its own.

    Parameters
    ----------
    alt_text
        Says what a file of a job shows: its only one, or that with a number, from 1.
    """

    def __init__(
        self,
        *,
        memory: Memory,
        keeper: Keeper,
        inputs: Inputs,
        folder: Path,
        alt_text: Callable[[Job, int | None], str],
    ) -> None:
        self._memory = memory
        self._keeper = keeper
        self._inputs = inputs
        self._folder = folder
        self._alt_text = alt_text

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
            drafts = await self._memory.privacy.drafts(export.user_id)
            texts = await self._texts(export.user_id, drafts)
            writer = await asyncio.to_thread(PartWriter, folder, limit, texts, self._alt_text)
            try:
                await asyncio.to_thread(writer.add_inputs, await self._found(sorted(named_inputs(drafts))))
                before = _LAST
                while goes_on() and (jobs := await self._memory.privacy.jobs(export.user_id, before, _SLICE)):
                    await asyncio.to_thread(writer.add, [await self._item(job) for job in jobs])
                    before = jobs[-1].id
            finally:
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

    async def _texts(self, user_id: int, drafts: Sequence[Draft]) -> dict[str, str]:
        """Return what is kept of a person besides jobs, by file name."""
        exports, person = self._memory.exports, await self._memory.people.get(user_id)
        sums = await self._memory.usage.sums(user_id)
        under_way = [export for export in await exports.open() if export.user_id == user_id]
        return {
            "settings.json": _json(asdict(person)),
            "presets.json": _json(await self._presets(user_id)),
            "favorites.json": _json(_since(await exports.favorites(user_id))),
            "words-elsewhere.json": _json(await exports.words_elsewhere(user_id)),
            "stars.json": _json(_since(await exports.stars(user_id))),
            "shares.json": _json([asdict(share) for share in await exports.shares(user_id)]),
            "batches.json": _json([_batch(batch) for batch in await exports.batches(user_id)]),
            "drafts.json": _json([{**asdict(draft), "fields": dict(draft.fields)} for draft in drafts]),
            "usage.json": _json([{"day": day, **asdict(used)} for day, used in sums]),
            "exports.json": _json([asdict(export) for export in under_way]),
        }

    async def _presets(self, user_id: int) -> list[dict[str, object]]:
        """Return what a person keeps under names, with the servers that may use it, and what they were called there."""
        shares = await self._memory.exports.preset_shares(user_id)
        return [
            {
                **asdict(preset),
                "shared": [
                    {"guild_id": guild, "owner_name": owner} for name, guild, owner in shares if name == preset.name
                ],
            }
            for preset in await self._memory.exports.presets(user_id)
        ]

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
        record["files"] = [asdict(file) for file in await self._memory.files.of_job(job.id)]
        showcase = await self._memory.stars.showcase(job.id)
        record["star_channel"] = None if showcase is None else asdict(showcase)
        handed_in = await self._found(job.order.inputs)
        return Item(job=job, record=_json(record, indent=None), media=tuple(found), handed_in=tuple(handed_in))

    async def _found(self, names: Collection[str]) -> list[Media]:
        """Return the pictures that were handed in under these names, as far as they are still there."""
        return await asyncio.to_thread(_media_of, [self._inputs.path(name) for name in names]) if names else []

    def _read_count(self, export_id: str) -> int | None:
        path = self._folder / export_id / _COUNT
        return int(json.loads(path.read_text())) if path.exists() else None


def _make_anew(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def _names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def _media_of(paths: Collection[Path | None]) -> list[Media]:
    found: list[Media] = []
    for path in paths:
        with suppress(FileNotFoundError):
            if path is not None:
                found.append(Media(path=path, media_type=media_type_of(path.name), size=path.stat().st_size))
    return found


def _batch(batch: Batch) -> dict[str, Any]:
    record = asdict(batch)
    for name in ("jobs", "interaction_token"):  # those have their own lines; and that is no data about anybody
        record.pop(name)
    return record


def _since(things: list[tuple[str, datetime]]) -> list[dict[str, object]]:
    return [{"job": job_id, "since": at} for job_id, at in things]


def _json(value: object, indent: int | None = 2) -> str:
    return json.dumps(_with_text_ids(value), ensure_ascii=False, indent=indent, default=_plain)


def _with_text_ids(value: object) -> object:
    """Return something with Discord's ids as text: they are larger than what many programs read exactly (2⁵³)."""
    if isinstance(value, dict):
        pairs = cast("dict[str, object]", value).items()
        return {
            name: str(each) if name.endswith("_id") and isinstance(each, int) else _with_text_ids(each)
            for name, each in pairs
        }
    return [_with_text_ids(each) for each in cast("list[object]", value)] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> object:  # noqa: ANN401 - as `json` calls it
    return value.isoformat() if isinstance(value, datetime) else list(value)
