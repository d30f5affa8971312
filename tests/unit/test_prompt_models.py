from __future__ import annotations

import pytest

from bot.prompt import MODELS, Options, compose, model_of


@pytest.mark.parametrize(
    ("prompt", "model"),
    [
        ("", ""),
        ("a fox", ""),
        ("a fox --v 7", "v 7"),
        ("a fox --v 8.1 --ar 3:2", "v 8.1"),
        ("a fox --version 6.1", "v 6.1"),
        ("a fox --niji 6 --stylize 100", "niji 6"),
        ("a fox --v  7", "v 7"),
        ("a fox --v 6.1 --ar 3:2 --v 7", "v 7"),
        ("a fox --v 7 --niji 7", "niji 7"),
        ("a fox --niji 7 --v 7", "v 7"),
        ("a fox --niji --ar 3:2", ""),
        ("a fox --vary 7", ""),
        ("a fox --v 7x", ""),
        ("version 7 of a fox", ""),
    ],
)
def test_the_model_of_a_prompt_is_the_last_one_it_names(prompt: str, model: str) -> None:
    assert model_of(prompt) == model


def test_every_model_on_offer_has_a_name_of_its_own_in_a_history() -> None:
    names = [model_of(compose("a fox", Options(model=model.label)).text) for model in MODELS]

    assert names == ["v 8.1", "v 7", "v 6.1", "niji 7", "niji 6", ""]
