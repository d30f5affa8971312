"""`{a, b}` and `--repeat`: which prompts one text stands for, in which order, and what it may not cost."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptInvalid
from bot.prompt import LARGEST_BATCH, Options, Purpose, compose, compose_all


def texts(text: str, options: Options | None = None, *, images: int = 0) -> list[str]:
    return [prompt.text for prompt in compose_all(text, options or Options(), images=images)]


def refusal(text: str, options: Options | None = None) -> str:
    with pytest.raises(PromptInvalid) as caught:
        compose_all(text, options or Options())
    return caught.value.reply


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a fox", ["a fox"]),
        ("a {red, blue} fox", ["a red fox", "a blue fox"]),
        ("a {red,blue}-eyed fox", ["a red-eyed fox", "a blue-eyed fox"]),
        ("{a, two} fox{, es}", ["a fox", "a foxes", "two fox", "two foxes"]),
        ("a {, red} fox", ["a fox", "a red fox"]),
        ("a {red, } fox", ["a red fox", "a fox"]),
        ("a {red {big, small}, blue} fox", ["a red big fox", "a red small fox", "a blue fox"]),
        ("a {{red, blue}, {big, small}} fox", ["a red fox", "a blue fox", "a big fox", "a small fox"]),
        ("a {red\\, white, blue} fox", ["a red, white fox", "a blue fox"]),
        ("a fox \\, here", ["a fox \\, here"]),
        ("a \\ fox", ["a \\ fox"]),
        ("a {fox}", ["a fox"]),
        ("a fox {}", ["a fox"]),
        ("a, b fox", ["a, b fox"]),
        ("a \uff5bred\uff0c blue\uff5d fox", ["a red fox", "a blue fox"]),
        ("a \ufe5bred, blue\ufe5c fox", ["a red fox", "a blue fox"]),
        ("a {red,\n\nblue} fox", ["a red fox", "a blue fox"]),
        ("a fox --stylize {50, 250}", ["a fox --stylize 50", "a fox --stylize 250"]),
        ("a fox --{ar 1:1, tile}", ["a fox --ar 1:1", "a fox --tile"]),
        ("a fox \u2014ar {1:1, 3:2} --no {cats, dogs}", [
            "a fox --ar 1:1 --no cats",
            "a fox --ar 1:1 --no dogs",
            "a fox --ar 3:2 --no cats",
            "a fox --ar 3:2 --no dogs",
        ]),
        ("https://a.com/{1,2}.png a fox", ["https://a.com/1.png a fox", "https://a.com/2.png a fox"]),
        ("a fox --repeat 3", ["a fox"] * 3),
        ("a fox --R 1", ["a fox"]),
        ("a {red, blue} fox --r 2 --tile", ["a red fox --tile"] * 2 + ["a blue fox --tile"] * 2),
        ("a fox --repeat {1, 2}", ["a fox"] * 3),
        ("a {fox, fox}", ["a fox", "a fox"]),
    ],
)  # fmt: skip
def test_what_one_text_stands_for(typed: str, sent: list[str]) -> None:
    assert texts(typed) == sent


def test_options_go_to_every_one_and_are_checked_with_each() -> None:
    chosen = Options(aspect="16:9", repeat=2)

    assert texts("a {red, blue} fox", chosen) == ["a red fox --ar 16:9"] * 2 + ["a blue fox --ar 16:9"] * 2
    assert refusal("a fox --ar {1:1, 3:2}", chosen).startswith("Prompt 1 of 2, `a fox --ar 1:1`: The aspect ratio is")
    assert "`--repeat 3` in the prompt and `2` as option" in refusal("a fox --r 3", chosen)
    assert "not in the option `negative`" in refusal("a fox", Options(negative="{cats, dogs}"))


def test_pictures_beside_the_text_count_for_every_one() -> None:
    assert texts("{--ar 1:1, --ar 3:2}", images=2) == ["--ar 1:1", "--ar 3:2"]
    assert texts("--repeat 2", images=2) == ["", ""]


def test_an_error_names_the_combination_that_has_it() -> None:
    assert refusal("a {red, blue} fox --stylize {50, 5000}") == (
        "Prompt 2 of 4, `a red fox --stylize 5000`: `--stylize 5000` does not work: "
        "`--stylize` takes a whole number from 0 to 1000. Try `--stylize 1000`."
    )
    assert refusal("a fox --stylize {5000}").startswith("`--stylize 5000` does not work")
    assert refusal("{,--turbo}a fox").startswith("Prompt 2 of 2")


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("a {red, blue fox", "a `{` without a `}` after it. Choices are written like this: `a {red, blue} fox`."),
        ("a red} fox", "a `}` without a `{` before it"),
        ("a {red}} fox", "a `}` without a `{` before it"),
        ("a \\{red, blue} fox", "a `}` without a `{` before it"),
        ("a \\{red\\} fox", "A `{` or `}` cannot be part of a prompt"),
        ("{" * 11 + "}" * 11, "more than 10 braces within each other"),
        ("a fox --repeat 41", "Try `--repeat 40`"),
        ("a fox --repeat 0", "Try `--repeat 1`"),
        ("a fox --r3", "Write `--r 3`"),
        ("a fox -r 3", "needs two dashes: `--r 3`"),
        ("a fox --repeat 2 --r 2", "mean the same"),
        ("a fox --repeet 2", "Did you mean `--repeat`?"),
        ("a {red, blue} fox --repeat 21", "This stands for 42 prompts, and 40 at once are the most."),
        ("{,--turb}{,o}", "Write what the picture should show"),
        ("a fox {--turbo, --fast}", "option `speed`"),
        ("a" * 6001, "too long"),
    ],
)
def test_refusals_say_what_to_do(typed: str, reply: str) -> None:
    assert reply in refusal(typed)


@pytest.mark.parametrize(
    "disguise",
    [
        "a fox {-,x}-turbo",
        "a fox -{-}turbo",
        "a fox --{tur}bo",
        "a fox -{-}-{turbo}",
        "a fox {--tur}{bo}",
        "a fox{ --}video 1",
    ],
)
def test_nothing_costly_is_put_together_out_of_pieces(disguise: str) -> None:
    with pytest.raises(PromptInvalid):
        compose_all(disguise)


def test_the_largest_batch_is_allowed_and_one_more_is_not() -> None:
    assert len(compose_all(f"a fox {{{','.join('abcdefghij')}}} {{1, 2, 3, 4}}")) == LARGEST_BATCH
    assert "stands for 41 prompts" in refusal(f"a fox {{{',' * 40}}}")
    assert "1,024 prompts" in refusal("a fox" + " {a, b}" * 10)


@pytest.mark.parametrize(
    "bomb", ["{a,b}" * 1000, "{" + "," * 5990 + "}", "{a,{b,{c,{d,{e,{f,{g,h}}}}}}}" * 150, "{{a,b}{a,b}}" * 400]
)
def test_what_would_be_astronomically_many_costs_nothing(bomb: str) -> None:
    start = process_time()

    assert "40 at once are the most" in refusal(bomb)

    assert process_time() - start < 1  # a hundred times what it takes; expanding would never end


PIECES = st.sampled_from(
    ["{", "}", ",", "\\", "a", "fox", " ", "--", "ar", "1:1", "r", "2", "\u2014", "{a,b}", "{,}", "turbo", "\uff5b"]
)


@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join)))
def test_each_prompt_is_one_that_can_be_sent_alone(typed: str) -> None:
    try:
        prompts = compose_all(typed)
    except PromptInvalid as invalid:
        assert invalid.reply  # noqa: PT017 - both ends of the promise are checked
        return
    assert 1 <= len(prompts) <= LARGEST_BATCH
    for prompt in prompts:
        assert compose(prompt.text) == prompt
        assert compose_all(prompt.text) == (prompt,)


@given(st.text(max_size=40))
def test_a_text_without_any_is_one_prompt_the_same_as_composed(typed: str) -> None:
    try:
        single = compose(typed)
    except PromptInvalid:
        return
    assert compose_all(typed) == (single,)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("typed", ["a {red, blue} fox --zoom 2", "a fox --zoom 2 --repeat 2", "a fox --zoom 2 --r 1"])
def test_what_makes_one_prompt_only_says_where_several_can_be_made(purpose: Purpose, typed: str) -> None:
    with pytest.raises(PromptInvalid) as caught:
        compose(typed if purpose is Purpose.ZOOM else typed.replace(" --zoom 2", ""), purpose=purpose)

    assert "`/imagine` can make several at once" in caught.value.reply
