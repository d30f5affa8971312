"""The commands as Discord counts and checks them, in all languages at once (discord-platform 3, "Commands").

Pure. Imports nothing of Easel.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: A command, an option or a choice, as it is registered.
Node: TypeAlias = dict[str, Any]

NAME_LENGTH: Final = 32
DESCRIPTION_LENGTH: Final = 100
CHOICE_LENGTH: Final = 100
#: A whole command's characters: each field in its longest language.
COMMAND_SIZE: Final = 8000

_SLASH: Final = 1
_ENGLISH: Final = "en-US"


def is_name(text: str) -> bool:
    r"""Whether this may be the name of a command or an option.

    Discord's pattern is ``^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$``, in lower case; Easel speaks no language of
    these two scripts.
    """
    if not 1 <= len(text) <= NAME_LENGTH or text != text.lower() or not unicodedata.is_normalized("NFC", text):
        return False
    return all(letter in "-_'" or unicodedata.category(letter)[0] in "LN" for letter in text)


def size(node: Node) -> int:
    """Return how many characters a command has for Discord, its options and choices included."""
    value = node.get("value", "")
    own = len(value) if isinstance(value, str) else len(json.dumps(value))
    own += sum(max(map(len, _in_all_languages(node, field).values())) for field in ("name", "description"))
    return own + sum(map(size, [*_below(node, "options"), *_below(node, "choices")]))


def refusals(commands: Sequence[Node]) -> list[str]:
    """Return what Discord would refuse about these commands, taken together."""
    found: list[str] = []
    for kind in sorted({_kind(command) for command in commands}):
        found += _doubles([command for command in commands if _kind(command) == kind], "commands")
    for command in commands:
        found += _slash(command, command["name"]) if _kind(command) == _SLASH else _menu(command)
        if size(command) > COMMAND_SIZE:
            found.append(f"{command['name']}: {size(command)} characters of {COMMAND_SIZE}")
    return found


def _slash(node: Node, path: str) -> Iterator[str]:
    """Look at a slash command, or at one of its options."""
    for locale, name in _in_all_languages(node, "name").items():
        if not is_name(name):
            yield f"{path}: {name!r} is no name ({locale})"
    yield from _lengths(node, "description", DESCRIPTION_LENGTH, path)
    for choice in _below(node, "choices"):
        yield from _lengths(choice, "name", CHOICE_LENGTH, f"{path}, choice {choice['name']!r}")
    for siblings in ("options", "choices"):
        yield from _doubles(_below(node, siblings), path)
    for option in _below(node, "options"):
        yield from _slash(option, f"{path} {option['name']}")


def _menu(command: Node) -> Iterator[str]:
    return _lengths(command, "name", NAME_LENGTH, command["name"])


def _lengths(node: Node, field: str, most: int, path: str) -> Iterator[str]:
    for locale, text in _in_all_languages(node, field).items():
        if not 1 <= len(text) <= most:
            yield f"{path}: its {field} has {len(text)} characters of {most} ({locale})"


def _doubles(siblings: Sequence[Node], path: str) -> Iterator[str]:
    """Name what is called alike in a language: whatever has no name of its own there goes by the English one."""
    named = [_in_all_languages(node, "name") for node in siblings]
    for locale in sorted({locale for names in named for locale in names}):
        names = [each.get(locale, each[_ENGLISH]) for each in named]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{path}: two are called {name!r} ({locale})"


def _kind(command: Node) -> int:
    return cast("int", command.get("type", _SLASH))


def _in_all_languages(node: Node, field: str) -> dict[str, str]:
    return {_ENGLISH: node.get(field, ""), **(node.get(f"{field}_localizations") or {})}


def _below(node: Node, field: str) -> list[Node]:
    return cast("list[Node]", node.get(field) or [])
