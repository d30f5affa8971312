"""Registering the slash commands with Discord, only when their definition changed (200 new names a day and server).

The names and descriptions in other languages are a part of it. Knows discord.py's command tree and one small file.
Imports nothing of Easel.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any, Final, cast, final

from discord.http import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from pathlib import Path

    import discord
    from discord import app_commands

_log = logging.getLogger(__name__)

_PAUSE_S: Final = 5.0
_LONGEST_PAUSE_S: Final = 600.0
_GLOBAL: Final = "global"


@final
class CommandSync:
    """Registers the commands if, and only if, their definition changed.

    Compared with what Discord has as well as with the record of the last sync: the first finds what somebody else
    changed, the second what the comparison cannot see.

    Parameters
    ----------
    tree
        Of a client that has logged in; its translator, if it has one, names the commands in other languages.
    record
        The file that remembers what was registered last.
    guild
        Where to register; None registers everywhere.
    """

    def __init__(
        self,
        tree: app_commands.CommandTree[Any],
        record: Path,
        guild: discord.abc.Snowflake | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._tree = tree
        self._record = record
        self._guild = guild
        self._sleep = sleep

    async def run(self) -> None:
        """Sync until it has worked once; a failure is logged and tried again ever later, and never ends the bot."""
        if self._guild is not None:
            self._tree.copy_global_to(guild=self._guild)
        pause_s = _PAUSE_S
        while True:
            try:
                await self.sync()
            except Exception:  # noqa: BLE001 - a background task's boundary: commands may wait, the bot may not die
                _log.warning("commands could not be registered; next try in %.0f s", pause_s, exc_info=True)
            else:
                return
            await self._sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def sync(self) -> bool:
        """Register the commands where needed; tell whether that was so."""
        commands = await self._translated()
        mine = self._canonical(commands)
        place = f"{self._application_id}:{self._guild.id if self._guild else _GLOBAL}"
        digest = hashlib.sha256(json.dumps(mine, sort_keys=True).encode()).hexdigest()
        recorded = self._read_record().get(place, digest)
        is_new = recorded != digest or not _covers(self._canonical(await self._fetch()), mine)
        if is_new:
            await self._put(self._guild.id if self._guild else None, commands)
            _log.info("registered %d commands", len(commands))
        else:
            _log.info("commands are up to date")
        await self._leave(place)
        self._write_record({place: digest})
        return is_new

    async def _translated(self) -> list[dict[str, Any]]:
        """Return the commands as `CommandTree.sync` sends them."""
        commands, translator = self._tree.get_commands(guild=self._guild), self._tree.translator
        if translator is None:
            return [command.to_dict(self._tree) for command in commands]
        return [await command.get_translated_payload(self._tree, translator) for command in commands]

    async def _leave(self, place: str) -> None:
        """Take our commands back where they were registered before `COMMAND_GUILD_ID` changed: else people see two."""
        for former in self._read_record():
            application_id, _, where = former.partition(":")
            if former == place or application_id != str(self._application_id):
                continue
            if where == _GLOBAL or where.isdecimal():
                await self._put(None if where == _GLOBAL else int(where), [])
            _log.info("took the commands back from where they were before (%s)", where)

    async def _put(self, guild_id: int | None, commands: list[dict[str, Any]]) -> None:
        """Register these and no others. `CommandTree.sync` would translate all of them once more."""
        http = self._tree.client.http
        if guild_id is None:
            await http.bulk_upsert_global_commands(self._application_id, commands)
        else:
            await http.bulk_upsert_guild_commands(self._application_id, guild_id, commands)

    @property
    def _application_id(self) -> int:
        return self._tree.client.application_id or 0

    def _canonical(self, commands: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        plain = sorted(map(canonical, commands), key=lambda command: (command["type"], command["name"]))
        if self._guild is not None:  # Discord keeps these two for global commands only
            for command in plain:
                for key in _PLACE_KEYS:
                    command.pop(key, None)
        return plain

    async def _fetch(self) -> Sequence[dict[str, Any]]:
        # discord.py cannot ask for the other languages, and Discord leaves them out unless asked (its reference).
        place = "" if self._guild is None else f"/guilds/{self._guild.id}"
        route = Route("GET", f"/applications/{self._application_id}{place}/commands")
        commands = await self._tree.client.http.request(route, params={"with_localizations": "true"})
        return cast("Sequence[dict[str, Any]]", commands)

    def _read_record(self) -> dict[str, str]:
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return cast("dict[str, str]", record) if isinstance(record, dict) else {}

    def _write_record(self, record: dict[str, str]) -> None:
        self._record.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


_LANGUAGES: Final = ("name_localizations", "description_localizations")
_COMMAND_KEYS: Final = ("name", "description", "nsfw")
_PLACE_KEYS: Final = ("contexts", "integration_types")
_OPTION_KEYS: Final = (
    *("name", "description", "type", "required", "autocomplete"),
    *("min_value", "max_value", "min_length", "max_length"),
)


def _covers(theirs: list[dict[str, Any]], mine: list[dict[str, Any]]) -> bool:
    """Whether Discord has just our commands. What we leave open it fills in from the application's own settings."""
    if len(theirs) != len(mine):
        return False
    for their, my in zip(theirs, mine, strict=True):
        left_open = {key for key in _PLACE_KEYS if key not in my}
        if {key: value for key, value in their.items() if key not in left_open} != my:
            return False
    return True


def canonical(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a command's definition so that ours and Discord's copy compare equal: same keys, no defaults, sorted."""
    command = {key: raw[key] for key in _COMMAND_KEYS if raw.get(key)} | _in_languages(raw)
    command["type"] = raw.get("type", 1)
    if raw.get("default_member_permissions") is not None:
        command["default_member_permissions"] = str(raw["default_member_permissions"])
    for key in _PLACE_KEYS:
        if raw.get(key):
            command[key] = sorted(raw[key])
    command["options"] = [_option(option) for option in raw.get("options") or ()]
    return command


def _option(raw: dict[str, Any]) -> dict[str, Any]:
    # `is not None`: a limit of 0 means something; but False is what a missing flag means.
    option = {key: raw[key] for key in _OPTION_KEYS if raw.get(key) is not None and raw[key] is not False}
    option |= _in_languages(raw)
    option["choices"] = [
        {"name": choice["name"], "value": choice["value"], **_in_languages(choice)}
        for choice in raw.get("choices") or ()
    ]
    option["options"] = [_option(inner) for inner in raw.get("options") or ()]
    return option


def _in_languages(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: raw[key] for key in _LANGUAGES if raw.get(key)}
