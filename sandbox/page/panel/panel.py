"""The side panel "Behind the scenes": what the API, Discord and the bot are doing, told whenever it changes.

Joins what others know; the verbs are `switching`'s, the words `catalog`'s. Imports nothing of the bot.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final, final

from sandbox.discord.faults import normalized
from sandbox.page.panel.catalog import ROUTES, catalog
from sandbox.page.panel.jobrows import Bills, task_rows
from sandbox.page.panel.switching import Switching
from sandbox.page.panel.traces import Traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.scenario import Scenario

Json = dict[str, Any]

_PACE_SECONDS: Final = 0.5
"""Between two looks, and at least between two `panel` events."""
_BREATH_SECONDS: Final = 0.1
"""Between two looks that were asked for, so that a flood of events costs little."""
_ROUTES: Final = {normalized(route): route for route in ROUTES if route is not None}


@final
class Panel:
    """The panel of one running scenario, to be made and used in its event loop."""

    VERBS: ClassVar[frozenset[str]] = frozenset(
        {
            *("fault", "fault_off", "discord_fault", "discord_calm", "permission", "speed"),
            *("finish", "fail", "disconnect", "pass_time", "bot"),
        }
    )
    """What `do` understands."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._switching = Switching(scenario)
        self._traces = Traces(scenario.discord)
        self._listeners: list[Callable[[Json], None]] = []
        self._endings: list[Callable[[], None]] = []
        self._woken = asyncio.Event()
        self._ticking: asyncio.Task[None] | None = None
        self._told: Json = {}
        self._told_bot: Json = {}

    def catalog(self) -> Json:
        """Return what can be switched, with words for people."""
        return catalog()

    def state(self) -> Json:
        """Return tasks, charges, requests and what is switched on."""
        comet, discord = self._scenario.comet, self._scenario.discord
        bills, requests = Bills.of(comet), comet.requests
        return {
            "tasks": task_rows(comet, bills, self._traces),
            **bills.as_json(),
            "requests": {
                "submits": requests.submits,
                "fetches": requests.fetches,
                "lists": requests.lists,
                "images": requests.images,
            },
            "rate": comet.rate,
            "faults": [{"name": fault.value, "left": left} for fault, left in comet.faults.left.items()],
            "discord_faults": [
                {
                    "name": armed.fault.value,
                    "route": None if armed.route is None else _ROUTES.get(armed.route, armed.route),
                    "left": None if armed.times is None else armed.times - armed.hits,
                }
                for armed in discord.faults.armed
                if not armed.is_spent
            ],
        }

    def bot_state(self) -> Json:
        """Return whether the bot runs and is connected; `trouble` is a sentence if it did not come up, or None."""
        bot = self._scenario.bot
        return {
            "online": self._scenario.discord.is_bot_online,
            "state": bot.state,
            "pid": bot.pid if bot.is_alive else None,
            "exit_code": bot.exit_code,
            "starts": bot.starts,
            "trouble": self._scenario.control.trouble,
        }

    def log(self) -> list[str]:
        """Return the newest lines that the bot wrote."""
        return self._scenario.bot.log.lines

    async def do(self, verb: str, fields: Json) -> None:
        """Switch something.

        Raises
        ------
        ValueError, LookupError
            It cannot be; the text is a sentence.
        """
        act = self._switching.verbs.get(verb)
        if act is None:
            raise LookupError("The panel has no such switch.")
        try:
            await act(fields)
        finally:
            self._tell_bot()  # a trouble that ended, or a new one
            self._woken.set()

    def subscribe(self, callback: Callable[[Json], None]) -> Callable[[], None]:
        """Call `callback` with each `panel`, `bot` and `log` event, as the page gets it; return what ends that."""
        self._listeners.append(callback)
        if self._ticking is None:
            self._listen()
        return lambda: self._unsubscribe(callback)

    def _unsubscribe(self, callback: Callable[[Json], None]) -> None:
        with suppress(ValueError):
            self._listeners.remove(callback)
        if not self._listeners and self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
            while self._endings:
                self._endings.pop()()

    def _listen(self) -> None:
        """Begin to watch: only while somebody wants to know."""
        self._told, self._told_bot = _ageless(self.state()), self.bot_state()
        scenario = self._scenario
        self._endings = [
            scenario.bot.subscribe(self._tell_bot),
            scenario.bot.log.subscribe(lambda lines: self._tell({"event": "log", "lines": lines})),
            scenario.discord.subscribe(self._on_discord),
        ]
        self._ticking = asyncio.create_task(self._tick(), name="panel")

    def _on_discord(self, event: Json) -> None:
        if event["type"] == "bot":
            self._tell_bot()
        self._woken.set()

    async def _tick(self) -> None:
        """Look twice a second, and at once when something happened: jobs go on without telling anybody."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_PACE_SECONDS):
                    await self._woken.wait()
            self._woken.clear()
            self._tell_bot()
            await asyncio.sleep(_PACE_SECONDS if self._tell_panel() else _BREATH_SECONDS)

    def _tell_panel(self) -> bool:
        """Tell the state if it has changed, and whether it has."""
        state = self.state()
        told = _ageless(state)
        if told == self._told:
            return False
        self._told = told
        self._tell({"event": "panel", "panel": state})
        return True

    def _tell_bot(self) -> None:
        state = self.bot_state()
        if state != self._told_bot:
            self._told_bot = state
            self._tell({"event": "bot", "bot": state})

    def _tell(self, event: Json) -> None:
        for listener in tuple(self._listeners):
            listener(event)


def _ageless(state: Json) -> Json:
    """Return what has to change before the panel is told again: growing older alone is no news."""
    tasks: list[Json] = state["tasks"]
    return state | {"tasks": [{key: value for key, value in task.items() if key != "age_seconds"} for task in tasks]}
