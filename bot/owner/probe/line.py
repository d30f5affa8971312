"""The line to Discord: discord.py without its gateway, so that what the probe sends is what Easel sends."""

from __future__ import annotations

from typing import final

import discord


@final
class DiscordLine:
    """discord.py, logged in at the first use. Close it.

    Parameters
    ----------
    token
        The bot's.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._client: discord.Client | None = None
        self._failure: discord.DiscordException | None = None

    async def client(self) -> discord.Client:
        """Return the client, logged in.

        Raises
        ------
        DiscordException
            It could not log in; asked once, for each refused try counts (discord-platform 3, "invalid requests").
        """
        if self._failure is not None:
            raise self._failure
        if self._client is None:
            discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
            client = discord.Client(
                intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none()
            )
            try:
                await client.login(self._token)
            except discord.DiscordException as error:
                self._failure = error
                await client.close()
                raise
            self._client = client
        return self._client

    async def channel(self, channel_id: int) -> discord.PartialMessageable:
        """Return a place to post into, unseen.

        Raises
        ------
        DiscordException
            As `client`.
        """
        return (await self.client()).get_partial_messageable(channel_id)

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.close()
