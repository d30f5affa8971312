"""The ground for tests of a kept sandbox: both servers without a bot, started on a folder again and again."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast, final

import aiohttp

from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions
from sandbox.scenario import Scenario, ScenarioOptions
from tests.sandbox import comet_api, discord_ground

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from sandbox.comet import CometSandbox
    from sandbox.discord import DiscordSandbox

Json = dict[str, Any]

FAST = CometOptions(sync_seconds=0.01, pace=0.002, picture_size=96)
"""A job takes 40 ms."""


@final
@dataclass(frozen=True)
class Ground:
    """Both servers, and bare clients of theirs."""

    comet: CometSandbox
    discord: DiscordSandbox
    api: comet_api.Api
    rest: discord_ground.Api


@asynccontextmanager
async def kept(
    folder: Path, *, comet: CometOptions = FAST, discord: DiscordOptions | None = None
) -> AsyncGenerator[Ground]:
    """Run both servers on a folder that keeps them."""
    options = ScenarioOptions(comet=comet, discord=discord or DiscordOptions(), keep=folder)
    async with Scenario(options) as scenario, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {scenario.comet.key}"}
        async with aiohttp.ClientSession(scenario.comet.url, headers=headers) as keyed:
            api = comet_api.Api(scenario.comet, keyed)
            yield Ground(scenario.comet, scenario.discord, api, discord_ground.Api(session, scenario.discord))


def discord_file(folder: Path) -> Path:
    """Return where Discord is kept."""
    return folder / "discord" / "discord.json"


def api_file(folder: Path) -> Path:
    """Return where the API is kept."""
    return folder / "api" / "api.json"


def content(path: Path) -> Json:
    """Return a kept file, without what differs from one save to the next."""
    whole = cast("Json", json.loads(path.read_text()))
    return {key: value for key, value in whole.items() if key not in {"saved_at", "ended"}}
