"""The repository as the tests in this folder look at it: its files, their text, their syntax trees."""

from __future__ import annotations

import ast
import gc
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
PRODUCTION: Final = ("bot", "cogs", "storage")
CODE: Final = (*PRODUCTION, "sandbox", "catalogues", "benchmarks", "tests")
_NOT_OURS: Final = frozenset({"__pycache__", "node_modules", "build", "data", "dist"})
_DOT_NAMES: Final = frozenset({".ci", ".github", ".gitignore", ".dockerignore", ".env.example"})


def files(folder: Path = ROOT) -> Iterator[Path]:
    """All files that belong to the repository: no caches, no virtual environments, nothing that a run leaves behind."""
    for path in sorted(folder.iterdir()):
        if path.name in _NOT_OURS or (path.name.startswith(".") and path.name not in _DOT_NAMES):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def modules(*packages: str) -> list[Path]:
    """The Python files below these folders."""
    return [path for package in packages for path in files(ROOT / package) if path.suffix == ".py"]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a module. Trees stay, so the collector would look through all of them again and again."""
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    finally:
        gc.freeze()
        gc.enable()


def imported(path: Path) -> Iterator[str]:
    """The full dotted names that a module imports, anywhere in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    """A path as a person writes it, from the root."""
    return path.relative_to(ROOT).as_posix()
