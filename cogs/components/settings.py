"""The panels of settings at work: a control is used, a value is typed, and the panel shows how things stand then.

Everything a control needs is in its custom_id, so it works after a restart. Translates; what can be set to what is
decided in `bot.jobs.people.settable`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bot.client_handlers import DraftForm
from bot.errors import ActionUnavailable, NotPermitted
from bot.jobs.people.settable import OFF, ON, Setting, set_to, setting_of, value_of
from bot.language import language_of, mark, say
from bot.model import Person, Server
from cogs.components.correcting import correctable
from cogs.components.items import answer_for
from cogs.components.modal_values import texts
from cogs.components.star_channel import obstacle, require_post
from cogs.custom_ids import SERVER_SETTING, SETTING, SETTING_FORM
from cogs.custom_ids import setting as custom_id
from cogs.messages.panels import tell_panel, turn_panel
from cogs.messages.replies import patiently, promptly
from cogs.messages.views import build_form
from cogs.render.forms import PROMPT
from cogs.render.setting_words import TYPED, UNSET
from cogs.render.settings import (
    ALL,
    ASK,
    BACK,
    CLEAR,
    NOTHING,
    OPEN,
    OTHER,
    PICK,
    Standing,
    render_reset,
    render_setting,
    render_settings,
    setting_form,
)

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    import discord

    from bot.client import EaselClient
    from cogs.render.panels import Panel

    Interaction: TypeAlias = discord.Interaction[EaselClient]

#: Under this name a value that was refused is kept as a draft, with these fields beside its text.
_FORM: Final = "/settings"
_SETTING, _SERVER = "setting", "server"

_NO_SERVER: Final = mark(
    "`/server` is about a whole server, so it works in one and not here. Your own settings are in `/settings`."
)
_NO_MODERATOR: Final = mark(
    "Only those with the permission *Manage Server* may change what is set for this server. "
    "Your own settings are in `/settings`."
)
_UNKNOWN: Final = mark("I do not know this setting any more. `/settings` shows the current ones.")


async def show_settings(interaction: Interaction, *, server: bool) -> None:
    """Answer privately with a person's settings, or with those of the server.

    Raises
    ------
    UserFacing, StorageError
        With the sentence to show.
    """
    _require(interaction, server=server)
    standing = await patiently(interaction, _standing(interaction, server=server), private=True)
    await tell_panel(interaction, render_settings(standing))


def _require(interaction: Interaction, *, server: bool) -> None:
    """Refuse what is about a server elsewhere, and whoever may not manage it."""
    if server and interaction.guild_id is None:
        raise ActionUnavailable(say(_NO_SERVER))
    if server and not interaction.permissions.manage_guild:
        raise NotPermitted(say(_NO_MODERATOR))


async def _standing(interaction: Interaction, *, server: bool) -> Standing:
    preferences, guild_id = interaction.client.services.preferences, interaction.guild_id
    here = await preferences.server(guild_id) if guild_id is not None else None
    person = await preferences.person(interaction.user.id)
    locale = interaction.guild_locale if server else interaction.locale
    return Standing(
        holder=here if server and here is not None else person,
        server=here,
        speed=interaction.client.options.default_speed,
        language=language_of(str(locale)),
        obstacle=obstacle(interaction.guild, here.star_channel_id) if server and here is not None else "",
    )


async def _use(server: bool, interaction: Interaction, match: re.Match[str], values: Sequence[str]) -> None:  # noqa: FBT001 - bound by partial
    """Do what a control says."""
    _require(interaction, server=server)
    name, verb = match["setting"], match["value"]
    if name == ALL:
        await _use_all(interaction, verb, server=server)
        return
    setting = setting_of(name, server=server)
    if verb == OTHER:
        await _ask(interaction, setting, server=server)
        return
    if verb == OPEN:
        await interaction.response.defer()
        await turn_panel(interaction, render_setting(await _standing(interaction, server=server), setting))
        return
    value = _value(verb, values)
    await interaction.response.defer()
    await _change(interaction, setting, value, server=server)
    await turn_panel(interaction, await _overview(interaction, server=server))


def _value(verb: str, values: Sequence[str]) -> str | None:
    """Return the value that a control stands for."""
    if verb == CLEAR or (verb == PICK and values[:1] == (UNSET,)):
        return None
    if verb == PICK and values:
        return values[0]
    if verb == NOTHING:
        return ""
    if verb in {ON, OFF}:
        return verb
    raise ActionUnavailable(say(_UNKNOWN))


async def _use_all(interaction: Interaction, verb: str, *, server: bool) -> None:
    if verb not in {BACK, ASK, CLEAR}:
        raise ActionUnavailable(say(_UNKNOWN))
    await interaction.response.defer()
    if verb == ASK:
        await turn_panel(interaction, render_reset(server=server))
        return
    if verb == CLEAR:
        await _forget(interaction, server=server)
    await turn_panel(interaction, await _overview(interaction, server=server))


async def _overview(interaction: Interaction, *, server: bool) -> Panel:
    """Return all settings, in the language that is set by now."""
    await interaction.client.greet(interaction)
    return render_settings(await _standing(interaction, server=server))


async def _change(interaction: Interaction, setting: Setting, value: str | None, *, server: bool) -> None:
    preferences = interaction.client.services.preferences
    if not server:
        await preferences.change(interaction.user.id, lambda person: set_to(person, setting, value))
        return
    if setting is Setting.STAR_CHANNEL and value is not None:
        require_post(interaction.guild, int(value))
    if interaction.guild_id is not None:
        await preferences.change_server(interaction.guild_id, lambda here: set_to(here, setting, value))


async def _forget(interaction: Interaction, *, server: bool) -> None:
    preferences, user_id, guild_id = interaction.client.services.preferences, interaction.user.id, interaction.guild_id
    if server and guild_id is not None:
        await preferences.change_server(guild_id, lambda _: Server(guild_id=guild_id))
    elif not server:
        await preferences.change(user_id, lambda _: Person(user_id=user_id))


async def _ask(interaction: Interaction, setting: Setting, *, server: bool) -> None:
    """Open the form in which a value is typed, with the one that is set."""
    _require_typed(setting)
    standing = await promptly(interaction, _standing(interaction, server=server))
    form = setting_form(setting, value_of(standing.holder, setting) or "", server=server)
    await interaction.response.send_modal(build_form(form, custom_id(setting, "form", server=server)))


def _require_typed(setting: Setting) -> None:
    """Refuse to take what is only chosen as a text."""
    if setting not in TYPED:
        raise ActionUnavailable(say(_UNKNOWN))


async def _typed(interaction: Interaction, match: re.Match[str]) -> None:
    """Take what was typed; a value that is refused comes back to be corrected."""
    fields = {_SETTING: match["setting"], PROMPT: texts(interaction.data).get(PROMPT, "")}
    if match["server"]:
        fields[_SERVER] = "yes"
    await correctable(interaction, _FORM, fields, _take(interaction, fields, first=True))


async def _again(interaction: Interaction, fields: Mapping[str, str]) -> None:
    await correctable(interaction, _FORM, fields, _take(interaction, fields, first=False))


async def _take(interaction: Interaction, fields: Mapping[str, str], *, first: bool) -> None:
    """Set what was typed; the first time the panel is there to show it, later a new one is shown."""
    server = _SERVER in fields
    _require(interaction, server=server)
    setting = setting_of(fields[_SETTING], server=server)
    _require_typed(setting)
    work = _change(interaction, setting, fields[PROMPT].strip() or None, server=server)
    await patiently(interaction, work, private=True)
    panel = await _overview(interaction, server=server)
    if first and not interaction.response.is_done():
        await turn_panel(interaction, panel)
    else:
        await tell_panel(interaction, panel)


async def _reopen(interaction: Interaction, fields: Mapping[str, str], custom_id: str) -> discord.ui.Modal:
    del interaction
    server = _SERVER in fields
    setting = setting_of(fields[_SETTING], server=server)
    return build_form(setting_form(setting, fields[PROMPT], server=server), custom_id)


async def setup(client: EaselClient) -> None:
    """Let the client know the panels' controls, and the form for what is typed."""
    answer_for(client, SETTING, partial(_use, False))
    answer_for(client, SERVER_SETTING, partial(_use, True))
    client.forms.add(SETTING_FORM, _typed)
    client.forms.add_draft(_FORM, DraftForm(_reopen, _again))
