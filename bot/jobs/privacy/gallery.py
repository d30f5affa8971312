"""The gallery of an export: pages of plain HTML that open from a folder, without a script and without a network.

Whatever people typed is escaped. Pure; imports the model and the names of things.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.language import say, say_many, spoken
from bot.prompt import kind_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Job

#: Jobs on one page.
PAGE: Final = 100
_VIDEO: Final = "video/"
_MEGABYTE: Final = 1_000_000

_STYLE: Final = """
:root { color-scheme: light dark; --back: #fff; --text: #1b1c20; --faint: #5b5e69; --card: #f2f3f5; --link: #0b57d0 }
@media (prefers-color-scheme: dark) {
  :root { --back: #1b1c20; --text: #f2f3f5; --faint: #a9adba; --card: #26282e; --link: #9ec2ff }
}
body { margin: 0 auto; padding: 1.5rem; max-width: 90rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif }
a { color: var(--link) }
ul { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); padding: 0;
  list-style: none }
li { padding: .75rem; border-radius: .5rem; background: var(--card); overflow-wrap: anywhere }
img, video { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: .25rem }
p { margin: .5rem 0 0 }
.faint { color: var(--faint); font-size: .875rem }
nav { display: flex; gap: 1.5rem }
"""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file of a job, as it is in the archive. `name` is empty where it is not in it, because it is too large."""

    name: str
    media_type: str
    size: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the gallery.

    Attributes
    ----------
    part
        Which archive it is in, from 1.
    number
        Of the page in its archive, from 1.
    """

    part: int
    number: int
    is_last: bool

    @property
    def name(self) -> str:
        """Its file name."""
        return page_name(self.number)


def page_name(number: int) -> str:
    """Return the file name of a page."""
    return "index.html" if number == 1 else f"page-{number}.html"


def draw_page(page: Page, cards: Sequence[str]) -> str:
    """Return a page with these cards."""
    title = html.escape(say("My pictures"))
    heading = f"{title}, {html.escape(say('part {part}', part=page.part))}" if page.part > 1 else title
    listed = "\n".join(cards) if cards else f"<li>{html.escape(say('Nothing is kept here.'))}</li>"
    return (
        f'<!doctype html>\n<html lang="{spoken().value}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{heading}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n{_turns(page)}"
        f"<ul>\n{listed}\n</ul>\n{_turns(page)}</main>\n</body>\n</html>\n"
    )


def draw_card(job: Job, pieces: Sequence[Piece]) -> str:
    """Return what stands on a page for a job."""
    kind, shown = html.escape(kind_name(job.kind)), html.escape(job.prompt)
    about = html.escape(say("{kind}: {prompt}", kind=kind_name(job.kind), prompt=job.prompt), quote=True)
    parts = [
        _piece(piece, about if len(pieces) == 1 else f"{about} ({number})") for number, piece in enumerate(pieces, 1)
    ]
    if not pieces and job.result_text:
        parts.append(f"<p>{html.escape(job.result_text)}</p>")
    elif not pieces:
        parts.append(f'<p class="faint">{html.escape(say("No file of it is kept."))}{_where(job)}</p>')
    elif any(not piece.name for piece in pieces):
        parts.append(f'<p class="faint">{_where(job).strip()}</p>')
    time = f'<time datetime="{job.created_at.isoformat()}">{job.created_at:%Y-%m-%d %H:%M} UTC</time>'
    details = " · ".join(filter(None, (kind, html.escape(job.model), time)))
    return f'<li>\n{"".join(parts)}\n<p>{shown}</p>\n<p class="faint">{details}</p>\n</li>'


def _piece(piece: Piece, about: str) -> str:
    if not piece.name:
        size = round(piece.size / _MEGABYTE, 1)
        return f'<p class="faint">{html.escape(say("A file of {size} MB is too large to be sent.", size=size))}</p>'
    name = html.escape(piece.name, quote=True)
    if piece.media_type.startswith(_VIDEO):
        return f'<video src="{name}" controls preload="none" aria-label="{about}"></video>'
    return f'<a href="{name}"><img src="{name}" alt="{about}" loading="lazy"></a>'


def _where(job: Job) -> str:
    """Return where in Discord a job was shown, as words: nothing here leads out of the archive."""
    delivery = job.delivery
    if delivery.message_id is None:
        return ""
    channel_id = delivery.channel_id or job.channel_id
    guild = job.guild_id if channel_id == job.channel_id and job.guild_id else "@me"
    address = f"discord.com/channels/{guild}/{channel_id}/{delivery.message_id}"
    return " " + html.escape(say("In Discord it is here: {address}", address=address))


def _turns(page: Page) -> str:
    links: list[str] = []
    if page.number > 1:
        links.append(f'<a href="{page_name(page.number - 1)}" rel="prev">{html.escape(say("Newer"))}</a>')
    if not page.is_last:
        links.append(f'<a href="{page_name(page.number + 1)}" rel="next">{html.escape(say("Older"))}</a>')
    return f"<nav>{' '.join(links)}</nav>\n" if links else ""


def draw_readme(part: int, jobs: int) -> str:
    """Return what is in an archive, as text."""
    lines = (
        say("This is what Easel keeps of you: part {part}.", part=part),
        say_many("It has {count} job.", "It has {count} jobs.", jobs),
        "",
        say("index.html: open it in any browser, without a network; your pictures, newest first."),
        say("files: the pictures and videos themselves."),
        say("jobs.jsonl: everything that is kept of each job, a line each, for programs."),
        say("settings.json, presets.json, favorites.json, stars.json, batches.json, drafts.json: in part 1."),
    )
    return "\n".join(lines) + "\n"
