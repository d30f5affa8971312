"""Which checks may spend money: the owner is asked for each, or has said yes to all up to a budget. In doubt: none."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from bot.owner.probe.findings import FREE, dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from bot.owner.probe.findings import Card


@final
class Consent:
    """Says yes or no, and counts what it has said yes to.

    Parameters
    ----------
    ask
        Puts a question to the owner; None where nobody sits at the terminal.
    says_yes
        The owner has said yes to everything that has a price, up to the budget.
    budget
        In US dollars; None for none, which `says_yes` does not go without.
    """

    def __init__(self, ask: Callable[[str], bool] | None, *, says_yes: bool, budget: Decimal | None) -> None:
        self._ask = ask
        self._says_yes = says_yes
        self._budget = budget
        self.spent = FREE

    def refusal(self, card: Card, unsettled: datetime | None) -> str:
        """Return why a check may not be run; empty if it may.

        Parameters
        ----------
        unsettled
            When it was last sent without anybody knowing what became of it.
        """
        if not card.submits:
            return ""
        reason = self._of_the_budget(card) or self._of_the_owner(card, unsettled)
        if not reason:
            self.spent += card.price or FREE
        return reason

    def _of_the_budget(self, card: Card) -> str:
        if self._budget is None:
            return "there is no budget" if self._says_yes else ""
        if card.price is None:
            return "nobody lists its price, so no budget covers it; run without --yes and --budget to be asked"
        if self.spent + card.price > self._budget:
            return f"it costs up to {dollars(card.price)}, which is beyond the budget of {dollars(self._budget)}"
        return ""

    def _of_the_owner(self, card: Card, unsettled: datetime | None) -> str:
        warning = ""
        if unsettled is not None:
            warning = (
                f"It was sent at {unsettled:%Y-%m-%d %H:%M} UTC and nobody knows what became of it; "
                "it may have been charged then. "
            )
        if self._says_yes:
            return f"{warning}Run without --yes to be asked." if warning else ""
        if self._ask is None:
            return "it costs money and nobody is at the terminal to be asked; see --yes and --budget"
        times = "one paid request" if card.submits == 1 else f"{card.submits} paid requests"
        price = "a price that nobody lists" if card.price is None else f"at most {dollars(card.price)}"
        return "" if self._ask(f"{card.name}: {warning}{times}, {price}. Send it?") else "not wanted"


def quote(cards: Sequence[Card]) -> str:
    """Return what all paid checks together cost at most."""
    paid = [card for card in cards if card.submits]
    if not paid:
        return "Nothing of this costs money."
    total = sum((card.price for card in paid if card.price is not None), FREE)
    unknown = [card.name for card in paid if card.price is None]
    more = f", and {', '.join(unknown)} what nobody lists" if unknown else ""
    return f"All paid checks together cost at most {dollars(total)} by the price list{more}. Each is asked for first."
