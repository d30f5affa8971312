"""What odd events are made of, and how they are poured on a bot; for the test and for `benchmarks/fuzz.py`."""

from __future__ import annotations

import asyncio
import copy
import logging
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from bot.model import Status
from cogs.custom_ids import Verb, job_button

if TYPE_CHECKING:
    from tests.discord.conftest import Bot
    from tests.discord.odd_events import Event, OddEvents

#: discord.py's own names of the tasks in which events are dealt with.
_DEALING: Final = ("discord.py:", "CommandTree", "discord-ui-")
#: What a line that holds says about an event that nobody could read.
_LEFT_OUT: Final = "An event of Discord's could not be read; it is left out"
_BOUNDARIES: Final = ("bot.", "cogs.")
_OURS: Final = ("bot", "cogs", "storage")
_HOUSE: Final = Path(__file__).resolve().parent.parent.parent
_READABLE_AFTER: Final = 5  # the line begins anew after ten in a row that it cannot read


class Surprises(logging.Handler):
    """Listens for errors that came out of our code past every boundary of ours.

    What stops within discord.py because it cannot make sense of an event is no surprise, nor is what one of our own
    boundaries has logged: the person was told.

    Attributes
    ----------
    unreadable
        Events that were left out as a whole.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []
        self.unreadable = 0

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == _LEFT_OUT:
            self.unreadable += 1
        elif record.exc_info and record.exc_info[1] and not _is_caught(record):
            error = record.exc_info[1]
            files = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
            if any(file.is_relative_to(_HOUSE / ours) for file in files for ours in _OURS):
                self.seen.append(f"{record.name}: {record.getMessage()}: {error!r}")


def _is_caught(record: logging.LogRecord) -> bool:
    """Whether one of our boundaries logged it, or that of discord.py around suggestions, which then are not there."""
    return record.name.startswith(_BOUNDARIES) or record.msg.startswith("Ignoring exception in autocomplete")


async def real_events(bot: Bot) -> tuple[list[Event], str]:
    """Have people do this and that; return what Discord sent of it, and the job that it was about."""
    world = bot.discord.world
    picture = await bot.grid()
    job = await bot.job_of(picture)
    guest = bot.discord.person(world.guest)
    await (await guest.click(picture, label="Details")).answer()
    first = picture.components[0]["components"][0]
    honest, first["custom_id"] = first["custom_id"], job_button(job.id, Verb.EDIT)
    edit = await (await guest.click(picture, custom_id=first["custom_id"])).answer()
    first["custom_id"] = honest
    assert edit.modal is not None
    await (await guest.submit_modal(edit.modal, {"prompt": "a fox --nothing"})).answer()
    for name in ("history", "settings"):
        await (await guest.slash(name, channel=world.general)).answer()
    await guest.autocomplete("imagine", "prompt", "a fox --", channel=world.general)
    calls = [("INTERACTION_CREATE", call.payload) for call in bot.discord._state.calls.by_id.values()]  # pyright: ignore[reportPrivateUsage]  # what was sent
    reaction = {
        "user_id": str(world.guest.id),
        "channel_id": str(picture.channel.id),
        "message_id": str(picture.id),
        "guild_id": str(world.guild.id),
        "emoji": {"id": None, "name": "⭐"},
        "burst": False,
        "type": 0,
    }
    return [*copy.deepcopy(calls), ("MESSAGE_REACTION_ADD", reaction)], job.id


async def pour(bot: Bot, events: OddEvents, count: int, at_once: int = 50) -> None:
    """Send so many events to the bot, and wait until it has dealt with them."""
    for number in range(count):
        bot.discord.dispatch(*events.event())
        if number % _READABLE_AFTER == 0:
            bot.discord.dispatch("TYPING_START", {"channel_id": "1", "user_id": "1", "timestamp": 1})
        if number % at_once == 0:
            await _dealt_with()
    await _dealt_with()


async def _dealt_with() -> None:
    await asyncio.sleep(0.03)
    while dealing := [task for task in asyncio.all_tasks() if task.get_name().startswith(_DEALING)]:
        await asyncio.wait(dealing)


async def paid_for(bot: Bot) -> list[str]:
    """Return the jobs that were sent, or are about to be."""
    at_work = (Status.CANCELLED, Status.FAILED)
    rows = await bot.memory.jobs._database.read("SELECT id, status FROM jobs")  # pyright: ignore[reportPrivateUsage]  # of everybody
    return [row["id"] for row in rows if Status(row["status"]) not in at_work]
