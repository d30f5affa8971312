"""The command itself: asks one after the other, and prints each finding as soon as it is there."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.config import ExitCode
from bot.jobs.clock import SystemClock
from bot.owner.doctor.at_discord import examine_discord
from bot.owner.doctor.database import examine_database
from bot.owner.doctor.machine import examine_folder, examine_programs
from bot.owner.doctor.notes import Mark, ill, note, well
from bot.owner.doctor.outside import examine_api, examine_http
from storage.lockfile import holder_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.config import Settings
    from bot.jobs.ports import Clock
    from bot.owner.doctor.notes import Note


def arguments(_: ArgumentParser) -> None:
    """Take none: everything is in the settings."""


def main(settings: Settings, _: Namespace) -> ExitCode:
    """Look at everything; tell with the exit code whether something has to be mended.

    Of settings that are wrong all are told, and only what needs them is not looked at.
    """
    return asyncio.run(look(settings))


async def look(settings: Settings) -> ExitCode:
    """Print what is found, and return how to exit."""
    to_mend = 0
    async for found in examine(settings, SystemClock()):
        print(found, flush=True)
        to_mend += found.mark is Mark.ILL
    print(f"\n{to_mend} to mend." if to_mend else "\nNothing to mend.")
    return ExitCode.CONFIGURATION if to_mend else ExitCode.OK


async def examine(settings: Settings, clock: Clock) -> AsyncIterator[Note]:
    """Look at everything, what is nearest first."""
    if not settings.problems:
        yield well("Settings", "complete and possible; .env, if there is one, is for its owner alone")
    for problem in settings.problems:
        yield ill("Settings", f"{problem.key} {problem.reason}", problem.fix)
    wrong = {problem.key for problem in settings.problems}
    for found in examine_programs():
        yield found
    for about, needed, examine_part in _parts(settings, clock):
        if missing := sorted(needed & wrong):
            yield note(about, f"not looked at, for want of {' and '.join(missing)}")
            continue
        async for found in examine_part():
            yield found


def _parts(settings: Settings, clock: Clock) -> Iterator[tuple[str, set[str], Callable[[], AsyncIterator[Note]]]]:
    """Name what is looked at, the settings that each needs, and how to look."""
    yield "Data folder", {"DATABASE_URL"}, partial(_here, settings, clock)
    yield "HTTP", {"DATABASE_URL", "HTTP_LISTEN", "PUBLIC_URL"}, partial(_at_home, settings)
    yield "API key", {"COMETAPI_KEY", "COMETAPI_BASE_URL"}, partial(examine_api, settings)
    yield "Discord", {"DISCORD_TOKEN", "DISCORD_API_URL"}, partial(examine_discord, settings, clock)


async def _here(settings: Settings, clock: Clock) -> AsyncIterator[Note]:
    for found in (*examine_folder(settings), *examine_database(settings, clock.now())):
        yield found


async def _at_home(settings: Settings) -> AsyncIterator[Note]:
    is_running = bool(holder_of(settings.database_path.resolve()))
    async for found in examine_http(settings, is_running=is_running):
        yield found
