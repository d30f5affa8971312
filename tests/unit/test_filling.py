"""What comes of a form's text: for which button it is checked how, and when it is the ordinary button after all."""

from __future__ import annotations

import pytest

from bot.errors import ActionUnavailable, PromptInvalid
from bot.jobs.asking.filling import editable, edited, edited_kind, fill
from bot.jobs.requests import Ask, Filled, Question
from bot.model import Action, Kind, Order, Route, Speed
from tests.unit.render_builders import job

VARY = Action(index=5, action_id="MJ::1", kind=Kind.VARIATION, label="V1", remixable=True)
ZOOM = Action(index=6, action_id="MJ::2", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True)


def question(ask: Ask, action: Action, prompt: str = "a fox", parent: str = "a fox") -> Question:
    return Question(ask=ask, job=job(prompt=parent), action=action, prompt=prompt, speed=Speed.FAST)


def test_a_remix_form_that_was_left_as_it_is_is_the_ordinary_button() -> None:
    asked = question(Ask.REMIX, VARY, prompt="a fox", parent="a fox --zoom 2")
    assert fill(asked, " a fox\n") == Filled(prompt="a fox --zoom 2")


def test_a_remix_of_a_picture_without_a_prompt_may_be_left_empty() -> None:
    assert fill(question(Ask.REMIX, VARY, prompt="", parent=""), "") == Filled(prompt="")


def test_what_was_changed_is_composed() -> None:
    assert fill(question(Ask.REMIX, VARY), "a  wolf —ar 3:2") == Filled(prompt="a wolf --ar 3:2")


def test_each_question_has_its_own_rules() -> None:
    assert fill(question(Ask.ZOOM, ZOOM), "a fox --zoom 1.5") == Filled(prompt="a fox --zoom 1.5")
    with pytest.raises(PromptInvalid):
        fill(question(Ask.ZOOM, ZOOM), "a fox")
    with pytest.raises(PromptInvalid):
        fill(question(Ask.REMIX, VARY), "a fox --zoom 1.5")
    with pytest.raises(PromptInvalid):
        fill(question(Ask.SUGGESTION, ZOOM), "a {red, green} fox")


def test_a_form_that_needs_a_text_is_not_sent_without() -> None:
    with pytest.raises(PromptInvalid):
        fill(question(Ask.ZOOM, ZOOM, prompt="a fox"), "a fox")


def test_a_whole_prompt_is_edited_for_what_it_makes() -> None:
    zoom = job(prompt="a fox --zoom 2", kind=Kind.ZOOM, order=Order(route=Route.ACTION))
    assert editable(zoom) == "a fox"
    assert edited(zoom, "a wolf") == "a wolf"
    assert edited_kind(zoom) is Kind.IMAGINE
    film = job(prompt="it runs", kind=Kind.ANIMATE, order=Order(route=Route.VIDEO, images=("a.png",)))
    assert edited(film, "it sleeps") == "it sleeps"
    assert edited_kind(film) is Kind.ANIMATE


def test_pictures_beside_the_text_make_a_few_words_enough() -> None:
    shown = job(prompt="a fox", order=Order(images=("a.png", "b.png")))
    assert edited(shown, "--ar 3:2") == "--ar 3:2"
    with pytest.raises(PromptInvalid):
        edited(job(prompt="a fox"), "--ar 3:2")


@pytest.mark.parametrize("route", [Route.BLEND, Route.DESCRIBE])
def test_what_was_made_without_words_has_none_to_edit(route: Route) -> None:
    for prompt in ("", "words that came later"):
        with pytest.raises(ActionUnavailable, match="without words"):
            editable(job(prompt=prompt, order=Order(route=route)))
