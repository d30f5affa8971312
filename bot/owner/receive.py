"""`python -m bot receive`: takes the API's callbacks, in a small process that outlives restarts of the bot.

It shares the data folder with the bot, and neither the database nor any secret but the keys in there. Imports neither
discord.py nor the engine.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING

from aiohttp import web

from bot.config import ExitCode
from bot.config.env_file import Problem
from bot.config.keys import ECHOES, HOOKS, load_key
from bot.errors import ConfigurationInvalid
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.spool import FOLDER, Spool
from bot.metrics import ReceiverMetrics
from bot.web.hooks import HookReceiver
from bot.web.listening import Listener, explain
from bot.web.metrics import MetricsPage

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from bot.config import Listen, Settings

_log = logging.getLogger(__name__)


def arguments(_: ArgumentParser) -> None:
    """Take none: everything is in the settings."""


def main(settings: Settings, _: Namespace) -> ExitCode:
    """Take callbacks until a signal ends it.

    Raises
    ------
    ConfigurationInvalid
        It is not said where to listen.
    StorageError
        The data folder cannot be used.
    """
    if settings.webhook_listen is None:
        fix = "Write where to listen, like 127.0.0.1:8081, and set WEBHOOK_URL to how the API reaches that."
        raise ConfigurationInvalid([Problem("WEBHOOK_LISTEN", "is not set", fix)])
    spool = Spool(settings.data_folder / FOLDER)
    spool.prepare()
    echoes, key = Echoes(load_key(settings.data_folder, ECHOES)), load_key(settings.data_folder, HOOKS)
    metrics = ReceiverMetrics()
    app = pages(HookReceiver(spool, echoes, key, metrics.process.called_back), metrics)
    return asyncio.run(_receive(app, settings.webhook_listen))


def pages(hooks: HookReceiver, metrics: ReceiverMetrics) -> web.Application:
    """Put together what it answers: callbacks to all, its numbers to this machine and network, and that it is there."""
    app = web.Application()
    app.add_routes([web.get("/healthz", _health), *MetricsPage(metrics).routes(), *hooks.routes()])
    app.on_response_prepare.append(_name_nothing)
    return app


async def _receive(app: web.Application, listen: Listen) -> ExitCode:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listener = Listener(app, listen)
    try:
        url = await listener.open()
    except OSError as error:
        _log.critical("Cannot listen at WEBHOOK_LISTEN: %s. Name another host:port there.", explain(error))
        await listener.close()
        return ExitCode.CONFIGURATION
    _log.info("Taking callbacks at %s", url)
    await stop.wait()
    await listener.close()
    _log.info("Stopped")
    return ExitCode.OK


async def _health(_: web.Request) -> web.StreamResponse:
    return web.Response(text="ok")


async def _name_nothing(_: web.Request, response: web.StreamResponse) -> None:
    """Tell nobody which program answers, and in which version."""
    response.headers["Server"] = "Easel"
