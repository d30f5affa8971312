"""Finds the texts of the commands, by building their tree as the bot does and asking for them as discord.py does.

Knows `bot.app` for its extensions; nothing is opened, and nobody logs in.
"""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

import discord
from discord import app_commands
from typing_extensions import override

from bot.app import EXTENSIONS
from bot.client import ClientOptions, EaselClient
from bot.model import Speed
from catalogues.entries import Entry
from cogs.messages.replies import reply_error
from cogs.translating import CommandTranslator, context_of, message_of

if TYPE_CHECKING:
    from bot.client import EaselTree


@final
@dataclass(frozen=True, slots=True)
class Texts:
    """The commands' texts.

    Attributes
    ----------
    entries
        In the order in which Discord is told of them; a message may come several times.
    payloads
        The commands as they are registered, in all languages.
    """

    entries: list[Entry]
    payloads: list[dict[str, Any]]


@final
class _Listener(app_commands.Translator):
    """Translates nothing, but notes what there would be to translate."""

    def __init__(self) -> None:
        self.heard: list[Entry] = []
        self.file = ""

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        message = message_of(string)
        if locale is discord.Locale.german and message is not None:  # any of them: each is asked for the same
            self.heard.append(Entry(one=message, context=context_of(context), files=(self.file,)))
        return None


def texts() -> Texts:
    """Return the texts of all commands."""
    return asyncio.run(_texts())


async def _texts() -> Texts:
    tree = await _tree()
    listener, translator = _Listener(), CommandTranslator()
    await translator.load()
    payloads: list[dict[str, Any]] = []
    for command in sorted(tree.get_commands(), key=lambda command: (command.module or "", command.name)):
        listener.file = (command.module or "").replace(".", "/") + ".py"
        await command.get_translated_payload(tree, listener)
        payloads.append(await command.get_translated_payload(tree, translator))
    return Texts(listener.heard, payloads)


async def _tree() -> EaselTree:
    options = ClientOptions(extensions=EXTENSIONS, data_folder=Path(), default_speed=Speed.FAST)
    client = EaselClient(options, reply_error, CommandTranslator())
    for name in EXTENSIONS:
        await importlib.import_module(name).setup(client)
    return client.tree
