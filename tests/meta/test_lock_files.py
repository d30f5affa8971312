"""The lock files: every requirement pinned and with hashes, from no particular address, and none missing."""

from __future__ import annotations

import re
import tomllib
from typing import Final

import pytest

from tests.meta.repository import ROOT

LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
_PIN: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>[^\s;\\]+)( ; [^\\]+?)? \\$")


def read(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def requirements(lock: str) -> dict[str, str]:
    """Each requirement with all that stands below it."""
    text = "\n".join(line for line in read(lock).splitlines() if not line.lstrip().startswith("#"))
    return {block.splitlines()[0]: block for block in re.split(r"\n(?=\S)", text) if block.strip()}


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().translate(str.maketrans("_.", "--"))


def pins(lock: str) -> dict[str, str]:
    return {match["name"]: match["version"] for first in requirements(lock) if (match := _PIN.match(first))}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    assert len(requirements(lock)) > 10
    for first, block in requirements(lock).items():
        assert _PIN.match(first), first
        hashes = re.findall(r"--hash=(\S+)", block)
        assert hashes, first
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), first


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_is_named(lock: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links| @ ", read(lock))


def test_what_the_project_needs_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {plain(requirement) for requirement in project["project"]["dependencies"]}
    wanted = {plain(requirement) for requirement in project["dependency-groups"]["dev"]}
    locked = {lock: {plain(first) for first in requirements(lock)} for lock in LOCKS}
    assert needed - locked["requirements.lock"] == set()
    assert (needed | wanted) - locked["requirements-dev.lock"] == set()
    assert locked["requirements.lock"] - locked["requirements-dev.lock"] == set()


def test_both_locks_pin_the_same_versions() -> None:
    production, development = map(pins, LOCKS)
    assert {name: development.get(name) for name in production} == production
