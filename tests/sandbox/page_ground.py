"""The ground for tests of the page's server: a page without a browser, and a side panel that notes what is asked of it.

Both sandboxes are real, and so is the wire between them and the page. The bot's part is played over REST.
"""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, final

import aiohttp

from sandbox.comet import CometSandbox
from sandbox.discord import DiscordOptions, DiscordSandbox
from sandbox.page import PageOptions, PageServer
from tests.sandbox.discord_ground import Api

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from sandbox.comet import CometOptions
    from sandbox.discord import Call

Json = dict[str, Any]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (64).to_bytes(4, "big") + (32).to_bytes(4, "big") + bytes(40)


def is_plain(text: str) -> bool:
    """Tell whether this is a sentence for a person, without the leftovers of a program."""
    return text.lstrip("“#/")[:1].isupper() and text.endswith(".") and not set(text) & set("[]{}'\"_")


@final
class NotedPanel:
    """A panel that does nothing but note what it was told to do."""

    VERBS: ClassVar[frozenset[str]] = frozenset({"speed", "fault"})

    def __init__(self) -> None:
        self.done: list[tuple[str, Json]] = []
        self.callbacks: list[Callable[[Json], None]] = []

    def catalog(self) -> Json:
        return {"faults": []}

    def state(self) -> Json:
        return {"tasks": []}

    def bot_state(self) -> Json:
        return {"online": False}

    def log(self) -> list[str]:
        return ["a line"]

    async def do(self, verb: str, fields: Json) -> None:
        if fields.get("rate") == "warp":
            raise ValueError("The pace goes from 0 to 20.")
        self.done.append((verb, fields))

    def subscribe(self, callback: Callable[[Json], None]) -> Callable[[], None]:
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)


@final
class Line:
    """One open page."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[Json] = []
        self._answers: dict[int, Json] = {}
        self._number = 0

    async def ask(self, verb: str, **fields: object) -> Json:
        """Ask and return the whole answer; what is pushed meanwhile goes to `events`."""
        number = await self.send(verb, **fields)
        return await self.answer(number)

    async def send(self, verb: str, **fields: object) -> int:
        self._number += 1
        await self.socket.send_json({"ask": self._number, "verb": verb, **fields})
        return self._number

    async def answer(self, number: int) -> Json:
        if number not in self._answers:
            await self._until(lambda told: told.get("answer") == number)
        return self._answers.pop(number)

    async def ok(self, verb: str, **fields: object) -> Json:
        answer = await self.ask(verb, **fields)
        assert "ok" in answer, answer
        return answer["ok"]

    async def refused(self, verb: str, **fields: object) -> str:
        answer = await self.ask(verb, **fields)
        assert "refused" in answer, answer
        return answer["refused"]

    async def event(self, name: str) -> Json:
        """Return the next event of a name, one that came already included."""
        for number, told in enumerate(self.events):
            if told["event"] == name:
                return self.events.pop(number)
        told = await self._until(lambda told: told.get("event") == name)
        self.events.remove(told)
        return told

    async def _until(self, wanted: Callable[[Json], bool]) -> Json:
        while True:
            told: Json = await self.socket.receive_json(timeout=5)
            if "event" in told:
                self.events.append(told)
            else:
                self._answers[told["answer"]] = told
            if wanted(told):
                return told


@final
@dataclass
class Ground:
    """All of it."""

    discord: DiscordSandbox
    comet: CometSandbox
    page: PageServer
    panel: NotedPanel
    session: aiohttp.ClientSession
    api: Api
    line: Line
    answers: dict[str, Json] = field(default_factory=dict[str, Json])
    """The callback to send to an interaction, by its name; the others stay unanswered."""

    @property
    def member(self) -> str:
        return str(self.discord.world.member.id)

    @property
    def owner(self) -> str:
        return str(self.discord.world.owner.id)

    @property
    def guest(self) -> str:
        return str(self.discord.world.guest.id)

    @property
    def general(self) -> str:
        return str(self.discord.world.general.id)

    @property
    def here(self) -> Json:
        """Mateo in #general, as fields of an ask."""
        return {"person_id": self.member, "channel_id": self.general}

    def call(self, interaction_id: str) -> Call:
        return next(call for call in self.discord.calls if str(call.id) == interaction_id)

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes, Mapping[str, str]]:
        async with self.session.get(self.page.url + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.read(), answer.headers

    async def pick(self, name: str, data: bytes, kind: str = "application/octet-stream") -> str:
        """Send a file as the page does, and return its id."""
        headers = {"Origin": self.page.url, "Content-Type": kind}
        url = f"{self.page.url}/files"
        async with self.session.post(url, params={"name": name}, data=io.BytesIO(data), headers=headers) as answer:
            assert answer.status == 200
            return (await answer.json())["file_id"]


@asynccontextmanager
async def ground(
    comet: CometOptions | None = None, discord: DiscordOptions | None = None, options: PageOptions | None = None
) -> AsyncGenerator[Ground]:
    """Start both sandboxes and the page's server, and open one page."""
    panel = NotedPanel()
    async with (
        CometSandbox(comet) as api,
        DiscordSandbox(discord or DiscordOptions(ack_seconds=0.2)) as sandbox,
        PageServer(sandbox, api, panel, options or PageOptions()) as page,
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{page.url}/live", origin=page.url) as socket,
    ):
        made = Ground(sandbox, api, page, panel, session, Api(session, sandbox), Line(socket))
        tasks: set[asyncio.Task[Any]] = set()

        def answer(told: Json) -> None:
            if told["type"] == "interaction" and told["name"] in made.answers:
                call = made.call(told["interaction_id"])
                task = asyncio.create_task(made.api.respond(call, made.answers[told["name"]]))
                tasks.add(task)

        stop = sandbox.subscribe(answer)
        try:
            yield made
        finally:
            stop()
            await asyncio.gather(*tasks)
