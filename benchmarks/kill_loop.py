"""Kill the bot hundreds of times at its work, and count what was paid twice, shown twice or lost.

    .venv/bin/python benchmarks/kill_loop.py --kills 500 --seed 7
    .venv/bin/python benchmarks/kill_loop.py --each            # once at every named fault point
    .venv/bin/python benchmarks/kill_loop.py --each --term     # the same with a request to stop: in at most 20 s

The real bot works between both sandboxes for people who ask and press without pause. Every second time it ends at a
named fault point, else at random; then it is started again. The API's own charges and Discord's own messages are the
truth (`tests/crash/checker.py`). Exits with 1 if a promise was broken, and prints what the log says about that job. The
same seed has the same people do the same things; which process is how far meanwhile is the machine's own dice.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import facts
from benchmarks.table import cuts
from bot.fault_points import Deed, Point
from tests.crash.killing import STOPPED_WITHIN, Fate, at, fates, open_loop, places

if TYPE_CHECKING:
    from tests.crash.checker import Broken
    from tests.crash.killing import KillLoop, Tally

#: Processes that are ended in a row before one may finish everything.
_ROW: Final = 10
_LOG_LINES: Final = 60


async def _run(arguments: argparse.Namespace, folder: Path) -> bool:
    """Run the loop; tell whether every promise was kept."""
    dice = random.Random(arguments.seed)  # noqa: S311 - to be thrown again, not to be secret
    began = time.monotonic()
    async with open_loop(folder, dice, with_receiver=arguments.receiver) as loop:
        for number, fate in enumerate(_fates(arguments, dice), start=1):
            broken = await loop.cycle(fate)
            if number % _ROW == 0:
                broken += await loop.settle()
                print(f"{number} ended, {loop.checker.count().jobs} jobs, {len(loop.tally.broken)} broken", flush=True)
            _tell(broken, fate, folder)
        _tell(await loop.settle(), "all the time it wants", folder)
        _print(arguments, loop, time.monotonic() - began)
        return not loop.tally.broken and all(each <= STOPPED_WITHIN for each in loop.tally.stopped_after)


def _fates(arguments: argparse.Namespace, dice: random.Random) -> list[Fate]:
    deed = Deed.TERM if arguments.term else Deed.KILL
    if arguments.at:
        return [at(Point(arguments.at), dice, deed) for _ in range(arguments.kills)]
    if arguments.each:
        return [Fate(deed, point) for point in places(with_receiver=arguments.receiver)]
    return fates(arguments.kills, dice, deed, with_receiver=arguments.receiver)


def _tell(broken: list[Broken], after: object, folder: Path) -> None:
    """Print what was broken, with the log's lines about it."""
    if not broken:
        return
    lines = (folder / "bot.log").read_text(encoding="utf-8", errors="replace").splitlines()
    for each in broken:
        print(f"\nBROKEN {each.invariant} after {after}: job {each.job_id} {each.what}")
        about = [line for line in lines if each.job_id in line]
        print("\n".join(f"    {line}" for line in about[-_LOG_LINES:]), flush=True)


def _print(arguments: argparse.Namespace, loop: KillLoop, seconds: float) -> None:
    tally, found = loop.tally, loop.checker.count()
    by_point = sum(tally.ends.values()) - tally.ends["random"]
    what = "stops" if arguments.term else "kills"
    print(f"\n{facts()}\n")
    rows: list[tuple[str, object]] = [
        ("seed", arguments.seed),
        (
            f"{what}, at random / at {len(tally.ends.keys() - {'random'})} points",
            f"{tally.ends['random']} / {by_point}",
        ),
        ("points not reached in time", sum(tally.missed.values())),
        ("jobs", found.jobs),
        ("pictures delivered", found.delivered),
        ("charges, of these refunded", f"{found.charges}, {found.refunds}"),
        ("duplicate charges", found.duplicate_charges),
        ("duplicate posts", found.duplicate_posts),
        ("lost pictures", found.lost_pictures),
        ("receiver beside it", "yes" if arguments.receiver else "no"),
        ("unknown: charged / not charged", f"{found.unknown_charged} / {found.unknown_not_charged}"),
        ("  charged, of a task that no callback ever names", found.unknown_unnamed),
        ("  all of them told to their person", found.unknown_told),
        ("modal step sent, its end still waited for", found.in_doubt),
        ("start to ready, p50 / p99", _cuts(tally.ready_after)),
        ("start to all open tasks looked at, p50 / p99", _cuts(tally.looked_after)),
        ("invariants broken", len(tally.broken)),
        ("minutes", f"{seconds / 60:.1f}"),
    ]
    if tally.stopped_after:
        rows.insert(-2, ("asked to stop until stopped, p50 / p99 / worst", _stops(tally)))
    for name, value in rows:
        print(f"{name:<48} {value}")
    if tally.missed:
        print("not reached: " + ", ".join(f"{point} × {count}" for point, count in sorted(tally.missed.items())))


def _stops(tally: Tally) -> str:
    codes = ", ".join(f"{code} × {count}" for code, count in tally.exits.most_common())
    return f"{_cuts(tally.stopped_after)} / {max(tally.stopped_after):.1f} s (exit code {codes})"


def _cuts(values: list[float]) -> str:
    if not values:
        return "-"
    middle, most = cuts(values)
    return f"{middle:.1f} s / {most:.1f} s"


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None, help="that of a former run; else a new one")
    parser.add_argument("--each", action="store_true", help="every named point once, instead of --kills")
    parser.add_argument("--at", choices=[point.value for point in Point], help="this point alone")
    parser.add_argument("--term", action="store_true", help="ask the bot to stop instead of killing it")
    parser.add_argument("--receiver", action="store_true", help="`python -m bot receive` runs beside it, undisturbed")
    parser.add_argument("--folder", type=Path, help="where the database and the log stay; else they are removed")
    arguments = parser.parse_args()
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(10_000)
    print(f"seed {arguments.seed}", flush=True)
    if arguments.folder is not None:
        arguments.folder.mkdir(parents=True)
        kept = asyncio.run(_run(arguments, arguments.folder))
    else:
        with tempfile.TemporaryDirectory(prefix="easel-kill-loop-") as folder:
            kept = asyncio.run(_run(arguments, Path(folder)))
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
