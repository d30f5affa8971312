"""The suggestions of describe and shorten in every form they come in; links that expire; recent prompts as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prompt import LONGEST_PROMPT, fleeting_links, job_reference, read_suggestions, value_of

JOB_ID = "01KKGQ9T4G0000000000000001"


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("1️⃣ Cat --ar 5:4\n\n2️⃣ Cat2 --ar 5:4\n\n3️⃣ Cat3\n\n4️⃣ Cat4", ("Cat --ar 5:4", "Cat2 --ar 5:4", "Cat3", "Cat4")),
        ("1\u20e3 Cat\n2\u20e3 Dog", ("Cat", "Dog")),
        ("Here you are:\n1️⃣ Cat\n\n2️⃣ Dog\n\nMade by a machine", ("Cat", "Dog")),
        ("1️⃣ Cat\r\nin snow\r\n\r\n2️⃣Dog", ("Cat in snow", "Dog")),
        ("1️⃣ 7️⃣ of nine", ("7️⃣ of nine",)),
        ("1️⃣ Cat\n1️⃣ again\n2️⃣ Dog", ("Cat 1️⃣ again", "Dog")),
        ("1️⃣ Cat\n\n3️⃣ Dog", ("Cat", "Dog")),
        ("1️⃣\n\n2️⃣ Dog", ("Dog",)),
        ("Cat --ar 5:4\r\nCat2 --ar 5:4", ("Cat --ar 5:4", "Cat2 --ar 5:4")),
        ("Cat", ("Cat",)),
        ("1. Cat\n2. Dog\nin snow", ("Cat", "Dog in snow")),
        ("1) Cat\n\n2) Dog", ("Cat", "Dog")),
        ("1. Cat", ("Cat",)),
        ("1. FC K\u00f6ln fans\r\nCat\r\n2001 a space cat", ("1. FC K\u00f6ln fans", "Cat", "2001 a space cat")),
        ("Cat\r\n1. FC K\u00f6ln fans", ("Cat", "1. FC K\u00f6ln fans")),
        ("1.5 cats\r\n2.5 dogs", ("1.5 cats", "2.5 dogs")),
        (
            "**Important tokens**\n**cat** (1.00) ~~very~~ ~~nice~~\n\n## Shortened prompts\n1️⃣ cat, snow\n\n2️⃣ cat",
            ("cat, snow", "cat"),
        ),
        ("**cat** ~~very~~\n**Shortened prompts:**\ncat, snow\ncat", ("cat, snow", "cat")),
        ("shortened prompts\n", ()),
        ("cat in shortened prompts", ("cat in shortened prompts",)),
        ("", ()),
        (" \r\n\u200b\r\n", ()),
        ("a\u00a0 \tcat", ("a cat",)),
        ("\n".join("abcdefghijkl"), tuple("abcdefghi")),
    ],
)
def test_suggestions_are_read_in_every_form(text: str, suggestions: tuple[str, ...]) -> None:
    assert read_suggestions(text) == suggestions


def test_a_suggestion_is_no_longer_than_a_form() -> None:
    # The other character stands for four: 1, a slash, 1, 0.
    assert [len(suggestion) for suggestion in read_suggestions("x" * 9000 + "\n" + "\u2152" * 4000)] == [4000, 4000]


LINES = st.sampled_from(
    ["1️⃣ ", "2️⃣", "1. ", "2)", "\n", "\r\n", "\n\n", "cat", "## Shortened prompts", "**", "\u200b", " "]
)


@given(st.one_of(st.text(max_size=80), st.lists(LINES, max_size=16).map("".join)))
def test_whatever_arrives_suggestions_are_few_short_and_not_empty(text: str) -> None:
    suggestions = read_suggestions(text)

    assert len(suggestions) <= 9
    for suggestion in suggestions:
        assert suggestion == suggestion.strip() != ""
        assert len(suggestion) <= LONGEST_PROMPT
        assert "\n" not in suggestion


PROMPTS = st.sampled_from(["a cat", "a fox in snow --ar 5:4", "7\ufe0f\u20e3 dwarfs", "2001", "x, y --no 3) dogs"])


@given(st.lists(PROMPTS, max_size=9), st.booleans())
def test_both_forms_of_describe_say_the_same(prompts: list[str], official: bool) -> None:  # noqa: FBT001 - drawn
    if official:
        text = "\r\n".join(prompts)
    else:
        text = "\n\n".join(f"{number}\ufe0f\u20e3 {prompt}" for number, prompt in enumerate(prompts, start=1))

    assert read_suggestions(text) == tuple(prompts)


CDN = "https://cdn.discordapp.com/attachments/1/2/a.png?ex=1&hm=2&"
MEDIA = "https://media.discordapp.net/attachments/1/2/b.png"


@pytest.mark.parametrize(
    ("text", "links", "rest"),
    [
        (f"{CDN} a fox --ar 1:1", [CDN], "a fox --ar 1:1"),
        (f"  {CDN}\n{MEDIA}\u00a0a fox", [CDN, MEDIA], "a fox"),
        (f"{CDN} https://a.com/b.png {MEDIA} a fox", [CDN, MEDIA], "https://a.com/b.png a fox"),
        (f"{CDN}::2 {MEDIA} a fox", [MEDIA], f"{CDN}::2 a fox"),
        (f"a fox {CDN}", [], f"a fox {CDN}"),
        (f"{CDN} a fox {CDN}", [CDN], f"a fox {CDN}"),
        (f"a fox --sref {CDN}", [], f"a fox --sref {CDN}"),
        (CDN.replace("https", "HTTPS") + " fox", [CDN.replace("https", "HTTPS")], "fox"),
        (f"{CDN}, a fox", [], f"{CDN}, a fox"),
        ("http://cdn.discordapp.com/a.png a fox", [], "http://cdn.discordapp.com/a.png a fox"),
        ("https://cdn.discordapp.com.a.com/a.png fox", [], "https://cdn.discordapp.com.a.com/a.png fox"),
        ("https://cdn.discordapp.com/{a,b}.png fox", [], "https://cdn.discordapp.com/{a,b}.png fox"),
        ("a fox", [], "a fox"),
        ("", [], ""),
    ],
)
def test_links_that_expire_are_taken_from_the_front_of_a_prompt(text: str, links: list[str], rest: str) -> None:
    assert fleeting_links(text) == (links, rest)


def test_a_long_recent_prompt_is_named_by_its_job() -> None:
    assert value_of("a fox", JOB_ID) == "a fox"
    assert value_of("x" * 100, JOB_ID) == "x" * 100
    assert value_of("x" * 101, JOB_ID) == f"easel:{JOB_ID}"
    assert value_of("", JOB_ID) == f"easel:{JOB_ID}"
    assert job_reference(value_of("x" * 101, JOB_ID)) == JOB_ID
    assert job_reference(f" easel:{JOB_ID} ") == JOB_ID


@pytest.mark.parametrize("text", ["a fox", "", "easel:", f"easel:{JOB_ID}x", f"an easel:{JOB_ID}", "easel:" + "U" * 26])
def test_an_ordinary_prompt_names_no_job(text: str) -> None:
    assert job_reference(text) is None
