"""A page of somebody's jobs as texts and controls; `cogs.commands.history` puts them into a panel (Components V2).

Imports the model, the custom ids and the text rules. A panel holds 40 components and 4000 characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.model import Status
from cogs.custom_ids import HISTORY_OPEN, history_button
from cogs.render.controls import OPTION_TEXT, PRIMARY, Button, Option, Select, kind_name
from cogs.render.details import STATUS_NAMES
from cogs.render.origin import deed, headline, job_link, title
from cogs.render.text import age, ago, cut, escape, size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Job

_PROMPT: Final = 120

_MARKS: Final = {Status.SUCCEEDED: "✅", Status.FAILED: "❌", Status.CANCELLED: "🚫", Status.UNKNOWN: "❔"}
_UNDER_WAY: Final = "⏳"

NOTHING_YET: Final = "You have not made anything yet. Type `/imagine` and see what comes."
NOTHING_OLDER: Final = "There is nothing older."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A page: a heading, a text a job, a select that opens one, and the buttons that turn the page."""

    heading: str
    entries: tuple[str, ...]
    opener: Select | None
    turns: tuple[Button, ...]


def render_history(jobs: Sequence[Job], older: str | None, trail: tuple[str, ...] = ()) -> Panel:
    """Return a page of history.

    Parameters
    ----------
    older
        The mark of the next page, or None if this is the last.
    trail
        The marks that led here, this page's last; empty for the newest page.
    """
    turns: list[Button] = []
    if trail:
        turns.append(Button(label="Newest", custom_id=history_button("newest", ())))
        turns.append(Button(label="Newer", custom_id=history_button("newer", trail[:-1])))
    if older is not None:
        turns.append(Button(label="Older", style=PRIMARY, custom_id=history_button("older", (*trail, older))))
    if not jobs:
        return Panel(heading=NOTHING_OLDER if trail else NOTHING_YET, entries=(), opener=None, turns=tuple(turns))
    opener = Select(custom_id=HISTORY_OPEN, placeholder="Show one …", options=tuple(map(_option, jobs)))
    return Panel(heading="### Your pictures", entries=tuple(map(_entry, jobs)), opener=opener, turns=tuple(turns))


def suggestion_name(job: Job, now: datetime) -> str:
    """Return a job as one line of an autocompletion: prompt, kind, age."""
    about = f" · {kind_name(job.kind)} · {age(now - job.created_at)}"
    return title(job, OPTION_TEXT - size(about)) + about


def _entry(job: Job) -> str:
    link = job_link(job)
    parts = [f"{_mark(job)} {_what(job)}", STATUS_NAMES[job.status], ago(job.created_at)]
    if link:
        parts.append(f"[message](<{link}>)")
    return f"{headline(job, _PROMPT)}\n{' · '.join(parts)}"


def _option(job: Job) -> Option:
    about = f"{kind_name(job.kind)} · {STATUS_NAMES[job.status]} · {job.created_at:%Y-%m-%d %H:%M} UTC"
    return Option(value=job.id, label=title(job, OPTION_TEXT), description=cut(about, OPTION_TEXT), emoji=_mark(job))


def _mark(job: Job) -> str:
    return _MARKS.get(job.status, _UNDER_WAY)


def _what(job: Job) -> str:
    return escape(kind_name(job.kind), OPTION_TEXT) if job.parent_id is None else deed(job)
