"""What `/imagine` sends for what people type: the ordinary cases, options, and every sentence of refusal."""

from __future__ import annotations

import pytest

from bot.errors import PromptInvalid
from bot.prompt import LONGEST_PROMPT, MODELS, Options, compose


def refusal(text: str, *, aspect: str | None = None, model: str | None = None) -> str:
    with pytest.raises(PromptInvalid) as caught:
        compose(text, Options(aspect=aspect, model=model))
    return caught.value.reply


def test_words_alone_are_sent_as_they_are() -> None:
    prompt = compose("a paper boat on calm water")
    assert prompt.text == "a paper boat on calm water"
    assert prompt.parameters == {}
    assert prompt.model is None
    assert not prompt.is_niji


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("  a \t fox\n\nin\u00a0snow ", "a fox in snow"),
        ("a fox --ar 16:9", "a fox --ar 16:9"),
        ("a fox --aspect 016:09", "a fox --ar 16:9"),
        ("a fox \u2014ar 16:9", "a fox --ar 16:9"),
        ("a fox \u2013\u2013ar 16:9", "a fox --ar 16:9"),
        ("a fox---ar 16:9", "a fox --ar 16:9"),
        ("a fox --S 250 --C 5 --Version 7.0", "a fox --stylize 250 --chaos 5 --v 7"),
        ("\uff41 fox \uff0d\uff0d\uff41\uff52 \uff11:\uff11", "a fox --ar 1:1"),
        ("time \u2014 passing", "time - passing"),
        ("time -- passing", "time - passing"),
        ("time --- passing --", "time - passing -"),
        ("1990\u20131995, \u22125 degrees, well\u2010known", "1990-1995, -5 degrees, well-known"),
        ("スーパー カー", "スーパー カー"),
        ("a::2 b::-0.5", "a::2 b::-0.5"),
        ("a::2 b::\u2212.5", "a::2 b::-.5"),
        ("a fox --q .25 --stop 0050 --seed 007", "a fox --quality 0.25 --stop 50 --seed 7"),
        ("https://a.com/a.png fox --iw 0.50", "https://a.com/a.png fox --iw 0.5"),
        ("a fox --no  cats ,\tdogs", "a fox --no cats , dogs"),
        ("a fox --p", "a fox --profile"),
        ("a fox --profile abc123 def::2", "a fox --profile abc123 def::2"),
        (
            "a fox --sref 123 Random https://example.com/a.png::2",
            "a fox --sref 123 random https://example.com/a.png::2",
        ),
        ("a fox --cref https://example.com/a.png --cw 0", "a fox --cref https://example.com/a.png --cw 0"),
        ("a fox --tile --raw --draft --hd --sd", "a fox --tile --raw --draft --hd --sd"),
        ("a fox --style CUTE --niji 5", "a fox --style cute --niji 5"),
        ("a fox --niji", "a fox --niji"),
        ("https://example.com/a.png a fox", "https://example.com/a.png a fox"),
        ("HTTPS://example.com/a.png a fox", "https://example.com/a.png a fox"),
        ("https://a.com/a.png https://b.com/b.png", "https://a.com/a.png https://b.com/b.png"),
        ("https://example.com/a--turbo.png?b=--hd fox", "https://example.com/a-%2Dturbo.png?b=-%2Dhd fox"),
        ("https://example.com?--hd fox", "https://example.com?-%2Dhd fox"),
        ("https://example.com#---hd fox", "https://example.com#-%2D-hd fox"),
        ("https://example.com fox", "https://example.com fox"),
        ("a fox --seed -0", "a fox --seed 0"),
        ("\U0001f98a", "\U0001f98a"),
    ],
)
def test_what_is_sent(typed: str, sent: str) -> None:
    assert compose(typed).text == sent


@pytest.mark.parametrize(
    "emoji",
    [
        "\U0001f469\u200d\U0001f680",  # woman astronaut
        "\u2764\ufe0f\u200d\U0001f525",  # heart on fire
        "\U0001f468\U0001f3fd\u200d\U0001f33e",  # farmer with a skin tone
        "\U0001f3f3\ufe0f\u200d\U0001f308",  # rainbow flag
        "\U0001f642\u200d\u2194\ufe0f",  # head shaking: ends in an arrow, which Unicode files under mathematics
        "1\ufe0f\u20e3",  # keycap
    ],
)
def test_emoji_keep_what_holds_them_together(emoji: str) -> None:
    assert compose(f"{emoji} in snow").text == f"{emoji} in snow"


@pytest.mark.parametrize(
    "invisible", ["\u200b", "\u00ad", "\u200d", "\ufe0f", "\u202e", "\u3164", "\U000e0041", "\ue000"]
)
def test_what_cannot_be_seen_goes(invisible: str) -> None:
    assert compose(f"a f{invisible}ox").text == "a fox"


def test_options_are_appended_in_a_fixed_order() -> None:
    prompt = compose("a fox --s 50", Options(aspect=" 16x9 ", model="--niji 7"))
    assert prompt.text == "a fox --stylize 50 --ar 16:9 --niji 7"
    assert list(prompt.parameters.items()) == [("stylize", "50"), ("ar", "16:9"), ("niji", "7")]
    assert prompt.model == "niji 7"
    assert prompt.is_niji


def test_options_left_empty_append_nothing() -> None:
    assert compose("a fox", Options(aspect=" ", model="")).text == "a fox"
    assert compose("a fox --v 6", Options(model="The API's default")).text == "a fox --v 6"


@pytest.mark.parametrize("model", MODELS)
def test_every_model_can_be_chosen_by_label_and_by_parameters(model: tuple[str, str]) -> None:
    label, parameters = model
    by_label = compose("a fox", Options(model=label))
    assert by_label == compose("a fox", Options(model=parameters))
    assert by_label.text == f"a fox {parameters}".strip()
    assert by_label.is_niji == ("niji" in parameters)


def test_the_offered_models_are_those_of_the_design() -> None:
    assert [parameters for _, parameters in MODELS] == ["--v 8.1", "--v 7", "--v 6.1", "--niji 7", "--niji 6", ""]


def test_an_option_does_not_overrule_the_prompt() -> None:
    assert "Leave one of the two out" in refusal("a fox --aspect 1:1", aspect="16:9")
    assert "`--v 6` in the prompt and `Midjourney 7` as option" in refusal("a fox --v 6", model="Midjourney 7")
    assert "`--niji` in the prompt" in refusal("a fox --niji", model="Midjourney 7")


def test_options_that_mean_nothing_are_refused_with_what_would() -> None:
    assert "`16:9`" in refusal("a fox", aspect="wide")
    assert "`Midjourney 8.1`" in refusal("a fox", model="--turbo")


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("a fox --ar16:9", "Write `--ar 16:9`"),
        ("a fox --ar=16x9", "Write `--ar 16:9`"),
        ("a fox --v7", "Write `--v 7`"),
        ("a fox -- ar 16:9", "Write `--ar 16:9`"),
        ("a fox -ar 16:9", "needs two dashes: `--ar 16:9`"),
        ("a fox --tile -s 50", "needs two dashes: `--s 50`"),
        ("a fox --ar 16x9", "Try `--ar 16:9`"),
        ("a fox --ar 2.35:1", "Try `--ar 47:20`"),
        ("a fox --ar 0:1", "width and height as whole numbers"),
        ("a fox --ar", "`--ar` needs a value"),
        ("a fox --s 1001", "a whole number from 0 to 1000. Try `--s 1000`"),
        ("a fox --stylize -5", "Try `--stylize 0`"),
        ("a fox --chaos 2.5", "Try `--chaos 2`"),
        ("a fox --weird 3001", "Try `--weird 3000`"),
        ("a fox --seed 4294967296", "Try `--seed 4294967295`"),
        ("a fox --iw 3.5", "a number from 0 to 3. Try `--iw 3`"),
        ("a fox --stop 5", "Try `--stop 10`"),
        ("a fox --s much", "a whole number from 0 to 1000."),
        ("a fox --v 8", "Try `--v 8.1`"),
        ("a fox --niji 3", "Try `--niji 4`"),
        ("a fox --q 3", "Try `--q 2`"),
        ("a fox --q", "`--q` needs a value: 0.25, 0.5"),
        ("a fox --q good", "`--q` takes 0.25, 0.5"),
        ("a fox --style 5", "`--style` takes raw"),
        ("a fox --sref", "`--sref` needs a value"),
        ("a fox --style fancy", "takes raw, 4a"),
        ("a fox --no", "`--no` needs a value"),
        ("a fox --no https://example.com", "`--no` takes words"),
        ("a fox --cref 123", "`--cref` takes a link"),
        ("a fox --sref red", "`--sref` takes links, style codes or random"),
        ("a fox --profile a/b", "`--profile` takes profile codes"),
        ("a fox --stylise 5", "Did you mean `--stylize`?"),
        ("a fox --turb", "Did you mean `--turbo`? The speed is not set in the prompt"),
        ("fox\u2014red", "For a dash between words put a blank on both sides of it"),
        ("a fox --tile in snow", "Words come before the parameters: `... in snow --tile`"),
        ("a fox --ar 1:1 in snow", "Words come before the parameters: `... in snow --ar 1:1`"),
        ("--ar 1:1 a fox", "Words come before the parameters: `a fox --ar 1:1`"),
        ("--tile", "Words come before the parameters"),
        ("a fox --ar 1:1 --aspect 1:1", "`--ar` and `--aspect` mean the same"),
        ("a fox --no a --no b", "`--no` is there twice"),
        ("a fox --raw --style raw", "`--raw` and `--style` mean the same"),
        ("a fox --style raw --raw", "`--style` and `--raw` mean the same"),
        ("a fox --v 7 --niji 7", "each choose a model"),
        ("a fox --fast", "option `speed`"),
        ("a fox --TURBO", "option `speed`"),
        ("a fox --relax", "option `speed`"),
        ("a fox --video 1", "press *Animate*"),
        ("a fox --motion high", "press *Animate*"),
        ("a fox --loop", "press *Animate*"),
        ("a fox --end loop", "press *Animate*"),
        ("a fox --bs 4", "press *Animate*"),
        ("a fox --zoom 2", "press *Custom Zoom*"),
        ("a fox --repeat 4", "`/imagine` can make several at once"),
        ("a fox --r 1", "`/imagine` can make several at once"),
        ("a {red, blue} fox", "`/imagine` can make several at once"),
        ("a fox --no \uff5bcats,dogs\uff5d", "`/imagine` can make several at once"),
        ("", "Write what the picture should show"),
        (" \u200b\n", "Write what the picture should show"),
        ("-", "Write what the picture should show"),
        ("https://example.com/a.png", "One picture alone is not enough"),
        ("a fox https://example.com/a.png", "Links to pictures come first: `https://example.com/a.png a fox"),
    ],
)
def test_refusals_name_the_reason_and_the_way(typed: str, reply: str) -> None:
    assert reply in refusal(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "a --v 6.1 --draft",
        "a --v 7 --hd",
        "a --v 7 --sd",
        "a --v 8.1 --weird 5",
        "a --v 4 --weird 5",
        "a --v 7 --cref https://example.com/a.png",
        "a --niji 7 --cref https://example.com/a.png --cw 5",
        "a --v 6.1 --oref https://example.com/a.png",
        "a --v 5.2 --sref 5",
        "a --v 3 --stylize 5",
        "a --v 5 --raw",
        "a --v 5 --style raw",
        "a --v 7 --style 4a",
        "a --v 7 --style cute",
        "a --niji 6 --style cute",
        "a --v 8.1 --stop 50",
        "a --v 4 --tile",
        "a --v 6.1 --exp 5",
        "a --v 5.2 --profile",
    ],
)
def test_what_the_named_version_certainly_lacks_is_refused(typed: str) -> None:
    assert "Leave one of the two out" in refusal(typed)
    named = next(part for part in typed.split(" --") if part.startswith(("v ", "niji ")))
    assert compose(typed.replace(f" --{named}", "")).model is None, "without a version nothing is judged"


@pytest.mark.parametrize(
    "typed",
    [
        "a --v 7 --draft --weird 5 --oref https://example.com/a.png --stop 50",
        "a --v 8.1 --hd --oref https://example.com/a.png --tile --quality 4 --no b",
        "a --v 6.1 --cref https://example.com/a.png --cw 5 --sv 7",
        "a --niji 6 --cref https://example.com/a.png --raw --weird 5",
    ],
)
def test_what_the_sources_dispute_is_left_to_the_api(typed: str) -> None:
    assert compose(typed).text == typed


def test_a_chosen_model_counts_as_a_named_version() -> None:
    assert "`--draft` works with version 7, and you chose version 8.1" in refusal("a --draft", model="Midjourney 8.1")


def test_the_length_is_limited_to_what_a_modal_can_hold() -> None:
    assert len(compose("a" * LONGEST_PROMPT).text) == LONGEST_PROMPT
    assert "4001 characters" in refusal("a" * (LONGEST_PROMPT + 1))
    assert "4008 characters" in refusal("a" * LONGEST_PROMPT, model="--v 8.1")
    assert "4000 characters are the most" in refusal("a" * 6001)
    assert "4000 characters are the most" in refusal("\ufdfa" * 500), "each of these stands for eighteen characters"
    assert compose("a" * 1000 + "\u200b" * 5000).text == "a" * 1000


@pytest.mark.parametrize(
    "typed",
    [
        "a fox --x`@everyone`",
        "a fox --ar <@&1>`**x**",
        "https://example.com/`@here` a fox",
        "a fox --x**bold**",
        f"a fox --{'x' * 3000}",
    ],
)
def test_a_refusal_cannot_be_formatted_by_the_person(typed: str) -> None:
    reply = refusal(typed)
    assert reply.count("`") % 2 == 0
    outside = "".join(reply.split("`")[::2])
    assert not any(mark in outside for mark in ("@", "**", "<", "http"))
    assert len(reply) < 500
