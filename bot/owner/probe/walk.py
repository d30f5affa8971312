"""One check after the other: what stands in its way, may it spend, what did it find. Prints and keeps the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import discord

from bot.errors import EaselError, StorageError
from bot.owner.probe.findings import Finding, Place, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.owner.probe.book import Book
    from bot.owner.probe.cashier import Cashier
    from bot.owner.probe.consent import Consent
    from bot.owner.probe.findings import Check, Result


@final
class Walk:
    """Goes through the checks in their order. Take each from `due`, run it, then take the next.

    Parameters
    ----------
    tell
        Shows a line to the owner.
    redact
        Takes secrets out of a text.
    """

    def __init__(
        self,
        checks: Sequence[Check],
        *,
        consent: Consent,
        cashier: Cashier,
        book: Book,
        tell: Callable[[str], None],
        redact: Callable[[str], str],
    ) -> None:
        self._checks = checks
        self._consent = consent
        self._cashier = cashier
        self._book = book
        self._tell = tell
        self._redact = redact
        self.results: dict[str, Result] = {}

    def due(self) -> Iterator[Check]:
        """Yield each check that may run now, the owner having been asked; the others are told with the reason."""
        for check in self._checks:
            card = check.card
            missing = [need for need in card.needs if not isinstance(self.results.get(need), Finding)]
            reason = f"it needs what {missing[0]} finds" if missing else check.obstacle()
            reason = reason or self._consent.refusal(card, self._book.unsettled(card))
            if reason:
                self._note(check, Skipped(reason))
            else:
                yield check

    async def run(self, check: Check) -> None:
        """Run one check to its end.

        Raises
        ------
        StorageError
            What it found or sent cannot be kept.
        """
        self._cashier.allow(check.card)
        try:
            result = await check.run()
        except StorageError:
            raise
        except (EaselError, discord.DiscordException, OSError) as error:
            whose = "the API" if check.card.place is Place.API else "Discord"
            charged = "; it may have been charged" if self._book.unsettled(check.card) else ""
            result = Skipped(f"{whose} did not answer it: {error}{charged}")
        self._note(check, result)

    def _note(self, check: Check, result: Result) -> None:
        name = check.card.name
        if isinstance(result, Finding):
            result = Finding(self._redact(result.answer), result.advice, result.facts)
            self._book.find(check.card, result)
            self._tell(f"{name}: {result.answer}")
            if result.advice:
                self._tell(f"    -> {result.advice}")
        else:
            self._tell(self._redact(f"{name}: skipped, {result.reason}"))
        self.results[name] = result
