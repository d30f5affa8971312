"""How much following jobs costs, however many are in flight, and how soon an end is seen; beside it the usual way.

    .venv/bin/python benchmarks/in_flight.py --gate

So many jobs are in flight all the time: when one ends, the next begins, and their percentages rise steadily. Easel's
engine runs in a process of its own with its real database and API client, against the sandbox's API in another: it
follows, writes down what it sees, and shows it to a Discord that takes everything at once. Pictures never come, for
`deliveries.py` measures those; with `--pictures` they are fetched and kept too. The usual way, in its own process, is a
coroutine for each job that asks every 2 s over a new connection; it writes and shows nothing, so Easel's tracker is
measured once more doing only that. None of them runs beside another.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.children import child
from benchmarks.seeding import Running, seed
from benchmarks.table import Table, at_least, at_most, cuts, parser
from storage.database import Database

if TYPE_CHECKING:
    import argparse

    from benchmarks.children import Child, Said, Use

#: Seconds that are let pass before anything is counted: the first look at everything is over by then.
_WARMING: Final = 8.0
#: Seconds that jobs take, as performance 2.2 measured it, and as reliability D1 asks for it.
_SOME, _MANY = (8.0, 28.0), (30.0, 90.0)
_MANY_FROM: Final = 5_000

Plan: TypeAlias = "list[tuple[str, float, float]]"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """So many jobs at any time, of so many seconds at least and at most, watched for so many seconds."""

    jobs: int
    least: float
    most: float
    seconds: float
    has_pictures: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What following a load took.

    Attributes
    ----------
    requests
        Per job that ended.
    late
        p50 and p99 of the seconds from the end of a task until that was seen.
    """

    jobs: int
    requests: float
    late: tuple[float, float]
    use: Use
    loop_lag: float
    poll_lag: float


async def _measure(load: Load, script: str, *options: str) -> Figures:
    """Have a load followed by one of the scripts beside this one."""
    course: list[object] = ["--places", load.jobs, "--least", load.least, "--most", load.most]
    course += ["--with-pictures"] if load.has_pictures else []
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as name:
        folder = Path(name)
        async with child("upstream.py", *course, "--seconds", _WARMING + load.seconds) as api:
            said = await api.hear()
            await _write_down(said["tasks"], folder)
            async with child(script, folder, said["url"], said["key"], *options) as follower:
                await follower.hear()
                start = (await api.ask("go"))["at"]
                await follower.ask(str(start))
                return await _watch(load, said["tasks"], start, api, follower)


async def _write_down(plan: Plan, folder: Path) -> None:
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    now = datetime.now(UTC)
    async with await Database.open(folder / "easel.db") as database:
        await seed(database, [Running(task, now + timedelta(seconds=begins)) for task, begins, _ in plan if begins < 0])


async def _watch(load: Load, plan: Plan, start: float, api: Child, follower: Child) -> Figures:
    await asyncio.sleep(_WARMING)
    await follower.ask("measure")
    before, meter = await api.ask("count"), follower.meter()
    await asyncio.sleep(load.seconds)
    use, after = meter.stop(), await api.ask("count")
    said = await follower.ask("stop")
    until = _WARMING + load.seconds
    ends = [(task, start + end) for task, _, end in plan if _WARMING <= end <= until]
    # Not seen yet: as late as it is by now, and perhaps more.
    late = [said["seen"].get(task, start + until) - end for task, end in ends]
    return Figures(
        jobs=len(ends),
        requests=(_looks(after) - _looks(before)) / len(ends),
        late=cuts(late),
        use=use,
        loop_lag=said["loop_lag"],
        poll_lag=said["poll_lag"],
    )


def _looks(said: Said) -> int:
    return said["lists"] + said["fetches"]


def _add(table: Table, load: Load, easel: Figures, following: Figures, usual: Figures) -> None:
    """Add what was measured of a load. The promises are made for 1,000 and for 10,000 jobs."""
    is_large = load.jobs >= _MANY_FROM
    table.head(f"{load.jobs:,} jobs in flight, of {load.least:g} to {load.most:g} s; {easel.jobs:,} ended")
    requests = at_most(0.1 if is_large else 0.2)
    table.add("status requests per job", easel.requests, digits=3, gate=requests, usual=usual.requests)
    table.add("  times fewer", usual.requests / easel.requests, " ×", gate=at_least(50))
    soon, late = (None, None) if is_large else (at_most(0.8, " s"), at_most(1.8, " s"))
    table.add("end to seen, p50", easel.late[0], " s", digits=2, gate=soon, usual=usual.late[0])
    table.add("end to seen, p99", easel.late[1], " s", digits=2, gate=late, usual=usual.late[1])
    table.add("late for the timetable, p99", easel.poll_lag, " s", digits=2, gate=at_most(5, " s"))
    table.add("most memory", easel.use.peak, " MiB", gate=at_most(300, " MiB"), usual=usual.use.peak)
    table.add("event loop late, p99", easel.loop_lag, " ms", digits=1, usual=usual.loop_lag)
    table.add("CPU, of one core", easel.use.cpu, " %", digits=1, gate=at_most(70, " %"))
    table.add("CPU, following alone", following.use.cpu, " %", digits=1, usual=usual.use.cpu)
    table.add(
        "  times less", usual.use.cpu / following.use.cpu, " ×", digits=1, gate=None if is_large else at_least(10)
    )


async def _run(loads: list[Load], *, gate: bool) -> None:
    table = Table("In flight: what following jobs costs")
    for load in loads:
        easel = await _measure(load, "alone.py")
        following = await _measure(load, "alone.py", "--only-following")
        _add(table, load, easel, following, await _measure(load, "usual_way.py"))
    table.close(gate=gate)


def _load(jobs: int, arguments: argparse.Namespace) -> Load:
    least, most = _MANY if jobs >= _MANY_FROM else _SOME
    return Load(jobs=jobs, least=least, most=most, seconds=arguments.seconds, has_pictures=arguments.pictures)


def main() -> None:
    """Read the command line, run, print."""
    reading = parser(__doc__)
    reading.add_argument("--jobs", type=int, nargs="*", default=[1_000, 10_000], help="in flight at any time")
    reading.add_argument("--seconds", type=float, default=28.0, help="how long each is watched")
    reading.add_argument("--pictures", action="store_true", help="have pictures fetched, kept and delivered as well")
    arguments = reading.parse_args()
    asyncio.run(_run([_load(jobs, arguments) for jobs in arguments.jobs], gate=arguments.gate))


if __name__ == "__main__":
    main()
