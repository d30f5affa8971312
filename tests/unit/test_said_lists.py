"""Words one after the other, as the language that is spoken lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import PromptInvalid
from bot.jobs.asking.regions import Region
from bot.language import Language, Phrase, say, say_list, speaking
from bot.prompt import Options, compose
from cogs.render.region import describe_region
from tests.unit.render_builders import JOB_ID, job

#: Three letters, as they are listed.
LISTED = {
    Language.ENGLISH: "A, B, and C",
    Language.JAPANESE: "A、B、C",
    Language.CHINESE: "A、B和C",
    Language.CHINESE_TRADITIONAL: "A、B和C",
    Language.KOREAN: "A, B 및 C",
    Language.GERMAN: "A, B und C",
    Language.FRENCH: "A, B et C",
    Language.SPANISH: "A, B y C",
    Language.PORTUGUESE: "A, B e C",
}


@pytest.mark.parametrize("language", list(Language))
def test_a_list_has_the_signs_of_its_language_and_is_still_known_in_english(language: Language) -> None:
    with speaking(language):
        said = say_list(iter("ABC"))
    assert isinstance(said, Phrase)
    assert (said, said.english) == (LISTED[language], LISTED[Language.ENGLISH])


def test_what_was_said_before_is_listed_in_both_languages() -> None:
    with speaking(Language.GERMAN):
        said = say_list([say("Send Messages"), say("Attach Files"), "{name}"])
    assert said == "Nachrichten senden, Dateien anhängen und {name}"
    assert said.english == "Send Messages, Attach Files, and {name}"


@pytest.mark.parametrize(("items", "listed"), [((), ""), (("A",), "A"), (("A", "B"), "A und B")])
def test_a_short_list_needs_no_comma(items: tuple[str, ...], listed: str) -> None:
    with speaking(Language.GERMAN):
        assert say_list(items) == listed


def test_cells_models_and_values_are_listed_as_the_language_does() -> None:
    region = Region(
        draft_id=JOB_ID, job=job(), action_index=1, cells=frozenset({6, 7, 12}), has_mask=False, preview=Path("p.webp")
    )
    with speaking(Language.JAPANESE):
        assert "選択中：B2、C2、C3。" in describe_region(region)
    with speaking(Language.GERMAN), pytest.raises(PromptInvalid) as of_models:
        compose("a fox", Options(model="no such"))
    assert "`Niji 6` und `Standard der API`." in of_models.value.reply
    assert "`Niji 6`, and `The API's default`." in str(of_models.value)
    with speaking(Language.GERMAN), pytest.raises(PromptInvalid) as of_values:
        compose("a fox --niji x")
    assert "nimmt 4, 5, 6 oder 7." in of_values.value.reply
    assert "takes 4, 5, 6, or 7." in str(of_values.value)
