from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import ActionUnavailable, PresetUnknown, PromptInvalid
from bot.jobs.presets import MOST_PRESETS, preset_value

if TYPE_CHECKING:
    from bot.jobs.presets import Presets
    from tests.jobs.conftest import House

ME, YOU, THEY = 1, 2, 3
HERE, ELSEWHERE = 400, 401


@pytest.fixture
def presets(house: House) -> Presets:
    return house.engine.services.presets


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Noir", "noir"),
        (" soft-light_2 ", "soft-light_2"),
        ("\uff2e\uff2f\uff29\uff32", "noir"),
        ("水彩", "水彩"),
        ("चित्र", "चित्र"),
        ("ภาพสี", "ภาพสี".replace("\u0e33", "\u0e4d\u0e32")),
        ("x" * 32, "x" * 32),
    ],
)
async def test_a_name_is_in_any_script_and_any_case(presets: Presets, typed: str, name: str) -> None:
    assert (await presets.put(ME, typed, "soft light")).name == name
    assert (await presets.own(ME, typed.upper())).text == "soft light"


@pytest.mark.parametrize("typed", ["", "  ", "film noir", "a:b", "a/b", "`a`", "🦊", "x" * 33, "@everyone", "a\nb"])
async def test_what_is_no_name_is_refused_with_what_one_is(presets: Presets, typed: str) -> None:
    with pytest.raises(ActionUnavailable, match="letters, digits, dashes and underscores"):
        await presets.put(ME, typed, "soft light")
    assert (await presets.usable(ME, HERE)).own == ()


async def test_a_text_is_checked_before_it_is_kept(presets: Presets) -> None:
    with pytest.raises(PromptInvalid, match="Did you mean"):
        await presets.put(ME, "noir", "soft light --stylise 40")
    assert (await presets.put(ME, "noir", "soft  light —s 40")).text == "soft light --stylize 40"


async def test_there_is_a_most_and_it_is_said(presets: Presets) -> None:
    for number in range(MOST_PRESETS):
        await presets.put(ME, f"n{number}", "soft light")
    with pytest.raises(ActionUnavailable, match=f"You have {MOST_PRESETS} presets, and that is the most"):
        await presets.put(ME, "another", "soft light")
    await presets.put(ME, "n0", "changed")
    assert len((await presets.usable(ME, HERE)).own) == MOST_PRESETS


async def test_others_find_a_preset_where_it_is_shared_and_nowhere_else(presets: Presets) -> None:
    mine = await presets.put(ME, "noir", "soft light")
    for wanted in ("noir", preset_value(mine)):
        with pytest.raises(PresetUnknown, match="/preset list"):
            await presets.find(YOU, HERE, wanted)
    await presets.share(ME, HERE, "NOIR", "Mateo")
    for wanted in ("Noir", preset_value(mine)):
        assert await presets.find(YOU, HERE, wanted) == mine
        for place in (ELSEWHERE, None):
            with pytest.raises(PresetUnknown):
                await presets.find(YOU, place, wanted)
        assert await presets.find(ME, None, wanted) == mine
    await presets.unshare(ME, HERE, "noir")
    with pytest.raises(PresetUnknown):
        await presets.find(YOU, HERE, preset_value(mine))


async def test_ones_own_comes_first_and_of_several_shared_ones_none(presets: Presets) -> None:
    mine, yours = await presets.put(ME, "noir", "mine"), await presets.put(YOU, "noir", "yours")
    for owner, name in ((ME, "Mateo"), (YOU, "Priya")):
        await presets.share(owner, HERE, "noir", name)
    assert await presets.find(YOU, HERE, "noir") == yours
    assert await presets.find(YOU, HERE, preset_value(mine)) == mine
    assert await presets.find(THEY, HERE, preset_value(yours)) == yours
    with pytest.raises(PresetUnknown, match="Several people share"):
        await presets.find(THEY, HERE, "noir")


async def test_what_can_be_used_in_a_place(presets: Presets) -> None:
    await presets.put(ME, "noir", "mine")
    await presets.put(ME, "pastel", "mine")
    await presets.put(YOU, "neon", "yours")
    await presets.share(ME, HERE, "noir", "Mateo")
    await presets.share(YOU, HERE, "neon", "Priya")
    usable = await presets.usable(ME, HERE)
    assert [preset.name for preset in usable.own] == ["noir", "pastel"]
    assert [(each.preset.name, each.owner_name) for each in usable.shared] == [("neon", "Priya")]
    assert usable.shared_names == {"noir"}
    assert [preset.name for preset in (await presets.usable(ME, HERE, "OIR")).own] == ["noir"]
    assert (await presets.usable(ME, None)).shared == ()


async def test_nothing_is_shared_or_forgotten_that_is_not_ones_own(presets: Presets) -> None:
    await presets.put(ME, "noir", "mine")
    await presets.share(ME, HERE, "noir", "Mateo")
    for deed in (
        presets.delete(YOU, "noir"),
        presets.unshare(YOU, HERE, "noir"),
        presets.share(YOU, HERE, "noir", "P"),
    ):
        with pytest.raises(PresetUnknown):
            await deed
    for deed in (presets.share(ME, None, "noir", "Mateo"), presets.unshare(ME, None, "noir")):
        with pytest.raises(ActionUnavailable, match="Use this command in one"):
            await deed
    assert (await presets.find(YOU, HERE, "noir")).text == "mine"
    assert (await presets.delete(ME, "noir")).text == "mine"
    with pytest.raises(PresetUnknown):
        await presets.find(YOU, HERE, "noir")
