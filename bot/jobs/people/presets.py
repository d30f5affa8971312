"""`Presets`: words and parameters that people keep under names, and share with a server.

A moderator can take one out of their server. Its owner is not told: they lose nothing, `/preset list` shows them where
it is shared no more, and a message of ours would only point at whoever did it.

Knows the ports and `bot.prompt`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.errors import ActionUnavailable, NotPermitted, PresetUnknown
from bot.jobs.people.naming import fold, known_name
from bot.language import mark, say, say_list
from bot.model import Preset
from bot.prompt import quote, read_piece, spell_piece

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, Memory
    from bot.model import KeptPreset, SharedPreset

#: One person's; more than anybody finds again by name.
MOST_PRESETS: Final = 50
#: So many shared ones are looked through; nobody reads a longer list.
_LOOKED_AT: Final = 100
#: So many of those who share the same name are named.
_NAMED: Final = 5

#: What a suggestion holds: the owner's id and the name. A name has no colon, so nobody types one by chance.
_PICKED: Final = re.compile(r"(?P<owner>[0-9]{1,20}):(?P<name>.+)", re.DOTALL)

_NO_SERVER: Final = mark("Presets are shared with the people of a server. Use this command in one.")
_NOT_THEIRS: Final = mark("{name} is shared here by {owner}. You may use it, but it is not yours to change.")
_NOT_TO_UNSHARE: Final = mark(
    "{name} is shared here by {owner}. Only they, or those with the permission *Manage Server*, can take that back."
)


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

    async def put(self, user_id: int, name: str, text: str) -> KeptPreset:
        """Keep a checked text under a name, in the place of what the person kept there; return that with it.

        Raises
        ------
        PromptInvalid
            The text cannot be a part of a prompt.
        ActionUnavailable
            It is no name, or the person has too many; with the sentence to show.
        StorageError
            The database refused.
        """
        known = known_name(name)
        spelled = spell_piece(read_piece(text))
        preset = Preset(user_id=user_id, name=known, text=spelled, created_at=self._clock.now())
        kept = await self._presets.put(preset, MOST_PRESETS)
        if kept is None:
            raise ActionUnavailable(
                say(
                    "You have {most} presets, and that is the most. Delete one with `/preset delete`, then keep this.",
                    most=MOST_PRESETS,
                )
            )
        return kept

    async def usable(self, user_id: int, guild_id: int | None, part: str = "") -> Usable:
        """Return the presets that somebody may use in a place, those with these letters in their names."""
        folded = fold(part)
        own = tuple(preset for preset in await self._presets.of(user_id) if folded in preset.name)
        if guild_id is None:
            return Usable(own=own, shared=())
        shared = await self._presets.shared(guild_id, folded, _LOOKED_AT)
        return Usable(
            own=own,
            shared=tuple(each for each in shared if each.preset.user_id != user_id),
            shared_names=frozenset(each.preset.name for each in shared if each.preset.user_id == user_id),
        )

    async def own(self, user_id: int, guild_id: int | None, name: str) -> Preset:
        """Return a preset of a person's own, to be changed.

        Raises
        ------
        PresetUnknown
            They have none of that name.
        NotPermitted
            Others have one that is shared there.
        """
        folded = fold(name)
        preset = await self._presets.get(user_id, folded)
        if preset is None:
            raise _not_theirs(_NOT_THEIRS, await self._shared_as(guild_id, folded), name)
        return preset

    async def find(self, user_id: int, guild_id: int | None, wanted: str) -> Preset:
        """Return the preset that somebody typed the name of or picked: their own, or one that is shared in that server.

        Raises
        ------
        PresetUnknown
            There is none that they may use there, or several; with the sentence to show.
        """
        owner_id, name = _read(wanted)
        own = await self._presets.get(user_id, name)
        if own is not None and owner_id in {None, user_id}:
            return own
        fitting = await self._shared_as(guild_id, name, owner_id)
        if not fitting:
            raise _unknown(name)
        return _only(fitting)

    async def delete(self, user_id: int, guild_id: int | None, name: str) -> Preset:
        """Forget a preset of a person's own, wherever it is shared; return what it was.

        Raises
        ------
        PresetUnknown, NotPermitted
            They have none of that name.
        """
        preset = await self.own(user_id, guild_id, name)
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
        PresetUnknown, NotPermitted, ActionUnavailable
            They have none of that name, or this is no server.
        """
        if guild_id is None:
            raise ActionUnavailable(say(_NO_SERVER))
        preset = await self.own(user_id, guild_id, name)
        if not await self._presets.share(guild_id, user_id, preset.name, owner_name):
            raise _unknown(name)
        return preset

    async def unshare(self, user_id: int, guild_id: int | None, wanted: str, *, may_manage: bool = False) -> Preset:
        """Let nobody but its owner use a preset there any more; one's own that is not shared there is no error.

        Parameters
        ----------
        wanted
            As for `find`.
        may_manage
            Whether they may do so with what others share, too: who manages the server.

        Raises
        ------
        PresetUnknown, NotPermitted, ActionUnavailable
            There is none that they may take back, or several, or this is no server; with the sentence to show.
        """
        if guild_id is None:
            raise ActionUnavailable(say(_NO_SERVER))
        owner_id, name = _read(wanted)
        shared = await self._shared_as(guild_id, name, owner_id)
        preset = next((each for each in shared if each.user_id == user_id), None)
        if preset is None and may_manage and shared:
            preset = _only(shared)
        if preset is None and owner_id in {None, user_id}:
            preset = await self._presets.get(user_id, name)
        if preset is None:
            raise _not_theirs(_NOT_TO_UNSHARE, shared, name)
        await self._presets.unshare(guild_id, preset.user_id, preset.name)
        return preset

    async def _shared_as(self, guild_id: int | None, name: str, owner_id: int | None = None) -> list[Preset]:
        """Return the presets of this name that are shared in a server: everybody's, or those of one owner."""
        shared = [] if guild_id is None else await self._presets.shared_as(guild_id, name, _LOOKED_AT)
        return [each.preset for each in shared if owner_id in {None, each.preset.user_id}]


def _read(wanted: str) -> tuple[int | None, str]:
    """Return whose preset is wanted, where it was picked, and its name."""
    picked = _PICKED.fullmatch(wanted)
    return (int(picked["owner"]), picked["name"]) if picked else (None, fold(wanted))


def _only(fitting: list[Preset]) -> Preset:
    """Return the preset that fits; of several nobody knows which is meant."""
    if len(fitting) > 1:
        raise PresetUnknown(
            say("Several people share a preset {name} here. Pick one of the suggestions.", name=quote(fitting[0].name))
        )
    return fitting[0]


def _unknown(name: str) -> PresetUnknown:
    return PresetUnknown(
        say("I know no preset {name} that you may use here. `/preset list` shows them.", name=quote(name))
    )


def _not_theirs(sentence: str, shared: list[Preset], name: str) -> PresetUnknown | NotPermitted:
    """Return the refusal to change what others share, with whose it is; or that there is no such preset."""
    owners = [f"<@{preset.user_id}>" for preset in shared[:_NAMED]]
    return NotPermitted(say(sentence, name=quote(name), owner=say_list(owners))) if owners else _unknown(name)
