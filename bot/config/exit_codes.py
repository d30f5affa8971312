"""How the process ends, for service managers: they must not restart what only a person can mend.

Imports only the standard library.
"""

from __future__ import annotations

from enum import IntEnum
from typing import final


@final
class ExitCode(IntEnum):
    """Exit codes, named after `sysexits.h` (design 4). All but `FAULT` ask for a person, not for a restart."""

    OK = 0
    FAULT = 1
    USAGE = 64
    STORAGE = 74
    IN_USE = 75
    CONFIGURATION = 78
