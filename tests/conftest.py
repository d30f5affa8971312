"""What holds for all tests: how hypothesis runs, in which order folders come, how long the slow ones may take.

Fixtures for one folder live in that folder.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, settings

from tests.canary import leaks, secrets

if TYPE_CHECKING:
    from collections.abc import Generator

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
_PROCESSES: Final = ("process", "browser", "crash")  # these start whole processes and kill them
_LONG_SECONDS: Final = 60


def _folder(item: pytest.Item) -> str:
    """The folder of tests that it belongs to."""
    return item.path.relative_to(_HERE).parts[0] if item.path.is_relative_to(_HERE) else ""


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
    """Let the slow folders begin, or one worker would still be at a long file of theirs when all others are done."""
    items.sort(key=lambda item: _PROCESSES.index(_folder(item)) if _folder(item) in _PROCESSES else len(_PROCESSES))
    for item in items:
        if _folder(item) in _PROCESSES and not item.get_closest_marker("timeout"):
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
