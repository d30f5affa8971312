"""The catalogues of the repository: complete, in step with the code, and nothing in them that Discord would refuse."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from bot.language.catalogues import path_of
from catalogues.commands import texts
from catalogues.entries import merged
from catalogues.files import LANGUAGES, plurals, read, translations
from catalogues.limits import COMMAND_SIZE, refusals, size
from catalogues.rules import misnamed, problems
from catalogues.same import same
from catalogues.sentences import misspoken, modules, sentences, unsaid
from sandbox.discord.commands import check_command, command_size
from sandbox.discord.fields import Form
from tests.meta.repository import ROOT, name

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

    from bot.language import Language
    from catalogues.commands import Texts
    from catalogues.entries import Entry, Key
    from catalogues.files import Forms

#: So many words at most are written as in English; a language with more of them was not translated.
_FEW = 40

#: At least so many sentences name a button or a menu: with fewer, they are not found any more.
_NAMING: Final = 15

#: Outside of `cogs`, whole sentences are for the person who is served. The rest is the log's, or the owner's settings.
_SPEAKING = ("bot/client.py", "bot/jobs/", "bot/prompt/", "bot/web/")
#: Midjourney's own labels, and types: they look like words, and nobody reads them.
_NOT_READ = frozenset(
    {
        "Media",
        "Suggestion",
        "Make it writable for the user that runs Easel, or name another path in DATABASE_URL.",  # for the owner
    }
)

of_each_language = pytest.mark.parametrize("language", LANGUAGES)
catalogue = cache(read)


@cache
def commands() -> Texts:
    return texts()


@cache
def wanted() -> list[Entry]:
    return merged([*commands().entries, *sentences(ROOT)])


def known(catalog: Catalog, entry: Entry) -> Forms:
    return translations_of(catalog).get(entry.key, ())


@cache
def translations_of(catalog: Catalog) -> dict[Key, Forms]:
    return translations(catalog)


def listed(what: str, found: list[str]) -> str:
    return "\n".join([f"{len(found)} {what}", *found[:20], *(["…"] if len(found) > 20 else [])])


@of_each_language
def test_a_catalogue_has_the_messages_of_the_code_and_no_others(language: Language) -> None:
    there = translations_of(catalogue(language))
    missing = [repr(entry.one) for entry in wanted() if entry.key not in there]
    left_over = [repr(one) for context, one in there if (context, one) not in {entry.key for entry in wanted()}]
    assert not missing, listed(f"messages are not in {language.value}.po: run `make catalogues`", missing)
    assert not left_over, listed(
        f"messages of {language.value}.po are not in the code: run `make catalogues`", left_over
    )
    assert not catalogue(language).obsolete


@of_each_language
def test_everything_is_translated(language: Language) -> None:
    untranslated = [repr(entry.one) for entry in wanted() if not all(known(catalogue(language), entry) or ("",))]
    assert not untranslated, listed(
        f"of {len(wanted())} messages are not translated into {language.value}", untranslated
    )


@of_each_language
def test_every_translation_keeps_what_the_english_words_have(language: Language) -> None:
    count, there = plurals(language), translations_of(catalogue(language))
    wrong = [
        f"{entry.one!r}: {'; '.join(found)}"
        for entry in wanted()
        if any(forms := known(catalogue(language), entry)) and (found := problems(entry, forms, language, count, there))
    ]
    assert not wrong, listed(f"translations of {language.value} are wrong", wrong)


@of_each_language
def test_sentences_call_buttons_and_menus_by_the_names_that_they_have(language: Language) -> None:
    there = translations_of(catalogue(language))
    named = {key: key[1] for key, forms in there.items() if misnamed(key[1], "", there) and any(forms)}
    assert len(named) >= _NAMING
    wrong = [
        f"{english!r}: {'; '.join(found)}"
        for key, english in named.items()
        for form in there[key]
        if (found := misnamed(english, form, there))
    ]
    assert not wrong, listed(f"sentences of {language.value} name what is not there", wrong)


@of_each_language
def test_nothing_in_a_catalogue_is_doubtful_or_dated(language: Language) -> None:
    catalog = catalogue(language)
    assert not catalog.fuzzy
    assert [message.id for message in catalog if message.id and message.fuzzy] == []
    text = path_of(language).read_text(encoding="utf-8")
    assert "Date" not in text.split("\n\n", 1)[0]
    assert f"nplurals={plurals(language)};" in text


def test_every_language_has_a_catalogue_and_there_is_no_other() -> None:
    assert {path.name for path in path_of(LANGUAGES[0]).parent.glob("*.po")} == {
        path_of(language).name for language in LANGUAGES
    }


def test_discord_takes_the_commands_in_all_languages() -> None:
    assert refusals(commands().payloads) == []
    tree: dict[str, object] = {}
    for number, payload in enumerate(commands().payloads):
        check_command(Form(payload, (str(number),), tree))
    assert tree == {}


def test_commands_are_counted_as_the_sandbox_counts_them() -> None:
    sizes = {payload["name"]: size(payload) for payload in commands().payloads}
    assert sizes == {payload["name"]: command_size(payload) for payload in commands().payloads}
    assert 1000 < max(sizes.values()) <= COMMAND_SIZE, sizes


def test_the_commands_are_asked_for_their_texts() -> None:
    keys = {entry.key for entry in commands().entries}
    assert {("name", "imagine"), ("name", "image1"), ("menu", "Show job"), ("choice", "fast")} <= keys
    assert ("description", "Make one picture of two to five ({price})") in keys
    assert not keys & {("choice", "0.5"), ("name", "Show job")}


def test_only_what_a_catalogue_can_have_is_said() -> None:
    wrong = [
        problem
        for path in modules(ROOT)
        for problem in misspoken(path.read_text(encoding="utf-8"), name(path))
        if not path.is_relative_to(ROOT / "bot" / "language")
    ]
    assert wrong == []


def test_nothing_that_a_person_reads_is_left_in_english() -> None:
    said = {words for entry in wanted() for words in (entry.one, entry.many)} | _NOT_READ
    left = [
        f"{name(path)}:{line} {words!r}"
        for path in modules(ROOT)
        for line, words in unsaid(path.read_text(encoding="utf-8"))
        if words not in said
        and (name(path).startswith("cogs/") or (name(path).startswith(_SPEAKING) and words[-1] == "."))
    ]
    assert not left, listed("texts are neither said nor marked", left)


def test_words_that_are_the_same_are_few_and_really_are_the_same() -> None:
    there = {entry.one: entry for entry in wanted()}
    for language, words in same().items():
        assert len(words) <= _FEW
        assert words - there.keys() == set(), language
        said = {word: known(catalogue(language), there[word]) for word in words}
        assert [word for word, forms in said.items() if any(forms) and set(forms) != {word}] == [], language
