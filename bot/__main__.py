"""`python -m bot`: reads the settings, does what was asked, and turns every end into a sentence and an exit code."""

from __future__ import annotations

import gc
import logging
import sys
from argparse import ArgumentParser
from importlib import import_module
from typing import TYPE_CHECKING, Final, NoReturn, Protocol, cast, final

from typing_extensions import override

from bot import log
from bot.config import ExitCode, Settings
from bot.errors import ConfigurationInvalid, DatabaseInUse, SchemaTooNew, StorageError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

#: What can be asked for: the module of that name in `bot.owner`, and what it does.
COMMANDS: Final[Mapping[str, str]] = {
    "run": "run the bot (what happens without a command)",
    "receive": "take the API's callbacks, also while the bot is not running",
    "backup": "write the database into a file, also while the bot runs",
    "verify": "look through a backup",
    "restore": "put a backup in the place of the database",
    "fsck": "look whether what the database says fits together, also while the bot runs",
    "doctor": "look whether Easel can work here, also while it does",
    "probe": "ask the live API and Discord what their documentation leaves open",
}

#: Those that speak neither with Discord nor with the API.
_WITHOUT_SECRETS: Final = frozenset({"receive", "backup", "verify", "restore", "fsck"})
#: What goes on as far as it can where settings are wrong, and tells of these itself.
_ANYHOW: Final = frozenset({"doctor"})


class OwnerCommand(Protocol):
    """What a module of `bot.owner` has."""

    def arguments(self, parser: ArgumentParser, /) -> None:
        """Name what the command takes."""
        ...

    def main(self, settings: Settings, arguments: Namespace, /) -> ExitCode:
        """Do it. Raises `ConfigurationInvalid` and `StorageError`, whose texts are for the owner."""
        ...


@final
class _Parser(ArgumentParser):
    @override
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\n")


def main(arguments: list[str]) -> ExitCode:
    """Do what the arguments ask for; without any, run the bot."""
    name = arguments[0] if arguments and arguments[0] in COMMANDS else "run"
    command = _import(name)
    parsed = _make_parser(name, command).parse_args(arguments or [name])
    try:
        settings = Settings.load(with_secrets=name not in _WITHOUT_SECRETS, anyhow=name in _ANYHOW)
        log.configure(settings.log_level, settings.log_format, secrets=settings.secrets)
        return command.main(settings, parsed)
    except ConfigurationInvalid as error:
        print(error, file=sys.stderr)
        return ExitCode.CONFIGURATION
    except StorageError as error:
        logging.getLogger("bot").critical("%s %s", error, error.explanation)
        if isinstance(error, DatabaseInUse):
            return ExitCode.IN_USE
        return ExitCode.CONFIGURATION if isinstance(error, SchemaTooNew) else ExitCode.STORAGE


def _import(name: str) -> OwnerCommand:
    """Import a command, a third faster than otherwise, and spare the collector what stays for good from then on."""
    gc.disable()
    try:
        return cast("OwnerCommand", import_module(f"bot.owner.{name}"))
    finally:
        gc.freeze()
        gc.enable()


def _make_parser(name: str, command: OwnerCommand) -> ArgumentParser:
    """Return a parser that knows all commands, and of the one that was asked for what it takes."""
    parser = _Parser(prog="python -m bot", description="Easel: Midjourney in your Discord server.")
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND")
    for known, what in COMMANDS.items():
        own = parsers.add_parser(known, help=what, description=what[0].upper() + what[1:] + ".")
        if known == name:
            command.arguments(own)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
