"""Processes that are no children of the tests: nothing tells when they end."""

from __future__ import annotations

import asyncio

import psutil

from tests.crash.conftest import WITHIN


async def are_gone(*processes: psutil.Process) -> None:
    """Wait until all of them have ended; what nobody has buried yet counts as ended."""
    async with asyncio.timeout(WITHIN):
        while any(map(_is_alive, processes)):  # noqa: ASYNC110 - a process tells only its parent
            await asyncio.sleep(0.02)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between these two questions
        return False
