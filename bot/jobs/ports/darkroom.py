"""Where pictures are decoded, as the engine needs it. Imports nothing of Easel."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Darkroom(Protocol):
    """Where pictures are decoded, one at a time, so that a hostile one does no harm."""

    async def run(self, do: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run a function of `bot.imaging`; what it raises is raised here, and its sentences are in the same language.

        Raises
        ------
        PictureUnusable
            As the function did; or the picture took too much time or memory, or brought its decoder down.
        """
        ...
