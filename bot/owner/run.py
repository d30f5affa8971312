"""`python -m bot run`: the bot itself. Imports the composition root."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot import fault_points
from bot.app import run
from bot.config import load_fault_plan

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from bot.config import ExitCode, Settings


def arguments(parser: ArgumentParser) -> None:
    """Take one: everything else is in the settings."""
    parser.add_argument(
        "--recovered",
        action="store_true",
        help="the database was put back out of some older copy: what waits to be sent may have been sent since, and "
        "is not sent again (backups of Easel's own are recognized without this)",
    )


def main(settings: Settings, arguments: Namespace) -> ExitCode:
    """Run the bot until a signal or a fault ends it.

    Raises
    ------
    ConfigurationInvalid
        A test's fault plan was left in the environment.
    StorageError
        The database cannot be opened or belongs to another instance.
    """
    fault_points.arm(load_fault_plan(settings))
    return asyncio.run(run(settings, is_put_back=arguments.recovered))
