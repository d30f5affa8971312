"""Discord's bad days, at length: a line that fails again and again, and minutes in which everything is refused.

    .venv/bin/python benchmarks/bad_days.py --flaps 1000 --storm-minutes 10

The real bot in a process of its own between both sandboxes (reliability D6 and D7). Of the flaps, one in six ends the
session. Before, during and after each of them somebody asks; every fifth interaction is sent twice. In the storm, a
hundred jobs are done while every request is answered 429 with a second to wait. Takes as long as it says, and more.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.table import Table, at_most, cuts, parser
from sandbox.discord import DiscordFault, DiscordOptions
from tests.process.studio import open_studio

if TYPE_CHECKING:
    from sandbox.discord import Call
    from tests.process.studio import Studio

_FLAPS = ("reconnect", "invalid", "resumable", "cut", "4000", "1001")
_STORM_JOBS = 100
_TELL_EVERY = 100
_PATIENCE_S = 1200.0
_LOOK_S = 0.25


async def _fail(studio: Studio, how: str) -> float:
    """Have the line fail in one way, and return the seconds until events come in again."""
    world, counters = studio.discord, studio.discord.counters
    before, began = counters.identifies + counters.resumes, time.perf_counter()
    match how:
        case "reconnect":
            world.reconnect_request()
        case "invalid" | "resumable":
            world.invalidate_session(resumable=how == "resumable")
        case _:
            await world.disconnect(None if how == "cut" else int(how))
    await world.wait_until(
        lambda: counters.identifies + counters.resumes > before and world.is_bot_online, timeout=_PATIENCE_S
    )
    return time.perf_counter() - began


async def _flaps(studio: Studio, count: int, table: Table) -> None:
    calls: list[Call] = []
    away: list[float] = []
    for number in range(count):
        call = await studio.slash("imagine", {"prompt": f"a fox on flap {number}"})
        away.append(await _fail(studio, _FLAPS[number % len(_FLAPS)]))
        calls.append(call)
        if number % 5 == 0:
            studio.discord.replay(call)
        if len(away) % _TELL_EVERY == 0:
            print(f"{len(away)} flaps", flush=True)
    answered = await _answered(studio, calls)
    await _pictures(studio, len(answered))
    charged = Counter(charge.echo for charge in studio.comet.ledger)
    counters = studio.discord.counters
    half, most = cuts(away)
    table.head(f"{count} flaps of the line")
    table.add("interactions", len(calls))
    table.add("answered", len(answered))
    table.add("jobs charged without an answer", max(0, len(charged) - len(answered)), gate=at_most(0))
    table.add("answers without their picture", max(0, len(answered) - len(_posts(studio))), gate=at_most(0))
    table.add("charged twice", sum(times > 1 for times in charged.values()), gate=at_most(0))
    table.add("posted twice", sum(times > 1 for times in _posts(studio).values()), gate=at_most(0))
    table.add("IDENTIFYs", counters.identifies, gate=at_most(500))
    table.add("RESUMEs", counters.resumes)
    table.add("away p50", half, " s", digits=2)
    table.add("away p99", most, " s", digits=2, gate=at_most(30, " s"))


async def _storm(studio: Studio, minutes: float, table: Table) -> None:
    counters = studio.discord.counters
    posted, refused = len(_posts(studio)), counters.invalid_requests
    studio.comet.hold()
    calls = [await studio.slash("imagine", {"prompt": f"a fox in storm {number}"}) for number in range(_STORM_JOBS)]
    answered = await _answered(studio, calls)
    # Told more than "thinking …": what nobody could be told is taken back, and that is not what is measured.
    await studio.discord.wait_until(lambda: all(call.message and call.message.text() for call in answered), 30.0)
    studio.discord.faults.set(DiscordFault.RATE_LIMITED, times=None, seconds=1.0)
    studio.comet.release()
    over = time.perf_counter() + minutes * 60
    while (left := over - time.perf_counter()) > 0:
        print(f"{left / 60:.1f} min of storm left, {counters.invalid_requests - refused} refused", flush=True)
        await asyncio.sleep(min(left, 30.0))
    worst = counters.invalid_requests - refused
    studio.discord.faults.clear()
    began = time.perf_counter()
    await _pictures(studio, posted + len(answered))
    table.head(f"{minutes:g} minutes of nothing but 429, {len(answered)} jobs")
    table.add("invalid requests", worst, gate=at_most(999))
    table.add("pictures lost", posted + len(answered) - len(_posts(studio)), gate=at_most(0))
    table.add("posted twice", sum(times > 1 for times in _posts(studio).values()), gate=at_most(0))
    table.add("all posted after the storm", time.perf_counter() - began, " s", digits=1)


def _posts(studio: Studio) -> Counter[str]:
    """Return how many messages with a picture there ever were, by prompt."""
    shown = studio.discord.messages(studio.world.general, deleted=True)
    texts = (message.text() for message in shown if message.attachments and message.interaction is None)
    return Counter(text.partition("a fox ")[2].partition("**")[0].splitlines()[0] for text in texts)


async def _answered(studio: Studio, calls: list[Call]) -> list[Call]:
    """Return the interactions that were answered, once each has an answer or was given up."""
    await studio.discord.wait_until(lambda: all(call.first or call.failed for call in calls), timeout=30.0)
    return [call for call in calls if call.first]


async def _pictures(studio: Studio, count: int) -> None:
    """Wait until there are so many pictures, or for as long as is bearable."""
    until = time.perf_counter() + _PATIENCE_S
    while len(_posts(studio)) < count and time.perf_counter() < until:  # noqa: ASYNC110 - the last may never come
        await asyncio.sleep(_LOOK_S)


async def main() -> None:
    """Run both and print the table."""
    arguments = parser(__doc__)
    arguments.add_argument("--flaps", type=int, default=200)
    arguments.add_argument("--storm-minutes", type=float, default=2.0)
    chosen = arguments.parse_args()
    table = Table("Discord's bad days")
    with tempfile.TemporaryDirectory(prefix="easel-") as folder:
        async with open_studio(Path(folder), discord=DiscordOptions(identify_limit=1000)) as studio:
            if chosen.flaps:
                await _flaps(studio, chosen.flaps, table)
            if chosen.storm_minutes:
                await _storm(studio, chosen.storm_minutes, table)
    table.close(gate=chosen.gate)


if __name__ == "__main__":
    asyncio.run(main())
