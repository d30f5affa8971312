"""Foreign text made harmless and short enough: escaped, defanged, cut between characters as a person sees them.

Lengths are counted in UTF-16 units, the stricter of the two ways in which Discord's clients and servers count. Spans of
time and sentences that follow each other are put into words here too. Imports only `bot.language`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from bot.language import say, say_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

ELLIPSIS: Final = "…"

_JOINER: Final = "\u200d"
_EMOJI_SELECTOR: Final = "\ufe0f"
_LONGEST_CLUSTER: Final = 16
_DAYS_FROM_HOURS: Final = 48
_MARKUP: Final = re.compile(r"[\\*_~`|<>\[\]@]")
_WEB: Final = re.compile(r"\bhttps?://", re.IGNORECASE)
_LONG_LINK: Final = re.compile(r"https?://\S{48,}", re.IGNORECASE)
_LINK_WEIGHT: Final = re.compile(r"::-?[0-9.]+$")
_LINK_END: Final = 40
_INVITE: Final = re.compile(r"(discord(?:app)?\.(?:gg|com/invite))/", re.IGNORECASE)


def size(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def tidy(text: str) -> str:
    """Return the text on one line, without control, formatting and invisible characters (reliability C2).

    A joiner stays where it holds an emoji together.
    """
    kept: list[str] = []
    for character in " ".join(text.split()):
        category = unicodedata.category(character)
        if character == _JOINER:
            if kept and (kept[-1] == _EMOJI_SELECTOR or unicodedata.category(kept[-1]) in {"So", "Sk"}):
                kept.append(character)
        elif category not in {"Cc", "Cf", "Cs"}:
            kept.append(character)
    return " ".join("".join(kept).split())


def defang(text: str) -> str:
    """Return the text with its links still readable, but nothing to click on."""
    return _INVITE.sub(r"\1 /", _WEB.sub("", text).replace("://", ": //"))


def brief(text: str) -> str:
    """Return a prompt with its long links cut down to what tells them apart: `…/fox.png`. Uploads have such links."""
    return _LONG_LINK.sub(lambda match: _link_end(match[0]), text)


def _link_end(link: str) -> str:
    weight = _LINK_WEIGHT.search(link)
    path = re.split(r"[?#]", link, maxsplit=1)[0]
    name = path.rstrip("/").rsplit("/", 1)[-1]
    return f"{ELLIPSIS}/{cut(name, _LINK_END)}{weight[0] if weight and '?' in link else ''}"


def escape(text: str, limit: int) -> str:
    """Return foreign text for a place where Discord renders markup: one line, at most `limit` units long."""
    return _fit(defang(tidy(text)), limit, lambda cluster: _MARKUP.sub(r"\\\g<0>", cluster))


def cut(text: str, limit: int) -> str:
    """Return foreign text for a place without markup (labels, alt text): one line, at most `limit` units long."""
    return _fit(tidy(text), limit, lambda cluster: cluster)


def bold(text: str, limit: int) -> str:
    """Return foreign text in bold, `limit` units at most with its asterisks; empty stays empty."""
    inner = escape(text, limit - 4)
    return f"**{inner}**" if inner else ""


def spell(duration: timedelta) -> str:
    """Return a length of time as people say it: `42 s`, `3 min 5 s`, `1 h 20 min`."""
    seconds = max(0, round(duration.total_seconds()))
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return say("{hours} h {minutes} min", hours=hours, minutes=minutes % 60)
    if minutes:
        return say("{minutes} min {seconds} s", minutes=minutes, seconds=seconds % 60)
    return say("{seconds} s", seconds=seconds)


def age(duration: timedelta) -> str:
    """Return how long ago something was, for a place without markup: `just now`, `5 min ago`, `3 h ago`, `12 d ago`."""
    minutes = max(0, int(duration.total_seconds())) // 60
    hours = minutes // 60
    if hours >= _DAYS_FROM_HOURS:
        return say_many("{count} d ago", "{count} d ago", hours // 24)
    if hours:
        return say_many("{count} h ago", "{count} h ago", hours)
    return say_many("{count} min ago", "{count} min ago", minutes) if minutes else say("just now")


def flow(*sentences: str) -> str:
    """Return sentences that were said, one after the other, without those that are empty."""
    said = ""
    for sentence in filter(None, sentences):
        said = say("{before} {after}", before=said, after=sentence) if said else sentence
    return said


def ago(moment: datetime) -> str:
    """Return a time that Discord's clients show as an age, kept up to date by themselves."""
    return f"<t:{int(moment.timestamp())}:R>"


def clock(moment: datetime) -> str:
    """Return a time that Discord's clients show as a time of day, in the reader's own zone."""
    return f"<t:{int(moment.timestamp())}:t>"


def day(moment: datetime) -> str:
    """Return a time that Discord's clients show as a date, in the reader's own language and zone."""
    return f"<t:{int(moment.timestamp())}:D>"


def mention(user_id: int) -> str:
    """Return the markup that names a person; whether it notifies them is decided when sending."""
    return f"<@{user_id}>"


def message_link(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return the address of a message."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def is_web_address(address: str | None, limit: int) -> bool:
    """Whether this can be shown as a link: http(s), no blanks or markup, at most `limit` characters."""
    return (
        address is not None and len(address) <= limit and re.fullmatch(r"https?://[^\s<>()\[\]`]+", address) is not None
    )


def _fit(text: str, limit: int, dress: Callable[[str], str]) -> str:
    dressed = [dress(cluster) for cluster in _clusters(text)]
    if sum(map(size, dressed)) <= limit:
        return "".join(dressed)
    room, kept = limit - size(ELLIPSIS), list[str]()
    for cluster in dressed:
        room -= size(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + ELLIPSIS


def _clusters(text: str) -> Iterator[str]:
    """Split into what a person sees as one character: a letter with its accents, an emoji with its parts."""
    cluster = ""
    for character in text:
        if cluster and len(cluster) < _LONGEST_CLUSTER and _continues(cluster, character):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster


def _continues(cluster: str, character: str) -> bool:
    if character == _JOINER or cluster[-1] == _JOINER or unicodedata.category(character) in {"Mn", "Me", "Mc"}:
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff":  # skin tones
        return True
    flags = ("\U0001f1e6", "\U0001f1ff")  # two regional letters make a flag
    return len(cluster) == 1 and flags[0] <= cluster <= flags[1] and flags[0] <= character <= flags[1]
