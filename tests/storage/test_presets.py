from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.jobs.ports import PresetStore
from bot.model import KeptPreset, Preset, SharedPreset
from storage.stores.presets import SqlitePresetStore
from tests.builders import START, USER_ID

if TYPE_CHECKING:
    from storage.database import Database

SOMEBODY_ELSE = USER_ID + 1
SERVER, ANOTHER_SERVER = 400, 401
MOST = 3


def kept(name: str, text: str = "soft light", user_id: int = USER_ID) -> Preset:
    return Preset(user_id=user_id, name=name, text=text, created_at=START)


@pytest.fixture
def presets(database: Database) -> PresetStore:
    return SqlitePresetStore(database)


def test_the_store_has_every_method_of_its_port() -> None:
    assert {name for name in vars(PresetStore) if not name.startswith("_")} <= vars(SqlitePresetStore).keys()


async def test_a_preset_is_ones_own_and_the_last_text_counts(presets: PresetStore) -> None:
    assert await presets.put(kept("noir"), MOST)
    assert await presets.put(kept("noir", "hard light"), MOST)
    assert await presets.put(kept("noir", "mine", SOMEBODY_ELSE), MOST)
    assert await presets.get(USER_ID, "noir") == kept("noir", "hard light")
    assert await presets.get(SOMEBODY_ELSE, "noir") == kept("noir", "mine", SOMEBODY_ELSE)
    assert await presets.get(USER_ID, "other") is None


async def test_what_is_replaced_comes_back_and_whether_it_is_shared(presets: PresetStore) -> None:
    assert await presets.put(kept("noir"), MOST) == KeptPreset(preset=kept("noir"))
    await presets.put(kept("noir", user_id=SOMEBODY_ELSE), MOST)
    await presets.share(SERVER, SOMEBODY_ELSE, "noir", "Priya")
    hard = kept("noir", "hard light")
    assert await presets.put(hard, MOST) == KeptPreset(preset=hard, before=kept("noir"))
    await presets.share(SERVER, USER_ID, "noir", "Mateo")
    assert await presets.put(kept("noir"), MOST) == KeptPreset(preset=kept("noir"), before=hard, is_shared=True)


async def test_nobody_keeps_more_than_the_most_but_may_change_what_they_have(presets: PresetStore) -> None:
    for name in ("c", "a", "b"):
        assert await presets.put(kept(name), MOST)
    assert not await presets.put(kept("d"), MOST)
    assert await presets.put(kept("a", "changed"), MOST)
    assert await presets.put(kept("d", user_id=SOMEBODY_ELSE), MOST)
    assert [(preset.name, preset.text) for preset in await presets.of(USER_ID)] == [
        ("a", "changed"),
        ("b", "soft light"),
        ("c", "soft light"),
    ]


async def test_a_shared_preset_is_found_in_that_server_until_it_is_taken_back(presets: PresetStore) -> None:
    await presets.put(kept("noir"), MOST)
    assert await presets.share(SERVER, USER_ID, "noir", "Mateo")
    assert await presets.share(SERVER, USER_ID, "noir", "Mateo R.")
    assert not await presets.share(SERVER, USER_ID, "nothing", "Mateo")
    shown = SharedPreset(preset=kept("noir"), owner_name="Mateo R.")
    assert await presets.shared(SERVER, "", 10) == [shown]
    assert await presets.shared(SERVER, "oi", 10) == [shown]
    assert await presets.shared(SERVER, "%", 10) == []
    assert await presets.shared(ANOTHER_SERVER, "", 10) == []
    assert await presets.shared_as(SERVER, "noir", 10) == [shown]
    assert await presets.shared_as(SERVER, "noi", 10) == []
    assert await presets.unshare(SERVER, USER_ID, "noir")
    assert not await presets.unshare(SERVER, USER_ID, "noir")
    assert await presets.shared(SERVER, "", 10) == []


async def test_a_deleted_preset_is_shared_nowhere(presets: PresetStore) -> None:
    await presets.put(kept("noir"), MOST)
    await presets.share(SERVER, USER_ID, "noir", "Mateo")
    assert await presets.delete(USER_ID, "noir")
    assert not await presets.delete(USER_ID, "noir")
    await presets.put(kept("noir", "another"), MOST)
    assert await presets.shared(SERVER, "", 10) == []
