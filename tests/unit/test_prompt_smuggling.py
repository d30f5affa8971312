"""Nothing that costs more gets past the allow-list, whatever it is dressed up as (reliability C3, finding 14)."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import PromptInvalid
from bot.prompt import LONGEST_PROMPT, Options, Purpose, compose
from bot.prompt.characters import DASHES, is_emoji_part

#: Written out here, so that a parameter added by mistake to the table fails a test.
ALLOWED = [
    "v",
    "niji",
    "ar",
    "stylize",
    "chaos",
    "weird",
    "quality",
    "seed",
    "no",
    "iw",
    "sref",
    "sw",
    "sv",
    "cref",
    "cw",
    "oref",
    "ow",
    "raw",
    "style",
    "tile",
    "stop",
    "exp",
    "draft",
    "hd",
    "sd",
    "profile",
    "stealth",
    "public",
]
#: What one kind of form takes beside them.
ONLY_IN = {
    Purpose.ZOOM: ["zoom"],
    Purpose.ANIMATE: ["video", "motion", "loop", "end", "bs"],
    Purpose.VIDEO: ["bs"],
}
WAVES = frozenset("\u301c\u3030\u30a0")  # tilde, emoji and a Japanese letter to their readers

COSTLY = [
    "a fox --turbo",
    "a fox --TURBO",
    "a fox --Turbo",
    "a fox \u2014turbo",
    "a fox \u2013\u2013turbo",
    "a fox \u2013turbo",
    "a fox \u2212\u2212turbo",
    "a fox \u2010\u2010turbo",
    "a fox \u2011-turbo",
    "a fox -\u200b-turbo",
    "a fox --\u200bturbo",
    "a fox --tur\u200bbo",
    "a fox --tur\u00adbo",
    "a fox -\u2060-turbo",
    "a fox --tur\ufe0fbo",
    "a fox \uff0d\uff0dturbo",
    "a fox --\uff54\uff55\uff52\uff42\uff4f",
    "a fox \ufe63\ufe63turbo",
    "a fox \u2e3aturbo",
    "a fox \u2500\u2500turbo",
    "a fox \u2796\u2796turbo",
    "a fox --tur--turbobo",
    "a fox----turbo",
    "a fox,--turbo",
    "a fox\n--turbo",
    "a fox\u2028--turbo",
    "a fox\u00a0--turbo",
    'a fox "--turbo"',
    "a fox (--turbo)",
    "a fox --turbo=1",
    "a fox --no cats --turbo",
    "a fox --no cats\u2014turbo",
    "a fox --ar 16:9--turbo",
    "a fox --repeat 10",
    "a fox --r 10",
    "a fox --R10",
    "a fox --video 1",
    "a fox --bs 4",
    "a fox --relax",
    "a fox --fast",
    "a {red,blue} fox",
    "a \uff5bred,blue\uff5d fox",
    "a \ufe5bred,blue\ufe5c fox",
    "a fox --no {cats,dogs}",
    "a fox --\u0442urbo",  # a Cyrillic letter
    "https://example.com/{a,b}.png a fox",
    "https://user--turbo@example.com/a.png a fox",
]


@pytest.mark.parametrize("typed", COSTLY)
def test_a_costly_parameter_is_refused_in_any_disguise(typed: str) -> None:
    with pytest.raises(PromptInvalid):
        compose(typed)


@pytest.mark.parametrize(
    "typed", ["a fox \u2014hd", "a fox --H\u00adD", "a fox \u2212\u2212hd --q 4", "a fox --q 4 --hd"]
)
def test_a_permitted_parameter_in_disguise_is_seen_for_what_it_is(typed: str) -> None:
    assert "hd" in compose(typed).parameters


def test_every_dash_of_unicode_is_folded() -> None:
    dashes = {character for character in map(chr, range(0x110000)) if unicodedata.category(character) == "Pd"}
    folded = {c for c in dashes if unicodedata.normalize("NFKC", c) in DASHES}
    assert dashes - folded == WAVES


INVISIBLE = ["\n", "\u200b", "\u200d", "\ufe0f", "\u00ad", "\u3164"]
WORDS = [
    "--",
    "—",
    "turbo",
    "ar",
    "16:9",
    "no",
    "v",
    "7",
    "8.1",
    "niji",
    "hd",
    "s",
    "250",
    "sref",
    "random",
    "{",
    "}",
    "zoom",
    "motion",
    "high",
    "loop",
    "end",
    "bs",
    "fox",
    "\U0001f98a",
    "\u2764",
    "1",
    "\u20e3",
    "`",
    "\u0301",
    "e",
]
LINKS = [
    "https://",
    "example.com",
    "/a.png",
    "?",
    "#",
    "/",
    "http://10.0.0.1",
    "::2",
    "\uff54\uff55\uff52",
    "\u1100",
    "\u1161",
]
FRAGMENTS = st.sampled_from([*sorted(DASHES), " ", *INVISIBLE, *WORDS, *LINKS])
TEXTS = st.one_of(st.text(max_size=60), st.lists(FRAGMENTS, max_size=14).map("".join))


@given(TEXTS)
@example("a \U0001f469\u200d\U0001f680 fox \u2014ar 16:9")
@example("e\u200b\u0301 fox")
@example("\U0001f000\u200d\u2212 a minus sign is no emoji")
def test_what_is_sent_is_only_what_is_allowed_and_composes_to_itself(typed: str) -> None:
    try:
        prompt = compose(typed)
    except PromptInvalid as invalid:
        assert invalid.reply  # noqa: PT017 - both ends of the promise are checked
        return
    names = re.findall(r"--+(\S*)", prompt.text)
    assert names == list(prompt.parameters)
    assert set(names) <= set(ALLOWED)
    assert len(prompt.text) <= LONGEST_PROMPT
    assert not (DASHES - {"-"}).intersection(prompt.text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in prompt.text)
    assert not re.search(r"\s\s|[^\S ]|^ | $|[{}]", prompt.text)
    for before, character in zip(" " + prompt.text, prompt.text, strict=False):
        if unicodedata.category(character) == "Cf" or character in "\ufe0e\ufe0f":
            assert character in "\u200d\ufe0e\ufe0f"
            assert is_emoji_part(before) or before == "\ufe0f" or (before in "0123456789#*" and character == "\ufe0f")
    assert compose(prompt.text) == prompt


@given(TEXTS, st.sampled_from(Purpose), st.integers(0, 2))
@example("a fox --zoom 2 --turbo", Purpose.ZOOM, 0)
@example("--end https://example.com/a--turbo", Purpose.ANIMATE, 0)
def test_no_form_sends_more_than_it_has_a_place_for(typed: str, purpose: Purpose, images: int) -> None:
    try:
        prompt = compose(typed, purpose=purpose, images=images)
    except PromptInvalid as invalid:
        assert invalid.reply  # noqa: PT017 - both ends of the promise are checked
        return
    names = re.findall(r"--+(\S*)", prompt.text)
    assert names == list(prompt.parameters)
    assert set(names) <= {*ALLOWED, *ONLY_IN.get(purpose, ())}
    assert not re.search(r"[{}]", prompt.text)
    assert compose(prompt.text, purpose=purpose, images=images) == prompt


@given(TEXTS, st.sampled_from(["16:9", "1x1", None]), st.sampled_from(["--v 7", "Niji 6", None]))
def test_options_change_nothing_but_what_they_say(typed: str, aspect: str | None, model: str | None) -> None:
    try:
        plain, chosen = compose(typed), compose(typed, Options(aspect=aspect, model=model))
    except PromptInvalid:
        return
    assert chosen.text.startswith(plain.text)
    assert dict(chosen.parameters) == {
        **plain.parameters,
        **({"ar": aspect.replace("x", ":")} if aspect else {}),
        **({"v": "7"} if model == "--v 7" else {"niji": "6"} if model else {}),
    }
    assert compose(chosen.text) == chosen


@pytest.mark.parametrize(
    "link",
    [
        "http://example.com/a.png",
        "ftp://example.com/a.png",
        "file:///a.png",
        "https://127.0.0.1/a.png",
        "https://10.0.0.1/a.png",
        "https://[::1]/a.png",
        "https://2130706433/a.png",
        "https://0x7f.1/a.png",
        "https://127.1/a.png",
        "https://localhost/a.png",
        "https://intranet/a.png",
        "https://printer.local/a.png",
        "https://metadata.google.internal/a.png",
        "https://example.com:8443/a.png",
        "https://example.com:80/a.png",
        "https://example.com:/a.png",
        "https://example.com:x/a.png",
        "https://example.com:99999999/a.png",
        "https://user@example.com/a.png",
        "https://user:pass@example.com/a.png",
        "https://example.com@10.0.0.1/a.png",
        "https://example..com/a.png",
        "https://.example.com/a.png",
        "https://example.com./a.png",
        "https://-example.com/a.png",
        "https://xn--turbo.com/a.png",
        "https://example.c/a.png",
        "https:///a.png",
        "https://",
        "https://example.com/a.png,",
        "<https://example.com/a.png>",
        "(https://example.com/a.png)",
        "https://example.com\\@10.0.0.1/a.png",
        "https://ex\u00e4mple.com/a.png",
        "https://example.com/\u00e4.png",
        'https://example.com/"a".png',
        "https://example.com/a`b.png",
        f"https://example.com/{'a' * 2000}",
    ],
)
def test_links_that_may_not_be_sent_are_refused_wherever_they_stand(link: str) -> None:
    for typed in (f"{link} a fox", f"a fox --sref {link}", f"a fox --cref {link}", f"a fox --oref {link}"):
        with pytest.raises(PromptInvalid):
            compose(typed)


def test_an_http_link_is_refused_with_the_form_that_works() -> None:
    with pytest.raises(PromptInvalid, match=r"`https://example\.com/a\.png`"):
        compose("http://example.com/a.png a fox")
