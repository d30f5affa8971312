"""What is said about an export: that it comes, its parts, where it can be had. Imports the text rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import say
from cogs.render.controls import Rendered

if TYPE_CHECKING:
    from bot.jobs.ports import ExportPart
    from bot.jobs.privacy.exports import Asked

_MEGABYTE: Final = 1_000_000


def render_asked(asked: Asked) -> Rendered:
    """Return the answer to `/privacy export`."""
    if asked.is_new:
        return Rendered(
            content=say(
                "I am putting everything together and will send it to you directly. That can take some minutes."
            )
        )
    if not asked.is_ready:
        return Rendered(content=say("Your export is being made already. It comes to you directly."))
    if asked.link is not None:
        return Rendered(content=say("It is ready: <{link}>", link=asked.link))
    return Rendered(
        content=say(
            "It is ready, but Discord does not let me write to you. Allow direct messages in the *Privacy Settings* of "
            "this server's menu, and use `/privacy export` once more."
        )
    )


def render_part(part: ExportPart) -> Rendered:
    """Return the message with an archive, or with the link to it."""
    if part.link is not None:
        return Rendered(
            content=say(
                "Everything that is kept about you ({size} MB): <{link}>\n"
                "This link works for a day. Give it to nobody.",
                size=round(part.size / _MEGABYTE, 1),
                link=part.link,
            )
        )
    if part.count == 1:
        return Rendered(content=say("Everything that is kept about you. Unpack it and open `index.html`."))
    return Rendered(
        content=say(
            "Everything that is kept about you, part {number} of {count}. Each one opens by itself: unpack it and open "
            "`index.html`.",
            number=part.number,
            count=part.count,
        )
    )


def render_closed(link: str | None) -> Rendered:
    """Return what the answer becomes where somebody takes no messages from us."""
    if link is not None:
        return Rendered(
            content=say("Discord does not let me write to you. Your export is here for a day: <{link}>", link=link)
        )
    return Rendered(
        content=say(
            "Discord does not let me write to you. Your export waits for a day: allow direct messages in the *Privacy "
            "Settings* of this server's menu, and use `/privacy export` once more."
        )
    )


def file_name(part: ExportPart) -> str:
    """Return what the archive is called."""
    return "easel-export.zip" if part.count == 1 else f"easel-export-{part.number}-of-{part.count}.zip"
