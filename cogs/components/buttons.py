"""The buttons and selects under a job's messages. What each of them does is in `cogs.components.press`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.components.items import answer_for
from cogs.components.press import press
from cogs.custom_ids import JOB_BUTTON, JOB_SELECT

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    import discord

    from bot.client import EaselClient


async def _press(interaction: discord.Interaction[EaselClient], match: re.Match[str], _: Sequence[str]) -> None:
    await press(interaction, match["job"], match["slot"])


async def _pick(interaction: discord.Interaction[EaselClient], match: re.Match[str], slots: Sequence[str]) -> None:
    await press(interaction, match["job"], slots[0])


async def setup(client: EaselClient) -> None:
    """Let the client know these patterns."""
    answer_for(client, JOB_BUTTON, _press)
    answer_for(client, JOB_SELECT, _pick)
