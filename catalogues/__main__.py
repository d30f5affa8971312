"""The tool for translations.

    python -m catalogues                          bring all catalogues in step with the code (`make catalogues`)
    python -m catalogues untranslated ja          what is still to be translated into Japanese, as JSON
    python -m catalogues translate ja done.json   write translations in (`catalogues.handed_in` says in which shape)

Right translations are written; wrong ones are named and left out, and the exit status is 1. Whoever talks to a terminal
is this module.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.language import Language
from catalogues.commands import texts
from catalogues.entries import merged
from catalogues.files import LANGUAGES, alone, plurals, read, spelled, translations, write
from catalogues.handed_in import handed_in
from catalogues.rules import problems
from catalogues.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalogues.entries import Entry, Key
    from catalogues.files import Forms

ROOT: Final = Path(__file__).resolve().parent.parent


def entries() -> list[Entry]:
    """Return all that there is to translate: the commands, then the sentences, in the order of their files."""
    return merged([*texts().entries, *sentences(ROOT)])


def update() -> int:
    """Bring all catalogues in step with the code."""
    wanted = entries()
    for language in LANGUAGES:
        print(_kept(language, wanted, {}))
    return 0


def untranslated(language: Language) -> int:
    """Print what is still to be translated into a language."""
    known = translations(read(language))
    todo = [
        {"id": number, "context": entry.context, "one": entry.one, "many": entry.many, "where": list(entry.files)}
        for number, entry in enumerate(entries(), 1)
        if not all(known.get(entry.key, ("",)))
    ]
    print(json.dumps(todo, ensure_ascii=False, indent=1))
    return 0


def translate(language: Language, document: str) -> int:
    """Write translations into a catalogue; name those that cannot be written, and why."""
    wanted, count, refused = entries(), plurals(language), 0
    done: dict[Key, Forms] = {}
    given = list(handed_in(document, wanted))
    known = translations(read(language)) | {entry.key: forms for _, entry, forms in given if entry}
    for name, entry, forms in given:
        wrong = ["is no message of Easel's"] if entry is None else problems(entry, forms, language, count, known)
        if entry is None or wrong:
            refused += 1
            print(f"{name} {'; '.join(wrong)}\n    {' | '.join(forms)}", file=sys.stderr)
        else:
            done[entry.key] = forms
    print(f"{len(done)} written, {refused} refused; {_kept(language, wanted, done)}")
    return 1 if refused else 0


def _kept(language: Language, wanted: Sequence[Entry], done: dict[Key, Forms]) -> str:
    """Write a catalogue with what is wanted and what is done now, and say how far it is."""
    with alone():
        known = translations(read(language)) | done
        write(language, spelled(language, wanted, known))
    count = sum(all(known.get(entry.key, ("",))) for entry in wanted)
    return f"{language.value}: {count} of {len(wanted)} translated"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m catalogues", description="Keep the translations in step.")
    modes = parser.add_subparsers(dest="mode")
    for mode, about in (("untranslated", "print what is missing"), ("translate", "write translations in")):
        below = modes.add_parser(mode, help=about)
        below.add_argument("language", type=Language, choices=LANGUAGES, metavar="LANGUAGE", help="such as ja")
        if mode == "translate":
            below.add_argument("file", type=Path, help="JSON")
    asked = parser.parse_args(arguments)
    if asked.mode == "untranslated":
        return untranslated(asked.language)
    if asked.mode == "translate":
        return translate(asked.language, asked.file.read_text(encoding="utf-8"))
    return update()


if __name__ == "__main__":
    sys.exit(main())
