"""Saves a sandbox Discord into a folder and loads it again: what outlives a restart of the sandbox, and what does not.

Kept is what the real Discord would still know: messages with their files, interactions whose tokens still work,
commands, what was changed about people, guilds and channels, the newest id, the secret that signs addresses.

Gone with a restart, and why:

* gateway sessions: the bot's connection is cut anyway, and Discord may end a session at any time; it identifies anew;
* interactions without a first answer: the restart takes longer than the three seconds that the bot has for it;
* autocompletions: nobody is typing any more;
* armed faults and rate-limit buckets: they belong to the minute in which somebody watches;
* the count of IDENTIFYs, and a token that too many of them made worthless: nobody could issue another one here;
* what was counted (`counters`): it tells what this process was asked.
"""

from __future__ import annotations

import asyncio
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, final

from sandbox.keptfile import Lines, Snapshot, damaged, encode, read

from .blobs import Blobs
from .calls import AUTOCOMPLETE, Answer, Call, Modal
from .cdn import Attachment
from .commands import CommandPlace
from .kept import (
    CALL,
    DISCORD,
    HEAD,
    MESSAGE,
    KeptAnswer,
    KeptCall,
    KeptCommands,
    KeptFile,
    KeptHead,
    KeptMessage,
    KeptModal,
)
from .keptworld import channels_of, guilds_of, put_world, users_of
from .messages import Message

if TYPE_CHECKING:
    from pathlib import Path

    from .state import State

VERSION = 2
LOST_IDS = 5_000 << 22
"""Five seconds of ids: a sandbox that was killed may have given so many after it was saved last."""


def _same(shape: type, *others: str) -> tuple[str, ...]:
    """Return the fields of a record, but for some, which are called and typed the same in what it is made of."""
    return tuple(field.name for field in fields(shape) if field.name not in others)


SAME_IN_FILE = _same(KeptFile, "sha256")
SAME_IN_MESSAGE = _same(KeptMessage, "channel_id", "author_id", "attachments", "reactions")
SAME_IN_CALL = _same(KeptCall, "user_id", "channel_id", "source_id", "first", "original_id", "followup_ids")
_same_in_file, _same_in_message = attrgetter(*SAME_IN_FILE), attrgetter(*SAME_IN_MESSAGE)
_same_in_call = attrgetter(*SAME_IN_CALL)
_changing = attrgetter("edited_count", "deleted", "flags")


@final
class DiscordKeeper:
    """Saves and loads one state."""

    version = VERSION

    def __init__(self, state: State, folder: Path) -> None:
        self._state = state
        self._path = folder / "discord.json"
        self._blobs = Blobs(folder / "attachments")
        self._messages = Lines(self._message_line, _mark_of_message)
        self._calls = Lines(self._call_line, _mark_of_call)

    @property
    def path(self) -> Path:
        """The file; the bytes of attachments lie beside it."""
        return self._path

    async def prepare(self) -> None:
        """Store the attachments that are new, in a thread, and encode what is; a snapshot must follow at once."""
        await self._store()
        await self._messages.prepare(self._state.messages.all())
        await self._store()  # what came meanwhile

    async def _store(self) -> None:
        while fresh := self._blobs.not_stored(self._attachments()):
            await asyncio.to_thread(self._blobs.store, fresh)

    def _attachments(self) -> list[Attachment]:
        """Return every attachment, also those of deleted messages."""
        posted = [item for message in self._state.messages.all() for item in message.attachments]
        return [*posted, *self._state.cdn.files()]

    def snapshot(self, *, anew: bool = False) -> Snapshot:
        """Return the state now; `anew` trusts nothing that was encoded before."""
        state = self._state
        posted = {item.id for message in state.messages.all() for item in message.attachments}
        head = KeptHead(
            ahead=state.clock.ahead,
            last_id=state.ids.last,
            secret=state.cdn.secret,
            users=users_of(state.world),
            guilds=guilds_of(state.world),
            channels=channels_of(state.world),
            commands=[
                KeptCommands(guild_id=place.guild_id, commands=place.commands, created=place.created)
                for place in state.commands.places()
            ],
            uploads=[self._kept_file(item) for item in state.cdn.files() if item.id not in posted],
        )
        oldest = state.clock.now() - state.options.token_seconds
        calls = [call for call in state.calls.by_id.values() if _is_kept(call, oldest)]
        lists = {
            "messages": self._messages.of(state.messages.all(), anew=anew),
            "calls": self._calls.of(calls, anew=anew),
        }
        return Snapshot(encode(HEAD, head), lists)

    def _message_line(self, message: Message) -> bytes:
        record = KeptMessage(
            channel_id=message.channel.id,
            author_id=message.author.id,
            attachments=[self._kept_file(item) for item in message.attachments],
            reactions={emoji: sorted(who) for emoji, who in message.reactions.items()},
            **dict(zip(SAME_IN_MESSAGE, _same_in_message(message), strict=True)),
        )
        return encode(MESSAGE, record)

    def _kept_file(self, item: Attachment) -> KeptFile:
        same = dict(zip(SAME_IN_FILE, _same_in_file(item), strict=True))
        return KeptFile(sha256=self._blobs.name_of(item), **same)

    def _call_line(self, call: Call) -> bytes:
        record = KeptCall(
            user_id=call.user.id,
            channel_id=call.channel.id,
            source_id=call.source.id if call.source else None,
            first=_kept_answer(call),
            original_id=call.original.id if call.original else None,
            followup_ids=[message.id for message in call.followups],
            **dict(zip(SAME_IN_CALL, _same_in_call(call), strict=True)),
        )
        return encode(CALL, record)

    def load(self) -> None:
        """Take up what is kept, in a state that has seen nothing yet.

        Raises
        ------
        KeepingFailed
            The file, or one of the attachments, is gone, damaged or of another version.
        """
        state, kept = self._state, read(self._path, DISCORD, VERSION)
        try:
            state.clock.advance(kept.head.ahead)
            state.ids.go_on_after(kept.head.last_id + (0 if kept.ended else LOST_IDS))
            state.cdn.secret = kept.head.secret
            put_world(state.world, kept.head)
            for place in kept.head.commands:
                state.commands.put(CommandPlace(place.guild_id, place.commands, place.created))
            for upload in kept.head.uploads:
                state.cdn.keep(self._attachment(upload))
            for message in kept.messages:
                state.messages.add(self._message(message))
            self._put_calls(kept.calls)
        except LookupError as error:
            raise damaged(self._path, f"it names {error}, which does not exist") from error
        self._blobs.sweep()

    def _attachment(self, kept: KeptFile) -> Attachment:
        same = dict(zip(SAME_IN_FILE, _same_in_file(kept), strict=True))
        return Attachment(data=self._blobs.load(kept.id, kept.sha256), cdn=self._state.cdn, **same)

    def _message(self, kept: KeptMessage) -> Message:
        world = self._state.world
        items = [self._attachment(item) for item in kept.attachments]
        for item in items if not kept.deleted else ():
            self._state.cdn.keep(item)
        return Message(
            channel=world.channels[kept.channel_id],
            author=world.users[kept.author_id],
            attachments=items,
            reactions={emoji: set(who) for emoji, who in kept.reactions.items()},
            **dict(zip(SAME_IN_MESSAGE, _same_in_message(kept), strict=True)),
        )

    def _put_calls(self, calls: list[KeptCall]) -> None:
        state = self._state
        messages = {message.id: message for message in state.messages.all()}
        for kept in calls:
            call = Call(
                user=state.world.users[kept.user_id],
                channel=state.world.channels[kept.channel_id],
                changes=state.changes,
                source=None if kept.source_id is None else messages[kept.source_id],
                original=None if kept.original_id is None else messages[kept.original_id],
                followups=[messages[key] for key in kept.followup_ids],
                **dict(zip(SAME_IN_CALL, _same_in_call(kept), strict=True)),
            )
            answer, opened = kept.first, kept.first.modal
            message = None if answer.message_id is None else messages[answer.message_id]
            modal = None if opened is None else Modal(opened.title, opened.custom_id, opened.components, call)
            call.first = Answer(answer.type, message, modal, (), ephemeral=answer.ephemeral)
            state.calls.add(call)


def _mark_of_message(message: Message) -> object:
    """Return what tells that a message has changed: every edit is counted, and reactions change in place."""
    if message.reactions:
        return _changing(message), [(emoji, frozenset(who)) for emoji, who in message.reactions.items()]
    return _changing(message)


def _mark_of_call(call: Call) -> object:
    return call.first, call.original, len(call.followups)


def _is_kept(call: Call, oldest: float) -> bool:
    return call.first is not None and call.kind != AUTOCOMPLETE and call.created_at > oldest


def _kept_answer(call: Call) -> KeptAnswer:
    first = call.first
    if first is None:
        raise ValueError(f"{call!r} has no answer")
    opened = first.modal
    return KeptAnswer(
        type=first.type,
        message_id=first.message.id if first.message else None,
        modal=KeptModal(title=opened.title, custom_id=opened.custom_id, components=opened.components)
        if opened
        else None,
        ephemeral=first.ephemeral,
    )
