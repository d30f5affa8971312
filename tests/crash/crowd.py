"""People who keep a bot busy: they ask for pictures, press what is under them, twice at times, and confirm batches.

What they do is decided by dice that can be thrown again. Imports nothing of the bot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from sandbox.discord import ClientRefused, InteractionFailed

if TYPE_CHECKING:
    from random import Random

    from sandbox.discord import Message, Person
    from sandbox.scenario import Scenario

#: How many of the newest grids somebody may still press a button of.
_RECENT: Final = 8
#: Seconds to wait for a question; the bot may be dead by now.
_PATIENCE: Final = 1.5

#: What a prompt does to the API, and how often of a hundred.
_MARKS: Final = {"": 84, "[[failed]]": 4, "[[slow:0.6]]": 8, "[[reset-after]]": 2, "[[queue-full:1]]": 2}
_DEEDS: Final = {"imagine": 8, "upscale": 4, "vary": 4, "double": 1, "batch": 1, "zoom": 1}


@final
class Crowd:
    """The owner, the member and the guest of the sandbox's world; the guest wants results for their eyes alone.

    Parameters
    ----------
    scenario
        Whose bot is up, or was until a moment ago.
    dice
        Decides everything.
    """

    def __init__(self, scenario: Scenario, dice: Random) -> None:
        self._scenario = scenario
        self._dice = dice
        self._asked = 0

    async def settle_in(self) -> None:
        """Have the guest set that only they see what is made for them."""
        discord = self._scenario.discord
        guest = discord.person(discord.world.guest)
        panel = await (await guest.slash("settings", channel=discord.world.general)).answer()
        assert panel.message is not None
        message = panel.message
        await guest.click(message, custom_id="mjs1:private:on")
        await discord.wait_until(lambda: "only you see them" in message.text())

    async def act(self) -> None:
        """Have somebody do something. That the bot has just died is nobody's mistake here."""
        deed = self._draw(_DEEDS)
        try:
            await getattr(self, f"_{deed}")()
        except (ClientRefused, InteractionFailed, TimeoutError):
            return

    async def vary(self) -> bool:
        """Have somebody ask for variations, which leads to the API's modal step; tell whether there was a grid."""
        grid = self._pick("V1")
        if grid is None:
            return False
        await self._press(grid, f"V{self._dice.randint(1, 4)}")
        return True

    async def ask_in_vain(self) -> None:
        """Have somebody ask for a picture that is made, although the answer to the submit is lost."""
        await self._ask("[[reset-after]]")

    def _draw(self, weights: dict[str, int]) -> str:
        return self._dice.choices(list(weights), list(weights.values()))[0]

    def _somebody(self) -> Person:
        world = self._scenario.discord.world
        return self._scenario.discord.person(self._dice.choice((world.owner, world.member, world.guest)))

    def _pick(self, label: str) -> Message | None:
        """Return one of the newest public pictures with that button."""
        discord = self._scenario.discord
        newest = (m for m in reversed(discord.messages(discord.world.general)) if m.attachments and not m.ephemeral_to)
        found: list[Message] = []
        for message in newest:
            if any(button.label == label for button in message.buttons()):
                found.append(message)
            if len(found) == _RECENT:
                break
        return self._dice.choice(found) if found else None

    async def _press(self, message: Message, label: str) -> None:
        await self._somebody().click(message, label=label)

    async def _imagine(self) -> None:
        await self._ask(self._draw(_MARKS))

    async def _ask(self, mark: str) -> None:
        self._asked += 1
        options = {"prompt": f"fox number {self._asked} {mark}".rstrip()}
        await self._somebody().slash("imagine", options, channel=self._scenario.discord.world.general)

    async def _upscale(self) -> None:
        grid = self._pick("U1")
        if grid is not None:
            await self._press(grid, f"U{self._dice.randint(1, 4)}")

    async def _vary(self) -> None:
        await self.vary()

    async def _double(self) -> None:
        """Press the same button twice at once, by one person and by another."""
        grid = self._pick("U1")
        if grid is None:
            return
        label = self._dice.choice(("U1", "U2", "V3", "V4"))
        somebody = self._somebody()
        await somebody.click(grid, label=label)
        await somebody.click(grid, label=label)
        await self._press(grid, label)

    async def _zoom(self) -> None:
        """Press what opens a form, and send it."""
        single = self._pick("Custom Zoom")
        if single is None:
            return
        somebody = self._somebody()
        answer = await (await somebody.click(single, label="Custom Zoom")).answer(_PATIENCE)
        if answer.modal is not None:
            await somebody.submit_modal(answer.modal)

    async def _batch(self) -> None:
        self._asked += 1
        somebody = self._somebody()
        general = self._scenario.discord.world.general
        call = await somebody.slash("imagine", {"prompt": f"{{red, blue}} fox number {self._asked}"}, channel=general)
        question = (await call.answer(_PATIENCE)).message
        for button in question.buttons() if question is not None else ():
            if question is not None and (button.custom_id or "").endswith(":go"):
                await somebody.click(question, custom_id=button.custom_id)
