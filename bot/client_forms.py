"""Which forms there are: what a submitted one does, and how one that was refused is opened again.

discord.py keeps forms in memory and drops those of a former process in silence (discord-platform 2), so it is given
none to keep: they are told apart by their custom_id here. Knows discord.py's types; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, final

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable, Mapping

    import discord

    from bot.client import EaselClient


class FormHandler(Protocol):
    """Does what a submitted form says."""

    async def __call__(self, interaction: discord.Interaction[EaselClient], match: re.Match[str], /) -> None:
        """Answer the submit; `match` is that of the form's custom_id. Whatever is raised is told to the person."""
        ...


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
class Forms:
    """All forms of the extensions.

    Attributes
    ----------
    drafts
        Those that can be opened again, by the name that a `Draft` carries.
    """

    def __init__(self) -> None:
        self._handlers: list[tuple[re.Pattern[str], FormHandler]] = []
        self.drafts: dict[str, DraftForm] = {}

    def add(self, pattern: re.Pattern[str], handler: FormHandler) -> None:
        """Let the submits of forms with such custom_ids, of this run of the process or a former one, be handled."""
        self._handlers.append((pattern, handler))

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

    def find(self, custom_id: str) -> tuple[FormHandler, re.Match[str]] | None:
        """Return what handles a submit, with the match of its custom_id; None if no extension knows it."""
        for pattern, handler in self._handlers:
            match = pattern.fullmatch(custom_id)
            if match is not None:
                return handler, match
        return None
