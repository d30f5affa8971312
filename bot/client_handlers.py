"""What is done when somebody uses a component or submits a form, by its custom_id; and how a form is opened again.

discord.py keeps forms in memory and drops those of a former process in silence (discord-platform 2). Its
`DynamicItem`s do outlive one, but they first build all the components of the message, and answer nobody if the one that
was used is not among them any more. So it is given neither. Knows discord.py's types; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, final

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable, Mapping

    import discord

    from bot.client import EaselClient


class Handler(Protocol):
    """Does what a component or a submitted form says."""

    async def __call__(self, interaction: discord.Interaction[EaselClient], match: re.Match[str], /) -> None:
        """Answer; `match` is that of the custom_id. Whatever is raised is told to the person."""
        ...


class Handlers:
    """What answers which custom_ids, those that a former process wrote included."""

    def __init__(self) -> None:
        self._handlers: list[tuple[re.Pattern[str], Handler]] = []

    def add(self, pattern: re.Pattern[str], handler: Handler) -> None:
        """Let whatever has such a custom_id as a whole be answered. A group `job` of it names the job in the log."""
        self._handlers.append((pattern, handler))

    def find(self, custom_id: str) -> tuple[Handler, re.Match[str]] | None:
        """Return what answers a custom_id, with its match; None if no extension knows it."""
        for pattern, handler in self._handlers:
            match = pattern.fullmatch(custom_id)
            if match is not None:
                return handler, match
        return None


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


@final
class Forms(Handlers):
    """All forms of the extensions.

    Attributes
    ----------
    drafts
        Those that can be opened again, by the name that a `Draft` carries.
    """

    def __init__(self) -> None:
        super().__init__()
        self.drafts: dict[str, DraftForm] = {}

    def add_draft(self, name: str, form: DraftForm) -> None:
        """Let drafts of this name be corrected: their form is opened again and goes on where it was refused.

        Raises
        ------
        ValueError
            Two forms have one name.
        """
        if name in self.drafts:
            raise ValueError(f"two forms of drafts are called {name!r}")
        self.drafts[name] = form
