"""Small rooms (style 5): functions and files below their hard limits; the ten nearest are printed (`pytest -rP`)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.meta.repository import CODE, modules, name, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTION_LINES: Final = 60
FILE_LINES: Final = 400
TEST_FILE_LINES: Final = 500


class Size(NamedTuple):
    share: float
    lines: int
    what: str


def functions(path: Path) -> Iterator[Size]:
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Size(lines / FUNCTION_LINES, lines, f"{name(path)}:{node.lineno} {node.name}")


def file_size(path: Path) -> Size:
    limit = TEST_FILE_LINES if name(path).startswith("tests/") else FILE_LINES
    lines = len(path.read_text(encoding="utf-8").splitlines())
    return Size(lines / limit, lines, name(path))


def check(sizes: list[Size]) -> None:
    nearest = sorted(sizes, reverse=True)[:10]
    print("\n".join(f"{size.share:5.0%} {size.lines:5} lines  {size.what}" for size in nearest))  # noqa: T201 - the report
    assert nearest, "nothing was measured"
    assert [f"{size.what}: {size.lines} lines" for size in sizes if size.share > 1] == []


def test_no_function_is_longer_than_its_limit() -> None:
    check([size for path in modules(*CODE) for size in functions(path)])


def test_no_file_is_longer_than_its_limit() -> None:
    check([file_size(path) for path in modules(*CODE)])


def test_the_measure_counts_what_it_says() -> None:
    module = Path(__file__)
    sizes = {size.what.rsplit(" ", 1)[-1]: size.lines for size in functions(module)}
    assert sizes["file_size"] == 4
    assert file_size(module).lines == len(module.read_text(encoding="utf-8").splitlines())
