"""Whether a fault plan may be armed: only where a test says so, and where nothing real is within reach.

Imports only the standard library and `bot.errors`, `bot.fault_points` and its neighbors.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from yarl import URL

from bot.config.env_file import Problem
from bot.errors import ConfigurationInvalid
from bot.fault_points import FaultPlan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.config.settings import Settings

#: Where a test writes what is to happen, as `FaultPlan.read` takes it …
PLAN: Final = "EASEL_FAULT"
#: … and what it has to say besides.
SWITCH: Final = "EASEL_FAULT_SWITCH"
SWITCH_ON: Final = "this-is-a-test"

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_FIX: Final = f"Remove {PLAN}: it is for Easel's own tests and ends the bot in the middle of its work."


def load_fault_plan(settings: Settings, environment: Mapping[str, str] | None = None) -> FaultPlan | None:
    """Return what a test wants to happen; None in every ordinary run.

    Raises
    ------
    ConfigurationInvalid
        A plan is named without the switch, or with Discord or an API that are not on this machine, or is none.
    """
    environment = os.environ if environment is None else environment  # noqa: TID251 - as for the settings
    text = environment.get(PLAN, "")
    if not text:
        return None
    addresses = (settings.discord_api_url or "", settings.cometapi_base_url)
    if environment.get(SWITCH) != SWITCH_ON:
        raise _refused(f"is set, but {SWITCH} is not")
    if not all(URL(address).host in _LOOPBACK for address in addresses):
        raise _refused("is set while Discord or the API is not on this machine")
    try:
        return FaultPlan.read(text)
    except ValueError:
        raise _refused("is no fault plan") from None


def _refused(reason: str) -> ConfigurationInvalid:
    return ConfigurationInvalid([Problem(PLAN, reason, _FIX)])
