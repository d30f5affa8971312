"""The ground for tests of the Discord sandbox: an unmodified discord.py client on it, and a bare REST caller."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, final

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox.discord import DiscordSandbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from sandbox.discord import Call, DiscordOptions

Interaction = discord.Interaction[discord.Client]
Json = dict[str, Any]


def new_client(intents: discord.Intents | None = None) -> discord.Client:
    chosen = discord.Intents.default() if intents is None else intents
    return discord.Client(intents=chosen, guild_ready_timeout=0.01)


def new_tree(client: discord.Client) -> app_commands.CommandTree[discord.Client]:
    return app_commands.CommandTree(client)


@asynccontextmanager
async def connected(
    sandbox: DiscordSandbox,
    client: discord.Client,
    tree: app_commands.CommandTree[discord.Client] | None = None,
) -> AsyncGenerator[None]:
    """Run a client against the sandbox, its commands registered; put discord.py's addresses back afterwards."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE
    Route.BASE = sandbox.api_url
    Asset.BASE = sandbox.url  # pyright: ignore[reportAttributeAccessIssue] - declared without a type
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url)
    task = asyncio.create_task(client.start(sandbox.token))
    try:
        await sandbox.ready(timeout=5)
        if tree is not None:
            await tree.sync()
        yield
    finally:
        await client.close()
        await asyncio.gather(task, return_exceptions=True)
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, Asset.BASE = before


@final
@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def refusal(self) -> tuple[int, int]:
        """Status and Discord's code."""
        return self.status, self.body["code"]

    def errors(self, *path: str) -> list[str]:
        """Return the codes of the errors at a path."""
        node = self.body["errors"]
        for step in path:
            node = node[step]
        return [error["code"] for error in node["_errors"]]


@final
class Api:
    """Calls the REST API with nothing but HTTP."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
        self._session = session
        self.sandbox = sandbox
        self.token = sandbox.token

    async def call(
        self, method: str, path: str, payload: object = None, files: Mapping[str, bytes] | None = None
    ) -> Reply:
        headers = {"Authorization": f"Bot {self.token}"}
        body: object = None if payload is None else json.dumps(payload)
        if files is not None:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", json.dumps(payload))
            for number, (name, data) in enumerate(files.items()):
                form.add_field(
                    f"files[{number}]", io.BytesIO(data), filename=name, content_type="application/octet-stream"
                )
            body = form
        elif payload is not None:
            headers["Content-Type"] = "application/json"
        async with self._session.request(method, self.sandbox.api_url + path, data=body, headers=headers) as response:
            text = await response.text()
            is_json = response.headers.get("Content-Type") == "application/json"
            return Reply(response.status, json.loads(text) if is_json else text, response.headers)

    async def get(self, path: str) -> Reply:
        return await self.call("GET", path)

    async def post(self, path: str, payload: object, files: Mapping[str, bytes] | None = None) -> Reply:
        return await self.call("POST", path, payload, files)

    async def patch(self, path: str, payload: object, files: Mapping[str, bytes] | None = None) -> Reply:
        return await self.call("PATCH", path, payload, files)

    async def send(self, payload: object, files: Mapping[str, bytes] | None = None) -> Reply:
        """Post to #general."""
        return await self.post(f"/channels/{self.sandbox.world.general.id}/messages", payload, files)

    async def register(self, *commands: Json) -> None:
        """Register commands."""
        bodies = [{"type": 1, "description": "A command."} | command for command in commands]
        reply = await self.call("PUT", f"/applications/{self.sandbox.application_id}/commands", bodies)
        assert reply.status == 200, reply.body

    async def slash(self, name: str = "ping") -> Call:
        """Let Mateo run a command in #general; it is registered if it must be."""
        if not any(command["name"] == name for command in self.sandbox.commands):
            await self.register({"name": name})
        world = self.sandbox.world
        return await self.sandbox.person(world.member).slash(name, channel=world.general)

    async def respond(self, call: Call, payload: object, *, query: str = "?with_response=true") -> Reply:
        """Send the first callback."""
        return await self.post(f"/interactions/{call.id}/{call.token}/callback{query}", payload)

    def hook(self, call: Call) -> str:
        """Return the root of what goes by an interaction's token."""
        return f"/webhooks/{self.sandbox.application_id}/{call.token}"


@asynccontextmanager
async def bare(options: DiscordOptions | None = None) -> AsyncGenerator[Api]:
    """Start a sandbox without any bot."""
    async with DiscordSandbox(options) as sandbox, aiohttp.ClientSession() as session:
        yield Api(session, sandbox)


def button(**fields: object) -> Json:
    """Return a button's component."""
    return {"type": 2, "style": 2, "label": "U1", "custom_id": "u1"} | fields


def row(*components: Json) -> Json:
    """Return an action row."""
    return {"type": 1, "components": list(components)}


def select(**fields: object) -> Json:
    """Return a string select."""
    return {"type": 3, "custom_id": "pick", "options": [{"label": "One", "value": "1"}]} | fields
