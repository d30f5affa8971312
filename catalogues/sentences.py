"""Finds the sentences that the code says, and those that it says wrongly.

It reads the syntax tree: Babel's own extractor reads tokens, loses a `say` that stands inside another call's arguments
and glues the two halves of `say("a" if x else "b")` together. Imports only `catalogues.entries`.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from catalogues.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: How many of the first arguments of these calls are messages (`bot.language`).
_SAYING: Final = {"say": 1, "mark": 1, "say_many": 2}
#: What looks like words for a person: several, or one that could stand on a button.
_WORDS: Final = re.compile(r"[A-Z][a-z']{2,}[.!?…]?|[A-Z][a-z']* .*[a-z].*", re.DOTALL)
#: Calls whose texts are not for the person who is served: the log's, the commands' own (`catalogues.commands`), types.
_NOT_SAYING: Final = frozenset(
    [
        *("debug", "info", "warning", "error", "critical", "exception", "getLogger"),
        *("command", "context_menu", "describe", "rename", "Choice", "Group", "priced", "verbatim"),
        *("cast", "TypeVar", "ParamSpec", "NewType", "compile"),
        *("ValueError", "TypeError", "LookupError", "RuntimeError", "AssertionError"),
    ]
)
#: Whose code speaks to people, from the root of the repository.
_SPEAKING: Final = ("bot", "cogs")


def modules(root: Path) -> list[Path]:
    """Return the modules that speak to people, in the order of their names."""
    return sorted(path for folder in _SPEAKING for path in (root / folder).rglob("*.py"))


def sentences(root: Path) -> Iterator[Entry]:
    """Find what all modules say."""
    for path in modules(root):
        yield from sentences_in(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())


def sentences_in(source: str, file: str) -> Iterator[Entry]:
    """Find what a module says, from top to bottom."""
    for call, count in _calls(_parsed(source)):
        words = [text for argument in call.args[:count] if (text := _literal(argument))]
        if len(words) == count:
            yield Entry(one=words[0], many=words[1] if count > 1 else "", files=(file,))


def misspoken(source: str, file: str) -> list[str]:
    """Name the places where a module says something that no catalogue can have.

    That is a message composed on the spot, and a constant of the module that was not marked.
    """
    module = _parsed(source)
    constants = _constants(module)
    found: list[str] = []
    for call, count in _calls(module):
        if _name(call) == "say":
            reason = _wrongly_said(call.args[0], constants) if call.args else "says nothing"
        else:
            reason = "" if all(map(_literal, call.args[:count])) else "takes literals only"
        if reason:
            found.append(f"{file}:{call.lineno}: {_name(call)} {reason}")
    return found


def unsaid(source: str) -> Iterator[tuple[int, str]]:
    """Find what looks as if a person would read it and is not said: the line and the words."""
    module = _parsed(source)
    passed = {inner for node in ast.walk(module) for outer in _not_for_people(node) for inner in ast.walk(outer)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and node not in passed and _WORDS.fullmatch(_literal(node) or ""):
            yield node.lineno, _literal(node) or ""


def _not_for_people(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that no person reads, or that are said: docstrings, annotations, some calls."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return [node]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _SAYING or name in _NOT_SAYING:
            return [node]
        case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
            aliased = isinstance(annotation, ast.Name) and annotation.id == "TypeAlias"
            return [node] if aliased else [annotation]
        case _:
            return []


@cache
def _parsed(source: str) -> ast.Module:
    return ast.parse(source)


def _calls(module: ast.Module) -> Iterator[tuple[ast.Call, int]]:
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and _name(node) in _SAYING]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        yield call, _SAYING[_name(call)]


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _wrongly_said(message: ast.expr, constants: Mapping[str, ast.expr]) -> str:
    """Say what is wrong with the message of a `say`; nothing if it is right."""
    if _literal(message) is not None:
        return ""
    if any(_unmarked(message)):
        return "takes a literal or what was marked"
    name = _constant(message)
    return f"says {name}, which is not marked" if name in constants and any(_unmarked(constants[name])) else ""


def _unmarked(node: ast.expr) -> Iterator[ast.expr]:
    """Find the texts that a value may turn out to be and that are not marked."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr() | ast.BinOp():
            yield node
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_unmarked(body), *_unmarked(orelse))
        case ast.BoolOp(values=values) | ast.Dict(values=values) | ast.Tuple(elts=values) | ast.List(elts=values):
            for value in values:
                yield from _unmarked(value)
        case _:
            return


def _constants(module: ast.Module) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in module.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = value
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case _:
                continue
    return found


def _constant(message: ast.expr) -> str:
    """Return the name of the constant that is said itself, or one of whose values is."""
    match message:
        case (
            ast.Name(id=name)
            | ast.Subscript(value=ast.Name(id=name))
            | ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"))
        ):
            return name
        case _:
            return ""
