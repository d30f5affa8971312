"""The command itself: asks one after the other, and prints each finding as soon as it is there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.config import ExitCode
from bot.jobs.clock import SystemClock
from bot.owner.doctor.at_discord import examine_discord
from bot.owner.doctor.database import examine_database
from bot.owner.doctor.machine import examine_machine
from bot.owner.doctor.notes import Mark, well
from bot.owner.doctor.outside import examine_api, examine_http
from storage.lockfile import holder_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator

    from bot.config import Settings
    from bot.jobs.ports import Clock
    from bot.owner.doctor.notes import Note


def arguments(_: ArgumentParser) -> None:
    """Take none: everything is in the settings."""


def main(settings: Settings, _: Namespace) -> ExitCode:
    """Look at everything; tell with the exit code whether something has to be to_mend.

    Settings that cannot be read are told before this is called, all of them, each with its fix.
    """
    return asyncio.run(look(settings))


async def look(settings: Settings) -> ExitCode:
    """Print what is found, and return how to exit."""
    to_mend = 0
    async for note in examine(settings, SystemClock()):
        print(note, flush=True)
        to_mend += note.mark is Mark.ILL
    print(f"\n{to_mend} to mend." if to_mend else "\nNothing to mend.")
    return ExitCode.CONFIGURATION if to_mend else ExitCode.OK


async def examine(settings: Settings, clock: Clock) -> AsyncIterator[Note]:
    """Look at everything, what is nearest first."""
    yield well("Settings", "complete and possible; .env, if there is one, is for its owner alone")
    for found in examine_machine(settings):
        yield found
    for found in examine_database(settings, clock.now()):
        yield found
    is_running = bool(holder_of(settings.database_path.resolve()))
    async for found in examine_http(settings, is_running=is_running):
        yield found
    async for found in examine_api(settings):
        yield found
    async for found in examine_discord(settings, clock):
        yield found
