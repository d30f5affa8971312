"""A family as a panel: the picture, who is who in it with links, what was changed in the prompts, and one to open.

Imports the engine's values, the custom ids and the text rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.language import mark, say, say_list, say_many
from bot.model import Status
from cogs.custom_ids import family_select
from cogs.render.controls import OPTION_TEXT, OPTIONS, Option, Select, kind_name
from cogs.render.difference import prompt_change
from cogs.render.origin import ALT_TEXT, Thing, deed, job_link, thing, title
from cogs.render.panels import Gallery, Panel, Picture, Text, text_left
from cogs.render.text import cut, mention, size

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.collection.family import Family, Member
    from bot.model import Job

_CHANGE: Final = 240
_FILE: Final = "easel-family.png"
_ALONE: Final = mark("It stands alone so far: it came from nothing else, and nothing was made from it yet.")


def render_family(family: Family, picture: Path) -> Panel:
    """Return the panel of a family.

    Parameters
    ----------
    picture
        Where it was drawn.
    """
    about = cut(_alt_text(family), ALT_TEXT)
    above = (
        Text(_heading(family)),
        Gallery((Picture(source=picture, name=_FILE, about=about),)),
    )
    below = _selects(family)
    return Panel(parts=(*above, Text(_entries(family, text_left(above))), *below))


def _heading(family: Family) -> str:
    count = sum(map(_is_to_be_seen, family.members))
    pictures = f" · {say_many('{count} picture', '{count} pictures', count)}" if count else ""
    heading = f"### {say('Family')}{pictures}"
    if len(family.members) == 1:
        return f"{heading}\n{say(_ALONE)}"
    return f"{heading}\n{say('There are more; these are the nearest.')}" if family.is_cut else heading


def _is_to_be_seen(member: Member) -> bool:
    """Whether there is a picture or a video of somebody of a family."""
    is_there = not member.is_gap and member.job.status is Status.SUCCEEDED
    return is_there and thing(member.job) in {Thing.PICTURE, Thing.VIDEO}


def _alt_text(family: Family) -> str:
    names = say_list(_alt_entry(family, member) for member in family.members)
    return say("A tree of pictures. The one that is marked: {number}. {names}", number=family.current, names=names)


def _alt_entry(family: Family, member: Member) -> str:
    name = _name(family, member)
    if member.parent is None:
        return f"{member.number} {name}"
    return say("{number} {name} (from {parent})", number=member.number, name=name, parent=member.parent)


def _entries(family: Family, room: int) -> str:
    """Return who is who, a line each; for want of room what was changed is left out first, then those at the end."""
    for change in (_CHANGE, _CHANGE // 3, 0):
        entries = [_entry(family, member, change) for member in family.members]
        if sum(size(entry) + 1 for entry in entries) <= room:
            return "\n".join(entries)
    return _as_many(entries, room)


def _as_many(entries: list[str], room: int) -> str:
    for count in range(len(entries) - 1, 0, -1):
        left = len(entries) - count
        more = say_many("… and {count} more, to be opened below", "… and {count} more, to be opened below", left)
        said = "\n".join((*entries[:count], more))
        if size(said) <= room:
            return said
    return ""


def _entry(family: Family, member: Member, change: int) -> str:
    parts = [_name(family, member)]
    if not member.is_gap and member.job.user_id != family.person:
        parts.append(mention(member.job.user_id))
    link = None if member.is_gap else job_link(member.job)
    if link:
        parts.append(say("[message](<{link}>)", link=link))
    if member.number == family.current:
        parts.append(say("▶ this one"))
    line = f"**{member.number}.** {' · '.join(parts)}"
    parent = family.member(member.parent)
    if member.is_gap or parent is None or parent.is_gap or not change:
        return line
    changed = prompt_change(member.job, parent.job, change)
    return f"{line}\n-# {changed}" if changed else line


def _name(family: Family, member: Member) -> str:
    """Return what somebody of a family is called in the person's language."""
    if member.is_gap:
        return say("deleted")
    if member.job.parent_id is None:
        return kind_name(member.job.kind)
    return deed(member.job, _parent_of(family, member))


def _parent_of(family: Family, member: Member) -> Job | None:
    parent = family.member(member.parent)
    return parent.job if parent is not None and parent.job.id == member.job.parent_id else None


def _selects(family: Family) -> tuple[Select, ...]:
    options = [_option(family, member) for member in family.members if not member.is_gap]
    current = family.members[family.current - 1].job.id
    batches = [options[start : start + OPTIONS] for start in range(0, len(options), OPTIONS)]
    return tuple(
        Select(custom_id=family_select(current, number), placeholder=say("Show one …"), options=tuple(batch))
        for number, batch in enumerate(batches)
    )


def _option(family: Family, member: Member) -> Option:
    label = f"{member.number} · {_name(family, member)}"
    about = title(member.job, OPTION_TEXT)
    return Option(value=member.job.id, label=cut(label, OPTION_TEXT), description=about)
