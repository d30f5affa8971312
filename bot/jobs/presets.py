"""`Presets`: words and parameters that people keep under names, and share with a server.

Knows the ports and `bot.prompt`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.errors import ActionUnavailable, PresetUnknown
from bot.language import mark, say
from bot.model import Preset
from bot.prompt import quote, read_piece, spell_piece

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, Memory
    from bot.model import SharedPreset

#: One person's; more than anybody finds again by name.
MOST_PRESETS: Final = 50
#: Characters of a name.
LONGEST_NAME: Final = 32
#: So many shared ones are looked through; nobody reads a longer list.
_LOOKED_AT: Final = 100

#: What a suggestion holds: the owner's id and the name. A name has no colon, so nobody types one by chance.
_PICKED: Final = re.compile(r"(?P<owner>[0-9]{1,20}):(?P<name>.+)", re.DOTALL)

_NO_SERVER: Final = mark("Presets are shared with the people of a server, and this is none. Use that there.")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """The presets that somebody may use in a place.

    Attributes
    ----------
    own
        By name.
    shared
        By others, by name.
    shared_names
        Those of their own that others may use there.
    """

    own: tuple[Preset, ...]
    shared: tuple[SharedPreset, ...]
    shared_names: frozenset[str] = frozenset()


def preset_value(preset: Preset) -> str:
    """Return what names a preset among those of everybody, for `Presets.find`; at most 100 characters."""
    return f"{preset.user_id}:{preset.name}"


@final
class Presets:
    """What people keep under names. Holds no state."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._presets = memory.presets
        self._clock = clock

    async def put(self, user_id: int, name: str, text: str) -> Preset:
        """Keep a checked text under a name, in the place of what the person kept there.

        Raises
        ------
        PromptInvalid
            The text cannot be a part of a prompt.
        ActionUnavailable
            It is no name, or the person has too many; with the sentence to show.
        StorageError
            The database refused.
        """
        known = _name(name)
        spelled = spell_piece(read_piece(text))
        preset = Preset(user_id=user_id, name=known, text=spelled, created_at=self._clock.now())
        if not await self._presets.put(preset, MOST_PRESETS):
            raise ActionUnavailable(
                say(
                    "You have {most} presets, and that is the most. Delete one with `/preset delete`, then keep this.",
                    most=MOST_PRESETS,
                )
            )
        return preset

    async def usable(self, user_id: int, guild_id: int | None, part: str = "") -> Usable:
        """Return the presets that somebody may use in a place, those with these letters in their names."""
        folded = _fold(part)
        own = tuple(preset for preset in await self._presets.of(user_id) if folded in preset.name)
        if guild_id is None:
            return Usable(own=own, shared=())
        shared = await self._presets.shared(guild_id, folded, _LOOKED_AT)
        return Usable(
            own=own,
            shared=tuple(each for each in shared if each.preset.user_id != user_id),
            shared_names=frozenset(each.preset.name for each in shared if each.preset.user_id == user_id),
        )

    async def own(self, user_id: int, name: str) -> Preset:
        """Return a preset of a person's own.

        Raises
        ------
        PresetUnknown
            They have none of that name.
        """
        preset = await self._presets.get(user_id, _fold(name))
        if preset is None:
            raise _unknown(name)
        return preset

    async def find(self, user_id: int, guild_id: int | None, wanted: str) -> Preset:
        """Return the preset that somebody typed the name of or picked: their own, or one that is shared in that server.

        Raises
        ------
        PresetUnknown
            There is none that they may use there, or several; with the sentence to show.
        """
        picked = _PICKED.fullmatch(wanted)
        name = picked["name"] if picked else _fold(wanted)
        own = await self._presets.get(user_id, name)
        if own is not None and (picked is None or int(picked["owner"]) == user_id):
            return own
        shared = [] if guild_id is None else await self._presets.shared_as(guild_id, name, _LOOKED_AT)
        fitting = [each.preset for each in shared if picked is None or each.preset.user_id == int(picked["owner"])]
        if len(fitting) > 1:
            raise PresetUnknown(
                say("Several people share a preset {name} here. Pick one of the suggestions.", name=quote(name))
            )
        if not fitting:
            raise _unknown(name)
        return fitting[0]

    async def delete(self, user_id: int, name: str) -> Preset:
        """Forget a preset of a person's own, wherever it is shared; return what it was.

        Raises
        ------
        PresetUnknown
            They have none of that name.
        """
        preset = await self.own(user_id, name)
        if not await self._presets.delete(user_id, preset.name):
            raise _unknown(name)
        return preset

    async def share(self, user_id: int, guild_id: int | None, name: str, owner_name: str) -> Preset:
        """Let the people of a server use a preset of a person's own.

        Parameters
        ----------
        owner_name
            What they are called there.

        Raises
        ------
        PresetUnknown, ActionUnavailable
            They have none of that name, or this is no server.
        """
        if guild_id is None:
            raise ActionUnavailable(say(_NO_SERVER))
        preset = await self.own(user_id, name)
        if not await self._presets.share(guild_id, user_id, preset.name, owner_name):
            raise _unknown(name)
        return preset

    async def unshare(self, user_id: int, guild_id: int | None, name: str) -> Preset:
        """Let nobody else use a preset there any more; one that is not shared there is no error.

        Raises
        ------
        PresetUnknown, ActionUnavailable
            They have none of that name, or this is no server.
        """
        if guild_id is None:
            raise ActionUnavailable(say(_NO_SERVER))
        preset = await self.own(user_id, name)
        await self._presets.unshare(guild_id, user_id, preset.name)
        return preset


def _fold(text: str) -> str:
    """Return a name as it is kept: case and width make no difference."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def _name(typed: str) -> str:
    name = _fold(typed)
    if not 1 <= len(name) <= LONGEST_NAME or not all(map(_may_stand, name)):
        raise ActionUnavailable(
            say(
                "{typed} cannot be a name. One has 1 to {most} letters, digits, dashes and underscores, "
                "such as `soft-light`.",
                typed=quote(typed),
                most=LONGEST_NAME,
            )
        )
    return name


def _may_stand(character: str) -> bool:
    return character in "-_" or unicodedata.category(character)[0] in "LMN"  # marks: vowels of many scripts


def _unknown(name: str) -> PresetUnknown:
    return PresetUnknown(
        say("I know no preset {name} that you may use here. `/preset list` shows them.", name=quote(name))
    )
