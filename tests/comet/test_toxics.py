"""The outcomes table of paid requests (reliability B.2): every toxic × every kind of submit.

What each answer costs is read from the ledger of the emulated API, never from what the client says of itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import (
    CometAuth,
    CometBanned,
    CometBusy,
    CometError,
    CometInvalid,
    CometMisrouted,
    CometNotOffered,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometTaskMissing,
    CometUncertain,
    CometUnreachable,
)
from bot.jobs.ports import Film
from bot.model import Accepted, Dimensions, Motion, Speed
from sandbox.comet import Fault
from tests.comet.conftest import finished, picture_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

    from bot.cometapi.client import CometClient
    from sandbox.comet import CometSandbox
    from tests.comet.conftest import Connect

    Submit = Callable[[], Awaitable[Accepted]]
    Verdict = type[Accepted | CometError]

KINDS: Final = ("imagine", "action", "modal", "blend", "describe", "shorten", "edit", "video")
FOLLOW_UPS: Final = ("action", "modal")
#: The API's routes that an address may be without, so that a redirect of theirs says nothing about the others.
WITH_ROUTES_OF_THEIR_OWN: Final = ("blend", "describe", "shorten", "edit", "video")
#: The only submit that costs nothing (contract 1).
FREE: Final = ("describe",)
TIMEOUT: Final = timedelta(seconds=0.4)


@dataclass(frozen=True)
class Row:
    """What a toxic leads to: the same for all kinds, but for those named."""

    fault: Fault
    verdict: Verdict
    charged: bool = False
    but: Mapping[str, Verdict] = field(default_factory=dict[str, "Verdict"])

    def expected(self) -> dict[str, tuple[Verdict, int]]:
        """Say for each kind what the client makes of it, and how often it is charged."""
        return {
            kind: (self.but.get(kind, self.verdict), int(self.charged and kind not in FREE))  # one line for each kind
            for kind in KINDS
        }


TABLE: Final = (
    # Refused: proved not charged.
    Row(Fault.BANNED, CometBanned),
    Row(Fault.QUEUE_FULL, CometQueueFull),
    Row(Fault.QUEUE_REJECTED, CometQueueFull),
    Row(Fault.CODE_3, CometTaskMissing, but=dict.fromkeys(FOLLOW_UPS, CometNotReady)),
    Row(Fault.UNAUTHORIZED, CometAuth),
    Row(Fault.QUOTA, CometQuota),
    Row(Fault.RATE_LIMITED, CometBusy),
    Row(Fault.RATE_LIMITED_BARE, CometBusy),
    Row(Fault.INVALID_REQUEST, CometInvalid),
    Row(Fault.ACCOUNT_DISABLED, CometTaskMissing),
    Row(Fault.REDIRECT, CometMisrouted, but=dict.fromkeys(WITH_ROUTES_OF_THEIR_OWN, CometNotOffered)),
    # Not charged, but who could tell?
    Row(Fault.CODE_4, CometUncertain, but=dict.fromkeys(FOLLOW_UPS, CometNotReady)),
    Row(Fault.SERVER_ERROR, CometUncertain),
    Row(Fault.UNAVAILABLE, CometUncertain),
    Row(Fault.HTML_200, CometUncertain),
    Row(Fault.UNKNOWN_CODE, CometUncertain),
    Row(Fault.RESET_BEFORE, CometUncertain),
    Row(Fault.OUTAGE, CometUncertain),
    # Charged, and the answer does not say so.
    Row(Fault.RESET_AFTER, CometUncertain, charged=True),
    Row(Fault.HANG, CometUncertain, charged=True),
    Row(Fault.TIMEOUT_524, CometUncertain, charged=True),
    Row(Fault.HALF_BODY, CometUncertain, charged=True),
    Row(Fault.NULL_BODY, CometUncertain, charged=True),
    Row(Fault.EMPTY_BODY, CometUncertain, charged=True),
    Row(Fault.INVALID_JSON, CometUncertain, charged=True),
    Row(Fault.NO_RESULT, CometUncertain, charged=True, but={"modal": Accepted}),  # its task is known already
    Row(Fault.WRONG_TYPES, CometUncertain, charged=True),
    # Charged, and understood all the same.
    Row(Fault.SLOW, Accepted, charged=True),
    Row(Fault.INTEGER_RESULT, Accepted, charged=True),
    Row(Fault.LIST_RESULT, Accepted, charged=True),
    Row(Fault.COMMA_RESULT, Accepted, charged=True),
    Row(Fault.QUEUED, Accepted, charged=True),
)


async def submits(comet: CometSandbox, client: CometClient, folder: Path) -> dict[str, Submit]:
    """Return one paid request of each kind, ready to be sent; everything before them is done and counted no more."""
    image, other = picture_in(folder / "a.png"), picture_in(folder / "b.png", shown="red")
    grid = await client.imagine("a fox --v 7", speed=Speed.FAST, echo="grid")
    upscale = await button(client, (await finished(comet, client, grid.task_id)).task_id, "U1")
    single = await client.act(grid.task_id, upscale, speed=Speed.FAST, echo="single")
    await finished(comet, client, single.task_id)
    zoom = await button(client, single.task_id, "Custom Zoom")
    window = await client.act(single.task_id, zoom, speed=Speed.FAST, echo="modal")
    assert window.needs_input
    vary = await button(client, grid.task_id, "V2")
    film = Film(image=image, motion=Motion.LOW, prompt="wind")
    comet.requests.reset()
    return {
        "imagine": lambda: client.imagine("a fox", images=[image], speed=Speed.FAST, echo="imagine"),
        "action": lambda: client.act(grid.task_id, vary, speed=Speed.FAST, echo="action"),
        "modal": lambda: client.answer_modal(window.task_id, "a fox --zoom 2", speed=Speed.FAST),
        "blend": lambda: client.blend([image, other], Dimensions.SQUARE, speed=Speed.FAST, echo="blend"),
        "describe": lambda: client.describe(image, speed=Speed.FAST, echo="describe"),
        "shorten": lambda: client.shorten("a fox in the snow", speed=Speed.FAST, echo="shorten"),
        "edit": lambda: client.edit("a hat", image, None, speed=Speed.FAST, echo="edit"),
        "video": lambda: client.video(film, speed=Speed.FAST, echo="video"),
    }


async def button(client: CometClient, task_id: str, label: str) -> str:
    """Return Midjourney's id of a button of a finished task."""
    task = await client.fetch(task_id)
    assert task is not None
    return next(action.action_id for action in task.actions if action.label == label)


async def verdict(submit: Submit) -> Verdict:
    """Send once; return what the client made of the answer."""
    try:
        return type(await submit())
    except CometError as error:
        return type(error)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.fault.value)
async def test_each_toxic_means_the_same_for_every_kind_of_submit_and_none_is_sent_twice(
    comet: CometSandbox, connect: Connect, tmp_path: Path, row: Row
) -> None:
    client = connect(comet.url, submit_timeout=TIMEOUT)
    to_send = await submits(comet, client, tmp_path)
    for place in KINDS if row.fault is not Fault.OUTAGE else ("connection",):
        on = {"edit": "edits"}.get(place, place)
        comet.faults.set(row.fault, times=None, on=on, seconds=0.1 if row.fault is Fault.SLOW else None)
    verdicts = await asyncio.gather(*map(verdict, to_send.values()))
    assert comet.requests.submits == len(KINDS)
    charges = [len(comet.charges(echo=kind)) for kind in KINDS]
    assert dict(zip(KINDS, zip(verdicts, charges, strict=True), strict=True)) == row.expected()


async def test_a_connection_that_is_refused_costs_nothing_whatever_was_asked(
    comet: CometSandbox, connect: Connect, tmp_path: Path
) -> None:
    to_send = await submits(comet, connect(comet.url), tmp_path)
    await comet.stop_listening()
    verdicts = await asyncio.gather(*map(verdict, to_send.values()))
    assert set(verdicts) == {CometUnreachable}
    assert comet.requests.submits == 0


def test_nothing_charged_is_ever_called_not_sent() -> None:
    for row in TABLE:
        for kind, (outcome, charges) in row.expected().items():
            if charges and issubclass(outcome, CometError):
                assert outcome.sent == "unknown", (row.fault, kind)


def test_the_table_has_every_fault_of_answers_to_submits() -> None:
    names = list(Fault)
    of_answers = names[: names.index(Fault.QUEUED) + 1]
    assert {row.fault for row in TABLE} == {*of_answers, Fault.OUTAGE}
