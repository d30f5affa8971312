"""Everything a person may want to know about one job, for their eyes only. No task ids: they can be guessed.

Imports the model, the text rules and `bot.prompt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say, say_many
from bot.model import Kind, Status
from bot.prompt import price, remix_price, spell_price
from cogs.render.additions import additions
from cogs.render.controls import CONTENT, Rendered, kind_name, speed_name
from cogs.render.difference import prompt_change
from cogs.render.origin import Thing, deed, job_link, thing
from cogs.render.text import ago, brief, escape, mention, size, spell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Job

_PROMPT: Final = 400
_PARAMETERS: Final = 200
_CHANGE: Final = 300
_MOST_CHILDREN: Final = 10

#: Whose button may cost something beside the prompt that follows it; the other buttons that ask are free (contract 1).
_CHARGED_TWICE: Final = frozenset({Kind.VARIATION, Kind.REROLL, Kind.PAN, Kind.ANIMATE})

#: Short names of parameters, as people call what they do; any other is shown as it is typed.
_PARAMETER_NAMES: Final = {
    "ar": mark("aspect"),
    "v": mark("version"),
    "s": mark("stylize"),
    "c": mark("chaos"),
    "w": mark("weird"),
    "q": mark("quality"),
    "no": mark("without"),
    "iw": mark("image weight"),
    "sref": mark("style reference"),
    "sw": mark("style weight"),
    "sv": mark("style version"),
    "cref": mark("character reference"),
    "cw": mark("character weight"),
    "oref": mark("omni reference"),
    "ow": mark("omni weight"),
    "p": mark("profile"),
}

_STATUS_NAMES: Final = {
    Status.QUEUED: mark("waiting"),
    Status.SUBMITTING: mark("being sent"),
    Status.RUNNING: mark("under way"),
    Status.NEEDS_INPUT: mark("needs input"),
    Status.UNKNOWN: mark("outcome unknown"),
    Status.SUCCEEDED: mark("done"),
    Status.FAILED: mark("failed"),
    Status.CANCELLED: mark("canceled"),
    Status.EXPIRED: mark("overdue"),
}

_PARENTS: Final = {
    Thing.PICTURE: mark("[this picture](<{link}>)"),
    Thing.VIDEO: mark("[this video](<{link}>)"),
    Thing.DESCRIPTION: mark("[this description](<{link}>)"),
    Thing.PROMPT: mark("[this prompt](<{link}>)"),
}


def status_name(status: Status) -> str:
    """Return where a job stands, in a word or two."""
    return say(_STATUS_NAMES[status])


def render_details(
    job: Job, parent: Job | None = None, *, children: Sequence[Job] = (), is_favorite: bool = False
) -> Rendered:
    """Return what is known about a job, one fact a line, and as many of its children as there is room for."""
    facts = (*_about_the_prompt(job), *_about_the_job(job, parent, is_favorite=is_favorite))
    lines = [_line(name, fact) for name, fact in facts if fact]
    lines.append(_children(children, CONTENT - sum(size(line) + 1 for line in lines)))
    return Rendered(content="\n".join(filter(None, lines)))


def _line(name: str, fact: str) -> str:
    return say("**{name}:** {fact}", name=name, fact=fact)


def _about_the_prompt(job: Job) -> Iterable[tuple[str, str]]:
    count = len(job.order.images)
    return (
        (say("Prompt"), escape(brief(job.prompt), _PROMPT)),
        (say("Final prompt"), escape(brief(job.final_prompt), _PROMPT) if job.final_prompt != job.prompt else ""),
        (say("Parameters"), escape(_parameters(brief(job.final_prompt or job.prompt)), _PARAMETERS)),
        (say("Added"), additions(job)),
        (say("Seed"), escape(job.seed or "", _PARAMETERS)),
        (say("Pictures handed in"), str(count) if count else ""),
    )


def _about_the_job(job: Job, parent: Job | None, *, is_favorite: bool) -> Iterable[tuple[str, str]]:
    return (
        (say("What"), kind_name(job.kind) if job.parent_id is None else deed(job, parent)),
        (say("Made from"), _made_from(job, parent)),
        (say("Changed in the prompt"), prompt_change(job, parent, _CHANGE)),
        (say("Submitted again after"), f"`{job.retry_of}`" if job.retry_of else ""),
        (say("Batch"), say("one of several that were asked for at once") if job.batch_id else ""),
        (say("Status"), status_name(job.status)),
        (say("Asked by"), f"{mention(job.user_id)} {ago(job.created_at)}"),
        (say("Speed"), speed_name(job.speed)),
        (say("Duration"), spell(job.duration) if job.duration is not None else ""),
        (say("Price"), _price(job)),
        (say("Favorite"), say("yes, one of yours") if is_favorite else say("no")),
        (say("Message"), job_link(job) or ""),
        (say("Job id"), f"`{job.id}`"),
    )


def _parameters(prompt: str) -> str:
    """Return the prompt's parameters as people read them: `aspect 3:2 · stylize 200 · raw`."""
    _, *parameters = f" {prompt}".split(" --")
    pairs = [parameter.strip().partition(" ") for parameter in parameters]
    return " · ".join(f"{_parameter(name)} {value}".strip() for name, _, value in pairs if name)


def _parameter(name: str) -> str:
    return say(_PARAMETER_NAMES[name]) if name in _PARAMETER_NAMES else name


def _made_from(job: Job, parent: Job | None) -> str:
    if job.parent_id is None:
        return ""
    link = job_link(parent) if parent else None
    return f"{say(_PARENTS[thing(parent)], link=link)} `{job.parent_id}`" if parent and link else f"`{job.parent_id}`"


def _children(children: Sequence[Job], room: int) -> str:
    """Return links to what was made from it, at most `room` units; the rest is counted."""
    line = names = ""
    for shown, child in enumerate(children[:_MOST_CHILDREN], start=1):
        names = f"{names}, {_child(child)}" if names else _child(child)
        left = len(children) - shown
        said = say_many("{links}, and {count} more", "{links}, and {count} more", left, links=names) if left else names
        longer = _line(say("Made from it"), said)
        if size(longer) > room:
            break
        line = longer
    return line


def _child(child: Job) -> str:
    link = job_link(child)
    return f"[{deed(child)}](<{link}>)" if link else f"{deed(child)} ({status_name(child.status)})"


def _price(job: Job) -> str:
    """Return the documented price (contract 1); it is the API's list price, not a bill."""
    if job.status in {Status.FAILED, Status.CANCELLED}:
        return ""
    most = remix_price(job.kind, job.speed) if job.modal_sent_at and job.kind in _CHARGED_TWICE else None
    least = spell_price(price(job.kind, job.speed))
    return say("{least} to ${most}", least=least, most=most) if most else least
