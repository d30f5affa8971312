"""What is written down beside the database: marks that only we can make, hints that wait, and the journal."""

from __future__ import annotations

import errno
import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.journal import Journal
from bot.jobs.adopting.spool import Hint, Spool

if TYPE_CHECKING:
    from pathlib import Path

JOB = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
OTHER = "01BX5ZZKBKACTAV9WEVGEMMVRZ"
ECHOES = Echoes(bytes(range(32)))


def test_a_mark_names_its_job_and_is_always_the_same() -> None:
    echo = ECHOES.of(JOB)
    assert ECHOES.job_of(echo) == JOB
    assert echo == Echoes(bytes(range(32))).of(JOB)
    assert len(echo) == 43


@pytest.mark.parametrize(
    "echo",
    [
        "",
        JOB,
        f"{JOB}.",
        f"{JOB}.{'a' * 16}",
        ECHOES.of(JOB).replace(JOB, OTHER),
        ECHOES.of(JOB).upper(),
        f"{ECHOES.of(JOB)}::1",
        f"{ECHOES.of(JOB)}\n",
        Echoes(b"another key").of(JOB),
        "ä" * 43,
    ],
)
def test_nobody_else_makes_a_mark(echo: str) -> None:
    assert ECHOES.job_of(echo) is None


def test_a_hint_lies_in_the_spool_until_it_is_dropped(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    hint = Hint("177", "mark", "SUCCESS")
    assert spool.read((), 10) == {}
    assert spool.put([hint]) == {hint.name}
    assert Spool(tmp_path / "spool").read((), 10) == {hint.name: hint}
    assert spool.read({hint.name}, 10) == {}
    spool.drop([hint.name, "0" * 32 + ".json"])
    assert spool.read((), 10) == {}


def test_only_its_owner_can_read_the_spool(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "spool"
    spool = Spool(folder)
    spool.prepare()
    (name,) = spool.put([Hint("177", "mark")])
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder.parent, folder, folder / name)]
    assert modes == [0o700, 0o700, 0o600]


def test_the_same_hint_is_one_file_and_a_later_word_another(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    running, ended = Hint("177", "mark", "IN_PROGRESS"), Hint("177", "mark", "SUCCESS")
    assert spool.put([running, running]) == spool.put([running]) == {running.name}
    assert spool.put([running, ended]) == {running.name, ended.name}
    assert len(list(tmp_path.iterdir())) == 2


def test_a_full_spool_takes_no_more_but_keeps_what_it_has(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most=3)
    hints = [Hint(str(number), "mark") for number in range(5)]
    assert len(spool.put(hints)) == 3
    assert spool.put(hints[:1]) == {hints[0].name}
    assert spool.put(hints[4:]) == frozenset()
    spool.drop([hints[0].name])
    assert spool.put(hints[4:]) == {hints[4].name}


def test_what_a_kill_left_half_written_is_no_hint_and_goes(tmp_path: Path) -> None:
    part = tmp_path / ("a" * 32 + ".part")
    part.write_text('{"task": "1')
    spool = Spool(tmp_path)
    assert spool.read((), 10) == {}
    spool.prepare()
    assert not part.exists()


@pytest.mark.parametrize("content", ["", "{", "[" * 1024, "[]", "null", '{"task": 1, "state": "x"}', '{"task": "1"}'])
def test_a_file_that_is_no_hint_is_removed(tmp_path: Path, content: str) -> None:
    bad = tmp_path / ("b" * 32 + ".json")
    bad.write_text(content)
    (tmp_path / "notes.txt").write_text("somebody's")
    good = Hint("177", "mark")
    Spool(tmp_path).put([good])
    assert Spool(tmp_path).read((), 10) == {good.name: good}
    assert not bad.exists()
    assert (tmp_path / "notes.txt").exists()


def test_a_hint_that_cannot_be_read_now_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spool, hint = Spool(tmp_path), Hint("177", "mark")
    spool.put([hint])

    def open_none(*_: object) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", open_none)
        assert spool.read((), 10) == {}
        assert spool.read((), 10) == {}
    assert caplog.text.count("cannot be read now") == 1
    assert spool.read((), 10) == {hint.name: hint}


def test_a_link_in_the_spool_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.json"
    target.write_text(json.dumps({"task": "1", "state": "x"}))
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / ("c" * 32 + ".json")).symlink_to(target)
    assert Spool(folder).read((), 10) == {}
    assert target.exists()


async def test_the_journal_knows_what_was_not_recorded(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    assert await journal.read() == {}
    await journal.clear()
    await journal.write(JOB, "177")
    await journal.write(OTHER, "178")
    journal.done()
    assert await Journal(tmp_path / "journal").read() == {JOB: "177", OTHER: "178"}
    journal.done()
    assert await journal.read() == {}, "nothing is kept that is not needed"


async def test_of_two_lines_about_a_job_the_last_counts(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    await journal.write(JOB, "177")
    await journal.write(JOB, "178")
    assert await journal.read() == {JOB: "178"}


@pytest.mark.parametrize("cut", range(1, 48, 3))
async def test_a_line_that_was_cut_off_names_no_task_and_spoils_no_other(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    await journal.write(JOB, "1773314942177684")
    path.write_bytes(path.read_bytes()[:-cut])
    await journal.write(OTHER, "178")
    whole = {JOB: "1773314942177684"} if cut == 1 else {}  # nothing but the line feed is missing
    assert await journal.read() == {**whole, OTHER: "178"}


async def test_a_journal_that_cannot_be_written_keeps_nobody_from_the_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(tmp_path / "no such folder" / "journal")
    await journal.write(JOB, "177")
    journal.done()
    assert await journal.read() == {}
    assert "The journal cannot be written" in caplog.text
