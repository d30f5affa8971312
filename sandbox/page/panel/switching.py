"""What a person can switch in the side panel, verb by verb: each checks what it was given, then does it.

Whatever cannot be done is refused in one plain sentence. Shows nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar, final

from sandbox.comet import Fault
from sandbox.comet.script import ENDS, GONE
from sandbox.discord import DiscordFault
from sandbox.page.panel.catalog import LEAST_RATE, MOST_RATE, PERMISSIONS, ROUTES
from sandbox.process import BotNotUp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sandbox.discord import Channel
    from sandbox.scenario import Scenario

Json = dict[str, Any]
Name = TypeVar("Name", bound=StrEnum)

_MOST_TIMES: Final = 1000
_MOST_SECONDS: Final = 3600.0
_MOST_JUMP: Final = 366 * 86_400.0
_MOST_REASON: Final = 500
_STATUSES: Final = ((400, 599), (1000, 1000), (4000, 4999))
"""Codes that Discord answers with, or closes its gateway with."""
_UNEXPLAINED: Final = "Ended from the side panel"


@final
class Switching:
    """Does what the panel's verbs say."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.verbs: Mapping[str, Callable[[Json], Awaitable[None]]] = {
            "fault": self._fault,
            "fault_off": self._fault_off,
            "discord_fault": self._discord_fault,
            "discord_calm": self._discord_calm,
            "permission": self._permission,
            "speed": self._speed,
            "finish": self._finish,
            "fail": self._fail,
            "disconnect": self._disconnect,
            "pass_time": self._pass_time,
            "bot": self._bot,
        }

    # The API -----------------------------------------------------------------------------------------------------

    async def _fault(self, fields: Json) -> None:
        fault, seconds = _member(Fault, fields), _seconds(fields, _MOST_SECONDS)
        self._scenario.comet.faults.set(fault, times=_times(fields), seconds=seconds)

    async def _fault_off(self, fields: Json) -> None:
        fault = None if fields.get("name") is None else _member(Fault, fields)
        self._scenario.comet.faults.clear(fault)

    async def _speed(self, fields: Json) -> None:
        rate = _number(fields, "rate", LEAST_RATE, MOST_RATE)
        if rate is None:
            raise ValueError("Say how fast the jobs should go.")
        self._scenario.comet.set_rate(rate)

    async def _finish(self, fields: Json) -> None:
        self._scenario.comet.finish(self._unfinished(fields))

    async def _fail(self, fields: Json) -> None:
        reason = str(fields.get("reason") or _UNEXPLAINED)[:_MOST_REASON]
        self._scenario.comet.fail(self._unfinished(fields), reason)

    def _unfinished(self, fields: Json) -> str:
        """Return the id of a task that can still be ended."""
        task = self._scenario.comet.tasks.get(str(fields.get("task_id")))
        if task is None or task.status == GONE:
            raise LookupError("The API does not know this job any more.")
        if task.status in ENDS:
            raise ValueError("This job is over already.")
        return task.id

    # Discord -----------------------------------------------------------------------------------------------------

    async def _discord_fault(self, fields: Json) -> None:
        fault, route = _member(DiscordFault, fields), fields.get("route")
        if route not in tuple(ROUTES):
            raise LookupError("Discord has no such request.")
        seconds, status = _seconds(fields, _MOST_SECONDS), _status(fields)
        wait = 1.0 if seconds is None else seconds
        self._scenario.discord.faults.set(fault, route, _times(fields), seconds=wait, status=status)

    async def _discord_calm(self, _fields: Json) -> None:
        self._scenario.discord.faults.clear()

    async def _permission(self, fields: Json) -> None:
        name, is_allowed = str(fields.get("name")), fields.get("allowed")
        if name not in {permission.name for permission in PERMISSIONS}:
            raise LookupError("There is no such permission.")
        if not isinstance(is_allowed, bool):
            raise ValueError("Say whether it should be allowed.")  # noqa: TRY004 - one kind of error for one kind of mistake
        switch = self._scenario.discord.allow if is_allowed else self._scenario.discord.deny
        switch(self._channel(fields), name)

    def _channel(self, fields: Json) -> Channel:
        """Return a channel in which permissions can be given and taken."""
        channel_id = str(fields.get("channel_id"))
        channels = self._scenario.discord.world.channels.values()
        channel = next((one for one in channels if str(one.id) == channel_id and not one.deleted), None)
        if channel is None:
            raise LookupError("This channel is gone.")
        if channel.guild is None:
            raise ValueError("Direct messages have no permissions to give or take.")
        return channel

    async def _disconnect(self, _fields: Json) -> None:
        if not self._scenario.discord.is_bot_online:
            raise ValueError("The bot is not connected.")
        await self._scenario.discord.disconnect()

    async def _pass_time(self, fields: Json) -> None:
        seconds = _seconds(fields, _MOST_JUMP)
        if not seconds:
            raise ValueError("Say how many seconds should pass.")
        self._scenario.discord.advance(seconds)

    # The bot -----------------------------------------------------------------------------------------------------

    async def _bot(self, fields: Json) -> None:
        control = self._scenario.control
        ways: dict[str, Callable[[], Awaitable[None]]] = {
            "restart": control.restart,
            "kill": control.kill,
            "stop": control.stop,
            "start": control.start,
        }
        way = ways.get(str(fields.get("how")))
        if way is None:
            raise LookupError("The bot can be started, stopped, killed and restarted.")
        try:
            await way()
        except BotNotUp as error:
            raise ValueError(str(error)) from None


def _member(kind: type[Name], fields: Json) -> Name:
    try:
        return kind(str(fields.get("name")))
    except ValueError:
        raise LookupError("There is no such fault.") from None


def _times(fields: Json) -> int | None:
    """Return how often; None is until it is switched off."""
    times = _number(fields, "times", 1, _MOST_TIMES)
    if times is not None and times != int(times):
        raise ValueError("A number of times has to be a whole number.")
    return None if times is None else int(times)


def _seconds(fields: Json, most: float) -> float | None:
    return _number(fields, "seconds", 0, most)


def _status(fields: Json) -> int | None:
    status = _number(fields, "status", 0, 9999)
    if status is not None and not any(least <= status <= most for least, most in _STATUSES):
        raise ValueError("Discord answers with 400 to 599, and closes its gateway with 4000 to 4999.")
    return None if status is None else int(status)


def _number(fields: Json, name: str, least: float, most: float) -> float | None:
    """Return a number within its bounds, or None if there is none."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{name.capitalize()} has to be a number.")  # noqa: TRY004 - as above
    if not least <= value <= most:
        raise ValueError(f"{name.capitalize()} has to be from {least:g} to {most:g}.")
    return value
