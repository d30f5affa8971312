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
    from collections.abc import Iterable, Sequence

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
    """A file of a job, as it is in the archive.

    Attributes
    ----------
    name
        Empty where it is not in it, because it is too large.
    about
        What it shows, for those who cannot see it; empty for what was handed in.
    """

    name: str
    media_type: str
    size: int
    about: str = ""


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


def draw_card(job: Job, pieces: Sequence[Piece], handed_in: Sequence[Piece] = (), *, is_rest: bool = False) -> str:
    """Return what stands on a page for a job.

    Parameters
    ----------
    is_rest
        Whether this is only what did not fit into the archive before.
    """
    kind, shown = html.escape(kind_name(job.kind)), html.escape(job.prompt)
    parts = [_piece(piece) for piece in pieces]
    if not pieces and job.result_text:
        parts.append(f"<p>{html.escape(job.result_text)}</p>")
    elif not pieces and not is_rest:
        parts.append(f'<p class="faint">{html.escape(say("No file of it is kept."))}{_where(job)}</p>')
    elif any(not piece.name for piece in pieces):
        parts.append(f'<p class="faint">{_where(job).strip()}</p>')
    parts += _handed_in(handed_in)
    time = f'<time datetime="{job.created_at.isoformat()}">{job.created_at:%Y-%m-%d %H:%M} UTC</time>'
    details = " · ".join(filter(None, (kind, html.escape(job.model), time)))
    return f'<li>\n{"".join(parts)}\n<p>{shown}</p>\n<p class="faint">{details}</p>\n</li>'


def _piece(piece: Piece) -> str:
    if not piece.name:
        return _too_large(piece)
    name, about = html.escape(piece.name, quote=True), html.escape(piece.about, quote=True)
    if piece.media_type.startswith(_VIDEO):
        return f'<video src="{name}" controls preload="none" aria-label="{about}"></video>'
    return f'<a href="{name}"><img src="{name}" alt="{about}" loading="lazy"></a>'


def _handed_in(pieces: Sequence[Piece]) -> list[str]:
    """Return the pictures that a job was made with, as links, with what cannot be sent of them."""
    links = [
        f'<a href="{html.escape(piece.name, quote=True)}">{html.escape(say("picture {number}", number=number))}</a>'
        for number, piece in enumerate(pieces, 1)
        if piece.name
    ]
    told = f'<p class="faint">{html.escape(say("You handed in:"))} {" ".join(links)}</p>'
    return [*([told] if links else []), *(_too_large(piece) for piece in pieces if not piece.name)]


def _too_large(piece: Piece) -> str:
    size = round(piece.size / _MEGABYTE, 1)
    return f'<p class="faint">{html.escape(say("A file of {size} MB is too large to be sent.", size=size))}</p>'


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


def draw_readme(part: int, jobs: int, others: Iterable[str]) -> str:
    """Return what is in an archive, as text.

    Parameters
    ----------
    others
        The names of what is in the first one besides jobs.
    """
    lines = (
        say("This is what Easel keeps of you: part {part}.", part=part),
        say_many("It has {count} job.", "It has {count} jobs.", jobs),
        "",
        say("index.html: open it in any browser, without a network; your pictures, newest first."),
        say("files: the pictures and videos themselves."),
        say("inputs: pictures that you handed in, as far as they are still here."),
        say("jobs.jsonl: everything that is kept of each job, a line each, for programs."),
        say("{names}: everything else that is kept; in part 1.", names=", ".join(others)),
        say("In these files Discord's ids are in quotes: many programs would round such large numbers."),
    )
    return "\n".join(lines) + "\n"
