"""What a translation may not do, and what Discord would refuse of a command: examples that are wrong."""

from __future__ import annotations

from typing import Any, Final

import pytest

from bot.language import Language
from catalogues.entries import Entry
from catalogues.limits import is_name, refusals, size
from catalogues.rules import problems
from cogs.translating import CHOICE, DESCRIPTION, MENU, NAME
from sandbox.discord.commands import command_size

Command = dict[str, Any]


#: What labels are called, of which one is not translated yet and one is Midjourney's own as well.
KNOWN: Final = {
    ("", "Details"): ("Details",),
    ("", "Re-run"): ("Noch einmal",),
    ("", "More …"): ("Mehr …",),
    ("", "Share"): ("",),
    ("", "Animate"): ("Animation",),
    ("name", "preset"): ("vorlage",),
}


def wrong(english: str, text: str, context: str = "", language: Language = Language.GERMAN) -> list[str]:
    return problems(Entry(one=english, context=context), (text,), language, 2, KNOWN)


def counted(*forms: str, one: str = "One picture", many: str = "{count} pictures") -> list[str]:
    return problems(Entry(one=one, many=many), forms, Language.GERMAN, 2, KNOWN)


@pytest.mark.parametrize(
    ("english", "text"),
    [
        ("{count} of {limit} are used.", "{limit} sind {count} belegt."),
        ("Press **U1** or see `/history`.", "Drücke **U1**, oder siehe `/history`."),
        ("Leave `--ar` out; --iw is enough.", "Lass `--ar` weg; --iw reicht."),
        ("Write {{a, b}} for {price}.", "Schreib {{a, b}} für {price}."),
        (" and *this*\n", " und *das*\n"),
        ("Press *Re-run* under *More …*.", "Drücke *Noch einmal* unter *Mehr …*."),
        ("Press *More …*: **Re-run** is there.", "**Noch mal** steht unter *Mehr …*."),
        ("Press *Animate* under it.", "Drücke darunter *Animate*."),
        ("Press *Share* in *Privacy Settings*.", "Drücke *Teilen* in *Privatsphäre*."),
        ("{count} · {limit}", "{count} · {limit}"),
        ("`--ar 16:9` {price}", "`--ar 16:9` {price}"),
    ],
)
def test_what_keeps_everything_is_right(english: str, text: str) -> None:
    assert wrong(english, text) == []


@pytest.mark.parametrize(
    ("english", "text", "reason"),
    [
        ("{count} are used.", "Einige sind belegt.", "fields"),
        ("{count} are used.", "{anzahl} sind belegt.", "fields"),
        ("Write {{a, b}}.", "Schreib {a, b}.", "fields"),
        ("Costs {price}.", "Kostet {price.", "fields"),
        ("See `/history`.", "Siehe `/verlauf`.", "backticks"),
        ("See `/history`.", "Siehe /history.", "backticks"),
        ("Leave --iw out.", "Lass --ar weg.", "parameters"),
        ("Leave --iw out.", "Lass es weg.", "parameters"),
        ("Press **this**.", "Drücke *das*.", "markup"),
        ("Press **this**.", "Drücke **das.", "markup"),
        ("Press this.", "Drücke `das`.", "markup"),
        ("Press *Re-run*.", "Drücke *Nochmal*.", "*Re-run* by its name: *Noch einmal*"),
        ("Press *Re-run*.", "*Drücke* Noch einmal.", "*Re-run* by its name: *Noch einmal*"),
        ("*Re-run* and *Details*.", "*Noch einmal* und *Mehr*.", "*Details* by its name: *Details*"),
        ("Press *Animate*.", "Drücke *Animation*.", "*Animate* by its name: *Animate*"),
        ("One line.\nAnother.", "Eine Zeile. Noch eine.", "markup"),
        ("Done. ", "Fertig.", "space after"),
        ("Done.", " Fertig.", "space before"),
        ("Done.", "", "is empty"),
        ("Done.", " ", "is empty"),
        ("Nothing was sent.", "Nothing was sent.", "what English says"),
        ("Done.", "Fertig. " + "Hier steht noch sehr viel mehr. " * 2 + "Ende.", "characters of"),
    ],
)
def test_what_loses_something_is_wrong(english: str, text: str, reason: str) -> None:
    (found,) = [each for each in wrong(english, text) if reason in each]
    assert found


@pytest.mark.parametrize(
    ("context", "text", "reason"),
    [
        (NAME, "Verlauf", "no name"),
        (NAME, "der verlauf", "no name"),
        (NAME, "v" * 33, "characters of 32"),
        (MENU, "v" * 33, "characters of 32"),
        (CHOICE, "v" * 101, "characters of 100"),
        (DESCRIPTION, "v" * 101, "characters of 100"),
    ],
)
def test_what_discord_would_refuse_is_wrong(context: str, text: str, reason: str) -> None:
    assert any(reason in each for each in wrong("history", text, context))


def test_a_price_is_counted_with_the_room_that_it_takes() -> None:
    english = "Make it ({price})"
    assert wrong(english, "v" * 78 + "({price})", DESCRIPTION) == []
    assert any("characters" in each for each in wrong(english, "v" * 79 + "({price})", DESCRIPTION))


def test_words_that_are_the_same_are_known_by_language() -> None:
    assert wrong("prompt", "prompt", NAME, Language.GERMAN) == []
    assert wrong("prompt", "prompt", NAME, Language.JAPANESE) != []


def test_plural_forms_keep_the_number_but_the_one_about_one_thing_may_leave_it_out() -> None:
    assert counted("Ein Bild", "{count} Bilder") == []
    assert counted("{count} Bild", "{count} Bilder") == []
    assert counted("Ein Bild", "Bilder") != []
    assert counted("{n} Bild", "{count} Bilder") != []
    assert counted("Ein Bild", "") == ["is empty"]


def test_every_language_needs_just_its_own_plural_forms() -> None:
    entry = Entry(one="One picture", many="{count} pictures")
    assert problems(entry, ("{count} 枚",), Language.JAPANESE, 1, KNOWN) == []
    assert problems(entry, ("一枚",), Language.JAPANESE, 1, KNOWN) != []
    assert problems(entry, ("一枚", "{count} 枚"), Language.JAPANESE, 1, KNOWN) == ["needs 1 texts and has 2"]
    assert counted("Ein Bild") == ["needs 2 texts and has 1"]


@pytest.mark.parametrize("name", ["history", "画像1", "スタイル", "이미지_1", "größe", "l'image", "ー"])
def test_names_that_discord_takes(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize("name", ["", "Größe", "a b", "a・b", "a.b", "a" * 33, "画像!", "e\u0301t", "🎨"])
def test_names_that_discord_refuses(name: str) -> None:
    assert not is_name(name)


def option(name: str, **more: object) -> Command:
    return {"type": 3, "name": name, "description": "x", **more}


def command(*options: Command, **more: object) -> Command:
    return {"type": 1, "name": "imagine", "description": "x", "options": list(options), **more}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (command(name_localizations={"de": "Träum"}), "no name (de)"),
        (command(description_localizations={"de": "x" * 101}), "101 characters of 100 (de)"),
        (command(description=""), "0 characters of 100"),
        (command(option("a", description_localizations={"ja": "x" * 101})), "imagine a: its description"),
        (command(option("a", name_localizations={"ja": "あ い"})), "no name (ja)"),
        (command(option("a"), option("b", name_localizations={"de": "a"})), "two are called 'a' (de)"),
        (command(option("a", options=[option("b"), option("b")])), "imagine a: two are called 'b'"),
        (command(option("a", choices=[{"name": "x" * 101, "value": "x"}])), "101 characters of 100"),
        (
            command(option("a", choices=[{"name": "b", "value": "x"}, {"name": "b", "value": "y"}])),
            "imagine a: two are called 'b'",
        ),
        (command(*[option(f"o{number}", description="x" * 100) for number in range(80)]), "characters of 8000"),
        ({"type": 3, "name": "Show", "name_localizations": {"fr": "x" * 33}}, "33 characters of 32 (fr)"),
    ],
)
def test_a_command_that_discord_would_refuse_is_found(given: Command, reason: str) -> None:
    assert any(reason in each for each in refusals([given])), refusals([given])


def test_two_commands_may_not_share_a_name_in_any_language_but_a_menu_may_have_it() -> None:
    other = command(name="show", name_localizations={"de": "imagine"})
    assert refusals([command(), other]) == ["commands: two are called 'imagine' (de)"]
    assert refusals([command(), {"type": 3, "name": "imagine"}]) == []


def test_what_is_right_is_not_complained_about() -> None:
    fine = option("größe", name_localizations={"ja": "大きさ"}, choices=[{"name": "Klein!", "value": 1}])
    assert refusals([command(fine), {"type": 3, "name": "Show Job"}]) == []


def test_a_command_counts_with_the_longest_language_of_each_field() -> None:
    small = {"name": "ab", "name_localizations": {"de": "abcd"}, "value": "xyz"}
    given = command(option("a", description="12", description_localizations={"de": "1"}, choices=[small]))
    assert size(given) == len("imagine" + "x" + "a" + "12" + "abcd" + "xyz")
    assert size(given) == command_size(given)
