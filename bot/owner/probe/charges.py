"""What is charged for: a U press, the same one again, relax; and what these and `refunds` share.

Every check reads the balance before it sends anything: where that is not told, nothing is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from bot.cometapi import bodies
from bot.model import Kind, Phase, Speed
from bot.owner.probe.findings import Card, Check, Finding, Place, Skipped, dollars
from bot.owner.probe.picture import PROMPT, follow, new_echo
from bot.prompt.prices import price

if TYPE_CHECKING:
    from bot.jobs.ports import Clock
    from bot.model import Action, Task
    from bot.owner.probe.balance import Account, Spent
    from bot.owner.probe.book import Book
    from bot.owner.probe.cashier import Cashier, Receipt
    from bot.owner.probe.findings import Fact, Result
    from bot.owner.probe.looking import Looker
    from bot.owner.probe.picture import Evidence

#: How long a charge is waited for, in seconds.
CHARGE: Final = 60.0
#: How long a job that is not for its picture is watched, in seconds.
SHORT: Final = 10 * 60.0


def spending(spent: Spent) -> str:
    """Say what was charged."""
    if spent.seconds is None:
        return "nothing was charged within a minute"
    return f"{dollars(spent.amount)} were charged, seen {spent.seconds:.0f} s later"


def charge_facts(receipt: Receipt, spent: Spent) -> dict[str, Fact]:
    """Return what was charged, and the code that the submit was answered with."""
    charged = spent.seconds is not None
    return {"code": receipt.code, "charged": charged, "usd": float(spent.amount) if charged else 0.0}


@final
class Till:
    """What these checks have in common: sending, looking, and the balance around both."""

    def __init__(self, cashier: Cashier, account: Account, looker: Looker, clock: Clock) -> None:
        self.cashier = cashier
        self.account = account
        self.looker = looker
        self.clock = clock

    async def press(self, task_id: str, action_id: str) -> tuple[Receipt, Spent]:
        """Press a button, and see what that costs.

        Raises
        ------
        CometError
            The balance is not told, and nothing was sent; or the submit got no answer.
        """
        before = await self.account.read()
        receipt = await self.cashier.submit(bodies.act(task_id, action_id, new_echo(), remix=False), Speed.FAST)
        return receipt, await self.account.wait_for_fall(before, CHARGE)


@final
class UpscaleBilled:
    """Whether U1 costs anything."""

    def __init__(self, till: Till, evidence: Evidence, book: Book) -> None:
        self.card = Card(
            name="upscale-billed",
            place=Place.API,
            question="Is pressing U1 charged? (while nobody else spends from this account)",
            price=price(Kind.UPSCALE, Speed.FAST),
            submits=1,
            needs=("unknown-id",),
        )
        self._till = till
        self._evidence = evidence
        self._book = book

    def obstacle(self) -> str:
        """Ask for a balance, and for a picture of this run or an earlier one."""
        if self._till.account.obstacle:
            return self._till.account.obstacle
        return "" if self._book.picture(Place.API) else "there is no picture whose button could be pressed"

    async def run(self) -> Result:
        """Press it, and look until the single picture is there.

        Raises
        ------
        CometError
            See `Till.press`.
        """
        grid = self._evidence.grid or await self._kept()
        button = None if grid is None else _first_upscale(grid)
        if grid is None or button is None:
            return Skipped("the picture has no such button (any more)")
        receipt, spent = await self._till.press(grid.task_id, button.action_id)
        if not receipt.task_id:
            return Skipped(f"the API refused it: {receipt.refusal}")
        watch = await follow(self._till.looker, self._till.clock, receipt, "", SHORT)
        if watch.end is not None and watch.end.phase is Phase.SUCCEEDED:
            self._evidence.grid = grid
            self._evidence.upscale = (button.action_id, receipt.task_id)
        billed = spent.seconds is not None
        return Finding(f"{'Yes' if billed else 'No'}: {spending(spent)}.", "", charge_facts(receipt, spent))

    async def _kept(self) -> Task | None:
        picture = self._book.picture(Place.API)
        return await self._till.looker.fetch(picture["task_id"]) if picture else None


@final
class SecondPress:
    """What the same U1 does once more."""

    def __init__(self, till: Till, evidence: Evidence) -> None:
        self.card = Card(
            name="second-press",
            place=Place.API,
            question="Does the same U1 once more make a new task or name the old one (code 21), and is it charged?",
            price=price(Kind.UPSCALE, Speed.FAST),
            submits=1,
            needs=("upscale-billed",),
        )
        self._till = till
        self._evidence = evidence

    def obstacle(self) -> str:
        """Ask for a first press that has come to an end."""
        return "" if self._evidence.upscale else "the first U1 did not succeed"

    async def run(self) -> Result:
        """Press it.

        Raises
        ------
        CometError
            See `Till.press`.
        """
        if self._evidence.grid is None or self._evidence.upscale is None:
            return Skipped(self.obstacle())
        action_id, first = self._evidence.upscale
        receipt, spent = await self._till.press(self._evidence.grid.task_id, action_id)
        facts = charge_facts(receipt, spent) | {"same_task": receipt.task_id == first}
        if not receipt.task_id:
            return Finding(f"It is refused: {receipt.refusal}; {spending(spent)}.", "", facts)
        which = "names the task of the first press" if facts["same_task"] else "makes a new task"
        return Finding(
            f"Code {receipt.code}: it {which}; {spending(spent)}.",
            "Nothing to set: Easel presses each U once and shows its result again.",
            facts,
        )


@final
class RelaxAccepted(Check):
    """Whether relax is sold."""

    def __init__(self, till: Till) -> None:
        self.card = Card(
            name="relax-accepted",
            place=Place.API,
            question="Does the API take a picture in relax mode? (nobody lists its price)",
            price=None,
            submits=1,
            needs=("unknown-id",),
        )
        self._till = till

    async def run(self) -> Result:
        """Submit one; whether it is drawn some day is not waited for.

        Raises
        ------
        CometError
            The balance is not told though there is a key for it, or the submit got no answer.
        """
        account = self._till.account
        before = None if account.obstacle else await account.read()
        receipt = await self._till.cashier.submit(bodies.imagine(PROMPT, (), new_echo()), Speed.RELAX)
        spent = None if before is None else await account.wait_for_fall(before, CHARGE)
        paid = "what it costs is not known without --quota-key" if spent is None else spending(spent)
        facts: dict[str, Fact] = {"code": receipt.code, "accepted": bool(receipt.task_id)}
        facts |= {} if spent is None else charge_facts(receipt, spent)
        if receipt.task_id:
            return Finding(f"Yes, as task {receipt.task_id}; {paid}.", "DEFAULT_SPEED=relax can be used", facts)
        return Finding(f"No: {receipt.refusal}; {paid}.", "Tell people that relax does not work here.", facts)


def _first_upscale(grid: Task) -> Action | None:
    return next((action for action in grid.actions if action.once and action.quadrant == 1), None)
