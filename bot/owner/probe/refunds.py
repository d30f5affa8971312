"""Whether a job that fails costs anything. It is one that is sure to fail; if it does not, it costs a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from bot.cometapi import bodies
from bot.model import Kind, Phase, Speed
from bot.owner.probe.balance import LEAST
from bot.owner.probe.charges import CHARGE, SHORT, charge_facts, spending
from bot.owner.probe.findings import Card, Finding, Place, Skipped, dollars
from bot.owner.probe.picture import follow, new_echo
from bot.prompt.prices import price

if TYPE_CHECKING:
    from bot.model import Task
    from bot.owner.probe.balance import Spent
    from bot.owner.probe.cashier import Receipt
    from bot.owner.probe.charges import Till
    from bot.owner.probe.findings import Fact, Result

#: Out of every version's range (contract 7), and nothing that anybody could call improper.
FAILING: Final = "a paper boat --stylize 99999"
#: How long the money is waited for, in seconds.
_REFUND: Final = 300.0


@final
class Refund:
    """Whether a job that fails costs anything in the end."""

    def __init__(self, till: Till) -> None:
        self.card = Card(
            name="refund",
            place=Place.API,
            question=f"Is a job that must fail ({FAILING!r}) refused at once or later, and is it paid back?",
            price=price(Kind.IMAGINE, Speed.FAST),
            submits=1,
            needs=("unknown-id",),
        )
        self._till = till

    def obstacle(self) -> str:
        """Ask for a balance."""
        return self._till.account.obstacle

    async def run(self) -> Result:
        """Submit it, look until it has failed, then wait for the money.

        Raises
        ------
        CometError
            The balance is not told, or the submit got no answer.
        """
        till = self._till
        before = await till.account.read()
        receipt = await till.cashier.submit(bodies.imagine(FAILING, (), new_echo()), Speed.FAST)
        if not receipt.task_id:
            spent = await till.account.wait_for_fall(before, CHARGE)
            facts = charge_facts(receipt, spent) | {"refused_at": "submit", "refunded": None}
            return Finding(f"It is refused at the submit ({receipt.refusal}); {spending(spent)}.", "", facts)
        charged = (await till.account.read()).amount <= before.amount - LEAST
        watch = await follow(till.looker, till.clock, receipt, "", SHORT)
        if watch.end is None:
            return Skipped(f"task {receipt.task_id} was not over after {SHORT / 60:.0f} minutes")
        if watch.end.phase is Phase.SUCCEEDED:
            return Finding("It was drawn all the same, so nothing is known of refunds.", "", {"refused_at": None})
        back = await till.account.wait_for_rise(before, _REFUND)
        return _judged(receipt, back, watch.end, charged=charged)


def _judged(receipt: Receipt, back: Spent, end: Task, *, charged: bool) -> Finding:
    facts: dict[str, Fact] = {
        "code": receipt.code,
        "refused_at": "task",
        "charged": charged,
        "refunded": back.seconds is not None,
        "seconds": None if back.seconds is None else round(back.seconds, 1),
    }
    failed = f"The task failed ({end.fail_reason or 'without a reason'})"
    if back.seconds is None:
        advice = "Count failed jobs as paid: the provider does not give the money back."
        return Finding(
            f"{failed} and {dollars(back.amount)} stayed charged for {_REFUND / 60:.0f} minutes.", advice, facts
        )
    if charged:
        return Finding(f"{failed} and was paid back within {back.seconds:.0f} s of the look that showed it.", "", facts)
    return Finding(f"{failed}; no charge was seen, so it was either never charged or paid back at once.", "", facts)
