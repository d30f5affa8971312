"""`OddBodies`: an endless supply of answers that no API should give, the same for the same seed (reliability D5).

Fast enough for hundreds of thousands. Used by the tests of the protocol and of the engine, and by `benchmarks/fuzz.py`.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Final, cast

from bot.cometapi.answers import Answer, retry_after
from tests.unit.comet_samples import NAMES, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RECORDED: Final = [sample(name)[1].body for name in NAMES]
OBJECTS: Final = [cast("dict[str, object]", json.loads(body)) for body in RECORDED if body[:1] == b"{"]
MEMBERS: Final = sorted({member for fields in OBJECTS for member in fields} | {"error", "message", "seed"})
STATUSES: Final = [200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 405, 413, 429, 500, 503, 524, 599]
ODDITIES: Final[list[object]] = [
    None, True, False, 0, 1, 3, 4, 9, 21, 22, 24, 30, -1, 2**53 + 1, 10**400, 1.5, float("nan"), float("inf"), 1e300,
    "", "17", "SUCCESS", "MODAL", "100%", "队列已满", "task_no_found", "\ud800", "\x00", "9" * 300, [], {}, [[]],
    ["17", 18], [{"url": "https://x/a.png"}], {"message": "no", "code": None}, -(2**63) - 1, 1773314942177684123,
    [{"customId": "MJ::BOOKMARK", "emoji": ["x"]}], "FAILURE", "IN_PROGRESS", "https://x/a.mp4", "\u202e", "1e400",
]  # fmt: skip
PAGES: Final = [
    b"<!DOCTYPE html><html><body>524: A timeout occurred</body></html>",
    b"\xef\xbb\xbf  <html>",
    b"<",
    b"404 page not found",
    b"upstream connect error",
]
_DEEP: Final = 20_000
_LARGE: Final = 200_000


class OddBodies:
    """Makes bodies and answers. What is the same about all of them is that somebody could send it."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - nothing is guarded by it
        # How often each, of a hundred: what is close to the truth goes deepest, and what is large is slow.
        self._ways: Mapping[Callable[[], bytes], int] = {
            self._swapped: 55,
            self._listed: 12,
            self._cut: 10,
            self._scratched: 8,
            self._repeated: 5,
            self._literal: 5,
            self._page: 3,
            self._large: 1,
            self._deep: 1,
        }

    def body(self) -> bytes:
        """Return the next body."""
        (way,) = self._chance.choices(list(self._ways), list(self._ways.values()))
        return self._marked(way())

    def answer(self) -> Answer:
        """Return the next answer: a body with a status and headers."""
        wait = self._chance.choice(["", "", "", "5", "86400", "-1", "soon", "1e400", "Wed, 21 Oct 2026 07:28:30 GMT"])
        return Answer(
            status=self._chance.choice(STATUSES),
            body=self.body(),
            retry_after=retry_after({"Retry-After": wait} if wait else {}),
        )

    def _fields(self) -> dict[str, object]:
        """Take a recorded answer and put odd values where others stood."""
        fields = dict(self._chance.choice(OBJECTS))
        for _ in range(self._chance.randrange(4)):
            fields[self._chance.choice(MEMBERS)] = self._chance.choice(ODDITIES)
        return fields

    def _swapped(self) -> bytes:
        return json.dumps(self._fields(), ensure_ascii=self._chance.random() < 0.5).encode("utf-8", "surrogatepass")

    def _listed(self) -> bytes:
        rows: list[object] = [self._fields() for _ in range(self._chance.randrange(4))]
        if self._chance.random() < 0.3:
            rows.append(self._chance.choice(ODDITIES))
        return json.dumps(rows).encode()

    def _cut(self) -> bytes:
        body = self._chance.choice(RECORDED)
        return body[: self._chance.randrange(len(body) + 1)] + self._chance.randbytes(self._chance.randrange(4))

    def _scratched(self) -> bytes:
        body = bytearray(self._chance.choice(RECORDED) or b"{}")
        for _ in range(self._chance.randrange(1, 4)):
            body[self._chance.randrange(len(body))] = self._chance.randrange(256)
        return bytes(body)

    def _repeated(self) -> bytes:
        """Give members twice, with other values: JSON allows it, and readers disagree about which counts."""
        first, second = (json.dumps(self._fields())[1:-1] for _ in range(2))
        return f"{{{first},{second}}}".encode()

    def _literal(self) -> bytes:
        literals = [b"NaN", b"1e400", b"-Infinity", b"null", b"", b'""', b"17", b'"\\ud800"', b"[]", b"{}", b"\xff\xfe"]
        literal = self._chance.choice(literals)
        return literal if self._chance.random() < 0.5 else b'{"code":1,"result":' + (literal or b"null") + b"}"

    def _page(self) -> bytes:
        return self._chance.choice(PAGES)

    def _large(self) -> bytes:
        fields = self._fields() | {self._chance.choice(MEMBERS): "狐" * _LARGE}
        return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _deep(self) -> bytes:
        opening = self._chance.choice([b"[", b'{"properties":'])
        return b'{"code":1,"result":"17","properties":' + opening * self._chance.randrange(_DEEP)

    def _marked(self, body: bytes) -> bytes:
        return b"\xef\xbb\xbf" + body if self._chance.random() < 0.05 else body
