"""Who decides what a prompt says: option, typed parameter, preset, person, server; and what defaults never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptInvalid
from bot.model import Applied, Defaults, Preset, Source
from bot.prompt import (
    MODELS,
    Additions,
    Options,
    Reference,
    ReferenceKind,
    compose_all,
    first_set,
    overlaps,
    parse_stylize,
    read_piece,
    spell_piece,
)
from bot.prompt.models import API_DEFAULT

if TYPE_CHECKING:
    from bot.prompt import (
        Prompt,
    )

NOW = datetime(2026, 3, 12, tzinfo=UTC)


def noir(text: str) -> Preset:
    return Preset(user_id=1, name="noir", text=text, created_at=NOW)


def one(
    text: str,
    options: Options | None = None,
    *,
    preset: Preset | None = None,
    person: Defaults | None = None,
    server: Defaults | None = None,
) -> Prompt:
    additions = Additions(preset=preset, person=person or Defaults(), server=server or Defaults())
    (prompt,) = compose_all(text, options or Options(), additions=additions)
    return prompt


def refusal(
    text: str, options: Options | None = None, *, preset: Preset | None = None, person: Defaults | None = None
) -> str:
    with pytest.raises(PromptInvalid) as caught:
        one(text, options, preset=preset, person=person)
    return caught.value.reply


EVERYTHING = Defaults(model="Midjourney 7", aspect="16:9", stylize=250, raw=True, suffix="in oil --c 10")


@pytest.mark.parametrize(
    ("text", "options", "piece", "person", "server", "sent"),
    [
        ("a fox", Options(), None, Defaults(), Defaults(), "a fox"),
        ("a fox", Options(aspect="1:2"), "--ar 2:3", Defaults(aspect="3:4"), Defaults(aspect="4:5"), "a fox --ar 1:2"),
        ("a fox --ar 5:4", Options(), "--ar 2:3", Defaults(aspect="3:4"), Defaults(aspect="4:5"), "a fox --ar 5:4"),
        ("a fox --aspect 5:4", Options(), "--ar 2:3", Defaults(aspect="3:4"), Defaults(), "a fox --ar 5:4"),
        ("a fox", Options(), "--ar 2:3", Defaults(aspect="3:4"), Defaults(aspect="4:5"), "a fox --ar 2:3"),
        ("a fox", Options(), None, Defaults(aspect="3:4"), Defaults(aspect="4:5"), "a fox --ar 3:4"),
        ("a fox", Options(), None, Defaults(), Defaults(aspect="4:5"), "a fox --ar 4:5"),
        ("a fox --s 7", Options(), None, Defaults(stylize=1), Defaults(stylize=2), "a fox --stylize 7"),
        ("a fox", Options(stylize=0), None, Defaults(stylize=1), Defaults(), "a fox --stylize 0"),
        ("a fox --niji 6", Options(), "--v 7", Defaults(model="Niji 7"), Defaults(), "a fox --niji 6"),
        ("a fox --version 7", Options(), "--niji 6", Defaults(model="Niji 7"), Defaults(), "a fox --v 7"),
        ("a fox", Options(model=API_DEFAULT), None, Defaults(model="Niji 7"), Defaults(), "a fox"),
        ("a fox", Options(), None, Defaults(model=API_DEFAULT), Defaults(model="Niji 7"), "a fox"),
        ("a fox", Options(raw=False), None, Defaults(raw=True), Defaults(raw=True), "a fox"),
        ("a fox", Options(raw=True), None, Defaults(raw=False), Defaults(), "a fox --raw"),
        ("a fox", Options(), None, Defaults(raw=False), Defaults(raw=True), "a fox"),
        ("a fox --style raw", Options(), None, Defaults(raw=True), Defaults(), "a fox --style raw"),
        ("a fox --public", Options(), "--stealth", Defaults(), Defaults(), "a fox --public"),
        ("a fox", Options(), "noir --s 50", Defaults(suffix="in oil --s 60 --c 5"), Defaults(),
         "a fox noir in oil --stylize 50 --chaos 5"),
        ("a fox", Options(), None, Defaults(suffix="in oil"), Defaults(suffix="in ink --c 5"), "a fox in oil"),
        ("a fox", Options(), None, Defaults(suffix=""), Defaults(suffix="in ink --c 5"), "a fox"),
        ("a fox", Options(), None, Defaults(), Defaults(suffix="in ink --c 5"), "a fox in ink --chaos 5"),
        ("a fox", Options(), None, Defaults(aspect="3:4", suffix="--ar 1:1"), Defaults(), "a fox --ar 3:4"),
        ("a fox", Options(), None, Defaults(suffix="--ar 1:1"), Defaults(aspect="3:4"), "a fox --ar 1:1"),
        ("a fox in oil --chaos 10", Options(), None, EVERYTHING, Defaults(),
         "a fox in oil --chaos 10 --v 7 --ar 16:9 --stylize 250 --raw"),
        ("--ar 1:1", Options(), "a paper boat", Defaults(), Defaults(), "a paper boat --ar 1:1"),
    ],
)  # fmt: skip
def test_who_comes_first_decides(
    text: str, options: Options, piece: str | None, person: Defaults, server: Defaults, sent: str
) -> None:
    prompt = one(text, options, preset=None if piece is None else noir(piece), person=person, server=server)
    assert prompt.text == sent


@pytest.mark.parametrize(
    ("text", "person", "sent"),
    [
        ("a fox --v 3", Defaults(stylize=250, aspect="1:2"), "a fox --v 3 --ar 1:2"),
        ("a fox --exp 20", Defaults(model="Midjourney 6.1", aspect="1:2"), "a fox --exp 20 --ar 1:2"),
        (
            "a fox --niji 7",
            Defaults(suffix="--cref https://example.com/a.png --cw 5 --c 5"),
            "a fox --niji 7 --chaos 5",
        ),
        ("a fox", Defaults(suffix="--sw 20 --c 5"), "a fox --chaos 5"),
        ("a fox", Defaults(suffix="--sw 20 --sref 7"), "a fox --sref 7 --sw 20"),
        ("a fox", Defaults(suffix="--iw 2"), "a fox"),
        ("https://example.com/a.png a fox", Defaults(suffix="--iw 2"), "https://example.com/a.png a fox --iw 2"),
        ("a fox -ar", Defaults(suffix="16:9"), "a fox -ar"),
        ("a fox", Defaults(suffix="--video 1"), "a fox"),
        ("x" * 3990, Defaults(suffix="much too long"), "x" * 3990),
    ],
)
def test_what_does_not_go_with_the_prompt_is_left_out(text: str, person: Defaults, sent: str) -> None:
    assert one(text, person=person).text == sent


def test_what_was_added_is_told_by_rank() -> None:
    person, server = Defaults(stylize=250, suffix="in oil"), Defaults(aspect="16:9", raw=True)
    prompt = one("a fox --c 1", Options(weird=5), preset=noir("noir"), person=person, server=server)
    assert prompt.applied == (
        Applied(words="noir", source=Source.PRESET),
        Applied(words="in oil", source=Source.PERSON),
        Applied(words="--stylize 250", source=Source.PERSON),
        Applied(words="--ar 16:9", source=Source.SERVER),
        Applied(words="--raw", source=Source.SERVER),
    )


def test_each_of_several_is_judged_by_itself() -> None:
    prompts = compose_all("a {red --ar 1:1, blue}", additions=Additions(person=Defaults(aspect="16:9")))
    assert [prompt.text for prompt in prompts] == ["a red --ar 1:1", "a blue --ar 16:9"]
    repeated = compose_all("a fox --repeat 2", additions=Additions(person=Defaults(aspect="16:9")))
    assert [prompt.text for prompt in repeated] == ["a fox --ar 16:9"] * 2


def test_a_reference_handed_in_comes_before_that_of_a_preset() -> None:
    style = Reference(ReferenceKind.STYLE, "https://example.com/mine.png")
    prompt = one("a fox", Options(references=(style,), style_weight=5), preset=noir("--sref 7 --sw 9"))
    assert prompt.text == "a fox --sw 5 --sref https://example.com/mine.png"


def test_what_a_preset_lacks_a_prompt_may_have_and_the_other_way_round() -> None:
    assert one("a fox --sw 5", preset=noir("--sref 7")).text == "a fox --sw 5 --sref 7"
    assert one("a fox --sref 7", preset=noir("--sw 5")).text == "a fox --sref 7 --sw 5"


def test_a_preset_that_does_not_go_with_the_prompt_is_refused_by_name() -> None:
    assert refusal("a fox --v 6.1", preset=noir("--exp 20")).startswith("With the preset `noir`: `--exp` works with")
    assert refusal("a fox", preset=noir("--sw 20")).startswith("With the preset `noir`: `--sw` says")
    assert refusal("a fox -ar", preset=noir("16:9")).startswith("With the preset `noir`: `-ar 16:9` needs two dashes")
    assert refusal("a fox --moon", preset=noir("--sw 20")).startswith("`--moon` is not a parameter")


def test_defaults_never_let_a_refused_prompt_go() -> None:
    assert "Words come before" in refusal("--ar 1:1", person=Defaults(suffix="a paper boat"))
    assert "there is none" in refusal("a fox --sw 20", person=Defaults(suffix="--sref 7"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("soft light", "soft light"),
        ("--s 250", "--stylize 250"),
        ("  soft   light —ar 16:9 ", "soft light --ar 16:9"),
        ("--sw 20", "--sw 20"),
        ("--sref https://example.com/a.png 7", "--sref https://example.com/a.png 7"),
    ],
)
def test_a_piece_is_kept_as_it_would_be_sent(typed: str, kept: str) -> None:
    assert spell_piece(read_piece(typed)) == kept
    assert spell_piece(read_piece(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "nothing in it"),
        (" \u200b ", "nothing in it"),
        ("--moon 1", "not a parameter"),
        ("--s 2000", "from 0 to 1000"),
        ("--turbo", "option `speed`"),
        ("--repeat 3", "several jobs"),
        ("in {oil, ink}", "several jobs"),
        ("https://example.com/a.png", "`--sref` with the link"),
        ("--v 7 --niji 6", "Leave one of the two out"),
        ("--v 6.1 --exp 20", "versions from 7 on"),
        ("--s 250 soft light", "Words come before"),
        ("-ar 16:9", "two dashes"),
        ("--sref http://127.0.0.1/a.png", "https://"),
        ("x" * 1001, "1001 characters"),
    ],
)
def test_what_cannot_be_a_piece_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(PromptInvalid, match=reason):
        read_piece(typed)


def test_a_number_for_stylize() -> None:
    assert [parse_stylize(typed) for typed in ("0", " 250 ", "1000")] == [0, 250, 1000]
    for typed in ("1001", "much", "", "-1"):
        with pytest.raises(PromptInvalid, match="from 0 to 1000"):
            parse_stylize(typed)


def test_whose_a_setting_is() -> None:
    assert first_set(False, True) == (False, Source.PERSON)
    assert first_set(None, 0) == (0, Source.SERVER)
    assert first_set(None, None) == (None, None)


defaults = st.builds(
    Defaults,
    model=st.sampled_from([None, *(model.label for model in MODELS)]),
    aspect=st.sampled_from([None, "16:9", "1:2"]),
    stylize=st.none() | st.integers(0, 1000),
    raw=st.none() | st.booleans(),
    suffix=st.none() | st.sampled_from(["", "in oil", "--c 5 --exp 20", "ink --sw 20", "--hd", "--cref 1", "16:9"]),
)
texts = st.lists(
    st.sampled_from(["a", "fox", "in", "oil", "-ar", "--v 6.1", "--niji 6", "--ar 3:2", "--s 5", "--raw", "--hd",
                     "--exp 9", "--sw 3", "{red, blue}", "https://example.com/a.png", "--moon", "::2", "--style raw"]),
    min_size=1, max_size=7,
).map(" ".join)  # fmt: skip


def outcome(text: str, additions: Additions) -> tuple[Prompt, ...] | None:
    try:
        return compose_all(text, additions=additions)
    except PromptInvalid:
        return None


@given(texts, defaults, defaults)
def test_defaults_refuse_nothing_and_let_nothing_go_and_take_nothing_away(
    text: str, person: Defaults, server: Defaults
) -> None:
    plain, full = outcome(text, Additions()), outcome(text, Additions(person=person, server=server))
    assert (plain is None) == (full is None)
    for before, after in zip(plain or (), full or (), strict=True):
        assert after.parameters.items() >= before.parameters.items()
        assert after.text.startswith(before.text.split(" --")[0])
        again = compose_all(after.text, additions=Additions(person=person, server=server))
        assert [prompt.text for prompt in again] == [after.text]


@given(defaults, defaults)
def test_defaults_never_change_a_prompt_that_names_everything(person: Defaults, server: Defaults) -> None:
    person, server = (replace(each, suffix=None) for each in (person, server))
    text = "a fox --v 7 --ar 3:2 --stylize 5 --raw"
    assert one(text, person=person, server=server) == one(text)


settings = st.builds(
    Defaults,
    model=st.sampled_from([None, "Midjourney 7", "Midjourney 6.1", API_DEFAULT]),
    aspect=st.sampled_from([None, "16:9", "1:2"]),
    stylize=st.sampled_from([None, 0, 250]),
    raw=st.none() | st.booleans(),
    suffix=st.none()
    | st.lists(st.sampled_from(["--ar 1:2", "--stylize 5", "--raw", "--v 7", "--chaos 9"]), unique=True).map(" ".join),
)


@given(settings, settings)
def test_what_is_said_to_count_of_a_suffix_is_what_is_sent(person: Defaults, server: Defaults) -> None:
    sent = f"{one('a fox', person=person, server=server).text} "
    suffix, _ = first_set(person.suffix, server.suffix)
    found = {overlap.words: overlap for overlap in overlaps(person, server)}
    for name, value in read_piece(suffix).parameters.items() if suffix else ():
        words = f"--{name} {value}".rstrip()
        assert (f" {words} " in sent) == (words not in found or found[words].suffix_counts)
    for overlap in found.values():
        mine = getattr(person, overlap.setting)
        assert overlap.suffix_counts == (mine is None and person.suffix is not None)


def test_a_setting_and_a_suffix_that_agree_are_no_matter() -> None:
    mine = Defaults(aspect="3:2", suffix="--ar 3:2")
    assert overlaps(mine, Defaults(aspect="1:1")) == ()
    assert overlaps(Defaults(suffix="--v 7"), Defaults(model="Midjourney 7")) == ()
    assert overlaps(Defaults(suffix=""), Defaults(aspect="1:1", suffix="--ar 3:2")) == ()
    (niji,) = overlaps(Defaults(model="Niji 7", suffix="--v 7"), Defaults())
    assert (niji.setting, niji.words, niji.suffix_counts) == ("model", "--v 7", False)
