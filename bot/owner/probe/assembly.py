"""The parts of the probe, put together: which checks there are, in which order, and what they share."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot import log
from bot.client import point_at
from bot.cometapi.addresses import MediaRule
from bot.cometapi.media import MediaFetcher
from bot.cometapi.transport import Transport
from bot.owner.probe.balance import Account
from bot.owner.probe.book import NAME, Book
from bot.owner.probe.cashier import Cashier
from bot.owner.probe.charges import RelaxAccepted, SecondPress, Till, UpscaleBilled
from bot.owner.probe.findings import Place
from bot.owner.probe.hooks import HookDoor, HookHonored
from bot.owner.probe.line import DiscordLine
from bot.owner.probe.links import Gallery, ImageAge, ImageLink
from bot.owner.probe.looking import ListLimit, Looker, UnknownId
from bot.owner.probe.nonces import NonceWindow
from bot.owner.probe.picture import Evidence, Picture
from bot.owner.probe.places import AnswerEdit, AttachmentLimit, DirectMessage, SessionLimit
from bot.owner.probe.refunds import Refund
from bot.owner.probe.walk import Walk
from bot.owner.probe.watching import FinishToSeen, RefreshPeriod, StateKept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.config import Listen, Settings
    from bot.jobs.ports import Clock
    from bot.owner.probe.consent import Consent
    from bot.owner.probe.findings import Check

QUOTA_URL: Final = "https://query.cometapi.com"
_DISCORD: Final = "https://discord.com"
_AGE: Final = "image-age"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the owner asked for, beside the settings."""

    only: tuple[str, ...] = ()
    again: bool = False
    channel_id: int | None = None
    person_id: int | None = None
    answer: str | None = None
    quota_key: str = ""
    quota_url: str = QUOTA_URL
    hook_listen: Listen | None = None
    hook_url: str | None = None


@final
class Probe:
    """All checks, ready to be run. Close it.

    Parameters
    ----------
    tell
        Shows a line to the owner.

    Raises
    ------
    StorageError
        What is kept cannot be read.
    ValueError
        There is no check of a name that was wished for.
    """

    def __init__(
        self, settings: Settings, wishes: Wishes, *, consent: Consent, clock: Clock, tell: Callable[[str], None]
    ) -> None:
        self.consent = consent
        self._settings = settings
        self._wishes = wishes
        self._clock = clock
        if settings.discord_api_url is not None:
            point_at(settings.discord_api_url)
        self._stack = AsyncExitStack()
        self._book = open_book(settings, clock)
        self._transport = self._connect(settings.cometapi_base_url, settings.cometapi_key.get_secret_value())
        self._looker = Looker(self._transport)
        self._door = HookDoor(
            wishes.hook_listen, wishes.hook_url, clock, is_near=settings.cometapi_base_url.startswith("http:")
        )
        self._stack.push_async_callback(self._door.close)
        cashier = Cashier(self._transport, self._book, clock)
        checks = _chosen([*self._of_the_api(cashier), *self._of_discord()], wishes)
        self.cards = [check.card for check in checks]
        redact = log.Redactor((*settings.secrets, wishes.quota_key, self._door.secret))
        self.walk = Walk(checks, consent=consent, cashier=cashier, book=self._book, tell=tell, redact=redact)

    async def close(self) -> None:
        """Close all connections."""
        await self._stack.aclose()

    def _connect(self, url: str, key: str) -> Transport:
        timeout = self._settings.submit_timeout
        transport = Transport(base_url=url, key=key, submit_timeout=timeout, look_timeout=timeout)
        self._stack.push_async_callback(transport.close)
        return transport

    def _of_the_api(self, cashier: Cashier) -> Sequence[Check]:
        base, clock, book = self._settings.cometapi_base_url, self._clock, self._book
        fetcher = MediaFetcher(MediaRule(base, self._settings.media_hosts))
        self._stack.push_async_callback(fetcher.close)
        gallery, evidence = Gallery(fetcher, self._transport, base), Evidence()
        quota = self._connect(self._wishes.quota_url, self._wishes.quota_key) if self._wishes.quota_key else None
        till = Till(cashier, Account(quota, self._wishes.quota_key, clock), self._looker, clock)
        return (
            UnknownId(self._looker),
            ImageAge(gallery, self._looker, book, clock),
            Picture(cashier, self._looker, door=self._door, evidence=evidence, book=book, clock=clock),
            StateKept(evidence),
            RefreshPeriod(evidence),
            FinishToSeen(evidence),
            HookHonored(self._door, evidence, clock),
            ImageLink(gallery, evidence),
            ListLimit(self._looker, book),
            UpscaleBilled(till, evidence, book),
            SecondPress(till, evidence),
            Refund(till),
            RelaxAccepted(till),
        )

    def _of_discord(self) -> Sequence[Check]:
        line = DiscordLine(self._settings.discord_token.get_secret_value())
        self._stack.push_async_callback(line.close)
        wishes, clock = self._wishes, self._clock
        return (
            SessionLimit(line),
            AttachmentLimit(line, wishes.channel_id),
            NonceWindow(line, wishes.channel_id, clock),
            AnswerEdit(line, wishes.answer, clock),
            DirectMessage(line, wishes.person_id),
        )


def open_book(settings: Settings, clock: Clock) -> Book:
    """Open what is kept of earlier runs.

    Raises
    ------
    StorageError
        It cannot be read.
    """
    addresses = {Place.API: settings.cometapi_base_url, Place.DISCORD: settings.discord_api_url or _DISCORD}
    return Book(settings.data_folder / NAME, addresses, clock)


def _chosen(checks: Sequence[Check], wishes: Wishes) -> list[Check]:
    """Return the checks that were wished for and those they need; looking again is all that `--again` wants."""
    by_name = {check.card.name: check for check in checks}
    wished = list(wishes.only) or ([_AGE] if wishes.again else [name for name in by_name if name != _AGE])
    for name in wished:
        if name not in by_name:
            raise ValueError(f"there is no check {name!r}; there are {', '.join(by_name)}")
        wished += [need for need in by_name[name].card.needs if need not in wished]
    return [check for check in checks if check.card.name in wished]
