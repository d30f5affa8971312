"""What the page's server needs of the side panel: its state to show, and verbs to hand on. Imports nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.page.asks import Json


class SidePanel(Protocol):
    """The panel behind the scenes, as the server sees it."""

    VERBS: ClassVar[frozenset[str]]
    """What `do` understands."""

    def catalog(self) -> Json:
        """Return what can be switched, with words for people."""
        ...

    def state(self) -> Json:
        """Return tasks, charges and what is switched on."""
        ...

    def bot_state(self) -> Json:
        """Return whether the bot runs."""
        ...

    def log(self) -> list[str]:
        """Return the newest lines that the bot wrote."""
        ...

    async def do(self, verb: str, fields: Json) -> None:
        """Switch something.

        Raises
        ------
        ValueError, LookupError
            It cannot be; the text is a sentence.
        """
        ...

    def subscribe(self, callback: Callable[[Json], None]) -> Callable[[], None]:
        """Call `callback` with every event, as the page gets it; return what ends that."""
        ...
