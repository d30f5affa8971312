"""Links to exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.web.links import EXPORT_LIFETIME, LIFETIME

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.conftest import Desk

EXPORT = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


async def test_an_archive_is_downloaded_whole_or_from_where_it_broke_off(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / f"{EXPORT}.zip").write_bytes(b"PK and more")
    link = desk.server.export_link(EXPORT)
    async with desk.http.get(link) as answer:
        assert (answer.status, await answer.read()) == (200, b"PK and more")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.content_type == "application/zip"
    assert await desk.get(link, Range="bytes=3-") == (206, "and more")


async def test_a_link_works_for_a_day_and_only_for_what_it_was_made(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / f"{EXPORT}.zip").write_bytes(b"PK")
    link = desk.server.export_link(EXPORT)
    assert (await desk.get(desk.link.replace("/draw/", "/export/")))[0] == 404
    assert (await desk.get(link.replace("/export/", "/draw/")))[0] == 404
    assert (await desk.get(link[:-1]))[0] == 404
    desk.clock.advance(LIFETIME.total_seconds() + 60)
    assert (await desk.get(link))[0] == 200
    desk.clock.advance(EXPORT_LIFETIME.total_seconds())
    status, words = await desk.get(link)
    assert (status, "/privacy export" in words) == (410, True)


async def test_what_is_not_kept_any_more_is_said_to_be_gone(desk: Desk) -> None:
    assert await desk.get(desk.server.export_link(EXPORT)) == (410, "This export is not here any more.")
