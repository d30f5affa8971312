"""`python -m bot`: reads the settings, runs the bot, and turns every end into a sentence and an exit code."""

from __future__ import annotations

import asyncio
import logging
import sys

from bot import log
from bot.app import run
from bot.config import ExitCode, Settings
from bot.errors import ConfigurationInvalid, DatabaseInUse, SchemaTooNew, StorageError

_USAGE = "usage: python -m bot [run]"


def main(arguments: list[str]) -> ExitCode:
    """Run the command that the arguments name; `run` is the only one, and the default."""
    if arguments not in ([], ["run"]):
        print(_USAGE, file=sys.stderr)
        return ExitCode.USAGE
    try:
        settings = Settings.load()
    except ConfigurationInvalid as error:
        print(error, file=sys.stderr)
        return ExitCode.CONFIGURATION
    log.configure(settings.log_level, settings.log_format, secrets=settings.secrets)
    try:
        return asyncio.run(run(settings))
    except StorageError as error:
        logging.getLogger("bot").critical("%s %s", error, error.explanation)
        if isinstance(error, DatabaseInUse):
            return ExitCode.IN_USE
        return ExitCode.CONFIGURATION if isinstance(error, SchemaTooNew) else ExitCode.STORAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
