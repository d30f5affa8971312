"""What a hand does beyond clicking and typing: drop files, paste a picture, pick a file, open an option.

Real input, no made-up events.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.async_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Locator, Page

_ENTER_OVER_DROP: Final = ("dragEnter", "dragOver", "drop")

_COPY: Final = """async (bytes) => {
  const blob = new Blob([new Uint8Array(bytes)], { type: "image/png" });
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""


def png(size: tuple[int, int] = (240, 160), color: tuple[int, int, int] = (40, 110, 160)) -> bytes:
    """Paint a picture."""
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def png_file(folder: Path, name: str = "cat.png") -> Path:
    """Paint a picture into a file."""
    path = folder / name
    path.write_bytes(png())
    return path


async def drop(page: Page, target: Locator, *files: Path) -> None:
    """Drag files out of the file browser onto something, and let go."""
    await target.scroll_into_view_if_needed()
    box = await target.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    session = await page.context.new_cdp_session(page)
    for kind in _ENTER_OVER_DROP:
        await session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **point})  # pyright: ignore[reportUnknownMemberType] - typed so by Playwright
    await session.detach()


async def paste_picture(page: Page, target: Locator) -> None:
    """Copy a picture as if somewhere else, and paste it."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.evaluate(_COPY, list(png()))
    await target.focus()
    await page.keyboard.press("ControlOrMeta+V")


async def pick(page: Page, opener: Locator, *files: Path) -> None:
    """Pick files in the browser's own window."""
    async with page.expect_file_chooser() as chooser:
        await opener.click()
    await (await chooser.value).set_files(list(files))


async def open_option(row: Locator, name: str) -> Locator:
    """Open an optional field by its button, or by the menu in which they stand while they are many."""
    more = row.get_by_role("button", name="optional")
    if await more.is_visible():
        await more.click()
        await row.page.get_by_role("menu", name="Options").get_by_role("menuitem", name=name).click()
    else:
        await row.get_by_role("button", name=f"+ {name}").click()
    field = row.get_by_label(name, exact=True)
    await expect(field).to_be_visible()
    return field
