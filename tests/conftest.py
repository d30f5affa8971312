"""What holds for all tests: how hypothesis runs, in which order folders come, how long the slow ones may take.

Fixtures for one folder live in that folder.
"""

from __future__ import annotations

import gc
import math
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, settings

from tests.canary import leaks, secrets

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

# No deadline, and no complaint of slowness: a shared machine may be busy for a moment, and pytest's own timeout ends
# what hangs. No database of examples: what failed once becomes an `@example`, where everybody runs it.
settings.register_profile(
    "easel",
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("easel")

_HERE: Final = Path(__file__).parent
_BROWSER: Final = "browser"
_WAITING: Final = ("process", "crash")
"""These start whole processes and kill them, and wait for them most of the time."""
_LONGEST: Final = (
    "test_accessible.py",
    "test_long_channel.py",
    "test_people_and_places.py",
    "test_recovery.py",
    "test_sandbox_command.py",
    "test_discord_faults.py",
    "test_faults.py",
    "test_kill.py",
    "test_kill_loop.py",
)
"""Each takes longer than all others of its folder; the longest is the first."""
_LONG_SECONDS: Final = 60


def _folder(path: Path) -> str:
    """The folder of tests that it belongs to."""
    return path.relative_to(_HERE).parts[0] if path.is_relative_to(_HERE) else ""


def _in_order(files: Iterable[Path]) -> list[Path]:
    """Put long files first, or one worker would still be at one of them when all others are done.

    The browser begins: it is the most work, and each worker starts one for all its files. What waits follows, spread
    among others, so one worker waits while others work; a quarter of these is left for the end, when nothing waits.
    """
    places = {name: place for place, name in enumerate(_LONGEST)}
    longest_first = sorted(files, key=lambda path: places.get(path.name, len(places)))
    browser = [path for path in longest_first if _folder(path) == _BROWSER]
    waiting = [path for path in longest_first if _folder(path) in _WAITING]
    others = [path for path in longest_first if _folder(path) not in (_BROWSER, *_WAITING)]
    step = math.ceil(len(others) / max(1, len(waiting) * 4 // 3))
    shares = (others[start : start + step] for start in range(0, len(others), max(1, step)))
    pairs = zip_longest(([path] for path in waiting), shares, fillvalue=list[Path]())
    return [*browser, *(path for one, share in pairs for path in (*one, *share))]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the garbage collector from what is there for good: it would go through all modules again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long files begin, and give what starts processes the time that it takes on a busy machine."""
    places = {path: place for place, path in enumerate(_in_order(dict.fromkeys(item.path for item in items)))}
    items.sort(key=lambda item: places[item.path])
    for item in items:
        if _folder(item.path) in (_BROWSER, *_WAITING) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(_LONG_SECONDS))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the whole run if a secret lies in any file that the tests wrote: logs, databases, backups, exports."""
    if hasattr(session.config, "workerinput"):
        return  # the one process that started the others looks at what all of them wrote
    factory: pytest.TempPathFactory = vars(session.config)["_tmp_path_factory"]  # there is no public way to it
    found = list(leaks(factory.getbasetemp(), secrets()))
    for path in found:
        session.config.get_terminal_writer().line(f"A SECRET STANDS IN {path}", red=True)
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
