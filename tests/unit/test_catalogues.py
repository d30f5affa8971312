"""The tool that keeps the catalogues: what it finds in the code, what it writes, what it lets a translator write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.language import Language
from bot.language.catalogues import path_of
from catalogues import __main__ as tool
from catalogues.entries import Entry, merged
from catalogues.files import LANGUAGES, read, spelled, translations
from catalogues.handed_in import handed_in
from catalogues.sentences import misspoken, sentences_in, unsaid
from tests.wording import translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMED = Entry(one="image", context="name", files=("cogs/b.py", "cogs/c.py"))
SENTENCE = Entry(one='100% of "{count}"\nare done.', files=("bot/a.py",))
COUNTED = Entry(one="{count} picture", many="{count} pictures", files=("bot/a.py",))
LONG = Entry(one="Nothing was sent, because " + "this and that " * 12 + "is so.", files=("cogs/d.py",))
WANTED = [NAMED, SENTENCE, COUNTED, LONG]


@pytest.fixture
def _empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the tool work on catalogues of its own, for these four messages."""
    monkeypatch.setattr(tool, "entries", lambda: WANTED)
    with translated(tmp_path, {}):
        yield


def said(source: str) -> list[tuple[str, str]]:
    return [(entry.one, entry.many) for entry in sentences_in(source, "x.py")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('say("a {b}", b=say("c"))', [("a {b}", ""), ("c", "")]),
        ('say("a {b}", b=cut(say("c"), 4))', [("a {b}", ""), ("c", "")]),
        ('_X: Final = {Kind.A: mark("a"), Kind.B: mark("b")}', [("a", ""), ("b", "")]),
        ('say("one "\n    "sentence")', [("one sentence", "")]),
        ('say_many("{count} a", "{count} b", n)', [("{count} a", "{count} b")]),
        ('say(_X); essay("no"); self.say("no"); say(f"no {x}")', []),
        ('"""say("no")"""  # say("no")', []),
    ],
)
def test_every_sentence_that_is_said_is_found(source: str, found: list[tuple[str, str]]) -> None:
    assert said(source) == found


@pytest.mark.parametrize(
    "source",
    [
        'say(f"a {b}")',
        'say("a" + b)',
        'say("a" if b else "c")',
        'say(a or "b")',
        'say(mark("a") if b else "c")',
        "say()",
        'mark(f"a {b}")',
        "mark(_X)",
        'say_many("a", _X, 2)',
        '_X: Final = "a"\nsay(_X)',
        '_X = {1: "a"}\nsay(_X[1])',
        '_X = {1: mark("a"), 2: "b"}\nsay(_X.get(y))',
    ],
)
def test_what_no_catalogue_can_have_is_found_out(source: str) -> None:
    (found,) = misspoken(source, "x.py")
    assert found.startswith("x.py:")


@pytest.mark.parametrize(
    "source",
    [
        'say("a")',
        'say(mark("a") if b else mark("c"))',
        '_X: Final = mark("a")\nsay(_X)',
        '_X = {"key": mark("a")}\nsay(_X["key"])\nsay(_X.get("key", _Y))',
        "say(_IMPORTED)",
        "say(words.reason)",
        '_X: Final = "a"\nquote(_X)',
    ],
)
def test_what_is_said_rightly_is_left_alone(source: str) -> None:
    assert misspoken(source, "x.py") == []


@pytest.mark.parametrize(
    "source",
    [
        'raise PictureInvalid("Give me one.")',
        '_X = {1: "Older"}',
        'f(label="Turn on")',
        '_X: Final = "A word"',
        'f(f"It is {x}")',
    ],
)
def test_words_that_nobody_says_are_found_out(source: str) -> None:
    assert [line for line, _ in unsaid(source)] == [1]


@pytest.mark.parametrize(
    "source",
    [
        '"""Does this."""',
        'say("Older")',
        '_X = {1: mark("Older")}',
        '_log.info("Nothing was found in %s", x)',
        '@command(description="Make a picture")\ndef f() -> None:\n    """Make it."""',
        'x: "Older | None" = cast("Older | None", y)',
        '_X: TypeAlias = "Older | None"',
        '_X = ("Cc", "job", "--ar", "grid of four", "X")',
    ],
)
def test_what_is_said_or_read_by_nobody_is_left_alone(source: str) -> None:
    assert list(unsaid(source)) == []


def test_a_message_stands_in_a_catalogue_once_with_all_of_its_files() -> None:
    again = Entry(one="image", context="name", files=("cogs/a.py",))
    other = Entry(one="image", files=("cogs/a.py",))
    files = ("cogs/a.py", "cogs/b.py", "cogs/c.py")
    assert merged([NAMED, other, again]) == [Entry(one="image", context="name", files=files), other]


def test_one_message_cannot_have_two_plurals() -> None:
    with pytest.raises(ValueError, match="two plurals"):
        merged([COUNTED, Entry(one=COUNTED.one, many="{count} images")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_the_same_however_often_it_is_written(language: Language, tmp_path: Path) -> None:
    count = 1 if language in {Language.JAPANESE, Language.KOREAN} or language.value.startswith("zh") else 2
    known = {NAMED.key: ("größe",), SENTENCE.key: ('"{count}" \\ 100 %\nfertig',), COUNTED.key: ("形",) * count}
    with translated(tmp_path, {}):
        path_of(language).write_text(spelled(language, WANTED, known), encoding="utf-8")
        kept = translations(read(language))
        assert kept == {**known, LONG.key: ("",)}
        assert spelled(language, WANTED, kept) == path_of(language).read_text(encoding="utf-8")


def test_nothing_that_would_change_by_itself_stands_in_a_catalogue() -> None:
    text = spelled(Language.GERMAN, WANTED, {})
    assert "fuzzy" not in text
    assert "Date" not in text
    assert "#: cogs/b.py cogs/c.py\n" in text
    assert "#," not in text
    assert max(map(len, text.splitlines())) <= 120


def test_what_is_gone_goes_and_what_is_new_comes_empty() -> None:
    known = {NAMED.key: ("bild",), ("", "gone"): ("weg",), COUNTED.key: ("only one form",)}
    text = spelled(Language.GERMAN, WANTED, known)
    assert "weg" not in text
    assert "only one form" not in text
    assert 'msgid "image"\nmsgstr "bild"\n' in text


@pytest.mark.usefixtures("_empty")
def test_a_translator_is_told_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["untranslated", "ja"]) == 0
    todo: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in todo] == [1, 2, 3, 4]
    expected = {"context": "name", "one": "image", "many": "", "where": ["cogs/b.py", "cogs/c.py"]}
    assert todo[0] == {"id": 1, **expected}


@pytest.mark.usefixtures("_empty")
@pytest.mark.parametrize(
    "given",
    [
        {"1": "bild", "3": ["{count} Bild", "{count} Bilder"]},
        [
            {"message": "image", "context": "name", "text": "bild"},
            {"message": "{count} picture", "text": ["{count} Bild", "{count} Bilder"]},
        ],
    ],
)
def test_translations_are_written_in(given: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "done.json"
    document.write_text(json.dumps(given), encoding="utf-8")
    assert tool.main(["translate", "de", str(document)]) == 0
    assert "2 written, 0 refused; de: 2 of 4 translated" in capsys.readouterr().out
    assert tool.main(["untranslated", "de"]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)] == [2, 4]
    assert tool.main([]) == 0
    assert "de: 2 of 4 translated" in capsys.readouterr().out
    assert translations(read(Language.GERMAN))[COUNTED.key] == ("{count} Bild", "{count} Bilder")


@pytest.mark.usefixtures("_empty")
def test_wrong_translations_are_named_and_right_ones_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "done.json"
    document.write_text(json.dumps({"1": "bild", "2": "fertig", "3": "Bild", "9": "neun"}), encoding="utf-8")
    assert tool.main(["translate", "de", str(document)]) == 1
    out, err = capsys.readouterr()
    assert "1 written, 3 refused" in out
    assert "fields" in err
    assert "needs 2 texts" in err
    assert "9 is no message" in err
    assert {key for key, forms in translations(read(Language.GERMAN)).items() if any(forms)} == {NAMED.key}


@pytest.mark.usefixtures("_empty")
@pytest.mark.parametrize(("name", "status"), [("Bilder", 0), ("Bild", 1)])
def test_a_label_that_is_handed_in_with_the_sentences_is_how_they_have_to_call_it(
    name: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "entries", lambda: [Entry(one="Press *Pictures*."), Entry(one="Pictures")])
    document = tmp_path / "done.json"
    document.write_text(json.dumps({"1": f"Drücke *{name}*.", "2": "Bilder"}), encoding="utf-8")
    assert tool.main(["translate", "de", str(document)]) == status
    assert translations(read(Language.GERMAN))["", "Press *Pictures*."] == ("" if status else "Drücke *Bilder*.",)


@pytest.mark.parametrize("document", ["1", '"x"', '{"1": 2}', '{"1": []}', '[{"text": "x"}]', "[1]", '["x"]', "{"])
def test_what_has_another_shape_is_not_handed_in(document: str) -> None:
    with pytest.raises(ValueError, match=r"Hand in|Expecting"):
        list(handed_in(document, WANTED))
