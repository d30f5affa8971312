"""The options of `/imagine`: appended as if typed, never over what was typed, and references by upload."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptInvalid
from bot.prompt import Options, Prompt, Purpose, Reference, ReferenceKind, compose, compose_all, spell_out
from bot.prompt.links import upload_link

if TYPE_CHECKING:
    from bot.prompt import Prompt

UPLOAD = "https://cdn.discordapp.com/ephemeral-attachments/1/2/fox.png?ex=1&is=2&hm=3&"


def refusal(text: str, options: Options) -> str:
    with pytest.raises(PromptInvalid) as caught:
        compose(text, options)
    return caught.value.reply


def style(link: str = UPLOAD) -> Reference:
    return Reference(ReferenceKind.STYLE, link)


def test_all_options_at_once_are_sent_in_a_fixed_order() -> None:
    chosen = Options(
        aspect="16x9",
        model="Midjourney 7",
        negative=" text,\tblur ",
        stylize=250,
        chaos=0,
        weird=10,
        seed=4_294_967_295,
        quality=" 2 ",
        raw=True,
        tile=True,
        image_weight=0.5,
        style_weight=20,
        omni_weight=30,
        references=[style(), Reference(ReferenceKind.OMNI, UPLOAD), Reference(ReferenceKind.IMAGE, UPLOAD)],
    )

    assert compose("a fox", chosen, images=1).text == (
        "a fox --ar 16:9 --v 7 --no text, blur --stylize 250 --chaos 0 --weird 10 --seed 4294967295 --iw 0.5 --sw 20 "
        f"--ow 30 --quality 2 --raw --tile --sref {UPLOAD} --oref {UPLOAD}"
    )


def test_nothing_chosen_appends_nothing() -> None:
    assert compose("a fox", Options(negative=" ", quality="", references=())).text == "a fox"


@pytest.mark.parametrize(
    ("typed", "chosen", "reply"),
    [
        ("a fox --s 50", Options(stylize=250), "`--stylize 50` in the prompt and `250` as option. Leave one of"),
        ("a fox --no cats", Options(negative="dogs"), "`--no cats` in the prompt and `dogs` as option"),
        ("a fox --raw", Options(raw=True), "`--raw` in the prompt and as option"),
        ("a fox --style raw", Options(raw=True), "`--style raw` in the prompt and as option"),
        ("a fox --tile", Options(tile=True), "`--tile` is set twice"),
        ("a fox --q 1", Options(quality="1"), "`--quality` is set twice"),
        ("a fox", Options(stylize=1001), "a whole number from 0 to 1000. Try `--stylize 1000`"),
        ("a fox", Options(chaos=-1), "Try `--chaos 0`"),
        ("a fox", Options(seed=2**32), "Try `--seed 4294967295`"),
        ("a fox", Options(quality="3"), "Try `--quality 2`"),
        ("a fox", Options(quality="good enough"), "`--quality` takes 0.25, "),
        ("a fox", Options(image_weight=float("nan")), "a number from 0 to 3"),
        ("a fox", Options(image_weight=1), "`--iw` says how much a picture counts"),
        ("a fox", Options(style_weight=1), "`--sref` with a link"),
        ("a fox", Options(negative="cats --turbo"), "takes words only, such as `text, blur`. `--turbo` belongs in"),
        ("a fox", Options(negative="--no cats"), "`--no` belongs in the prompt itself"),
        ("a fox", Options(negative="cats -ar 1:1"), "needs two dashes"),
        ("a fox", Options(negative="https://a.com/b.png"), "`--no` takes words"),
        ("a fox", Options(negative="{cats, dogs}"), "works in the prompt itself"),
        ("a fox", Options(repeat=2), "`/imagine` can make several at once"),
        ("a fox --v 8.1", Options(weird=5), "`--weird` works with versions 5 to 7, and you chose version 8.1"),
        ("a fox", Options(tile=True, model="--v 8.1", stylize=5000), "Try `--stylize 1000`"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_used_is_explained(typed: str, chosen: Options, reply: str) -> None:
    assert reply in refusal(typed, chosen)


def test_uploads_of_a_kind_are_added_to_those_typed() -> None:
    chosen = Options(references=[style("https://cdn.discordapp.com/1.png"), style("https://cdn.discordapp.com/2.png")])

    prompt = compose("a fox --sref 123 https://a.com/b.png --tile", chosen)

    assert prompt.text == (
        "a fox --sref 123 https://a.com/b.png https://cdn.discordapp.com/1.png https://cdn.discordapp.com/2.png --tile"
    )


@pytest.mark.parametrize(
    ("model", "kind", "reply"),
    [
        ("Midjourney 7", ReferenceKind.CHARACTER, "and you chose version 7. Leave one of the two out, or use an omni"),
        (
            "Midjourney 7",
            ReferenceKind.CHARACTER,
            "A character reference (`--cref`) works with versions 6, 6.1 and niji 6,",
        ),
        ("Midjourney 6.1", ReferenceKind.OMNI, "or use a character reference (`--cref`)."),
        ("Midjourney 8.1", ReferenceKind.CHARACTER, "or use an omni reference (`--oref`)."),
        ("Niji 7", ReferenceKind.CHARACTER, "and you chose niji 7"),
    ],
)
def test_a_reference_that_the_model_lacks_is_explained(model: str, kind: ReferenceKind, reply: str) -> None:
    assert reply in refusal("a fox", Options(model=model, references=[Reference(kind, UPLOAD)]))


def test_an_upload_needs_no_public_address() -> None:
    """In the sandbox, Discord's CDN is this machine."""
    link = "http://127.0.0.1:8090/attachments/1/2/fox.png"

    assert compose("a fox", Options(references=[style(link)])).parameters == {"sref": link}


@given(st.text(max_size=40))
def test_an_upload_s_name_can_neither_end_its_link_nor_begin_a_parameter(name: str) -> None:
    link = upload_link(f"https://cdn.discordapp.com/{name.encode('utf-8', 'replace').decode()}")

    assert link.isascii()
    assert link.isprintable()
    assert not any(mark in link for mark in (" ", "--", "{", "}", "`", "<", ">", '"'))
    assert upload_link(link) == link


CHOICES = st.builds(
    Options,
    negative=st.none() | st.text(max_size=20),
    stylize=st.none() | st.integers(-5, 1005),
    seed=st.none() | st.integers(),
    quality=st.none() | st.sampled_from(["", ".5", "1", "5", "x y"]),
    raw=st.booleans(),
    image_weight=st.none() | st.floats(),
    style_weight=st.none() | st.integers(0, 1000),
    references=st.lists(st.builds(Reference, st.sampled_from(ReferenceKind), st.just(UPLOAD)), max_size=3),
)


@given(
    st.sampled_from(["a fox", "a fox --tile --sref 5", "https://a.com/b.png fox --raw", ""]),
    CHOICES,
    st.sampled_from(Purpose),
)
def test_what_is_chosen_is_sent_as_if_it_had_been_typed(typed: str, chosen: Options, purpose: Purpose) -> None:
    try:
        prompt = compose(typed, chosen, purpose=purpose, images=2)
    except PromptInvalid as invalid:
        assert invalid.reply  # noqa: PT017 - both ends of the promise are checked
        return
    again: Prompt = compose(prompt.text, purpose=purpose, images=2)
    assert again == prompt


@given(CHOICES, st.sampled_from([None, "16:9", "wide"]), st.sampled_from([None, "Niji 6", "--v 7"]), st.integers(0, 3))
def test_spelled_out_the_options_mean_the_same(
    chosen: Options, aspect: str | None, model: str | None, repeat: int
) -> None:
    chosen = replace(chosen, aspect=aspect, model=model, repeat=repeat or None, references=())
    try:
        prompts = compose_all("a fox", chosen, images=1)
    except PromptInvalid:
        return
    spelled = compose_all(spell_out("a fox", chosen), images=1)
    assert [dict(prompt.parameters) for prompt in spelled] == [dict(prompt.parameters) for prompt in prompts]


def test_what_is_wrong_is_spelled_out_as_it_is() -> None:
    wrong = Options(aspect=" wide ", negative="cats --turbo", stylize=5000, tile=True)

    assert spell_out("a fox", wrong) == "a fox --ar wide --stylize 5000 --tile --no cats --turbo"
