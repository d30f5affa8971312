"""A database as after years: a million jobs of 20,000 people, the same on every run.

    .venv/bin/python benchmarks/million.py build/easel-million.db

The real migrations make the file and Easel's own `fold` the search data; the rows go in straight, in the order in which
they would have come, so that they lie on the disk as they would after years. A few people make most of it: the heaviest
has about 84,000 jobs, half of them have 22 or fewer. A fifth of the prompts is Japanese or Chinese.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, Generic, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ulid import ULID

from bot.model import Kind, Speed, Status
from storage.database import Database
from storage.searching import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Rows = dict[str, list[tuple[str | int | None, ...]]]

T = TypeVar("T")

JOBS: Final = 1_000_000
PEOPLE: Final = 20_000

#: The person with the most jobs; the others count up from here, each with fewer than the one before.
HEAVIEST: Final = 80_351_110_224_678_912
FIRST_SERVER: Final = 290_926_798_626_357_999
SERVERS: Final = 300
#: When the first job was made.
BEGINNING: Final = datetime(2024, 1, 1, tzinfo=UTC)

_MOST, _FALL, _FEWEST = 84_280, 1.07, 17.41
_EVERY_MS: Final = 90_000  # a million of them are not quite three years
_BATCH: Final = 10_000
_RANDOM_BITS: Final = 80

#: In which of a person's places a job is made: three servers and, the last, none. Nobody uses version 7 in the second.
_PLACES: Final = {0: 55, 1: 25, 2: 12, 3: 8}
_SECOND, _NOWHERE = 1, 3
_KINDS: Final = {
    Kind.IMAGINE: 46, Kind.UPSCALE: 24, Kind.VARIATION: 12, Kind.REROLL: 5, Kind.ZOOM: 3, Kind.ANIMATE: 3,
    Kind.REGION: 2, Kind.PAN: 1.5, Kind.DESCRIBE: 1.2, Kind.BLEND: 1, Kind.EDIT: 0.8, Kind.SHORTEN: 0.5,
}  # fmt: skip
_WITHOUT_WORDS: Final = frozenset({Kind.DESCRIBE, Kind.BLEND})
_MODELS: Final = {"": 38, "v 7": 30, "v 8.1": 14, "v 6.1": 7, "niji 7": 8, "niji 6": 3}
_STATUSES: Final = {
    Status.SUCCEEDED: 93, Status.FAILED: 4, Status.CANCELLED: 1.6, Status.EXPIRED: 0.7, Status.UNKNOWN: 0.7,
}  # fmt: skip
_FAVORITES, _FAVORITES_OF_OTHERS, _DELETED, _PRIVATE, _WITH_BUTTONS = 0.04, 0.005, 0.02, 0.03, 0.02
_ASIAN: Final = 0.2
_WORDS: Final = (
    "fox wolf castle harbor lighthouse forest portrait samurai robot garden temple mountain river city street market"
    " dragon astronaut violin teapot library window door storm snow rain sunset dawn neon watercolor oil ink charcoal"
    " cinematic dramatic soft golden silver crimson azure misty ancient futuristic tiny giant lonely crowded ornate"
    " minimal detailed isometric macro telephoto vintage polaroid blueprint poster tapestry mosaic origami clay paper"
)
_CHARACTERS: Final = (
    "東京の夜景 桜の木 猫と犬 富士山 古い寺 雨の街 未来都市 水彩画 浮世絵 海辺の少女 北京胡同 江南水乡 山水画 熊猫"
    " 龙与凤 霓虹灯 古代宫殿 月光 竹林 机械战士 花园 茶馆 长城 星空 ネコ ドラゴン ロボット アニメ風 ひまわり"
)
_SHAPES: Final = ("", " --ar 3:2", " --ar 16:9", " --ar 9:16")
_BUTTONS: Final = ("U1", "U2", "U3", "U4", "V1", "V2", "V3", "V4")

_COLUMNS: Final = {
    "jobs": "id, kind, status, prompt, speed, user_id, guild_id, channel_id, interaction_id, created_at, updated_at,"
    " parent_id, action_index, action_label, task_id, finished_at, media_url, picture, media_type, model, is_private,"
    " deleted_at",
    "deliveries": "job_id, status, nonce, locale, attachment_size_limit, channel_id, message_id, application_id",
    "searches": "user_id, job_id, folded",
    "favorites": "user_id, job_id, created_at, kind, model, guild_id",
    "actions": "job_id, idx, action_id, kind, label, emoji, style, quadrant, needs_input, once",
}


class _Lot(Generic[T]):
    """Things of which some are drawn more often than others."""

    def __init__(self, shares: Mapping[T, float]) -> None:
        self._things = list(shares)
        self._bounds = list(accumulate(shares.values()))

    def draw(self, chance: Random) -> T:
        """Return one of them."""
        return chance.choices(self._things, cum_weights=self._bounds)[0]


class _Years:
    """Makes up job after job."""

    def __init__(self, jobs: int, people: int) -> None:
        self._chance = Random(20261122)  # noqa: S311 - made-up people
        counts = job_counts(jobs, people)
        self._owners = [owner for owner, count in enumerate(counts) for _ in range(count)]
        self._chance.shuffle(self._owners)
        self._kinds, self._models, self._statuses = _Lot(_KINDS), _Lot(_MODELS), _Lot(_STATUSES)
        self._places = _Lot(_PLACES)
        self._words, self._characters = _WORDS.split(), _CHARACTERS.split()
        self._grids: dict[int, tuple[str, str, str]] = {}  # of each person's last imagine: id, prompt, model

    def batches(self) -> Iterator[Rows]:
        """Yield rows by table, some thousand jobs at once."""
        for start in range(0, len(self._owners), _BATCH):
            rows: Rows = {table: [] for table in _COLUMNS}
            for number, owner in enumerate(self._owners[start : start + _BATCH], start):
                self._add(rows, number, owner)
            yield rows

    def _add(self, rows: Rows, number: int, owner: int) -> None:
        chance = self._chance
        user_id = HEAVIEST + owner
        at = int(BEGINNING.timestamp()) * 1000 + number * _EVERY_MS + chance.randrange(_EVERY_MS)
        job_id = str(ULID.from_int(at << _RANDOM_BITS | chance.getrandbits(_RANDOM_BITS)))
        place = self._places.draw(chance)
        server = _server(owner, place)
        kind, parent_id, prompt, model = self._made(owner, place, job_id)
        deleted_at = at + _EVERY_MS if chance.random() < _DELETED else None
        task = f"{number:016}"
        rows["jobs"].append(
            (job_id, kind, self._statuses.draw(chance), prompt, Speed.FAST, user_id, server, place + 900,
             10**17 + number, at, at + _EVERY_MS, parent_id, parent_id and 1, "U1" if parent_id else "", task, at,
             f"https://cdn.example.com/{task}.png", f"{job_id}.png", "image/png", model, chance.random() < _PRIVATE,
             deleted_at)
        )  # fmt: skip
        rows["deliveries"].append((job_id, "delivered", job_id[1:], "en-US", 10**7, place + 900, 10**18 + number, 1))
        if deleted_at is None:
            rows["searches"].append((user_id, job_id, fold(prompt)))
            if chance.random() < _FAVORITES:
                rows["favorites"].append((user_id, job_id, at, kind, model, server))
            if chance.random() < _FAVORITES_OF_OTHERS:
                other = HEAVIEST + chance.choice(self._owners)
                rows["favorites"].append((other, job_id, at, kind, model, server))
        if chance.random() < _WITH_BUTTONS:
            rows["actions"] += [
                (job_id, index, f"MJ::JOB::{label}::{task}", Kind.UPSCALE, label, "", 2, index % 4 + 1, 0, 1)
                for index, label in enumerate(_BUTTONS)
            ]

    def _made(self, owner: int, place: int, job_id: str) -> tuple[Kind, str | None, str, str]:
        """Return kind, parent, prompt and model of a person's next job."""
        kind = self._kinds.draw(self._chance)
        if kind in _WITHOUT_WORDS:
            return kind, None, "", ""
        if kind is not Kind.IMAGINE and owner in self._grids:
            return kind, *self._grids[owner]
        model = self._models.draw(self._chance)
        if model == "v 7" and place == _SECOND:
            model = "v 8.1"
        prompt = self._prompt() + (f" --{model}" if model else "")
        if place != _SECOND:
            self._grids[owner] = job_id, prompt, model
        return Kind.IMAGINE, None, prompt, model

    def _prompt(self) -> str:
        chance = self._chance
        length = chance.randint(4, 14)
        if chance.random() < _ASIAN:
            return "、".join(chance.choices(self._characters, k=length)) + chance.choice(_SHAPES)
        return " ".join(chance.choices(self._words, k=length)) + chance.choice(_SHAPES)


def job_counts(jobs: int, people: int) -> list[int]:
    """Return how many jobs each person has, the heaviest first; together `jobs`."""
    scale = jobs / JOBS
    counts = [max(1, round(scale * (_MOST / rank**_FALL + _FEWEST))) for rank in range(1, people + 1)]
    counts[0] += jobs - sum(counts)
    return counts


def _server(owner: int, place: int) -> int | None:
    return None if place == _NOWHERE else FIRST_SERVER + (owner * 7 + place * 13) % SERVERS


async def _migrate(path: Path) -> None:
    async with await Database.open(path):
        pass


def build(path: Path, jobs: int = JOBS, people: int = PEOPLE) -> None:
    """Make the database at `path`, in the place of one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    asyncio.run(_migrate(path))
    with closing(sqlite3.connect(path)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
            connection.execute(f"PRAGMA {pragma}")
        for rows in _Years(jobs, people).batches():
            for table, columns in _COLUMNS.items():
                marks = ",".join("?" * (columns.count(",") + 1))
                connection.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows[table])  # noqa: S608 - constants
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")


def main() -> None:
    """Read the command line, make the file, say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--people", type=int, default=PEOPLE)
    arguments = parser.parse_args()
    began = time.monotonic()
    build(arguments.path, arguments.jobs, arguments.people)
    size = arguments.path.stat().st_size / 1e6
    print(f"{arguments.path}: {arguments.jobs:,} jobs, {size:,.0f} MB, made in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
