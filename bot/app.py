"""The composition root: opens database, API client, Discord client, engine and web, and closes them in reverse.

The only module that knows all of them. Signals are handled here; sentences for the terminal are in `bot.__main__`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

import discord

from bot.client import ClientOptions, EaselClient, point_at
from bot.cometapi.client import CometClient
from bot.config import ExitCode
from bot.config.keys import LINKS, load_key
from bot.jobs.clearing import Limits
from bot.jobs.clock import SystemClock
from bot.jobs.engine import Engine
from bot.jobs.wiring import Pacing
from bot.web.server import WebServer, explain
from cogs.messages.delivery import DiscordDelivery
from cogs.messages.replies import reply_error
from cogs.messages.sending import CONNECTION_ERRORS
from cogs.translating import CommandTranslator
from storage.database import Database
from storage.memory import SqliteMemory

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.jobs.ports import Clock

_log = logging.getLogger(__name__)

EXTENSIONS: Final = (
    "cogs.commands.imagine",
    "cogs.commands.describe",
    "cogs.commands.blend",
    "cogs.commands.shorten",
    "cogs.commands.edit",
    "cogs.commands.video",
    "cogs.commands.picture_menus",
    "cogs.components.buttons",
    "cogs.commands.history",
    "cogs.components.history",
    "cogs.components.history_forms",
    "cogs.commands.info",
    "cogs.commands.help",
    "cogs.commands.privacy",
    "cogs.commands.job_menus",
    "cogs.components.reactions",
    "cogs.components.correcting",
    "cogs.components.forms",
    "cogs.commands.settings",
    "cogs.components.settings",
    "cogs.commands.presets",
    "cogs.components.batches",
    "cogs.components.family",
    "cogs.components.region",
)


async def run(settings: Settings) -> ExitCode:
    """Run the bot until a signal or a fault ends it; return how the process should exit.

    Raises
    ------
    StorageError
        The database cannot be opened or belongs to another instance.
    """
    stop = _stop_on_signals()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await Database.open(settings.database_path))
        comet = await stack.enter_async_context(
            CometClient(
                base_url=settings.cometapi_base_url,
                key=settings.cometapi_key.get_secret_value(),
                submit_timeout=settings.submit_timeout,
                media_hosts=settings.media_hosts,
            )
        )
        if settings.discord_api_url:
            point_at(settings.discord_api_url)
        client = await stack.enter_async_context(
            EaselClient(
                ClientOptions(
                    extensions=EXTENSIONS,
                    data_folder=settings.data_folder,
                    default_speed=settings.default_speed,
                    command_guild_id=settings.command_guild_id,
                ),
                reply_error,
                CommandTranslator(),
            )
        )
        clock = SystemClock()
        web = _make_web(settings, clock)
        engine = Engine(
            memory=SqliteMemory(database),
            midjourney=comet,
            delivery=DiscordDelivery(client),
            clock=clock,
            data_folder=settings.data_folder,
            pacing=Pacing(
                poll_interval=settings.poll_interval,
                progress_edit_interval=settings.progress_edit_interval,
                submit_concurrency=settings.submit_concurrency,
                batch_limit=settings.batch_limit,
                history_life=settings.history_life,
                pictures=Limits(size=settings.pictures_limit, life=settings.pictures_life),
            ),
            draw_link=web.link if web is not None and web.is_reachable else None,
            export_link=web.export_link if web is not None and web.is_reachable else None,
        )
        client.services = engine.services
        await engine.recover()
        if web is not None:
            stack.push_async_callback(web.close)
        failed = await _listen(web, engine) or await _log_in(client, settings)
        return failed or await _serve(client, engine, web, stop)


def _make_web(settings: Settings, clock: Clock) -> WebServer | None:
    if settings.http_listen is None:
        return None
    key = load_key(settings.data_folder, LINKS)
    return WebServer(listen=settings.http_listen, public_url=settings.public_url, key=key, clock=clock)


async def _listen(web: WebServer | None, engine: Engine) -> ExitCode | None:
    """Open the HTTP endpoint, if there is to be one; return how to exit if that cannot be."""
    if web is None:
        return None
    try:
        await web.start(engine.services.regions, engine.services.privacy.exports)
    except OSError as error:
        _log.critical("Easel cannot listen at HTTP_LISTEN: %s. Name another host:port there.", explain(error))
        return ExitCode.CONFIGURATION
    return None


async def _log_in(client: EaselClient, settings: Settings) -> ExitCode | None:
    """Log in at Discord; return how to exit if that cannot be."""
    try:
        await client.login(settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        _log.critical(
            "DISCORD_TOKEN was refused by Discord. It may have been reset: make a new one in the Developer Portal "
            "under Bot, and put it into the settings."
        )
        return ExitCode.CONFIGURATION
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        _log.critical("Discord cannot be reached (%s); a supervisor should start Easel again in a while", error)
        return ExitCode.FAULT
    return None


async def _serve(client: EaselClient, engine: Engine, web: WebServer | None, stop: asyncio.Event) -> ExitCode:
    """Keep the connection and the engine going until `stop`, then end both in order."""
    stopping = asyncio.create_task(stop.wait(), name="stop")
    connection = asyncio.create_task(client.connect(), name="connection")
    working = asyncio.create_task(engine.run(), name="engine")
    try:
        await asyncio.wait([stopping, connection, working], return_when=asyncio.FIRST_COMPLETED)
    finally:
        _log.info("Stopping")
        if web is not None:
            await web.close()
        await engine.stop()
        await client.close()
        for task in (stopping, connection, working):
            task.cancel()  # discord.py may be asleep before its next try to connect, for minutes
        await asyncio.gather(stopping, connection, working, return_exceptions=True)
    if stop.is_set():
        _log.info("Stopped")
        return ExitCode.OK
    fault = next((task.exception() for task in (connection, working) if not task.cancelled()), None)
    if isinstance(fault, discord.PrivilegedIntentsRequired):
        _log.critical("Discord refused the connection's intents, although none of Easel's is privileged: %s", fault)
        return ExitCode.CONFIGURATION
    _log.critical("The connection to Discord ended; a supervisor should start Easel again", exc_info=fault)
    return ExitCode.FAULT


def _stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM or SIGINT sets; a second signal ends the process at once, which is safe too."""
    stop = asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():
            os._exit(ExitCode.FAULT)
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    return stop
