"""`.env.example` names every setting once, with its default, and works once the two required ones are filled in."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from dotenv import dotenv_values

from bot.config import Settings
from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE: Final = ROOT / ".env.example"
REQUIRED: Final = {"DISCORD_TOKEN": "a.discord.token", "COMETAPI_KEY": "sk-a-key"}


def test_it_names_every_setting_exactly_once_and_nothing_else() -> None:
    names = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(names) == sorted(Settings.names())


def test_every_setting_has_a_comment_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    bare = [line for above, line in pairwise(lines) if re.match("[A-Z]", line) and not re.match("# [A-Za-z]", above)]
    assert bare == []


def test_filled_in_it_says_nothing_but_the_defaults(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name, value in REQUIRED.items():
        text = text.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    filled = tmp_path / ".env"
    filled.write_text(text, encoding="utf-8")
    filled.chmod(0o600)
    assert Settings.load(filled, {}) == Settings.load(None, REQUIRED)


def test_what_has_a_default_shows_it() -> None:
    shown = dotenv_values(EXAMPLE, interpolate=False)
    empty = {name for name, value in shown.items() if not value}
    without_default = {
        str(field.alias) for field in Settings.model_fields.values() if field.is_required() or not field.default
    }
    assert empty == without_default


def test_it_holds_no_secret() -> None:
    shown = dotenv_values(EXAMPLE, interpolate=False)
    assert {shown[name] for name in REQUIRED} == {""}
