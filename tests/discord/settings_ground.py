"""People at the panels of `/settings` and `/server`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.custom_ids import setting

if TYPE_CHECKING:
    from sandbox.discord import Message, Modal, User
    from tests.discord.conftest import Bot


class Panel:
    """A panel that somebody has opened: `/settings`, or `/server`."""

    message: Message

    def __init__(self, bot: Bot, by: User | None = None, *, server: bool = False) -> None:
        self._bot = bot
        self._server = server
        self._person = bot.discord.person(by or bot.discord.world.member)

    async def open(self) -> Panel:
        """Run the command."""
        command = "server" if self._server else "settings"
        call = await self._person.slash(command, channel=self._bot.discord.world.general)
        assert (await call.answer()).ephemeral
        assert call.message is not None
        self.message = call.message
        return self

    def text(self) -> str:
        """Return all that stands there."""
        return self.message.text()

    def _custom_id(self, name: str, verb: str) -> str:
        return setting(name, verb, server=self._server)

    async def press(self, name: str, verb: str, *, shows: str) -> None:
        """Press a button, and wait for the panel to show this."""
        await self._person.click(self.message, custom_id=self._custom_id(name, verb))
        await self._bot.discord.wait_until(lambda: shows in self.text())

    async def pick(self, name: str, value: str, *, shows: str) -> None:
        """Choose a value on a setting's page, and wait for the panel to show this."""
        await self._open(name)
        await self._person.choose(self.message, value, self._custom_id(name, "pick"))
        await self._bot.discord.wait_until(lambda: shows in self.text())

    async def page(self, name: str, verb: str, *, shows: str) -> None:
        """Press a button on a setting's page, and wait for the panel to show this."""
        await self._open(name)
        await self.press(name, verb, shows=shows)

    async def _open(self, name: str) -> None:
        await self._person.click(self.message, custom_id=self._custom_id(name, "open"))
        back = self._custom_id("all", "back")
        await self._bot.discord.wait_until(lambda: back in [button.custom_id for button in self.message.buttons()])

    async def type(self, name: str) -> Modal:
        """Ask for the form in which a value is typed."""
        await self._open(name)
        call = await self._person.click(self.message, custom_id=self._custom_id(name, "other"))
        modal = (await call.answer()).modal
        assert modal is not None
        return modal
