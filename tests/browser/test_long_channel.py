"""A channel with 500 messages: everything can be reached, and nothing jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.sampler_ground import clear
from tests.browser.scrolling import fill, wheel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.browser.ground import House, Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")

MESSAGES: Final = 500

# Rows take their real size only when they come near, so a position that is asked for may be none that was ever shown.
# An IntersectionObserver tells where things stood when they were painted.
PAINTED: Final = """(row) => new Promise((done) => {
  const observer = new IntersectionObserver(([{ boundingClientRect }]) => {
    observer.disconnect();
    done(boundingClientRect.top);
  });
  observer.observe(row);
})"""
FIRST: Final = """() => {
  const log = document.getElementById("messages");
  const edge = log.getBoundingClientRect().top;
  return [...log.querySelectorAll("article")].find((row) => row.getBoundingClientRect().top > edge);
}"""
SETTLED: Final = f"""async ([row, before]) => {{
  const painted = {PAINTED};
  let top = before;
  for (let frames = 0; frames < 4; ) {{
    const now = await painted(row);
    frames = now === top && now !== before ? frames + 1 : 0;
    top = now;
  }}
  return top;
}}"""
"""Waits until a row that was moved stands still; returns where."""
COUNT: Final = "() => document.querySelectorAll('#messages article').length"
STEP_PX: Final = 400


@pytest_asyncio.fixture(loop_scope="package")
async def reader(guest_tab: Visit, house: House) -> AsyncIterator[Visit]:
    """A tab in which a long channel is open at its end."""
    discord = house.studio.discord
    if len(discord.messages(discord.world.general)) < MESSAGES:
        clear(house)
        await fill(discord, discord.world.general, MESSAGES, pictures=10)
    await guest_tab.begin_anew()
    guest_tab.is_fresh = False
    await expect(guest_tab.newest).to_contain_text(f"message number {MESSAGES - 1}")
    yield guest_tab
    assert guest_tab.console == []


@pytest.mark.timeout(120)
async def test_every_message_is_reached_with_the_wheel(reader: Visit) -> None:
    await expect(reader.newest).to_be_in_viewport()
    journey = await wheel(reader.page, -1, "top")
    print(f"up through {MESSAGES} messages, {journey}")  # noqa: T201 - figures for whoever looks
    await expect(reader.page.get_by_role("heading", name="Welcome to #general")).to_be_in_viewport()
    discord = reader.studio.discord
    written = {str(message.id) for message in discord.messages(discord.world.general)[:MESSAGES]}
    assert written - journey.seen == set()
    await reader.shoot("long-channel-top")
    back = await wheel(reader.page, 1, "bottom")
    print(f"and down, {back}")  # noqa: T201 - figures for whoever looks
    assert written - back.seen == set()


async def test_what_one_reads_stays_while_older_messages_come(reader: Visit) -> None:
    drawn = {await reader.page.evaluate(COUNT)}
    for _ in range(15):
        moved = await turn(reader)
        drawn.add(await reader.page.evaluate(COUNT))
        assert moved == pytest.approx(STEP_PX, abs=2)
    assert len(drawn) > 2, "no older messages came while it was scrolled"


async def turn(visit: Visit) -> float:
    """Turn the wheel a bit upwards; return how far what one reads has moved on the screen."""
    row = await visit.page.evaluate_handle(FIRST)
    before = await visit.page.evaluate(PAINTED, row)
    await visit.page.get_by_role("log").hover(position={"x": 300, "y": 300})
    await visit.page.mouse.wheel(0, -STEP_PX)
    return await visit.page.evaluate(SETTLED, [row, before]) - before


async def test_what_is_new_does_not_disturb_who_reads_and_is_one_click_away(reader: Visit) -> None:
    for _ in range(3):
        await turn(reader)
    read = await reader.page.evaluate_handle(FIRST)
    top = await reader.page.evaluate(PAINTED, read)
    discord = reader.studio.discord
    said = await discord.person(discord.world.owner).say(discord.world.general, "something new")
    news = reader.page.get_by_role("button", name="1 new message")
    await expect(news).to_be_visible()
    assert await reader.page.evaluate(PAINTED, read) == pytest.approx(top, abs=2)
    await reader.shoot("new-message")
    await news.click()
    await expect(reader.newest).to_contain_text("something new")
    await expect(reader.newest).to_be_in_viewport()
    await expect(news).to_be_hidden()
    discord.delete_message(said)
    await expect(reader.newest).to_contain_text(f"message number {MESSAGES - 1}")
