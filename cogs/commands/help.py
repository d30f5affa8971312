"""`/help`: how to use Easel, by topic, on one private panel. Translates; decides nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.errors import ActionUnavailable
from bot.language import say
from cogs.commands.options import everywhere
from cogs.components.items import answer_for
from cogs.custom_ids import HELP_TOPIC
from cogs.messages.panels import tell_panel, turn_panel
from cogs.render.help import Topic, render_help, topic_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import EaselClient

_TOPICS: Final = [app_commands.Choice(name=topic_name(topic), value=topic.value) for topic in Topic]


@app_commands.command(name="help", description="How to use this bot, with examples")
@everywhere
@app_commands.describe(topic="What you want to know about")
@app_commands.choices(topic=_TOPICS)
async def help_(interaction: discord.Interaction[EaselClient], topic: str | None = None) -> None:
    """Answer privately with a topic."""
    await tell_panel(interaction, render_help(Topic(topic) if topic else Topic.START))


async def _turn(interaction: discord.Interaction[EaselClient], _: re.Match[str], values: Sequence[str]) -> None:
    try:
        topic = Topic(values[0])
    except ValueError:
        raise ActionUnavailable(say("I do not know this topic any more. `/help` shows the current ones.")) from None
    await turn_panel(interaction, render_help(topic))


async def setup(client: EaselClient) -> None:
    """Add the command and the panel's select."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", help_))
    answer_for(client, re.compile(HELP_TOPIC), _turn)
