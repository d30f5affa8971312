"""What there is to translate: one message with its context, and the files that it stands in.

Imports nothing of Easel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What tells messages apart: the context, empty for sentences, and the English words.
Key: TypeAlias = tuple[str, str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message.

    Attributes
    ----------
    one
        The English words; of a message with plural forms, those about one thing.
    many
        The English words about several things; empty where there are no plural forms.
    context
        Where Discord shows it (`cogs.translating`); empty for a sentence.
    files
        From the root of the repository, sorted.
    """

    one: str
    many: str = ""
    context: str = ""
    files: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What tells it from other messages."""
        return self.context, self.one


def merged(found: Iterable[Entry]) -> list[Entry]:
    """Return each message once, with all of its files, where it came first.

    Raises
    ------
    ValueError
        One message has two different plurals, of which gettext could find only one.
    """
    entries: dict[Key, Entry] = {}
    for entry in found:
        known = entries.get(entry.key, entry)
        if entry.many and known.many not in {"", entry.many}:
            raise ValueError(f"{entry.one!r} has two plurals: {known.many!r} and {entry.many!r}")
        files = tuple(sorted({*known.files, *entry.files}))
        many = known.many or entry.many
        entries[entry.key] = Entry(one=entry.one, many=many, context=entry.context, files=files)
    return list(entries.values())
