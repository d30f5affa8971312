"""The leash ends its process when the sandbox is gone, however stubborn that process is, and never otherwise."""

from __future__ import annotations

import asyncio
import sys

import psutil
import pytest

from sandbox.process.bot import ROOT
from sandbox.process.leash import Leash
from tests.process.strangers import are_gone

pytestmark = pytest.mark.timeout(60)

STUBBORN = 'trap "" TERM; echo deaf; while :; do sleep 0.1; done'
MASTER = f"""
import asyncio, os
from sandbox.process.leash import Leash

async def main():
    pipe = asyncio.subprocess.PIPE
    dog = await asyncio.create_subprocess_exec("/bin/sh", "-c", {STUBBORN!r}, stdout=pipe, start_new_session=True)
    await dog.stdout.readline()
    await Leash.tie(dog.pid)
    print(dog.pid, flush=True)
    os._exit(0)

asyncio.run(main())
"""


async def test_a_process_that_is_deaf_to_sigterm_is_killed_when_its_master_is_gone() -> None:
    master = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MASTER, stdout=asyncio.subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    )
    said, _ = await master.communicate()
    await are_gone(psutil.Process(int(said)))


async def test_a_process_that_was_untied_lives_on() -> None:
    dog = await asyncio.create_subprocess_exec("/bin/sh", "-c", "sleep 60")
    try:
        leash = await Leash.tie(dog.pid)
        await leash.untie()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(dog.wait(), 0.5)
    finally:
        dog.kill()
        await dog.wait()
