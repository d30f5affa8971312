"""The buttons and selects under a job's messages, of this run or of last year's: patterns of custom_ids, no state.

Parsing only, in `from_custom_id`; the work is in `cogs.press`, inside our own error boundary, because discord.py has
none around these callbacks (style 3, fact 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, final

import discord
from typing_extensions import override

from cogs.custom_ids import JOB_BUTTON, JOB_SELECT
from cogs.press import press
from cogs.replies import guarded

if TYPE_CHECKING:
    import re
    from typing import Self

    from bot.client import EaselClient


@final
class JobButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=JOB_BUTTON):
    """A button under a job's message."""

    def __init__(self, item: discord.ui.Button[Any], job_id: str, slot: str) -> None:
        super().__init__(item)
        self.job_id = job_id
        self.slot = slot

    @override
    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(cast("discord.ui.Button[Any]", item), match["job"], match["slot"])

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await guarded(interaction, press(interaction, self.job_id, self.slot), self.job_id)


@final
class JobSelect(discord.ui.DynamicItem[discord.ui.Select[Any]], template=JOB_SELECT):
    """The select under a job's message that holds the actions for which there was no room as buttons."""

    def __init__(self, item: discord.ui.Select[Any], job_id: str) -> None:
        super().__init__(item)
        self.job_id = job_id

    @override
    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls(cast("discord.ui.Select[Any]", item), match["job"])

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await guarded(interaction, press(interaction, self.job_id, self.item.values[0]), self.job_id)


async def setup(client: EaselClient) -> None:
    """Let the client know these patterns."""
    client.add_dynamic_items(JobButton, JobSelect)
