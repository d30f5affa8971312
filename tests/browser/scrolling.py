"""A channel with much in it, and somebody who goes through it with the wheel: what they saw, and how it felt."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from sandbox.discord import Upload
from tests.browser.gestures import png

if TYPE_CHECKING:
    from playwright.async_api import Page

    from sandbox.discord import Channel, DiscordSandbox

_STEP: Final = 0.45
"""Of the height in sight: what a browser under load puts together to two turns still skips nothing."""
_MOST_STEPS: Final = 2000

_WATCH: Final = """() => {
  const watch = { frames: [], seen: new Set(), last: performance.now(), isOn: true, isStill: false };
  window.watch = watch;
  const log = document.getElementById("messages");
  const known = new WeakSet();
  log.addEventListener("scrollend", () => (watch.isStill = true));
  const sight = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) if (isIntersecting) watch.seen.add(target.dataset.messageId);
  }, { root: log });
  const look = (now) => {
    watch.frames.push(now - watch.last);
    watch.last = now;
    for (const article of log.querySelectorAll("article")) {
      if (!known.has(article)) sight.observe(article);
      known.add(article);
    }
    if (watch.isOn) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

_STOP: Final = """async () => {
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  window.watch.isOn = false;
  return { frames: window.watch.frames.slice(1), seen: [...window.watch.seen] };
}"""

_PLACE: Final = """async () => {
  const log = document.getElementById("messages");
  const isLow = () => log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  let frames = 0;
  do await new Promise(requestAnimationFrame);
  while (!window.watch.isStill && log.scrollTop > 0 && !isLow() && (frames += 1) < 600);
  window.watch.isStill = false;
  const isAtTop = log.scrollTop <= 0 && log.querySelector(".beginning") !== null;
  return { top: isAtTop, bottom: isLow() };
}"""
"""Waits until the turn of the wheel has been carried out, or the edge reached; returns which edge it is."""


@final
@dataclass(frozen=True)
class Journey:
    """What came of going through a channel: every message that was in sight, and the time of each frame."""

    seen: frozenset[str]
    frames: list[float]

    def __str__(self) -> str:
        """Tell the frame times in a line."""
        ordered = sorted(self.frames)
        p95 = ordered[int(len(ordered) * 0.95)]
        p50 = statistics.median(ordered)
        return f"{len(ordered)} frames: p50 {p50:.1f} ms, p95 {p95:.1f} ms, longest {ordered[-1]:.1f} ms"


async def fill(discord: DiscordSandbox, channel: Channel, messages: int, pictures: int) -> None:
    """Let two people write messages, some of them with a picture; each one's text is its number."""
    people = [discord.person(discord.world.owner), discord.person(discord.world.member)]
    every = messages // pictures
    for number in range(messages):
        color = (number % 200, 90, 200 - number % 200)
        files = [Upload(f"picture-{number}.png", png((640, 480), color), "image/png")] if number % every == 0 else []
        text = f"message number {number}" + " with a few more words in it" * (number % 7)
        await people[number // 3 % 2].say(channel, text, files=files)


async def wheel(page: Page, way: int, arrived: str) -> Journey:
    """Turn the wheel over the messages, up (-1) or down (1), until the `top` or the `bottom` is reached."""
    log = page.get_by_role("log")
    box = await log.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.evaluate(_WATCH)
    for _ in range(_MOST_STEPS):
        await page.mouse.wheel(0, way * box["height"] * _STEP)
        if (await page.evaluate(_PLACE))[arrived]:
            break
    found = await page.evaluate(_STOP)
    return Journey(frozenset(found["seen"]), found["frames"])
