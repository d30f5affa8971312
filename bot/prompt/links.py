"""Check links in a prompt: Midjourney's side fetches them, so they must be plain, public and hold no flags.

Imports only the standard library, `bot.errors`, `bot.language` and its neighbors. Source of the rules: reliability C4.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from bot.errors import PromptInvalid
from bot.language import say
from bot.prompt.characters import clean
from bot.prompt.wording import quote

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from urllib.parse import SplitResult

    from bot.language import Phrase

_HTTPS: Final = "https://"
_HTTPS_PORT: Final = 443
_LONGEST: Final = 2000
_WEIGHTED: Final = re.compile(r"(?P<link>.+?)(?P<weight>::-?[0-9]*\.?[0-9]+)?")
_CHARACTERS: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_TOP_LABEL: Final = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
_RESERVED: Final = ":/?#[]@!$&'()*+,;=%~"  # what has a meaning in a link, or is written that way already
_FLEETING_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
_PRIVATE_ENDINGS: Final = frozenset({"localhost", "local", "internal", "lan", "arpa", "test", "invalid"})


def looks_like_link(token: str) -> bool:
    """Tell whether a token is a link or has one in it."""
    return "://" in token


def check_link(token: str) -> str:
    """Return the link as it may be sent; a weight (`::2`) may follow it.

    A `--` comes back percent-encoded, which names the same address and can never be read as the start of a parameter;
    in a host name, where that cannot be written, it is refused.

    Raises
    ------
    PromptInvalid
        Not a plain https link to a public host name.
    """
    match = _WEIGHTED.fullmatch(token)
    link, weight = (match["link"], match["weight"] or "") if match else (token, "")
    head = link[: len(_HTTPS)].lower()
    if head != _HTTPS:
        raise PromptInvalid(_wrong_start(link, head))
    link = head + link[len(_HTTPS) :]
    if link[-1] in ",;.!)]'" or len(link) > _LONGEST or not _CHARACTERS.fullmatch(link):
        raise PromptInvalid(
            say(
                "The link {link} has characters around or in it that do not belong there. "
                "Paste it as the browser's address bar shows it, with blanks around it.",
                link=quote(link),
            )
        )
    _check_host(link, _split(link))
    return link.replace("--", "-%2D") + weight


def links_of(prompt: str) -> frozenset[str]:
    """Return the links of a prompt that was sent already."""
    return frozenset(word for word in clean(prompt).split(" ") if looks_like_link(word) and "--" not in word)


def check_links(words: Iterable[str], known: Container[str]) -> list[str]:
    """Return words in which every link is as it may be sent. A link among `known` has been sent before, and may again.

    Raises
    ------
    PromptInvalid
        As `check_link`.
    """
    return [check_link(word) if looks_like_link(word) and word not in known else word for word in words]


def upload_link(link: str) -> str:
    """Return the link of an upload as it may be sent.

    Not held to `check_link`: nobody typed it, it is where Discord keeps the upload, and in the sandbox that is an http
    address of this very machine. What could end it or look like a parameter is percent-encoded.
    """
    return percent_encode(link, safe=_RESERVED).replace("--", "-%2D")


def fleeting_links(text: str) -> tuple[list[str], str]:
    """Return the image links at the start of a prompt that will soon be dead, and the text without them.

    Those of Discord's CDN: they expire after about a day (contract 4.4), so the pictures are better handed in as files.
    One with a weight stays in the text, for a file has none; so does one that cannot be sent, to be complained about.
    """
    words = clean(text).split(" ")
    images = len(list(takewhile(looks_like_link, words)))
    fleeting = [word for word in words[:images] if _is_fleeting(word)]
    lasting = [word for word in words[:images] if word not in fleeting]
    return fleeting, " ".join([*lasting, *words[images:]])


def _is_fleeting(token: str) -> bool:
    try:
        link = check_link(token)
    except PromptInvalid:
        return False
    host = urlsplit(link).hostname
    weight = _WEIGHTED.fullmatch(link)
    return host in _FLEETING_HOSTS and not (weight and weight["weight"])


def _wrong_start(link: str, head: str) -> Phrase:
    if head.startswith("http://"):
        form = quote(_HTTPS + link[len("http://") :])
        return say("Links must start with `https://`. Try {form}.", form=form)
    return say("{link} is not a link that can be sent: write it alone, starting with `https://`.", link=quote(link))


def _split(link: str) -> SplitResult:
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        raise PromptInvalid(say("{link} is not a complete link.", link=quote(link))) from None
    if "@" in parts.netloc:
        raise PromptInvalid(
            say("A link with a user name or password in it cannot be sent. Use one that works without.")
        )
    if port not in {None, _HTTPS_PORT}:
        raise PromptInvalid(
            say(
                "The link {link} names port {port}. Only links without a port can be sent.", link=quote(link), port=port
            )
        )
    return parts


def _check_host(link: str, parts: SplitResult) -> None:
    host = parts.hostname or ""
    labels = host.split(".")
    public = (
        len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and _TOP_LABEL.fullmatch(labels[-1])
        and labels[-1] not in _PRIVATE_ENDINGS
        and "--" not in host
        and not parts.netloc.endswith(":")
    )
    if not public:
        raise PromptInvalid(
            say(
                "The link {link} must name a public website, such as `https://example.com/cat.png`; "
                "numbers instead of a name do not work.",
                link=quote(link),
            )
        )
