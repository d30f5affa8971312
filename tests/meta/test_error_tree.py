"""Every exception that is raised on purpose is in one tree, and the tree is drawn."""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from typing import Final

import pytest

import bot.errors
from bot.errors import EaselError
from tests.meta.repository import PRODUCTION, modules, name, tree

_BUILT_IN: Final = {
    key for key, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}
#: Errors that must be somebody else's kind, for they travel through that one's code; each with the reason.
_GUESTS: Final = {
    "AddressRefused": "raised inside aiohttp's resolver, which passes only OSError on",
}
ERRORS: Final = [
    error
    for _, error in inspect.getmembers(bot.errors, inspect.isclass)
    if issubclass(error, BaseException) and error.__module__ == bot.errors.__name__
]


def test_errors_that_leave_their_module_are_defined_in_one_place() -> None:
    ours = {error.__name__ for error in ERRORS}
    strays = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in modules(*PRODUCTION)
        if name(path) != "bot/errors.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name not in _GUESTS
        for base in node.bases
        if (last := ast.unparse(base).split("[")[0].split(".")[-1]) in _BUILT_IN | ours
        or last.endswith(("Error", "Exception", "Failure"))
    ]
    assert strays == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_in_the_tree_and_in_its_drawing(error: type[BaseException]) -> None:
    assert issubclass(error, EaselError)
    assert error.__doc__
    assert re.search(rf"\b{error.__name__}\b", bot.errors.__doc__ or "")


def test_the_drawing_names_no_error_that_does_not_exist() -> None:
    drawing = (bot.errors.__doc__ or "").split("::")[1].split("The docstring of a class")[0]
    names = re.findall(r"(?:├── |└── |· |^ {4})([A-Z]\w+)", drawing, re.MULTILINE)
    assert set(names) == {error.__name__ for error in ERRORS}
