"""An export has everything that is kept of a person: held against the registry, table by table and column by column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from bot.jobs.privacy import exports
from bot.jobs.requests import Wish
from bot.model import Kind, Order, Speed
from cogs.render.origin import alt_text
from storage.registry import TABLES
from tests.builders import job_id
from tests.jobs.test_exports import KIB, archives_of, exported, noise, records
from tests.jobs.test_leaving import ME, YOU, drawn, finished
from tests.storage.test_registry import fill

if TYPE_CHECKING:
    import sqlite3

    import pytest

    from bot.model import Job, Media
    from tests.jobs.conftest import House

#: What is personal and yet in no export, and why.
LEFT_OUT: Final = {
    ("batches", "interaction_token"): "opens a way to messages for a quarter of an hour, and says nothing of anybody",
    ("deliveries", "interaction_token"): "likewise",
    ("searches", "folded"): "the prompt once more, as it is searched",
}
INPUT: Final = "00112233445566778899aabbccddeeff.png"
#: Columns that cannot hold just any text: what stands in them here, and what of it is to be found.
GIVEN: Final = {
    ("drafts", "fields"): ('{"prompt": "canary of drafts"}', "canary of drafts"),
    ("people", "settings"): ('{"suffix": "canary of people"}', "canary of people"),
    ("jobs", "sending"): (f'{{"images": ["{INPUT}"]}}', INPUT),
    ("jobs", "picture"): ("canary-jobs-picture.png", "canary-jobs-picture.png"),
    ("jobs", "parent_id"): (job_id(2), job_id(2)),
    ("jobs", "retry_of"): (job_id(3), job_id(3)),
    ("jobs", "batch_id"): ("batch-1", "batch-1"),
}
#: Columns by which rows are found: they stay as they are.
KEYS: Final = frozenset({"user_id", "job_id", "name"})


async def texts(house: House) -> list[str]:
    """Have an export made, and return everything in it that programs read, one by one."""
    service = house.engine.services.privacy
    await service.export(house.origin(ME))
    await service.exports.crew.drain()
    [archive] = archives_of(house)
    whole = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".json")]
    return [*whole, *archive.read("jobs.jsonl").decode().splitlines()]


async def types(house: House) -> dict[tuple[str, str], str]:
    """Return the type of every column, by table and name."""
    rows = await house.database.read(
        "SELECT m.name AS tab, c.name AS col, c.type AS type FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
    )
    return {(row["tab"], row["col"]): row["type"] for row in rows}


async def marked(house: House) -> dict[tuple[str, str], str]:
    """Put what occurs nowhere else into every personal column of a person's rows; return what is to be found."""
    kinds, marks = await types(house), dict[tuple[str, str], str]()

    def mark(connection: sqlite3.Connection) -> None:
        for name, table in TABLES.items():
            where = "id" if name == "jobs" else table.person or "job_id"
            whose = ME if where == "user_id" else job_id(1)
            for column in sorted(table.personal):
                large = 7_000_000_000_000_000_000 + len(marks)
                text = f"canary-{name}-{column}"
                value, sought = GIVEN.get(
                    (name, column), (large, f'"{large}"') if kinds[name, column] == "INTEGER" else (text, text)
                )
                if column not in KEYS or (name, column) == ("files", "name"):
                    sql = f"UPDATE {name} SET {column} = ? WHERE {where} = ?"  # noqa: S608 - out of the registry
                    assert connection.execute(sql, (value, whose)).rowcount > 0, (name, column)
                else:
                    sql = f"SELECT {column} AS value FROM {name} WHERE {where} = ?"  # noqa: S608 - out of the registry
                    sought = str(connection.execute(sql, (whose,)).fetchone()["value"])
                marks[name, column] = sought

    await house.database.write(mark)
    return marks


async def live(house: House) -> dict[tuple[str, str], str]:
    """Fill every table, and return what is to be found of the personal columns of one person's rows."""
    for number, person in ((1, ME), (2, YOU), (3, YOU + 1)):
        await fill(house.database, number, person)
    return await marked(house)


async def test_every_personal_column_of_every_table_is_in_it(house: House) -> None:
    marks = await live(house)
    found = "\n".join(await texts(house))
    assert {column for column, mark in marks.items() if mark not in found} == LEFT_OUT.keys()
    assert str(YOU) not in found


async def test_no_number_in_it_is_larger_than_programs_read_exactly(house: House) -> None:
    await live(house)
    numbers: list[int] = []

    def note(text: str) -> int:
        numbers.append(int(text))
        return numbers[-1]

    for text in await texts(house):
        json.loads(text, parse_int=note)
    assert len(numbers) > 10
    assert max(numbers) < 2**53


async def test_what_somebody_handed_in_is_in_it_once_with_the_jobs_and_drafts_that_name_it(house: House) -> None:
    used, drafted, yours = await house.picture("red"), await house.picture("blue"), await house.picture("green")
    gone = await house.picture("yellow")
    for _ in range(2):
        await house.begin(
            Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST, order=Order(images=(used, gone))), user_id=ME
        )
    await house.begin(
        Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST, order=Order(images=(yours,))), user_id=YOU
    )
    await house.engine.services.forms.keep(ME, "blend", {"images": drafted})
    kept = {name: path.read_bytes() for name in (used, drafted) if (path := house.engine.inputs.path(name))}
    house.lose(gone)

    [archive] = await exported(house)

    assert {name.partition("/")[2]: archive.read(name) for name in archive.namelist() if "inputs/" in name} == kept
    page = archive.read("index.html").decode()
    assert page.count(f'You handed in: <a href="inputs/{used}">picture 1</a>') == 2


async def test_pictures_that_do_not_fit_together_come_one_by_one_also_those_handed_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART_LIMIT", 120 * KIB)
    names = [await house.picture(color) for color in ("red", "blue", "green")]
    for number, name in enumerate(names):
        path = house.engine.inputs.path(name)
        assert path is not None
        path.write_bytes(noise(number, (300 if number == 2 else 80) * KIB))
    asked = await house.begin(
        Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST, order=Order(images=tuple(names))), user_id=ME
    )

    archives = await exported(house)

    given = [[name for name in archive.namelist() if name.startswith("inputs/")] for archive in archives]
    assert [name for some in given for name in some] == [f"inputs/{name}" for name in names[:2]]
    assert all(len(some) <= 1 for some in given)
    assert [record["id"] for archive in archives for record in records(archive)] == [asked]
    assert sum("A file of 0.3 MB is too large" in archive.read("index.html").decode() for archive in archives) == 1
    for archive, some in zip(archives, given, strict=True):
        assert all(f'href="{name}"' in archive.read("index.html").decode() for name in some)


async def test_a_preset_comes_with_the_servers_that_may_use_it(house: House) -> None:
    presets = house.engine.services.presets
    await presets.put(ME, "noir", "--ar 3:2")
    await presets.put(ME, "soft", "pale colors")
    await presets.share(ME, 400, "noir", "Hanna")
    [archive] = await exported(house)
    told = {preset["name"]: preset["shared"] for preset in json.loads(archive.read("presets.json"))}
    assert told == {"noir": [{"guild_id": "400", "owner_name": "Hanna"}], "soft": []}


async def test_the_gallery_tells_which_picture_of_a_grid_it_is(house: House) -> None:
    """As the message in Discord does, so that nobody who cannot see them takes one for the other."""
    grid = await finished(house, "a fox", ME)
    for index, color in ((0, "blue"), (2, "green")):
        house.api.picture = drawn(color)
        await house.press(grid.id, index, user_id=ME)
        await house.settle()
        house.api.finish(house.api.charges[-1].task_id)
        await house.pass_time(12)
    [archive] = await exported(house)
    page = archive.read("index.html").decode()
    made = [await house.job(str(record["id"])) for record in records(archive)]
    assert len(made) == 3
    for job in made:
        assert f'alt="{alt_text(job)}"' in page
    assert [f"picture {number}" in alt_text(job) for job, number in zip(made, (3, 1), strict=False)] == [True, True]


async def test_a_file_that_goes_while_it_is_packed_is_not_said_to_be_too_large(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await finished(house, "a fox", ME)
    keeper = house.engine.pictures.keeper
    find = keeper.kept

    async def losing(job: Job, part: int = 0) -> Media | None:
        media = await find(job, part)
        if media is not None:
            media.path.unlink()
        return media

    monkeypatch.setattr(keeper, "kept", losing)
    [archive] = await exported(house)
    page = archive.read("index.html").decode()
    assert "No file of it is kept." in page
    assert "too large" not in page
    assert [record["id"] for record in records(archive)] == [job.id]
