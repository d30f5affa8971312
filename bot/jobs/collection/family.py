"""`Families`: what a picture was made from and what was made from it, told and drawn.

Nobody gets to see more of a family than single jobs of it: what they may not see is left out, and what was deleted is a
gap. Knows the ports and `bot.imaging`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.imaging.family import LONGEST, Card, draw_family
from bot.jobs.keeping.previews import make_room, remove_previews
from bot.jobs.working import work
from bot.model import Kind, Status

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from pathlib import Path

    from bot.jobs.collection.sight import Sight
    from bot.jobs.keeping.looks import Looks
    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Clock, JobStore
    from bot.jobs.requests import Origin
    from bot.model import Job

#: The most that one picture shows.
MOST: Final = 40
#: So many are looked at for that: some may not be seen, and some came to nothing.
_LOOKED_AT: Final = 240
_VIDEO: Final = "video/"
#: What jobs are called in the picture, which has Latin letters only: as Midjourney says it.
_LABELS: Final = {
    Kind.REROLL: "Reroll",
    Kind.ANIMATE: "Animate",
    Kind.VARIATION: "Vary",
    Kind.REGION: "Vary (Region)",
    Kind.ZOOM: "Zoom Out",
}
_ARROWS: Final = {"⬅": "Pan Left", "➡": "Pan Right", "⬆": "Pan Up", "⬇": "Pan Down"}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a family.

    Attributes
    ----------
    number
        From 1, parents before their children.
    parent
        The number of the one it came from, or of the next above that one who is shown; None for the first.
    is_gap
        It was deleted: nothing of it may be told.
    """

    number: int
    job: Job
    parent: int | None
    is_gap: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What hangs together.

    Attributes
    ----------
    current
        The number of the one that was asked about.
    is_cut
        Whether there is more: only the nearest are shown.
    person
        Who asked, by id.
    """

    members: tuple[Member, ...]
    current: int
    is_cut: bool
    person: int

    def member(self, number: int | None) -> Member | None:
        """Return the one with that number."""
        return None if number is None else self.members[number - 1]


@final
class Families:
    """Finds families and draws them.

    Parameters
    ----------
    folder
        The one of previews; created when needed.
    """

    def __init__(
        self, *, store: JobStore, sight: Sight, looks: Looks, pictures: Pictures, clock: Clock, folder: Path
    ) -> None:
        self._store = store
        self._sight = sight
        self._looks = looks
        self._pictures = pictures
        self._clock = clock
        self._folder = folder

    async def of(self, origin: Origin, job_id: str) -> Family:
        """Return the family of a job, as far as this person may see it.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see.
        """
        job = await self._sight.visible(origin, job_id)
        jobs = await self._store.family(job_id, _LOOKED_AT)
        seen = {job.id, *(one.id for one in await self._sight.seen(origin, jobs))}
        shown = _worth_showing([one for one in jobs if one.id in seen], jobs, job_id)
        chosen = _worth_showing(shown[:MOST], jobs, job_id)
        members = _numbered(chosen, jobs)
        current = next(member.number for member in members if member.job.id == job_id)
        is_cut = len(shown) > MOST or len(jobs) == _LOOKED_AT
        return Family(members=members, current=current, is_cut=is_cut, person=origin.user_id)

    async def recover(self) -> None:
        """Remove the drawings of a former process, which a kill leaves behind. Once, before anybody asks for one."""
        await asyncio.to_thread(remove_previews, self._folder, None)

    @asynccontextmanager
    async def drawn(self, family: Family, limit: int) -> AsyncGenerator[Path]:
        """Draw a family, at most `limit` bytes large; the picture is there until this is left."""
        name = secrets.token_hex(12)
        path = self._folder / f"{name}.png"
        try:
            await work(self._pictures.worker, make_room, self._folder, self._clock.now())
            await self._draw(await self._cards(family, name), path, limit)
            yield path
        finally:
            await asyncio.to_thread(_remove, self._folder, name)

    async def _cards(self, family: Family, name: str) -> list[Card]:
        return [
            Card(
                number=member.number,
                label=_label(member.job),
                parent=member.parent,
                thumbnail=thumbnail,
                is_current=member.number == family.current,
                is_gap=member.is_gap,
                is_film=not member.is_gap and (member.job.media_type or "").startswith(_VIDEO),
            )
            for member, thumbnail in zip(family.members, await self._thumbnails(family.members, name), strict=True)
        ]

    async def _thumbnails(self, members: Sequence[Member], name: str) -> list[Path | None]:
        paths = [self._folder / f"{name}-{member.number}.look" for member in members]
        return await self._looks.at_hand([member.job for member in members], paths)

    async def _draw(self, cards: Sequence[Card], path: Path, limit: int) -> None:
        """Draw the picture, smaller if need be."""
        longest = LONGEST
        await self._pictures.darkroom.run(draw_family, cards, path, longest)
        while (await asyncio.to_thread(path.stat)).st_size > limit and longest > LONGEST // 4:
            longest //= 2
            await self._pictures.darkroom.run(draw_family, cards, path, longest)


def _remove(folder: Path, name: str) -> None:
    for path in folder.glob(f"{name}*"):
        path.unlink(missing_ok=True)


def _worth_showing(chosen: Sequence[Job], jobs: Sequence[Job], current: str) -> list[Job]:
    """Return those that made something, and those without which the others would not hang together."""
    parents, shown = _parents(chosen, jobs), list(chosen)
    while True:
        needed = {parents[job.id] for job in shown}
        left = [job for job in shown if job.status is Status.SUCCEEDED or job.id in needed or job.id == current]
        if len(left) == len(shown):
            return left
        shown = left


def _parents(chosen: Sequence[Job], jobs: Sequence[Job]) -> Mapping[str, str | None]:
    """Return for each of those chosen who is the next above it among them."""
    above = {job.id: job.parent_id for job in jobs}
    ids = {job.id for job in chosen}

    def next_above(job_id: str) -> str | None:
        parent = above.get(job_id)
        while parent is not None and parent not in ids:
            parent = above.get(parent)
        return parent

    return {job_id: next_above(job_id) for job_id in ids}


def _numbered(chosen: Sequence[Job], jobs: Sequence[Job]) -> tuple[Member, ...]:
    """Return the members in the order in which they are drawn: what leads on comes before what stands at an end."""
    parents = _parents(chosen, jobs)
    children: dict[str | None, list[Job]] = {}
    for job in sorted(chosen, key=lambda job: job.id):
        children.setdefault(parents[job.id], []).append(job)
    numbers: dict[str, int] = {}
    members: list[Member] = []
    waiting = _in_order(children.get(None, []), children)[::-1]
    while waiting:
        job = waiting.pop()
        number = numbers[job.id] = len(numbers) + 1
        parent = parents[job.id]
        is_gap = job.deleted_at is not None
        members.append(Member(number=number, job=job, parent=numbers[parent] if parent else None, is_gap=is_gap))
        waiting += _in_order(children.get(job.id, []), children)[::-1]
    return tuple(members)


def _in_order(jobs: Sequence[Job], children: Mapping[str | None, Sequence[Job]]) -> list[Job]:
    return sorted(jobs, key=lambda job: job.id not in children)


def _label(job: Job) -> str:
    """Return what a job is called in the picture."""
    label = job.action_label.strip().rstrip("\ufe0f")
    named = _ARROWS.get(label)
    if named:
        return named
    if any(character.isascii() and character.isalnum() for character in label):
        return label
    return _LABELS.get(job.kind, job.kind.value.capitalize())
