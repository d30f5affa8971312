"""How smoothly a long channel scrolls: the time between frames while a wheel turns through 500 messages.

    .venv/bin/python benchmarks/page_scroll.py --messages 500 --pictures 50 --times 3

Starts the sandbox's servers (no bot), the page and a Chromium without a window on this machine, and prints a line per
journey. A frame of 16.7 ms is what a screen with 60 Hz shows; the drawing is done without a graphics card.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.async_api import expect

from benchmarks.machine import facts
from sandbox.scenario import Scenario
from tests.browser.chromium import find_chromium, open_chromium
from tests.browser.ground import open_page, open_tab
from tests.browser.scrolling import fill, wheel
from tests.process.studio import Studio


async def _measure(messages: int, pictures: int, times: int) -> None:
    async with Scenario() as scenario, open_page(Studio(scenario)) as house, open_chromium() as browser:
        discord = scenario.discord
        await fill(discord, discord.world.general, messages, pictures)
        for number in range(1, times + 1):
            async with open_tab(browser, house) as visit:
                await expect(visit.newest).to_contain_text(f"message number {messages - 1}")
                up = await wheel(visit.page, -1, "top")
                down = await wheel(visit.page, 1, "bottom")
                print(f"{number}. up, loading as it goes: {up}")
                print(f"{number}. down again:             {down}")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how smoothly a long channel scrolls.")
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--pictures", type=int, default=50)
    parser.add_argument("--times", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    arguments = _read_arguments()
    if find_chromium() is None:
        sys.exit("There is no Chromium on this machine. `make browser` installs it.")
    print(facts())
    asyncio.run(_measure(arguments.messages, arguments.pictures, arguments.times))


if __name__ == "__main__":
    main()
