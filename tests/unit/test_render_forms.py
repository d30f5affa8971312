"""Forms keep Discord's limits and say what they cost; a refused text comes back whole, and cannot break out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.requests import Ask, Question
from bot.model import Action, Kind, Speed
from cogs.render.forms import ABOUT, TITLE, give_back, render_edit, render_question, render_suggestion
from cogs.render.text import size
from tests.unit.render_builders import JOB_ID, job

FENCE = "```"


def question(ask: Ask, label: str, kind: Kind, *, prompt: str = "a fox", quadrant: int | None = None) -> Question:
    action = Action(index=3, action_id="MJ::1", kind=kind, label=label, quadrant=quadrant, remixable=ask is Ask.REMIX)
    return Question(ask=ask, job=job(prompt=prompt), action=action, prompt=prompt, speed=Speed.FAST)


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        (question(Ask.ZOOM, "Custom Zoom", Kind.ZOOM), "Custom Zoom"),
        (question(Ask.REMIX, "Vary (Subtle)", Kind.VARIATION), "Remix: Vary (Subtle)"),
        (question(Ask.REMIX, "", Kind.REROLL), "Remix: Again"),
        (question(Ask.ANIMATE, "Animate manually", Kind.ANIMATE), "Animate manually"),
        (question(Ask.SUGGESTION, "2️⃣", Kind.IMAGINE, quadrant=2), "Imagine suggestion 2"),
        (question(Ask.REMIX, "x" * 80, Kind.OTHER), "Remix: " + "x" * 37 + "…"),
    ],
)
def test_a_form_is_called_like_its_button(asked: Question, title: str) -> None:
    form = render_question(asked)
    assert form.title == title
    assert form.text == "a fox"


@pytest.mark.parametrize("ask", [Ask.ZOOM, Ask.REMIX, Ask.ANIMATE, Ask.SUGGESTION])
@pytest.mark.parametrize("speed", list(Speed))
def test_every_form_keeps_to_discords_limits_and_names_its_price(ask: Ask, speed: Speed) -> None:
    kinds = {Ask.ZOOM: Kind.ZOOM, Ask.REMIX: Kind.VARIATION, Ask.ANIMATE: Kind.ANIMATE, Ask.SUGGESTION: Kind.IMAGINE}
    asked = question(ask, "Button", kinds[ask])
    form = render_question(Question(ask=ask, job=asked.job, action=asked.action, prompt="p", speed=speed))
    assert 0 < len(form.title) <= TITLE
    assert 0 < len(form.about) <= ABOUT
    assert "…" not in form.about
    assert form.about.endswith((".", "price is not known."))
    assert ("costs about $" in form.about) != ("not known" in form.about)


def test_a_button_that_asks_for_a_prompt_names_what_both_steps_may_cost() -> None:
    manual = render_question(question(Ask.ANIMATE, "Animate (Manual)", Kind.ANIMATE))
    assert manual.about.endswith("It costs about $0.60 to $0.656.")
    assert render_question(question(Ask.ZOOM, "Custom Zoom", Kind.ZOOM)).about.endswith("It costs about $0.056.")


def test_other_forms_keep_to_them_too() -> None:
    for form in (render_suggestion(9, "a fox", Speed.TURBO), render_edit("a fox", Kind.IMAGINE, Speed.FAST)):
        assert len(form.title) <= TITLE
        assert len(form.about) <= ABOUT
        assert "costs about $0." in form.about
    assert "is free" in render_edit("a fox", Kind.DESCRIBE, Speed.FAST).about


def test_only_a_form_that_may_stay_as_it_is_may_be_empty() -> None:
    assert not render_question(question(Ask.REMIX, "V1", Kind.VARIATION, prompt="")).required
    assert render_question(question(Ask.REMIX, "V1", Kind.VARIATION)).required
    assert render_question(question(Ask.ZOOM, "Custom Zoom", Kind.ZOOM, prompt="")).required


def test_a_kept_text_comes_with_its_button_in_one_message() -> None:
    (message,) = give_back("No such thing.", "a fox\n--vv 3", JOB_ID)
    assert message.content == f"No such thing.\n{FENCE}\na fox\n--vv 3\n{FENCE}"
    assert [row[0].label for row in message.rows if isinstance(row, tuple)] == ["Edit it"]


def test_nothing_typed_brings_the_sentence_alone() -> None:
    (message,) = give_back("Nothing there.", " ", None)
    assert message.content == "Nothing there."
    assert message.rows == ()


@given(st.text(alphabet=st.sampled_from("ab `\n🦊") | st.characters(codec="utf-8"), min_size=1, max_size=4000))
def test_a_text_that_was_not_kept_comes_back_whole_and_in_its_frame(text: str) -> None:
    messages = [message.content for message in give_back("No.", text + "x", None)]
    assert all(size(message) <= 2000 and message.count(FENCE) == 2 for message in messages)
    pieces = [message.split(f"{FENCE}\n", 1)[1].removesuffix(f"\n{FENCE}") for message in messages]
    assert "".join(pieces) == (text + "x").replace(FENCE, "'''")


def test_of_a_long_kept_text_the_beginning_is_shown() -> None:
    (message,) = give_back("No.", "🦊" * 3000, JOB_ID)
    assert size(message.content) <= 2000
    assert message.content.endswith("opens all of it.")
