"""The discord.py client: intents, extensions, the boundary around commands, clicks that nobody knows.

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

from bot.command_sync import CommandSync
from bot.errors import ActionUnavailable
from bot.language import mark, say, speak

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

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


class FormHandler(Protocol):
    """Does what a submitted form says."""

    async def __call__(self, interaction: discord.Interaction[EaselClient], match: re.Match[str], /) -> None:
        """Answer the submit; `match` is that of the form's custom_id. Whatever is raised is told to the person."""
        ...


class ErrorReply(Protocol):
    """Tells a person that their interaction failed. Never raises, and answers once."""

    async def __call__(self, interaction: discord.Interaction[Any], error: Exception, job_id: str = "") -> None:
        """Turn the error into a sentence; `job_id` is for the log."""
        ...


@final
@dataclass(frozen=True, slots=True)
class DraftForm:
    """A form that can be opened again with what was filled in before.

    Attributes
    ----------
    reopen
        Makes the form of a draft's fields, in less than two seconds; it comes back under the custom_id given.
    submit
        Goes on with the corrected fields, as the form's first submit would have.
    """

    reopen: Callable[[discord.Interaction[EaselClient], Mapping[str, str], str], Awaitable[discord.ui.Modal]]
    submit: Callable[[discord.Interaction[EaselClient], Mapping[str, str]], Awaitable[None]]


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
    """

    extensions: tuple[str, ...]
    data_folder: Path
    default_speed: Speed
    command_guild_id: int | None = None


@final
class EaselTree(app_commands.CommandTree["EaselClient"]):
    """The commands, inside our own error boundary."""

    @override
    async def interaction_check(self, interaction: discord.Interaction[EaselClient], /) -> bool:
        await self.client.greet(interaction)
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
    draft_forms
        By the name that a `Draft` carries.
    """

    services: Services

    def __init__(self, options: ClientOptions, reply_error: ErrorReply, translator: app_commands.Translator) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
        super().__init__(
            intents=INTENTS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.options = options
        self.reply_error = reply_error
        self._translator = translator
        self.reacted: Reacted | None = None
        self.tree = EaselTree(self)
        self.ready = asyncio.Event()
        self._known: list[re.Pattern[str]] = []
        self._forms: list[tuple[re.Pattern[str], FormHandler]] = []
        self.draft_forms: dict[str, DraftForm] = {}
        self.command_sync: asyncio.Task[None] | None = None

    @override
    async def setup_hook(self) -> None:
        if Route.BASE != _OFFICIAL_API:
            gateway = await self.http.request(Route("GET", "/gateway"))
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(cast("str", gateway["url"]))
        for name in self.options.extensions:
            await importlib.import_module(name).setup(self)
        await self.tree.set_translator(self._translator)
        self.command_sync = asyncio.create_task(self._make_sync().run(), name="command-sync")

    @override
    def add_dynamic_items(self, *items: type[discord.ui.DynamicItem[discord.ui.Item[Any]]]) -> None:
        super().add_dynamic_items(*items)
        self._known += [item.__discord_ui_compiled_template__ for item in items]

    def add_form(self, pattern: re.Pattern[str], handler: FormHandler) -> None:
        """Let a form's submits be handled by its custom_id, in this run of the process or a later one.

        discord.py keeps modals in memory and drops those of a former process in silence (discord-platform 2), so it is
        given none to keep. `handler` runs inside our own error boundary.
        """
        self._forms.append((pattern, handler))

    def add_draft_form(self, name: str, form: DraftForm) -> None:
        """Let drafts of this name be corrected: their form is opened again and goes on where it was refused.

        Raises
        ------
        ValueError
            Two forms have one name.
        """
        if name in self.draft_forms:
            raise ValueError(f"two forms of drafts are called {name!r}")
        self.draft_forms[name] = form

    @override
    async def close(self) -> None:
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
        """Find out how somebody is to be answered, and speak their language in this task from here on. Never raises."""
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
        """Hand submitted forms on; answer clicks and forms that no extension knows, which would be left in silence."""
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        if interaction.type is discord.InteractionType.modal_submit:
            await self.greet(interaction)
            await self._take_form(interaction, custom_id)
        elif interaction.type is discord.InteractionType.component:
            if any(pattern.fullmatch(custom_id) for pattern in self._known):
                return
            await self.greet(interaction)
            _log.info("unknown component %.100r", custom_id)
            await self.reply_error(interaction, ActionUnavailable(say(_UNKNOWN_CLICK)))

    async def _take_form(self, interaction: discord.Interaction[EaselClient], custom_id: str) -> None:
        for pattern, handler in self._forms:
            match = pattern.fullmatch(custom_id)
            if match is None:
                continue
            try:
                await handler(interaction, match)
            except Exception as error:  # noqa: BLE001 - the boundary of forms: whatever went wrong, the person is told
                await self.reply_error(interaction, error, match.groupdict().get("job", ""))
            return
        _log.info("unknown form %.100r", custom_id)
        await self.reply_error(interaction, ActionUnavailable(say(_UNKNOWN_FORM)))
