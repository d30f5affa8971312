"""Settings, read once at start from the environment and `.env`, checked all together and frozen.

The only package that reads the environment. No message of it contains a value: any of them may be a secret that slipped
into the wrong line. Imports only the standard library, pydantic-settings, python-dotenv, `bot.errors` and `bot.model`.
"""

from bot.config.exit_codes import ExitCode
from bot.config.fault_plan import load_fault_plan
from bot.config.settings import Listen, LogFormat, LogLevel, Settings
from bot.config.supervision import Supervision, load_supervision

__all__ = [
    "ExitCode",
    "Listen",
    "LogFormat",
    "LogLevel",
    "Settings",
    "Supervision",
    "load_fault_plan",
    "load_supervision",
]
