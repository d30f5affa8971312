"""Opening the person's browser, which may never hold up or end anything else."""

from __future__ import annotations

import threading
import webbrowser
from contextlib import suppress


def open_browser(url: str) -> None:
    """Open an address in the person's browser, if there is one in a window of its own.

    In a thread that keeps nobody waiting: some browsers come back only when they are closed.
    """
    threading.Thread(target=_open, args=(url,), name="browser", daemon=True).start()


def _open(url: str) -> None:
    with suppress(webbrowser.Error, OSError):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:  # those run in the terminal, and would take it over
            browser.open(url)
