"""Links to the drawing page: who can make them, how long they work, and the key that signs them."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from bot.config.keys import HOOKS, LINKS, load_key
from bot.errors import StorageError
from bot.web.links import LIFETIME, Dead, LinkSigner
from tests.fakes import FakeClock
from tests.web.conftest import DRAFT, KEY

if TYPE_CHECKING:
    from pathlib import Path


def test_a_link_names_its_draft_for_half_an_hour() -> None:
    clock = FakeClock()
    signer = LinkSigner(KEY, clock)
    token = signer.sign(DRAFT)
    assert signer.read(token) == DRAFT
    clock.advance(LIFETIME.total_seconds())
    assert signer.read(token) == DRAFT
    clock.advance(1)
    assert signer.read(token) is Dead.EXPIRED


def test_a_link_of_another_key_or_another_purpose_is_forged() -> None:
    signer = LinkSigner(KEY, FakeClock())
    assert signer.read(LinkSigner(b"?" * 32, FakeClock()).sign(DRAFT)) is Dead.FORGED
    elsewhere = URLSafeTimedSerializer(KEY, salt="elsewhere").dumps(DRAFT)
    assert signer.read(str(elsewhere)) is Dead.FORGED


def test_changing_any_character_forges_it() -> None:
    signer = LinkSigner(KEY, FakeClock())
    token = signer.sign(DRAFT)
    for at in range(len(token) - 1):  # the last one holds bits that mean nothing
        other = "A" if token[at] != "A" else "B"
        assert signer.read(token[:at] + other + token[at + 1 :]) is Dead.FORGED


@given(st.text(max_size=300))
def test_whatever_somebody_types_is_forged(text: str) -> None:
    assert LinkSigner(KEY, FakeClock()).read(text) is Dead.FORGED


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = load_key(tmp_path, LINKS)
    path = tmp_path / "web.key"
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert load_key(tmp_path, LINKS) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["web.key"]


def test_whoever_asks_at_the_same_moment_gets_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(load_key, [tmp_path] * 32, [HOOKS] * 32))) == 1


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert load_key(tmp_path / "one", LINKS) != load_key(tmp_path / "two", LINKS)


def test_a_file_that_is_no_key_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "web.key").write_bytes(b"short")
    (tmp_path / ".web.key.part").write_bytes(b"left behind by a kill")
    key = load_key(tmp_path, LINKS)
    assert len(key) == 32
    assert load_key(tmp_path, LINKS) == key


def test_a_key_behind_a_link_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(KEY)
    (tmp_path / "web.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="The key in web") as caught:
        load_key(tmp_path, LINKS)
    assert "web.key" in caught.value.explanation
