"""The discord.py client: intents, extensions, the boundary around commands, clicks and forms.

Knows the engine's services only to hand it on to the extensions. Never imports `cogs`: extensions are dotted strings,
and what answers an error or translates a command is a constructor argument.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol, cast, final

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override

from bot.client_handlers import Forms, Handlers
from bot.command_sync import CommandSync
from bot.connection.budget import IdentifyBudget
from bot.connection.line import Line
from bot.connection.reception import Reception
from bot.connection.restraint import Restraint, dispensable
from bot.connection.tracing import tracing
from bot.connection.witness import Witness
from bot.errors import ActionUnavailable
from bot.jobs.clock import SystemClock
from bot.language import mark, say, speak
from bot.metrics import Metrics

if TYPE_CHECKING:
    from pathlib import Path

    from bot.connection.restraint import Thresholds
    from bot.jobs.ports import Clock
    from bot.jobs.services import Services
    from bot.model import Speed

_log = logging.getLogger(__name__)

#: The only gateway events that Easel listens to besides interactions. None of them is privileged.
INTENTS: Final = discord.Intents(guilds=True, guild_reactions=True, dm_reactions=True)

#: What the bot needs in a server, and nothing more (discord-platform 3, "permissions for that").
PERMISSIONS: Final = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)

#: Under this name an interaction's `extras` hold how its person is to be answered: `Manners`.
MANNERS: Final = "manners"

_OFFICIAL_API: Final = Route.BASE

_UNKNOWN_CLICK: Final = mark("I do not know this button any more. Use `/history` or `/show` to get fresh ones.")
_UNKNOWN_FORM: Final = mark(
    "I do not know this form any more, so nothing was sent. Use `/history` or `/show` to get fresh buttons, and press "
    "one of those."
)


def point_at(api_url: str) -> None:
    """Point discord.py at another address, such as the sandbox's; call it before the client is created.

    discord.py has no setting for this (discord-platform 1). The gateway's address is asked for at login.

    Parameters
    ----------
    api_url
        REST base such as `http://127.0.0.1:8090/api/v10`.
    """
    base = api_url.rstrip("/")
    Route.BASE = base
    origin = str(yarl.URL(base).origin())
    discord.Asset.BASE = origin  # pyright: ignore[reportAttributeAccessIssue] - typed as the one literal


class ErrorReply(Protocol):
    """Tells a person that their interaction failed. Never raises, and answers once."""

    async def __call__(self, interaction: discord.Interaction[Any], error: Exception, job_id: str = "") -> None:
        """Turn the error into a sentence; `job_id` is for the log."""
        ...


class Reacted(Protocol):
    """Learns that somebody put a reaction on a message or took it off. Never raises."""

    async def __call__(self, event: discord.RawReactionActionEvent) -> None:
        """Do what the reaction stands for."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """What the Discord side is configured with.

    Attributes
    ----------
    extensions
        Dotted names of modules with `async def setup(client: EaselClient) -> None`.
    data_folder
        Exists; the record of the last command sync is kept there.
    command_guild_id
        Register commands in this server only; None registers them globally.
    dead_after_s
        How long the gateway may be silent before its connection counts as dead; more than the 41 s between heartbeats.
    thresholds
        Refusals from which on less is sent; None for those that keep the bot safe.
    identify_budget
        Sessions that may be started within a day where Discord does not say how many are left.
    metrics
        Where answers are timed and refusals counted; None for nowhere.
    """

    extensions: tuple[str, ...]
    data_folder: Path
    default_speed: Speed
    command_guild_id: int | None = None
    dead_after_s: float = 60.0
    thresholds: Thresholds | None = None
    identify_budget: int = 500
    metrics: Metrics | None = None


@final
class EaselTree(app_commands.CommandTree["EaselClient"]):
    """The commands, inside our own error boundary."""

    @override
    async def interaction_check(self, interaction: discord.Interaction[EaselClient], /) -> bool:
        if interaction.type is discord.InteractionType.autocomplete and self.client.restraint.is_strained:
            self.client.reception.answered(interaction.id)  # it gets none:
            return False  # each letter that somebody types would be another refusal
        try:
            await self.client.greet(interaction)
        except Exception as error:  # noqa: BLE001 - what is raised here, discord.py hands to no boundary of ours
            await self.client.reply_error(interaction, error)
            return False
        return True

    @override
    async def on_error(
        self,
        interaction: discord.Interaction[EaselClient],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        await self.client.reply_error(interaction, error)


@final
class EaselClient(discord.Client):
    """The connection to Discord.

    Parameters
    ----------
    reply_error
        Answers whatever goes wrong in an interaction.
    translator
        Gives the commands their names and descriptions in other languages.
    clock
        None for the real one.

    Attributes
    ----------
    services
        The engine's, for the extensions; set before login, because the engine needs this client to deliver.
    reacted
        Set by the extension that knows what reactions mean; None while there is none.
    ready
        Set at the first READY.
    command_sync
        The task that registers the commands; None before login.
    controls, forms
        What the extensions do about buttons and selects, and with submitted forms.
    restraint
        What may be sent to Discord now.
    reception
        Whose turn it is to be answered.
    line
        The connection to Discord.
    """

    services: Services

    def __init__(
        self,
        options: ClientOptions,
        reply_error: ErrorReply,
        translator: app_commands.Translator,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self.restraint = Restraint(clock, options.thresholds)
        self.reception = Reception()
        self._witness = Witness((options.metrics or Metrics()).discord, clock, self.reception.answered)
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
        super().__init__(
            intents=INTENTS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            heartbeat_timeout=options.dead_after_s,
            http_trace=tracing(self.restraint, self._witness),
        )
        budget = IdentifyBudget(options.data_folder / "sessions.txt", clock, options.identify_budget)
        self.line = Line(self, budget, clock)
        self.options = options
        self.reply_error = reply_error
        self._translator = translator
        self.reacted: Reacted | None = None
        self.tree = EaselTree(self)
        self.ready = asyncio.Event()
        self.controls = Handlers()
        self.forms = Forms()
        self.command_sync: asyncio.Task[None] | None = None

    @override
    async def setup_hook(self) -> None:
        if Route.BASE != _OFFICIAL_API:
            gateway = await self.http.request(Route("GET", "/gateway"))
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(cast("str", gateway["url"]))
        for name in self.options.extensions:
            await importlib.import_module(name).setup(self)
        await self.tree.set_translator(self._translator)
        with dispensable():
            self.command_sync = asyncio.create_task(self._make_sync().run(), name="command-sync")

    @override
    async def connect(self, *, reconnect: bool = True) -> None:
        """Stay connected until this client is closed, in the place of discord.py's own loop; see `Line.keep`."""
        del reconnect  # always
        await self.line.keep()

    @override
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Have the line write it down; it paced the session before it connected, so nothing is waited for here."""
        del shard_id, initial
        self.line.identifying()

    @override
    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if self.is_closed():  # discord.py's READY comes two seconds late, and may meet a client that is gone
            return
        if event in {"connect", "resumed"}:
            self.line.opened()
        elif event == "interaction":  # at once: the event itself waits for its turn
            self.reception.came(args[0].id)
            self._witness.came(args[0].id)
        super().dispatch(event, *args, **kwargs)

    @override
    async def close(self) -> None:
        """Close the connection, once those who were told to wait have been told what became of it."""
        self.line.hang_up()
        await self.reception.close()
        if self.command_sync is not None:
            self.command_sync.cancel()
            with suppress(asyncio.CancelledError):
                await self.command_sync
            self.command_sync = None
        await super().close()

    def _make_sync(self) -> CommandSync:
        guild_id = self.options.command_guild_id
        guild = discord.Object(guild_id) if guild_id is not None else None
        return CommandSync(self.tree, self.options.data_folder / "commands.json", guild)

    async def on_ready(self) -> None:
        """Say once how to invite the bot."""
        if self.ready.is_set():
            return
        self.ready.set()
        invite = discord.utils.oauth_url(
            self.application_id or 0,
            permissions=PERMISSIONS,
            scopes=("bot", "applications.commands"),
        )
        _log.info("ready as %s in %d servers; invite with %s", self.user, len(self.guilds), invite)

    async def greet(self, interaction: discord.Interaction[EaselClient]) -> None:
        """Wait for somebody's turn, find out how they are to be answered, and speak their language from here on."""
        await self.reception.turn(interaction.id)
        guild_locale = interaction.guild_locale
        manners = await self.services.preferences.manners(
            interaction.user.id,
            interaction.guild_id,
            str(interaction.locale),
            None if guild_locale is None else str(guild_locale),
        )
        if interaction.context.dm_channel:  # nobody else is there
            manners = replace(manners, private=False)
        elif self.is_hushed(interaction):
            manners = replace(manners, private=True)
        interaction.extras[MANNERS] = manners
        speak(manners.language)

    def is_at(self, interaction: discord.Interaction[EaselClient]) -> bool:
        """Tell whether the bot itself is where an interaction comes from; where it is not, it can only answer."""
        if interaction.guild_id is None:
            return interaction.context.dm_channel is True
        return self.get_guild(interaction.guild_id) is not None

    def is_hushed(self, interaction: discord.Interaction[EaselClient]) -> bool:
        """Tell whether Discord shows every answer to this person alone, asked for or not.

        It does where only they have the bot, and are not allowed to use such ones for all to see.
        """
        if interaction.guild_id is None or interaction.is_guild_integration():
            return False
        return not interaction.permissions.use_external_apps

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Pass a reaction on."""
        if self.reacted is not None:
            await self.reacted(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Pass on that a reaction was taken off."""
        if self.reacted is not None:
            await self.reacted(event)

    async def on_interaction(self, interaction: discord.Interaction[EaselClient]) -> None:
        """Answer clicks and submitted forms; discord.py itself answers commands."""
        try:
            if interaction.type is discord.InteractionType.component:
                await self._answer(interaction, self.controls, _UNKNOWN_CLICK)
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._answer(interaction, self.forms, _UNKNOWN_FORM)
        except Exception as error:  # noqa: BLE001 - the boundary of what no extension takes: the person is told
            await self.reply_error(interaction, error)

    async def _answer(self, interaction: discord.Interaction[EaselClient], handlers: Handlers, unknown: str) -> None:
        await self.greet(interaction)
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        found = handlers.find(custom_id)
        if found is None:
            _log.info("nothing answers to %.100r", custom_id)
            raise ActionUnavailable(say(unknown))
        handler, match = found
        try:
            await handler(interaction, match)
        except Exception as error:  # noqa: BLE001 - the boundary of clicks and forms: the person is told
            await self.reply_error(interaction, error, match.groupdict().get("job") or "")
