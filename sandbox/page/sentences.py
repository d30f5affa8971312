"""Refusals as one plain sentence for the person who is refused. Knows of the verbs no more than their names."""

from __future__ import annotations

import re
from typing import Final

from sandbox.discord import ClientRefused, InteractionFailed
from sandbox.discord.refusals import Refusal

_QUOTED: Final = re.compile(r"'([^']*)'")
_INSTEAD: Final = {
    "slash": "This command cannot be sent like this.",
    "menu": "This command cannot be used here any more.",
    "autocomplete": "There are no suggestions here.",
    "click": "This button cannot be pressed any more.",
    "choose": "This cannot be chosen any more.",
    "modal": "Something in this form is missing, or does not fit.",
    "say": "You may not write this here.",
    "delete": "You may not delete this message.",
    "react": "You may not react to this message.",
}
UNEXPECTED: Final = "Something went wrong in the sandbox. Its terminal tells what."


def sentence_for(error: Exception, verb: str) -> str | None:
    """Return what to tell the person, or None for an error that nobody meant.

    What the local Discord refuses in words for programmers is told in words for people; the verb says what it was.
    """
    if isinstance(error, InteractionFailed):
        return f"{error}."
    if isinstance(error, ClientRefused) and _is_plain(str(error)):
        return _QUOTED.sub(r"“\1”", str(error))
    if isinstance(error, ClientRefused | Refusal):
        return _INSTEAD.get(verb, "This cannot be done here.")
    is_meant = type(error) in (ValueError, LookupError) and _is_plain(str(error))
    return str(error) if is_meant else None


def _is_plain(text: str) -> bool:
    return text.endswith((".", "!", "?")) and "[" not in text and text[0] == text[0].upper()
