"""The gallery of an export, opened from its folder in a browser without a network."""

from __future__ import annotations

import asyncio
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest
from PIL import Image

from bot.jobs.privacy.gallery import PAGE
from bot.jobs.privacy.parts import Item, PartWriter
from bot.language import Language, speaking
from bot.model import Media
from cogs.render.origin import alt_text
from tests.unit.render_builders import job

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Page, Request

pytestmark = pytest.mark.asyncio(loop_scope="package")

NASTY: Final = '<b>bold</b> "fox" & <img src=x onerror=alert(1)>'


def unpacked(folder: Path) -> Path:
    """Make an archive of a few more jobs than one page holds, unpack it, and return its first page."""
    made, opened = folder / "made", folder / "opened"
    made.mkdir()
    with speaking(Language.JAPANESE):
        writer = PartWriter(made, None, {}, alt_text)
        for number in range(PAGE + 2):
            path = folder / f"{number}.png"
            Image.new("RGB", (32, 24), (number, 90, 160)).save(path)
            media = Media(path=path, media_type="image/png", size=path.stat().st_size)
            one = replace(
                job(), id=f"job{number}", prompt=f"{NASTY} {number}", created_at=datetime(2026, 3, 12, tzinfo=UTC)
            )
            writer.add([Item(job=one, record="{}", media=((0, media),))])
        writer.close()
    with zipfile.ZipFile(BytesIO((made / "part-1.zip").read_bytes())) as archive:
        archive.extractall(opened)
    return opened / "index.html"


async def loaded(page: Page) -> int:
    """Return how many pictures of the page are there once all of it was scrolled through."""
    await page.evaluate("for (const image of document.images) image.loading = 'eager'")
    await page.wait_for_function("[...document.images].every((image) => image.complete)")
    return int(await page.evaluate("[...document.images].filter((image) => image.naturalWidth > 0).length"))


async def test_the_gallery_opens_offline_with_all_its_pictures(browser: Browser, tmp_path: Path) -> None:
    index = await asyncio.to_thread(unpacked, tmp_path)
    asked: list[str] = []
    context = await browser.new_context(offline=True, java_script_enabled=True)
    page = await context.new_page()

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    try:
        await page.goto(index.as_uri())
        assert await page.get_attribute("html", "lang") == "ja"
        assert await loaded(page) == PAGE
        first = page.locator("li").first
        assert NASTY in await first.inner_text()
        assert NASTY in (await first.locator("img").get_attribute("alt") or "")
        assert await page.locator("li b").count() == 0
        await page.locator('a[rel="next"]').first.click()
        assert await loaded(page) == 2
        assert await page.locator('a[rel="prev"]').count() == 2
        for scheme, expected in (("dark", "rgb(27, 28, 32)"), ("light", "rgb(255, 255, 255)")):
            await page.emulate_media(color_scheme=scheme)  # pyright: ignore[reportArgumentType] - one of its words
            assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == expected
    finally:
        await context.close()
    assert asked
    assert all(url.startswith("file://") for url in asked)
