"""The process in which pictures are decoded, the real one: what goes wrong in it stays in it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from PIL import Image

from bot.errors import PictureUnusable
from bot.imaging.darkroom.process import DarkroomProcess
from bot.imaging.normalizing import Normal, normalize
from bot.imaging.opening import Look, look_at
from bot.imaging.shrinking import shrink
from bot.imaging.thumbnails import draw_thumbnail
from bot.language import Language, Phrase, speaking
from bot.model import Media
from tests.drawings import claimed, plain
from tests.process import deeds

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

SMALL = plain((64, 64))
SEEN = Look(media_type="image/png", width=64, height=64, is_plain=True)
MEBIBYTE = 1024 * 1024

PARENT = """
import asyncio, sys
from bot.imaging.darkroom.process import DarkroomProcess
from tests.process import deeds

async def main():
    room = DarkroomProcess()
    await room.run(deeds.sleep, 0)
    print(room.process_id, flush=True)
    await room.run(deeds.sleep, float(sys.argv[1]))
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def room() -> AsyncGenerator[DarkroomProcess]:
    async with DarkroomProcess() as room:
        yield room


async def gone(pid: int | None) -> None:
    """Wait until a process is gone, for as long as the test may take."""
    assert pid is not None
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110 - not our child
        await asyncio.sleep(0.02)


def forget_peak() -> int:
    """Begin anew to look for the most memory that this process has; return what it has now, in bytes (proc(5))."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak()


def peak() -> int:
    """Return the most memory that this process has had since it was forgotten, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


@pytest.mark.timeout(30)
async def test_forty_megapixels_cost_the_bot_no_memory(room: DarkroomProcess, tmp_path: Path) -> None:
    source, target = tmp_path / "large.png", tmp_path / "out"
    Image.new("P", (7300, 5470)).save(source, compress_level=1)
    before = forget_peak()

    assert await room.run(normalize, source, target) == Normal(media_type="image/jpeg", width=2048, height=1535)

    assert peak() - before < 20 * MEBIBYTE  # decoded here, it takes 150


async def test_a_picture_is_made_smaller_in_little_more_memory_than_it_takes(tmp_path: Path) -> None:
    large = Media(path=tmp_path / "large.png", media_type="image/png", size=1)
    Image.new("RGBA", (3000, 3000)).save(large.path, compress_level=1)  # 34 MiB; the process itself takes 35

    async with DarkroomProcess(memory=90 * MEBIBYTE) as room:
        await room.run(draw_thumbnail, large.path, tmp_path / "thumbnail")
    async with DarkroomProcess(memory=140 * MEBIBYTE) as room:
        assert (await room.run(shrink, large, 10**6)).size < 10**6


async def test_a_bomb_is_refused_in_the_persons_language(room: DarkroomProcess) -> None:
    with speaking(Language.GERMAN), pytest.raises(PictureUnusable) as refused:
        await room.run(look_at, claimed((19_000, 19_000)))

    assert isinstance(refused.value.reason, Phrase)
    assert refused.value.reason.english == "it has far too many pixels, and 40 million is the most that I take"
    assert refused.value.reason != refused.value.reason.english
    assert await room.run(look_at, SMALL) == SEEN


async def test_what_takes_too_much_memory_is_an_unusable_picture(
    room: DarkroomProcess, caplog: pytest.LogCaptureFixture
) -> None:
    await room.run(deeds.swell, 200 * MEBIBYTE)
    with pytest.raises(PictureUnusable, match="damaged or cut short"):
        await room.run(deeds.swell, 600 * MEBIBYTE)

    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [
        "A picture was given up by swell: MemoryError: "
    ]
    assert await room.run(look_at, SMALL) == SEEN


async def test_a_process_that_dies_is_an_unusable_picture_and_replaced(
    room: DarkroomProcess, caplog: pytest.LogCaptureFixture
) -> None:
    assert await room.run(look_at, SMALL) == SEEN
    first = room.process_id
    with pytest.raises(PictureUnusable, match="damaged or cut short"):
        await room.run(deeds.die)

    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [
        "A picture was given up by die: the process ended (Segmentation fault)"
    ]
    assert await room.run(look_at, SMALL) == SEEN
    assert room.process_id != first


async def test_a_process_that_died_while_nobody_asked_costs_nobody_a_picture(room: DarkroomProcess) -> None:
    assert await room.run(look_at, SMALL) == SEEN
    pid = room.process_id
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await gone(pid)
    await asyncio.sleep(0.1)  # asyncio hears of it from a thread

    assert await room.run(look_at, SMALL) == SEEN


async def test_what_spins_is_killed_by_the_system(caplog: pytest.LogCaptureFixture) -> None:
    async with DarkroomProcess(seconds=0.2) as room:
        with pytest.raises(PictureUnusable):
            await room.run(deeds.spin)
        assert "A picture was given up by spin: the process ended (it had all of its time)" in caplog.messages
        assert await room.run(look_at, SMALL) == SEEN


async def test_each_question_has_time_of_its_own() -> None:
    async with DarkroomProcess(seconds=0.3) as room:
        first = None
        for _ in range(4):
            await room.run(deeds.work, 0.1)
            first = first or room.process_id
        assert room.process_id == first


async def test_what_does_not_come_back_is_killed_within_its_time() -> None:
    async with DarkroomProcess(patience=1) as room:
        began = time.monotonic()
        with pytest.raises(PictureUnusable):
            await room.run(deeds.sleep, 3600)
        assert time.monotonic() - began < 5
        assert room.process_id is None


async def test_nonsense_is_no_answer_and_ends_whoever_says_it(room: DarkroomProcess) -> None:
    assert await room.run(look_at, SMALL) == SEEN
    first = room.process_id
    with pytest.raises(PictureUnusable):
        await room.run(deeds.babble)

    await gone(first)
    assert await room.run(look_at, SMALL) == SEEN


async def test_whoever_is_canceled_disturbs_nobody(room: DarkroomProcess) -> None:
    assert await room.run(look_at, SMALL) == SEEN
    pid = room.process_id
    impatient = asyncio.create_task(room.run(deeds.sleep, 0.3))
    waiting = asyncio.create_task(room.run(deeds.die))
    patient = asyncio.create_task(room.run(look_at, SMALL))
    await asyncio.sleep(0.1)
    impatient.cancel()
    waiting.cancel()

    assert await patient == SEEN
    assert room.process_id == pid
    assert impatient.cancelled()
    assert waiting.cancelled()


async def test_signals_that_are_sent_to_all_are_left_to_the_bot(room: DarkroomProcess) -> None:
    assert await room.run(look_at, SMALL) == SEEN
    pid = room.process_id
    assert pid is not None
    assert os.getpgid(pid) != os.getpgid(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(pid, number)

    assert await room.run(look_at, SMALL) == SEEN
    assert room.process_id == pid


async def test_it_ends_when_nobody_needs_it() -> None:
    async with DarkroomProcess(idle=0.05) as room:
        assert await room.run(look_at, SMALL) == SEEN
        await gone(room.process_id or 0)
        assert await room.run(look_at, SMALL) == SEEN


async def test_nothing_is_left_of_it_once_it_is_closed(caplog: pytest.LogCaptureFixture) -> None:
    async with DarkroomProcess() as room:
        assert await room.run(look_at, SMALL) == SEEN
        pid = room.process_id
        asking = asyncio.create_task(room.run(deeds.sleep, 3600))
        await asyncio.sleep(0.05)

    await gone(pid)
    with pytest.raises(PictureUnusable):
        await asking
    with pytest.raises(PictureUnusable):
        await room.run(look_at, SMALL)
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_it_knows_nothing_of_the_bots_secrets(room: DarkroomProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a token")

    assert b"DISCORD_TOKEN" not in await room.run(deeds.environment)


async def test_what_cannot_be_brought_back_is_not_begun(room: DarkroomProcess) -> None:
    with pytest.raises(TypeError, match="promise_much returns int"):
        await room.run(deeds.promise_much)
    assert room.process_id is None


@pytest.mark.parametrize("busy", [0, 1])
async def test_it_ends_with_a_bot_that_is_killed(busy: int) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(busy), cwd=Path.cwd(), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    parent.kill()
    await parent.communicate()

    await gone(pid)
