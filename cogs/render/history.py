"""A page of somebody's jobs as a panel: their pictures together, what each of them is, and where to go from there.

Imports the model, the custom ids, the places and the text rules.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final, final

from bot.language import mark, say
from bot.model import Media, Status
from bot.prompt import kind_name
from bot.prompt.models import API_DEFAULT, model_label
from cogs.custom_ids import history_open
from cogs.places import Place, Turn, Wanted
from cogs.render.controls import OPTION_TEXT, PRIMARY, SECONDARY, Button, remove_button
from cogs.render.details import status_name
from cogs.render.origin import ALT_TEXT, alt_text, deed, headline, job_link, link_for_all, title
from cogs.render.panels import Gallery, Panel, Picture, Rule, Section, Text
from cogs.render.text import age, ago, cut, escape, mention, size

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from bot.model import HistoryPage, Job
    from cogs.render.panels import Part

#: Jobs on one page: two rows of three pictures, and a panel still holds what is to be said of each.
PAGE: Final = 6

_PROMPT: Final = 160
_WORDS: Final = 120
_NOON: Final = time(12)

_MARKS: Final = {Status.FAILED: "❌", Status.CANCELLED: "🚫", Status.EXPIRED: "⌛", Status.UNKNOWN: "❔"}
_UNDER_WAY: Final = "⏳"

_NOTHING_YET: Final = mark("You have not made anything yet. Type `/imagine` and see what comes.")
_NO_FAVORITES: Final = mark(
    "You have no favorites yet. Put a ⭐ on a picture as a reaction, or choose *Favorite* under its *More …*."
)
_NOTHING_FOUND: Final = mark("Nothing of yours is like that.")
_NOTHING_THERE: Final = mark("There is nothing on this page any more.")
_NOTHING_SO_FAR: Final = mark("Nothing found so far.")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A page with what is to be seen of it.

    Attributes
    ----------
    person
        Whose page it is, by id.
    pictures
        One for each job: a file of ours, an address that Discord can fetch, or nothing.
    favorites
        Ids of those jobs that are favorites of this person.
    is_shared
        Whether everybody sees it: then nothing but the jobs can be opened, and it can be removed.
    can_share
        Whether anybody else is there who would see it.
    guild_id
        Where everybody sees it.
    """

    person: int
    place: Place
    page: HistoryPage
    pictures: Sequence[Media | str | None]
    favorites: Collection[str] = ()
    is_shared: bool = False
    can_share: bool = True
    guild_id: int | None = None


def render_history(shelf: Shelf) -> Panel:
    """Return the panel of a page."""
    jobs = shelf.page.jobs
    parts: list[Part] = [Text(_heading(shelf))]
    pictures = tuple(_pictures(shelf))
    if pictures:
        parts.append(Gallery(pictures))
    parts += map(Section, _entries(shelf), map(_opener, jobs))
    note = _note(shelf)
    if note:
        parts.append(Text(note))
    rows = ((remove_button(),),) if shelf.is_shared else tuple(filter(None, (_turns(shelf), _choices(shelf))))
    return Panel(parts=(*parts, *((Rule(),) if rows and jobs else ()), *rows))


def suggestion_name(job: Job, now: datetime) -> str:
    """Return a job as one line of an autocompletion: prompt, kind, age."""
    about = f" · {kind_name(job.kind)} · {age(now - job.created_at)}"
    return title(job, OPTION_TEXT - size(about)) + about


def model_name(model: str) -> str:
    """Return what people call a model that a job has: `Midjourney 7`, `Niji 6`."""
    return escape(model_label(model), OPTION_TEXT) if model else say(API_DEFAULT)


def wanted_in_words(wanted: Wanted) -> str:
    """Return what narrows a page, for people; empty if nothing does. Favorites are another page, with a heading."""
    parts = (
        kind_name(wanted.kind) if wanted.kind else "",
        model_name(wanted.model) if wanted.model is not None else "",
        say("“{words}”", words=escape(wanted.words, _WORDS)) if wanted.words else "",
        say("this server") if wanted.here else "",
        say("from {day}", day=_day(wanted.since)) if wanted.since else "",
        say("until {day}", day=_day(wanted.until)) if wanted.until else "",
        "" if wanted.failures else say("without failures"),
    )
    return " · ".join(filter(None, parts))


def _day(day: date) -> str:
    # At noon by UTC nearly everybody's clock shows that same day.
    return f"<t:{int(datetime.combine(day, _NOON, UTC).timestamp())}:d>"


def _heading(shelf: Shelf) -> str:
    wanted, person = shelf.place.wanted, mention(shelf.person)
    if shelf.is_shared:
        heading = (
            say("Favorites of {person}", person=person) if wanted.favorites else say("Made by {person}", person=person)
        )
    else:
        heading = say("Your favorites") if wanted.favorites else say("Your history")
    words = wanted_in_words(wanted)
    return f"### {heading}\n{words}" if words else f"### {heading}"


def _pictures(shelf: Shelf) -> Iterator[Picture]:
    shown = [(job, source) for job, source in zip(shelf.page.jobs, shelf.pictures, strict=True) if source is not None]
    for number, (job, source) in enumerate(shown, start=1):
        about = cut(f"{number}. {alt_text(job)}", ALT_TEXT)
        if isinstance(source, Media):
            # Not named after the job: a page is about several, and is to be taken for none of them.
            yield Picture(source=source.path, name=f"history-{number}.jpg", about=about)
        else:
            yield Picture(source=source, about=about)


def _entries(shelf: Shelf) -> Iterator[str]:
    """Yield what is to be said of each job; those that have a picture have its number."""
    numbers = itertools.count(1)
    for job, source in zip(shelf.page.jobs, shelf.pictures, strict=True):
        number = "" if source is None else f"**{next(numbers)}.** "
        yield f"{number}{headline(job, _PROMPT)}\n{_facts(shelf, job)}"


def _opener(job: Job) -> Button:
    return Button(label=say("Open"), custom_id=history_open(job.id))


def _facts(shelf: Shelf, job: Job) -> str:
    link = link_for_all(job, shelf.guild_id) if shelf.is_shared else job_link(job)
    is_favorite = job.id in shelf.favorites and not shelf.place.wanted.favorites
    parts = (
        escape(kind_name(job.kind), OPTION_TEXT) if job.parent_id is None else deed(job),
        "" if job.status is Status.SUCCEEDED else _status(job),
        mention(job.user_id) if job.user_id != shelf.person else "",
        ago(job.created_at),
        say("[message](<{link}>)", link=link) if link else "",
        f"⭐ {say('favorite')}" if is_favorite else "",
        f"🔒 {say('only for you')}" if job.is_private and not shelf.is_shared else "",
    )
    return " · ".join(filter(None, parts))


def _status(job: Job) -> str:
    return f"{_MARKS.get(job.status, _UNDER_WAY)} {status_name(job.status)}"


def _note(shelf: Shelf) -> str:
    """Return what is to be said below the jobs, or in their place."""
    page, wanted = shelf.page, shelf.place.wanted
    if page.searched_to is not None:
        day = f"<t:{int(page.searched_to.timestamp())}:d>"
        if shelf.place.after is not None:
            searched = say("Searched up to {day}.", day=day)
        else:
            searched = say("Searched back to {day}.", day=day)
        return f"-# {searched}" if page.jobs else f"{say(_NOTHING_SO_FAR)} {searched}"
    if page.jobs:
        return ""
    if page.newer or page.older:
        return say(_NOTHING_THERE)
    if wanted != wanted.everything:
        return say(_NOTHING_FOUND)
    return say(_NO_FAVORITES) if wanted.favorites else say(_NOTHING_YET)


def _turns(shelf: Shelf) -> tuple[Button, ...]:
    """Return the buttons that turn the page; they keep their places, so that one can be pressed again and again."""
    wanted, page = shelf.place.wanted, shelf.page
    if page.newer is None and page.older is None:
        return ()
    backwards = shelf.place.after is not None
    newer, older = Place(wanted=wanted, after=page.newer), Place(wanted=wanted, before=page.older)
    further = say("Search further") if page.searched_to else ""
    return (
        _turn(Place(wanted=wanted), Turn.NEWEST, say("Newest"), is_there=page.newer is not None),
        _turn(newer, Turn.NEWER, (backwards and further) or say("Newer"), is_there=page.newer is not None),
        _turn(older, Turn.OLDER, (not backwards and further) or say("Older"), is_there=page.older is not None),
    )


def _turn(place: Place, turn: Turn, label: str, *, is_there: bool) -> Button:
    style = PRIMARY if is_there and turn is Turn.OLDER else SECONDARY
    return Button(label=label, custom_id=place.custom_id(turn), style=style, disabled=not is_there)


def _choices(shelf: Shelf) -> tuple[Button, ...]:
    """Return the buttons that change what the page has, and the one that shows it to everybody."""
    wanted, page = shelf.place.wanted, shelf.page
    newest, everything = Place(wanted=wanted), Place(wanted=wanted.everything)
    buttons: list[Button] = []
    if page.jobs or page.newer or page.older or wanted != Wanted():
        buttons.append(Button(label=say("Filter"), custom_id=newest.custom_id(Turn.FILTER)))
        buttons.append(Button(label=say("Search"), custom_id=newest.custom_id(Turn.SEARCH)))
    if wanted != wanted.everything:
        buttons.append(Button(label=say("Show all"), custom_id=everything.custom_id(Turn.EVERYTHING)))
    if page.jobs and shelf.can_share:
        buttons.append(Button(label=say("Share"), custom_id=shelf.place.custom_id(Turn.SHARE)))
    return tuple(buttons)
