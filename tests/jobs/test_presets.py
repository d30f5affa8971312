from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import ActionUnavailable, NotPermitted, PresetUnknown, PromptInvalid
from bot.jobs.people.presets import MOST_PRESETS, preset_value

if TYPE_CHECKING:
    from bot.jobs.people.presets import Presets
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
    assert (await presets.put(ME, typed, "soft light")).preset.name == name
    assert (await presets.own(ME, HERE, typed.upper())).text == "soft light"


@pytest.mark.parametrize("typed", ["", "  ", "film noir", "a:b", "a/b", "`a`", "🦊", "x" * 33, "@everyone", "a\nb"])
async def test_what_is_no_name_is_refused_with_what_one_is(presets: Presets, typed: str) -> None:
    with pytest.raises(ActionUnavailable, match="letters, digits, dashes and underscores"):
        await presets.put(ME, typed, "soft light")
    assert (await presets.usable(ME, HERE)).own == ()


async def test_a_text_is_checked_before_it_is_kept(presets: Presets) -> None:
    with pytest.raises(PromptInvalid, match="Did you mean"):
        await presets.put(ME, "noir", "soft light --stylise 40")
    assert (await presets.put(ME, "noir", "soft  light —s 40")).preset.text == "soft light --stylize 40"


async def test_there_is_a_most_and_it_is_said(presets: Presets) -> None:
    for number in range(MOST_PRESETS):
        await presets.put(ME, f"n{number}", "soft light")
    with pytest.raises(ActionUnavailable, match=f"You have {MOST_PRESETS} presets, and that is the most"):
        await presets.put(ME, "another", "soft light")
    await presets.put(ME, "n0", "changed")
    assert len((await presets.usable(ME, HERE)).own) == MOST_PRESETS


async def test_others_find_a_preset_where_it_is_shared_and_nowhere_else(presets: Presets) -> None:
    mine = (await presets.put(ME, "noir", "soft light")).preset
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
    mine, yours = [(await presets.put(owner, "noir", f"of {owner}")).preset for owner in (ME, YOU)]
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
        presets.delete(YOU, HERE, "noir"),
        presets.unshare(YOU, HERE, "noir"),
        presets.unshare(YOU, HERE, f"{ME}:noir"),
        presets.share(YOU, HERE, "noir", "P"),
    ):
        with pytest.raises(NotPermitted, match=f"`noir` is shared here by <@{ME}>"):
            await deed
    for deed in (
        presets.delete(YOU, ELSEWHERE, "noir"),
        presets.delete(YOU, None, "noir"),
        presets.unshare(YOU, ELSEWHERE, "noir", may_manage=True),
        presets.unshare(YOU, ELSEWHERE, f"{ME}:noir", may_manage=True),
        presets.share(YOU, ELSEWHERE, "noir", "P"),
    ):
        with pytest.raises(PresetUnknown):
            await deed
    for deed in (presets.share(ME, None, "noir", "Mateo"), presets.unshare(ME, None, "noir")):
        with pytest.raises(ActionUnavailable, match="Use this command in one"):
            await deed
    assert (await presets.find(YOU, HERE, "noir")).text == "mine"
    assert (await presets.delete(ME, HERE, "noir")).text == "mine"
    with pytest.raises(PresetUnknown):
        await presets.find(YOU, HERE, "noir")


async def test_what_is_replaced_comes_back_and_whether_others_use_it(presets: Presets) -> None:
    first = await presets.put(ME, "noir", "soft light")
    assert (first.before, first.is_shared) == (None, False)
    second = await presets.put(ME, "NOIR", "hard light")
    assert second.before is not None
    assert (second.before.text, second.preset.text, second.is_shared) == ("soft light", "hard light", False)
    await presets.share(ME, HERE, "noir", "Mateo")
    assert (await presets.put(ME, "noir", "no light")).is_shared
    await presets.unshare(ME, HERE, "noir")
    assert not (await presets.put(ME, "noir", "light")).is_shared


async def test_who_manages_a_server_takes_out_what_others_share_there_and_they_keep_it(presets: Presets) -> None:
    mine = (await presets.put(ME, "noir", "soft light")).preset
    for place in (HERE, ELSEWHERE):
        await presets.share(ME, place, "noir", "Mateo")
    assert await presets.unshare(YOU, HERE, "Noir", may_manage=True) == mine
    with pytest.raises(PresetUnknown):
        await presets.find(YOU, HERE, "noir")
    assert await presets.find(YOU, ELSEWHERE, "noir") == mine
    assert await presets.own(ME, HERE, "noir") == mine


async def test_of_several_of_a_name_the_one_that_was_picked_is_taken_out(presets: Presets) -> None:
    mine, yours = [(await presets.put(owner, "noir", f"of {owner}")).preset for owner in (ME, YOU)]
    for owner in (ME, YOU):
        await presets.share(owner, HERE, "noir", "Somebody")
    with pytest.raises(PresetUnknown, match="Pick one of the suggestions"):
        await presets.unshare(THEY, HERE, "noir", may_manage=True)
    with pytest.raises(NotPermitted, match=f"<@{ME}> and <@{YOU}>"):
        await presets.unshare(THEY, HERE, "noir")
    assert await presets.unshare(THEY, HERE, preset_value(mine), may_manage=True) == mine
    assert await presets.find(THEY, HERE, "noir") == yours


async def test_who_manages_takes_back_their_own_first_and_what_others_share_only_after_that(presets: Presets) -> None:
    mine, yours = [(await presets.put(owner, "noir", f"of {owner}")).preset for owner in (ME, YOU)]
    for owner in (ME, YOU):
        await presets.share(owner, HERE, "noir", "Somebody")
    assert [await presets.unshare(ME, HERE, "noir", may_manage=True) for _ in range(3)] == [mine, yours, mine]
    assert await presets.unshare(YOU, HERE, "noir") == yours


async def test_a_refusal_names_a_few_of_many_who_share_the_same_name(presets: Presets) -> None:
    for owner in range(10, 90):
        await presets.put(owner, "noir", "soft light")
        await presets.share(owner, HERE, "noir", "Somebody")
    with pytest.raises(NotPermitted) as caught:
        await presets.delete(ME, HERE, "noir")
    assert caught.value.reply.count("<@") == 5
