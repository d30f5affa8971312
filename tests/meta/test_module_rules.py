"""Rules for every module that no linter of ours checks."""

from __future__ import annotations

import ast
from typing import Final

import pytest

from tests.meta.repository import CODE, PRODUCTION, ROOT, imported, modules, name, tree

_ENVIRONMENT: Final = frozenset({"environ", "environb", "getenv", "getenvb", "putenv"})
_MOCKS: Final = ("unittest", "mock", "pytest_mock", "asynctest")
_VAGUE_NAMES: Final = frozenset({"utils", "util", "helpers", "helper", "manager", "common", "misc"})


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in modules(*CODE)
        if not name(path).startswith("tests/") and tree(path).body and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_settings_are_read_in_one_place() -> None:
    elsewhere = [
        f"{name(path)}:{node.lineno}"
        for path in modules(*PRODUCTION)
        if not path.is_relative_to(ROOT / "bot" / "config")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in _ENVIRONMENT and ast.unparse(node.value) == "os"
    ]
    by_name = [
        name(path)
        for path in modules(*PRODUCTION)
        for target in imported(path)
        if target.startswith("os.") and target.removeprefix("os.") in _ENVIRONMENT
    ]
    assert elsewhere + by_name == []


def test_nothing_is_mocked() -> None:
    mocking = {name(path) for path in modules(*CODE) for target in imported(path) if target.split(".")[0] in _MOCKS}
    asking = {
        f"{name(path)}:{node.lineno}"
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.arg) and node.arg == "mocker"
    }
    assert mocking | asking == set()


def test_production_does_not_know_the_sandbox() -> None:
    knowing = {name(path) for path in modules(*PRODUCTION) for target in imported(path) if target.startswith("sandbox")}
    assert knowing == set()


def test_the_sandbox_shares_no_code_with_what_it_tests() -> None:
    sharing = [
        f"{name(path)} imports {target}"
        for path in modules("sandbox")
        for target in imported(path)
        if target.split(".")[0] in PRODUCTION
    ]
    assert sharing == []


def test_no_module_has_a_name_for_anything() -> None:
    assert [name(path) for path in modules(*CODE) if path.stem in _VAGUE_NAMES] == []


@pytest.mark.parametrize("package", PRODUCTION)
def test_the_rules_have_something_to_look_at(package: str) -> None:
    assert any(ast.get_docstring(tree(path)) and list(imported(path)) for path in modules(package))
