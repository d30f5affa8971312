"""What holds for all tests: how hypothesis runs, and how long the slow folders may take.

Fixtures for one folder live in that folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

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
_PROCESSES: Final = frozenset({"crash", "process", "browser"})  # these start whole processes and kill them
_LONG_SECONDS: Final = 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not item.path.is_relative_to(_HERE) or item.get_closest_marker("timeout"):
            continue
        if item.path.relative_to(_HERE).parts[0] in _PROCESSES:
            item.add_marker(pytest.mark.timeout(_LONG_SECONDS))
