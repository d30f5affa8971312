"""A person at a keyboard: types commands, sees messages, presses buttons. The sandbox's client until it has a page.

Prints what a Discord client would show to the current person in the current channel. Imports nothing of the bot.
"""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, final

from sandbox.comet import Fault
from sandbox.discord import ClientRefused, InteractionFailed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from sandbox.discord import Channel, Message, Person
    from sandbox.discord.refusals import Json
    from sandbox.scenario import Scenario

_LOADING: Final = 1 << 7
_MENTION: Final = re.compile(r"<@!?(\d+)>")
_TIME: Final = re.compile(r"<t:(\d+)(:\w)?>")
_LINK: Final = re.compile(r"\[([^\]]+)\]\(<?[^)>]+>?\)")
_ESCAPE: Final = re.compile(r"\\([\\*_~`|<>\[\]@])")

_HELP: Final = """\
  /imagine a fox in the snow            ask for a picture; options: aspect:16:9 model:7 speed:turbo
  /history, /show job_id:…              any command the bot registered, options as name:value
  click U2                              press a button of the newest message that has it
  click #3 U2                           … of message #3
  choose #3 …                           choose the entry of a select whose label begins so
  as owner|member|guest                 be somebody else
  in general|gallery|…|dm               go to another channel
  fault queue-full 2, fault clear       make the API misbehave (markers such as [[banned]] in a prompt do too)
  faults                                the names of all faults
  charges                               what the API has charged
  restart                               kill -9 the bot and start it again
  quit\
"""


@final
class Terminal:
    """One person's view of the sandbox.

    Parameters
    ----------
    scenario
        Running, with its bot started; not stopped here.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        world = scenario.discord.world
        self._people = {"owner": world.owner, "member": world.member, "guest": world.guest}
        self._me: Person = scenario.discord.person(world.member)
        self._here: Channel = world.general
        self._numbers: dict[int, int] = {}
        self._files = scenario.folder / "files"
        self._failures: set[asyncio.Task[None]] = set()
        self._verbs: dict[str, Callable[[list[str]], Awaitable[None]]] = {
            "click": self._click,
            "choose": self._choose,
            "as": self._be,
            "in": self._go,
            "fault": self._fault,
            "faults": self._list_faults,
            "charges": self._charges,
            "restart": self._restart,
            "help": self._help,
        }

    async def run(self) -> None:
        """Read and obey lines until the input ends or says `quit`; without a single one, go on until cancelled."""
        unsubscribe = self._scenario.discord.subscribe(self._on_event)
        try:
            _say("Type /imagine a fox in the snow, or help.")
            is_used = False
            async for line in _lines():
                is_used = True
                if line in ("quit", "exit"):
                    return
                if line:
                    await self._obey(line)
            if not is_used:
                _say("There is no keyboard here; everything runs until Ctrl-C.")
                await asyncio.Event().wait()
        finally:
            unsubscribe()

    async def _obey(self, line: str) -> None:
        try:
            if line.startswith("/"):
                await self._slash(line)
                return
            verb, *words = shlex.split(line)
            await self._verbs.get(verb, self._unknown)(words)
        except (LookupError, ValueError, ClientRefused, InteractionFailed, TimeoutError) as error:
            _say(f"! {error}")

    # What a person does ------------------------------------------------------------------------------------------

    async def _slash(self, line: str) -> None:
        name, _, rest = line[1:].partition(" ")
        command = next((c for c in self._scenario.discord.commands if c["name"] == name), None)
        if command is None:
            known = ", ".join(f"/{c['name']}" for c in self._scenario.discord.commands if c.get("type", 1) == 1)
            raise LookupError(f"there is no /{name}; the bot registered {known}")
        options = _read_options(rest, command.get("options", ()))
        call = await self._me.slash(name, options, channel=self._here)
        await call.answer()

    async def _click(self, words: list[str]) -> None:
        message, face = self._find(words, lambda m, face: any(face in (b.label, b.emoji) for b in m.buttons()))
        button = next(b for b in message.buttons() if face in (b.label, b.emoji))
        call = await self._me.click(message, custom_id=button.custom_id)
        await call.answer()

    async def _choose(self, words: list[str]) -> None:
        def has(message: Message, face: str) -> bool:
            return any(o.label.startswith(face) for s in message.selects() for o in s.options)

        message, face = self._find(words, has)
        select = next(s for s in message.selects() if any(o.label.startswith(face) for o in s.options))
        value = next(option.value for option in select.options if option.label.startswith(face))
        call = await self._me.choose(message, [value], custom_id=select.custom_id)
        await call.answer()

    def _find(self, words: list[str], fits: Callable[[Message, str], bool]) -> tuple[Message, str]:
        """Find the message that the words name, or else the newest that fits; and what is left of the words."""
        wanted = int(words.pop(0)[1:]) if words and words[0].startswith("#") else None
        face = " ".join(words)
        for message in reversed(self._scenario.discord.messages(self._here, viewer=self._me.user)):
            if (wanted is None or self._numbers.get(message.id) == wanted) and fits(message, face):
                return message, face
        raise LookupError(f"no message here has {face!r}")

    async def _be(self, words: list[str]) -> None:
        user = self._people[words[0]] if words and words[0] in self._people else None
        if user is None:
            raise LookupError(f"choose one of {', '.join(self._people)}")
        self._me = self._scenario.discord.person(user)
        _say(f"You are {user.display_name}.")

    async def _go(self, words: list[str]) -> None:
        world = self._scenario.discord.world
        places = {channel.name: channel for channel in world.guild.channels.values()}
        places["dm"] = world.dm(self._me.user)
        if not words or words[0].lstrip("#") not in places:
            raise LookupError(f"choose one of {', '.join(places)}")
        self._here = places[words[0].lstrip("#")]
        _say(f"You are in {words[0]}.")
        for message in self._scenario.discord.messages(self._here, viewer=self._me.user)[-5:]:
            self._show(message)

    # What only a sandbox has -------------------------------------------------------------------------------------

    async def _fault(self, words: list[str]) -> None:
        faults = self._scenario.comet.faults
        if words == ["clear"]:
            faults.clear()
            _say("The API is well again.")
            return
        if not words:
            raise LookupError("name a fault; faults lists them")
        faults.set(Fault(words[0]), times=int(words[1]) if len(words) > 1 else 1)
        _say(f"The API now has {words[0]}.")

    async def _list_faults(self, _words: list[str]) -> None:
        _say(", ".join(fault.value for fault in Fault))

    async def _charges(self, _words: list[str]) -> None:
        for charge in self._scenario.comet.ledger:
            refunded = ", refunded" if charge.refunded else ""
            _say(f"  {charge.amount_usd} USD  {charge.action}  {charge.speed}  task {charge.task_id}{refunded}")
        _say(f"  {len(self._scenario.comet.ledger)} charges")

    async def _restart(self, _words: list[str]) -> None:
        await self._scenario.bot.kill()
        _say("The bot was killed.")
        await self._scenario.start_bot()
        _say("The bot is back.")

    async def _help(self, _words: list[str]) -> None:
        _say(_HELP)

    async def _unknown(self, _words: list[str]) -> None:
        raise LookupError("I do not know that; help lists what there is")

    # What a person sees ------------------------------------------------------------------------------------------

    def _on_event(self, event: Json) -> None:
        kind = event["type"]
        if kind == "interaction_failed":
            _say(f"! {event['text']}")
        if kind not in ("message_create", "message_update") or str(event["channel_id"]) != str(self._here.id):
            return
        message_id = int(event["message"]["id"])
        for message in self._scenario.discord.messages(self._here, viewer=self._me.user):
            if message.id == message_id:
                self._show(message)

    def _show(self, message: Message) -> None:
        number = self._numbers.setdefault(message.id, len(self._numbers) + 1)
        private = "  (only you can see this)" if message.ephemeral_to else ""
        text = self._readable(message).replace("\n", "\n    ")
        _say(f"#{number} {message.author.display_name}: {text}{private}")
        for attachment in message.attachments:
            self._files.mkdir(parents=True, exist_ok=True)
            path = self._files / attachment.filename
            path.write_bytes(attachment.data)
            _say(f"    {path} ({len(attachment.data):,} bytes): {attachment.description or 'no description'}")
        if any("image" in embed for embed in message.embeds):
            _say("    (with a preview of the picture so far)")
        faces = [f"[{b.emoji or ''}{' ' if b.emoji and b.label else ''}{b.label or ''}]" for b in message.buttons()]
        if faces:
            _say(f"    {' '.join(faces)}")
        for select in message.selects():
            _say(f"    <{select.placeholder or 'choose'}: {', '.join(option.label for option in select.options)}>")

    def _readable(self, message: Message) -> str:
        """Return a message's text as a client would show it: names, times and links instead of their markup."""
        if message.flags & _LOADING:
            return "is thinking …"
        names = {str(user.id): user.display_name for user in self._people.values()}
        text = _MENTION.sub(lambda found: f"@{names.get(found[1], 'somebody')}", message.text())
        text = _TIME.sub(lambda found: _spell(int(found[1]), relative=found[2] == ":R"), text)
        return _ESCAPE.sub(r"\1", _LINK.sub(r"\1", text)).replace("**", "").replace("-# ", "")


def _spell(moment: int, *, relative: bool) -> str:
    """Return a time as Discord's clients show it."""
    if relative:
        return f"{max(0, round(time.time() - moment))} s ago"
    return datetime.fromtimestamp(moment, UTC).astimezone().strftime("%H:%M")


def _read_options(text: str, known: Sequence[Json]) -> dict[str, str]:
    """Read `name:value` words; whatever else there is belongs to the first option, which is what people type.

    Of an option with choices a part of the name will do, as in `model:7`.
    """
    options: dict[str, str] = {}
    names = [option["name"] for option in known]
    free: list[str] = []
    current: str | None = None
    for word in text.split():
        name, colon, value = word.partition(":")
        if colon and name in names:
            current = name
            options[name] = value
        elif current is not None:
            options[current] = f"{options[current]} {word}".strip()
        else:
            free.append(word)
    if free and names:
        options[names[0]] = " ".join(free)
    for option in known:
        typed = options.get(option["name"], "").casefold()
        for choice in option.get("choices", ()) if typed else ():
            if typed == str(choice["value"]).casefold() or typed in choice["name"].casefold():
                options[option["name"]] = choice["value"]
                break
    return options


async def _lines() -> AsyncIterator[str]:
    """Yield what is typed, without holding up the servers. A closed input yields nothing and never ends.

    A daemon thread reads, since nothing can interrupt a read of the keyboard: it must not keep the process alive.
    """
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError, ValueError):  # the loop is gone, or the input is closed
            for line in sys.stdin:
                loop.call_soon_threadsafe(typed.put_nowait, line.strip())
            loop.call_soon_threadsafe(typed.put_nowait, None)

    if sys.__stdin__ is None or sys.stdin.closed:
        await loop.create_future()
    threading.Thread(target=read, name="keyboard", daemon=True).start()
    while (line := await typed.get()) is not None:
        yield line


def _say(text: str) -> None:
    print(text, flush=True)
