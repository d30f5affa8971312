"""Everything a person may want to know about one job, for their eyes only. No task ids: they can be guessed.

Imports the model, the text rules and `bot.prompt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.model import Kind, Status
from bot.prompt import price, remix_price, spell_price
from cogs.render.controls import CONTENT, Rendered, kind_name
from cogs.render.origin import deed, job_link, noun
from cogs.render.text import ago, brief, escape, mention, size, spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Job

_PROMPT: Final = 400
_PARAMETERS: Final = 200
_MOST_CHILDREN: Final = 10
_AND_MORE: Final = len(", and 99 more")
_LABEL: Final = "**Made from it:** "

#: Whose button may cost something beside the prompt that follows it; the other buttons that ask are free (contract 1).
_CHARGED_TWICE: Final = frozenset({Kind.VARIATION, Kind.REROLL, Kind.PAN, Kind.ANIMATE})

#: Short names of parameters, as people call what they do; any other is shown as it is typed.
_PARAMETER_NAMES: Final = {
    "ar": "aspect",
    "v": "version",
    "s": "stylize",
    "c": "chaos",
    "w": "weird",
    "q": "quality",
    "no": "without",
    "iw": "image weight",
    "sref": "style reference",
    "sw": "style weight",
    "sv": "style version",
    "cref": "character reference",
    "cw": "character weight",
    "oref": "omni reference",
    "ow": "omni weight",
    "p": "profile",
}

STATUS_NAMES: Final = {
    Status.QUEUED: "waiting",
    Status.SUBMITTING: "being sent",
    Status.RUNNING: "under way",
    Status.NEEDS_INPUT: "needs input",
    Status.UNKNOWN: "outcome unknown",
    Status.SUCCEEDED: "done",
    Status.FAILED: "failed",
    Status.CANCELLED: "canceled",
    Status.EXPIRED: "overdue",
}


def render_details(
    job: Job, parent: Job | None = None, *, children: Sequence[Job] = (), is_favorite: bool = False
) -> Rendered:
    """Return what is known about a job, one fact a line, and as many of its children as there is room for."""
    facts = (*_about_the_prompt(job), *_about_the_job(job, parent, is_favorite=is_favorite))
    lines = [f"**{name}:** {fact}" for name, fact in facts if fact]
    lines.append(_children(children, CONTENT - sum(size(line) + 1 for line in lines)))
    return Rendered(content="\n".join(filter(None, lines)))


def _about_the_prompt(job: Job) -> Iterable[tuple[str, str]]:
    count = len(job.order.images)
    return (
        ("Prompt", escape(brief(job.prompt), _PROMPT)),
        ("Final prompt", escape(brief(job.final_prompt), _PROMPT) if job.final_prompt != job.prompt else ""),
        ("Parameters", escape(_parameters(brief(job.final_prompt or job.prompt)), _PARAMETERS)),
        ("Seed", escape(job.seed or "", _PARAMETERS)),
        ("Pictures handed in", str(count) if count else ""),
    )


def _about_the_job(job: Job, parent: Job | None, *, is_favorite: bool) -> Iterable[tuple[str, str]]:
    return (
        ("What", kind_name(job.kind) if job.parent_id is None else deed(job, parent)),
        ("Made from", _made_from(job, parent)),
        ("Submitted again after", f"`{job.retry_of}`" if job.retry_of else ""),
        ("Batch", "one of several that were asked for at once" if job.batch_id else ""),
        ("Status", STATUS_NAMES[job.status]),
        ("Asked by", f"{mention(job.user_id)} {ago(job.created_at)}"),
        ("Speed", str(job.speed)),
        ("Duration", spell(job.duration) if job.duration is not None else ""),
        ("Price", _price(job)),
        ("Favorite", "yes, one of yours" if is_favorite else "no"),
        ("Message", job_link(job) or ""),
        ("Job id", f"`{job.id}`"),
    )


def _parameters(prompt: str) -> str:
    """Return the prompt's parameters as people read them: `aspect 3:2 · stylize 200 · raw`."""
    _, *parameters = f" {prompt}".split(" --")
    pairs = [parameter.strip().partition(" ") for parameter in parameters]
    return " · ".join(f"{_PARAMETER_NAMES.get(name, name)} {value}".strip() for name, _, value in pairs if name)


def _made_from(job: Job, parent: Job | None) -> str:
    if job.parent_id is None:
        return ""
    link = job_link(parent) if parent else None
    return f"[this {noun(parent)}](<{link}>) `{job.parent_id}`" if parent and link else f"`{job.parent_id}`"


def _children(children: Sequence[Job], room: int) -> str:
    """Return links to what was made from it, at most `room` units; the rest is counted."""
    line, shown = "", 0
    for child in children[:_MOST_CHILDREN]:
        link = job_link(child)
        name = f"[{deed(child)}](<{link}>)" if link else f"{deed(child)} ({STATUS_NAMES[child.status]})"
        longer = f"{line}, {name}" if line else _LABEL + name
        if size(longer) + _AND_MORE > room:
            break
        line, shown = longer, shown + 1
    left = len(children) - shown
    return f"{line}, and {left} more" if line and left else line


def _price(job: Job) -> str:
    """Return the documented price (contract 1); it is the API's list price, not a bill."""
    if job.status in {Status.FAILED, Status.CANCELLED}:
        return ""
    most = remix_price(job.kind, job.speed) if job.modal_sent_at and job.kind in _CHARGED_TWICE else None
    return spell_price(price(job.kind, job.speed)) + (f" to ${most}" if most else "")
