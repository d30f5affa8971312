"""Refusals in the language of whoever is refused: whole sentences, and English for the log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.errors import MediaUnavailable, NotAccepted, PictureUnusable, PromptInvalid, UserFacing
from bot.imaging.masks import check_mask, mask_of_upload
from bot.imaging.normalizing import check_sides
from bot.imaging.opening import check_pixels, decoded, look_at
from bot.language import Language, say, speaking
from bot.prompt import Options, Purpose, compose, compose_all, parse_aspect, spell_price
from tests.drawings import plain
from tests.languages import narrow, pseudo

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERY_REFUSED_TEXT = (
    "",
    "a fox --fast",
    "a fox --video",
    "a fox --zoom 2",
    "a fox --aspekt 1:1",
    "a fox --fastt",
    "a fox --nothing-like-it",
    "a fox --ar16:9",
    "a fox --stylize",
    "a fox --stylize 2000",
    "a fox --stylize much",
    "a fox --iw 9",
    "a fox --ar wide",
    "a fox --ar 16x9",
    "a fox --v 99",
    "a fox --niji x",
    "a fox --no",
    "a fox --sref ???",
    "a fox --cref fox",
    "a fox --profile ???",
    "a fox --tile --tile",
    "a fox --s 1 --stylize 2",
    "a fox -ar 16:9",
    "a fox -- ar 16:9",
    "--ar 16:9",
    "a fox --ar 16:9 in snow",
    "a fox --v 7 --niji 6",
    "a fox --cref https://example.com/a.png --v 7",
    "a fox --oref https://example.com/a.png --niji 6",
    "a fox --weird 5 --v 8.1",
    "a fox --stop 50 --v 8.1",
    "a fox --style cute --v 7",
    "a fox --sw 5",
    "a fox --iw 1",
    "https://example.com/a.png",
    "a fox https://example.com/a.png",
    "http://example.com/a.png a fox",
    "ftp://example.com/a.png a fox",
    "https://example.com/a.png, a fox",
    "https://me@example.com/a.png a fox",
    "https://example.com:81/a.png a fox",
    "https://example.com:x/a.png a fox",
    "https://127.0.0.1/a.png a fox",
    "a {red, blue} fox",
    "x" * 4001,
    "x" * 7000,
)
_REFUSED_OPTIONS = (
    Options(aspect="wide"),
    Options(model="Midjourney 99"),
    Options(negative="--ar 1:1"),
    Options(negative="{a, b}"),
    Options(stylize=5000),
    Options(repeat=3),
)


def refusal(work: Callable[[], object]) -> UserFacing:
    with pytest.raises(UserFacing) as caught:
        work()
    return caught.value


def assert_said_as_one(work: Callable[[], object]) -> None:
    """Assert that a refusal is one message whose end is its own, and that the log has it in English."""
    english = refusal(work).reply
    with pseudo(Language.GERMAN), speaking(Language.GERMAN):
        error = refusal(work)
    assert re.fullmatch("⟦.*⟧", error.reply, re.DOTALL), error.reply
    assert re.sub("[⟦⟧]", "", narrow(error.reply)) == english
    assert str(error) == english


@pytest.mark.parametrize("text", _EVERY_REFUSED_TEXT)
def test_a_prompt_is_refused_in_the_persons_language(text: str) -> None:
    assert_said_as_one(lambda: compose(text))


@pytest.mark.parametrize("options", _REFUSED_OPTIONS)
def test_an_option_is_refused_in_the_persons_language(options: Options) -> None:
    assert_said_as_one(lambda: compose("a fox", options))


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("a fox --ar 1:1", Options(aspect="16:9")),
        ("a fox --v 7", Options(model="Niji 7")),
        ("a fox --s 1", Options(stylize=5)),
        ("a fox --tile", Options(tile=True)),
    ],
)
def test_what_is_said_twice_is_refused_in_the_persons_language(typed: str, options: Options) -> None:
    assert_said_as_one(lambda: compose(typed, options))


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_is_spoken_of_in_the_persons_language(purpose: Purpose) -> None:
    assert_said_as_one(
        lambda: compose("--ar nothing" if purpose in {Purpose.ANIMATE, Purpose.VIDEO} else "", purpose=purpose)
    )
    assert_said_as_one(lambda: compose("a fox --zoom 3 --bs 9 --loop --end loop --motion all", purpose=purpose))


@pytest.mark.parametrize(
    "typed",
    [
        "a {red fox",
        "a red} fox",
        "{" * 12 + "a" + "}" * 12,
        r"a \{ fox",
        "a {red, --nothing} fox",
        "a {1,2,3,4,5,6,7}{1,2,3,4,5,6,7} fox",
        "a " + "{1,2,3,4,5,6,7,8,9,0}" * 7,
        "a {red, blue} fox --repeat 40",
    ],
)
def test_several_prompts_are_refused_in_the_persons_language(typed: str) -> None:
    assert_said_as_one(lambda: compose_all(typed))


def test_parts_of_a_sentence_are_in_its_language_too() -> None:
    with pseudo(Language.FRENCH), speaking(Language.FRENCH):
        reply = refusal(lambda: compose("a fox --cref https://example.com/a.png --v 7")).reply
        several = refusal(lambda: compose_all("a {fox, --nothing}")).reply
    assert narrow(reply) == (
        "⟦⟦A character reference (`--cref`)⟧ works with ⟦versions 6, 6.1 and niji 6⟧, and you chose ⟦version 7⟧. "
        "Leave one of the two out, or use ⟦an omni reference (`--oref`)⟧.⟧"
    )
    assert re.fullmatch("⟦Prompt 2 of 2, `a --nothing`: ⟦.*⟧⟧", narrow(several))


def test_an_aspect_and_a_price_are_spoken_of_in_the_persons_language() -> None:
    assert_said_as_one(lambda: parse_aspect("wide"))
    with pseudo(Language.JAPANESE), speaking(Language.JAPANESE):
        assert narrow(spell_price(None)) == "⟦not known⟧"


@pytest.mark.parametrize(
    "work",
    [
        lambda: look_at(b"no picture"),
        lambda: decoded(plain((64, 64))[:60]),
        lambda: check_pixels(9000, 9000),
        lambda: check_sides(10, 10),
        lambda: check_sides(100, 9000),
        lambda: check_mask(plain((64, 64), "black"), (64, 64)),
        lambda: check_mask(plain((64, 64)), (65, 64)),
        lambda: mask_of_upload(plain((64, 64), "black"), (64, 64)),
    ],
)
def test_a_picture_is_refused_in_the_persons_language(work: Callable[[], object]) -> None:
    with pytest.raises(PictureUnusable) as english:
        work()
    with pseudo(Language.KOREAN), speaking(Language.KOREAN), pytest.raises(PictureUnusable) as caught:
        work()
    assert narrow(caught.value.reason) == f"⟦{english.value.reason}⟧"
    assert narrow(caught.value.advice) == f"⟦{english.value.advice}⟧"
    assert str(caught.value) == str(english.value) == english.value.reason


def test_a_refusal_is_for_the_person_and_its_text_for_the_log() -> None:
    with pseudo(Language.SPANISH), speaking(Language.SPANISH):
        error = NotAccepted(say("Nothing was sent: {reason}.", reason=say("it rains")))
        media = MediaUnavailable(say("it is gone"))
    assert (narrow(error.reply), str(error)) == ("⟦Nothing was sent: ⟦it rains⟧.⟧", "Nothing was sent: it rains.")
    assert (narrow(media.detail), str(media)) == ("⟦it is gone⟧", "it is gone")


def test_a_refusal_may_still_be_plain_words() -> None:
    error = PromptInvalid("No.")
    assert (error.reply, str(error)) == ("No.", "No.")
