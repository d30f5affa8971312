"""The browser itself: which one, and how it is started so that it speaks to nobody but the page."""

from __future__ import annotations

import os
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from playwright.async_api import async_playwright

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from playwright.async_api import Browser

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""Without these Chromium looks for its makers at every start."""
_FEW: Final = ("--in-process-gpu", "--renderer-process-limit=1", "--disable-site-isolation-trials")
"""One process draws all pages. All of them are ours, and a process for each tab and load takes longer than the load."""
_OFF: Final = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""The first two are pages that every window keeps ready behind its address bar; they take longer than our own page.

The others are off in Playwright: Chromium heeds only the last list that it is given, which is this one.
"""


def find_chromium() -> str | None:
    """Return the path of a Chromium, if there is one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def open_chromium() -> AsyncGenerator[Browser]:
    """Start it without a window."""
    options = [*_QUIET, *_FEW, f"--disable-features={','.join(_OFF)}"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # root cannot have Chromium's sandbox
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=options)
        yield browser
        await browser.close()
