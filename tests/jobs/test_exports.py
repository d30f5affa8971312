"""Exports: everything of a person's, in archives that open by themselves, each sent once."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

import pytest

from bot.errors import ActionUnavailable, DiscordUnavailable, NotAllowed
from bot.jobs.privacy import exports
from bot.jobs.privacy.exports import Asked
from tests.jobs.test_leaving import ME, YOU, finished, traces

if TYPE_CHECKING:
    from bot.jobs.privacy.exports import Exports
    from tests.jobs.conftest import House

NASTY: Final = "<script>alert('fox')</script> & \"quotes\""
KIB: Final = 1024


def noise(seed: int, size: int) -> bytes:
    """Return a picture that is as large as that and cannot be compressed."""
    return b"\x89PNG\r\n\x1a\n" + random.Random(seed).randbytes(size)  # noqa: S311 - not a secret


async def picture(house: House, seed: int, size: int = 60 * KIB) -> str:
    """Make a picture of that size, and return the job's id."""
    house.api.files[f"https://cdn.example/{seed}.png"] = noise(seed, size)
    job = await finished(house, str(seed), ME)
    return job.id


async def exported(house: House) -> list[ZipFile]:
    """Have an export made and delivered, and return its archives."""
    service = house.engine.services.privacy
    assert await service.export(house.origin(ME)) == Asked(is_new=True)
    await service.exports.crew.drain()
    return archives_of(house)


def archives_of(house: House) -> list[ZipFile]:
    """Return the archives that were delivered."""
    return [ZipFile(BytesIO(content)) for _, _, content in house.discord.exports]


def records(archive: ZipFile) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.read("jobs.jsonl").decode().splitlines()]


async def test_everything_is_in_it_and_nothing_of_anybody_else(house: House) -> None:
    mine = await finished(house, NASTY, ME)
    yours = await finished(house, "a secret of yours", YOU, "blue")
    services = house.engine.services
    await services.library.like(house.origin(ME), yours.id)
    await services.preferences.change(ME, lambda person: replace(person, remix=True))
    await services.forms.keep(ME, "imagine", {"prompt": "not sent"})
    deleted = await finished(house, "deleted", ME, "green")
    await services.deletions.delete(house.origin(ME), deleted.id)

    [archive] = await exported(house)

    assert archive.testzip() is None
    names = set(archive.namelist())
    assert names >= {"index.html", "README.txt", "presets.json", "stars.json", "batches.json"}
    assert [record["id"] for record in records(archive)] == [deleted.id, mine.id]
    assert records(archive)[1]["prompt"] == NASTY
    everything = b"".join(archive.read(name) for name in names)
    assert b"token-" not in everything
    assert b"a secret of yours" not in everything
    assert json.loads(archive.read("settings.json"))["remix"] is True
    assert [liked["job"] for liked in json.loads(archive.read("favorites.json"))] == [yours.id]
    assert json.loads(archive.read("drafts.json"))[0]["fields"]["prompt"] == "not sent"
    [file] = [name for name in names if name.startswith("files/")]
    assert mine.picture is not None
    assert archive.read(file) == (house.folder / "pictures" / mine.picture[:2] / mine.picture).read_bytes()
    assert list((house.folder / "exports").iterdir()) == [], "it is removed once it is delivered"
    assert await house.memory.exports.open() == []


async def test_the_gallery_says_what_people_typed_and_leads_nowhere(house: House) -> None:
    await finished(house, NASTY, ME)
    deleted = await finished(house, "deleted", ME, "green")
    await house.engine.services.deletions.delete(house.origin(ME), deleted.id)
    [archive] = await exported(house)
    page = archive.read("index.html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "://" not in page
    assert 'loading="lazy"' in page
    assert "deleted" not in page


async def test_parts_stay_below_the_limit_and_each_opens_by_itself(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = 180 * KIB
    monkeypatch.setattr(exports, "PART_LIMIT", limit)
    made = [await picture(house, seed) for seed in range(5)]
    large = await picture(house, 9, 400 * KIB)

    archives = await exported(house)

    assert len(archives) == 3
    assert [(part.number, part.count) for _, part, _ in house.discord.exports] == [(1, 3), (2, 3), (3, 3)]
    assert all(len(content) <= limit for _, _, content in house.discord.exports)
    assert [record["id"] for archive in archives for record in records(archive)] == [large, *reversed(made)]
    for archive in archives:
        page, files = archive.read("index.html").decode(), [name for name in archive.namelist() if "files/" in name]
        assert all(f'src="{name}"' in page for name in files)
    assert "A file of 0.4 MB is too large to be sent." in archives[0].read("index.html").decode()
    assert "discord.com/channels/" in archives[0].read("index.html").decode()


async def test_videos_that_are_too_large_together_come_one_by_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART_LIMIT", 160 * KIB)
    urls = tuple(f"https://cdn.example/{number}.mp4" for number in range(4))
    for number, url in enumerate(urls):
        house.api.files[url] = b"\0\0\0\x18ftypmp42" + noise(number, 100 * KIB)
    job_id = await house.imagine("a running fox", user_id=ME)
    await house.settle()
    task_id = house.api.charges[0].task_id
    house.api.finish(task_id, picture_url=None)
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], video_urls=urls)
    await house.pass_time(12)

    archives = await exported(house)

    files = [name for archive in archives for name in archive.namelist() if name.startswith("files/")]
    assert [name.partition(job_id)[2] for name in files] == [".mp4", "-1.mp4", "-2.mp4", "-3.mp4"]
    assert [record["id"] for archive in archives for record in records(archive)] == [job_id]
    assert "<video" in archives[3].read("index.html").decode()


async def test_pages_of_the_gallery_lead_to_each_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.privacy.parts.PAGE", 2)
    for number in range(5):
        await house.imagine(f"fox {number}", user_id=ME)
    [archive] = await exported(house)
    pages = [archive.read(name).decode() for name in ("index.html", "page-2.html", "page-3.html")]
    assert ['rel="prev"' in page for page in pages] == [False, True, True]
    assert ['href="page-2.html"' in page for page in pages] == [True, False, True]
    assert ['rel="next"' in page for page in pages] == [True, True, False]
    assert ["fox 4" in page for page in pages] == [True, False, False]
    assert "fox 0" in pages[2]


async def test_it_is_in_the_language_of_its_person(house: House) -> None:
    await house.imagine("a fox", user_id=ME)
    service = house.engine.services.privacy
    await service.export(replace(house.origin(ME), own_locale="de"))
    await service.exports.crew.drain()
    [(_, _, content)] = house.discord.exports
    assert '<html lang="de">' in ZipFile(BytesIO(content)).read("index.html").decode()


async def test_a_second_ask_makes_no_second_export(house: House) -> None:
    service = house.engine.services.privacy
    assert (await service.export(house.origin(ME))).is_new
    assert await service.export(house.origin(ME)) == Asked()
    assert (await service.export(house.origin(YOU))).is_new
    await service.exports.crew.drain()
    await service.exports.step()
    await service.exports.crew.drain()
    assert sorted(export.user_id for export, _, _ in house.discord.exports) == [ME, YOU]


async def test_after_a_restart_only_the_parts_follow_that_are_missing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART_LIMIT", 180 * KIB)
    for seed in range(5):
        await picture(house, seed)
    service = house.engine.services.privacy
    await service.export(house.origin(ME))
    house.discord.after["send_export"].append(DiscordUnavailable("gone"))
    await service.exports.crew.drain()
    assert len(house.discord.exports) == 1

    await house.restart()
    service = house.engine.services.privacy
    await service.exports.step()
    await service.exports.crew.drain()

    assert [part.number for _, part, _ in house.discord.exports] == [1, 1, 2, 3], "the nonce drops the repeat"
    assert house.discord.exports[0][2] == house.discord.exports[1][2]
    assert await house.memory.exports.open() == []


async def test_one_that_was_half_made_is_made_anew(house: House) -> None:
    job_id = await picture(house, 1)
    service = house.engine.services.privacy
    await service.export(house.origin(ME))
    await house.engine.stop()
    folder = house.folder / "exports"
    for left in folder.rglob("parts.json"):
        left.unlink()
    await house.restart()
    service = house.engine.services.privacy
    await service.exports.step()
    await service.exports.crew.drain()
    content = house.discord.exports[-1][2]
    assert [record["id"] for record in records(ZipFile(BytesIO(content)))] == [job_id]


async def test_where_messages_are_closed_the_answer_says_so_and_asking_again_tries_again(house: House) -> None:
    await picture(house, 1)
    service = house.engine.services.privacy
    house.discord.closed["send_export"] = NotAllowed("no")
    asked = house.origin(ME)
    await service.export(asked)
    await service.exports.crew.drain()
    assert [(token, link) for _, token, link in house.discord.export_answers] == [(asked.interaction_token, None)]
    await house.pass_time(300, every=60)
    await service.exports.step()
    assert service.exports.crew.free

    del house.discord.closed["send_export"]
    assert await service.export(house.origin(ME)) == Asked(is_ready=True)
    await service.exports.crew.drain()
    assert len(house.discord.exports) == 1


async def test_what_is_large_is_had_by_a_link_and_told_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PART_LIMIT", 100 * KIB)
    for seed in range(4):
        await picture(house, seed)
    linked = house.engine.services.privacy.exports
    linked.link = "https://easel.example/export/{}".format
    await linked.ask(house.origin(ME))
    await linked.crew.drain()
    [(export, part, _)] = house.discord.exports
    assert part.link == f"https://easel.example/export/{export.id}"
    assert len(records(ZipFile(await linked.file(export.id)))) == 4
    assert await linked.ask(house.origin(ME)) == Asked(is_ready=True, link=part.link)
    await linked.crew.drain()
    assert len(house.discord.exports) == 1

    house.clock.advance(24 * 3600)
    await linked.step()
    with pytest.raises(ActionUnavailable, match="not here any more"):
        await linked.file(export.id)
    assert list((house.folder / "exports").iterdir()) == []


async def test_whoever_leaves_takes_their_export_with_them(house: House) -> None:
    await picture(house, 1)
    service = house.engine.services.privacy
    house.discord.closed["send_export"] = NotAllowed("no")
    await service.export(house.origin(ME))
    await service.exports.crew.drain()
    assert list((house.folder / "exports").iterdir())
    await service.export(house.origin(ME))

    await service.erase(ME)

    await service.exports.crew.drain()
    await service.exports.step()
    assert list((house.folder / "exports").iterdir()) == []
    assert traces(house.folder) == []


async def test_folders_that_nobody_knows_go(house: House) -> None:
    stray = house.folder / "exports" / "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    stray.mkdir(parents=True)
    (stray / "part-1.zip").write_bytes(b"PK")
    service: Exports = house.engine.services.privacy.exports
    await service.step()
    assert not stray.exists()
