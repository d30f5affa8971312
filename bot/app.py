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
from bot.config import ExitCode, load_supervision
from bot.config.keys import ECHOES, HOOKS, LINKS, load_key
from bot.connection.line import FOR_GOOD, INTENTS_REFUSED, TOKEN_REFUSED
from bot.imaging.darkroom.process import DarkroomProcess
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.spool import FOLDER, Spool
from bot.jobs.clock import SystemClock
from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.jobs.housekeeping.clearing import Limits
from bot.metrics import Metrics
from bot.watch.health import Health
from bot.watch.numbers import Numbers
from bot.watch.pulse import Pulse
from bot.watch.supervisor import Supervisor
from bot.watch.watch import Watch
from bot.web.health import HealthPages
from bot.web.hooks import HookReceiver, hook_path
from bot.web.listening import explain
from bot.web.metrics import MetricsPage
from bot.web.server import WebServer
from cogs.messages.delivery import DiscordDelivery
from cogs.messages.replies import reply_error
from cogs.translating import CommandTranslator
from storage.backups.vault import SqliteVault
from storage.database import Database
from storage.memory import SqliteMemory
from storage.soundness import Soundness

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.jobs.ports import Clock
    from bot.web.server import Pages

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


async def run(settings: Settings, *, is_put_back: bool = False) -> ExitCode:
    """Run the bot until a signal or a fault ends it; return how the process should exit.

    Raises
    ------
    StorageError
        The database cannot be opened or belongs to another instance.
    """
    stop = _stop_on_signals()
    clock, metrics = SystemClock(), Metrics()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            await Database.open(settings.database_path, is_put_back=is_put_back, metrics=metrics)
        )
        comet = await stack.enter_async_context(_make_comet(settings, metrics))
        client = await stack.enter_async_context(_make_client(settings, metrics))
        web = _make_web(settings, clock, metrics)
        engine = Engine(
            memory=SqliteMemory(database),
            midjourney=comet,
            delivery=DiscordDelivery(client, metrics=metrics.deliveries),
            clock=clock,
            darkroom=await stack.enter_async_context(DarkroomProcess()),
            data_folder=settings.data_folder,
            pacing=_pacing(settings),
            draw_link=web.link if web is not None and web.is_reachable else None,
            export_link=web.export_link if web is not None and web.is_reachable else None,
            vault=SqliteVault(settings.database_path),
            metrics=metrics,
        )
        client.services = engine.services
        soundness, pulse = Soundness(database), Pulse(metrics.process)
        health = Health(engine=engine, database=soundness, connection=client.line, loop=pulse)
        numbers = Numbers(
            metrics=metrics,
            database=soundness,
            line=client.line,
            restraint=client.restraint,
            backups=engine.backups,
            clock=clock,
        )
        watch = await stack.enter_async_context(
            Watch(pulse=pulse, health=health, supervisor=Supervisor(load_supervision()), look=numbers.look)
        )
        await engine.recover()
        if web is not None:
            stack.push_async_callback(web.close)
        failed = await _listen(web, engine, HealthPages(health), MetricsPage(metrics))
        watch.started()
        failed = failed or await _log_in(client, settings, stop)
        return failed or await _serve(client, engine, web, watch, stop)


def _make_comet(settings: Settings, metrics: Metrics) -> CometClient:
    return CometClient(
        base_url=settings.cometapi_base_url,
        key=settings.cometapi_key.get_secret_value(),
        submit_timeout=settings.submit_timeout,
        media_hosts=settings.media_hosts,
        notify_hook=_notify_hook(settings),
        metrics=metrics.api,
    )


def _make_client(settings: Settings, metrics: Metrics) -> EaselClient:
    if settings.discord_api_url:
        point_at(settings.discord_api_url)
    options = ClientOptions(
        extensions=EXTENSIONS,
        data_folder=settings.data_folder,
        default_speed=settings.default_speed,
        command_guild_id=settings.command_guild_id,
        identify_budget=settings.identify_budget,
        metrics=metrics,
    )
    return EaselClient(options, reply_error, CommandTranslator())


def _pacing(settings: Settings) -> Pacing:
    return Pacing(
        poll_interval=settings.poll_interval,
        progress_edit_interval=settings.progress_edit_interval,
        submit_concurrency=settings.submit_concurrency,
        batch_limit=settings.batch_limit,
        history_life=settings.history_life,
        backup_every=settings.backup_every,
        pictures=Limits(size=settings.pictures_limit, life=settings.pictures_life),
    )


def _notify_hook(settings: Settings) -> str | None:
    """Return the address that the API is told to call; None where nobody would answer."""
    if settings.webhook_url is None:
        return None
    return settings.webhook_url + hook_path(load_key(settings.data_folder, HOOKS))


def _make_web(settings: Settings, clock: Clock, metrics: Metrics) -> WebServer | None:
    if settings.http_listen is None:
        return None
    return WebServer(
        listen=settings.http_listen,
        public_url=settings.public_url,
        key=load_key(settings.data_folder, LINKS),
        clock=clock,
        hooks=_make_hooks(settings, metrics),
    )


def _make_hooks(settings: Settings, metrics: Metrics) -> HookReceiver | None:
    """Make what takes callbacks, unless a receiver of its own does."""
    if settings.webhook_url is None or settings.webhook_listen is not None:
        return None
    folder = settings.data_folder
    return HookReceiver(
        Spool(folder / FOLDER), Echoes(load_key(folder, ECHOES)), load_key(folder, HOOKS), metrics.process.called_back
    )


async def _listen(web: WebServer | None, engine: Engine, *pages: Pages) -> ExitCode | None:
    """Open the HTTP endpoint, if there is to be one; return how to exit if that cannot be."""
    if web is None:
        return None
    try:
        await web.start(engine.services.regions, engine.services.privacy.exports, *pages)
    except OSError as error:
        _log.critical("Easel cannot listen at HTTP_LISTEN: %s. Name another host:port there.", explain(error))
        return ExitCode.CONFIGURATION
    return None


async def _log_in(client: EaselClient, settings: Settings, stop: asyncio.Event) -> ExitCode | None:
    """Log in at Discord, however long that takes; return how to exit if that cannot be, or is no longer wanted."""
    stopping = asyncio.create_task(stop.wait(), name="stop")
    entering = asyncio.create_task(client.line.log_in(settings.discord_token.get_secret_value()), name="login")
    try:
        await asyncio.wait([stopping, entering], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        entering.cancel()
        await asyncio.gather(stopping, entering, return_exceptions=True)
    if stop.is_set():
        _log.info("Stopped")
        return ExitCode.OK
    fault = entering.exception()
    return None if fault is None else _end(fault)


async def _serve(
    client: EaselClient, engine: Engine, web: WebServer | None, watch: Watch, stop: asyncio.Event
) -> ExitCode:
    """Keep the connection and the engine going until `stop`, then end both in order."""
    stopping = asyncio.create_task(stop.wait(), name="stop")
    connection = asyncio.create_task(client.connect(), name="connection")
    working = asyncio.create_task(engine.run(), name="engine")
    try:
        await asyncio.wait([stopping, connection, working], return_when=asyncio.FIRST_COMPLETED)
    finally:
        _log.info("Stopping")
        watch.stopping()
        if web is not None:
            await web.close()
        await engine.stop()
        await client.close()
        for task in (stopping, connection, working):
            task.cancel()
        await asyncio.gather(stopping, connection, working, return_exceptions=True)
    if stop.is_set():
        _log.info("Stopped")
        return ExitCode.OK
    fault = next((task.exception() for task in (connection, working) if not task.cancelled()), None)
    return _end(fault)


def _end(fault: BaseException | None) -> ExitCode:
    """Tell the owner why there is no connection to Discord any more, and return how to exit."""
    code = fault.code if isinstance(fault, discord.ConnectionClosed) else None
    if isinstance(fault, discord.LoginFailure) or code == TOKEN_REFUSED:
        _log.critical(
            "DISCORD_TOKEN was refused by Discord. It may have been reset: make a new one in the Developer Portal "
            "under Bot, and put it into the settings."
        )
        return ExitCode.CONFIGURATION
    if code in INTENTS_REFUSED:
        _log.critical("Discord refused the connection's intents, although none of Easel's is privileged: %s", fault)
        return ExitCode.CONFIGURATION
    if code in FOR_GOOD:
        _log.critical("Discord refuses this bot's connection for good: %s. It may be in too many servers.", fault)
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
