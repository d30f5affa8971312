"""A bare client for the tests of `sandbox.comet`: it sends what it is told and judges nothing.

Knows nothing of `bot`: the sandbox is tested against the contract, not against the bot's reading of it.
"""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import aiohttp

from sandbox.comet import CometOptions, CometSandbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sandbox.comet.options import Profile

Payload = dict[str, object]
NEVER = 3600.0
"""As `sync_seconds`: the gateway copies only when a test says so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer: its status, its headers, its text."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Payload:
        """The JSON object in it, whatever its content type says."""
        return cast("Payload", json.loads(self.text))

    @property
    def properties(self) -> Payload:
        """The `properties` of a submit's answer."""
        return cast("Payload", self.json["properties"])

    @property
    def rows(self) -> list[Payload]:
        """The JSON array in it."""
        return cast("list[Payload]", json.loads(self.text))

    @property
    def task_id(self) -> str:
        """The task id that was answered."""
        return str(self.json["result"])


@dataclass(frozen=True, slots=True)
class Api:
    """Send requests to a sandbox."""

    comet: CometSandbox
    session: aiohttp.ClientSession

    async def get(self, path: str) -> Seen:
        """Get a path."""
        async with self.session.get(path, allow_redirects=False) as answer:
            return Seen(answer.status, dict(answer.headers), await answer.text())

    async def post(self, path: str, body: object) -> Seen:
        """Post JSON."""
        async with self.session.post(path, json=body, allow_redirects=False) as answer:
            return Seen(answer.status, dict(answer.headers), await answer.text())

    async def submit(self, kind: str, prefix: str = "/mj-fast", /, **body: object) -> Seen:
        """Submit something."""
        return await self.post(f"{prefix}/mj/submit/{kind}", body)

    async def fetch(self, task_id: str) -> Payload:
        """Return a task."""
        return (await self.get(f"/mj/task/{task_id}/fetch")).json

    async def list(self, *ids: str) -> list[Payload]:
        """Return the rows of some tasks."""
        return (await self.post("/mj/task/list-by-condition", {"ids": list(ids)})).rows

    async def picture(self, url: str) -> tuple[int, str, bytes]:
        """Return status, content type and bytes of a picture; without the key."""
        async with aiohttp.request("GET", url, allow_redirects=False) as answer:
            return answer.status, answer.content_type, await answer.read()

    async def done(self, prompt: str, **body: object) -> Payload:
        """Imagine a prompt and let it succeed."""
        task_id = (await self.submit("imagine", prompt=prompt, **body)).task_id
        self.comet.finish(task_id)
        return await self.fetch(task_id)

    async def press(self, task: Payload, label: str, **body: object) -> Seen:
        """Press the button whose label, emoji or customId has `label` in it."""
        return await self.submit("action", taskId=task["id"], customId=custom_id(task, label), **body)

    async def pressed(self, task: Payload, label: str) -> Payload:
        """Press a button and let that succeed."""
        task_id = (await self.press(task, label)).task_id
        self.comet.finish(task_id)
        return await self.fetch(task_id)


def buttons(task: Payload) -> list[dict[str, object]]:
    """Return the buttons of a task."""
    return cast("list[dict[str, object]]", task["buttons"] or [])


def faces(task: Payload) -> list[str]:
    """Return what is written on the buttons."""
    return [str(button["label"] or button["emoji"]) for button in buttons(task)]


def custom_id(task: Payload, label: str) -> str:
    """Return the customId of the first button that has `label` in its face or customId."""
    return next(
        str(button["customId"])
        for button in buttons(task)
        if any(label in str(button[key]) for key in ("label", "emoji", "customId"))
    )


@asynccontextmanager
async def opened(options: CometOptions | None = None) -> AsyncGenerator[Api]:
    """Run a sandbox whose scripts stand still and whose gateway copies only when told; yield a client with its key."""
    async with CometSandbox(options or held()) as comet:
        comet.hold()
        headers = {"Authorization": f"Bearer {comet.key}"}
        async with aiohttp.ClientSession(comet.url, headers=headers) as session:
            yield Api(comet, session)


def held(profile: Profile = "gateway") -> CometOptions:
    """Return options for tests in which nothing happens by itself; pictures are small."""
    return CometOptions(profile=profile, sync_seconds=NEVER, picture_size=96)
