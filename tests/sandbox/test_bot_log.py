"""What the bot writes is passed on byte by byte, and shown by lines."""

from __future__ import annotations

import io
from typing import final

from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from sandbox.process.log import KEPT_LINES, BotLog


@final
class Broken(io.BytesIO):
    """A pipe whose reader has gone."""

    @override
    def write(self, *_: object) -> int:
        raise BrokenPipeError


@given(chunks=st.lists(st.binary(max_size=30) | st.sampled_from([b"\n", b"a fox\n", "füchse\n".encode(), b"\r\n"])))
def test_however_it_comes_every_byte_is_passed_on_and_every_line_is_told_once(chunks: list[bytes]) -> None:
    onward = io.BytesIO()
    log = BotLog(onward)
    told: list[str] = []
    log.subscribe(told.extend)
    for chunk in chunks:
        log.write(chunk)
    log.flush()
    written = b"".join(chunks)
    assert onward.getvalue() == written
    lines = [line.rstrip(b"\r").decode(errors="replace") for line in written.split(b"\n")]
    assert told == (lines if written and not written.endswith(b"\n") else lines[:-1])
    assert log.lines == told[-KEPT_LINES:]


def test_a_line_is_told_when_it_is_whole() -> None:
    log = BotLog(io.BytesIO())
    told: list[list[str]] = []
    leave = log.subscribe(told.append)
    log.write(b"one fox, ")
    assert told == []
    log.write(b"two foxes\nthree\nfo")
    assert told == [["one fox, two foxes", "three"]]
    leave()
    log.write(b"ur\n\n")
    assert told == [["one fox, two foxes", "three"]]
    assert log.lines == ["one fox, two foxes", "three", "four", ""]
    assert log.last == "four"


def test_where_nobody_reads_any_more_the_lines_are_kept_all_the_same() -> None:
    log = BotLog(Broken())
    log.write(b"one\n")
    log.write(b"two\n")
    assert log.lines == ["one", "two"]


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    log = BotLog(io.BytesIO())
    for _ in range(100):
        log.write(b"x" * 10_000)
    log.write(b"\nnext\n")
    assert len(log.lines[0]) == 4000
    assert log.lines[1:] == ["next"]
