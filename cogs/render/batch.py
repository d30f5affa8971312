"""Several jobs at once: what is to be confirmed, and the one message that tells how far they are.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say, say_many
from bot.model import SETTLED, Status
from bot.prompt import spell_price
from cogs.custom_ids import DraftVerb, batch_cancel, batch_select, draft_button
from cogs.render.controls import DANGER, LABEL, OPTION_TEXT, OPTIONS, Button, Option, Rendered, Select, speed_name
from cogs.render.failure import explain
from cogs.render.origin import job_link, title
from cogs.render.progress import bar
from cogs.render.text import ago, bold, brief, cut, escape, flow, mention, size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from bot.model import Batch, Job, Speed
    from cogs.render.controls import Row

_TYPED: Final = 500
_LINE: Final = 110
_SHOWN: Final = 10
_ROOM: Final = 1900  # of Discord's 2000 characters for a message
_FULL: Final = 100
_GREEN: Final = 3
_DELETED: Final = mark("deleted")


def render_proposal(
    draft_id: str, prompts: Sequence[str], speed: Speed, price: Decimal | None, skipped: int = 0
) -> Rendered:
    """Return the question before several jobs are made: how many, which, at what price together.

    Parameters
    ----------
    skipped
        How many were left out because they cannot be sent as they stand.
    """
    count = len(prompts)
    lines = [flow(_proposed(count, speed, price), say("Nothing has been sent yet."))]
    lines += [f"{number}. {escape(brief(prompt), _LINE)}" for number, prompt in enumerate(prompts[:_SHOWN], start=1)]
    if count > _SHOWN:
        lines.append(say_many("… and {count} more prompt", "… and {count} more prompts", count - _SHOWN))
    if skipped:
        left_out = say_many(
            "{count} more cannot be sent as it stands and is left out.",
            "{count} more cannot be sent as they stand and are left out.",
            skipped,
        )
        lines.append(f"-# {left_out}")
    confirm = Button(custom_id=draft_button(draft_id, DraftVerb.GO), label=_confirming(count, price), style=_GREEN)
    never = Button(custom_id=draft_button(draft_id, DraftVerb.DROP), label=say("Never mind"))
    return Rendered(content="\n".join(lines), rows=((confirm, never),))


def _proposed(count: int, speed: Speed, price: Decimal | None) -> str:
    if price is None:
        return say_many(
            "This makes **{count} picture** at {speed} speed, at a price that is not known.",
            "This makes **{count} pictures** at {speed} speed, at a price that is not known.",
            count,
            speed=speed_name(speed),
        )
    return say_many(
        "This makes **{count} picture** at {speed} speed, for {price}.",
        "This makes **{count} pictures** at {speed} speed, for {price} in all.",
        count,
        speed=speed_name(speed),
        price=spell_price(price),
    )


def _confirming(count: int, price: Decimal | None) -> str:
    if price is None:
        return cut(say_many("Make {count} picture", "Make {count} pictures", count), LABEL)
    cost = spell_price(price)
    return cut(say_many("Make {count} picture ({price})", "Make {count} pictures ({price})", count, price=cost), LABEL)


def render_batch(batch: Batch) -> Rendered:
    """Return the message of a batch: one line of progress for all, what failed, and a way to each job."""
    jobs = batch.jobs
    lines = [bold(brief(batch.prompt), _TYPED), _head(batch), _standing(jobs)]
    room = _ROOM - sum(size(line) + 1 for line in lines)
    for number, job in enumerate(jobs, start=1):
        line = _line(number, job)
        if not line:
            continue
        room -= size(line) + 1
        if room < 0:
            break
        lines.append(line)
    return Rendered(content="\n".join(line for line in lines if line), rows=_rows(batch))


def _head(batch: Batch) -> str:
    speed = speed_name(batch.jobs[0].speed) if batch.jobs else ""
    started = say("started {when}", when=ago(batch.created_at))
    return " · ".join(filter(None, [mention(batch.user_id), speed, started]))


def _standing(jobs: Sequence[Job]) -> str:
    """Return the common line: how far all of them are together, and how they ended so far."""
    done = sum(job.status is Status.SUCCEEDED for job in jobs)
    others = [
        _ended(status, count)
        for status in (Status.FAILED, Status.CANCELLED, Status.UNKNOWN, Status.EXPIRED)
        if (count := sum(job.status is status for job in jobs))
    ]
    reached = sum(_FULL if job.status in SETTLED else job.progress or 0 for job in jobs) // max(len(jobs), 1)
    together = say_many("{done} of {count} done", "{done} of {count} done", len(jobs), done=done)
    return " · ".join([f"{bar(reached)} {together}", *others])


def _ended(status: Status, count: int) -> str:
    """Return how many ended in such a way, other than done."""
    if status is Status.FAILED:
        return say_many("{count} failed", "{count} failed", count)
    if status is Status.CANCELLED:
        return say_many("{count} canceled", "{count} canceled", count)
    if status is Status.EXPIRED:
        return say_many("{count} overdue", "{count} overdue", count)
    return say_many("{count} of unknown outcome", "{count} of unknown outcome", count)


def _line(number: int, job: Job) -> str:
    if job.deleted_at is not None:
        return f"{number}. {say(_DELETED)}"
    if job.status is Status.SUCCEEDED:
        link, name = job_link(job), escape(title(job, _LINE), _LINE)
        return f"{number}. [{name}](<{link}>)" if link else f"{number}. {name}"
    if job.status in SETTLED and job.status is not Status.CANCELLED:
        why = say("{prompt}: {reason}", prompt=escape(title(job, _LINE), _LINE // 2), reason=explain(job))
        return f"{number}. {why}"
    return ""


def _rows(batch: Batch) -> tuple[Row, ...]:
    rows: list[Row] = []
    if any(job.status is Status.QUEUED for job in batch.jobs):
        rows.append((Button(custom_id=batch_cancel(batch.id), label=say("Cancel what is waiting"), style=DANGER),))
    shown = [
        (number, job)
        for number, job in enumerate(batch.jobs, start=1)
        if job.status is Status.SUCCEEDED and job.deleted_at is None
    ]
    for start in range(0, len(shown), OPTIONS):
        options = tuple(
            Option(value=job.id, label=cut(f"{number} · {title(job, OPTION_TEXT)}", OPTION_TEXT))
            for number, job in shown[start : start + OPTIONS]
        )
        select = batch_select(batch.id, start // OPTIONS)
        rows.append(Select(custom_id=select, placeholder=say("Show one with its buttons …"), options=options))
    return tuple(rows)
