"""The recorded answers of `tests/samples/comet`, and how to read one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from bot.cometapi.answers import Answer, retry_after
from bot.cometapi.protocol import read_fetch, read_list, read_submit
from bot.cometapi.rules import Asked
from bot.errors import CometError
from bot.model import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import Accepted

FOLDER: Final = Path(__file__).parent.parent / "samples" / "comet"
NAMES: Final = sorted(path.stem for path in FOLDER.glob("*.json"))


def sample(name: str) -> tuple[dict[str, object], Answer]:
    """Return a recorded answer with what was noted about it."""
    noted = cast("dict[str, object]", json.loads((FOLDER / f"{name}.json").read_text("utf-8")))
    body = noted["text"] if "text" in noted else json.dumps(noted["body"], ensure_ascii=False)
    return noted, answer(
        cast("int", noted["status"]),
        cast("str", body),
        headers=cast("dict[str, str]", noted.get("headers", {})),
    )


def answer(status: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Make an answer from text, bytes, or anything that JSON can hold."""
    text = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
    return Answer(
        status=status,
        body=text if isinstance(text, bytes) else text.encode("utf-8"),
        retry_after=retry_after(headers or {}),
    )


def outcome(name: str) -> Accepted | Task | dict[str, Task] | CometError | None:
    """Read a recorded answer; an error is returned, not raised."""
    noted, recorded = sample(name)
    try:
        if noted["kind"] == "submit":
            return read_submit(recorded, Asked[cast("str", noted["asked"]).upper()])
        if noted["kind"] == "list":
            rows = cast("list[dict[str, str]]", noted["body"])
            return read_list(recorded, [row["id"] for row in rows])
        row = cast("dict[str, str]", noted["body"])
        return read_fetch(recorded, row.get("id", "1773314942177684"))
    except CometError as refused:
        return refused


def task(name: str) -> Task:
    """Read a recorded task."""
    found = outcome(name)
    assert isinstance(found, Task)
    return found
