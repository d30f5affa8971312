"""Several jobs at once: what is to be confirmed, and the one message that tells how far they are.

Imports the model and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import SETTLED, Status
from bot.prompt import spell_price
from cogs.custom_ids import DraftVerb, batch_cancel, batch_select, draft_button
from cogs.render.controls import DANGER, OPTION_TEXT, OPTIONS, Button, Option, Rendered, Select
from cogs.render.details import STATUS_NAMES
from cogs.render.failure import explain
from cogs.render.origin import job_link
from cogs.render.progress import bar
from cogs.render.text import ago, bold, brief, cut, escape, mention, size

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
    cost = "at a price that is not known" if price is None else f"for {spell_price(price)} in all"
    lines = [f"This makes **{count} pictures** at {speed} speed, {cost}. Nothing has been sent yet."]
    lines += [f"{number}. {escape(brief(prompt), _LINE)}" for number, prompt in enumerate(prompts[:_SHOWN], start=1)]
    if count > _SHOWN:
        lines.append(f"… and {count - _SHOWN} more")
    if skipped:
        lines.append(f"-# {skipped} more cannot be sent as they stand and are left out.")
    label = f"Make {count} pictures" if price is None else f"Make {count} pictures ({spell_price(price)})"
    confirm = Button(custom_id=draft_button(draft_id, DraftVerb.GO), label=label, style=_GREEN)
    never = Button(custom_id=draft_button(draft_id, DraftVerb.DROP), label="Never mind")
    return Rendered(content="\n".join(lines), rows=((confirm, never),))


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
    speed = str(batch.jobs[0].speed) if batch.jobs else ""
    return " · ".join(filter(None, [mention(batch.user_id), speed, f"started {ago(batch.created_at)}"]))


def _standing(jobs: Sequence[Job]) -> str:
    """Return the common line: how far all of them are together, and how they ended so far."""
    done = sum(job.status is Status.SUCCEEDED for job in jobs)
    others = [
        f"{count} {STATUS_NAMES[status]}"
        for status in (Status.FAILED, Status.CANCELLED, Status.UNKNOWN, Status.EXPIRED)
        if (count := sum(job.status is status for job in jobs))
    ]
    reached = sum(_FULL if job.status in SETTLED else job.progress or 0 for job in jobs) // max(len(jobs), 1)
    return " · ".join([f"{bar(reached)} {done} of {len(jobs)} done", *others])


def _line(number: int, job: Job) -> str:
    if job.deleted_at is not None:
        return f"{number}. deleted"
    if job.status is Status.SUCCEEDED:
        link = job_link(job)
        return (
            f"{number}. [{_plain(job.prompt)}](<{link}>)" if link else f"{number}. {escape(brief(job.prompt), _LINE)}"
        )
    if job.status in SETTLED and job.status is not Status.CANCELLED:
        return f"{number}. {escape(brief(job.prompt), _LINE // 2)}: {explain(job)}"
    return ""


def _plain(prompt: str) -> str:
    return escape(brief(prompt), _LINE) or "picture"


def _rows(batch: Batch) -> tuple[Row, ...]:
    rows: list[Row] = []
    if any(job.status is Status.QUEUED for job in batch.jobs):
        rows.append((Button(custom_id=batch_cancel(batch.id), label="Cancel what is waiting", style=DANGER),))
    shown = [
        (number, job)
        for number, job in enumerate(batch.jobs, start=1)
        if job.status is Status.SUCCEEDED and job.deleted_at is None
    ]
    for start in range(0, len(shown), OPTIONS):
        options = tuple(
            Option(value=job.id, label=cut(f"{number} · {brief(job.prompt)}", OPTION_TEXT))
            for number, job in shown[start : start + OPTIONS]
        )
        select = batch_select(batch.id, start // OPTIONS)
        rows.append(Select(custom_id=select, placeholder="Show one with its buttons …", options=options))
    return tuple(rows)
