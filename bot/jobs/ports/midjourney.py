"""The Midjourney API, as the engine needs it. Imports only the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.model import Accepted, Dimensions, Media, Motion, Route, Speed, Task


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A video to make.

    Attributes
    ----------
    image
        The first frame: a file of ours, or a public https link.
    prompt
        May be empty.
    end
        The last frame.
    loop
        Whether it ends as it began.
    extend
        Id of a finished video task to go on from; then `index`, 0–3, says which of its videos.
    """

    image: Path | str
    motion: Motion
    prompt: str = ""
    end: Path | None = None
    loop: bool = False
    extend: str | None = None
    index: int = 0


class Midjourney(Protocol):
    """The Midjourney API. All methods raise `CometError`; a submit that raises one with `sent == "no"` cost nothing.

    Files handed over are read when the request is made up, and stay the caller's.
    """

    async def imagine(self, prompt: str, *, images: Sequence[Path] = (), speed: Speed, echo: str) -> Accepted:
        """Submit a prompt. `echo` comes back in the task; at most 255 characters."""
        ...

    async def act(self, task_id: str, action_id: str, *, remix: bool = False, speed: Speed, echo: str) -> Accepted:
        """Press a button of a finished task; with `remix` the API is told to ask for a prompt."""
        ...

    async def answer_modal(self, task_id: str, prompt: str, *, mask: Path | None = None, speed: Speed) -> Accepted:
        """Give a waiting task its prompt and, for a region, a PNG mask (white = repaint)."""
        ...

    async def blend(self, images: Sequence[Path], dimensions: Dimensions, *, speed: Speed, echo: str) -> Accepted:
        """Blend 2 to 5 pictures."""
        ...

    async def describe(self, image: Path, *, speed: Speed, echo: str) -> Accepted:
        """Ask for prompts that fit a picture."""
        ...

    async def shorten(self, prompt: str, *, speed: Speed, echo: str) -> Accepted:
        """Ask which words of a prompt matter. `CometNotOffered` where the API has no such route."""
        ...

    async def edit(self, prompt: str, image: Path, mask: Path | None, *, speed: Speed, echo: str) -> Accepted:
        """Change a picture by words. `CometNotOffered` where the API has no such route."""
        ...

    async def video(self, film: Film, *, speed: Speed, echo: str) -> Accepted:
        """Animate a picture, or go on from a finished video. There is no turbo."""
        ...

    def offers(self, route: Route) -> bool:
        """Tell whether this API has a route, as far as has been learned."""
        ...

    async def fetch(self, task_id: str) -> Task | None:
        """Look at one task; None where the API does not know it (which it may say of a task it has, contract 8)."""
        ...

    async def list_tasks(self, task_ids: Sequence[str]) -> dict[str, Task]:
        """Look at up to 100 tasks in one request; unknown ones are missing from the answer."""
        ...

    async def download(self, url: str, destination: Path) -> Media:
        """Fetch a picture or video into a new file, whole or not at all.

        Raises
        ------
        MediaUnavailable, MediaRefused
            It could not be had, or may not be.
        """
        ...

    async def check_key(self) -> None:
        """Ask the API something free of charge that needs the key; return if it answered and accepted the key."""
        ...
