"""Work that takes long, in a thread beside the loop and still on behalf of the same person.

An executor starts with a context of its own, in which nobody's language is spoken: sentences that are made in a worker
would come out in English. Imports only the standard library.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

_P = ParamSpec("_P")
_T = TypeVar("_T")


async def work(worker: Executor, do: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Run something slow in a worker, in the context of whoever asks; what it raises is raised here."""
    return await asyncio.get_running_loop().run_in_executor(worker, partial(copy_context().run, do, *args, **kwargs))
