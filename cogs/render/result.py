"""A finished job: its picture with prompt, person, speed, duration and origin, what it suggests, and all its buttons.

Imports the model and the text rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.language import mark, say
from bot.model import SETTLED, Status
from cogs.render.controls import CONTENT, Rendered, details_button, remove_button, speed_name
from cogs.render.failure import render_failure
from cogs.render.layout import lay_out
from cogs.render.offers import offers_for, suggestions
from cogs.render.origin import Thing, headline, job_link, link_for_all, origin, thing
from cogs.render.progress import render_progress
from cogs.render.suggested import numbered
from cogs.render.text import escape, flow, is_web_address, mention, size, spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Action, Job

_PROMPT: Final = 600
_TEXT: Final = 400
_URL: Final = 500
_PROMPT_IGNORED: Final = mark("Midjourney did not ask for the new prompt and went on with the earlier one")
_NOT_ATTACHED: Final = {
    Thing.PICTURE: mark("The picture could not be attached: [open it here]({link})"),
    Thing.VIDEO: mark("The video could not be attached: [open it here]({link})"),
    Thing.DESCRIPTION: mark("The description could not be attached: [open it here]({link})"),
    Thing.PROMPT: mark("The prompt could not be attached: [open it here]({link})"),
}
_NOT_FETCHED: Final = {
    Thing.PICTURE: mark("The picture could not be fetched just now."),
    Thing.VIDEO: mark("The video could not be fetched just now."),
    Thing.DESCRIPTION: mark("The description could not be fetched just now."),
    Thing.PROMPT: mark("The prompt could not be fetched just now."),
}
_LATER: Final = mark("Try `/show` with this job's id (see *Details*) later.")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the message of a job that succeeded is made of.

    Attributes
    ----------
    attached
        Whether the picture is attached; if not, its link is shown.
    more
        How many further files are attached; the links of those that are not are shown.
    original_url
        Where the original can be had, if the attached picture is a smaller copy.
    shown_for
        The person to whom this result is shown again; None for its first showing.
    is_copy
        Whether it goes to somebody directly: then the job's id and the way to its message are told.
    is_starred
        Whether it is shown once more in a star channel: then that is said, with the way to its message.
    is_share
        Whether its author shows it to others: then it can be removed again.
    can_show
        Whether its author sees it alone, where others are to whom they could show it.
    """

    job: Job
    actions: Sequence[Action] = ()
    parent: Job | None = None
    attached: bool = False
    more: int = 0
    original_url: str | None = None
    shown_for: int | None = None
    is_copy: bool = False
    is_starred: bool = False
    is_share: bool = False
    can_show: bool = False


def render_result(result: Result, *, emojis: bool = True) -> Rendered:
    """Return the message of a job that succeeded."""
    job = result.job
    above = list(filter(None, [headline(job, _PROMPT), _byline(job)]))
    below = list(filter(None, [_footnote(result), _where(result), _way_back(job) if result.is_copy else ""]))
    body = _body(result, CONTENT - sum(size(line) + 1 for line in (*above, *below)))
    own = [details_button(job.id), *([remove_button()] if result.is_share else [])]
    offers = offers_for(job, result.actions, can_show=result.can_show)
    return Rendered(
        content="\n".join(filter(None, [*above, body, *below])),
        rows=lay_out(job.id, result.actions, own, offers, emojis=emojis),
    )


def render_job(
    job: Job,
    actions: Sequence[Action] = (),
    parent: Job | None = None,
    *,
    emojis: bool = True,
    is_shown_again: bool = False,
) -> Rendered:
    """Return the message that shows a job as it stands, whatever its status, without a file.

    Parameters
    ----------
    is_shown_again
        As in `render_failure`.
    """
    if job.status is Status.SUCCEEDED:
        return render_result(Result(job=job, actions=actions, parent=parent), emojis=emojis)
    if job.status in SETTLED:
        return render_failure(job, parent, emojis=emojis, is_shown_again=is_shown_again)
    return render_progress(job, parent, emojis=emojis)


def _byline(job: Job) -> str:
    took = job.duration
    late = job.finished_at is not None and job.give_up_at is not None and job.finished_at > job.give_up_at
    parts = [mention(job.user_id), speed_name(job.speed)]
    if took is not None:
        parts.append(say("{duration}, sorry for the long wait", duration=spell(took)) if late else spell(took))
    return " · ".join(parts)


def _body(result: Result, room: int) -> str:
    """Return what the job made besides its file: suggestions, other words, or the links of further videos."""
    job = result.job
    suggested = suggestions(job)
    if suggested:
        return numbered(suggested, room)
    return escape(job.result_text, min(_TEXT, room)) or _other_videos(result, min(_TEXT, room))


def _other_videos(result: Result, room: int) -> str:
    """Return links to the videos beside the first where not all of them are attached; as many as there is room for."""
    if result.more >= len(result.job.more_urls):
        return ""
    text = str(say("All videos:"))
    for number, url in enumerate(filter(None, [result.job.media_url, *result.job.more_urls]), start=1):
        link = f" [{number}](<{url}>)"
        if is_web_address(url, _URL) and size(text + link) <= room:
            text += link
    return text if "](<" in text else ""


def _footnote(result: Result) -> str:
    job = result.job
    ignored = job.order.remix and job.modal_sent_at is None
    notes = [origin(job, result.parent), say(_PROMPT_IGNORED) if ignored else ""]
    if result.shown_for is not None:
        notes.append(say("shown again for {person}, free of charge", person=mention(result.shown_for)))
    if result.is_starred:
        link = link_for_all(job, job.guild_id)
        notes += [say("⭐ shown again for its stars"), say("[its message](<{link}>)", link=link) if link else ""]
    return "-# " + " · ".join(filter(None, notes)) if any(notes) else ""


def _way_back(job: Job) -> str:
    link = job_link(job)
    parts = [
        say("Job `{job}`", job=job.id),
        say("seed {seed}", seed=job.seed) if job.seed else "",
        say("[its message](<{link}>)", link=link) if link else "",
    ]
    return f"-# {' · '.join(filter(None, parts))}"


def _where(result: Result) -> str:
    job = result.job
    if result.attached:
        if not is_web_address(result.original_url, _URL):
            return ""
        original = say("[the original](<{link}>)", link=result.original_url)
        return " · ".join(["-# " + say("Made smaller to fit here"), original])
    if is_web_address(job.media_url, _URL):
        return say(_NOT_ATTACHED[thing(job)], link=job.media_url)
    if job.result_text:
        return ""
    return flow(say(_NOT_FETCHED[thing(job)]), say(_LATER))
