"""What somebody has used, and what is under way for them, as a panel. Imports the model and the text rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import say, say_many
from bot.prompt import spell_price
from cogs.custom_ids import HISTORY_OPEN
from cogs.render.controls import OPTION_TEXT, OPTIONS, Option, Select
from cogs.render.details import status_name
from cogs.render.origin import job_link, title
from cogs.render.panels import Panel, Rule, Text
from cogs.render.text import ago, clock, escape

if TYPE_CHECKING:
    from bot.jobs.people.usage import Account, Spent
    from bot.model import Job
    from cogs.render.panels import Part

_PROMPT: Final = 80
_LISTED: Final = 15


def render_info(account: Account) -> Panel:
    """Return the panel."""
    parts: list[Part] = [Text("### " + say("What you have used")), Text(_used(account)), Rule()]
    parts.append(Text("### " + say("Under way") + "\n" + _under_way(account)))
    if account.under_way:
        options = tuple(
            Option(value=job.id, label=title(job, OPTION_TEXT), description=status_name(job.status))
            for job in account.under_way[:OPTIONS]
        )
        parts.append(Select(custom_id=HISTORY_OPEN, placeholder=say("Show one …"), options=options))
    parts += [Rule(), Text("### " + say("Your limits") + "\n" + _limits(account))]
    return Panel(parts=tuple(parts))


def _used(account: Account) -> str:
    today = say("**Today** (since {time}): {used}", time=clock(account.today.since), used=_spent(account.today))
    month = say("**This month**: {used}", used=_spent(account.month))
    note = say("List prices of the API, not a bill. What failed or was canceled is not counted.")
    return f"{today}\n{month}\n-# {note}"


def _spent(spent: Spent) -> str:
    jobs = say_many("{count} job", "{count} jobs", spent.jobs)
    if spent.unpriced == spent.jobs:
        return say("{jobs}, price not known", jobs=jobs) if spent.jobs else jobs
    price = spell_price(spent.amount)
    if spent.unpriced:
        unpriced = say_many(
            "{price} and {count} job of unknown price",
            "{price} and {count} jobs of unknown price",
            spent.unpriced,
            price=price,
        )
        return say("{jobs}, {price}", jobs=jobs, price=unpriced)
    return say("{jobs}, {price}", jobs=jobs, price=price)


def _under_way(account: Account) -> str:
    if not account.under_way:
        return say("Nothing is waiting or running. Type `/imagine` and see what comes.")
    lines = [_line(job) for job in account.under_way[:_LISTED]]
    left = account.in_all - len(lines)
    if left:
        lines.append(say_many("… and {count} more job", "… and {count} more jobs", left))
    return "\n".join(lines)


def _line(job: Job) -> str:
    link, name = job_link(job), escape(title(job, _PROMPT), 2 * _PROMPT)
    named = f"[{name}](<{link}>)" if link else name
    return f"- {named} · {status_name(job.status)} · {ago(job.created_at)}"


def _limits(account: Account) -> str:
    alone = say("There is no limit on how many jobs you may have; Midjourney does a few at a time, the others wait.")
    if account.batch_limit == 1:
        return alone
    return f"{alone}\n" + say(
        "One `/imagine` makes up to {count} pictures at once. For more than one it first asks you, with the price.",
        count=account.batch_limit,
    )
