"""The one way by which the probe spends money: a paid request is allowed by name, written down, and sent once.

Decides nothing: `consent` has asked before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.cometapi.jsontext import decode, mapping, whole
from bot.cometapi.protocol import read_submit
from bot.cometapi.transport import Request
from bot.errors import CometRefused, CometUncertain, CometUnreachable

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cometapi.answers import Answer
    from bot.cometapi.bodies import Submit
    from bot.cometapi.transport import Transport
    from bot.jobs.ports import Clock
    from bot.model import Speed
    from bot.owner.probe.book import Book
    from bot.owner.probe.findings import Card

_LIMIT: Final = 1024 * 1024


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the answer to a paid request said.

    Attributes
    ----------
    code
        As it came, before anything was made of it; None where there was none.
    task_id
        Of the new task; empty if the API refused.
    refusal
        Its words, if it refused.
    answered
        By the clock's `monotonic`; the other two by the time of day.
    """

    code: int | None
    task_id: str = ""
    refusal: str = ""
    sent_at: datetime
    answered_at: datetime
    answered: float


@final
class Cashier:
    """Sends paid requests."""

    def __init__(self, transport: Transport, book: Book, clock: Clock) -> None:
        self._transport = transport
        self._book = book
        self._clock = clock
        self._card: Card | None = None
        self._left = 0

    def allow(self, card: Card) -> None:
        """Let one check send what its card names, and nobody else anything any more."""
        self._card, self._left = card, card.submits

    async def submit(self, submit: Submit, speed: Speed) -> Receipt:
        """Send a paid request, once.

        Raises
        ------
        CometUnreachable
            Nothing was sent.
        CometUncertain
            It was, and may have been charged: it stays in the book as such.
        StorageError
            It could not be written down, and was not sent.
        RuntimeError
            The check sends more than its card names.
        """
        if self._card is None or not self._left:
            raise RuntimeError("a paid request that nobody has allowed")
        self._left -= 1
        path = f"/mj-{speed.value}/mj/submit/{submit.route}"
        request = Request(method="POST", path=path, body=submit.encode(), limit=_LIMIT)
        self._book.send(self._card)
        sent_at = self._clock.now()
        try:
            answer = await self._transport.submit(request)
        except CometUnreachable:
            self._book.settle("not sent")
            raise
        return self._read(answer, submit, sent_at)

    def _read(self, answer: Answer, submit: Submit, sent_at: datetime) -> Receipt:
        task_id = refusal = ""
        try:
            task_id = read_submit(answer, submit.asked, submit.known_id).task_id
            self._book.settle("accepted", task_id)
        except CometRefused as refused:
            refusal = str(refused)
            self._book.settle("refused")
        return Receipt(
            code=_code(answer),
            task_id=task_id,
            refusal=refusal,
            sent_at=sent_at,
            answered_at=self._clock.now(),
            answered=self._clock.monotonic(),
        )


def _code(answer: Answer) -> int | None:
    try:
        return whole(mapping(decode(answer.body)).get("code"))
    except CometUncertain:
        return None
