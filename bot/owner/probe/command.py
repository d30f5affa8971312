"""The command itself: its arguments, its terminal. The parts are put together in `assembly`."""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import ArgumentTypeError
from decimal import Decimal, InvalidOperation
from getpass import getpass
from typing import TYPE_CHECKING, Final, TypeVar

from bot import log
from bot.config import ExitCode
from bot.config.addresses import check_listen, check_public_url, check_url
from bot.jobs.clock import SystemClock
from bot.owner.probe.assembly import QUOTA_URL, Probe, Wishes, open_book
from bot.owner.probe.book import NAME
from bot.owner.probe.consent import Consent, quote
from bot.owner.probe.findings import dollars

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Coroutine

    from bot.config import Settings
    from bot.owner.probe.findings import Card

_Checked = TypeVar("_Checked")

_NOT_SENT: Final = (
    "Not among them: `--turbo` in the prompt of a fast job. It may cost three times as much, and Easel refuses such "
    "words in prompts, so the answer would change nothing."
)
_ALONE: Final = "Stop the bot meanwhile, or what it spends is taken for what this spends."


def arguments(parser: ArgumentParser) -> None:
    """Take what to ask, whom, and how much it may cost."""
    parser.add_argument("--yes", action="store_true", help="send paid requests without asking; needs --budget")
    parser.add_argument("--budget", type=_dollars, metavar="USD", help="the most that paid checks may cost together")
    parser.add_argument("--only", default="", metavar="NAMES", help="these checks (commas between), and what they need")
    parser.add_argument("--again", action="store_true", help="look again whether the last picture is still there")
    parser.add_argument("--show", action="store_true", help="print what was found so far, and ask nobody")
    parser.add_argument("--channel", type=_id, metavar="ID", help="a channel that test messages may be posted into")
    parser.add_argument("--person", type=_id, metavar="ID", help="somebody who may be written to directly")
    parser.add_argument("--answer", metavar="LINK", help="an answer of Easel's, older than 15 minutes, to be edited")
    parser.add_argument("--quota-key", action="store_true", help="ask for the key of the provider's query service")
    parser.add_argument("--quota-url", type=_checked(check_url), default=QUOTA_URL, metavar="URL", help="that service")
    parser.add_argument("--hook-listen", type=_checked(check_listen), metavar="HOST:PORT", help="wait for callbacks")
    parser.add_argument("--hook-url", type=_checked(check_public_url), metavar="URL", help="how it is reached")


def main(settings: Settings, arguments: Namespace) -> ExitCode:
    """Show what was found, or ask.

    Raises
    ------
    StorageError
        What is kept cannot be read or written.
    """
    if arguments.show:
        lines = open_book(settings, SystemClock()).lines()
        print("\n".join(lines or ["Nothing was found yet."]))
        return ExitCode.OK
    if arguments.yes and arguments.budget is None:
        print("--yes needs --budget: how many dollars may be spent at most?", file=sys.stderr)
        return ExitCode.USAGE
    at_terminal = sys.stdin.isatty()
    wishes = _wishes(settings, arguments, at_terminal=at_terminal)
    log.configure(settings.log_level, settings.log_format, secrets=(*settings.secrets, wishes.quota_key))
    consent = Consent(_ask if at_terminal else None, says_yes=arguments.yes, budget=arguments.budget)
    try:
        probe = Probe(settings, wishes, consent=consent, clock=SystemClock(), tell=_tell)
    except ValueError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE
    paid = (_NOT_SENT, _ALONE) if any(card.submits for card in probe.cards) else ()
    for line in (*map(_announced, probe.cards), "", quote(probe.cards), *paid, ""):
        _tell(line)
    return _go(probe)


def _go(probe: Probe) -> ExitCode:
    """Run what may be run. Questions are put between two checks, when nothing is under way; Ctrl-C ends it any time."""
    with asyncio.Runner() as runner:
        try:
            is_done = all(runner.run(_finishes(probe.walk.run(check))) for check in probe.walk.due())
        except KeyboardInterrupt:  # in the middle of a question
            is_done = False
        finally:
            runner.run(probe.close())
    if not is_done:
        print(f"\nStopped. What was found is kept; see python -m bot probe --show, and {NAME}.")
    print(f"\nWhat was allowed costs at most {dollars(probe.consent.spent)} by the price list. Kept in {NAME}.")
    return ExitCode.OK


async def _finishes(running: Coroutine[object, object, object]) -> bool:
    """Run a check; tell whether it came to its end, or False where Ctrl-C ended it.

    The signal is taken between two steps of the loop: in the middle of one it would cancel what is just being answered.
    """
    loop, check = asyncio.get_running_loop(), asyncio.ensure_future(running)
    loop.add_signal_handler(signal.SIGINT, check.cancel)
    try:
        await check
    except asyncio.CancelledError:
        return False
    finally:
        loop.remove_signal_handler(signal.SIGINT)
    return True


def _wishes(settings: Settings, arguments: Namespace, *, at_terminal: bool) -> Wishes:
    key = ""
    if arguments.quota_key:
        prompt = "Key of the query service (one that can do nothing else): "
        key = (getpass(prompt) if at_terminal else sys.stdin.readline()).strip()
    return Wishes(
        only=tuple(name.strip() for name in arguments.only.split(",") if name.strip()),
        again=arguments.again,
        channel_id=arguments.channel,
        person_id=arguments.person,
        answer=arguments.answer,
        quota_key=key,
        quota_url=arguments.quota_url,
        hook_listen=arguments.hook_listen or settings.webhook_listen or settings.http_listen,
        hook_url=arguments.hook_url or settings.webhook_url or settings.public_url,
    )


def _announced(card: Card) -> str:
    price = "unlisted" if card.price is None else dollars(card.price) if card.submits else "free"
    return f"{card.name:<17} {price:<9} {card.question}"


def _ask(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _tell(line: str) -> None:
    print(line, flush=True)


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and amount >= 0):
        raise ArgumentTypeError("write an amount of dollars, such as 0.50")
    return amount


def _id(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError("copy the id in Discord (developer mode)")
    return int(text)


def _checked(check: Callable[[str], _Checked]) -> Callable[[str], _Checked]:
    """Let a check of the settings speak through the parser, which repeats the reason but not the value."""

    def convert(text: str) -> _Checked:
        try:
            return check(text)
        except ValueError as error:
            raise ArgumentTypeError(str(error)) from None

    return convert
