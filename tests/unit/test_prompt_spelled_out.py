"""What was chosen beside a text, written into it: a form in which all can be corrected says the same as the options."""

from __future__ import annotations

import pytest

from bot.prompt import Options, compose_all, spell_out


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(aspect="16:9", model="Niji 7", negative="text, blur", seed=7),
        Options(stylize=0, chaos=5, quality="2", raw=True, tile=True, image_weight=1.5),
        Options(model="The API's default", repeat=2),
    ],
)
def test_spelled_out_options_make_the_same_prompts(options: Options) -> None:
    def sent(text: str, chosen: Options) -> list[tuple[str, dict[str, str]]]:
        prompts = compose_all(text, chosen, images=1)
        return [(prompt.text.partition(" --")[0], dict(prompt.parameters)) for prompt in prompts]

    assert sent(spell_out("a fox", options), Options()) == sent("a fox", options)


def test_what_is_wrong_is_spelled_out_as_well() -> None:
    options = Options(aspect="wide", stylize=5000, negative="--ar 1:1")
    assert spell_out("a fox --ar 3:2", options) == "a fox --ar 3:2 --ar wide --stylize 5000 --no --ar 1:1"
