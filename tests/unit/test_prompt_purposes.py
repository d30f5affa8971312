"""Prompts of the forms: which parameters have a place in which, what may be empty, and what a form begins with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptInvalid
from bot.prompt import LONGEST_PROMPT, Purpose, compose, prefilled, zoomed

FORMS = [purpose for purpose in Purpose if purpose is not Purpose.IMAGINE]


def refusal(text: str, purpose: Purpose, *, images: int = 0) -> str:
    with pytest.raises(PromptInvalid) as caught:
        compose(text, purpose=purpose, images=images)
    return caught.value.reply


@pytest.mark.parametrize(
    ("purpose", "typed", "sent"),
    [
        (Purpose.ZOOM, "a fox --zoom 1.50 --ar 16:9", "a fox --zoom 1.5 --ar 16:9"),
        (Purpose.ZOOM, "a fox \u2014zoom 1", "a fox --zoom 1"),
        (Purpose.ZOOM, "a fox --zoom 2.0", "a fox --zoom 2"),
        (Purpose.REMIX, "a blue fox --stylize 5 --v 7", "a blue fox --stylize 5 --v 7"),
        (Purpose.REGION, "hat", "hat"),
        (Purpose.REGION, "a hat --iw 2", "a hat --iw 2"),
        (Purpose.ANIMATE, "", ""),
        (Purpose.ANIMATE, "--motion HIGH --loop", "--motion high --loop"),
        (Purpose.ANIMATE, "it runs --end loop --bs 2 --video 1", "it runs --end loop --bs 2 --video 1"),
        (Purpose.ANIMATE, "it runs --end https://a.com/b--c.png", "it runs --end https://a.com/b-%2Dc.png"),
        (Purpose.VIDEO, "", ""),
        (Purpose.VIDEO, "it runs --bs 2", "it runs --bs 2"),
        (Purpose.EDIT, "make it night", "make it night"),
        (Purpose.SHORTEN, "a very long prompt --ar 1:1", "a very long prompt --ar 1:1"),
    ],
)
def test_what_a_form_takes(purpose: Purpose, typed: str, sent: str) -> None:
    prompt = compose(typed, purpose=purpose)

    assert prompt.text == sent
    assert compose(prompt.text, purpose=purpose) == prompt


@pytest.mark.parametrize(
    ("purpose", "typed", "reply"),
    [
        (Purpose.ZOOM, "a fox", "add `--zoom 2` at the end"),
        (Purpose.ZOOM, "a fox --zoom 2.1", "a number from 1 to 2. Try `--zoom 2`"),
        (Purpose.ZOOM, "a fox --zoom 0.5", "Try `--zoom 1`"),
        (Purpose.ZOOM, "a fox --zoom", "`--zoom` needs a value"),
        (Purpose.ZOOM, "a fox -zoom 2", "needs two dashes: `--zoom 2`"),
        (Purpose.ZOOM, "--zoom 2", "Words come before the parameters: `a paper boat --zoom 2`"),
        (Purpose.ZOOM, "a fox --zoom 2 --motion low", "press *Animate*"),
        (Purpose.REMIX, "", "Write what the picture should show"),
        (Purpose.REMIX, "a fox --zoom 2", "press *Custom Zoom*"),
        (Purpose.REGION, " ", "Write what to paint there"),
        (Purpose.EDIT, "", "Write what should be different"),
        (Purpose.SHORTEN, "", "Write the prompt that should become shorter"),
        (Purpose.ANIMATE, "--motion fast", "`--motion` takes low or high."),
        (Purpose.ANIMATE, "--bs 3", "Try `--bs 2`"),
        (Purpose.ANIMATE, "--video 2", "Try `--video 1`"),
        (Purpose.ANIMATE, "--end never", "loop, or a link to a picture"),
        (Purpose.ANIMATE, "--end http://a.com/b.png", "must start with `https://`"),
        (Purpose.ANIMATE, "--loop --end loop", "each say how the video ends"),
        (Purpose.ANIMATE, "--loop it runs", "Words come before the parameters: `it runs --loop`"),
        (Purpose.VIDEO, "it runs --loop", "`/video` has options for motion, loop and end"),
        (Purpose.ANIMATE, "it runs --zoom 2", "press *Custom Zoom*"),
    ],
)
def test_what_a_form_refuses_and_how(purpose: Purpose, typed: str, reply: str) -> None:
    assert reply in refusal(typed, purpose)


@pytest.mark.parametrize("purpose", FORMS)
@pytest.mark.parametrize("flag", ["--fast", "--turbo", "\u2014relax"])
def test_a_speed_flag_gets_into_no_form(purpose: Purpose, flag: str) -> None:
    assert "The speed is not" in refusal(f"a fox {flag} --zoom 2", purpose)


def test_pictures_handed_in_stand_for_words() -> None:
    assert compose("a fox --iw 2", images=1).text == "a fox --iw 2"
    assert compose("", images=2).text == ""
    assert compose("--ar 16:9", images=2).text == "--ar 16:9"
    assert compose("https://a.com/b.png", images=1).text == "https://a.com/b.png"
    assert "One picture alone is not enough" in refusal("", Purpose.IMAGINE, images=1)
    assert "Words come before" in refusal("--ar 16:9", Purpose.IMAGINE, images=1)


@pytest.mark.parametrize(
    ("typed", "needed"),
    [
        ("a fox --sw 50", "`--sref` with a link"),
        ("a fox --cw 50", "`--cref` with a link"),
        ("a fox --ow 50", "`--oref` with a link"),
        ("a fox --iw 2", "put a link to one at the start"),
    ],
)
def test_a_weight_without_anything_to_weigh_is_explained(typed: str, needed: str) -> None:
    assert needed in refusal(typed, Purpose.IMAGINE)
    assert "and there is none" in refusal(typed, Purpose.IMAGINE)


def test_a_weight_with_what_it_weighs_is_sent() -> None:
    assert compose("a fox --sref 123 --sw 50").text == "a fox --sref 123 --sw 50"
    assert compose("https://a.com/b.png fox --iw 2").text == "https://a.com/b.png fox --iw 2"


def test_a_link_that_was_sent_before_may_be_sent_again() -> None:
    upload = "http://127.0.0.1:8090/attachments/1/2/fox.png?ex=1&"
    before = f"a fox --sref {upload} --stylize 5"

    assert compose(f"a blue fox --sref {upload}", purpose=Purpose.REMIX, known=before).parameters["sref"] == upload
    assert compose(f"{upload} a fox", known=f"{upload} a cat").text == f"{upload} a fox"
    for typed, known in (
        (f"{upload}2 a fox", before),
        (f"{upload} a fox", "a fox"),
        ("http://a--turbo a", "http://a--turbo b"),
    ):
        with pytest.raises(PromptInvalid):
            compose(typed, known=known)


@pytest.mark.parametrize(
    ("prompt", "begin"),
    [
        ("a fox --ar 16:9", "a fox --ar 16:9 --zoom 2"),
        ("a fox --zoom 1.5 --ar 16:9", "a fox --ar 16:9 --zoom 2"),
        ("https://a.com/b.png a fox --no x, y --zoom 2", "https://a.com/b.png a fox --no x, y --zoom 2"),
        ("--loop it", "--zoom 2"),
        ("it runs --motion low --tile --turbo", "it runs --tile --zoom 2"),
        ("", "--zoom 2"),
    ],
)
def test_custom_zoom_begins_with_the_prompt_and_a_zoom(prompt: str, begin: str) -> None:
    assert zoomed(prompt) == begin


def test_other_forms_begin_without_what_they_do_not_take() -> None:
    sent = "a fox --zoom 1.5 --stylize 5 --motion low --repeat 2 --fast"

    assert prefilled(sent, Purpose.REMIX) == "a fox --stylize 5"
    assert prefilled(sent, Purpose.ANIMATE) == "a fox --stylize 5 --motion low"
    assert prefilled("a - b  --tile", Purpose.IMAGINE) == "a - b --tile"


@given(st.text(max_size=60), st.sampled_from([Purpose.IMAGINE, Purpose.ZOOM, Purpose.ANIMATE]), st.sampled_from(FORMS))
def test_whatever_was_sent_once_a_form_can_begin_with(typed: str, made: Purpose, form: Purpose) -> None:
    try:
        prompt = compose(zoomed(typed) if made is Purpose.ZOOM else typed, purpose=made)
    except PromptInvalid:
        return
    if not any(map(str.isalnum, prompt.text.split("--", maxsplit=1)[0])):
        return  # wordless: the form has to be filled in
    begin = zoomed(prompt.text) if form is Purpose.ZOOM else prefilled(prompt.text, form)
    compose(begin, purpose=form)


@given(st.text(max_size=50), st.integers(0, LONGEST_PROMPT), st.integers(0, 200))
def test_what_custom_zoom_begins_with_always_fits_the_form(words: str, length: int, parameters: int) -> None:
    text = zoomed(f"{words} {'x' * length} {'--tile ' * parameters}"[:LONGEST_PROMPT])

    assert len(text) <= LONGEST_PROMPT
    assert text.endswith("--zoom 2")


def test_a_full_prompt_loses_words_and_no_parameters() -> None:
    text = zoomed("x" * 3990 + " --ar 1:1")

    assert len(text) == LONGEST_PROMPT
    assert text.endswith("x --ar 1:1 --zoom 2")
    assert len(zoomed("--no " + "x" * 3995)) == LONGEST_PROMPT
